"""What the screens of the diary read: straight from the tables to plain rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import appointments, attendees, practitioners
from scheduling.domain import LONGEST_DAY, AppointmentNotFound, Kind, Status
from shared_kernel.chassis.pagination import Listed, PageWish, read_page


async def listed_practitioners(connection: AsyncConnection) -> Sequence[RowMapping]:
    """Everybody who practises, and who once did and is still in the diary; by name."""
    in_diary = exists().where(appointments.c.practitioner_id == practitioners.c.id)
    columns = ("id", "name", "colour", "initials", "active")
    query = (
        select(*(practitioners.c[name] for name in columns))
        .where(or_(practitioners.c.practises, in_diary))
        .order_by(practitioners.c.name, practitioners.c.id)
    )
    return (await connection.execute(query)).mappings().all()


async def appointment(connection: AsyncConnection, appointment_id: UUID) -> RowMapping:
    """One appointment. Raises AppointmentNotFound."""
    found = await connection.execute(_appointments().where(appointments.c.id == appointment_id))
    row: RowMapping | None = found.mappings().first()
    if row is None:
        raise AppointmentNotFound
    return row


async def appointments_in_window(
    connection: AsyncConnection, start: datetime, end: datetime, practitioner_id: UUID | None
) -> Sequence[RowMapping]:
    """Everything that shares time with [start, end), whatever became of it, in order of time."""
    query = _appointments().where(*_intersecting(start, end))
    if practitioner_id is not None:
        query = query.where(appointments.c.practitioner_id == practitioner_id)
    found = await connection.execute(query.order_by(appointments.c.starts_at, appointments.c.id))
    rows: Sequence[RowMapping] = found.mappings().all()
    return rows


async def appointments_of_patient(connection: AsyncConnection, patient_id: UUID, wish: PageWish) -> Listed:
    """A page of a patient's appointments, the newest first."""
    query = _appointments().where(appointments.c.patient_id == patient_id)
    return await read_page(
        connection, query.order_by(appointments.c.starts_at.desc(), appointments.c.id.desc()), wish
    )


async def live_count(connection: AsyncConnection, start: datetime, end: datetime) -> dict[Kind, int]:
    """How many of each kind begin in [start, end) and are not cancelled."""
    counted = await connection.execute(
        select(appointments.c.type, func.count())
        .where(
            appointments.c.starts_at >= start,
            appointments.c.starts_at < end,
            appointments.c.status != Status.CANCELLED.value,
        )
        .group_by(appointments.c.type)
    )
    found = {Kind(kind): int(count) for kind, count in counted.all()}
    return {kind: found.get(kind, 0) for kind in Kind}


def _intersecting(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    """The first bound follows from the others and lets the index on `starts_at` be read from there only."""
    return (
        appointments.c.starts_at > start - LONGEST_DAY,
        appointments.c.starts_at < end,
        appointments.c.ends_at > start,
    )


def _appointments() -> Select[Any]:
    columns = {str(column.name): column for column in appointments.c}
    shown = columns | {
        "title": func.coalesce(appointments.c.title, attendees.c.full_name, "").label("title"),
        "patient_name": attendees.c.full_name.label("patient_name"),
    }
    return select(*shown.values()).join_from(
        appointments, attendees, attendees.c.id == appointments.c.patient_id, isouter=True
    )
