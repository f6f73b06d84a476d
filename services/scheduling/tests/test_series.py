"""Series: a plan of sessions is booked all or not at all, altered and called off; on both databases."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from scheduling.adapters.tables import appointments, busy_slots
from scheduling.domain.series import Weekly
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import event_store
from testkit.service import ServiceClient
from testkit.statements import statements

Json = dict[str, Any]
NewPerson = Callable[..., Awaitable[UUID]]
Offered = Callable[[UUID], Awaitable[list[str]]]
Sound = Callable[[], Awaitable[None]]

PATH = "/api/series"
APPOINTMENTS = "/api/appointments"
SOMEONE = "01890000-0000-7000-8000-00000000000a"
TEN = {"weekdays": ["tuesday", "thursday"], "at": "10:00", "first": "2026-11-23", "count": 10}
CHANGES = [
    date(year, month, day)
    for year, month, day in (
        *((2026, 3, 29), (2027, 3, 28), (2028, 3, 26), (2029, 3, 25), (2030, 3, 31)),
        *((2026, 10, 25), (2027, 10, 31), (2028, 10, 29), (2029, 10, 28), (2030, 10, 27)),
    )
]


@pytest_asyncio.fixture
async def desk(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with service.as_("ROLE_RECEPTIONIST") as client:
        yield client


@pytest_asyncio.fixture
async def plan(new_practitioner: NewPerson, new_patient: NewPerson) -> Json:
    """Ten sessions, Tuesdays and Thursdays at ten."""
    return {
        "practitionerId": str(await new_practitioner()),
        "patientId": str(await new_patient()),
        "minutes": 60,
        "weekly": TEN,
    }


def violations(answer: Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(violation["propertyPath"], violation["code"]) for violation in answer.json()["violations"]]


def starts(sessions: list[Json]) -> list[str]:
    return [session["startsAt"][5:16] for session in sessions]


TUESDAYS_AND_THURSDAYS = [
    f"{day}T10:00"
    for day in ("11-24", "11-26", "12-01", "12-03", "12-08", "12-10", "12-15", "12-17", "12-22", "12-24")
]


async def test_a_plan_is_booked_at_once_and_each_session_is_an_appointment(
    desk: AsyncClient, plan: Json, database: Database, expect_sound: Sound
) -> None:
    made = await desk.post(PATH, json=plan, headers={"Idempotency-Key": "plan"})
    assert made.status_code == 201, made.text
    sessions = made.json()["appointments"]
    assert starts(sessions) == TUESDAYS_AND_THURSDAYS
    assert {(s["seriesId"], s["title"], s["version"]) for s in sessions} == {
        (made.json()["id"], "María José Muñoz García", 1)
    }
    again = await desk.post(PATH, json=plan, headers={"Idempotency-Key": "plan"})
    assert again.content == made.content
    theirs = (await desk.get(APPOINTMENTS, params={"patientId": plan["patientId"]})).json()
    assert theirs["member"] == sessions[::-1]
    async with database.reading() as connection:
        names = (await connection.execute(select(event_store.c.name))).scalars().all()
    assert names == ["scheduling.appointment-booked.v1"] * 10
    await expect_sound()


async def test_one_date_in_the_way_books_nothing_and_names_the_nearest_free_start(
    desk: AsyncClient, plan: Json, database: Database, expect_sound: Sound
) -> None:
    taken = plan | {"startsAt": "2026-12-03T09:30", "endsAt": "2026-12-03T11:00"}
    visit = {name: taken[name] for name in ("practitionerId", "patientId", "startsAt", "endsAt")}
    made = (await desk.post(APPOINTMENTS, json=visit)).json()
    closed = {"startsAt": "2026-12-08", "endsAt": "2026-12-08", "allDay": True, "title": "Inmaculada"}
    off = (await desk.post("/api/time-off", json=closed)).json()
    checked = (await desk.post(f"{PATH}/check", json=plan)).json()["occurrences"]
    assert starts(checked) == TUESDAYS_AND_THURSDAYS
    assert [number for number, session in enumerate(checked) if session["conflict"]] == [3, 4]
    assert checked[3]["conflict"]["appointmentId"] == made["id"]
    assert checked[4]["conflict"]["timeOffId"] == off["id"]
    assert [s["instead"] for s in checked if not s["conflict"]] == [None] * 8
    assert checked[3]["instead"] == "2026-12-03T11:00:00+01:00"
    assert checked[4]["instead"] == "2026-12-07T15:00:00+01:00"
    refused = await desk.post(PATH, json=plan, headers={"X-App-Locale": "es"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/series-not-free")
    assert refused.json()["detail"].startswith("2 de 10 sesiones")
    assert refused.json()["series"]["occurrences"] == checked
    async with database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(appointments))).scalar_one() == 1
    repaired = [session["instead"] or session["startsAt"] for session in checked]
    booked = await desk.post(PATH, json={**plan, "weekly": None, "startsAt": repaired})
    assert booked.status_code == 201, booked.text
    assert len(booked.json()["appointments"]) == 10
    await expect_sound()


@pytest.mark.parametrize("day", CHANGES)
async def test_the_wall_clock_holds_across_the_clock_change(desk: AsyncClient, plan: Json, day: date) -> None:
    weekly = {
        "weekdays": ["saturday", "sunday"],
        "at": "10:00",
        "first": str(day - timedelta(days=8)),
        "count": 4,
    }
    made = (await desk.post(PATH, json=plan | {"weekly": weekly})).json()["appointments"]
    assert [s["startsAt"][11:16] for s in made] == ["10:00"] * 4
    lengths = {datetime.fromisoformat(s["endsAt"]) - datetime.fromisoformat(s["startsAt"]) for s in made}
    assert lengths == {timedelta(hours=1)}
    assert made[0]["startsAt"][19:] != made[-1]["startsAt"][19:], "the offset is another one"
    path = f"{PATH}/{made[0]['seriesId']}"
    later = (await desk.patch(path, json={"at": "16:30"})).json()["appointments"]
    assert [s["startsAt"][11:16] for s in later] == ["16:30"] * 4


async def test_this_and_later_or_all_are_altered_and_called_off(
    desk: AsyncClient, plan: Json, new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    sessions = (await desk.post(PATH, json=plan)).json()["appointments"]
    path, sixth = f"{PATH}/{sessions[0]['seriesId']}", sessions[5]["id"]
    await desk.patch(f"{APPOINTMENTS}/{sessions[0]['id']}", json={"status": "attended"})
    await desk.patch(f"{APPOINTMENTS}/{sessions[6]['id']}", json={"title": "Revisión"})
    altered = await desk.patch(path, json={"since": sixth, "at": "10:30", "minutes": 45})
    assert altered.status_code == 200, altered.text
    shown = altered.json()["appointments"]
    assert starts(shown) == [f"{start[:6]}10:30" for start in TUESDAYS_AND_THURSDAYS[5:]]
    assert {s["endsAt"][11:16] for s in shown} == {"11:15"}
    assert [s["title"] for s in shown][:2] == ["María José Muñoz García", "Revisión"]
    luis = str(await new_practitioner(name="Luis Gil"))
    given = (await desk.patch(path, json={"practitionerId": luis})).json()["appointments"]
    assert [s["practitionerId"] for s in given] == [luis] * 9, "what was attended stays as it was"
    await expect_sound()
    off = await desk.post(f"{path}/cancellation", json={"since": sixth, "reason": "Alta"})
    called_off = [(s["status"], s["statusReason"]) for s in off.json()["appointments"]]
    assert called_off == [("cancelled", "Alta")] * 5
    rest = await desk.post(f"{path}/cancellation", json={"reason": "Alta"})
    assert len(rest.json()["appointments"]) == 4
    nothing_left = await desk.post(f"{path}/cancellation", json={"reason": "Alta"})
    assert (nothing_left.status_code, nothing_left.json()["type"]) == (404, "/problems/series-not-found")
    await expect_sound()


async def test_an_alteration_that_meets_another_changes_nothing(
    desk: AsyncClient, plan: Json, expect_sound: Sound
) -> None:
    sessions = (await desk.post(PATH, json=plan)).json()["appointments"]
    visit = {"practitionerId": plan["practitionerId"], "title": "Visita"}
    at = {"startsAt": "2026-12-17T11:30", "endsAt": "2026-12-17T12:00"}
    assert (await desk.post(APPOINTMENTS, json=visit | at)).status_code == 201
    refused = await desk.patch(f"{PATH}/{sessions[0]['seriesId']}", json={"minutes": 120})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/series-not-free")
    free = [o["conflict"] is None for o in refused.json()["series"]["occurrences"]]
    assert free == [True] * 7 + [False, True, True]
    theirs = (await desk.get(APPOINTMENTS, params={"patientId": plan["patientId"]})).json()["member"]
    assert theirs == sessions[::-1]
    await expect_sound()


async def test_a_session_moved_to_free_time_is_not_overbooked_any_more(
    desk: AsyncClient, plan: Json, expect_sound: Sound
) -> None:
    first, *_ = (await desk.post(PATH, json=plan)).json()["appointments"]
    visit = {"practitionerId": plan["practitionerId"], "title": "Visita"}
    taken = visit | {"startsAt": "2026-11-25T10:00", "endsAt": "2026-11-25T11:00"}
    assert (await desk.post(APPOINTMENTS, json=taken)).status_code == 201
    over = {"startsAt": "2026-11-25T10:00", "endsAt": "2026-11-25T11:00", "overbook": {"reason": "Urgencia"}}
    moved = (await desk.patch(f"{APPOINTMENTS}/{first['id']}", json=over)).json()
    assert moved["overbookReason"] == "Urgencia"
    named = await desk.patch(f"{PATH}/{first['seriesId']}", json={"title": "Rodilla"})
    assert named.json()["appointments"][0]["overbookReason"] == "Urgencia", "it lies where it lay"
    altered = await desk.patch(f"{PATH}/{first['seriesId']}", json={"at": "17:00"})
    assert [each["overbookReason"] for each in altered.json()["appointments"]] == [None] * 10
    assert altered.json()["appointments"][0]["startsAt"] == "2026-11-25T17:00:00+01:00"
    await expect_sound()


async def test_a_session_given_to_a_colleague_is_altered_in_the_colleagues_time(
    desk: AsyncClient, plan: Json, new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    luis = str(await new_practitioner(name="Luis Gil"))
    first, second, *_ = (await desk.post(PATH, json=plan)).json()["appointments"]
    given = await desk.patch(f"{APPOINTMENTS}/{second['id']}", json={"practitionerId": luis})
    assert given.status_code == 200
    hour = {"startsAt": "2026-11-26T17:00", "endsAt": "2026-11-26T18:00"}
    anas = {"practitionerId": plan["practitionerId"], "title": "Visita", **hour}
    assert (await desk.post(APPOINTMENTS, json=anas)).status_code == 201, "she does not have that session"
    away = (await desk.post("/api/time-off", json={"practitionerId": luis, **hour})).json()
    refused = await desk.patch(f"{PATH}/{first['seriesId']}", json={"at": "17:00"})
    assert refused.status_code == 409
    conflicts = [each["conflict"] for each in refused.json()["series"]["occurrences"]]
    assert conflicts[1]["timeOffId"] == away["id"]
    assert [place for place, conflict in enumerate(conflicts) if conflict] == [1]
    assert (await desk.delete(f"/api/time-off/{away['id']}")).status_code == 204
    altered = await desk.patch(f"{PATH}/{first['seriesId']}", json={"at": "17:00"})
    assert starts(altered.json()["appointments"]) == [f"{day[:5]}T17:00" for day in TUESDAYS_AND_THURSDAYS]
    await expect_sound()


async def test_a_session_given_to_another_patient_is_answered_under_that_name(
    desk: AsyncClient, plan: Json, new_patient: NewPerson
) -> None:
    first, second, *_ = (await desk.post(PATH, json=plan)).json()["appointments"]
    sister = str(await new_patient(fullName="Pilar Muñoz García"))
    given = await desk.patch(f"{APPOINTMENTS}/{second['id']}", json={"patientId": sister})
    assert given.status_code == 200, given.text
    path = f"{PATH}/{first['seriesId']}"
    for answer in (
        await desk.patch(path, json={"at": "17:00"}),
        await desk.post(f"{path}/cancellation", json={"reason": "Alta"}),
    ):
        names = [each["patientName"] for each in answer.json()["appointments"]]
        assert names == ["María José Muñoz García", "Pilar Muñoz García", *["María José Muñoz García"] * 8]


async def test_an_alteration_may_not_lay_sessions_over_each_other_and_what_changes_nothing_is_not_told(
    desk: AsyncClient, plan: Json, database: Database, expect_sound: Sound
) -> None:
    twice = ["2026-11-23T10:00", "2026-11-23T17:00", "2026-11-24T10:00"]
    made = (await desk.post(PATH, json=plan | {"weekly": None, "startsAt": twice})).json()
    path = f"{PATH}/{made['id']}"
    assert violations(await desk.patch(path, json={"at": "12:00"})) == [("at", "sessions-overlap")]
    same = (await desk.patch(path, json={"minutes": 60, "type": "appointment"})).json()
    assert same["appointments"] == made["appointments"]
    async with database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(event_store))).scalar_one() == 3
    await expect_sound()


async def test_a_series_consumes_gaps_and_gives_them_back(
    desk: AsyncClient, plan: Json, offered: Offered, expect_sound: Sound
) -> None:
    ana = UUID(plan["practitionerId"])
    window = {"practitionerId": str(ana), "start": "2026-11-23", "end": "2026-11-30"}
    assert (await desk.post("/api/appointment-gaps/generate", json=window)).json()["count"] == 29
    made = (await desk.post(PATH, json=plan)).json()
    assert len(await offered(ana)) == 27
    await desk.patch(f"{PATH}/{made['id']}", json={"at": "10:30"})
    assert len(await offered(ana)) == 25
    await desk.post(f"{PATH}/{made['id']}/cancellation", json={"reason": "Alta"})
    assert len(await offered(ana)) == 29
    await expect_sound()


async def test_forty_sessions_take_as_many_statements_as_four(
    desk: AsyncClient, plan: Json, database: Database
) -> None:
    counts = []
    for first, count in (("2026-11-23", 4), ("2027-01-04", 40)):
        with statements(database) as heard:
            made = await desk.post(PATH, json=plan | {"weekly": TEN | {"first": first, "count": count}})
        assert len(made.json()["appointments"]) == count
        counts.append(len(heard))
    assert counts[0] == counts[1] <= 12
    async with database.reading() as connection:
        slots = select(func.count()).select_from(busy_slots)
        assert (await connection.execute(slots)).scalar_one() == 44 * 12 * 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"weekly": None}, [("startsAt", "starts-or-rule")]),
        ({"startsAt": ["2026-11-23T10:00"]}, [("startsAt", "starts-or-rule")]),
        ({"weekly": None, "startsAt": []}, [("startsAt", "too-few")]),
        ({"weekly": None, "startsAt": ["2026-11-23T10:00"] * 61}, [("startsAt", "too-many")]),
        ({"weekly": None, "startsAt": ["2026-11-23T10:00", 7]}, [("startsAt.1", "not-a-datetime")]),
        ({"weekly": None, "startsAt": ["2026-11-23T10:03"]}, [("startsAt.0", "off-the-grid")]),
        (
            {"weekly": None, "startsAt": ["2026-11-23T10:00", "2026-11-23T10:30"]},
            [("startsAt.1", "sessions-overlap")],
        ),
        ({"weekly": None, "startsAt": ["2026-03-29T02:30"]}, [("startsAt.0", "wall-time-skipped")]),
        ({"weekly": None, "startsAt": ["2300-03-29T02:30"]}, [("startsAt.0", "out-of-calendar")]),
        ({"weekly": TEN | {"count": 0}}, [("weekly.count", "too-small")]),
        ({"weekly": TEN | {"count": 61}}, [("weekly.count", "too-big")]),
        ({"weekly": TEN | {"weekdays": []}}, [("weekly.weekdays", "too-few")]),
        ({"weekly": TEN | {"weekdays": ["martes"]}}, [("weekly.weekdays.0", "not-a-choice")]),
        ({"weekly": TEN | {"at": "25:00"}}, [("weekly.at", "invalid")]),
        ({"weekly": TEN | {"first": "2026-02-30"}}, [("weekly.first", "not-a-date")]),
        ({"weekly": TEN | {"first": "9999-12-30"}}, [("weekly.first", "out-of-calendar")]),
        ({"minutes": 0}, [("minutes", "too-small")]),
        ({"minutes": 605}, [(f"startsAt.{number}", "lasts-too-long") for number in range(10)]),
        ({"patientId": None}, [("title", "title-or-patient")]),
        ({"practitionerId": SOMEONE}, [("practitionerId", "unknown")]),
        ({"surprise": 1}, [("surprise", "unknown-field")]),
    ],
)
async def test_a_bad_plan_is_refused_by_its_field(
    desk: AsyncClient, database: Database, plan: Json, change: Json, named: list[tuple[str, str]]
) -> None:
    assert violations(await desk.post(PATH, json=plan | change)) == named
    async with database.reading() as connection:
        assert (await connection.execute(select(appointments))).first() is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", PATH),
        ("POST", f"{PATH}/check"),
        ("PATCH", f"{PATH}/{SOMEONE}"),
        ("POST", f"{PATH}/{SOMEONE}/cancellation"),
    ],
)
async def test_who_may_book_may_book_a_series(service: ServiceClient, method: str, path: str) -> None:
    async with service.as_() as nobody:
        assert (await nobody.request(method, path, json={})).status_code == 401
    async with service.as_("ROLE_GARDENER") as gardener:
        assert (await gardener.request(method, path, json={})).status_code == 403
    for role in ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN"):
        async with service.as_(role) as client:
            assert (await client.request(method, path, json={})).status_code in (404, 422)


def test_a_weekly_rule_counts_from_its_first_day() -> None:
    rule = Weekly(frozenset({0, 3}), time(9, 30), date(2026, 11, 26), 3)
    assert rule.moments() == [
        datetime(2026, 11, 26, 9, 30),
        datetime(2026, 11, 30, 9, 30),
        datetime(2026, 12, 3, 9, 30),
    ]
