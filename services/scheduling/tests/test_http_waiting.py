"""The waiting list over HTTP: who may, what is refused, what is answered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from scheduling.adapters.tables import appointments, busy_slots, waiting_entries
from scheduling.main import SchedulingSettings, build_app
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store, idempotency_keys
from testkit.service import ServiceClient, serving

Json = dict[str, Any]
Hear = Callable[..., Awaitable[UUID]]
NewPerson = Callable[..., Awaitable[UUID]]
Sound = Callable[[], Awaitable[None]]

ROLES = ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN")
PATH = "/api/waiting-list"
SOMEONE = "01890000-0000-7000-8000-00000000000a"
ROUTES = (
    ("GET", PATH),
    ("POST", PATH),
    ("GET", f"{PATH}/matches?practitionerId={SOMEONE}&startsAt=2026-11-23T10:00&endsAt=2026-11-23T11:00"),
    ("GET", f"{PATH}/{SOMEONE}"),
    ("PUT", f"{PATH}/{SOMEONE}"),
    ("PATCH", f"{PATH}/{SOMEONE}"),
    ("DELETE", f"{PATH}/{SOMEONE}"),
    ("POST", f"{PATH}/{SOMEONE}/booking"),
)
DESKS = 12


@pytest_asyncio.fixture
async def desk(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with service.as_("ROLE_RECEPTIONIST") as client:
        yield client


@pytest_asyncio.fixture
async def wish(new_patient: NewPerson) -> Json:
    """What can be waited for."""
    return {
        "patientId": str(await new_patient()),
        "weekdays": ["wednesday", "monday"],
        "from": "09:00",
        "to": "24:00",
        "minutes": 60,
    }


async def added(desk: AsyncClient, wish: Json, **others: object) -> Json:
    answer = await desk.post(PATH, json=wish | others)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def expect_nothing_written(database: Database) -> None:
    async with database.reading() as connection:
        for table in (waiting_entries, appointments, busy_slots, event_store, idempotency_keys):
            assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == 0


def violations(answer: Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return [(violation["propertyPath"], violation["code"]) for violation in answer.json()["violations"]]


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_a_token_nothing_is_answered(service: ServiceClient, method: str, path: str) -> None:
    async with service.as_() as nobody:
        assert problem(await nobody.request(method, path)) == (401, "not-authenticated")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_all_four_roles_may_and_others_may_not(service: ServiceClient, method: str, path: str) -> None:
    for role in ROLES:
        async with service.as_(role) as client:
            answer = await client.request(method, path)
            assert answer.status_code in (200, 404, 422), (role, answer.text)
    async with service.as_("ROLE_GARDENER") as client:
        assert problem(await client.request(method, path)) == (403, "not-allowed")


async def test_who_waits_is_answered_with_whom_to_call(
    desk: AsyncClient, wish: Json, new_practitioner: NewPerson
) -> None:
    ana = str(await new_practitioner())
    more = {"practitionerId": ana, "until": "2199-12-18", "notes": "Mejor\npor la mañana 🦵"}
    made = await desk.post(PATH, json=wish | more)
    assert made.status_code == 201, made.text
    shown = made.json()
    assert (made.headers["etag"], made.headers["location"]) == ('"1"', f"{PATH}/{shown['id']}")
    assert {name: shown[name] for name in shown if name not in ("id", "createdAt", "updatedAt")} == {
        **wish,
        **more,
        "weekdays": ["monday", "wednesday"],
        "patientName": "María José Muñoz García",
        "phone": "+34 600 11 22 33",
        "status": "waiting",
        "appointmentId": None,
        "version": 1,
    }
    alone = await desk.get(made.headers["location"])
    assert (alone.json(), alone.headers["etag"]) == (shown, '"1"')
    listed = (await desk.get(PATH)).json()
    assert (listed["member"], listed["totalItems"]) == ([shown], 1)


async def test_the_list_is_paged_with_who_waits_longest_first_and_filtered_by_what_became_of_them(
    desk: AsyncClient, database: Database, wish: Json, new_practitioner: NewPerson
) -> None:
    ana = str(await new_practitioner())
    ids = [(await added(desk, wish, minutes=minutes))["id"] for minutes in (30, 60, 90, 120)]
    place = {"practitionerId": ana, "startsAt": "2026-11-23T10:00"}
    assert (await desk.post(f"{PATH}/{ids[0]}/booking", json=place)).status_code == 201
    assert (await desk.delete(f"{PATH}/{ids[1]}")).status_code == 204
    past = waiting_entries.update().where(waiting_entries.c.id == UUID(ids[2]))
    async with database.writing() as connection:
        await connection.execute(past.values(until=date(2020, 1, 1)))
        await connection.commit()

    async def listed(status: str | None, **page: object) -> list[str]:
        params = page | ({"status": status} if status else {})
        answer = (await desk.get(PATH, params=params)).json()
        assert all(status in ("all", None, one["status"]) for one in answer["member"])
        return [one["id"] for one in answer["member"]]

    for status, found in (("booked", 0), ("withdrawn", 1), ("expired", 2), ("waiting", 3), (None, 3)):
        assert await listed(status) == [ids[found]]
    assert await listed("all") == ids
    assert await listed("all", itemsPerPage=3, page=2) == ids[3:]
    shown = [one["status"] for one in (await desk.get(PATH, params={"status": "all"})).json()["member"]]
    assert shown == ["booked", "withdrawn", "expired", "waiting"]
    assert violations(await desk.get(PATH, params={"status": "patient"})) == [("status", "not-a-choice")]
    again = await desk.patch(f"{PATH}/{ids[2]}", json={"until": "2199-01-01"})
    assert again.json()["status"] == "waiting"
    expired = await desk.patch(f"{PATH}/{ids[2]}", json={"until": "2020-01-01"})
    assert violations(expired) == [("until", "day-is-past")]


async def test_the_list_is_narrowed_to_whom_a_practitioners_time_would_do_and_to_one_patient(
    desk: AsyncClient, wish: Json, new_practitioner: NewPerson, new_patient: NewPerson
) -> None:
    ana, luis = str(await new_practitioner()), str(await new_practitioner())
    anybodys = await added(desk, wish)
    anas = await added(desk, wish, practitionerId=ana, patientId=str(await new_patient()))
    luiss = await added(desk, wish, practitionerId=luis)

    async def listed(**asked: str) -> list[str]:
        answer = await desk.get(PATH, params=asked)
        assert answer.status_code == 200, answer.text
        assert answer.json()["totalItems"] == len(answer.json()["member"])
        return [entry["id"] for entry in answer.json()["member"]]

    assert await listed(practitionerId=ana) == [anybodys["id"], anas["id"]]
    assert await listed(patientId=wish["patientId"]) == [anybodys["id"], luiss["id"]]
    assert await listed(practitionerId=ana, patientId=wish["patientId"]) == [anybodys["id"]]


async def test_free_time_lists_those_whom_it_suits(
    desk: AsyncClient, wish: Json, new_practitioner: NewPerson
) -> None:
    ana, luis = str(await new_practitioner()), str(await new_practitioner(name="Luis Gil"))
    with_luis = await added(desk, wish, practitionerId=luis)
    short = await added(desk, wish, minutes=30)
    monday = {"startsAt": "2026-11-23T10:00", "endsAt": "2026-11-23T11:00"}
    found = await desk.get(f"{PATH}/matches", params=monday | {"practitionerId": luis})
    assert found.json()["member"] == [with_luis, short]
    assert found.json()["totalItems"] == 2
    others = await desk.get(f"{PATH}/matches", params=monday | {"practitionerId": ana})
    assert others.json()["member"] == [short]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"practitionerId": None}, [("practitionerId", "required")]),
        ({"practitionerId": "ana"}, [("practitionerId", "not-an-id")]),
        ({"startsAt": None}, [("startsAt", "required")]),
        ({"endsAt": "soon"}, [("endsAt", "not-a-datetime")]),
        ({"endsAt": "2026-11-23T10:00"}, [("endsAt", "ends-before-start")]),
        ({"endsAt": "2026-11-24T10:05"}, [("endsAt", "window-too-long")]),
        ({"startsAt": "2026-03-29T02:30"}, [("startsAt", "wall-time-skipped")]),
        ({"startsAt": "0001-01-01"}, [("startsAt", "out-of-calendar")]),
    ],
)
async def test_bad_free_time_is_refused_by_its_field(
    desk: AsyncClient, change: Json, named: list[tuple[str, str]]
) -> None:
    asked = {"practitionerId": SOMEONE, "startsAt": "2026-11-23T10:00", "endsAt": "2026-11-23T11:00"} | change
    params = {name: value for name, value in asked.items() if value is not None}
    assert violations(await desk.get(f"{PATH}/matches", params=params)) == named


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"patientId": None}, "patientId", "not-an-id"),
        ({"patientId": SOMEONE}, "patientId", "unknown"),
        ({"practitionerId": SOMEONE}, "practitionerId", "unknown"),
        ({"practitionerId": 7}, "practitionerId", "not-an-id"),
        ({"weekdays": []}, "weekdays", "too-few"),
        ({"weekdays": None}, "weekdays", "not-a-list"),
        ({"weekdays": ["monday"] * 8}, "weekdays", "too-many"),
        ({"weekdays": ["lunes"]}, "weekdays.0", "not-a-choice"),
        ({"from": "9:00"}, "from", "not-a-clock-time"),
        ({"from": "09:02"}, "from", "not-a-clock-time"),
        ({"from": "٠٩:00"}, "from", "not-a-clock-time"),
        ({"from": ""}, "from", "required"),
        ({"from": 9}, "from", "not-text"),
        ({"to": "24:05"}, "to", "not-a-clock-time"),
        ({"to": "09:00"}, "to", "ends-before-start"),
        ({"to": None}, "to", "not-text"),
        ({"minutes": 0}, "minutes", "too-small"),
        ({"minutes": 33}, "minutes", "off-the-grid"),
        ({"minutes": 605}, "minutes", "lasts-too-long"),
        ({"minutes": 2**63}, "minutes", "too-big"),
        ({"minutes": "an hour"}, "minutes", "not-a-number"),
        ({"to": "09:55"}, "minutes", "longer-than-hours"),
        ({"until": "2020-01-01"}, "until", "day-is-past"),
        ({"until": "0001-01-01"}, "until", "day-is-past"),
        ({"until": "2026-02-30"}, "until", "not-a-date"),
        ({"until": 1795856400}, "until", "not-a-date"),
        ({"notes": "x" * 2001}, "notes", "too-long"),
        ({"notes": "a\x00b"}, "notes", "control-character"),
        ({"notes": "\ud800"}, "", "not-json"),
        ({"status": "waiting"}, "status", "unknown-field"),
        ({"phone": "1"}, "phone", "unknown-field"),
    ],
)
async def test_a_bad_wish_is_refused_by_its_field_and_nothing_is_written(
    desk: AsyncClient, database: Database, wish: Json, change: Json, path: str, code: str
) -> None:
    if code == "not-json":
        answer = await desk.post(
            PATH, content=b'{"notes": "\\ud800"}', headers={"Content-Type": "application/json"}
        )
    else:
        answer = await desk.post(PATH, json=wish | change, headers={"Idempotency-Key": "k"})
    assert violations(answer) == [(path, code)]
    await expect_nothing_written(database)


async def test_every_missing_field_is_named_in_the_callers_language(
    desk: AsyncClient, wish: Json, database: Database
) -> None:
    names = ("patientId", "weekdays", "from", "to", "minutes")
    assert violations(await desk.post(PATH, json={})) == [(name, "required") for name in names]
    for locale, sentence in (
        ("es", "Debe ser una hora como 09:30, en múltiplos de cinco minutos."),
        ("en", "Must be a time like 09:30, in whole five minutes."),
    ):
        refused = await desk.post(PATH, json=wish | {"to": "noon"}, headers={"X-App-Locale": locale})
        assert refused.json()["violations"][0]["message"] == sentence
    await expect_nothing_written(database)


async def test_an_entry_is_replaced_under_its_version_and_merged_without(
    desk: AsyncClient, wish: Json, new_patient: NewPerson
) -> None:
    path = f"{PATH}/{(await added(desk, wish, notes='Rodilla'))['id']}"
    assert (await desk.put(path, json=wish)).status_code == 428
    assert problem(await desk.put(path, json=wish, headers={"If-Match": '"7"'})) == (412, "stale")
    replaced = await desk.put(path, json=wish, headers={"If-Match": '"1"'})
    assert (replaced.status_code, replaced.headers["etag"], replaced.json()["notes"]) == (200, '"2"', None)
    merged = await desk.patch(path, json={"to": "12:00", "weekdays": ["sunday"]})
    assert (merged.json()["from"], merged.json()["to"]) == ("09:00", "12:00")
    assert (merged.json()["weekdays"], merged.json()["minutes"]) == (["sunday"], 60)
    assert violations(await desk.patch(path, json={"to": "08:00"})) == [("to", "ends-before-start")]
    assert problem(await desk.patch(path, json={"minutes": 5}, headers={"If-Match": '"1"'}))[0] == 412
    assert violations(await desk.patch(path, json={"status": "booked"})) == [("status", "not-a-choice")]
    other = str(await new_patient(fullName="Otra Persona", phone=None))
    given = (await desk.patch(path, json={"patientId": other})).json()
    assert (given["patientName"], given["phone"]) == ("Otra Persona", None)
    assert problem(await desk.get(f"{PATH}/{SOMEONE}")) == (404, "waiting-entry-not-found")
    assert violations(await desk.get(f"{PATH}/7")) == [("entryId", "not-an-id")]


async def test_withdrawing_is_undone_by_waiting_again(desk: AsyncClient, wish: Json) -> None:
    entry = await added(desk, wish)
    path = f"{PATH}/{entry['id']}"
    assert (await desk.delete(path, headers={"If-Match": '"7"'})).status_code == 412
    assert (await desk.delete(path, headers={"If-Match": '"1"'})).status_code == 204
    assert problem(await desk.delete(path)) == (409, "not-waiting")
    assert problem(await desk.patch(path, json={"minutes": 5})) == (409, "not-waiting")
    again = (await desk.patch(path, json={"status": "waiting"})).json()
    assert (again["status"], again["createdAt"]) == ("waiting", entry["createdAt"])
    assert (again["version"], (await desk.patch(path, json={"status": "waiting"})).json()["version"]) == (
        3,
        3,
    )


async def test_one_call_books_from_the_list(
    desk: AsyncClient, database: Database, wish: Json, new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    ana = str(await new_practitioner())
    entry = await added(desk, wish, notes="Rodilla", minutes=45)
    path = f"{PATH}/{entry['id']}"
    place = {"practitionerId": ana, "startsAt": "2026-11-23T10:00"}
    stale = await desk.post(f"{path}/booking", json=place, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    booked = await desk.post(f"{path}/booking", json=place, headers={"If-Match": '"1"'})
    assert booked.status_code == 201, booked.text
    visit = booked.json()
    assert booked.headers["location"] == f"/api/appointments/{visit['id']}"
    assert (visit["title"], visit["endsAt"], visit["notes"]) == (
        "María José Muñoz García",
        "2026-11-23T10:45:00+01:00",
        None,
    )
    assert (await desk.get(booked.headers["location"])).json() == visit
    now = (await desk.get(path)).json()
    assert (now["status"], now["appointmentId"], now["version"]) == ("booked", visit["id"], 2)
    for locale, sentence in (("en", "waits no more"), ("es", "ya no espera")):
        refused = await desk.post(f"{path}/booking", json=place, headers={"X-App-Locale": locale})
        assert problem(refused) == (409, "not-waiting")
        assert sentence in refused.json()["detail"]
    cancelled = await desk.post(f"{booked.headers['location']}/cancellation", json={"reason": "Enferma"})
    assert cancelled.status_code == 200
    assert (await desk.get(path)).json() == now
    again = (await desk.patch(path, json={"status": "waiting"})).json()
    assert (again["status"], again["appointmentId"]) == ("waiting", None)
    async with database.reading() as connection:
        audited = (await connection.execute(select(audit_trail.c.entity_type, audit_trail.c.operation))).all()
        told = (await connection.execute(select(event_store.c.name, event_store.c.payload))).all()
    assert [tuple(row) for row in audited].count(("WaitingEntry", "updated")) == 2
    assert {row.name for row in told} >= {
        "scheduling.waiting-entry-added.v1",
        "scheduling.waiting-entry-booked.v1",
        "scheduling.waiting-entry-restored.v1",
    }
    assert "Rodilla" not in str(told)
    await expect_sound()


async def test_the_same_key_books_and_adds_once(
    desk: AsyncClient, wish: Json, new_practitioner: NewPerson
) -> None:
    key = {"Idempotency-Key": "a-key"}
    first, again = [await desk.post(PATH, json=wish, headers=key) for _ in range(2)]
    assert (again.status_code, again.content) == (201, first.content)
    place = {"practitionerId": str(await new_practitioner()), "startsAt": "2026-11-23T10:00"}
    key = {"Idempotency-Key": "another-key"}
    path = f"{first.headers['location']}/booking"
    first, again = [await desk.post(path, json=place, headers=key) for _ in range(2)]
    assert (again.status_code, again.content) == (201, first.content)
    assert (await desk.get(PATH, params={"status": "all"})).json()["totalItems"] == 1


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"practitionerId": SOMEONE}, [("practitionerId", "unknown")]),
        ({"practitionerId": None}, [("practitionerId", "not-an-id")]),
        ({"startsAt": "2026-11-23T10:02"}, [("startsAt", "off-the-grid")]),
        ({"startsAt": "2026-03-29T02:30"}, [("startsAt", "wall-time-skipped")]),
        ({"startsAt": 7}, [("startsAt", "not-a-datetime")]),
        ({"endsAt": "2026-11-23T12:00"}, [("endsAt", "unknown-field")]),
    ],
)
async def test_a_bad_place_is_refused_by_its_field_and_the_patient_waits_on(
    desk: AsyncClient, wish: Json, new_practitioner: NewPerson, change: Json, named: list[tuple[str, str]]
) -> None:
    place = {"practitionerId": str(await new_practitioner()), "startsAt": "2026-11-23T10:00"}
    path = f"{PATH}/{(await added(desk, wish))['id']}"
    assert violations(await desk.post(f"{path}/booking", json=place | change)) == named
    assert (await desk.get(path)).json()["status"] == "waiting"


async def test_a_taken_place_is_refused_with_what_is_in_the_way(
    desk: AsyncClient, wish: Json, new_practitioner: NewPerson
) -> None:
    place = {"practitionerId": str(await new_practitioner()), "startsAt": "2026-11-23T10:00"}
    first, other = await added(desk, wish), await added(desk, wish, minutes=30)
    visit = (await desk.post(f"{PATH}/{first['id']}/booking", json=place)).json()
    refused = await desk.post(f"{PATH}/{other['id']}/booking", json=place)
    assert problem(refused) == (409, "appointment-overlaps")
    assert refused.json()["conflict"]["appointmentId"] == visit["id"]


async def test_whoever_was_registered_a_moment_ago_can_wait_at_once(
    database: Database,
    settings: SchedulingSettings,
    fetch_keys: Any,
    token_for: Callable[..., str],
    owners_url: str,
    patients: Any,
    maria: Json,
    wish: Json,
) -> None:
    reachable = settings.model_copy(
        update={"identity_url": f"{owners_url}/identity", "patients_url": f"{owners_url}/patients"}
    )
    async with (
        serving(build_app(reachable, fetch_keys), token_for) as service,
        service.as_("ROLE_RECEPTIONIST") as desk,
    ):
        new = str(await patients.say("PatientRegistered", maria))
        await added(desk, wish, patientId=new)


@pytest.mark.slow
@pytest.mark.parametrize("same_place", [True, False])
async def test_one_waiting_patient_booked_by_many_desks_is_booked_once(
    service: ServiceClient,
    desk: AsyncClient,
    wish: Json,
    new_practitioner: NewPerson,
    expect_sound: Sound,
    same_place: bool,
) -> None:
    ana = str(await new_practitioner())
    for week in (23, 30):
        entry = await added(desk, wish)
        places = [
            {
                "practitionerId": ana,
                "startsAt": f"2026-11-{week}T{9 if same_place else 9 + number:02}:00",
            }
            for number in range(DESKS)
        ]
        answers = await asyncio.gather(
            *(desk.post(f"{PATH}/{entry['id']}/booking", json=place) for place in places)
        )
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * (DESKS - 1)
        kinds = {problem(answer)[1] for answer in answers if answer.status_code == 409}
        assert kinds <= {"not-waiting", "appointment-overlaps"}
        if not same_place:
            assert kinds == {"not-waiting"}
        (visit,) = (answer.json() for answer in answers if answer.status_code == 201)
        assert (await desk.get(f"{PATH}/{entry['id']}")).json()["appointmentId"] == visit["id"]
    await expect_sound()


@pytest.mark.slow
async def test_one_place_for_many_who_wait_is_given_once_and_the_others_wait_on(
    desk: AsyncClient,
    wish: Json,
    new_patient: NewPerson,
    new_practitioner: NewPerson,
    expect_sound: Sound,
) -> None:
    place = {"practitionerId": str(await new_practitioner()), "startsAt": "2026-11-23T10:00"}
    people = [str(await new_patient(fullName=f"Paciente {number}")) for number in range(DESKS)]
    ids = [(await added(desk, wish, patientId=who))["id"] for who in people]
    answers = await asyncio.gather(*(desk.post(f"{PATH}/{id_}/booking", json=place) for id_ in ids))
    assert sorted(problem(a)[1] if a.status_code == 409 else str(a.status_code) for a in answers) == [
        "201"
    ] + ["appointment-overlaps"] * (DESKS - 1)
    assert (await desk.get(PATH)).json()["totalItems"] == DESKS - 1
    await expect_sound()
