"""What the screens read of the reminders, and what a patient is shown of her visit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import appointments, attendees, practitioners, reminders
from scheduling.domain.people import Standing
from scheduling.domain.reminder import ReminderNotFound
from scheduling.domain.visit import Visit, VisitNotFound
from shared_kernel.chassis.courier import attempts_in
from shared_kernel.chassis.pagination import Listed, PageWish, read_page
from shared_kernel.dispatch import DispatchState


async def listed_reminders(
    connection: AsyncConnection, state: DispatchState | None, patient_id: UUID | None, wish: PageWish
) -> Listed:
    """A page of the outbox, of all or in one state, of everybody or one patient; the newest first."""
    query = _reminders()
    if state is not None:
        query = query.where(reminders.c.state == state.value)
    if patient_id is not None:
        query = query.where(reminders.c.patient_id == patient_id)
    listed = await read_page(connection, query.order_by(reminders.c.id.desc()), wish)
    return replace(listed, rows=[_shown(row) for row in listed.rows])


async def reminder(connection: AsyncConnection, reminder_id: UUID) -> Mapping[str, Any]:
    """One. Raises ReminderNotFound."""
    found = await connection.execute(_reminders().where(reminders.c.id == reminder_id))
    row = found.mappings().first()
    if row is None:
        raise ReminderNotFound
    return _shown(row)


async def reminders_of(connection: AsyncConnection, patient_id: UUID) -> Sequence[Mapping[str, Any]]:
    """All that a patient was told, the oldest first."""
    query = _reminders().where(reminders.c.patient_id == patient_id).order_by(reminders.c.id)
    return [_shown(row) for row in (await connection.execute(query)).mappings()]


async def visit(
    connection: AsyncConnection, asked: Visit, default_language: str, now: datetime
) -> Mapping[str, Any]:
    """What the patient may know of it without signing in. Raises VisitNotFound, VisitMoved, VisitPast."""
    found = await connection.execute(
        select(
            appointments.c.patient_id,
            appointments.c.starts_at,
            appointments.c.ends_at,
            appointments.c.all_day,
            appointments.c.status,
            appointments.c.confirmed_at,
            func.coalesce(practitioners.c.name, "").label("practitioner_name"),
            func.coalesce(attendees.c.language, default_language).label("language"),
        )
        .select_from(appointments)
        .join(attendees, attendees.c.id == appointments.c.patient_id)
        .join(practitioners, practitioners.c.id == appointments.c.practitioner_id, isouter=True)
        .where(appointments.c.id == asked.appointment_id, attendees.c.status != Standing.ERASED.value)
    )
    row = found.mappings().first()
    if row is None:
        raise VisitNotFound
    asked.expect_same(row["patient_id"], row["starts_at"], now)
    return {str(name): value for name, value in row.items() if name != "patient_id"}


def _reminders() -> Select[Any]:
    column = reminders.c
    shown = (
        column.id,
        column.appointment_id,
        column.patient_id,
        func.coalesce(attendees.c.full_name, "").label("patient_name"),
        column.recipient.label("to"),
        *(column[name] for name in ("subject", "text", "language", "starts_at", "due_at", "state")),
        *(column[name] for name in ("message_id", "attempts", "next_attempt_at", "sent_at", "created_at")),
    )
    return select(*shown).join_from(reminders, attendees, attendees.c.id == column.patient_id, isouter=True)


def _shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()} | {"attempts": attempts_in(row)}
