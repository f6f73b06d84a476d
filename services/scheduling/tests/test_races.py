"""Many at once, through two services on one database: moves, gaps, and all that the desk does in a hurry."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from httpx import AsyncClient, Response

from scheduling.main import SchedulingSettings, build_app
from shared_kernel.chassis.database import Database
from testkit.clinic import ROOT
from testkit.service import serving

Json = dict[str, Any]
NewPerson = Callable[..., Awaitable[UUID]]
Offered = Callable[[UUID], Awaitable[list[str]]]
Sound = Callable[[], Awaitable[None]]

PATH = "/api/appointments"
GAPS = "/api/appointment-gaps"
MONDAY = {"start": "2026-11-23", "end": "2026-11-24"}
MIDNIGHT = datetime(2026, 11, 22, 23, tzinfo=UTC)
CLIENTS = 24


@pytest_asyncio.fixture
async def doors(
    database: Database, settings: SchedulingSettings, fetch_keys: Any, token_for: Callable[..., str]
) -> AsyncIterator[list[AsyncClient]]:
    """Two services of their own on one database, as two processes would be."""
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(2):
            service = await stack.enter_async_context(serving(build_app(settings, fetch_keys), token_for))
            clients.append(await stack.enter_async_context(service.as_("ROLE_ADMIN")))
        yield clients


def at(minutes: int, length: int = 60) -> Json:
    starts_at = MIDNIGHT + timedelta(minutes=minutes)
    return {
        "startsAt": starts_at.isoformat(),
        "endsAt": (starts_at + timedelta(minutes=length)).isoformat(),
    }


async def all_at_once(asking: list[Awaitable[Response]]) -> list[int]:
    answers = await asyncio.gather(*asking)
    return sorted(answer.status_code for answer in answers)


@pytest.mark.slow
async def test_many_move_to_one_hour_and_one_gets_it(
    doors: list[AsyncClient], new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    ana = str(await new_practitioner())
    for hour in (9, 10, 11):
        paths = []
        for number in range(CLIENTS):
            day = 1 + number // 12 + hour * 3
            wish = {"practitionerId": ana, "title": "Visita", **at(day * 1440 + number % 12 * 60)}
            made = await doors[0].post(PATH, json=wish)
            assert made.status_code == 201, made.text
            paths.append(made.headers["location"])
        moving = [doors[n % 2].patch(path, json=at(hour * 60)) for n, path in enumerate(paths)]
        assert await all_at_once(moving) == [200] + [409] * (CLIENTS - 1)
    await expect_sound()


@pytest.mark.slow
async def test_one_appointment_moved_by_many_under_one_version_is_moved_once(
    doors: list[AsyncClient], new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    wish = {"practitionerId": str(await new_practitioner()), "title": "Visita", **at(600)}
    path = (await doors[0].post(PATH, json=wish)).headers["location"]
    for version in (1, 2, 3):
        moving = [
            doors[n % 2].patch(
                path, json=at(1440 * (n + 1) + version * 60), headers={"If-Match": f'"{version}"'}
            )
            for n in range(CLIENTS)
        ]
        assert await all_at_once(moving) == [200] + [412] * (CLIENTS - 1)
    await expect_sound()


@pytest.mark.slow
async def test_gaps_generated_by_many_at_once_are_made_once_and_never_over_a_booking(
    doors: list[AsyncClient], new_practitioner: NewPerson, expect_sound: Sound, offered: Offered
) -> None:
    for number in range(5):
        ana = await new_practitioner(name=f"P {number}")
        wish = {"practitionerId": str(ana), "title": "Visita", **at(600)}
        generating = [
            doors[n % 2].post(f"{GAPS}/generate", json=MONDAY | {"practitionerId": str(ana)})
            for n in range(8)
        ]
        statuses = await all_at_once([*generating, doors[1].post(PATH, json=wish)])
        assert statuses in ([201, 201] + [409] * 7, [201] + [409] * 8)
        assert len(await offered(ana)) == (5 if statuses[1] == 201 else 0)
    await expect_sound()


@pytest.mark.slow
async def test_a_gap_under_two_appointments_comes_back_when_both_go_at_once(
    doors: list[AsyncClient], new_practitioner: NewPerson, expect_sound: Sound, offered: Offered
) -> None:
    ana = await new_practitioner()
    await doors[0].post(f"{GAPS}/generate", json=MONDAY | {"practitionerId": str(ana)})
    for round_ in range(10):
        paths = []
        for begins in (600, 630):
            wish = {"practitionerId": str(ana), "title": "Visita", **at(begins, 30)}
            paths.append((await doors[0].post(PATH, json=wish)).headers["location"])
        assert len(await offered(ana)) == 5
        going = [
            doors[n].delete(path)
            if round_ % 2
            else doors[n].post(f"{path}/cancellation", json={"reason": "x"})
            for n, path in enumerate(paths)
        ]
        third = doors[0].post(PATH, json={"practitionerId": str(ana), "title": "Tercera", **at(600)})
        answers = await asyncio.gather(*going, third)
        if answers[-1].status_code == 201:
            assert len(await offered(ana)) == 5
            assert (await doors[1].delete(answers[-1].headers["location"])).status_code == 204
        assert len(await offered(ana)) == 6
        await expect_sound()


@pytest.mark.slow
async def test_of_many_who_book_one_plan_one_gets_all_of_it(
    doors: list[AsyncClient], new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    ana = str(await new_practitioner())
    for hour in range(9, 13):
        weekly = {"weekdays": ["tuesday"], "at": f"{hour:02}:00", "first": "2026-11-23", "count": 12}
        plan = {"practitionerId": ana, "title": "Plan", "minutes": 60, "weekly": weekly}
        booking = [doors[n % 2].post("/api/series", json=plan) for n in range(CLIENTS)]
        assert await all_at_once(booking) == [201] + [409] * (CLIENTS - 1)
    await expect_sound()


@pytest.mark.slow
async def test_a_session_called_off_while_the_others_are_moved_to_its_hour_takes_no_time(
    doors: list[AsyncClient], new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    for number in range(15):
        ana = str(await new_practitioner(name=f"P {number}"))
        weekly = {"weekdays": ["tuesday"], "at": "10:00", "first": "2026-11-23", "count": 4}
        plan = {"practitionerId": ana, "title": "Plan", "minutes": 60, "weekly": weekly}
        sessions = (await doors[0].post("/api/series", json=plan)).json()["appointments"]
        path = f"{PATH}/{sessions[1]['id']}"
        there = {"startsAt": "2026-12-01T16:30", "endsAt": "2026-12-01T17:30"}
        assert (await doors[0].patch(path, json=there)).status_code == 200
        moving = doors[0].patch(f"/api/series/{sessions[0]['seriesId']}", json={"at": "16:30"})
        cancelling = doors[1].post(f"{path}/cancellation", json={"reason": "x"})
        await asyncio.gather(moving, cancelling)
        await expect_sound()


@pytest.mark.slow
async def test_a_storm_of_everything_leaves_the_diary_sound(
    doors: list[AsyncClient], new_practitioner: NewPerson, new_patient: NewPerson, expect_sound: Sound
) -> None:
    chance = random.Random(seed := random.randrange(10**6))  # noqa: S311 - a test's dice
    practitioners = [str(await new_practitioner(name=f"P {number}")) for number in range(3)]
    patients = [str(await new_patient(fullName=f"Q {number}")) for number in range(4)]
    known: list[str] = []

    def somewhere() -> Json:
        return at(chance.randrange(0, 3 * 1440, 5), chance.randrange(5, 125, 5))

    async def book(door: AsyncClient) -> Response:
        wish = {
            "practitionerId": chance.choice(practitioners),
            "patientId": chance.choice([None, *patients]),
            "title": "Visita",
            "overbook": chance.choice([None, None, None, {"reason": "Urgencia"}]),
            **somewhere(),
        }
        answer = await door.post(PATH, json=wish)
        if answer.status_code == 201:
            known.append(answer.headers["location"])
        return answer

    async def change(door: AsyncClient) -> Response:
        changes = chance.choice(
            [
                somewhere(),
                {**somewhere(), "practitionerId": chance.choice(practitioners)},
                {"patientId": chance.choice(patients)},
                {"status": "cancelled", "statusReason": "Viaje"},
                {"status": "scheduled"},
            ]
        )
        return await door.patch(chance.choice(known), json=changes) if known else await book(door)

    async def delete(door: AsyncClient) -> Response:
        return await door.delete(known.pop(chance.randrange(len(known)))) if known else await book(door)

    async def offer(door: AsyncClient) -> Response:
        first = chance.randrange(3)
        days = {"start": f"2026-11-{23 + first}", "end": f"2026-11-{24 + first}"}
        wish = days | {"practitionerId": chance.choice(practitioners)}
        if chance.random() < 0.5:
            return await door.delete(f"{GAPS}/delete-empty", params=wish)
        return await door.post(f"{GAPS}/generate", json=wish)

    async def client(number: int) -> None:
        for _ in range(25):
            doing = chance.choices([book, change, delete, offer], [4, 4, 1, 2])[0]
            answer = await doing(doors[number % 2])
            assert answer.status_code in (200, 201, 204, 404, 409, 412), (seed, answer.text)

    await asyncio.gather(*(client(number) for number in range(16)))
    await expect_sound()


@pytest.mark.slow
def test_a_short_race_through_real_processes(
    database_engine_name: str, request: pytest.FixtureRequest
) -> None:
    """What `make race` does, for less long."""
    told = {"DATABASES": database_engine_name, "ROUNDS": "5", "CLIENTS": "50", "SECONDS": "4"}
    if database_engine_name == "mariadb":
        told["TEST_MARIADB_URL"] = request.getfixturevalue("mariadb_url")
    raced = subprocess.run(
        [sys.executable, ROOT / "bench" / "race.py"],
        env=os.environ | told,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert raced.returncode == 0, raced.stdout + raced.stderr
    assert "5 booked, one in each round; 245 refused" in raced.stdout
    assert "the log whole" in raced.stdout
