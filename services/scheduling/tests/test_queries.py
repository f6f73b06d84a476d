"""What the calendar reads: what a window holds, in one statement, whatever the table's size."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, text

from scheduling.adapters.sql import SqlWork
from scheduling.adapters.tables import appointments, busy_days, busy_slots, gaps
from scheduling.domain.appointment import Booking, Kind
from scheduling.domain.diary import DiaryRules
from scheduling.queries import appointments as queries
from scheduling.queries.practitioners import listed_practitioners
from scheduling.use_cases.booking import book_appointment, cancel_appointment
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.pagination import PageWish
from shared_kernel.chassis.unit_of_work import Repeatable, Transactions
from shared_kernel.identifiers import new_id
from testkit.statements import statements

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)

Asked = Callable[..., Booking]
NewPerson = Callable[..., Awaitable[UUID]]
Book = Callable[[Booking], Awaitable[UUID]]


@dataclass(frozen=True)
class Call:
    origin: Origin = field(default_factory=Origin)
    now: datetime = NOW
    repeatable: Repeatable | None = None


@pytest.fixture
def book(transactions: Transactions[SqlWork], rules: DiaryRules) -> Book:
    async def book(booking: Booking) -> UUID:
        entry = await transactions.run(Call(), lambda work: book_appointment(work, booking, rules, NOW))
        return entry.appointment.id

    return book


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ("09:00", "10:00", False),
        ("11:00", "12:00", False),
        ("09:00", "10:05", True),
        ("10:55", "12:00", True),
        ("10:20", "10:25", True),
        ("08:00", "20:00", True),
        ("10:00", "11:00", True),
    ],
)
async def test_a_window_holds_what_shares_time_with_it(
    book: Book,
    asked: Asked,
    new_practitioner: NewPerson,
    database: Database,
    start: str,
    end: str,
    inside: bool,
) -> None:
    ana = await new_practitioner()
    id_ = await book(asked(ana, "2026-11-23T10:00+00:00"))
    window = (datetime.fromisoformat(f"2026-11-23T{moment}+00:00") for moment in (start, end))
    async with database.reading() as connection:
        rows = await queries.calendar_in_window(connection, *window, None)
    assert [row["id"] for row in rows] == ([id_] if inside else [])


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 23)])
async def test_the_last_minutes_of_the_longest_day_still_show_it(
    book: Book, asked: Asked, new_practitioner: NewPerson, rules: DiaryRules, database: Database, day: date
) -> None:
    await book(asked(await new_practitioner(), f"{day}T12:00", all_day=True))
    begin, end = rules.clinic_time.day(day)
    five = timedelta(minutes=5)
    async with database.reading() as connection:
        for window, count in (
            ((end - five, end), 1),
            ((begin, begin + five), 1),
            ((end, end + five), 0),
            ((begin - five, begin), 0),
        ):
            assert len(await queries.calendar_in_window(connection, *window, None)) == count


async def test_a_window_is_in_order_of_time_with_names_and_what_was_cancelled(
    book: Book,
    asked: Asked,
    new_practitioner: NewPerson,
    new_patient: NewPerson,
    transactions: Transactions[SqlWork],
    database: Database,
) -> None:
    ana, luis, maria = await new_practitioner(), await new_practitioner(name="Luis Gil"), await new_patient()
    late = await book(asked(ana, "2026-11-23T16:00", patient_id=maria, title=None))
    early = await book(asked(luis, "2026-11-23T09:00", title="Reunión", kind=Kind.OTHER))
    await transactions.run(Call(), lambda work: cancel_appointment(work, early, None, "Huelga", NOW))
    window = (MONDAY, MONDAY + timedelta(days=1))
    async with database.reading() as connection:
        rows = await queries.calendar_in_window(connection, *window, None)
        assert [row["id"] for row in rows] == [early, late]
        assert [(row["title"], row["patient_name"]) for row in rows] == [
            ("Reunión", None),
            ("María José Muñoz García", "María José Muñoz García"),
        ]
        assert [row["status"] for row in rows] == ["cancelled", "scheduled"]
        only_anas = await queries.calendar_in_window(connection, *window, ana)
        assert [row["id"] for row in only_anas] == [late]
        counts = await queries.live_count(connection, *window)
    assert counts == {Kind.APPOINTMENT: 1, Kind.OTHER: 0}


async def test_a_patients_appointments_come_by_page_and_the_newest_first(
    book: Book, asked: Asked, new_practitioner: NewPerson, new_patient: NewPerson, database: Database
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    ids = [await book(asked(ana, f"2026-11-{day}T10:00", patient_id=maria)) for day in (23, 25, 24)]
    await book(asked(ana, "2026-11-26T10:00", patient_id=await new_patient()))
    async with database.reading() as connection:
        first = await queries.appointments_of_patient(connection, maria, PageWish(1, 2))
        second = await queries.appointments_of_patient(connection, maria, PageWish(2, 2))
    assert [row["id"] for row in first.rows] == [ids[1], ids[2]]
    assert (first.has_next, first.total) == (True, 3)
    assert [row["id"] for row in second.rows] == [ids[0]]


async def test_practitioners_are_those_who_practise_and_those_still_in_the_diary(
    hear: Any, ana: dict[str, Any], book: Book, asked: Asked, new_practitioner: NewPerson, database: Database
) -> None:
    await new_practitioner(name="Recepción", practitioner=False)
    gone = await new_practitioner(name="Quien se fue")
    staying = await new_practitioner(name="Luis Gil", status="disabled")
    await new_practitioner(name="Ángela Paz")
    await hear("identity.user-changed.v1", ana | {"name": "Quien se fue", "practitioner": False}, gone, 2)
    left = await new_practitioner(name="Zoe Roca")
    await book(asked(left, "2026-11-23T10:00"))
    await hear("identity.user-changed.v1", ana | {"name": "Zoe Roca", "practitioner": False}, left, 2)
    async with database.reading() as connection:
        rows = await listed_practitioners(connection)
    assert [(row["id"], row["active"]) for row in rows if row["id"] in (staying, left)] == [
        (staying, False),
        (left, False),
    ]
    assert {row["name"] for row in rows} == {"Luis Gil", "Zoe Roca", "Ángela Paz"}
    assert {row["initials"] for row in rows} == {"LG", "ZR", "ÁP"}


async def fill(database: Database, practitioner_id: UUID, days: int) -> None:
    """Fifty appointments a day, long past."""
    begin = MONDAY - timedelta(days=days + 30)
    rows = [
        {
            "id": new_id(NOW),
            "practitioner_id": practitioner_id,
            "patient_id": None,
            "title": "Visita",
            "all_day": False,
            "starts_at": (starts_at := begin + timedelta(days=number // 50, minutes=10 * (number % 50))),
            "ends_at": starts_at + timedelta(minutes=10),
            "type": "appointment",
            "status": "scheduled",
            "version": 1,
            "created_at": NOW,
            "updated_at": NOW,
        }
        for number in range(50 * days)
    ]
    async with database.writing() as connection:
        await connection.execute(insert(appointments), rows)
        await connection.execute(text("ANALYZE TABLE appointments" if not database.is_sqlite else "ANALYZE"))
        await connection.commit()


async def test_a_week_is_read_in_one_statement_by_an_index(
    book: Book, asked: Asked, new_practitioner: NewPerson, new_patient: NewPerson, database: Database
) -> None:
    ana = await new_practitioner()
    for hour in range(9, 14):
        patient = await new_patient(fullName=f"Paciente {hour}")
        await book(asked(ana, f"2026-11-23T{hour:02}:00", patient_id=patient))
    await fill(database, ana, days=60)
    week = (MONDAY, MONDAY + timedelta(days=7))
    async with database.reading() as connection:
        for practitioner_id in (None, ana):
            await connection.execute(text("SELECT 1"))  # SQLite begins with the first statement
            with statements(database) as heard:
                rows = await queries.calendar_in_window(connection, *week, practitioner_id)
            assert (len(rows), len(heard)) == (5, 1)
            if database.is_sqlite:
                statement, parameters = heard[0]
                plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                assert "SEARCH appointments USING INDEX ix_appointments_" in str(plan.all())
            else:
                await connection.execute(text("FLUSH STATUS"))
                await queries.calendar_in_window(connection, *week, practitioner_id)
                reads = await connection.execute(text("SHOW SESSION STATUS LIKE 'Handler_read%'"))
                assert sum(int(row[1]) for row in reads) < 50, "3,000 others were not looked at"


async def test_a_booking_takes_as_many_statements_however_long_it_is(
    database: Database, asked: Asked, new_practitioner: NewPerson, new_patient: NewPerson, book: Book
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    counts = []
    for booking in (
        asked(ana, "2026-11-23T10:00", 5, patient_id=maria),
        asked(ana, "2026-11-24T10:00", 600, patient_id=maria),
    ):
        with statements(database) as heard:
            await book(booking)
        counts.append(len(heard))
    assert counts[0] == counts[1]
    assert counts[0] <= 13, "people 2, look 2, lock 1, slots 1, time off 1, row 1, gaps 1, audit 1, log 3"


async def test_what_lies_in_the_past_is_not_looked_at_by_who_books(
    database: Database, asked: Asked, new_practitioner: NewPerson, rules: DiaryRules
) -> None:
    """Slots and days of the past stay for ever: the past may not overlap either. They cost room only."""
    ana = await new_practitioner()
    claim = asked(ana, "2026-11-23T10:00").checked(rules).claim
    past, now = claim.span.slots().start - 288, claim.span.slots().start
    slots = [
        {"resource": ana, "slot": slot, "lane": 0, "appointment_id": ana}
        for slot in range(past - 20_000, past)
    ]
    days = [{"resource": ana, "day": date(1990, 1, 1) + timedelta(days=n), "v": 1} for n in range(5_000)]
    async with database.writing() as connection:
        await connection.execute(insert(busy_slots), slots)
        await connection.execute(insert(busy_days), days)
        await connection.execute(text("ANALYZE TABLE busy_slots" if not database.is_sqlite else "ANALYZE"))
        await connection.commit()
    assert now not in {slot["slot"] for slot in slots}
    async with database.writing() as connection:
        work = SqlWork(connection, Origin(), NOW)
        if database.is_sqlite:
            with statements(database) as heard:
                assert await work.occupancy.in_the_way(claim) is None
            statement, parameters = heard[0]
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            assert (
                "SEARCH busy_slots USING INDEX sqlite_autoindex_busy_slots_1 (resource=? AND slot>?"
                in str(plan.all())
            )
        else:
            await connection.execute(text("FLUSH STATUS"))
            await work.occupancy.lock([claim])
            assert await work.occupancy.take(ana, claim, beside=False) is None
            await work.occupancy.free(ana, claim)
            reads = await connection.execute(text("SHOW SESSION STATUS LIKE 'Handler_read%'"))
            assert sum(int(row[1]) for row in reads) < 60, "25,000 others were not looked at"


async def test_what_lies_in_the_past_is_not_looked_at_by_who_books_a_series(
    database: Database, asked: Asked, new_practitioner: NewPerson, rules: DiaryRules
) -> None:
    ana = await new_practitioner()
    sessions = [asked(ana, f"2027-{month:02}-04T10:00") for month in range(1, 13)]
    claims = [session.checked(rules).claim for session in sessions]
    slots = [
        {"resource": ana, "slot": slot, "lane": 0, "appointment_id": ana}
        for slot in range(claims[0].span.slots().start - 20_000, claims[0].span.slots().start - 288)
    ]
    long_ago = [MONDAY - timedelta(days=2_000) + timedelta(hours=number) for number in range(3_000)]
    offers = [
        {
            "id": new_id(NOW),
            "practitioner_id": ana,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1),
            "version": 1,
            "created_at": NOW,
            "updated_at": NOW,
        }
        for starts_at in long_ago
    ]
    async with database.writing() as connection:
        await connection.execute(insert(busy_slots), slots)
        await connection.execute(insert(gaps), offers)
        for table in ("busy_slots", "gaps"):
            analysed = "ANALYZE" if database.is_sqlite else f"ANALYZE TABLE {table}"
            await connection.execute(text(analysed))
        await connection.commit()
    taking = {new_id(NOW): claim for claim in claims}
    async with database.writing() as connection:
        work = SqlWork(connection, Origin(), NOW)
        if not database.is_sqlite:
            await connection.execute(text("FLUSH STATUS"))
        with statements(database) as heard:
            assert await work.occupancy.in_the_way_of(claims) == [None] * len(claims)
            assert await work.gaps.touching(ana, [claim.span for claim in claims]) == []
            await work.occupancy.free_all(taking)
        if database.is_sqlite:
            plans = [
                str((await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)).all())
                for statement, parameters in heard
            ]
            assert [plan.count("(resource=? AND slot>? AND slot<?)") for plan in plans] == [12, 0, 12]
            assert "(practitioner_id=? AND starts_at>? AND starts_at<?)" in plans[1]
        else:
            reads = await connection.execute(text("SHOW SESSION STATUS LIKE 'Handler_read%'"))
            assert sum(int(row[1]) for row in reads) < 200, "23,000 others were not looked at"
