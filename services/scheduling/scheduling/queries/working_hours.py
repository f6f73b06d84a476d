"""What the screens read of week grids, of time off, and of the time that is left."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import appointments, practitioners, times_off, working_weeks
from scheduling.adapters.working_hours import grid_in
from scheduling.domain.appointment import Status
from scheduling.domain.availability import free_starts
from scheduling.domain.diary import LONGEST_DAY, Span
from scheduling.domain.time_off import TimeOffNotFound
from scheduling.domain.week_grid import EmptySlotGenerator, PractitionerNotFound, WeekGrid
from shared_kernel.chassis.pagination import Listed, PageWish, read_page
from shared_kernel.clinic_time import ClinicTime


async def week_grid(
    connection: AsyncConnection, practitioner_id: UUID, default: WeekGrid
) -> tuple[WeekGrid, int]:
    """The practitioner's week grid and its version, 0 for the default. Raises PractitionerNotFound."""
    found = await _weeks(connection, practitioner_id)
    if not found:
        raise PractitionerNotFound
    return _grid(found[0], default), found[0]["version"] or 0


async def time_off(connection: AsyncConnection, time_off_id: UUID) -> RowMapping:
    """One. Raises TimeOffNotFound."""
    found = await connection.execute(select(times_off).where(times_off.c.id == time_off_id))
    row: RowMapping | None = found.mappings().first()
    if row is None:
        raise TimeOffNotFound
    return row


async def listed_times_off(
    connection: AsyncConnection,
    start: datetime | None,
    end: datetime | None,
    practitioner_id: UUID | None,
    wish: PageWish,
) -> Listed:
    """A page of what shares time with [start, end), of everybody or of one practitioner and the clinic; in
    order of time."""
    query = select(times_off)
    if start is not None:
        query = query.where(times_off.c.ends_at > start)
    if end is not None:
        query = query.where(times_off.c.starts_at < end)
    if practitioner_id is not None:
        query = query.where(
            or_(times_off.c.practitioner_id == practitioner_id, times_off.c.practitioner_id.is_(None))
        )
    return await read_page(connection, query.order_by(times_off.c.starts_at, times_off.c.id), wish)


async def availability(
    connection: AsyncConnection,
    practitioner_id: UUID | None,
    window: Span,
    length: timedelta,
    default: WeekGrid,
    clinic_time: ClinicTime,
) -> list[dict[str, Any]]:
    """Each free start of the practitioner, or of all who can be booked, in order of time. Three statements,
    however many they are and however long the window. Raises PractitionerNotFound."""
    weeks = await _weeks(connection, practitioner_id)
    if practitioner_id is not None and not weeks:
        raise PractitionerNotFound
    taken = [*await _booked(connection, practitioner_id, window), *await _away(connection, window)]
    return sorted(
        (
            {"practitioner_id": week["id"], "starts_at": starts_at, "ends_at": starts_at + length}
            for week in weeks
            if week["active"]
            for starts_at in free_starts(
                EmptySlotGenerator(_grid(week, default), clinic_time).slots(window),
                _concerning(week["id"], taken),
                window,
                length,
            )
        ),
        key=lambda free: (free["starts_at"], free["practitioner_id"]),
    )


def _grid(week: Mapping[Any, Any], default: WeekGrid) -> WeekGrid:
    return default if week["version"] is None else grid_in(week)


def _concerning(practitioner_id: UUID, taken: Sequence[RowMapping]) -> Iterator[Span]:
    for row in taken:
        if row["practitioner_id"] in (practitioner_id, None):
            yield Span(row["starts_at"], row["ends_at"])


async def _weeks(connection: AsyncConnection, practitioner_id: UUID | None) -> Sequence[RowMapping]:
    own = (column for column in working_weeks.c if column.name != "id")
    query = (
        select(practitioners.c.id, practitioners.c.active, *own)
        .join_from(practitioners, working_weeks, working_weeks.c.id == practitioners.c.id, isouter=True)
        .where(practitioners.c.practises)
    )
    if practitioner_id is not None:
        query = query.where(practitioners.c.id == practitioner_id)
    return (await connection.execute(query)).mappings().all()


async def _booked(
    connection: AsyncConnection, practitioner_id: UUID | None, window: Span
) -> Sequence[RowMapping]:
    query = select(appointments.c.practitioner_id, appointments.c.starts_at, appointments.c.ends_at).where(
        appointments.c.starts_at > window.starts_at - LONGEST_DAY,
        appointments.c.starts_at < window.ends_at,
        appointments.c.ends_at > window.starts_at,
        appointments.c.status != Status.CANCELLED.value,
    )
    if practitioner_id is not None:
        query = query.where(appointments.c.practitioner_id == practitioner_id)
    return (await connection.execute(query)).mappings().all()


async def _away(connection: AsyncConnection, window: Span) -> Sequence[RowMapping]:
    query = select(times_off.c.practitioner_id, times_off.c.starts_at, times_off.c.ends_at).where(
        times_off.c.starts_at < window.ends_at, times_off.c.ends_at > window.starts_at
    )
    return (await connection.execute(query)).mappings().all()
