"""The gaps, in MariaDB or SQLite."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, or_, select

from scheduling.adapters.tables import gaps
from scheduling.domain.diary import LONGEST_DAY, Span
from scheduling.domain.gap import Gap
from shared_kernel.chassis.unit_of_work import UnitOfWork


class SqlGaps:
    """The gaps in one table, those on offer and the consumed ones."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def touching(self, practitioner_id: UUID, spans: Collection[Span]) -> Sequence[Gap]:
        """Those that share time with any of the spans, in order and locked. Only what lies between the first
        and the last span is looked at."""
        shared = (and_(gaps.c.starts_at < span.ends_at, gaps.c.ends_at > span.starts_at) for span in spans)
        found = await self._work.connection.execute(
            select(gaps)
            .where(
                gaps.c.practitioner_id == practitioner_id,
                gaps.c.starts_at > min(span.starts_at for span in spans) - LONGEST_DAY,
                gaps.c.starts_at < max(span.ends_at for span in spans),
                or_(*shared),
            )
            .order_by(gaps.c.starts_at)
            .with_for_update()
        )
        rows = found.mappings().all()
        self._work.seen(rows)
        return [_gap(row) for row in rows]

    async def add_all(self, new: Sequence[Gap]) -> None:
        """Keep new ones, in one statement."""
        await self._work.insert_all(gaps, [(gap, _row(gap)) for gap in new])

    async def save(self, gap: Gap) -> None:
        """Raises Stale."""
        await self._work.update(gaps, gap, _row(gap))

    async def remove_all(self, gone: Sequence[Gap]) -> None:
        """Remove them, in one statement. Raises Stale."""
        await self._work.delete_all(gaps, gone)


def _gap(row: RowMapping) -> Gap:
    return Gap(
        id=row["id"],
        version=row["version"],
        practitioner_id=row["practitioner_id"],
        span=Span(row["starts_at"], row["ends_at"]),
        consumed_by=row["consumed_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _row(gap: Gap) -> dict[str, Any]:
    return {
        "practitioner_id": gap.practitioner_id,
        "starts_at": gap.span.starts_at,
        "ends_at": gap.span.ends_at,
        "consumed_by": gap.consumed_by,
        "created_at": gap.created_at,
        "updated_at": gap.updated_at,
    }
