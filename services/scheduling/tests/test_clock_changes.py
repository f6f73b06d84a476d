"""The ten clock changes of 2026–2030: creating, moving, series, gaps, time off, availability around each."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling.adapters.tables import gaps
from scheduling.domain.appointment import AppointmentOverlaps, Booking
from scheduling.domain.series import Alteration, Weekly
from scheduling.domain.time_off import DuringTimeOff
from scheduling.queries import working_hours as queries
from scheduling.use_cases.series import Series, book_series, cancel_series, change_series, check_series
from shared_kernel.chassis.database import Database
from shared_kernel.errors import Invalid

Asked = Callable[..., Booking]
Diary = Any
NewPerson = Callable[..., Awaitable[UUID]]
Sound = Callable[[], Awaitable[None]]

SPRING = [date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26), date(2029, 3, 25), date(2030, 3, 31)]
AUTUMN = [date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29), date(2029, 10, 28), date(2030, 10, 27)]
CHANGES = [(day, 23) for day in SPRING] + [(day, 25) for day in AUTUMN]
NIGHT = ["00:00-01:00", "01:00-02:00", "02:00-03:00", "03:00-04:00", "23:00-24:00"]
ONE = timedelta(days=1)
NOW = datetime(2026, 1, 2, 8, tzinfo=UTC)


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour, minutes=minute)


def night(day: date, hours: int) -> list[datetime]:
    """When the slots of NIGHT begin. Midnight is 23 h UTC in winter time and 22 h in summer time; in spring
    the hour from two is skipped, in autumn the slot from two lasts two hours."""
    before = -1 if hours == 23 else -2
    after = -2 if hours == 23 else -1
    at = [before, before + 1, *([] if hours == 23 else [before + 2]), 3 + after, 23 + after]
    return [utc(day, hour) for hour in at]


@pytest.mark.parametrize(("day", "hours"), CHANGES)
async def test_a_wall_clock_time_is_that_of_its_own_side_of_the_change(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, expect_sound: Sound, day: date, hours: int
) -> None:
    ana = await new_practitioner()
    before, after = (9, 8) if hours == 23 else (8, 9)
    for on, hour in ((day - ONE, before), (day, after)):
        entry = await diary.book(asked(ana, f"{on}T10:00"))
        assert entry.appointment.booking.starts_at == utc(on, hour)
    with pytest.raises(AppointmentOverlaps):
        await diary.book(asked(ana, utc(day, after, 55).isoformat()))
    await expect_sound()


@pytest.mark.parametrize(("day", "hours"), CHANGES)
async def test_a_move_across_the_change_holds_the_wall_clock(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, expect_sound: Sound, day: date, hours: int
) -> None:
    ana = await new_practitioner()
    id_ = (await diary.book(asked(ana, f"{day - ONE}T10:00"))).appointment.id
    booking = (await diary.move(id_, f"{day}T10:00")).appointment.booking
    assert booking.starts_at == utc(day, 8 if hours == 23 else 9)
    over = (await diary.move(id_, f"{day}T01:00", 180)).appointment.booking
    assert over.ends_at - over.starts_at == timedelta(hours=2 if hours == 23 else 4)
    if hours == 23:
        with pytest.raises(Invalid) as refusal:
            await diary.move(id_, f"{day}T02:30")
        assert {(v.path, v.code) for v in refusal.value.violations} == {("startsAt", "wall-time-skipped")}
    else:
        first = (await diary.move(id_, f"{day}T02:30", 15)).appointment.booking
        second = (await diary.move(id_, f"{day}T02:30+01:00", 15)).appointment.booking
        assert second.starts_at - first.starts_at == timedelta(hours=1)
    await expect_sound()


@pytest.mark.parametrize(("day", "hours"), CHANGES)
async def test_a_whole_day_is_as_long_as_that_day_and_becomes_another_one_moved(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, expect_sound: Sound, day: date, hours: int
) -> None:
    ana = await new_practitioner()
    whole = (await diary.book(asked(ana, f"{day}T12:00", all_day=True))).appointment
    assert whole.booking.ends_at - whole.booking.starts_at == timedelta(hours=hours)
    for on, hour in ((day, "00:00"), (day, "23:00")):
        with pytest.raises(AppointmentOverlaps):
            await diary.book(asked(ana, f"{on}T{hour}"))
    for on in (day - ONE, day + ONE):
        moved = (await diary.move(whole.id, f"{on}T12:00")).appointment.booking
        assert moved.ends_at - moved.starts_at == timedelta(hours=24)
    await diary.book(asked(ana, f"{day}T00:00"))
    await expect_sound()


async def plan(diary: Diary, booking: Booking, weekly: Weekly, check: bool = False) -> Any:
    """The weekly plan of sessions like this booking, booked or only checked."""
    length = booking.ends_at - booking.starts_at
    starts = [diary.rules.instant(moment, "startsAt") for moment in weekly.moments()]
    sessions = [replace(booking, starts_at=start, ends_at=start + length) for start in starts]
    doing = check_series if check else book_series
    return await diary.run(lambda work: doing(work, sessions, diary.default, diary.rules, NOW))


@pytest.mark.parametrize(("day", "hours"), CHANGES)
async def test_a_series_holds_the_wall_clock_across_the_change(
    diary: Diary,
    asked: Asked,
    new_practitioner: NewPerson,
    new_patient: NewPerson,
    expect_sound: Sound,
    day: date,
    hours: int,
) -> None:
    def starts(series: Series) -> list[datetime]:
        return [entry.appointment.booking.starts_at for entry in series.entries]

    async def altered(at: time, minutes: int | None = None) -> Series:
        length = None if minutes is None else timedelta(minutes=minutes)
        to = Alteration(None, None, None, None, at, length)
        return await diary.run(
            lambda work: change_series(work, booked.id, None, to, diary.default, diary.rules, NOW)
        )

    ana, maria = await new_practitioner(), await new_patient()
    sundays = [day - 7 * ONE, day, day + 7 * ONE]
    weekly = Weekly(frozenset({6}), time(10), sundays[0], 3)
    before, after = (9, 8) if hours == 23 else (8, 9)
    booked = await plan(diary, asked(ana, f"{day}T10:00", patient_id=maria), weekly)
    assert starts(booked) == [utc(sundays[0], before), utc(day, after), utc(sundays[2], after)]
    in_the_way = await plan(diary, asked(ana, f"{day}T10:30"), replace(weekly, at=time(10, 30)), check=True)
    assert all(occurrence.refusal for occurrence in in_the_way)
    before, after = (0, -1) if hours == 23 else (-1, 0)
    assert starts(await altered(time(1), 180)) == [
        utc(sundays[0], before),
        utc(day, before),
        utc(sundays[2], after),
    ]
    if hours == 23:
        with pytest.raises(Invalid) as refusal:
            await altered(time(2, 30))
        assert {(v.path, v.code) for v in refusal.value.violations} == {("at", "wall-time-skipped")}
    else:
        assert starts(await altered(time(2, 30)))[1] == utc(day, 0, 30), "the first of the two"
    await expect_sound()
    gone = await diary.run(lambda work: cancel_series(work, booked.id, None, "Alta", NOW))
    assert len(gone.entries) == 3
    await expect_sound()


@pytest.mark.parametrize(("day", "hours"), CHANGES)
async def test_gaps_are_made_at_the_hours_there_are(
    diary: Diary,
    asked: Asked,
    new_practitioner: NewPerson,
    database: Database,
    expect_sound: Sound,
    day: date,
    hours: int,
) -> None:
    ana = await new_practitioner()
    await diary.works(ana, sunday=NIGHT, saturday=["23:00-24:00"], monday=["00:00-01:00"])
    assert await diary.generate(ana, str(day), str(day + ONE)) == len(night(day, hours))
    async with database.reading() as connection:
        kept = (await connection.execute(select(gaps).order_by(gaps.c.starts_at))).mappings().all()
    assert [row["starts_at"] for row in kept] == night(day, hours)
    lengths = [row["ends_at"] - row["starts_at"] for row in kept]
    assert sum(lengths, timedelta()) == timedelta(hours=4 if hours == 23 else 6)
    entry = await diary.book(asked(ana, f"{day}T01:30", 120))
    await expect_sound()
    await diary.cancel(entry.appointment.id)
    assert await diary.clear(ana, str(day), str(day + ONE)) == len(night(day, hours))
    await expect_sound()


@pytest.mark.parametrize(("day", "hours"), CHANGES)
async def test_availability_counts_the_hours_there_are(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, database: Database, day: date, hours: int
) -> None:
    ana = await new_practitioner()
    await diary.works(ana, sunday=NIGHT, saturday=["23:00-24:00"], monday=["00:00-01:00"])

    async def free(minutes: int, start: date = day, end: date = day + ONE) -> list[datetime]:
        length = timedelta(minutes=minutes)
        window = diary.window(str(start), str(end))
        async with database.reading() as connection:
            rows = await queries.availability(
                connection, ana, window, length, diary.default, diary.rules.clinic_time
            )
        return [row["starts_at"] for row in rows]

    night_hours = hours - 20
    assert len(await free(60)) == night_hours + 1
    assert len(await free(night_hours * 60)) == 1
    assert await free(night_hours * 60 + 5) == []
    assert len(await free((night_hours + 1) * 60, day - ONE)) == 1, "from eleven the evening before"
    assert len(await free(120, day, day + 2 * ONE)) > len(await free(120)), "until one the night after"
    await diary.book(asked(ana, f"{day}T00:00", 60))
    assert len(await free(60)) == night_hours
    await diary.away(ana, f"{day}T03:00", f"{day}T03:30")
    assert night(day, hours)[-1] in await free(60)
    assert len(await free(60)) == night_hours - 1


@pytest.mark.parametrize(("day", "hours"), CHANGES)
async def test_a_whole_day_off_is_as_long_as_that_day(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, day: date, hours: int
) -> None:
    ana = await new_practitioner()
    away = await diary.away(None, str(day), str(day), all_day=True)
    assert away.leave.ends_at - away.leave.starts_at == timedelta(hours=hours)
    for on, hour in ((day, "00:00"), (day, "23:00")):
        with pytest.raises(DuringTimeOff):
            await diary.book(asked(ana, f"{on}T{hour}"))
    await diary.book(asked(ana, f"{day - ONE}T23:00"))
    await diary.book(asked(ana, f"{day + ONE}T00:00"))
