"""What calendar programs read of a practitioner's diary, and what the screens know of the programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import appointments, attendees, calendar_feeds, practitioners, times_off
from scheduling.adapters.working_hours import away
from scheduling.domain.diary import LONGEST_DAY, Span
from scheduling.domain.week_grid import PractitionerNotFound
from shared_kernel.chassis.tables import checkpoints, stream_head


@dataclass(frozen=True)
class Subscribed:
    """Whose calendar is asked for, when it was read last, and up to where all that it shows has been told."""

    practitioner_id: UUID
    name: str
    last_read_at: datetime | None
    told: tuple[str | None, ...]


async def feed_of(connection: AsyncConnection, practitioner_id: UUID) -> RowMapping:
    """Whether there is an address, since when, and when it was read. Raises PractitionerNotFound."""
    found = await connection.execute(
        select(calendar_feeds.c.address_digest, calendar_feeds.c.renewed_at, calendar_feeds.c.last_read_at)
        .join_from(practitioners, calendar_feeds, calendar_feeds.c.id == practitioners.c.id, isouter=True)
        .where(practitioners.c.id == practitioner_id)
    )
    row: RowMapping | None = found.mappings().first()
    if row is None:
        raise PractitionerNotFound
    return row


async def subscribed(connection: AsyncConnection, address_digest: str) -> Subscribed | None:
    """Whose calendar is at that address, None when nobody's, or that of somebody who has left. One statement.

    The logs are chained, so that the last hash of each stands for all that was ever told in it."""
    told = [select(stream_head.c.hash).where(stream_head.c.id == 1).scalar_subquery()]
    told += [
        select(checkpoints.c.hash).where(checkpoints.c.source == source).scalar_subquery()
        for source in ("identity", "patients")
    ]
    found = await connection.execute(
        select(practitioners.c.id, practitioners.c.name, calendar_feeds.c.last_read_at, *told)
        .join_from(calendar_feeds, practitioners, practitioners.c.id == calendar_feeds.c.id)
        .where(calendar_feeds.c.address_digest == address_digest, practitioners.c.active)
    )
    row = found.first()
    return None if row is None else Subscribed(row[0], row[1], row[2], tuple(row[3:]))


async def diary_of(
    connection: AsyncConnection, practitioner_id: UUID, span: Span
) -> tuple[Sequence[RowMapping], Sequence[RowMapping]]:
    """The practitioner's appointments that share time with the span, whatever became of them, and the time
    off; two statements."""
    column = appointments.c
    booked = (
        select(
            *(column.id, column.version, column.updated_at, column.starts_at, column.ends_at),
            *(column.all_day, column.type, column.status, attendees.c.full_name),
        )
        .join_from(appointments, attendees, attendees.c.id == column.patient_id, isouter=True)
        .where(
            column.practitioner_id == practitioner_id,
            column.starts_at > span.starts_at - LONGEST_DAY,
            column.starts_at < span.ends_at,
            column.ends_at > span.starts_at,
        )
        .order_by(column.starts_at, column.id)
    )
    absent = (
        select(times_off).where(*away(practitioner_id, span)).order_by(times_off.c.starts_at, times_off.c.id)
    )
    return (
        (await connection.execute(booked)).mappings().all(),
        (await connection.execute(absent)).mappings().all(),
    )
