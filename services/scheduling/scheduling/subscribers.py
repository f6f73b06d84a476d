"""What scheduling hears: who practises, from identity; who is treated, from patients."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, insert, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.sql import SqlWork
from scheduling.adapters.tables import appointments, attendees, practitioners, reminders, waiting_entries
from scheduling.domain.appointment import WRITTEN_BY_PEOPLE, Appointment, Status
from scheduling.domain.people import Standing, initials
from scheduling.domain.waiting import WaitingEntry
from scheduling.use_cases.booking import call_off
from scheduling.use_cases.waiting import forget_waiting
from shared_kernel.chassis.forgetting import forget_answers, forget_changes
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.subscription import HeardEvent, Subscription
from shared_kernel.chassis.tables import audit_trail


async def keep_practitioner(connection: AsyncConnection, event: HeardEvent) -> None:
    """Take over what identity says of a user."""
    face = event.payload
    row = {
        "name": face["name"],
        "initials": initials(face["name"]),
        "colour": face["colour"],
        "practises": face["practitioner"],
        "active": face["practitioner"] and face["status"] == "active",
    }
    await _keep_if_newer(connection, practitioners, event, row)


async def keep_attendee(connection: AsyncConnection, event: HeardEvent) -> None:
    """Take over what patients says of a patient."""
    face = event.payload
    row = {
        "full_name": face["fullName"],
        "phone": face["phone"],
        "status": face["status"],
        "email": face["email"],
        "language": face.get("language"),
        "email_reminders": face.get("emailReminders", False),
    }
    await _keep_if_newer(connection, attendees, event, row)


async def erase_attendee(connection: AsyncConnection, event: HeardEvent) -> None:
    """Forget the name, and what was written about the patient's appointments and waiting, wherever it was
    written; their version is raised, so that nobody who read them before writes it back. What was booked for
    later while she was being erased is called off, and she waits no more: nobody comes."""
    await _keep_if_newer(
        connection,
        attendees,
        event,
        {
            "full_name": "",
            "phone": None,
            "status": Standing.ERASED.value,
            "email": None,
            "language": None,
            "email_reminders": False,
        },
    )
    await connection.execute(delete(reminders).where(reminders.c.patient_id == event.aggregate_id))
    await _nobody_comes(connection, event)
    column = appointments.c
    ids = await _written_about(connection, event.aggregate_id)
    written = or_(*(column[name].is_not(None) for name in WRITTEN_BY_PEOPLE))
    blank = dict.fromkeys(WRITTEN_BY_PEOPLE)
    await connection.execute(
        update(appointments)
        .where(column.patient_id == event.aggregate_id, written)
        .values(**blank, version=column.version + 1)
    )
    await forget_changes(connection, ids, WRITTEN_BY_PEOPLE)
    await forget_answers(connection, event.aggregate_id)


async def _written_about(connection: AsyncConnection, patient_id: UUID) -> list[UUID]:
    """Appointments and waiting of a patient now, and what the audit trail knows as hers: since deleted, or
    given to another."""
    now = (
        select(table.c.id).where(table.c.patient_id == patient_id)
        for table in (appointments, waiting_entries)
    )
    once = select(audit_trail.c.entity_id).where(
        audit_trail.c.entity_type.in_((Appointment.__name__, WaitingEntry.__name__)),
        audit_trail.c.changes.contains(str(patient_id)),
    )
    return list((await connection.execute(union(*now, once))).scalars())


async def _nobody_comes(connection: AsyncConnection, event: HeardEvent) -> None:
    erased_at = datetime.fromisoformat(event.payload["erasedAt"])
    origin = Origin(
        actor_id="service:scheduling", correlation_id=event.correlation_id, traceparent=event.traceparent
    )
    work = SqlWork(connection, origin, erased_at)
    column = appointments.c
    to_come = select(column.id).where(
        column.patient_id == event.aggregate_id,
        column.status == Status.SCHEDULED.value,
        column.starts_at > erased_at,
    )
    for appointment_id in (await connection.execute(to_come)).scalars().all():
        await call_off(work, await work.appointments.get(appointment_id), "", erased_at)
    await forget_waiting(work, event.aggregate_id, erased_at)
    await work.record()


async def _keep_if_newer(
    connection: AsyncConnection, table: Table, event: HeardEvent, row: Mapping[str, Any]
) -> None:
    """The checkpoint is locked while an event is applied, so nobody else writes the picture meanwhile."""
    mine = table.c.id == event.aggregate_id
    known = (await connection.execute(select(table.c.version).where(mine))).scalar()
    kept = {**row, "version": event.aggregate_version}
    if known is None:
        await connection.execute(insert(table).values(id=event.aggregate_id, **kept))
    elif known < event.aggregate_version:
        await connection.execute(update(table).where(mine).values(kept))


async def _forget_practitioners(connection: AsyncConnection) -> None:
    await connection.execute(practitioners.delete())


async def _forget_attendees(connection: AsyncConnection) -> None:
    await connection.execute(attendees.delete())


SUBSCRIPTIONS = (
    Subscription(
        "identity",
        {
            "identity.user-created.v1": keep_practitioner,
            "identity.user-changed.v1": keep_practitioner,
        },
        _forget_practitioners,
    ),
    Subscription(
        "patients",
        {
            "patients.patient-registered.v1": keep_attendee,
            "patients.patient-renamed.v1": keep_attendee,
            "patients.patient-changed.v1": keep_attendee,
            "patients.patient-erased.v1": erase_attendee,
        },
        _forget_attendees,
    ),
)
