"""Gaps: made by the week grid, consumed by bookings over them, restored after them; on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from scheduling.adapters.tables import gaps
from scheduling.domain.appointment import AppointmentOverlaps, Booking, Status
from scheduling.domain.diary import Span
from scheduling.domain.gap import GapsInTheWay
from scheduling.domain.people import UnknownPeople
from scheduling.domain.week_grid import EmptySlotGenerator, GridSlot, PractitionerNotFound, WeekGrid
from scheduling.main import SchedulingSettings
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, Stale
from testkit.statements import statements

Asked = Callable[..., Booking]
Diary = Any
NewPerson = Callable[..., Awaitable[UUID]]
Offered = Callable[[UUID], Awaitable[list[str]]]
Sound = Callable[[], Awaitable[None]]

MONDAY, TUESDAY = "2026-11-23", "2026-11-24"
CLINIC = ClinicTime(ZoneInfo("Europe/Madrid"))
GRID = SchedulingSettings(database_url="").week_grid


# --- the week grid ---


def test_the_default_week_is_that_of_the_product() -> None:
    starts = {day: [entry[:2] for entry in entries] for day, entries in GRID.entries().items()}
    wednesday = ["09", "10", "11", "12", "14", "15", "16"]
    assert starts == {
        "monday": ["09", "10", "11", "12", "14", "15"],
        "tuesday": ["09", "10", "11", "15", "16"],
        "wednesday": wednesday,
        "thursday": ["09", "10", "11", "15"],
        "friday": wednesday,
        "saturday": [],
        "sunday": [],
    }


@pytest.mark.parametrize(
    "entry",
    [
        *("", "mañana", "9-10", "9:00-10:00", "09:00", "09:00-10:00-11:00", "09:00–10:00", "09:00 - 10:00"),
        *("09:00-09:00", "10:00-09:00", "09:00-24:05", "24:00-24:00", "09:60-10:00", "09:00-99:00"),
        *("09:03-10:00", "٠٩:00-10:00"),
    ],
)
def test_a_malformed_entry_is_refused_by_its_place(entry: str) -> None:
    with pytest.raises(Invalid) as refusal:
        WeekGrid.build({"monday": ["08:00-09:00"], "tuesday": ["08:00-09:00", entry]})
    (violation,) = refusal.value.violations
    assert (violation.path, violation.code) == ("tuesday.1", "grid-slot-malformed")
    assert violation.facts == {"entry": entry}


def test_entries_that_overlap_and_too_many_are_refused_and_those_that_touch_are_not() -> None:
    grid = WeekGrid.build({"sunday": ["22:00-24:00", "00:00-00:05", "00:05-22:00"]})
    assert grid.entries()["sunday"] == ["00:00-00:05", "00:05-22:00", "22:00-24:00"]
    with pytest.raises(Invalid) as refusal:
        WeekGrid.build({"sunday": ["09:00-10:00", "09:55-11:00", "08:00-12:00", "11:00-12:00"]})
    assert [(v.path, v.code) for v in refusal.value.violations] == [
        ("sunday.1", "grid-slot-overlaps"),
        ("sunday.2", "grid-slot-overlaps"),
    ]
    fives = [f"{n // 12:02}:{n % 12 * 5:02}-{(n + 1) // 12:02}:{(n + 1) % 12 * 5:02}" for n in range(49)]
    with pytest.raises(Invalid) as refusal:
        WeekGrid.build({"monday": fives})
    assert [(v.path, v.code) for v in refusal.value.violations] == [("monday", "too-many")]


@pytest.mark.parametrize(
    "told", ["09:00-10:00,", "9-10", "09:00-10:00;10:00-11:00", "09:00-10:00,09:30-10:30"]
)
def test_the_service_does_not_start_on_a_malformed_entry_and_says_which(
    monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv("CALENDAR_SLOTS_THURSDAY", told)
    with pytest.raises(ValueError, match="CALENDAR_SLOTS_THURSDAY: ") as refusal:
        SchedulingSettings(database_url="")
    assert told.replace(";", ",").split(",")[-1] in str(refusal.value)


def test_a_day_told_as_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALENDAR_SLOTS_MONDAY", " ")
    monkeypatch.setenv("CALENDAR_SLOTS_SATURDAY", "10:00-12:00, 12:00-13:00")
    entries = SchedulingSettings(database_url="").week_grid.entries()
    assert (entries["monday"], entries["saturday"]) == ([], ["10:00-12:00", "12:00-13:00"])


FIVES = st.integers(0, 288)


@given(one=FIVES, other=FIVES)
def test_an_entry_is_read_as_it_is_written(one: int, other: int) -> None:
    slot = GridSlot(min(one, other) * timedelta(minutes=5), max(one, other) * timedelta(minutes=5))
    assert GridSlot.read(str(slot)) == (slot if one != other else None)


@given(day=st.dates(date(2026, 1, 1), date(2030, 12, 31)), days=st.integers(1, 31))
@settings(deadline=None)
def test_the_slots_are_in_order_apart_and_at_the_hour_the_grid_says(day: date, days: int) -> None:
    window = Span(CLINIC.day(day)[0], CLINIC.day(day + timedelta(days=days))[0])
    slots = EmptySlotGenerator(GRID, CLINIC).slots(window)
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(slots))
    shown = [(CLINIC.shown(slot.starts_at), CLINIC.shown(slot.ends_at)) for slot in slots]
    expected = [
        f"{day + timedelta(days=number)} {slot}"
        for number in range(days)
        for slot in GRID.days[(day + timedelta(days=number)).weekday()]
    ]
    assert [f"{starts:%Y-%m-%d %H:%M}-{ends:%H:%M}" for starts, ends in shown] == expected


async def test_a_practitioners_own_week_takes_the_defaults_place_and_is_versioned(
    diary: Diary, new_practitioner: NewPerson, offered: Offered
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    await diary.works(ana, monday=["16:00-16:45", "08:30-09:15"])
    await diary.generate(ana, MONDAY, TUESDAY)
    await diary.generate(luis, MONDAY, TUESDAY)
    assert await offered(ana) == ["23 08:30-09:15", "23 16:00-16:45"]
    assert len(await offered(luis)) == 6
    with pytest.raises(PractitionerNotFound):
        await diary.works(UUID(int=0))


async def test_two_first_weeks_at_once_are_one_and_a_stale_one(
    diary: Diary, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    results = await asyncio.gather(
        *(diary.works(ana, monday=[f"0{n}:00-10:00"]) for n in range(4)), return_exceptions=True
    )
    assert all(result is None or isinstance(result, Stale) for result in results)
    assert None in results


# --- generation ---


@pytest.mark.parametrize(
    ("start", "end", "starts"),
    [
        ("2026-11-23T00:00", "2026-11-24T00:00", "09 10 11 12 14 15"),
        ("2026-11-22T23:00+00:00", "2026-11-23T23:00+00:00", "09 10 11 12 14 15"),
        ("2026-11-23T00:00+00:00", "2026-11-24T00:00+00:00", "09 10 11 12 14 15"),
        ("2026-11-23T10:00", "2026-11-23T12:30", "10 11"),
        ("2026-11-23T10:01", "2026-11-23T12:00", "11"),
        ("2026-11-21T00:00", "2026-11-24T00:00", "09 10 11 12 14 15"),
        ("2026-11-23T15:00", "2026-11-24T10:00", "15 09"),
        ("2026-11-21T00:00", "2026-11-23T00:00", ""),
        ("2026-11-23T13:00", "2026-11-23T14:00", ""),
    ],
)
async def test_each_day_of_the_half_open_range_gets_its_slots(
    diary: Diary, new_practitioner: NewPerson, offered: Offered, start: str, end: str, starts: str
) -> None:
    ana = await new_practitioner()
    count = await diary.generate(ana, start, end)
    assert [entry[3:5] for entry in await offered(ana)] == starts.split()
    assert count == len(starts.split())


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-11-23", "2026-11-23", "ends-before-start"),
        ("2026-11-24", "2026-11-23", "ends-before-start"),
        ("2026-11-01", "2026-12-02T00:05", "window-too-long"),
        ("2026-10-01", "2026-11-01T00:05", "window-too-long"),
    ],
)
async def test_a_range_without_sense_is_refused(diary: Diary, start: str, end: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        diary.window(start, end)
    assert [(v.path, v.code) for v in refusal.value.violations] == [("end", code)]


async def test_thirty_one_days_are_not_too_long_even_when_one_has_twenty_five_hours(
    diary: Diary, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    assert await diary.generate(ana, "2026-10-01", "2026-11-01") == 4 * 29 + 4 + 7
    assert await diary.generate(ana, "2026-03-01", "2026-04-01") == 4 * 29 + 6 + 5


async def test_anything_in_the_range_refuses_all_of_it(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, offered: Offered
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    visit = (await diary.book(asked(ana, "2026-11-27T19:55", 10))).appointment.id
    with pytest.raises(AppointmentOverlaps) as refusal:
        await diary.generate(ana, MONDAY, "2026-11-30")
    assert refusal.value.facts["conflict"]["appointmentId"] == str(visit)  # type: ignore[index]
    assert await offered(ana) == []
    assert await diary.generate(ana, "2026-11-27T20:05", "2026-11-30") == 0
    assert await diary.generate(luis, MONDAY, "2026-11-30") == 29, "it is nobody else's matter"
    await diary.cancel(visit)
    assert await diary.generate(ana, MONDAY, "2026-11-30") == 29, "what was cancelled takes no time"
    for start, end in ((MONDAY, TUESDAY), ("2026-11-23T09:55", "2026-11-23T10:00")):
        with pytest.raises(GapsInTheWay) as gap:
            await diary.generate(ana, start, end)
        assert gap.value.facts["conflict"]["startsAt"] == "2026-11-23T09:00:00+01:00"  # type: ignore[index]
    assert await diary.generate(ana, "2026-11-30", "2026-12-01") == 6, "touching is not overlapping"


async def test_gaps_are_for_those_who_can_be_booked(diary: Diary, new_practitioner: NewPerson) -> None:
    for id_ in (await new_practitioner(status="disabled"), UUID(int=0)):
        with pytest.raises(UnknownPeople):
            await diary.generate(id_, MONDAY, TUESDAY)


async def test_time_off_in_the_range_is_left_out(
    diary: Diary, new_practitioner: NewPerson, offered: Offered
) -> None:
    ana = await new_practitioner()
    await diary.away(ana, "2026-11-23T10:30", "2026-11-23T11:05")
    await diary.away(None, TUESDAY, TUESDAY, all_day=True, title="San Clemente")
    assert await diary.generate(ana, MONDAY, "2026-11-25") == 4
    assert await offered(ana) == ["23 09:00-10:00", "23 12:00-13:00", "23 14:00-15:00", "23 15:00-16:00"]


async def test_generation_is_told_and_audited_gap_by_gap_in_few_statements(
    diary: Diary, new_practitioner: NewPerson, database: Database
) -> None:
    ana = await new_practitioner()
    counts = []
    for start, end in (("2026-11-02", "2026-11-03"), ("2026-12-01", "2027-01-01")):
        with statements(database) as heard:
            await diary.generate(ana, start, end)
        counts.append(len(heard))
    assert counts[0] == counts[1] <= 11
    with statements(database) as heard:
        assert await diary.clear(ana, "2026-12-01", "2027-01-01") == 132
    assert len(heard) <= 8
    async with database.reading() as connection:
        names = (await connection.execute(select(event_store.c.name))).scalars().all()
        operations = (await connection.execute(select(audit_trail.c.operation))).scalars().all()
    assert names.count("scheduling.gap-offered.v1") == operations.count("created") == 138
    assert names.count("scheduling.gap-deleted.v1") == operations.count("deleted") == 132


# --- deletion ---


async def test_what_is_deleted_lies_inside_the_range_and_is_on_offer(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, offered: Offered, expect_sound: Sound
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    for who in (ana, luis):
        await diary.generate(who, MONDAY, TUESDAY)
    visit = (await diary.book(asked(ana, "2026-11-23T11:00"))).appointment.id
    assert await diary.clear(ana, "2026-11-23T09:05", "2026-11-23T15:55") == 3
    assert await offered(ana) == ["23 09:00-10:00", "23 15:00-16:00"]
    assert len(await offered(luis)) == 6
    assert await diary.clear(ana, MONDAY, TUESDAY) == 2
    assert await diary.clear(ana, MONDAY, TUESDAY) == 0
    await diary.cancel(visit)
    assert await offered(ana) == ["23 11:00-12:00"], "the one that had been consumed was not deleted"
    await expect_sound()


# --- consumption and restoration ---

ALL = ["09:00-10:00", "10:00-11:00", "11:00-12:00", "12:00-13:00", "14:00-15:00", "15:00-16:00"]


def monday(*kept: int) -> list[str]:
    return [f"23 {ALL[number]}" for number in kept]


@pytest.mark.parametrize(
    ("starts_at", "minutes", "left"),
    [
        ("10:00", 60, (0, 2, 3, 4, 5)),
        ("10:30", 60, (0, 3, 4, 5)),
        ("10:55", 5, (0, 2, 3, 4, 5)),
        ("09:00", 420, ()),
        ("13:00", 60, (0, 1, 2, 3, 4, 5)),
        ("08:00", 60, (0, 1, 2, 3, 4, 5)),
        ("08:00", 65, (1, 2, 3, 4, 5)),
        ("15:55", 600, (0, 1, 2, 3, 4)),
    ],
)
async def test_booking_over_gaps_consumes_those_it_overlaps_and_cancelling_or_deleting_restores_them(
    diary: Diary,
    asked: Asked,
    new_practitioner: NewPerson,
    offered: Offered,
    expect_sound: Sound,
    starts_at: str,
    minutes: int,
    left: tuple[int, ...],
) -> None:
    ana = await new_practitioner()
    await diary.generate(ana, MONDAY, TUESDAY)
    for give_back in (diary.cancel, diary.delete):
        entry = await diary.book(asked(ana, f"2026-11-23T{starts_at}", minutes))
        assert await offered(ana) == monday(*left)
        await expect_sound()
        await give_back(entry.appointment.id)
        assert await offered(ana) == monday(*range(6))
        await expect_sound()


async def test_a_gap_comes_back_only_when_nothing_lies_over_it_any_more(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, offered: Offered, expect_sound: Sound
) -> None:
    ana = await new_practitioner()
    await diary.generate(ana, MONDAY, TUESDAY)
    first = (await diary.book(asked(ana, "2026-11-23T10:00", 30))).appointment.id
    second = (await diary.book(asked(ana, "2026-11-23T10:30", 60))).appointment.id
    assert await offered(ana) == monday(0, 3, 4, 5)
    await diary.cancel(first)
    await expect_sound()
    assert await offered(ana) == monday(0, 3, 4, 5), "the second still lies over it"
    again = (await diary.book(asked(ana, "2026-11-23T10:00", 30))).appointment.id
    await diary.delete(second)
    assert await offered(ana) == monday(0, 2, 3, 4, 5)
    await diary.cancel(again)
    assert await offered(ana) == monday(*range(6))
    await diary.book(asked(ana, "2026-11-23T10:00"))
    with pytest.raises(AppointmentOverlaps):
        await diary.change(first, status=Status.SCHEDULED)
    assert await offered(ana) == monday(0, 2, 3, 4, 5)
    await expect_sound()


async def test_moving_and_resizing_consume_and_restore_as_they_go(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, offered: Offered, expect_sound: Sound
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    for who in (ana, luis):
        await diary.generate(who, MONDAY, TUESDAY)
    id_ = (await diary.book(asked(ana, "2026-11-23T10:00"))).appointment.id
    for starts_at, minutes, left in (
        ("10:00", 120, (0, 3, 4, 5)),
        ("10:00", 30, (0, 2, 3, 4, 5)),
        ("13:00", 60, (0, 1, 2, 3, 4, 5)),
        ("11:30", 60, (0, 1, 4, 5)),
        ("12:30", 60, (0, 1, 2, 4, 5)),
    ):
        await diary.move(id_, f"2026-11-23T{starts_at}", minutes)
        assert await offered(ana) == monday(*left), starts_at
        await expect_sound()
    await diary.change(id_, practitioner_id=luis)
    assert (await offered(ana), await offered(luis)) == (monday(*range(6)), monday(0, 1, 2, 4, 5))
    await diary.move(id_, "2026-11-25T12:00", practitioner_id=ana)
    assert await offered(ana) == await offered(luis) == monday(*range(6))
    await expect_sound()


async def test_a_restored_appointment_consumes_again_and_an_overbooked_one_too(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, offered: Offered, expect_sound: Sound
) -> None:
    ana = await new_practitioner()
    await diary.generate(ana, MONDAY, TUESDAY)
    first = (await diary.book(asked(ana, "2026-11-23T10:00"))).appointment.id
    await diary.cancel(first)
    await diary.change(first, status=Status.SCHEDULED)
    assert await offered(ana) == monday(0, 2, 3, 4, 5)
    over = (await diary.book(asked(ana, "2026-11-23T10:30"), overbook="Urgencia")).appointment.id
    assert await offered(ana) == monday(0, 3, 4, 5)
    await diary.delete(first)
    assert await offered(ana) == monday(0, 3, 4, 5)
    await diary.delete(over)
    assert await offered(ana) == monday(*range(6))
    for status in (Status.ATTENDED, Status.MISSED):
        id_ = (await diary.book(asked(ana, "2026-11-23T12:00"))).appointment.id
        await diary.change(id_, status=status)
        assert await offered(ana) == monday(0, 1, 2, 4, 5), "its time has been taken"
        await diary.delete(id_)
    await expect_sound()


async def test_each_consumption_is_told_and_audited_in_the_bookings_own_transaction(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, database: Database
) -> None:
    ana = await new_practitioner()
    await diary.generate(ana, MONDAY, TUESDAY)
    visit = (await diary.book(asked(ana, "2026-11-23T10:30"))).appointment.id
    await diary.cancel(visit)
    async with database.reading() as connection:
        told = await connection.execute(select(event_store.c.name).order_by(event_store.c.seq))
        names = [name.split(".")[1] for name in told.scalars()][6:]
        audited = await connection.execute(
            select(audit_trail.c.changes).where(audit_trail.c.entity_type == "Gap")
        )
        changes = audited.scalars().all()
        kept = (await connection.execute(select(gaps.c.version))).scalars().all()
    assert names == [
        "appointment-booked",
        "gap-consumed",
        "gap-consumed",
        "appointment-cancelled",
        "gap-restored",
        "gap-restored",
    ]
    assert sum(f'"consumed_by":[null,"{visit}"]' in change for change in changes) == 2
    assert sorted(kept) == [1, 1, 1, 1, 3, 3]


async def test_a_gap_in_time_off_is_not_on_offer_and_comes_back_with_it(
    diary: Diary, new_practitioner: NewPerson, offered: Offered
) -> None:
    ana = await new_practitioner()
    await diary.generate(ana, MONDAY, TUESDAY)
    hours = await diary.away(ana, "2026-11-23T09:30", "2026-11-23T11:00")
    assert await offered(ana) == monday(2, 3, 4, 5)
    await diary.away(await new_practitioner(name="Luis Gil"), MONDAY, MONDAY, all_day=True)
    closed = await diary.away(None, MONDAY, MONDAY, all_day=True)
    assert await offered(ana) == []
    await diary.back(closed.id)
    await diary.back(hours.id)
    assert await offered(ana) == monday(*range(6))


async def test_a_gap_across_the_day_of_utc_is_settled_by_whoever_comes_last(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, offered: Offered, expect_sound: Sound
) -> None:
    ana = await new_practitioner()
    await diary.works(ana, monday=["00:30-02:30"])
    for _ in range(5):
        await diary.generate(ana, MONDAY, TUESDAY)
        entries = await asyncio.gather(
            diary.book(asked(ana, "2026-11-23T00:00", 45)), diary.book(asked(ana, "2026-11-23T02:00", 45))
        )
        assert await offered(ana) == []
        ids = [entry.appointment.id for entry in entries]
        await asyncio.gather(*(diary.cancel(id_) for id_ in ids))
        assert await offered(ana) == ["23 00:30-02:30"]
        await expect_sound()
        await diary.clear(ana, MONDAY, TUESDAY)


async def test_a_booking_without_gaps_asks_once_and_one_over_gaps_a_little_more(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, database: Database
) -> None:
    ana = await new_practitioner()
    with statements(database) as without:
        await diary.book(asked(ana, "2026-11-23T10:00"))
    await diary.generate(ana, "2026-11-24", "2026-11-25")
    with statements(database) as over:
        await diary.book(asked(ana, "2026-11-24T10:00"))
    assert len(over) == len(without) + 2, "what lies there 1, the gap 1"
