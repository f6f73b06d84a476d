"""Taking time and giving it back: on both databases, by one client and by fifty at once."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from httpx import AsyncClient
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from scheduling.adapters.sql import SqlWork
from scheduling.adapters.tables import appointments, busy_days, busy_slots
from scheduling.domain.appointment import (
    Appointment,
    AppointmentNotFound,
    AppointmentNotScheduled,
    AppointmentOverlaps,
    Booking,
    DiaryEntry,
    Kind,
)
from scheduling.domain.diary import DiaryRules
from scheduling.domain.people import UnknownPeople
from scheduling.main import SchedulingSettings, build_app
from scheduling.use_cases.booking import book_appointment, cancel_appointment
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.tables import audit_trail, event_store
from shared_kernel.chassis.unit_of_work import Repeatable, Transactions
from shared_kernel.errors import Stale
from testkit.service import serving

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
CLIENTS = 50
ROUNDS = 20

Asked = Callable[..., Booking]
NewPerson = Callable[..., Awaitable[UUID]]
Sound = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Call:
    origin: Origin = field(default_factory=Origin)
    now: datetime = NOW
    repeatable: Repeatable | None = None


Book = Callable[[Booking], Awaitable[DiaryEntry]]
Cancel = Callable[..., Awaitable[DiaryEntry]]


@pytest.fixture
def book(transactions: Transactions[SqlWork], rules: DiaryRules) -> Book:
    async def book(booking: Booking) -> DiaryEntry:
        return await transactions.run(Call(), lambda work: book_appointment(work, booking, rules, NOW))

    return book


@pytest.fixture
def cancel(transactions: Transactions[SqlWork]) -> Cancel:
    async def cancel(appointment_id: UUID, version: int | None = None, reason: str = "Enferma") -> DiaryEntry:
        return await transactions.run(
            Call(), lambda work: cancel_appointment(work, appointment_id, version, reason, NOW)
        )

    return cancel


async def count(database: Database, table: Any) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def test_a_booking_is_kept_told_and_audited(
    book: Book,
    asked: Asked,
    new_practitioner: NewPerson,
    new_patient: NewPerson,
    database: Database,
    expect_sound: Sound,
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    entry = await book(asked(ana, "2026-11-23T10:00", patient_id=maria, title=None))
    assert (entry.title, entry.patient_name) == ("María José Muñoz García",) * 2
    assert entry.appointment.version == 1
    async with database.reading() as connection:
        kept = (await connection.execute(select(appointments))).mappings().one()
        told = (await connection.execute(select(event_store))).mappings().one()
        audited = (await connection.execute(select(audit_trail))).mappings().one()
    assert (kept["title"], kept["status"]) == (None, "scheduled")
    assert kept["starts_at"] == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert (told["name"], told["aggregate_id"]) == (
        "scheduling.appointment-booked.v1",
        entry.appointment.id,
    )
    assert (audited["operation"], audited["entity_type"]) == ("created", "Appointment")
    await expect_sound()


async def test_nobody_is_booked_twice_at_once_and_the_refusal_names_what_is_in_the_way(
    book: Book,
    asked: Asked,
    new_practitioner: NewPerson,
    new_patient: NewPerson,
    database: Database,
    expect_sound: Sound,
) -> None:
    ana, luis, maria = await new_practitioner(), await new_practitioner(name="Luis Gil"), await new_patient()
    first = await book(asked(ana, "2026-11-23T10:00", patient_id=maria, title=None))
    with pytest.raises(AppointmentOverlaps) as refusal:
        await book(asked(ana, "2026-11-23T10:55", kind=Kind.OTHER))
    assert refusal.value.facts["conflict"] == {
        "appointmentId": str(first.appointment.id),
        "startsAt": "2026-11-23T10:00:00+01:00",
        "endsAt": "2026-11-23T11:00:00+01:00",
        "title": "María José Muñoz García",
        "with": "practitioner",
    }
    with pytest.raises(AppointmentOverlaps) as refusal:
        await book(asked(luis, "2026-11-23T09:05", patient_id=maria, title="Revisión"))
    assert refusal.value.facts["conflict"]["with"] == "patient"  # type: ignore[index]
    assert await count(database, appointments) == 1
    assert await count(database, event_store) == 1
    await expect_sound()


@pytest.mark.parametrize(
    ("starts_at", "minutes", "free"),
    [
        ("2026-11-23T09:00", 60, True),
        ("2026-11-23T11:00", 60, True),
        ("2026-11-23T09:05", 60, False),
        ("2026-11-23T10:55", 5, False),
        ("2026-11-23T10:00", 5, False),
        ("2026-11-23T09:00", 180, False),
        ("2026-11-23T10:20", 10, False),
    ],
)
async def test_touching_is_free_and_sharing_five_minutes_is_not(
    book: Book, asked: Asked, new_practitioner: NewPerson, starts_at: str, minutes: int, free: bool
) -> None:
    ana = await new_practitioner()
    await book(asked(ana, "2026-11-23T10:00"))
    if free:
        await book(asked(ana, starts_at, minutes))
    else:
        with pytest.raises(AppointmentOverlaps):
            await book(asked(ana, starts_at, minutes))


async def test_an_appointment_over_midnight_is_in_the_way_on_both_days(
    book: Book, asked: Asked, new_practitioner: NewPerson, database: Database
) -> None:
    ana = await new_practitioner()
    await book(asked(ana, "2026-11-23T23:00", minutes=240))
    for starts_at in ("2026-11-23T23:30", "2026-11-24T00:00", "2026-11-24T02:55"):
        with pytest.raises(AppointmentOverlaps):
            await book(asked(ana, starts_at))
    await book(asked(ana, "2026-11-24T03:00"))
    assert await count(database, busy_days) == 2


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
async def test_a_whole_day_leaves_no_room_in_it_and_all_room_around_it(
    book: Book, asked: Asked, new_practitioner: NewPerson, database: Database, day: str, hours: int
) -> None:
    ana = await new_practitioner()
    await book(asked(ana, f"{day}T00:00", all_day=True, kind=Kind.OTHER, title="Congreso"))
    assert await count(database, busy_slots) == hours * 12
    for starts_at in (f"{day}T00:00", f"{day}T23:00"):
        with pytest.raises(AppointmentOverlaps):
            await book(asked(ana, starts_at))
    last_night, next_day = (datetime.fromisoformat(day) + timedelta(hours=h) for h in (-1, 24))
    await book(asked(ana, last_night.isoformat()))
    await book(asked(ana, next_day.isoformat()))


async def test_cancelling_frees_the_time_of_both_and_keeps_the_reason(
    book: Book,
    cancel: Cancel,
    asked: Asked,
    new_practitioner: NewPerson,
    new_patient: NewPerson,
    database: Database,
    expect_sound: Sound,
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    first = await book(asked(ana, "2026-11-23T10:00", patient_id=maria))
    cancelled = await cancel(first.appointment.id, version=1)
    assert (cancelled.appointment.version, cancelled.appointment.status_reason) == (2, "Enferma")
    assert await count(database, busy_slots) == 0
    await book(asked(ana, "2026-11-23T10:00", patient_id=maria))
    with pytest.raises(AppointmentNotScheduled):
        await cancel(first.appointment.id)
    with pytest.raises(Stale):
        await cancel(first.appointment.id, version=1)
    with pytest.raises(AppointmentNotFound):
        await cancel(UUID(int=0))
    await expect_sound()


async def test_people_nobody_told_of_cannot_be_booked(
    book: Book, asked: Asked, new_practitioner: NewPerson, new_patient: NewPerson, database: Database
) -> None:
    maria = await new_patient()
    left = await new_practitioner(status="disabled")
    desk = await new_practitioner(practitioner=False)
    for practitioner_id in (left, desk, maria, UUID(int=0)):
        with pytest.raises(UnknownPeople) as refusal:
            await book(asked(practitioner_id, "2026-11-23T10:00", patient_id=left))
        broken = [(violation.path, violation.code) for violation in refusal.value.violations]
        assert broken == [("practitionerId", "unknown"), ("patientId", "unknown")]
    assert await count(database, appointments) == await count(database, busy_days) == 0


async def test_the_database_itself_refuses_who_did_not_lock_first(
    book: Book,
    asked: Asked,
    rules: DiaryRules,
    new_practitioner: NewPerson,
    database: Database,
    expect_sound: Sound,
) -> None:
    ana = await new_practitioner()
    intruder = Appointment.book(asked(ana, "2026-11-23T10:30"), rules, NOW)
    async with database.writing() as connection:
        work = SqlWork(connection, Origin(), NOW)
        await work.appointments.add(intruder)
        slots = [
            {"resource": ana, "slot": slot, "lane": 0, "appointment_id": intruder.id}
            for slot in intruder.booking.span.slots()
        ]
        await connection.execute(insert(busy_slots), slots)
        honest = asyncio.create_task(book(asked(ana, "2026-11-23T10:00")))
        done, _ = await asyncio.wait({honest}, timeout=0.2)
        assert not done, "it waits for the intruder, whose slots it cannot see yet"
        await work.commit()
    with pytest.raises(AppointmentOverlaps) as refusal:
        await honest
    assert refusal.value.facts["conflict"]["appointmentId"] == str(intruder.id)  # type: ignore[index]
    async with database.writing() as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(insert(busy_slots), slots[:1])
    await expect_sound()


@pytest_asyncio.fixture
async def two_doors(
    database: Database, settings: SchedulingSettings, fetch_keys: Any, token_for: Callable[..., str]
) -> AsyncIterator[list[AsyncClient]]:
    """Two services of their own on one database, as two processes would be."""
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(2):
            app = build_app(settings, fetch_keys)
            service = await stack.enter_async_context(serving(app, token_for))
            clients.append(await stack.enter_async_context(service.as_("ROLE_RECEPTIONIST")))
        yield clients


def wish(
    practitioner_id: UUID, starts_at: datetime, minutes: int = 60, **others: object
) -> dict[str, object]:
    return {
        "practitionerId": str(practitioner_id),
        "title": "Visita",
        "startsAt": starts_at.isoformat(),
        "endsAt": (starts_at + timedelta(minutes=minutes)).isoformat(),
        **others,
    }


async def race(doors: list[AsyncClient], wishes: list[dict[str, object]]) -> list[int]:
    answers = await asyncio.gather(
        *(
            doors[number % len(doors)].post("/api/appointments", json=wish)
            for number, wish in enumerate(wishes)
        )
    )
    assert {a.json()["type"] for a in answers if a.status_code == 409} <= {"/problems/appointment-overlaps"}
    return sorted(answer.status_code for answer in answers)


ONE_WINS = [201] + [409] * (CLIENTS - 1)


@pytest.mark.slow
async def test_fifty_race_for_one_hour_of_a_practitioner_and_one_wins(
    two_doors: list[AsyncClient], new_practitioner: NewPerson, database: Database, expect_sound: Sound
) -> None:
    ana = await new_practitioner()
    for number in range(ROUNDS):
        hour = datetime(2026, 11, 23, 8, tzinfo=UTC) + timedelta(hours=number)
        assert await race(two_doors, [wish(ana, hour)] * CLIENTS) == ONE_WINS, f"round {number}"
    assert await count(database, appointments) == ROUNDS
    await expect_sound()


@pytest.mark.slow
async def test_fifty_practitioners_race_for_one_hour_of_a_patient_and_one_wins(
    two_doors: list[AsyncClient],
    new_practitioner: NewPerson,
    new_patient: NewPerson,
    database: Database,
    expect_sound: Sound,
) -> None:
    maria = await new_patient()
    practitioners = [await new_practitioner(name=f"P {number}") for number in range(CLIENTS)]
    for number in range(ROUNDS // 4):
        hour = datetime(2026, 11, 23, 8, tzinfo=UTC) + timedelta(hours=number)
        wishes = [wish(practitioner, hour, patientId=str(maria)) for practitioner in practitioners]
        assert await race(two_doors, wishes) == ONE_WINS, f"round {number}"
    assert await count(database, appointments) == ROUNDS // 4
    await expect_sound()


@pytest.mark.slow
async def test_a_storm_of_bookings_and_cancellations_leaves_no_overlap(
    two_doors: list[AsyncClient],
    new_practitioner: NewPerson,
    new_patient: NewPerson,
    database: Database,
    expect_sound: Sound,
) -> None:
    chance = random.Random(seed := random.randrange(10**6))  # noqa: S311 - a test's dice
    practitioners = [await new_practitioner(name=f"P {number}") for number in range(3)]
    patients = [await new_patient(fullName=f"Q {number}") for number in range(4)]

    async def client(number: int) -> None:
        door = two_doors[number % 2]
        for _ in range(12):
            starts_at = datetime(2026, 11, 23, 21, tzinfo=UTC) + chance.randrange(72) * timedelta(minutes=5)
            patient = chance.choice([None, *map(str, patients)])
            asked = wish(
                chance.choice(practitioners), starts_at, chance.randrange(5, 95, 5), patientId=patient
            )
            answer = await door.post("/api/appointments", json=asked)
            assert answer.status_code in (201, 409), (seed, answer.text)
            if answer.status_code == 201 and chance.random() < 0.6:
                path = f"/api/appointments/{answer.json()['id']}/cancellation"
                cancelled = await door.post(path, json={"reason": "Enferma"})
                assert cancelled.status_code == 200, (seed, cancelled.text)

    await asyncio.gather(*(client(number) for number in range(16)))
    assert await count(database, appointments) > 3, seed
    await expect_sound()


async def test_a_repeated_key_books_once_even_when_all_come_at_once(
    two_doors: list[AsyncClient], new_practitioner: NewPerson, database: Database
) -> None:
    asked = wish(await new_practitioner(), datetime(2026, 11, 23, 9, tzinfo=UTC))
    answers = await asyncio.gather(
        *(
            two_doors[number % 2].post(
                "/api/appointments", json=asked, headers={"Idempotency-Key": "one-click"}
            )
            for number in range(10)
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await count(database, appointments) == 1
