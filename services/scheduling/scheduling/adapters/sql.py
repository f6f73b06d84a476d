"""Appointments, and whose time they take, in MariaDB or SQLite."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, case, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.calendar_feeds import SqlCalendarFeeds
from scheduling.adapters.gaps import SqlGaps
from scheduling.adapters.reminders import SqlReminders
from scheduling.adapters.tables import appointments, attendees, busy_days, busy_slots, practitioners
from scheduling.adapters.waiting import SqlWaitingList
from scheduling.adapters.working_hours import SqlTimesOff, SqlWorkingWeeks
from scheduling.domain.appointment import (
    Appointment,
    AppointmentNotFound,
    Booking,
    Conflict,
    Kind,
    Status,
    TooManyAtOnce,
)
from scheduling.domain.diary import LONGEST_DAY, Claim, Span
from scheduling.domain.gap import Taken
from scheduling.domain.people import Attendee, Practitioner, Standing
from shared_kernel.chassis.database import Id
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import UnitOfWork
from shared_kernel.chassis.upsert import raised_by_one, upsert

_LAST_LANE = 9


class SqlWork(UnitOfWork):
    """A transaction on this context's schema."""

    def __init__(self, connection: AsyncConnection, origin: Origin, now: datetime) -> None:
        super().__init__(connection, "scheduling", origin, now)
        self.people = SqlPeople(self)
        self.occupancy = SqlOccupancy(self)
        self.appointments = SqlAppointments(self)
        self.gaps = SqlGaps(self)
        self.times_off = SqlTimesOff(self)
        self.working_weeks = SqlWorkingWeeks(self)
        self.reminders = SqlReminders(self)
        self.waiting_list = SqlWaitingList(self)
        self.calendar_feeds = SqlCalendarFeeds(self)


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
        columns = attendees.c.id, attendees.c.full_name, attendees.c.status, attendees.c.phone
        shared = select(*columns).where(attendees.c.id == id).with_for_update(read=True)
        row = (await self._work.connection.execute(shared)).mappings().first()
        if row is None:
            return None
        return Attendee(row["id"], row["full_name"], Standing(row["status"]), row["phone"])


_FIRST_IN_THE_WAY = (
    select(
        appointments.c.id,
        appointments.c.starts_at,
        appointments.c.ends_at,
        func.coalesce(appointments.c.title, attendees.c.full_name, "").label("title"),
        busy_slots.c.resource,
    )
    .join_from(busy_slots, appointments, appointments.c.id == busy_slots.c.appointment_id)
    .join(attendees, attendees.c.id == appointments.c.patient_id, isouter=True)
    .where(
        busy_slots.c.resource.in_(bindparam("resources", type_=Id, expanding=True)),
        busy_slots.c.slot.between(bindparam("first"), bindparam("last")),
    )
    .order_by(
        case((busy_slots.c.resource == bindparam("practitioner", type_=Id), 0), else_=1),
        busy_slots.c.slot,
        busy_slots.c.lane,
    )
    .limit(1)
)
"""Put together once: every booking asks it, before and after its days are locked."""


class SqlOccupancy:
    """Who takes or frees time locks the days of all concerned first, always in the same order, then looks
    whether the slots are free. Whoever did not lock is still refused: the slots' primary key lets nobody in
    twice."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def lock(self, claims: Collection[Claim]) -> None:
        """Lock the person-days, those that have never been touched too."""
        days = {(who, day) for claim in claims for who in claim.resources() for day in claim.span.days()}
        first = [{"resource": resource, "day": day, "v": 1} for resource, day in sorted(days)]
        await upsert(
            self._work.connection, busy_days, ["resource", "day"], first, {"v": raised_by_one(busy_days.c.v)}
        )

    async def in_the_way(self, claim: Claim) -> Conflict | None:
        """The appointment in the first of the slots that is taken, the practitioner's first."""
        slots = claim.span.slots()
        asked = {
            "practitioner": claim.practitioner_id,
            "resources": list(claim.resources()),
            "first": slots.start,
            "last": slots.stop - 1,
        }
        found = await self._work.connection.execute(_FIRST_IN_THE_WAY, asked)
        row = found.mappings().first()
        if row is None:
            return None
        return Conflict(
            appointment_id=row["id"],
            span=Span(row["starts_at"], row["ends_at"]),
            title=row["title"],
            shares_practitioner=row["resource"] == claim.practitioner_id,
        )

    async def take(self, appointment_id: UUID, claim: Claim, beside: bool) -> Conflict | None:
        """Take the slots in the first lane, or in one that nobody has yet."""
        conflict = await self.in_the_way(claim)
        if conflict is not None and not beside:
            return conflict
        lane = 0 if conflict is None else await self._free_lane(claim)
        rows = [
            {"resource": resource, "slot": slot, "lane": lane, "appointment_id": appointment_id}
            for resource in claim.resources()
            for slot in claim.span.slots()
        ]
        try:
            await self._work.connection.execute(insert(busy_slots), rows)
        except IntegrityError:
            conflict = await self.in_the_way(claim)
            if conflict is None or beside:
                raise
        return conflict

    async def free(self, appointment_id: UUID, claim: Claim) -> None:
        """Remove the slot rows."""
        wanted = and_(_slots_of(claim), busy_slots.c.appointment_id == appointment_id)
        await self._work.connection.execute(delete(busy_slots).where(wanted))

    async def in_the_way_of(self, claims: Sequence[Claim]) -> Sequence[Conflict | None]:
        """For each of the claims, in one statement."""
        found = await self._work.connection.execute(
            select(
                appointments.c.id,
                appointments.c.starts_at,
                appointments.c.ends_at,
                appointments.c.practitioner_id,
                appointments.c.patient_id,
                func.coalesce(appointments.c.title, attendees.c.full_name, "").label("title"),
            )
            .distinct()
            .join_from(busy_slots, appointments, appointments.c.id == busy_slots.c.appointment_id)
            .join(attendees, attendees.c.id == appointments.c.patient_id, isouter=True)
            .where(_slots_of_all(claims))
            .order_by(appointments.c.starts_at, appointments.c.id)
        )
        rows = found.mappings().all()
        return [_first_conflict(claim, rows) for claim in claims]

    async def take_all(self, claims: Mapping[UUID, Claim]) -> None:
        """Take the slots of each appointment, which are free and locked, in one statement."""
        rows = [
            {"resource": resource, "slot": slot, "lane": 0, "appointment_id": appointment_id}
            for appointment_id, claim in claims.items()
            for resource in claim.resources()
            for slot in claim.span.slots()
        ]
        await self._work.connection.execute(insert(busy_slots), rows)

    async def free_all(self, claims: Mapping[UUID, Claim]) -> None:
        """Remove the slot rows of each appointment, in one statement."""
        wanted = and_(_slots_of_all(list(claims.values())), busy_slots.c.appointment_id.in_(claims))
        await self._work.connection.execute(delete(busy_slots).where(wanted))

    async def _free_lane(self, claim: Claim) -> int:
        last = await self._work.connection.execute(
            select(func.max(busy_slots.c.lane)).where(_slots_of(claim))
        )
        lane = int(last.scalar_one()) + 1
        if lane > _LAST_LANE:
            raise TooManyAtOnce
        return lane


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

    async def add_all(self, new: Sequence[Appointment]) -> None:
        """Keep new ones, in one statement."""
        await self._work.insert_all(appointments, [(each, _row(each)) for each in new])

    async def of_series(self, series_id: UUID) -> Sequence[Appointment]:
        """Those booked together, in order."""
        found = await self._work.connection.execute(
            select(appointments)
            .where(appointments.c.series_id == series_id)
            .order_by(appointments.c.starts_at, appointments.c.id)
        )
        rows = found.mappings().all()
        self._work.seen(rows)
        return [_appointment(row) for row in rows]

    async def save(self, appointment: Appointment) -> None:
        """Raises Stale."""
        await self._work.update(appointments, appointment, _row(appointment))

    async def remove(self, appointment: Appointment) -> None:
        """Raises Stale."""
        await self._work.delete(appointments, appointment)

    async def taken(self, person_id: UUID, span: Span) -> Sequence[Taken]:
        """What the live ones take, in order."""
        found = await self._work.connection.execute(
            select(appointments.c.id, appointments.c.starts_at, appointments.c.ends_at)
            .where(
                or_(appointments.c.practitioner_id == person_id, appointments.c.patient_id == person_id),
                appointments.c.starts_at > span.starts_at - LONGEST_DAY,
                appointments.c.starts_at < span.ends_at,
                appointments.c.ends_at > span.starts_at,
                appointments.c.status != Status.CANCELLED.value,
            )
            .order_by(appointments.c.starts_at, appointments.c.id)
        )
        return [Taken(row.id, Span(row.starts_at, row.ends_at)) for row in found]


def _first_conflict(claim: Claim, rows: Sequence[RowMapping]) -> Conflict | None:
    over = (
        Conflict(row["id"], span, row["title"], row["practitioner_id"] == claim.practitioner_id)
        for row in rows
        if (span := Span(row["starts_at"], row["ends_at"])).overlaps(claim.span)
        and not {row["practitioner_id"], row["patient_id"]}.isdisjoint(claim.resources())
    )
    return min(over, key=lambda conflict: not conflict.shares_practitioner, default=None)


def _slots_of_all(claims: Sequence[Claim]) -> ColumnElement[bool]:
    """Whose they are is said with each span: SQLite would else look at all that these people ever had."""
    return or_(*(_slots_of(claim) for claim in claims))


def _slots_of(claim: Claim) -> ColumnElement[bool]:
    slots = claim.span.slots()
    return and_(
        busy_slots.c.resource.in_(claim.resources()),
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
        overbook_reason=row["overbook_reason"],
        series_id=row["series_id"],
        confirmed_at=row["confirmed_at"],
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
        "overbook_reason": appointment.overbook_reason,
        "series_id": appointment.series_id,
        "confirmed_at": appointment.confirmed_at,
        "created_at": appointment.created_at,
        "updated_at": appointment.updated_at,
    }
