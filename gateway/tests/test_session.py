"""Who gets in: good tokens, and everybody where no token is needed."""

import base64
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from testkit.tokens import SigningKey
from testkit.waiting import eventually

from .conftest import OpenClinic
from .small_clinic import KEY, Clinic, bearer, nobody_listens

SIGNED_IN_ONLY = [
    "/api/me", "/api/users", "/api/sessions", "/api/second-factor", "/api/patients", "/api/records",
    "/api/appointments", "/api/reminders", "/api/invoices", "/api/dashboard/stats", "/api/audit-trail",
    "/api/docs.json", "/api/health/ready",
]  # fmt: skip
PUBLIC = [
    "/api/login", "/api/token/refresh", "/api/logout", "/api/invitations/abc", "/api/password-reset",
    "/api/second-factor/login",
]  # fmt: skip


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


@pytest.mark.parametrize("path", SIGNED_IN_ONLY)
async def test_without_a_token_nobody_passes(clinic: Clinic, http: httpx.AsyncClient, path: str) -> None:
    answered = await http.get(path, headers={"Accept-Language": "es"})
    assert answered.status_code == 401
    assert answered.headers["www-authenticate"] == "Bearer"
    assert answered.headers["content-type"] == "application/problem+json"
    assert answered.json()["title"] == "Es necesario entrar"
    assert [part.asked for part in clinic.parts] == [[], [], [], []]


@pytest.mark.parametrize("path", PUBLIC)
async def test_where_no_token_is_needed_everybody_passes(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.post(path, json={})).json()["part"] == "identity"


async def test_a_patient_needs_no_token_for_her_visit(http: httpx.AsyncClient) -> None:
    for path in ("/api/visits/abc", "/api/visits/abc/confirmation", "/api/visits/abc/cancellation"):
        assert (await http.post(path, json={})).json()["part"] == "scheduling"


async def test_a_calendar_at_its_secret_address_needs_no_token_and_who_makes_the_address_does(
    http: httpx.AsyncClient,
) -> None:
    assert (await http.get("/api/calendar-feeds/secret-address.ics")).json()["part"] == "scheduling"
    for method in ("GET", "PUT", "DELETE"):
        assert (await http.request(method, "/api/practitioners/1/calendar-feed")).status_code == 401


async def test_the_keys_are_public(http: httpx.AsyncClient) -> None:
    assert (await http.get("/.well-known/jwks.json")).json() == KEY.jwks


def stranger_under_our_name() -> str:
    stranger = SigningKey()
    stranger.kid = KEY.kid
    return stranger.token_for("ROLE_ADMIN")


def unsigned() -> str:
    return with_header('{"alg":"none","typ":"JWT"}', b"")


def signed_with_the_public_key() -> str:
    """The oldest trick: the token names HMAC, and what everybody may read becomes the secret."""
    public = jwt.PyJWK(KEY.jwks["keys"][0]).key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return with_header(f'{{"alg":"HS256","typ":"JWT","kid":"{KEY.kid}"}}', public)


def with_header(header: str, secret: bytes) -> str:
    """A good token's claims under another header, signed with the secret when there is one."""
    body = KEY.token_for("ROLE_ADMIN").split(".")[1]
    signed = f"{unpadded(header.encode())}.{body}"
    signature = hmac.digest(secret, signed.encode(), "sha256") if secret else b""
    return f"{signed}.{unpadded(signature)}"


def unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


BAD_TOKENS: dict[str, Callable[[], str]] = {
    "ended": lambda: KEY.token_for("ROLE_USER", exp=ago(1)),
    "not yet good": lambda: KEY.token_for("ROLE_USER", nbf=ago(-60)),
    "of another clinic": lambda: KEY.token_for("ROLE_USER", iss="elsewhere"),
    "for another audience": lambda: KEY.token_for("ROLE_USER", aud="others"),
    "of a service": lambda: KEY.service_token_for("billing"),
    "without an end": lambda: KEY.sign({"iss": "clinic", "aud": "clinic-api", "sub": "1", "jti": "1"}),
    "signed by a stranger": lambda: SigningKey().token_for("ROLE_ADMIN"),
    "of a stranger under our key's name": stranger_under_our_name,
    "without a signature": unsigned,
    "signed with the public key as a secret": signed_with_the_public_key,
    "no token at all": lambda: "x",
    "dots": lambda: "..",
    "very long": lambda: "a" * 15_000,
}


@pytest.mark.parametrize("fault", BAD_TOKENS)
async def test_a_token_that_is_not_good_is_refused(
    clinic: Clinic, http: httpx.AsyncClient, fault: str
) -> None:
    answered = await http.get("/api/patients", headers={"Authorization": f"Bearer {BAD_TOKENS[fault]()}"})
    assert answered.status_code == 401
    assert clinic.patients.asked == []


@pytest.mark.parametrize("scheme", ["Basic", "Token", "BearerX"])
async def test_only_a_bearer_token_counts(http: httpx.AsyncClient, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {KEY.token_for('ROLE_USER')}"}
    assert (await http.get("/api/patients", headers=headers)).status_code == 401


async def test_two_tokens_at_once_are_refused(http: httpx.AsyncClient) -> None:
    both = [("Authorization", f"Bearer {KEY.token_for(role)}") for role in ("ROLE_USER", "ROLE_ADMIN")]
    assert (await http.get("/api/patients", headers=both)).status_code == 401


async def test_the_keys_are_asked_for_once_and_tokens_of_one_key_need_no_more(
    open_clinic: OpenClinic,
) -> None:
    clinic = open_clinic()
    async with clinic.client() as http:
        for _ in range(3):
            assert (await http.get("/api/patients", headers=bearer())).status_code == 200
        for _ in range(3):
            stranger = await http.get("/api/patients", headers=bearer(key=SigningKey()))
            assert stranger.status_code == 401
    assert clinic.identity.asked == ["GET /.well-known/jwks.json"]


async def test_while_the_keys_cannot_be_had_the_answer_is_later_not_no(open_clinic: OpenClinic) -> None:
    clinic = open_clinic(identity_url=nobody_listens())
    async with clinic.client() as http:
        answered = await http.get("/api/patients", headers=bearer())
        assert (await http.get("/api/patients")).status_code == 401
    assert answered.status_code == 503
    assert int(answered.headers["retry-after"]) > 0


async def test_identity_going_down_does_not_throw_out_who_is_in(open_clinic: OpenClinic) -> None:
    clinic = open_clinic()
    async with clinic.client() as http:
        assert (await http.get("/api/patients", headers=bearer())).status_code == 200
        clinic.identity.says("/.well-known/jwks.json", b"", 500)
        assert (await http.get("/api/patients", headers=bearer())).status_code == 200


async def test_a_remembered_token_ends_when_it_ends(http: httpx.AsyncClient) -> None:
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    short = {"Authorization": f"Bearer {KEY.token_for('ROLE_USER', exp=end)}"}
    assert (await http.get("/api/patients", headers=short)).status_code == 200

    async def refused() -> bool:
        return (await http.get("/api/patients", headers=short)).status_code == 401

    await eventually(refused, "the token is refused", seconds=20)  # it would be remembered for a minute
    assert datetime.now(UTC) >= end
