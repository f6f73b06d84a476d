"""Whatever is sent to the front door, the answer says what is wrong with it, and nothing is done."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import requests
import schemathesis
from clinic_databases import SERVICES, rows
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode

from testkit.clinic import RunningClinic

CONTRACTS = Path(__file__).resolve().parents[1] / "contracts" / "http"
PARTS = (*SERVICES, "gateway")
EXAMPLES, SEED = 15, 20261122

examples = settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)

NOTHING_SENT = {
    "/api/token/refresh",
    "/api/logout",
    "/api/practitioners/{practitioner_id}/calendar-feed",
    "/api/reminders/{reminder_id}/retry",
    "/api/visits/{token}/confirmation",
    "/api/visits/{token}/cancellation",
}
"""Writes without a body, or that need none."""

LINE = {"concept": "Sesión", "quantity": "1", "unitPrice": "60.00"}
MEETING = {
    "practitionerId": "{practitioner_id}",
    "startsAt": "2030-01-07T10:00:00",
    "endsAt": "2030-01-07T11:00:00",
    "type": "other",
    "title": "Reunión",
}
WAITS = {
    "patientId": "{patient_id}",
    "weekdays": ["monday"],
    "from": "09:00",
    "to": "14:00",
    "minutes": 45,
    "notes": "Avisar con un día",
}
LEAVE = {
    "practitionerId": "{practitioner_id}",
    "title": "Vacaciones",
    "allDay": True,
    "startsAt": "2030-03-04T00:00:00",
    "endsAt": "2030-03-08T00:00:00",
}
PLAN = {
    "practitionerId": "{practitioner_id}",
    "title": "Escuela de espalda",
    "type": "other",
    "minutes": 60,
    "weekly": {"weekdays": ["tuesday"], "at": "10:00", "first": "2030-02-05", "count": 3},
}
CUSTOMER = {
    "kind": "person",
    "firstName": "Ana",
    "lastName": "Gil",
    "taxId": "12345678Z",
    "billingAddress": "Calle 1",
}
SOLD = {"fullName": "Ana Gil", "address": "Calle 1", "lines": [LINE]}
WRITES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/api/login"): {"email": "ana@clinic.test", "password": "a long password"},
    ("PATCH", "/api/me"): {"name": "Ana Prueba"},
    ("POST", "/api/me/password"): {"currentPassword": "not this one", "newPassword": "a long password"},
    ("POST", "/api/users"): {
        "email": "eva@clinic.test",
        "name": "Eva",
        "roles": ["ROLE_USER"],
        "password": "a long password",
    },
    ("PATCH", "/api/users/{user_id}"): {"name": "Eva"},
    ("POST", "/api/patients"): {"firstName": "Ana", "lastName": "Gil"},
    ("PUT", "/api/patients/{patient_id}"): {"firstName": "Ana", "lastName": "Gil"},
    ("PATCH", "/api/patients/{patient_id}"): {"firstName": "Ana"},
    ("POST", "/api/patients/{patient_id}/erasure"): {"reason": "Lo pide"},
    ("POST", "/api/records"): {"patientId": "{patient_id}", "physiotherapyTreatment": "Masaje"},
    ("POST", "/api/records/{record_id}/corrections"): {
        "physiotherapyTreatment": "Masaje cervical",
        "reason": "Faltaba la zona",
    },
    ("POST", "/api/appointments"): MEETING,
    ("PUT", "/api/appointments/{appointment_id}"): MEETING,
    ("PATCH", "/api/appointments/{appointment_id}"): {"title": "Reunión"},
    ("POST", "/api/appointments/{appointment_id}/cancellation"): {"reason": "Enferma"},
    ("POST", "/api/appointment-gaps/generate"): {
        "practitionerId": "{practitioner_id}",
        "start": "2030-04-01T00:00:00",
        "end": "2030-04-03T00:00:00",
    },
    ("POST", "/api/series"): PLAN,
    ("POST", "/api/series/check"): PLAN,
    ("PATCH", "/api/series/{series_id}"): {"title": "Espalda sana"},
    ("POST", "/api/series/{series_id}/cancellation"): {"reason": "Sin sala"},
    ("POST", "/api/time-off"): LEAVE,
    ("PUT", "/api/time-off/{time_off_id}"): LEAVE,
    ("PATCH", "/api/time-off/{time_off_id}"): {"title": "Congreso"},
    ("PUT", "/api/practitioners/{practitioner_id}/week-grid"): {"monday": ["09:00-10:00"]},
    ("POST", "/api/waiting-list"): WAITS,
    ("PUT", "/api/waiting-list/{entry_id}"): WAITS,
    ("PATCH", "/api/waiting-list/{entry_id}"): {"notes": "Mejor por la tarde"},
    ("POST", "/api/waiting-list/{entry_id}/booking"): {
        "practitionerId": "{practitioner_id}",
        "startsAt": "2030-05-06T10:00:00",
    },
    ("POST", "/api/customers"): CUSTOMER,
    ("PUT", "/api/customers/{customer_id}"): CUSTOMER,
    ("PATCH", "/api/customers/{customer_id}"): {"firstName": "Ana"},
    ("POST", "/api/customers/{customer_id}/merge"): {"into": "{customer_id}"},
    ("POST", "/api/invoices"): SOLD,
    ("PUT", "/api/invoices/{invoice_id}"): SOLD,
    ("POST", "/api/invoices/drafts"): SOLD,
    ("PUT", "/api/invoices/drafts/{draft_id}"): SOLD,
    ("POST", "/api/invoices/drafts/{draft_id}/issue"): {},
    ("POST", "/api/invoices/{invoice_id}/payments"): {"amount": "1.00", "method": "cash"},
    ("POST", "/api/invoices/{invoice_id}/rectification"): {"kind": "difference", "reason": "Error"},
}
TEXT_OF = {
    "/api/login": "email",
    "/api/me": "name",
    "/api/me/password": "newPassword",
    "/api/users": "name",
    "/api/users/{user_id}": "name",
    "/api/patients": "firstName",
    "/api/patients/{patient_id}": "firstName",
    "/api/patients/{patient_id}/erasure": "reason",
    "/api/records": "physiotherapyTreatment",
    "/api/records/{record_id}/corrections": "reason",
    "/api/appointments": "title",
    "/api/appointments/{appointment_id}": "title",
    "/api/appointment-gaps/generate": "practitionerId",
    "/api/series": "title",
    "/api/series/check": "title",
    "/api/series/{series_id}": "title",
    "/api/series/{series_id}/cancellation": "reason",
    "/api/time-off": "title",
    "/api/time-off/{time_off_id}": "title",
    "/api/practitioners/{practitioner_id}/week-grid": "monday",
    "/api/waiting-list": "notes",
    "/api/waiting-list/{entry_id}": "notes",
    "/api/waiting-list/{entry_id}/booking": "practitionerId",
    "/api/appointments/{appointment_id}/cancellation": "reason",
    "/api/customers": "firstName",
    "/api/customers/{customer_id}": "firstName",
    "/api/customers/{customer_id}/merge": "into",
    "/api/invoices": "fullName",
    "/api/invoices/{invoice_id}": "fullName",
    "/api/invoices/drafts": "fullName",
    "/api/invoices/drafts/{draft_id}": "fullName",
    "/api/invoices/drafts/{draft_id}/issue": "date",
    "/api/invoices/{invoice_id}/payments": "method",
    "/api/invoices/{invoice_id}/rectification": "reason",
}

NOT_JSON = {
    "nothing": b"",
    "half of it": b'{"firstName": "A',
    "not UTF-8": b'{"firstName": "\xff"}',
    "a lone surrogate": b'{"FIELD": "\\ud800"}',
    "NaN": b'{"FIELD": NaN}',
    "infinity": b'{"FIELD": -Infinity}',
    "1e999": b'{"FIELD": 1e999}',
    "deep": b'{"FIELD": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
}
NOT_AN_OBJECT = {"a list": b"[]", "a text": b'"text"', "null": b"null", "a number": b"1"}
NOT_TEXT = {
    "NUL": "a\0b",
    "escape": "a\x1bb",
    "beyond 64 bits": 2**63,
    "a float": 1.5,
    "true": True,
    "an object": {"a": 1},
    "nested": [[[["a"]]]],
    "blank": "  ",
    "too long": "ñ" * 30_000,
}

NO_SUCH_DATES = [
    "2026-02-30",
    "2026-13-01",
    "20260101",
    "01/02/2026",
    "2026-01-01T10:00",
    "tomorrow",
    20260101,
]
NO_SUCH_MOMENTS = [
    "2030-02-30T10:00:00",
    "2030-01-07T25:00:00",
    "2030-01-07 at ten",
    "2030-03-31T02:30:00",  # the hour that the clock leaves out in Madrid
    1893456000,
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
]
NO_AMOUNTS = ["1e999", "NaN", "-0.01", "1000000", "60.001", 2**63, "sixty", "", {}]

WRONG_VALUES = [
    *[("POST", "/api/patients", "dateOfBirth", value) for value in NO_SUCH_DATES],
    ("POST", "/api/patients", "dateOfBirth", "2999-01-01"),
    *[("PATCH", "/api/patients/{patient_id}", "dateOfBirth", value) for value in NO_SUCH_DATES],
    *[("PUT", "/api/patients/{patient_id}", "dateOfBirth", value) for value in NO_SUCH_DATES],
    *[("POST", "/api/patients", "rate", value) for value in NO_AMOUNTS],
    *[("POST", "/api/records", "date", value) for value in NO_SUCH_DATES],
    ("POST", "/api/records", "date", "2999-01-01"),
    *[("POST", "/api/invoices", "date", value) for value in NO_SUCH_DATES],
    *[
        ("POST", "/api/appointments", field, value)
        for field in ("startsAt", "endsAt")
        for value in NO_SUCH_MOMENTS
    ],
    *[
        ("POST", "/api/appointments", field, "x")
        for field in ("practitionerId", "patientId", "type", "allDay")
    ],
    *[
        ("POST", "/api/time-off", field, value)
        for field in ("startsAt", "endsAt")
        for value in NO_SUCH_MOMENTS
    ],
    *[("POST", "/api/appointment-gaps/generate", "start", value) for value in NO_SUCH_MOMENTS],
    *[("POST", "/api/series", "startsAt", [value]) for value in NO_SUCH_MOMENTS],
    *[("POST", "/api/series", "minutes", value) for value in (0, 7, 1445, "x", 2**63)],
    *[("PATCH", "/api/series/{series_id}", "at", value) for value in ("25:00", "10", "10:03", 10)],
    *[
        ("PUT", "/api/practitioners/{practitioner_id}/week-grid", "tuesday", value)
        for value in (["9-10"], ["10:00-09:00"], ["09:00-10:00", "09:30-10:30"], "09:00-10:00", [{}])
    ],
    *[("POST", "/api/waiting-list", field, value) for field in ("from", "to") for value in ("9", "25:00", 9)],
    *[("POST", "/api/waiting-list", "weekdays", value) for value in ([], ["lunes"], "monday", [1])],
    *[("POST", "/api/waiting-list", "minutes", value) for value in (0, 7, 1445, "x", 2**63)],
    *[("POST", "/api/waiting-list", "until", value) for value in NO_SUCH_DATES],
    *[("POST", "/api/waiting-list/{entry_id}/booking", "startsAt", value) for value in NO_SUCH_MOMENTS],
    *[("POST", "/api/customers", field, "x") for field in ("kind", "email")],
    *[
        ("POST", "/api/users", field, ["x"])
        for field in ("roles", "email", "locale", "colour", "practitioner")
    ],
    *[("PATCH", "/api/users/{user_id}", field, "x") for field in ("roles", "status", "locale", "colour")],
    ("PATCH", "/api/me", "locale", "fr"),
    ("POST", "/api/me/password", "newPassword", "short"),
    ("POST", "/api/invoices", "lines", []),
    ("POST", "/api/invoices", "lines", [LINE] * 1000),
    *[("POST", "/api/invoices/drafts", "dueDate", value) for value in NO_SUCH_DATES],
    *[("POST", "/api/invoices/{invoice_id}/payments", "date", value) for value in NO_SUCH_DATES],
    *[
        ("POST", "/api/invoices/{invoice_id}/payments", "amount", value)
        for value in NO_AMOUNTS
        if value != "1000000"
    ],
    ("POST", "/api/invoices/{invoice_id}/payments", "kind", "gift"),
    ("POST", "/api/invoices/{invoice_id}/rectification", "kind", "ordinary"),
    ("POST", "/api/invoices/{invoice_id}/rectification", "lines", []),
]
WRONG_LINES = [
    *[("unitPrice", value) for value in NO_AMOUNTS],
    *[("quantity", value) for value in (*NO_AMOUNTS, "0", "10001")],
    *[("concept", value) for value in ("", "a\0", 1, "ñ" * 256)],
    ("colour", "red"),
]


@pytest.fixture(scope="module", params=["sqlite", "mariadb"])
def clinic(
    request: pytest.FixtureRequest, start_clinic: Callable[..., RunningClinic]
) -> Iterator[RunningClinic]:
    """What one database takes for too long or too big the other does not: both have to answer the same."""
    if request.param == "mariadb":
        yield request.getfixturevalue("clinic_on_mariadb")
        return
    insulted = start_clinic()
    yield insulted
    insulted.stop()


@pytest_asyncio.fixture(scope="module")
async def admin(clinic: RunningClinic, sign_in: Any, employ: Any) -> AsyncIterator[httpx.AsyncClient]:
    """An admin of these tests alone: wrong passwords are tried in her name until she is shut out."""
    async with sign_in(clinic) as first:
        colleague = await employ(first, "ROLE_ADMIN")
    async with sign_in(clinic, colleague.email, colleague.password) as client:
        yield client


@pytest_asyncio.fixture(scope="module")
async def known(admin: httpx.AsyncClient, employ: Any) -> dict[str, str]:
    """One existing thing for each id in a path."""
    colleague = (await employ(admin, "ROLE_USER", practitioner=True)).id
    known = {"user_id": colleague, "practitioner_id": colleague}
    for name, path in (
        ("patient_id", "/api/patients"),
        ("record_id", "/api/records"),
        ("appointment_id", "/api/appointments"),
        ("series_id", "/api/series"),
        ("time_off_id", "/api/time-off"),
        ("entry_id", "/api/waiting-list"),
        ("customer_id", "/api/customers"),
        ("invoice_id", "/api/invoices"),
        ("draft_id", "/api/invoices/drafts"),
    ):
        answer = await admin.post(path, json=filled_in(WRITES["POST", path], known))
        assert answer.status_code == 201, answer.text
        known[name] = answer.json()["id"]
    return known


@pytest_asyncio.fixture
async def nothing_done(clinic: RunningClinic) -> AsyncIterator[None]:
    """Not one event more at the end than at the beginning."""

    async def heads() -> dict[str, object]:
        return {service: await rows(clinic, service, "SELECT seq FROM stream_head") for service in SERVICES}

    before = await heads()
    yield
    assert await heads() == before


def filled_in(body: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    return {name: value.format(**known) if isinstance(value, str) else value for name, value in body.items()}


async def send(admin: httpx.AsyncClient, method: str, path: str, **request: Any) -> httpx.Response:
    """As somebody who has seen the newest version of what she replaces."""
    headers = {"Content-Type": "application/json", **request.pop("headers", {})}
    if method == "PUT":
        headers["If-Match"] = (await admin.get(path)).headers["ETag"]
    return await admin.request(method, path, headers=headers, **request)


def problem(answer: httpx.Response, status: int, asked: object) -> dict[str, Any]:
    assert answer.status_code == status, (asked, answer.status_code, answer.text[:500])
    assert answer.headers["content-type"] == "application/problem+json", asked
    told: dict[str, Any] = answer.json()
    assert told["status"] == status, asked
    assert told["type"].startswith("/problems/"), asked
    assert told["title"], asked
    assert told["detail"], asked
    return told


def named_fields(told: dict[str, Any]) -> set[str]:
    assert all(v["message"] and v["code"] for v in told["violations"]), told
    return {v["propertyPath"] for v in told["violations"]}


def contract(part: str) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((CONTRACTS / f"{part}.json").read_text())
    return described


def test_the_table_has_every_write_of_the_contracts() -> None:
    writes = {
        (method.upper(), path)
        for part in PARTS
        for path, methods in contract(part)["paths"].items()
        for method in methods
        if method in ("post", "put", "patch") and path not in NOTHING_SENT
    }
    assert writes == set(WRITES)
    assert {path for _, path in writes} == set(TEXT_OF)


@pytest.mark.parametrize(("method", "path"), list(WRITES))
async def test_a_body_that_cannot_be_understood_is_refused_whole(
    method: str, path: str, admin: httpx.AsyncClient, known: dict[str, str], nothing_done: None
) -> None:
    url, body = path.format(**known), filled_in(WRITES[method, path], known)
    for what, bytes_ in {**NOT_JSON, **NOT_AN_OBJECT}.items():
        sent = bytes_.replace(b"FIELD", TEXT_OF[path].encode())
        told = problem(await send(admin, method, url, content=sent), 422, (path, what))
        assert told["violations"], what
    for media in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        answer = await send(admin, method, url, content=json.dumps(body), headers={"Content-Type": media})
        problem(answer, 415, (path, media))
    whole = json.dumps(body).encode()
    problem(await send(admin, method, url, content=whole + b" " * 1_000_000), 413, path)


@pytest.mark.parametrize(("method", "path"), list(WRITES))
async def test_a_wrong_field_is_named(
    method: str, path: str, admin: httpx.AsyncClient, known: dict[str, str], nothing_done: None
) -> None:
    url, body = path.format(**known), filled_in(WRITES[method, path], known)
    unknown = await send(admin, method, url, json=body | {"colourOfTheSky": "blue"})
    assert named_fields(problem(unknown, 422, path)) == {"colourOfTheSky"}
    field = TEXT_OF[path]
    for what, value in NOT_TEXT.items():
        if what == "blank" and field in ("title", "notes", "fullName", "newPassword"):
            continue  # a title may be left out, a name too beside a customer; spaces are fit for a password
        answer = await send(admin, method, url, json=body | {field: value})
        named = named_fields(problem(answer, 422, (path, what)))
        assert field in {name.partition(".")[0] for name in named}, (path, what, answer.text)


@pytest.mark.parametrize(
    ("method", "path", "field", "value"), WRONG_VALUES, ids=lambda value: json.dumps(value)[:40]
)
async def test_a_value_that_cannot_be_is_named(
    method: str,
    path: str,
    field: str,
    value: object,
    admin: httpx.AsyncClient,
    known: dict[str, str],
    nothing_done: None,
) -> None:
    body = filled_in(WRITES[method, path], known) | {field: value}
    answer = await send(admin, method, path.format(**known), json=body)
    fields = named_fields(problem(answer, 422, (path, field, value)))
    assert any(named.partition(".")[0] == field for named in fields), (fields, answer.text)


@pytest.mark.parametrize(("field", "value"), WRONG_LINES, ids=lambda value: json.dumps(value)[:40])
async def test_a_wrong_line_of_an_invoice_is_named(
    field: str, value: object, admin: httpx.AsyncClient, known: dict[str, str], nothing_done: None
) -> None:
    body = WRITES["POST", "/api/invoices"] | {"lines": [LINE, LINE | {field: value}]}
    answer = await send(admin, "POST", "/api/invoices", json=body)
    assert named_fields(problem(answer, 422, (field, value))) == {f"lines.1.{field}"}


async def test_a_wrong_query_or_id_is_named(admin: httpx.AsyncClient, nothing_done: None) -> None:
    for path, field in (
        ("/api/patients?page=0", "page"),
        ("/api/patients?page=9223372036854775808", "page"),
        ("/api/patients?itemsPerPage=201", "itemsPerPage"),
        ("/api/patients?status=dead", "status"),
        ("/api/patients?order=random", "order"),
        ("/api/patients?search=" + "x" * 201, "search"),
        ("/api/patients/7", "patientId"),
        ("/api/records?patientId=7", "patientId"),
        ("/api/records/7/corrections", "recordId"),
        ("/api/access-log?actorId=7", "actorId"),
        ("/api/access-log?to=9999-12-31", "to"),
        ("/api/appointments?start=2030-01-07&end=yesterday", "end"),
        ("/api/availability?from=2030-01-07&to=2031-01-07", "to"),
        ("/api/availability?from=2030-01-07&to=2030-01-08&minutes=7", "minutes"),
        ("/api/time-off?start=yesterday", "start"),
        ("/api/waiting-list?status=asleep", "status"),
        ("/api/waiting-list/matches?practitionerId=7", "practitionerId"),
        ("/api/reminders?state=lost", "state"),
        ("/api/practitioners/7/week-grid", "practitionerId"),
        ("/api/appointments?start=2030-01-07T00:00:00Z", "end"),
        ("/api/invoices?year=MMXXVI", "year"),
        ("/api/invoices?order=colour", "order"),
        ("/api/customers?order=colour", "order"),
        ("/api/invoice-prefill?patientId=7", "patientId"),
    ):
        answer = await admin.get(path)
        assert field in named_fields(problem(answer, 422, path)), (path, answer.text)
    for search in ("%00", "%ED%A0%80", "%FF", "%25%5F%27%22%5C", "%F0%9F%A6%B4", "%D8%B9"):
        for path in ("/api/patients", "/api/customers", "/api/invoices"):
            assert (await admin.get(f"{path}?search={search}")).status_code in (200, 422), (path, search)


async def test_text_of_all_the_world_is_kept_as_it_was_written(admin: httpx.AsyncClient) -> None:
    for first, last in (
        ("Zoë 🦴", "محمد"),
        ("Łukasz", "O'Brien <b>&amp;"),
        ("José", "'; DROP TABLE patients"),
    ):
        made = await admin.post("/api/patients", json={"firstName": first, "lastName": last})
        assert made.status_code == 201, made.text
        kept = (await admin.get(made.headers["location"])).json()
        assert (kept["firstName"], kept["lastName"]) == (first, last)
    decomposed = await admin.post(
        "/api/patients", json={"firstName": "Jose\u0301", "lastName": "Mun\u0303oz"}
    )
    assert decomposed.json()["fullName"] == "José Muñoz"


def operations() -> list[Any]:
    return [
        pytest.param(found.ok(), id=found.ok().label)
        for part in PARTS
        for found in schemathesis.openapi.from_path(CONTRACTS / f"{part}.json").get_all_operations()
    ]


@pytest.mark.parametrize("operation", operations())
def test_whatever_the_contract_allows_or_forbids_is_answered_well(
    operation: APIOperation, clinic: RunningClinic, admin: httpx.AsyncClient, known: dict[str, str]
) -> None:
    there = {} if operation.method == "delete" else known  # the others want to find it
    fixed = {p.name: there[p.name] for p in operation.path_parameters if p.name in there}
    cases = st.one_of(
        *(operation.as_strategy(mode, path_parameters=fixed or None) for mode in GenerationMode)
    )

    with quiet_session(admin) as session:

        @seed(SEED)
        @examples
        @given(case=cases)
        def answered_well(case: Case) -> None:
            headers = {}
            if case.method == "PUT" and operation.path not in NOTHING_SENT:
                headers["If-Match"] = session.get(f"{clinic.base_url}{case.formatted_path}").headers["ETag"]
            answer = case.call(base_url=clinic.base_url, session=session, headers=headers)
            well_answered(answer.status_code, answer.content, (case.method, case.formatted_path, case.body))

        answered_well()


ANY_TEXT = st.one_of(
    st.text(),
    st.sampled_from(["İ", "ß", "ŉ", "ﷺ", "ﬃ", "\u0301", "🦴", "\u202e", "\uffff", "'", "%", "\\"]).flatmap(
        lambda sign: st.integers(1, 255).map(lambda times: sign * times)
    ),
    st.emails(),
    st.sampled_from(
        ["İ" * 80 + "@example.com", "ﷺ" * 80 + "@example.com", "1e2", "0.005", "-0", "0001-01-01"]
    ),
)
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(("method", "path"), list(WRITES))
def test_a_good_body_of_which_one_field_is_anything_is_answered_well(
    method: str, path: str, clinic: RunningClinic, admin: httpx.AsyncClient, known: dict[str, str]
) -> None:
    url, body = path.format(**known), filled_in(WRITES[method, path], known)

    with quiet_session(admin) as session:

        @seed(SEED)
        @examples
        @given(field=st.sampled_from(list(fields_of(method, path))), value=ANY_TEXT | ANY_VALUE)
        def answered_well(field: str, value: object) -> None:
            headers = {}
            if method == "PUT":
                headers["If-Match"] = session.get(f"{clinic.base_url}{url}").headers["ETag"]
            sent = json.dumps(body | {field: value}).encode()
            answer = session.request(
                method,
                clinic.base_url + url,
                data=sent,
                headers=headers | {"Content-Type": "application/json"},
            )
            well_answered(answer.status_code, answer.content, (method, path, field, value))

        answered_well()


@pytest.mark.parametrize(("method", "path"), list(WRITES))
async def test_text_that_grows_when_it_is_compared_fits_wherever_it_is_kept(
    method: str, path: str, admin: httpx.AsyncClient, known: dict[str, str]
) -> None:
    url, body = path.format(**known), filled_in(WRITES[method, path], known)
    for field, longest in longest_texts(method, path).items():
        for sign in ("İ", "ŉ", "ﷺ"):
            for value in (sign * longest, f"{sign * (longest - 5)}@a.es"):
                answer = await send(admin, method, url, json=body | {field: value})
                well_answered(answer.status_code, answer.content, (method, path, field, value))


def longest_texts(method: str, path: str) -> dict[str, int]:
    """The fields that take text, with how much of it."""
    return {
        name: choice["maxLength"]
        for name, schema in fields_of(method, path).items()
        for choice in (schema, *schema.get("anyOf", ()))
        if "maxLength" in choice
    }


def fields_of(method: str, path: str) -> dict[str, Any]:
    for part in PARTS:
        described = contract(part)
        if operation := described["paths"].get(path, {}).get(method.lower()):
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            name = schema["$ref"].rpartition("/")[2]
            fields: dict[str, Any] = described["components"]["schemas"][name]["properties"]
            return fields
    raise AssertionError(f"{method} {path} is in no contract")


def quiet_session(admin: httpx.AsyncClient) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = admin.headers["Authorization"]
    return session


def well_answered(status: int, content: bytes, asked: object) -> None:
    assert status < 500, (asked, content[:500])
    if status >= 400:
        told = json.loads(content)
        assert (told["status"], told["type"][:10]) == (status, "/problems/"), asked
        if "violations" in told:
            assert named_fields(told), asked
