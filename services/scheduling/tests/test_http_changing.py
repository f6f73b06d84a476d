"""What can be done to the diary beyond booking, over HTTP: who may, what is refused, what is answered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import event_store
from testkit.service import ServiceClient

Json = dict[str, Any]
NewPerson = Callable[..., Awaitable[UUID]]

ROLES = ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN")
PATH = "/api/appointments"
GAPS = "/api/appointment-gaps"
OFF = "/api/time-off"
SOMEONE = "01890000-0000-7000-8000-00000000000a"
WEEK_GRID = f"/api/practitioners/{SOMEONE}/week-grid"
ROUTES = (
    ("PUT", f"{PATH}/{SOMEONE}"),
    ("PATCH", f"{PATH}/{SOMEONE}"),
    ("DELETE", f"{PATH}/{SOMEONE}"),
    ("POST", f"{GAPS}/generate"),
    ("DELETE", f"{GAPS}/delete-empty"),
    ("GET", WEEK_GRID),
    ("PUT", WEEK_GRID),
    ("GET", OFF),
    ("POST", OFF),
    ("GET", f"{OFF}/{SOMEONE}"),
    ("PUT", f"{OFF}/{SOMEONE}"),
    ("PATCH", f"{OFF}/{SOMEONE}"),
    ("DELETE", f"{OFF}/{SOMEONE}"),
    ("GET", "/api/availability?from=2026-11-23&to=2026-11-24"),
)
ADMIN_ALONE = {("PUT", WEEK_GRID)}
MONDAY = {"start": "2026-11-23", "end": "2026-11-24"}


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


@pytest_asyncio.fixture
async def booked(desk: AsyncClient, visit: Json) -> str:
    """Where a booked visit is."""
    return str((await desk.post(PATH, json=visit)).headers["location"])


def violations(answer: Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return [(violation["propertyPath"], violation["code"]) for violation in answer.json()["violations"]]


def problem(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def told(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(event_store))).scalar_one())


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_every_route_asks_who_calls_and_in_which_role(
    service: ServiceClient, method: str, path: str
) -> None:
    body = None if method in ("GET", "DELETE") else {}
    async with service.as_() as nobody:
        assert problem(await nobody.request(method, path, json=body)) == (401, "not-authenticated")
    async with service.as_("ROLE_GARDENER") as client:
        assert (await client.request(method, path, json=body)).status_code == 403
    for role in ROLES:
        async with service.as_(role) as client:
            answer = await client.request(method, path, json=body)
            refused = (method, path) in ADMIN_ALONE and role != "ROLE_ADMIN"
            assert (answer.status_code == 403) == refused, (role, answer.text)
            assert answer.status_code in (200, 403, 404, 422, 428), answer.text


async def test_a_patch_changes_what_it_sends_and_nothing_else(desk: AsyncClient, booked: str) -> None:
    before = (await desk.get(booked)).json()
    moved = await desk.patch(
        booked,
        json={"startsAt": "2026-11-23T12:00", "endsAt": "2026-11-23T13:00"},
        headers={"If-Match": '"1"'},
    )
    assert (moved.status_code, moved.headers["etag"]) == (200, '"2"')
    later = {"startsAt": "2026-11-23T12:00:00+01:00", "endsAt": "2026-11-23T13:00:00+01:00", "version": 2}
    assert {**before, **later, "updatedAt": moved.json()["updatedAt"]} == moved.json()
    titled = (await desk.patch(booked, json={"title": "Revisión", "notes": "Trae informe"})).json()
    assert (titled["title"], titled["notes"], titled["version"]) == ("Revisión", "Trae informe", 3)
    assert (await desk.patch(booked, json={"title": None})).json()["title"] == "María José Muñoz García"
    assert (await desk.patch(booked, json={})).headers["etag"] == '"4"'
    stale = await desk.patch(booked, json={"title": "x"}, headers={"If-Match": '"1"'})
    assert problem(stale) == (412, "stale")


async def test_a_put_replaces_under_the_version_that_was_read(
    desk: AsyncClient, booked: str, visit: Json
) -> None:
    await desk.patch(booked, json={"notes": "Trae informe"})
    assert problem(await desk.put(booked, json=visit)) == (428, "version-required")
    assert problem(await desk.put(booked, json=visit, headers={"If-Match": '"1"'})) == (412, "stale")
    put = await desk.put(booked, json=visit | {"type": "other"}, headers={"If-Match": '"2"'})
    assert (put.status_code, put.json()["notes"], put.json()["type"]) == (200, None, "other")
    assert put.json()["status"] == "scheduled"
    missing = await desk.put(booked, json={}, headers={"If-Match": '"3"'})
    assert [path for path, _ in violations(missing)] == ["practitionerId", "startsAt", "endsAt"]


async def test_a_move_onto_another_is_refused_by_name(desk: AsyncClient, booked: str, visit: Json) -> None:
    later = {"startsAt": "2026-11-23T12:00", "endsAt": "2026-11-23T13:00"}
    other = (await desk.post(PATH, json=visit | later)).json()
    refused = await desk.patch(booked, json={"endsAt": "2026-11-23T12:05"})
    assert problem(refused) == (409, "appointment-overlaps")
    assert refused.json()["conflict"]["appointmentId"] == other["id"]
    assert (await desk.get(booked)).json()["version"] == 1


async def test_what_became_of_it_is_told_and_taken_back(desk: AsyncClient, booked: str) -> None:
    for body, status, reason in (
        ({"status": "attended"}, "attended", None),
        ({"status": "missed", "statusReason": "No avisó"}, "missed", "No avisó"),
        ({"notes": "Llamar"}, "missed", "No avisó"),
        ({"status": "missed", "statusReason": "Avisó tarde"}, "missed", "Avisó tarde"),
        ({"status": "scheduled"}, "scheduled", None),
        ({"status": "cancelled", "statusReason": "Viaje"}, "cancelled", "Viaje"),
        ({"status": "scheduled"}, "scheduled", None),
    ):
        shown = (await desk.patch(booked, json=body)).json()
        assert (shown["status"], shown["statusReason"]) == (status, reason)
    assert violations(await desk.patch(booked, json={"status": "cancelled"})) == [
        ("statusReason", "required")
    ]
    await desk.patch(booked, json={"status": "attended"})
    for body in ({"status": "cancelled", "statusReason": "x"}, {"endsAt": "2026-11-23T12:00"}):
        assert problem(await desk.patch(booked, json=body)) == (409, "appointment-not-scheduled")
    cancelling = await desk.post(f"{booked}/cancellation", json={"reason": "x"})
    assert problem(cancelling) == (409, "appointment-not-scheduled")


async def test_a_deleted_appointment_is_gone(desk: AsyncClient, booked: str, visit: Json) -> None:
    assert problem(await desk.delete(booked, headers={"If-Match": '"7"'})) == (412, "stale")
    gone = await desk.delete(booked, headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    assert problem(await desk.delete(booked)) == (404, "appointment-not-found")
    assert problem(await desk.get(booked)) == (404, "appointment-not-found")
    assert (await desk.get(PATH, params=MONDAY)).json()["member"] == []
    assert (await desk.post(PATH, json=visit)).status_code == 201


async def test_the_desk_overbooks_with_a_reason_and_a_practitioner_does_not(
    service: ServiceClient, desk: AsyncClient, booked: str, visit: Json
) -> None:
    urgent = visit | {"patientId": None, "title": "Dolor", "overbook": {"reason": "Urgencia"}}
    async with service.as_("ROLE_PRACTITIONER") as practitioner:
        assert problem(await practitioner.post(PATH, json=urgent)) == (403, "not-allowed")
        assert problem(await practitioner.patch(booked, json={"overbook": {"reason": "x"}})) == (
            403,
            "not-allowed",
        )
    assert violations(await desk.post(PATH, json=urgent | {"overbook": {"reason": " "}})) == [
        ("overbook.reason", "required")
    ]
    made = await desk.post(PATH, json=urgent)
    assert (made.status_code, made.json()["overbookReason"]) == (201, "Urgencia")
    assert (await desk.get(made.headers["location"])).json()["overbookReason"] == "Urgencia"
    async with service.as_("ROLE_ADMIN") as admin:
        assert (await admin.post(PATH, json=urgent)).status_code == 201


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"practitionerId": None}, "practitionerId", "not-an-id"),
        ({"practitionerId": SOMEONE}, "practitionerId", "unknown"),
        ({"patientId": SOMEONE}, "patientId", "unknown"),
        ({"patientId": None}, "title", "title-or-patient"),
        ({"startsAt": None}, "startsAt", "not-a-datetime"),
        ({"startsAt": 1795856400}, "startsAt", "not-a-datetime"),
        ({"startsAt": "2026-11-23T11:00"}, "endsAt", "ends-before-start"),
        ({"endsAt": "2026-11-23T20:05"}, "endsAt", "lasts-too-long"),
        ({"endsAt": "2026-11-23T10:33"}, "endsAt", "off-the-grid"),
        ({"endsAt": "2200-01-01T10:00"}, "endsAt", "out-of-calendar"),
        ({"allDay": 7}, "allDay", "not-a-boolean"),
        ({"type": "gap"}, "type", "not-a-choice"),
        ({"status": "gone"}, "status", "not-a-choice"),
        ({"statusReason": "x" * 501, "status": "missed"}, "statusReason", "too-long"),
        ({"status": "attended", "statusReason": "x"}, "statusReason", "reason-without-need"),
        ({"overbook": {}}, "overbook.reason", "required"),
        ({"overbook": {"reason": "x", "force": True}}, "overbook.force", "unknown-field"),
        ({"overbook": "yes"}, "overbook", "not-an-object"),
        ({"version": 1}, "version", "unknown-field"),
        ({"overbookReason": "x"}, "overbookReason", "unknown-field"),
    ],
)
async def test_a_bad_change_is_refused_by_its_field_and_changes_nothing(
    desk: AsyncClient, database: Database, booked: str, change: Json, path: str, code: str
) -> None:
    assert violations(await desk.patch(booked, json=change)) == [(path, code)]
    assert (await told(database)) == 1
    assert (await desk.get(booked)).json()["version"] == 1


async def test_gaps_are_generated_listed_consumed_and_deleted(desk: AsyncClient, visit: Json) -> None:
    ana = visit["practitionerId"]
    generated = await desk.post(f"{GAPS}/generate", json=MONDAY | {"practitionerId": ana})
    assert (generated.status_code, generated.json()) == (201, {"count": 6, "warning": None})
    listed = (await desk.get(PATH, params=MONDAY)).json()["member"]
    assert {name: listed[1][name] for name in listed[1] if name not in ("id", "createdAt", "updatedAt")} == {
        "practitionerId": ana,
        "patientId": None,
        "patientName": None,
        "title": "",
        "allDay": False,
        "startsAt": "2026-11-23T10:00:00+01:00",
        "endsAt": "2026-11-23T11:00:00+01:00",
        "type": "gap",
        "notes": None,
        "status": "scheduled",
        "statusReason": None,
        "overbookReason": None,
        "seriesId": None,
        "confirmedAt": None,
        "version": 1,
    }
    assert (await desk.get(f"{PATH}/{listed[1]['id']}")).json() == listed[1]
    assert (await desk.post(PATH, json=visit)).status_code == 201
    kinds = [a["type"] for a in (await desk.get(PATH, params=MONDAY)).json()["member"]]
    assert kinds == ["gap", "appointment", "gap", "gap", "gap", "gap"]
    theirs = (await desk.get(PATH, params={"patientId": visit["patientId"]})).json()["member"]
    assert [a["type"] for a in theirs] == ["appointment"]
    assert (await desk.get("/api/stats/appointments")).status_code == 200
    again = await desk.post(f"{GAPS}/generate", json=MONDAY | {"practitionerId": ana})
    assert problem(again) == (409, "appointment-overlaps")
    deleted = await desk.delete(f"{GAPS}/delete-empty", params=MONDAY | {"practitionerId": ana})
    assert (deleted.status_code, deleted.json()) == (200, {"count": 5})


async def test_gaps_in_the_way_and_empty_days_are_told(desk: AsyncClient, visit: Json) -> None:
    wanted = MONDAY | {"practitionerId": visit["practitionerId"]}
    assert (await desk.post(f"{GAPS}/generate", json=wanted)).status_code == 201
    again = await desk.post(f"{GAPS}/generate", json=wanted, headers={"X-App-Locale": "es"})
    assert problem(again) == (409, "gaps-in-the-way")
    assert again.json()["detail"] == "Ya hay huecos en ese tiempo: 23/11/2026 09:00–10:00."
    weekend = wanted | {"start": "2026-11-21", "end": "2026-11-23"}
    closed = await desk.post(f"{GAPS}/generate", json=weekend, headers={"X-App-Locale": "es"})
    assert (closed.status_code, closed.json()) == (
        200,
        {"count": 0, "warning": "La plantilla semanal no ofrece nada en esos días."},
    )
    in_body = await desk.request("DELETE", f"{GAPS}/delete-empty", json=wanted)
    assert in_body.json() == {"count": 6}


async def test_the_same_generation_sent_twice_is_done_once(desk: AsyncClient, visit: Json) -> None:
    wanted = MONDAY | {"practitionerId": visit["practitionerId"]}
    key = {"Idempotency-Key": "gaps"}
    answers = [await desk.post(f"{GAPS}/generate", json=wanted, headers=key) for _ in range(2)]
    assert [(a.status_code, a.json()["count"]) for a in answers] == [(201, 6)] * 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"start": None}, [("start", "not-a-datetime")]),
        ({"start": 7}, [("start", "not-a-datetime")]),
        ({"practitionerId": "ana"}, [("practitionerId", "not-an-id")]),
        ({"practitionerId": SOMEONE}, [("practitionerId", "unknown")]),
        ({"end": "2026-11-23"}, [("end", "ends-before-start")]),
        ({"end": "2026-11-22"}, [("end", "ends-before-start")]),
        ({"end": "2026-12-24T00:05"}, [("end", "window-too-long")]),
        ({"start": "0001-01-01"}, [("start", "out-of-calendar")]),
        ({"end": "9999-12-31"}, [("end", "out-of-calendar")]),
        ({"count": 3}, [("count", "unknown-field")]),
    ],
)
async def test_a_bad_range_of_gaps_is_refused_by_its_field(
    desk: AsyncClient, database: Database, visit: Json, change: Json, named: list[tuple[str, str]]
) -> None:
    wanted = MONDAY | {"practitionerId": visit["practitionerId"]} | change
    assert violations(await desk.post(f"{GAPS}/generate", json=wanted)) == named
    if named[0][1] != "unknown":
        assert violations(await desk.request("DELETE", f"{GAPS}/delete-empty", json=wanted)) == named
    assert await told(database) == 0
    assert violations(await desk.delete(f"{GAPS}/delete-empty", params={"start": "2026-11-23"})) == [
        ("practitionerId", "required"),
        ("end", "required"),
    ]


async def test_a_week_grid_is_changed_by_an_admin_or_the_practitioner_herself(
    service: ServiceClient, desk: AsyncClient, visit: Json
) -> None:
    path = f"/api/practitioners/{visit['practitionerId']}/week-grid"
    shown = await desk.get(path)
    assert (shown.headers["etag"], shown.json()["version"]) == ('"1"', 1)
    assert shown.json()["thursday"] == ["09:00-10:00", "10:00-11:00", "11:00-12:00", "15:00-16:00"]
    mine = {"monday": ["16:00-17:00", "09:30-10:15"], "sunday": []}
    for role in ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER"):
        async with service.as_(role) as other:
            assert problem(await other.put(path, json=mine, headers={"If-Match": '"1"'})) == (
                403,
                "not-allowed",
            )
    async with service.as_("ROLE_PRACTITIONER", user_id=visit["practitionerId"]) as ana:
        assert problem(await ana.put(path, json=mine)) == (428, "version-required")
        put = await ana.put(path, json=mine, headers={"If-Match": '"1"'})
        assert (put.status_code, put.headers["etag"]) == (200, '"2"')
        assert put.json() == (await desk.get(path)).json()
        assert put.json()["monday"] == ["09:30-10:15", "16:00-17:00"]
        assert put.json()["tuesday"] == []
    async with service.as_("ROLE_ADMIN") as admin:
        assert problem(await admin.put(path, json=mine, headers={"If-Match": '"1"'})) == (412, "stale")
        assert (await admin.put(path, json={}, headers={"If-Match": '"2"'})).status_code == 200
        for body, named in (
            ({"monday": ["09:00-10:00", "9-10"]}, [("monday.1", "grid-slot-malformed")]),
            ({"friday": ["09:00-10:00", "09:30-10:30"]}, [("friday.1", "grid-slot-overlaps")]),
            ({"friday": ["x" * 21]}, [("friday.0", "too-long")]),
            ({"friday": [""]}, [("friday.0", "required")]),
            ({"friday": [9]}, [("friday.0", "not-text")]),
            ({"friday": "09:00-10:00"}, [("friday", "not-a-list")]),
            ({"friday": ["09:00-10:00"] * 49}, [("friday", "too-many")]),
            ({"someday": []}, [("someday", "unknown-field")]),
        ):
            assert violations(await admin.put(path, json=body, headers={"If-Match": '"3"'})) == named
        nobody = f"/api/practitioners/{SOMEONE}/week-grid"
        assert problem(await admin.put(nobody, json=mine, headers={"If-Match": '"1"'})) == (
            404,
            "practitioner-not-found",
        )
        assert problem(await admin.get(nobody)) == (404, "practitioner-not-found")


async def test_a_malformed_entry_is_named_in_the_callers_language(
    service: ServiceClient, visit: Json
) -> None:
    path = f"/api/practitioners/{visit['practitionerId']}/week-grid"
    async with service.as_("ROLE_ADMIN") as admin:
        refused = await admin.put(
            path, json={"monday": ["{a} 9-10"]}, headers={"If-Match": '"1"', "X-App-Locale": "es"}
        )
    assert refused.json()["violations"][0]["message"] == (
        "«{a} 9-10» no es un tramo como 09:00-10:00, en múltiplos de cinco minutos."
    )


async def test_time_off_is_planned_shown_changed_and_deleted(desk: AsyncClient, visit: Json) -> None:
    ana = visit["practitionerId"]
    leave = {
        "practitionerId": ana,
        "title": "Boda",
        "allDay": True,
        "startsAt": "2026-11-23",
        "endsAt": "2026-11-25",
    }
    made = await desk.post(OFF, json=leave)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert {name: made.json()[name] for name in (*leave, "version")} == leave | {
        "startsAt": "2026-11-23T00:00:00+01:00",
        "endsAt": "2026-11-25T00:00:00+01:00",
        "version": 1,
    }
    path = made.headers["location"]
    assert (await desk.get(path)).json() == made.json()
    refused = await desk.post(PATH, json=visit, headers={"X-App-Locale": "es"})
    assert problem(refused) == (409, "during-time-off")
    assert refused.json()["conflict"]["timeOffId"] == made.json()["id"]
    assert refused.json()["detail"] == "No hay nadie a esa hora: Boda, 23/11/2026 00:00–25/11/2026 00:00."
    closed = (await desk.post(OFF, json=leave | {"practitionerId": None, "title": None})).json()
    for query, ids in (
        ({}, {made.json()["id"], closed["id"]}),
        (MONDAY | {"practitionerId": ana}, {made.json()["id"], closed["id"]}),
        ({"practitionerId": str(uuid4())}, {closed["id"]}),
        ({"start": "2026-11-25"}, set()),
        ({"end": "2026-11-23"}, set()),
    ):
        assert {o["id"] for o in (await desk.get(OFF, params=query)).json()["member"]} == ids, query
    assert problem(await desk.put(path, json=leave)) == (428, "version-required")
    put = await desk.put(path, json=leave | {"endsAt": "2026-11-24"}, headers={"If-Match": '"1"'})
    assert put.json()["endsAt"] == "2026-11-24T00:00:00+01:00"
    assert problem(await desk.patch(path, json={}, headers={"If-Match": '"1"'})) == (412, "stale")
    patched = await desk.patch(path, json={"title": "Viaje"})
    assert (patched.json()["title"], patched.json()["version"]) == ("Viaje", 3)
    for gone in (path, f"{OFF}/{closed['id']}"):
        assert (await desk.delete(gone)).status_code == 204
        assert problem(await desk.get(gone)) == (404, "time-off-not-found")
    assert (await desk.post(PATH, json=visit)).status_code == 201


async def test_practitioners_plan_their_own_time_off_and_nobody_elses(
    service: ServiceClient, desk: AsyncClient, visit: Json, new_practitioner: NewPerson
) -> None:
    leave = {"startsAt": "2026-11-23", "endsAt": "2026-11-23", "allDay": True}
    luis = str(await new_practitioner(name="Luis Gil"))
    his = (await desk.post(OFF, json=leave | {"practitionerId": luis})).headers["location"]
    async with service.as_("ROLE_PRACTITIONER", user_id=visit["practitionerId"]) as ana:
        for whose in (None, luis):
            assert problem(await ana.post(OFF, json=leave | {"practitionerId": whose})) == (
                403,
                "not-allowed",
            )
        mine = await ana.post(OFF, json=leave | {"practitionerId": visit["practitionerId"]})
        assert mine.status_code == 201
        assert problem(await ana.patch(mine.headers["location"], json={"practitionerId": None})) == (
            403,
            "not-allowed",
        )
        assert problem(await ana.patch(his, json={"practitionerId": visit["practitionerId"]})) == (
            403,
            "not-allowed",
        )
        assert problem(await ana.delete(his)) == (403, "not-allowed")
        assert (await ana.delete(mine.headers["location"])).status_code == 204


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"startsAt": None}, [("startsAt", "not-a-datetime")]),
        ({"endsAt": "2026-11-22"}, [("endsAt", "ends-before-start")]),
        ({"endsAt": "2027-11-26"}, [("endsAt", "window-too-long")]),
        ({"endsAt": "2200-01-01"}, [("endsAt", "out-of-calendar")]),
        ({"allDay": False, "endsAt": "2026-11-23T00:01"}, [("endsAt", "off-the-grid")]),
        ({"practitionerId": SOMEONE}, [("practitionerId", "unknown")]),
        ({"practitionerId": 7}, [("practitionerId", "not-an-id")]),
        ({"title": "x" * 256}, [("title", "too-long")]),
        ({"reason": "x"}, [("reason", "unknown-field")]),
    ],
)
async def test_bad_time_off_is_refused_by_its_field(
    desk: AsyncClient, database: Database, change: Json, named: list[tuple[str, str]]
) -> None:
    leave = {"startsAt": "2026-11-23", "endsAt": "2026-11-23", "allDay": True}
    assert violations(await desk.post(OFF, json=leave | change)) == named
    assert await told(database) == 0


async def test_free_starts_are_answered_at_the_clinics_offset(desk: AsyncClient, visit: Json) -> None:
    await desk.post(PATH, json=visit)
    asked = {"practitionerId": visit["practitionerId"], "from": "2026-11-23", "to": "2026-11-24"}
    free = (await desk.get("/api/availability", params=asked)).json()
    assert [start["startsAt"][11:16] for start in free["member"]] == [
        "09:00",
        "11:00",
        "12:00",
        "14:00",
        "15:00",
    ]
    assert free["member"][0] == {
        "practitionerId": visit["practitionerId"],
        "startsAt": "2026-11-23T09:00:00+01:00",
        "endsAt": "2026-11-23T10:00:00+01:00",
    }
    assert free["totalItems"] == 5
    half = (await desk.get("/api/availability", params=asked | {"minutes": 120})).json()
    assert [start["startsAt"][11:16] for start in half["member"]] == ["11:00", "14:00"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"from": None}, [("from", "required")]),
        ({"to": None}, [("to", "required")]),
        ({"to": "2026-11-23"}, [("to", "ends-before-start")]),
        ({"to": "2027-03-01"}, [("to", "window-too-long")]),
        ({"from": "0001-01-01"}, [("from", "out-of-calendar")]),
        ({"from": "2026-03-29T02:30"}, [("from", "wall-time-skipped")]),
        ({"minutes": "7"}, [("minutes", "off-the-grid")]),
        ({"minutes": "0"}, [("minutes", "too-small")]),
        ({"minutes": "605"}, [("minutes", "lasts-too-long")]),
        ({"minutes": "1e9"}, [("minutes", "not-a-number")]),
        ({"practitionerId": "ana"}, [("practitionerId", "not-an-id")]),
    ],
)
async def test_a_bad_question_for_availability_is_refused_by_its_field(
    desk: AsyncClient, change: Json, named: list[tuple[str, str]]
) -> None:
    asked = {"from": "2026-11-23", "to": "2026-11-24"} | change
    params = {name: value for name, value in asked.items() if value is not None}
    assert violations(await desk.get("/api/availability", params=params)) == named


async def test_availability_of_nobody_is_not_found(desk: AsyncClient) -> None:
    asked = {"practitionerId": SOMEONE, "from": "2026-11-23", "to": "2026-11-24"}
    answer = await desk.get("/api/availability", params=asked)
    assert problem(answer) == (404, "practitioner-not-found")


@pytest.mark.parametrize(("method", "path"), [(m, p) for m, p in ROUTES if m in ("PUT", "PATCH", "POST")])
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"title": NaN}', "application/json", 422),
        (b'{"title": "\\ud800"}', "application/json", 422),
        (b"[" * 10_000, "application/json", 422),
        (b"null", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b'{"notes": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
    ],
)
async def test_what_is_no_json_is_refused_everywhere(
    service: ServiceClient, method: str, path: str, body: bytes, kind: str, status: int
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.request(
            method, path, content=body, headers={"Content-Type": kind, "If-Match": '"1"'}
        )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
