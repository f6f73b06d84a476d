"""Who reads which calendar from where, in MariaDB or SQLite."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from scheduling.adapters.tables import calendar_feeds
from scheduling.domain.calendar_feed import CalendarFeed
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.unit_of_work import Overtaken, UnitOfWork

_TOLD_AGAIN = timedelta(hours=1)


class SqlCalendarFeeds:
    """The calendars that have, or had, a secret address."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def of(self, practitioner_id: UUID) -> CalendarFeed:
        """One without an address when there was none yet."""
        row = await self._work.load(calendar_feeds, practitioner_id)
        if row is None:
            return CalendarFeed(id=practitioner_id)
        return CalendarFeed(
            id=row["id"],
            version=row["version"],
            address_digest=row["address_digest"],
            renewed_at=row["renewed_at"],
        )

    async def save(self, feed: CalendarFeed) -> None:
        """Raises Stale; the first one too, when another was there first. Nobody has read the new address."""
        row = {
            "address_digest": feed.address_digest,
            "renewed_at": feed.renewed_at,
            "last_read_at": None,
        }
        if feed.version:
            await self._work.update(calendar_feeds, feed, row)
            return
        try:
            await self._work.insert(calendar_feeds, feed, row)
        except IntegrityError as error:
            raise Overtaken(seen=0) from error


async def note_reading(
    database: Database, practitioner_id: UUID, last_read_at: datetime | None, now: datetime
) -> None:
    """Remember that a program has read the calendar; once an hour is often enough."""
    told_before = now - _TOLD_AGAIN
    if last_read_at is not None and last_read_at > told_before:
        return
    column = calendar_feeds.c
    unless_told = or_(column.last_read_at.is_(None), column.last_read_at <= told_before)
    async with database.writing() as connection:
        await connection.execute(
            update(calendar_feeds)
            .where(column.id == practitioner_id, column.address_digest.is_not(None), unless_told)
            .values(last_read_at=now)
        )
        await connection.commit()
