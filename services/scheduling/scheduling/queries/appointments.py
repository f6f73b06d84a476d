"""What the calendar and the patient's page read: appointments, and the gaps between them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    RowMapping,
    Select,
    Table,
    bindparam,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import appointments, attendees, gaps, times_off
from scheduling.domain.appointment import AppointmentNotFound, Kind, Status
from scheduling.domain.diary import LONGEST_DAY
from shared_kernel.chassis.database import Id, Instant
from shared_kernel.chassis.pagination import Listed, PageWish, read_page

GAP = "gap"
"""The type under which a gap is listed among the appointments."""


async def appointment(connection: AsyncConnection, appointment_id: UUID) -> RowMapping:
    """One appointment, or one gap on offer. Raises AppointmentNotFound."""
    either = union_all(
        _appointments().where(appointments.c.id == appointment_id),
        _gaps_on_offer().where(gaps.c.id == appointment_id),
    )
    row: RowMapping | None = (await connection.execute(either)).mappings().first()
    if row is None:
        raise AppointmentNotFound
    return row


async def calendar_in_window(
    connection: AsyncConnection, start: datetime, end: datetime, practitioner_id: UUID | None
) -> Sequence[Mapping[str, Any]]:
    """Everything that shares time with [start, end): appointments, whatever became of them, and the gaps on
    offer; in order of time."""
    window = {"after": start - LONGEST_DAY, "start": start, "end": end, "practitioner_id": practitioner_id}
    found = await connection.execute(_calendar(practitioner_id is not None), window)
    names = list(found.keys())
    return [
        dict(zip(names, row, strict=True)) for row in found
    ]  # hundreds: a RowMapping costs three times that


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


@cache
def _calendar(of_one: bool) -> CompoundSelect[Any]:
    """Put together once, as it is what is asked most."""
    booked = _appointments().where(*_in_window(appointments, of_one))
    offered = _gaps_on_offer().where(*_in_window(gaps, of_one))
    return union_all(booked, offered).order_by("starts_at", "id")


def _in_window(table: Table, of_one: bool) -> Iterator[ColumnElement[bool]]:
    """The first bound follows from the others and lets the index on `starts_at` be read from there only."""
    yield table.c.starts_at > bindparam("after", type_=Instant())
    yield table.c.starts_at < bindparam("end", type_=Instant())
    yield table.c.ends_at > bindparam("start", type_=Instant())
    if of_one:
        yield table.c.practitioner_id == bindparam("practitioner_id", type_=Id)


def _appointments() -> Select[Any]:
    columns = {str(column.name): column for column in appointments.c}
    shown = columns | {
        "title": func.coalesce(appointments.c.title, attendees.c.full_name, "").label("title"),
        "patient_name": attendees.c.full_name.label("patient_name"),
    }
    return select(*shown.values()).join_from(
        appointments, attendees, attendees.c.id == appointments.c.patient_id, isouter=True
    )


def _gaps_on_offer() -> Select[Any]:
    """With the columns of appointments. A gap that nothing consumed is still not on offer during time off."""
    told = {"type": literal(GAP), "status": literal(Status.SCHEDULED.value), "title": literal("")}
    columns: dict[str, ColumnElement[Any]] = {**dict(gaps.c), "all_day": false(), **told}
    names = (*(str(column.name) for column in appointments.c), "patient_name")
    away = exists().where(
        or_(times_off.c.practitioner_id == gaps.c.practitioner_id, times_off.c.practitioner_id.is_(None)),
        times_off.c.starts_at < gaps.c.ends_at,
        times_off.c.ends_at > gaps.c.starts_at,
    )
    shown = (columns.get(name, null()).label(name) for name in names)
    return select(*shown).where(gaps.c.consumed_by.is_(None), ~away)
