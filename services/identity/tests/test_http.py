"""Identity over HTTP: who may, what is refused, what is answered."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from identity.adapters.tables import login_failures, sessions, users
from identity.main import IdentitySettings, build_app
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import idempotency_keys
from testkit.service import ServiceClient, serving

ROLES = ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN")
SOMEBODY = "01890000-0000-7000-8000-000000000001"
Json = dict[str, Any]

FOR_EVERYONE = [
    ("GET", "/api/me"),
    ("PATCH", "/api/me"),
    ("POST", "/api/me/password"),
    ("GET", "/api/sessions"),
    ("DELETE", "/api/sessions/{session_id}"),
]
FOR_ADMINS = [
    ("GET", "/api/users"),
    ("POST", "/api/users"),
    ("GET", "/api/users/{user_id}"),
    ("PATCH", "/api/users/{user_id}"),
]
FOR_ANYONE = [
    ("POST", "/api/login"),
    ("POST", "/api/token/refresh"),
    ("POST", "/api/logout"),
    ("GET", "/.well-known/jwks.json"),
    ("POST", "/internal/service-token"),
    ("GET", "/health"),
    ("GET", "/health/ready"),
]
FOR_SERVICES = [("GET", "/internal/events")]

EVA: Json = {
    "email": "Eva@clinica.es",
    "name": "Eva Muñoz",
    "roles": ["ROLE_PRACTITIONER"],
    "locale": "en",
    "practitioner": True,
    "colour": "#1D4ED8",
    "password": "una clave larga",
}


def concrete(path: str) -> str:
    return path.replace("{user_id}", SOMEBODY).replace("{session_id}", SOMEBODY)


def expect_problem(answer: httpx.Response, status: int, code: str) -> Json:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: Json = answer.json()
    assert problem["type"] == f"/problems/{code}"
    return problem


def expect_violation(answer: httpx.Response, path: str, code: str) -> None:
    violations = expect_problem(answer, 422, "invalid")["violations"]
    assert [(v["propertyPath"], v["code"]) for v in violations] == [(path, code)]


def test_every_route_is_in_one_of_these_tables(settings: IdentitySettings) -> None:
    app = build_app(settings)
    served = {(m.upper(), p) for p, methods in app.openapi()["paths"].items() for m in methods}
    hidden = {("POST", "/internal/service-token"), ("GET", "/health"), ("GET", "/health/ready")} | {
        *FOR_SERVICES
    }
    assert served | hidden == {*FOR_ANYONE, *FOR_EVERYONE, *FOR_ADMINS, *FOR_SERVICES}


async def test_without_a_token_nothing_is_answered(door: Any) -> None:
    nobody = await door.nobody()
    for method, path in (*FOR_EVERYONE, *FOR_ADMINS, *FOR_SERVICES):
        answer = await nobody.request(method, concrete(path))
        expect_problem(answer, 401, "not-authenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_may_what_the_table_says(door: Any, role: str) -> None:
    somebody = await door.as_(role)
    for method, path in FOR_EVERYONE:
        assert (await somebody.request(method, concrete(path))).status_code not in (401, 403), path
    for method, path in FOR_ADMINS:
        answer = await somebody.request(method, concrete(path))
        assert (answer.status_code == 403) == (role != "ROLE_ADMIN"), (path, answer.text)
    for method, path in FOR_SERVICES:
        expect_problem(await somebody.request(method, path), 401, "not-authenticated")


async def test_a_token_signed_by_another_key_is_none(service: ServiceClient) -> None:
    async with service.as_("ROLE_ADMIN") as forger:
        expect_problem(await forger.get("/api/me"), 401, "not-authenticated")


async def test_a_login_answers_a_token_with_all_it_has_to_say(door: Any, people: Any) -> None:
    ana = await people.employ("ROLE_USER", "ROLE_ADMIN", email="Ana@clinica.es", name="Ana Núñez")
    client = await door.nobody()
    answer = await client.post("/api/login", json={"email": "ANA@CLINICA.ES", "password": people.password})
    assert answer.status_code == 200
    assert answer.json().keys() == {"token", "expiresIn"}
    assert answer.headers["cache-control"] == "no-store"
    published = (await client.get("/.well-known/jwks.json")).json()["keys"]
    token = answer.json()["token"]
    key = jwt.PyJWK(published[0])
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "kid": published[0]["kid"], "typ": "JWT"}
    claims = jwt.decode(token, key, algorithms=["RS256"], audience="clinic-api", issuer="clinic")
    assert claims.pop("exp") - claims.pop("iat") == answer.json()["expiresIn"] == 900
    assert claims.keys() == {"iss", "aud", "sub", "name", "roles", "practitioner", "nbf", "jti", "sid"}
    assert (claims["sub"], claims["name"], claims["practitioner"]) == (str(ana.id), "Ana Núñez", True)
    assert claims["roles"] == ["ROLE_ADMIN", "ROLE_USER"]
    me = await client.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert me.headers["etag"] == '"1"'
    assert me.json() == {
        "id": str(ana.id),
        "email": "Ana@clinica.es",
        "name": "Ana Núñez",
        "roles": ["ROLE_ADMIN", "ROLE_USER"],
        "status": "active",
        "locale": "es",
        "practitioner": True,
        "colour": "#0f766e",
        "version": 1,
        "createdAt": me.json()["createdAt"],
        "updatedAt": me.json()["updatedAt"],
    }


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(door: Any, people: Any) -> None:
    ana = await people.employ()
    client = await door.nobody()
    credentials = {"email": ana.email, "password": people.password}
    plain = (await client.post("/api/login", json=credentials)).headers["set-cookie"]
    assert plain.split("=")[0] == "clinic_refresh"
    assert {"HttpOnly", "SameSite=strict", "Path=/api", "Max-Age=2419200"} <= set(plain.split("; "))
    assert "Secure" not in plain
    by_tls = await client.post("/api/login", json=credentials, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in by_tls.headers["set-cookie"]


async def test_wrong_unknown_and_disabled_are_told_the_same(door: Any, people: Any) -> None:
    ana, gone = await people.employ(), await people.employ(status="disabled")
    client = await door.nobody()
    answers = [
        await client.post("/api/login", json={"email": email, "password": password})
        for email, password in (
            (ana.email, "not the password"),
            ("nobody@clinica.es", people.password),
            (gone.email, people.password),
        )
    ]
    for answer in answers:
        assert expect_problem(answer, 401, "invalid-credentials")["detail"] == "Invalid credentials."
        assert "set-cookie" not in answer.headers
    assert len({answer.content for answer in answers}) == 1


async def test_the_sixth_attempt_is_told_when_to_come_back(
    door: Any, people: Any, database: Database
) -> None:
    ana = await people.employ()
    client = await door.nobody()
    wrong = {"email": ana.email, "password": "not the password"}
    right = {"email": ana.email.upper(), "password": people.password}
    for _ in range(5):
        expect_problem(await client.post("/api/login", json=wrong), 401, "invalid-credentials")
    answer = await client.post("/api/login", json=right)
    assert expect_problem(answer, 429, "too-many-attempts")["detail"].endswith("Try again in 15 min.")
    assert 890 <= int(answer.headers["retry-after"]) <= 900
    elsewhere = await client.post("/api/login", json=right, headers={"X-Forwarded-For": "10.1.2.3"})
    assert elsewhere.status_code == 200
    async with database.writing() as connection:
        a_quarter_ago = datetime.now(UTC) - timedelta(minutes=15)
        await connection.execute(update(login_failures).values(last_at=a_quarter_ago))
        await connection.commit()
    assert (await client.post("/api/login", json=right)).status_code == 200
    async with database.reading() as connection:
        assert (await connection.execute(select(login_failures))).all() == []


async def test_a_weak_hash_is_made_anew_at_sign_in(door: Any, people: Any, database: Database) -> None:
    ana = await people.employ()
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(people.password)
    async with database.writing() as connection:
        await connection.execute(update(users).values(password_hash=weak))
        await connection.commit()
    await door.enter(ana)
    async with database.reading() as connection:
        kept = (await connection.execute(select(users.c.password_hash))).scalar_one()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    await door.enter(ana)


async def test_a_browser_stays_signed_in_by_its_cookie_alone(door: Any, people: Any) -> None:
    client = await door.enter(await people.employ())
    del client.headers["Authorization"]
    before = client.cookies["clinic_refresh"]
    answer = await client.post("/api/token/refresh")
    assert answer.status_code == 200
    assert client.cookies["clinic_refresh"] != before
    me = await client.get("/api/me", headers={"Authorization": f"Bearer {answer.json()['token']}"})
    assert me.status_code == 200
    assert (await client.post("/api/logout")).status_code == 204
    assert "clinic_refresh" not in client.cookies
    expect_problem(await client.post("/api/token/refresh"), 401, "not-authenticated")
    client.cookies.set("clinic_refresh", before, path="/api")
    expect_problem(await client.post("/api/token/refresh"), 401, "not-authenticated")
    assert (await client.post("/api/logout")).status_code == 204


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, "a b", "%00"])
async def test_a_cookie_of_another_kind_is_no_session(door: Any, cookie: str) -> None:
    nobody = await door.nobody()
    headers = {"Cookie": f"clinic_refresh={cookie}"}
    expect_problem(await nobody.post("/api/token/refresh", headers=headers), 401, "not-authenticated")
    assert (await nobody.post("/api/logout", headers=headers)).status_code == 204


async def test_other_sites_cannot_use_the_cookie(door: Any, people: Any) -> None:
    client = await door.enter(await people.employ())
    for path in ("/api/token/refresh", "/api/logout"):
        for origin in ("https://evil.example", "null", "http://service:8080", "http://service.evil.example"):
            expect_problem(await client.post(path, headers={"Origin": origin}), 403, "not-allowed")
    assert (await client.post("/api/token/refresh", headers={"Origin": "http://service"})).status_code == 200
    assert (await client.post("/api/logout", headers={"Origin": "http://service"})).status_code == 204


async def test_a_token_outlives_neither_its_session_nor_its_user_here(door: Any, people: Any) -> None:
    boss = await people.employ("ROLE_ADMIN")
    admin, other = await door.enter(await people.employ("ROLE_ADMIN")), await door.enter(boss)
    dismissed = await admin.patch(f"/api/users/{boss.id}", json={"roles": ["ROLE_USER"]})
    assert dismissed.status_code == 200
    expect_problem(await other.get("/api/users"), 403, "not-allowed")
    assert (await other.get("/api/me")).status_code == 200
    await admin.patch(f"/api/users/{boss.id}", json={"status": "disabled"})
    expect_problem(await other.get("/api/me"), 401, "not-authenticated")
    await admin.post("/api/logout")
    expect_problem(await admin.get("/api/me"), 401, "not-authenticated")


async def test_people_see_and_end_their_own_sessions(door: Any, people: Any) -> None:
    ana = await people.employ()
    phone, desk, stranger = await door.enter(ana), await door.enter(ana), await door.as_("ROLE_ADMIN")
    listed = (await desk.get("/api/sessions")).json()
    assert listed["totalItems"] == 2
    assert [session["current"] for session in listed["member"]].count(True) == 1
    theirs = next(session for session in listed["member"] if not session["current"])
    assert theirs.keys() == {"id", "ip", "userAgent", "createdAt", "renewedAt", "expiresAt", "current"}
    path = f"/api/sessions/{theirs['id']}"
    expect_problem(await stranger.delete(path), 404, "session-not-found")
    assert (await desk.delete(path)).status_code == 204
    expect_problem(await phone.post("/api/token/refresh"), 401, "not-authenticated")
    assert (await desk.get("/api/sessions")).json()["totalItems"] == 1


async def test_everybody_chooses_their_language_and_name_but_not_their_roles(door: Any) -> None:
    client = await door.as_("ROLE_USER")
    changed = await client.patch("/api/me", json={"locale": "en"}, headers={"If-Match": '"1"'})
    assert (changed.json()["locale"], changed.headers["etag"]) == ("en", '"2"')
    assert (await client.patch("/api/me", json={"name": "Ana Ruiz"})).json()["name"] == "Ana Ruiz"
    stale = await client.patch("/api/me", json={"locale": "es"}, headers={"If-Match": '"1"'})
    expect_problem(stale, 412, "stale")
    expect_violation(await client.patch("/api/me", json={"roles": ["ROLE_ADMIN"]}), "roles", "unknown-field")


async def test_a_new_password_takes_the_place_of_the_old_one(door: Any, people: Any) -> None:
    ana = await people.employ()
    here, there = await door.enter(ana), await door.enter(ana)
    change = {"currentPassword": people.password, "newPassword": "otra clave larga"}
    wrong = await here.post("/api/me/password", json=change | {"currentPassword": "not mine, this"})
    expect_violation(wrong, "currentPassword", "wrong-password")
    short = await here.post("/api/me/password", json=change | {"newPassword": "corta"})
    expect_violation(short, "newPassword", "too-short")
    assert (await here.post("/api/me/password", json=change)).status_code == 204
    assert (await here.post("/api/token/refresh")).status_code == 200
    expect_problem(await there.post("/api/token/refresh"), 401, "not-authenticated")
    login = {"email": ana.email, "password": people.password}
    expect_problem(await here.post("/api/login", json=login), 401, "invalid-credentials")
    assert (await here.post("/api/login", json=login | {"password": "otra clave larga"})).status_code == 200


async def test_a_stolen_token_does_not_let_anybody_guess_the_password(door: Any) -> None:
    client = await door.as_("ROLE_USER")
    guess = {"currentPassword": "is it this one?", "newPassword": "mine from now on"}
    for _ in range(5):
        assert (await client.post("/api/me/password", json=guess)).status_code == 422
    expect_problem(await client.post("/api/me/password", json=guess), 429, "too-many-attempts")


async def test_an_admin_lets_people_in(door: Any, database: Database) -> None:
    admin = await door.as_("ROLE_ADMIN")
    made = await admin.post("/api/users", json=EVA)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    assert made.json() | EVA == made.json() | EVA | {"status": "active"}
    assert "password" not in made.text.lower()
    assert (made.json()["email"], made.json()["colour"]) == ("Eva@clinica.es", "#1d4ed8")
    assert (await admin.get(made.headers["location"])).json() == made.json()
    login = {"email": "eva@clinica.es", "password": EVA["password"]}
    assert (await (await door.nobody()).post("/api/login", json=login)).status_code == 200
    twin = await admin.post("/api/users", json=EVA | {"email": "EVA@clinica.es"})
    expect_problem(twin, 409, "email-taken")
    least = {"email": "x@clinica.es", "name": "X", "roles": ["ROLE_USER"], "password": "una clave larga"}
    plain = (await admin.post("/api/users", json=least)).json()
    assert (plain["locale"], plain["practitioner"], plain["colour"]) == ("es", False, "#b45309")


async def test_the_same_key_answers_the_same_and_keeps_nothing_to_guess_the_password_from(
    door: Any, database: Database
) -> None:
    admin = await door.as_("ROLE_ADMIN")
    key = {"Idempotency-Key": "a-key"}
    first = await admin.post("/api/users", json=EVA, headers=key)
    again = await admin.post("/api/users", json=EVA, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    other = await admin.post("/api/users", json=EVA | {"name": "Otra"}, headers=key)
    expect_problem(other, 422, "idempotency-key-reused")
    async with database.reading() as connection:
        kept = (await connection.execute(select(idempotency_keys.c.fingerprint))).scalar_one()
    body = first.request.content
    assert kept != sha256(b"\0".join((b"POST", b"/api/users", body))).hexdigest()


async def test_users_are_found_by_name_and_email_without_accents(door: Any) -> None:
    admin = await door.as_("ROLE_ADMIN")
    for email, name in (("eva@clinica.es", "Eva Muñoz"), ("oscar@otra.es", "Óscar Peña")):
        assert (await admin.post("/api/users", json=EVA | {"email": email, "name": name})).status_code == 201
    for search, expected in (
        ("munoz", ["Eva Muñoz"]),
        ("PENA otra", ["Óscar Peña"]),
        ("", ["Begoña Núñez", "Eva Muñoz", "Óscar Peña"]),
        ("%", []),
        ("_", []),
    ):
        found = (await admin.get("/api/users", params={"search": search})).json()
        assert [user["name"] for user in found["member"]] == expected, search
    page = (await admin.get("/api/users", params={"itemsPerPage": 2})).json()
    assert (page["totalItems"], page["view"]["next"]) == (3, "/api/users?itemsPerPage=2&page=2")


async def test_an_admin_keeps_users_right(door: Any) -> None:
    admin = await door.as_("ROLE_ADMIN")
    path = (await admin.post("/api/users", json=EVA)).headers["location"]
    change = {"name": "Eva Peña", "roles": ["ROLE_USER", "ROLE_RECEPTIONIST"], "colour": "#be123c"}
    changed = await admin.patch(path, json=change, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["roles"] == ["ROLE_RECEPTIONIST", "ROLE_USER"]
    assert (changed.json()["locale"], changed.json()["practitioner"]) == ("en", True)
    expect_problem(await admin.patch(path, json={}, headers={"If-Match": '"1"'}), 412, "stale")
    for method in ("GET", "PATCH"):
        gone = await admin.request(method, f"/api/users/{uuid4()}", json={})
        expect_problem(gone, 404, "user-not-found")


async def test_the_last_admin_stays(door: Any, people: Any) -> None:
    boss = await people.employ("ROLE_ADMIN")
    admin = await door.enter(boss)
    path = f"/api/users/{boss.id}"
    for change in ({"roles": ["ROLE_USER"]}, {"status": "disabled"}):
        problem = expect_problem(await admin.patch(path, json=change), 409, "last-admin")
        assert problem["detail"].startswith("This is the last active administrator")
    assert (await admin.patch(path, json={"roles": ["ROLE_USER", "ROLE_ADMIN"]})).status_code == 200


async def test_services_get_their_token_by_the_shared_secret_alone(door: Any) -> None:
    nobody = await door.nobody()
    asked = {"service": "patients", "secret": "a service secret"}
    answer = await nobody.post("/internal/service-token", json=asked)
    assert (answer.status_code, answer.json()["expiresIn"]) == (200, 900)
    published = (await nobody.get("/.well-known/jwks.json")).json()["keys"]
    token = answer.json()["token"]
    claims = jwt.decode(
        token, jwt.PyJWK(published[0]), algorithms=["RS256"], audience="clinic-internal", issuer="clinic"
    )
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("service:patients", 900)
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await nobody.get("/internal/events", headers=bearer)).status_code == 200
    expect_problem(await nobody.get("/api/me", headers=bearer), 401, "not-authenticated")
    for secret in ("A service secret", "á", "a service secret "[:-2]):
        wrong = await nobody.post("/internal/service-token", json=asked | {"secret": secret})
        expect_problem(wrong, 401, "not-authenticated")


async def test_without_a_secret_no_service_gets_a_token(
    database: Database, settings: IdentitySettings, token_for: Any
) -> None:
    app = build_app(IdentitySettings(**(settings.model_dump() | {"service_secret": ""})))
    async with serving(app, token_for) as service, service.as_() as nobody:
        for secret in ("", " ", "x"):
            answer = await nobody.post("/internal/service-token", json={"service": "x", "secret": secret})
            assert answer.status_code in (401, 422), answer.text


async def test_without_a_passphrase_the_service_does_not_start(
    database: Database, settings: IdentitySettings, token_for: Any
) -> None:
    app = build_app(IdentitySettings(**(settings.model_dump() | {"jwt_key_passphrase": ""})))
    with pytest.raises(RuntimeError, match="JWT_KEY_PASSPHRASE is missing"):
        async with serving(app, token_for):
            pass


async def test_the_published_keys_may_be_remembered_and_are_public(door: Any) -> None:
    answer = await (await door.nobody()).get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=60"
    (key,) = answer.json()["keys"]
    assert key.keys() == {"kty", "n", "e", "kid", "alg", "use"}


WITH_BODY = [
    ("POST", "/api/login"),
    ("POST", "/api/users"),
    ("PATCH", "/api/users/{user_id}"),
    ("PATCH", "/api/me"),
    ("POST", "/api/me/password"),
    ("POST", "/internal/service-token"),
]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"name": NaN}', "application/json", 422),
        (b'{"name": "\\ud800", "password": "\\ud800"}', "application/json", 422),
        (b'{"name": "a\\u0000b", "email": "a\\u0000@b.es"}', "application/json", 422),
        (b'{"name": 1e999}', "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b"[]", "application/json", 422),
        (b'"x"', "application/json", 422),
        (b"null", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"<x/>", "text/xml", 415),
        (b'{"name": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
        (b'{"surprise": 1}', "application/json", 422),
    ],
    ids=lambda value: str(value)[:24],
)
async def test_what_cannot_be_read_is_a_problem_on_every_route(
    door: Any, body: bytes, kind: str, status: int
) -> None:
    admin = await door.as_("ROLE_ADMIN")
    for method, path in WITH_BODY:
        answer = await admin.request(method, concrete(path), content=body, headers={"Content-Type": kind})
        assert answer.status_code == status, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await admin.get("/api/users")).json()["totalItems"] == 1


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"email": "nobody"}, "email", "not-an-email"),
        ({"email": None}, "email", "not-text"),
        ({"email": "x" * 180 + "@x.es"}, "email", "too-long"),
        ({"name": "  "}, "name", "required"),
        ({"name": "x" * 101}, "name", "too-long"),
        ({"name": "a\tb"}, "name", "control-character"),
        ({"roles": []}, "roles", "too-few"),
        ({"roles": ["ROLE_KING"]}, "roles.0", "not-a-choice"),
        ({"roles": ["ROLE_USER"] * 5}, "roles", "too-many"),
        ({"roles": "ROLE_USER"}, "roles", "not-a-list"),
        ({"locale": "fr"}, "locale", "not-a-choice"),
        ({"practitioner": "maybe"}, "practitioner", "not-a-boolean"),
        ({"colour": "red"}, "colour", "not-a-colour"),
        ({"colour": "#1234567"}, "colour", "too-long"),
        ({"password": "corta"}, "password", "too-short"),
        ({"password": "x" * 129}, "password", "too-long"),
        ({"password": "una clave\x00larga"}, "password", "control-character"),
        ({"password": 12345678901}, "password", "not-text"),
        ({"status": "active"}, "status", "unknown-field"),
    ],
)
async def test_bad_input_is_named_and_nothing_is_written(
    door: Any, change: Json, path: str, code: str
) -> None:
    admin = await door.as_("ROLE_ADMIN")
    expect_violation(await admin.post("/api/users", json=EVA | change), path, code)
    assert (await admin.get("/api/users")).json()["totalItems"] == 1


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"name": None}, "name", "not-text"),
        ({"name": ""}, "name", "required"),
        ({"roles": []}, "roles", "too-few"),
        ({"roles": None}, "roles", "not-a-list"),
        ({"colour": None}, "colour", "not-text"),
        ({"colour": ""}, "colour", "required"),
        ({"status": "gone"}, "status", "not-a-choice"),
        ({"locale": None}, "locale", "not-a-choice"),
        ({"practitioner": 2**63}, "practitioner", "not-a-boolean"),
        ({"email": "other@clinica.es"}, "email", "unknown-field"),
        ({"password": "una clave larga"}, "password", "unknown-field"),
    ],
)
async def test_a_bad_change_is_named_and_not_made(
    door: Any, people: Any, change: Json, path: str, code: str
) -> None:
    eva = await people.employ("ROLE_USER")
    admin = await door.as_("ROLE_ADMIN")
    expect_violation(await admin.patch(f"/api/users/{eva.id}", json=change), path, code)
    assert (await admin.get(f"/api/users/{eva.id}")).json()["version"] == 1


async def test_the_longest_of_everything_fits(door: Any) -> None:
    admin = await door.as_("ROLE_ADMIN")
    for text in ("\u0130", "\ufdfa", "\U0001f9d1", "ß"):
        email = (text * 180)[:174] + "@x.com"
        long = EVA | {"email": email, "name": text * 100, "password": text * 128, "roles": list(ROLES)}
        answer = await admin.post("/api/users", json=long)
        assert answer.status_code in (201, 422), answer.text
        if answer.status_code == 201:
            login = {"email": email, "password": long["password"]}
            assert (await (await door.nobody()).post("/api/login", json=login)).status_code == 200


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/api/users?page=0", "page"),
        ("/api/users?page=9223372036854775808", "page"),
        ("/api/users?itemsPerPage=201", "itemsPerPage"),
        ("/api/users?itemsPerPage=x", "itemsPerPage"),
        (f"/api/users?search={'x' * 201}", "search"),
        ("/api/users/7", "userId"),
        ("/api/users/%00", "userId"),
    ],
)
async def test_what_is_wrong_in_the_address_is_named(door: Any, path: str, named: str) -> None:
    admin = await door.as_("ROLE_ADMIN")
    violations = expect_problem(await admin.get(path), 422, "invalid")["violations"]
    assert [violation["propertyPath"] for violation in violations] == [named]


@pytest.mark.parametrize("header", ["x", '"a"', "-1", '"99999999999999999999"', 'W/"1"', '"01"'])
async def test_a_version_nobody_ever_saw_is_stale(door: Any, people: Any, header: str) -> None:
    admin = await door.as_("ROLE_ADMIN")
    eva = await people.employ()
    answer = await admin.patch(f"/api/users/{eva.id}", json={}, headers={"If-Match": header})
    expect_problem(answer, 412, "stale")


async def test_problems_speak_the_callers_language(door: Any, people: Any) -> None:
    nobody = await door.nobody()
    wrong = {"email": "x@clinica.es", "password": "x"}
    answer = await nobody.post("/api/login", json=wrong, headers={"X-App-Locale": "es"})
    assert answer.json()["detail"] == "Credenciales inválidas."
    assert answer.headers["content-language"] == "es"


async def test_expired_sessions_are_cleared_away(door: Any, people: Any, database: Database) -> None:
    ana = await people.employ()
    client = await door.enter(ana)
    async with database.writing() as connection:
        await connection.execute(update(sessions).values(expires_at=datetime.now(UTC)))
        await connection.commit()
    expect_problem(await client.get("/api/me"), 401, "not-authenticated")
    await door.enter(ana)
    async with database.reading() as connection:
        assert len((await connection.execute(select(sessions))).all()) == 1
