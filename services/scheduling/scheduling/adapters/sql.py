"""Appointments, and whose time they take, in MariaDB or SQLite."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, case, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import appointments, attendees, busy_days, busy_slots, practitioners
from scheduling.domain import (
    Appointment,
    AppointmentNotFound,
    Attendee,
    Booking,
    Conflict,
    Kind,
    Practitioner,
    Standing,
    Status,
)
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import UnitOfWork
from shared_kernel.chassis.upsert import upsert

_LANE = 0


class SqlWork(UnitOfWork):
    """A transaction on this context's schema."""

    def __init__(self, connection: AsyncConnection, origin: Origin, now: datetime) -> None:
        super().__init__(connection, "scheduling", origin, now)
        self.people = SqlPeople(self)
        self.occupancy = SqlOccupancy(self)
        self.appointments = SqlAppointments(self)


class SqlPeople:
    """The pictures of other contexts' people."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def practitioner(self, id: UUID) -> Practitioner | None:  # noqa: A002
        """The practitioner, None when there is none known."""
        columns = practitioners.c.id, practitioners.c.active
        found = await self._work.connection.execute(select(*columns).where(practitioners.c.id == id))
        row = found.mappings().first()
        return None if row is None else Practitioner(**row)

    async def attendee(self, id: UUID) -> Attendee | None:  # noqa: A002
        """The patient, who is not erased while the transaction lives; None when there is none known."""
        columns = attendees.c.id, attendees.c.full_name, attendees.c.status
        shared = select(*columns).where(attendees.c.id == id).with_for_update(read=True)
        row = (await self._work.connection.execute(shared)).mappings().first()
        return None if row is None else Attendee(row["id"], row["full_name"], Standing(row["status"]))


class SqlOccupancy:
    """Who takes time locks the days of all concerned first, always in the same order, then looks whether the
    slots are free. Whoever did not lock is still refused: the slots' primary key lets nobody in twice."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def take(self, appointment: Appointment) -> Conflict | None:
        """Take the slots, or answer what has them."""
        booking = appointment.booking
        await self._lock_days(booking)
        conflict = await self._in_the_way(booking)
        if conflict is not None:
            return conflict
        rows = [
            {"resource": resource, "slot": slot, "lane": _LANE, "appointment_id": appointment.id}
            for resource in booking.resources()
            for slot in booking.slots()
        ]
        try:
            await self._work.connection.execute(insert(busy_slots), rows)
        except IntegrityError:
            conflict = await self._in_the_way(booking)
            if conflict is None:
                raise
        return conflict

    async def free(self, appointment: Appointment) -> None:
        """Remove the slot rows."""
        await self._lock_days(appointment.booking)
        wanted = and_(_slots_of(appointment.booking), busy_slots.c.appointment_id == appointment.id)
        await self._work.connection.execute(delete(busy_slots).where(wanted))

    async def _lock_days(self, booking: Booking) -> None:
        for resource, day in sorted((r, d) for r in booking.resources() for d in booking.days()):
            first = {"resource": resource, "day": day, "v": 1}
            await upsert(
                self._work.connection, busy_days, ["resource", "day"], first, {"v": busy_days.c.v + 1}
            )

    async def _in_the_way(self, booking: Booking) -> Conflict | None:
        practitioner_first = case((busy_slots.c.resource == booking.practitioner_id, 0), else_=1)
        found = await self._work.connection.execute(
            select(
                appointments.c.id,
                appointments.c.starts_at,
                appointments.c.ends_at,
                func.coalesce(appointments.c.title, attendees.c.full_name, "").label("title"),
                busy_slots.c.resource,
            )
            .join_from(busy_slots, appointments, appointments.c.id == busy_slots.c.appointment_id)
            .join(attendees, attendees.c.id == appointments.c.patient_id, isouter=True)
            .where(_slots_of(booking))
            .order_by(practitioner_first, busy_slots.c.slot)
            .limit(1)
        )
        row = found.mappings().first()
        if row is None:
            return None
        return Conflict(
            appointment_id=row["id"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            title=row["title"],
            shares_practitioner=row["resource"] == booking.practitioner_id,
        )


class SqlAppointments:
    """The appointments in one table."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def get(self, id: UUID) -> Appointment:  # noqa: A002
        """Raises AppointmentNotFound."""
        row = await self._work.load(appointments, id)
        if row is None:
            raise AppointmentNotFound
        return _appointment(row)

    async def add(self, appointment: Appointment) -> None:
        """Keep a new one."""
        await self._work.insert(appointments, appointment, _row(appointment))

    async def save(self, appointment: Appointment) -> None:
        """Raises Stale."""
        await self._work.update(appointments, appointment, _row(appointment))


def _slots_of(booking: Booking) -> ColumnElement[bool]:
    slots = booking.slots()
    return and_(
        busy_slots.c.resource.in_(booking.resources()),
        busy_slots.c.slot.between(slots.start, slots.stop - 1),
    )


def _appointment(row: RowMapping) -> Appointment:
    return Appointment(
        id=row["id"],
        version=row["version"],
        booking=Booking(
            practitioner_id=row["practitioner_id"],
            patient_id=row["patient_id"],
            title=row["title"],
            all_day=row["all_day"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            kind=Kind(row["type"]),
            notes=row["notes"],
        ),
        status=Status(row["status"]),
        status_reason=row["status_reason"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _row(appointment: Appointment) -> dict[str, Any]:
    booking = appointment.booking
    return {
        "practitioner_id": booking.practitioner_id,
        "patient_id": booking.patient_id,
        "title": booking.title,
        "all_day": booking.all_day,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "type": booking.kind.value,
        "notes": booking.notes,
        "status": appointment.status.value,
        "status_reason": appointment.status_reason,
        "created_at": appointment.created_at,
        "updated_at": appointment.updated_at,
    }
