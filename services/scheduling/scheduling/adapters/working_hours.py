"""The week grids and the time off, in MariaDB or SQLite."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError

from scheduling.adapters.tables import times_off, working_weeks
from scheduling.domain.diary import Span
from scheduling.domain.time_off import Leave, TimeOff, TimeOffNotFound
from scheduling.domain.week_grid import WEEKDAYS, WeekGrid, WorkingWeek
from shared_kernel.chassis.unit_of_work import Overtaken, UnitOfWork


def grid_in(row: Mapping[Any, Any]) -> WeekGrid:
    """The week grid of a row of `working_weeks`."""
    return WeekGrid.build({day: row[day].split(",") for day in WEEKDAYS if row[day]})


def away(practitioner_id: UUID | ColumnElement[UUID], span: Span) -> tuple[ColumnElement[bool], ...]:
    """The time off of the practitioner or of the clinic that shares time with the span."""
    return (
        or_(times_off.c.practitioner_id == practitioner_id, times_off.c.practitioner_id.is_(None)),
        times_off.c.starts_at < span.ends_at,
        times_off.c.ends_at > span.starts_at,
    )


class SqlWorkingWeeks:
    """The week grids that practitioners have of their own."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def of(self, practitioner_id: UUID) -> WorkingWeek | None:
        """None when the clinic's default holds."""
        row = await self._work.load(working_weeks, practitioner_id)
        if row is None:
            return None
        return WorkingWeek(id=row["id"], version=row["version"], grid=grid_in(row))

    async def save(self, week: WorkingWeek) -> None:
        """Raises Stale; the first one too, when another was there first."""
        row = {day: ",".join(entries) for day, entries in week.grid.entries().items()}
        if week.version:
            await self._work.update(working_weeks, week, row)
            return
        try:
            await self._work.insert(working_weeks, week, row)
        except IntegrityError as error:
            raise Overtaken(seen=0) from error


class SqlTimesOff:
    """The time off of practitioners and of the clinic."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def get(self, id: UUID) -> TimeOff:  # noqa: A002
        """Raises TimeOffNotFound."""
        row = await self._work.load(times_off, id)
        if row is None:
            raise TimeOffNotFound
        return _time_off(row)

    async def during(self, practitioner_id: UUID, span: Span) -> Sequence[TimeOff]:
        """Some of whose time is in the span, in order."""
        found = await self._work.connection.execute(
            select(times_off).where(*away(practitioner_id, span)).order_by(times_off.c.starts_at)
        )
        return [_time_off(row) for row in found.mappings()]

    async def add(self, time_off: TimeOff) -> None:
        """Keep a new one."""
        await self._work.insert(times_off, time_off, _row(time_off))

    async def save(self, time_off: TimeOff) -> None:
        """Raises Stale."""
        await self._work.update(times_off, time_off, _row(time_off))

    async def remove(self, time_off: TimeOff) -> None:
        """Raises Stale."""
        await self._work.delete(times_off, time_off)


def _time_off(row: Mapping[Any, Any]) -> TimeOff:
    return TimeOff(
        id=row["id"],
        version=row["version"],
        leave=Leave(
            practitioner_id=row["practitioner_id"],
            title=row["title"],
            all_day=row["all_day"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
        ),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _row(time_off: TimeOff) -> dict[str, Any]:
    return {
        **vars(time_off.leave),
        "created_at": time_off.created_at,
        "updated_at": time_off.updated_at,
    }
