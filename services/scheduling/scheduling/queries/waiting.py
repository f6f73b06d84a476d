"""What the screens read of the waiting list, and whom free time would suit."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import attendees, busy_slots, waiting_entries
from scheduling.adapters.waiting import wish_in
from scheduling.domain.people import Standing
from scheduling.domain.waiting import Opening, WaitingEntryNotFound, WaitingStatus
from shared_kernel.chassis.pagination import Listed, PageWish, read_page


async def waiting_entry(connection: AsyncConnection, entry_id: UUID) -> RowMapping:
    """One, with the patient's name and phone. Raises WaitingEntryNotFound."""
    found = await connection.execute(_entries().where(waiting_entries.c.id == entry_id))
    row: RowMapping | None = found.mappings().first()
    if row is None:
        raise WaitingEntryNotFound
    return row


async def listed_waiting(
    connection: AsyncConnection,
    status: WaitingStatus | None,
    practitioner_id: UUID | None,
    patient_id: UUID | None,
    today: date,
    wish: PageWish,
) -> Listed:
    """A page of those who are in that state today, or of all, whom a practitioner's time would do, or of one
    patient; the longest waiting first."""
    column = waiting_entries.c
    query = _entries() if status is None else _entries().where(*_in_state(status, today))
    if practitioner_id is not None:
        query = query.where(or_(column.practitioner_id.is_(None), column.practitioner_id == practitioner_id))
    if patient_id is not None:
        query = query.where(column.patient_id == patient_id)
    return await read_page(connection, _longest_first(query), wish)


async def matches(connection: AsyncConnection, opening: Opening, today: date) -> Sequence[RowMapping]:
    """Those whom the free time suits, who can be booked and have nothing else at that time; the longest
    waiting first. One statement: what they wish for is weighed by the wish itself."""
    slots = opening.span.slots()
    busy = exists().where(
        busy_slots.c.resource == waiting_entries.c.patient_id,
        busy_slots.c.slot.between(slots.start, slots.stop - 1),
    )
    query = _entries().where(
        *_in_state(WaitingStatus.WAITING, today), attendees.c.status == Standing.ACTIVE.value, ~busy
    )
    rows = (await connection.execute(_longest_first(query))).mappings().all()
    return [row for row in rows if wish_in(row).suits(opening)]


def _entries() -> Select[Any]:
    return select(
        *waiting_entries.c, attendees.c.full_name.label("patient_name"), attendees.c.phone
    ).join_from(waiting_entries, attendees, attendees.c.id == waiting_entries.c.patient_id, isouter=True)


def _longest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(waiting_entries.c.created_at, waiting_entries.c.id)


def _in_state(status: WaitingStatus, today: date) -> tuple[ColumnElement[bool], ...]:
    """`status_on`, as a condition on rows."""
    column = waiting_entries.c
    if status is WaitingStatus.EXPIRED:
        return column.status == WaitingStatus.WAITING.value, column.until < today
    kept = column.status == status.value
    if status is WaitingStatus.WAITING:
        return kept, or_(column.until.is_(None), column.until >= today)
    return (kept,)
