"""The diary over HTTP: who may, what is refused, what is answered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from scheduling.adapters.tables import appointments, busy_days, busy_slots
from scheduling.main import SchedulingSettings, build_app
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import event_store, idempotency_keys
from testkit.service import ServiceClient, serving

Json = dict[str, object]
NewPerson = Callable[..., Awaitable[UUID]]

ROLES = ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN")
PATH = "/api/appointments"
SOMEONE = "01890000-0000-7000-8000-00000000000a"
ROUTES = (
    ("GET", "/api/practitioners"),
    ("GET", f"{PATH}?start=2026-11-23&end=2026-11-24"),
    ("GET", f"{PATH}?patientId={SOMEONE}"),
    ("POST", PATH),
    ("GET", f"{PATH}/{SOMEONE}"),
    ("POST", f"{PATH}/{SOMEONE}/cancellation"),
    ("GET", "/api/stats/appointments"),
)
MONDAY = {"start": "2026-11-23T00:00", "end": "2026-11-24T00:00"}


@pytest_asyncio.fixture
async def desk(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with service.as_("ROLE_RECEPTIONIST") as client:
        yield client


@pytest_asyncio.fixture
async def visit(new_practitioner: NewPerson, new_patient: NewPerson) -> Json:
    """A visit that can be booked."""
    return {
        "practitionerId": str(await new_practitioner()),
        "patientId": str(await new_patient()),
        "startsAt": "2026-11-23T10:00",
        "endsAt": "2026-11-23T11:00",
    }


async def expect_nothing_written(database: Database) -> None:
    async with database.reading() as connection:
        for table in (appointments, busy_slots, busy_days, event_store, idempotency_keys):
            assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == 0, (
                table
            )


def violations(answer: Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return [(violation["propertyPath"], violation["code"]) for violation in answer.json()["violations"]]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_a_token_nothing_is_answered(service: ServiceClient, method: str, path: str) -> None:
    async with service.as_() as nobody:
        answer = await nobody.request(method, path)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_all_four_roles_may_and_others_may_not(service: ServiceClient, method: str, path: str) -> None:
    for role in ROLES:
        async with service.as_(role) as client:
            answer = await client.request(method, path)
            assert answer.status_code in (200, 404, 422), (role, answer.text)
    async with service.as_("ROLE_GARDENER") as client:
        assert (await client.request(method, path)).status_code == 403


async def test_other_services_may_read_the_log_and_people_may_not(
    service: ServiceClient, visit: Json
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        await admin.post(PATH, json=visit)
        assert (await admin.get("/internal/events")).status_code == 401


async def test_a_booking_is_seen_in_its_window_and_alone(desk: AsyncClient, visit: Json) -> None:
    made = await desk.post(PATH, json=visit | {"notes": "Trae informe\nde alta"})
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    assert made.headers["location"] == f"{PATH}/{made.json()['id']}"
    shown = made.json()
    assert {name: shown[name] for name in shown if name not in ("id", "createdAt", "updatedAt")} == {
        "practitionerId": visit["practitionerId"],
        "patientId": visit["patientId"],
        "patientName": "María José Muñoz García",
        "title": "María José Muñoz García",
        "allDay": False,
        "startsAt": "2026-11-23T10:00:00+01:00",
        "endsAt": "2026-11-23T11:00:00+01:00",
        "type": "appointment",
        "notes": "Trae informe\nde alta",
        "status": "scheduled",
        "statusReason": None,
        "overbookReason": None,
        "seriesId": None,
        "confirmedAt": None,
        "version": 1,
    }
    alone = await desk.get(made.headers["location"])
    assert (alone.json(), alone.headers["etag"]) == (shown, '"1"')
    listed = (await desk.get(PATH, params=MONDAY)).json()
    assert (listed["member"], listed["totalItems"]) == ([shown], 1)
    theirs = (await desk.get(PATH, params={"patientId": str(visit["patientId"])})).json()
    assert theirs["member"] == [shown]
    others = {**MONDAY, "practitionerId": str(uuid4())}
    assert (await desk.get(PATH, params=others)).json()["member"] == []


async def test_a_taken_hour_is_refused_by_name_and_in_the_callers_language(
    desk: AsyncClient, visit: Json
) -> None:
    made = (await desk.post(PATH, json=visit)).json()
    refused = await desk.post(
        PATH, json=visit | {"type": "other", "title": "Reunión"}, headers={"X-App-Locale": "es"}
    )
    assert refused.status_code == 409
    assert refused.json() == {
        "type": "/problems/appointment-overlaps",
        "title": "Una regla lo impide",
        "status": 409,
        "detail": "Esa hora está ocupada: María José Muñoz García, 23/11/2026 10:00–11:00.",
        "instance": PATH,
        "conflict": {
            "appointmentId": made["id"],
            "startsAt": "2026-11-23T10:00:00+01:00",
            "endsAt": "2026-11-23T11:00:00+01:00",
            "title": "María José Muñoz García",
            "with": "practitioner",
        },
    }


async def test_cancelling_frees_the_hour_and_is_done_once(desk: AsyncClient, visit: Json) -> None:
    path = (await desk.post(PATH, json=visit)).headers["location"] + "/cancellation"
    stale = await desk.post(path, json={"reason": "Enferma"}, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    cancelled = await desk.post(path, json={"reason": "Enferma"}, headers={"If-Match": '"1"'})
    assert (cancelled.status_code, cancelled.headers["etag"]) == (200, '"2"')
    assert (cancelled.json()["status"], cancelled.json()["statusReason"]) == ("cancelled", "Enferma")
    assert cancelled.json()["title"] == "María José Muñoz García"
    again = await desk.post(path, json={"reason": "Enferma"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/appointment-not-scheduled")
    assert (await desk.post(PATH, json=visit)).status_code == 201
    statuses = [a["status"] for a in (await desk.get(PATH, params=MONDAY)).json()["member"]]
    assert sorted(statuses) == ["cancelled", "scheduled"]
    unknown = await desk.post(f"{PATH}/{SOMEONE}/cancellation", json={"reason": "x"})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/appointment-not-found")


async def test_the_same_key_answers_the_same_once_and_for_all(desk: AsyncClient, visit: Json) -> None:
    key = {"Idempotency-Key": "a-key"}
    first = await desk.post(PATH, json=visit, headers=key)
    again = await desk.post(PATH, json=visit, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["location"] == first.headers["location"]
    other = await desk.post(PATH, json=visit | {"notes": "x"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert (await desk.get(PATH, params=MONDAY)).json()["totalItems"] == 1


async def test_an_appointment_without_patient_shows_its_title(desk: AsyncClient, visit: Json) -> None:
    made = await desk.post(PATH, json=visit | {"patientId": None, "title": "Formación 🦵 عام"})
    assert (made.json()["title"], made.json()["patientName"]) == ("Formación 🦵 عام", None)


async def test_a_whole_day_is_answered_with_both_offsets_of_its_clock_change(
    desk: AsyncClient, visit: Json
) -> None:
    made = await desk.post(
        PATH, json=visit | {"allDay": True, "startsAt": "2026-10-25", "endsAt": "2026-10-26"}
    )
    assert (made.json()["startsAt"], made.json()["endsAt"]) == (
        "2026-10-25T00:00:00+02:00",
        "2026-10-26T00:00:00+01:00",
    )


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"practitionerId": None}, "practitionerId", "not-an-id"),
        ({"practitionerId": 7}, "practitionerId", "not-an-id"),
        ({"practitionerId": "ana"}, "practitionerId", "not-an-id"),
        ({"practitionerId": SOMEONE}, "practitionerId", "unknown"),
        ({"patientId": 2**63}, "patientId", "not-an-id"),
        ({"patientId": SOMEONE}, "patientId", "unknown"),
        ({"patientId": None}, "title", "title-or-patient"),
        ({"patientId": None, "title": "   "}, "title", "title-or-patient"),
        ({"title": "x" * 256}, "title", "too-long"),
        ({"title": "a\x00b"}, "title", "control-character"),
        ({"title": "a\nb"}, "title", "control-character"),
        ({"title": 7}, "title", "not-text"),
        ({"notes": "x" * 2001}, "notes", "too-long"),
        ({"notes": ["x"]}, "notes", "not-text"),
        ({"allDay": "perhaps"}, "allDay", "not-a-boolean"),
        ({"allDay": 7}, "allDay", "not-a-boolean"),
        ({"type": "gap"}, "type", "not-a-choice"),
        ({"type": None}, "type", "not-a-choice"),
        ({"startsAt": None}, "startsAt", "not-a-datetime"),
        ({"startsAt": 1795856400}, "startsAt", "not-a-datetime"),
        ({"startsAt": "1795856400"}, "startsAt", "not-a-datetime"),
        ({"startsAt": "-1795856400"}, "startsAt", "not-a-datetime"),
        ({"startsAt": 2**63}, "startsAt", "not-a-datetime"),
        ({"startsAt": True}, "startsAt", "not-a-datetime"),
        ({"startsAt": {"at": "10:00"}}, "startsAt", "not-a-datetime"),
        ({"startsAt": "2026-02-29T10:00"}, "startsAt", "not-a-datetime"),
        ({"startsAt": "2026-11-23T24:01"}, "startsAt", "not-a-datetime"),
        ({"startsAt": "2026-11-23T10:00+99:00"}, "startsAt", "not-a-datetime"),
        ({"startsAt": "2026-11-23T10:00 mañana"}, "startsAt", "not-a-datetime"),
        ({"startsAt": "0001-01-01T00:00+14:00"}, "startsAt", "out-of-calendar"),
        ({"endsAt": "9999-12-31T23:59-12:00"}, "endsAt", "out-of-calendar"),
        ({"startsAt": "2026-03-29T02:30", "endsAt": "2026-03-29T04:00"}, "startsAt", "wall-time-skipped"),
        ({"endsAt": "2026-11-23T10:00"}, "endsAt", "ends-before-start"),
        ({"endsAt": "2026-11-23T20:05"}, "endsAt", "lasts-too-long"),
        ({"endsAt": "2026-11-23T10:33"}, "endsAt", "off-the-grid"),
        ({"allDay": True, "endsAt": "2026-11-25"}, "endsAt", "more-than-a-day"),
        ({"surprise": 1}, "surprise", "unknown-field"),
        ({"patientName": "x"}, "patientName", "unknown-field"),
        ({"status": "attended"}, "status", "unknown-field"),
    ],
)
async def test_a_bad_booking_is_refused_by_its_field_and_nothing_is_written(
    desk: AsyncClient, database: Database, visit: Json, change: Json, path: str, code: str
) -> None:
    answer = await desk.post(PATH, json=visit | change, headers={"Idempotency-Key": "k"})
    assert violations(answer) == [(path, code)]
    await expect_nothing_written(database)


async def test_every_missing_field_is_named(desk: AsyncClient, database: Database) -> None:
    assert violations(await desk.post(PATH, json={})) == [
        ("practitionerId", "required"),
        ("startsAt", "required"),
        ("endsAt", "required"),
    ]
    unknown = {"practitionerId": SOMEONE, "patientId": SOMEONE} | {
        "startsAt": "2026-11-23T10:00",
        "endsAt": "2026-11-23T11:00",
    }
    assert violations(await desk.post(PATH, json=unknown)) == [
        ("practitionerId", "unknown"),
        ("patientId", "unknown"),
    ]
    await expect_nothing_written(database)


@pytest.mark.parametrize("path", [PATH, f"{PATH}/{SOMEONE}/cancellation"])
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"title": NaN}', "application/json", 422),
        (b'{"title": "\\ud800"}', "application/json", 422),
        (b'{"startsAt": 1e999}', "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b"", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b'{"notes": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
    ],
)
async def test_what_is_no_json_is_refused(
    desk: AsyncClient, database: Database, path: str, body: bytes, kind: str, status: int
) -> None:
    answer = await desk.post(path, content=body, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    await expect_nothing_written(database)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"reason": "  "}, "required"),
        ({"reason": None}, "not-text"),
        ({"reason": "x" * 501}, "too-long"),
        ({"reason": "a\x07b"}, "control-character"),
    ],
)
async def test_a_cancellation_needs_a_reason(
    desk: AsyncClient, database: Database, visit: Json, body: Json, code: str
) -> None:
    path = (await desk.post(PATH, json=visit)).headers["location"]
    assert violations(await desk.post(f"{path}/cancellation", json=body)) == [("reason", code)]
    assert (await desk.get(path)).json()["status"] == "scheduled"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({}, [("start", "required"), ("end", "required")]),
        ({"start": "2026-11-23"}, [("end", "required")]),
        ({"end": "2026-11-23"}, [("start", "required")]),
        ({"start": "2026-11-24", "end": "2026-11-24"}, [("end", "ends-before-start")]),
        ({"start": "2026-11-24", "end": "2026-11-23"}, [("end", "ends-before-start")]),
        ({"start": "2026-01-01", "end": "2027-01-03"}, [("end", "window-too-long")]),
        ({"start": "yesterday", "end": "2026-11-24"}, [("start", "not-a-datetime")]),
        ({"start": "0", "end": "2026-11-24"}, [("start", "not-a-datetime")]),
        ({"start": "2026-03-29T02:30", "end": "2026-04-01"}, [("start", "wall-time-skipped")]),
        ({"start": "0001-01-01", "end": "2026-11-24"}, [("start", "out-of-calendar")]),
        ({"start": "2026-11-23", "end": "9999-12-31"}, [("end", "out-of-calendar")]),
        (MONDAY | {"practitionerId": "ana"}, [("practitionerId", "not-an-id")]),
        ({"patientId": "maria"}, [("patientId", "not-an-id")]),
        ({"patientId": SOMEONE, "page": "0"}, [("page", "too-small")]),
        ({"patientId": SOMEONE, "page": str(2**63)}, [("page", "too-big")]),
        ({"patientId": SOMEONE, "itemsPerPage": "1000"}, [("itemsPerPage", "too-big")]),
    ],
)
async def test_a_bad_window_is_refused_by_its_field(
    desk: AsyncClient, query: dict[str, str], named: list[tuple[str, str]]
) -> None:
    assert violations(await desk.get(PATH, params=query)) == named


async def test_a_year_is_a_window_and_an_id_that_is_none_is_named(desk: AsyncClient) -> None:
    leap_year = {"start": "2028-01-01", "end": "2029-01-01"}
    assert (await desk.get(PATH, params=leap_year)).json()["member"] == []
    assert violations(await desk.get(f"{PATH}/7")) == [("appointmentId", "not-an-id")]
    assert (await desk.get(f"{PATH}/{SOMEONE}")).json()["type"] == "/problems/appointment-not-found"


async def test_a_patients_appointments_are_paged_with_the_newest_first(
    desk: AsyncClient, visit: Json
) -> None:
    for hour in (9, 12, 11):
        at = {"startsAt": f"2026-11-23T{hour:02}:00", "endsAt": f"2026-11-23T{hour:02}:30"}
        assert (await desk.post(PATH, json=visit | at)).status_code == 201
    page = (await desk.get(PATH, params={"patientId": str(visit["patientId"]), "itemsPerPage": 2})).json()
    assert [a["startsAt"][11:13] for a in page["member"]] == ["12", "11"]
    assert page["totalItems"] == 3
    rest = (await desk.get(page["view"]["next"])).json()
    assert [a["startsAt"][11:13] for a in rest["member"]] == ["09"]


async def test_practitioners_are_listed_with_what_the_calendar_shows(
    desk: AsyncClient, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    listed = (await desk.get("/api/practitioners", params={"itemsPerPage": 200})).json()
    assert listed["member"] == [
        {"id": str(ana), "name": "Ana Ruiz Peña", "colour": "#2563eb", "initials": "AR", "active": True}
    ]
    assert listed["totalItems"] == 1


async def test_the_dashboard_counts_what_is_live_today_in_the_clinic(
    desk: AsyncClient, visit: Json, settings: SchedulingSettings
) -> None:
    clinic_time = settings.clinic_time
    begin, end = clinic_time.day(clinic_time.today(datetime.now(UTC)))

    async def book(starts_at: datetime, **others: object) -> str:
        at = {"startsAt": starts_at.isoformat(), "endsAt": (starts_at + timedelta(minutes=30)).isoformat()}
        made = await desk.post(PATH, json=visit | at | others)
        assert made.status_code == 201, made.text
        return made.headers["location"]

    await book(begin)
    await book(end - timedelta(minutes=30), type="other", title="Reunión")
    await book(end)
    await book(begin - timedelta(minutes=30))
    cancelled = await book(begin + timedelta(hours=3))
    await desk.post(f"{cancelled}/cancellation", json={"reason": "Enferma"})
    answer = await desk.get("/api/stats/appointments")
    assert answer.json() == {"appointmentsToday": 1, "othersToday": 1}


async def test_whoever_was_registered_a_moment_ago_can_be_booked_at_once(
    database: Database,
    settings: SchedulingSettings,
    fetch_keys: Any,
    token_for: Callable[..., str],
    owners_url: str,
    identity: Any,
    patients: Any,
    ana: Json,
    maria: Json,
    visit: Json,
) -> None:
    reachable = settings.model_copy(
        update={"identity_url": f"{owners_url}/identity", "patients_url": f"{owners_url}/patients"}
    )
    async with (
        serving(build_app(reachable, fetch_keys), token_for) as service,
        service.as_("ROLE_RECEPTIONIST") as desk,
    ):
        for number in range(3):
            hour = {"startsAt": f"2026-11-23T1{number}:00", "endsAt": f"2026-11-23T1{number}:30"}
            new = {
                "practitionerId": str(await identity.say("UserCreated", ana)),
                "patientId": str(await patients.say("PatientRegistered", maria)),
            }
            made = await desk.post(PATH, json=hour | new)
            assert made.status_code == 201, made.text
        nobody = await desk.post(PATH, json=visit | {"patientId": SOMEONE})
        assert violations(nobody) == [("patientId", "unknown")]
