"""Saying when practitioners work, and when they are away."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from scheduling.domain.diary import DiaryRules
from scheduling.domain.people import UnknownPeople
from scheduling.domain.time_off import Leave, TimeOff
from scheduling.domain.week_grid import PractitionerNotFound, WeekGrid, WorkingWeek
from scheduling.ports import Work
from shared_kernel.errors import Violation


async def change_week_grid(
    work: Work, practitioner_id: UUID, version: int | None, grid: WeekGrid, default: WeekGrid
) -> WorkingWeek:
    """The practitioner's own week. Raises PractitionerNotFound, Stale."""
    if await work.people.practitioner(practitioner_id) is None:
        raise PractitionerNotFound
    week = await work.working_weeks.of(practitioner_id) or WorkingWeek(id=practitioner_id, grid=default)
    week.expect(version)
    if week.version == 0 or week.grid != grid:
        week.change(grid)
        await work.working_weeks.save(week)
    await work.commit(week)
    return week


async def plan_time_off(work: Work, leave: Leave, rules: DiaryRules, now: datetime) -> TimeOff:
    """New time off; nothing is booked in it from now on. Raises Invalid, UnknownPeople."""
    time_off = TimeOff.plan(leave, rules, now)
    await _expect_known(work, leave)
    await work.times_off.add(time_off)
    await work.commit(time_off)
    return time_off


async def change_time_off(
    work: Work,
    time_off_id: UUID,
    version: int | None,
    change: Callable[[TimeOff], Leave],
    rules: DiaryRules,
    now: datetime,
) -> TimeOff:
    """The time off as `change` makes it. Raises TimeOffNotFound, Stale, Invalid, UnknownPeople."""
    time_off = await work.times_off.get(time_off_id)
    time_off.expect(version)
    before = time_off.leave
    time_off.change(change(time_off), rules, now)
    if time_off.leave != before:
        await _expect_known(work, time_off.leave)
        await work.times_off.save(time_off)
    await work.commit(time_off)
    return time_off


async def delete_time_off(
    work: Work, time_off_id: UUID, version: int | None, permitted: Callable[[TimeOff], object]
) -> None:
    """The time off is gone. Raises TimeOffNotFound, Stale, and what `permitted` raises."""
    time_off = await work.times_off.get(time_off_id)
    permitted(time_off)
    time_off.expect(version)
    time_off.delete()
    await work.times_off.remove(time_off)
    await work.commit(None)


async def _expect_known(work: Work, leave: Leave) -> None:
    if leave.practitioner_id and await work.people.practitioner(leave.practitioner_id) is None:
        raise UnknownPeople(Violation("practitionerId", "unknown"))
