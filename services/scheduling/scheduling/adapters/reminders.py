"""The outbox of reminders, and who has to be told yet, in MariaDB or SQLite."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from scheduling.adapters.tables import appointments, attendees, practitioners, reminders
from scheduling.domain.appointment import Kind, Status
from scheduling.domain.reminder import Expected, Reminder, ReminderNotFound, ReminderRules
from shared_kernel.chassis.courier import as_row, from_row, waiting
from shared_kernel.chassis.unit_of_work import UnitOfWork
from shared_kernel.chassis.upsert import upsert
from shared_kernel.dispatch import DispatchState
from shared_kernel.errors import Stale

_AT_ONCE = 100


async def anybody_to_tell(connection: AsyncConnection, rules: ReminderRules, now: datetime) -> bool:
    """True when somebody is expected soon who has to be told yet. One statement that reads, by the index on
    `starts_at`, no further than the time ahead."""
    found = await connection.execute(_to_write(rules, now).limit(1))
    return found.first() is not None


async def reminders_to_send(connection: AsyncConnection, now: datetime) -> Sequence[UUID]:
    """Those that nobody has in hand: the longest waiting first, of those the first to begin."""
    found = await connection.execute(waiting(reminders, now).order_by(reminders.c.starts_at))
    return found.scalars().all()


class SqlReminders:
    """The outbox in one table."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def to_write(self, rules: ReminderRules, now: datetime) -> Sequence[Expected]:
        """Their patients are locked first, as long as the transaction lives, so that nothing is written about
        somebody who is just being erased."""
        query = _to_write(rules, now).limit(_AT_ONCE)
        about = {row.patient_id for row in await self._work.connection.execute(query)}
        await self._work.connection.execute(
            select(attendees.c.id)
            .where(attendees.c.id.in_(about))
            .order_by(attendees.c.id)
            .with_for_update(read=True)
        )
        known = await self._work.connection.execute(query.where(appointments.c.patient_id.in_(about)))
        return [Expected(**row) for row in known.mappings()]

    async def add_all(self, new: Sequence[Reminder]) -> None:
        """The unique index on the appointment and its turn lets nobody write the same twice."""
        if new:
            rows = [as_row(reminder) | {"id": reminder.id, "version": 1} for reminder in new]
            unchanged = {"turn": reminders.c.turn}
            await upsert(self._work.connection, reminders, ["appointment_id", "turn"], rows, unchanged)

    async def get(self, id: UUID) -> Reminder:  # noqa: A002
        """Raises ReminderNotFound."""
        locked = select(reminders).where(reminders.c.id == id).with_for_update()
        row = (await self._work.connection.execute(locked)).mappings().first()
        if row is None:
            raise ReminderNotFound
        return Reminder(**from_row(row))

    async def is_wanted(self, reminder: Reminder, now: datetime) -> bool:
        """One statement."""
        newer = exists().where(
            reminders.c.appointment_id == reminder.appointment_id,
            reminders.c.turn > reminder.turn,
            reminders.c.state != DispatchState.DROPPED.value,
        )
        found = await self._work.connection.execute(
            select(appointments.c.id)
            .join(attendees, attendees.c.id == appointments.c.patient_id)
            .where(
                *_wants_to_be_told(now),
                appointments.c.id == reminder.appointment_id,
                appointments.c.patient_id == reminder.patient_id,
                appointments.c.starts_at == reminder.starts_at,
                attendees.c.email == reminder.recipient,
                ~newer,
            )
        )
        return found.first() is not None

    async def save(self, reminder: Reminder) -> None:
        """Raises Stale."""
        seen = reminder.version
        changed = await self._work.connection.execute(
            update(reminders)
            .where(reminders.c.id == reminder.id, reminders.c.version == seen)
            .values(**as_row(reminder), version=seen + 1)
        )
        if changed.rowcount != 1:
            raise Stale(seen=seen)
        reminder.version = seen + 1

    async def remove_before(self, instant: datetime) -> None:
        """One statement, by the index on `starts_at`."""
        await self._work.connection.execute(delete(reminders).where(reminders.c.starts_at < instant))


def _wants_to_be_told(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """An erased patient has no e-mail any more."""
    return (
        appointments.c.starts_at > now,
        appointments.c.status == Status.SCHEDULED.value,
        appointments.c.type == Kind.APPOINTMENT.value,
        attendees.c.email_reminders,
        attendees.c.email.is_not(None),
    )


def _to_write(rules: ReminderRules, now: datetime) -> Select[Any]:
    """Who was told last of another time than the present one, or of none. What failed for good or was dropped
    told nobody anything; but what failed is not written again for the same time."""
    mine = and_(
        reminders.c.appointment_id == appointments.c.id, reminders.c.patient_id == appointments.c.patient_id
    )
    told = sorted(state.value for state in rules.told)
    last_told = select(func.max(reminders.c.turn)).where(mine, reminders.c.state.in_(told))
    done = reminders.alias("done")
    known = exists().where(
        done.c.appointment_id == appointments.c.id,
        done.c.patient_id == appointments.c.patient_id,
        done.c.starts_at == appointments.c.starts_at,
        done.c.state.in_([*told, DispatchState.FAILED.value]),
        done.c.turn >= func.coalesce(last_told.correlate(appointments).scalar_subquery(), 0),
    )
    last_turn = select(func.max(reminders.c.turn)).where(reminders.c.appointment_id == appointments.c.id)
    return (
        select(
            appointments.c.id.label("appointment_id"),
            appointments.c.patient_id,
            appointments.c.starts_at,
            appointments.c.all_day,
            func.coalesce(practitioners.c.name, "").label("practitioner_name"),
            attendees.c.email,
            attendees.c.language,
            (func.coalesce(last_turn.correlate(appointments).scalar_subquery(), 0) + 1).label("turn"),
        )
        .select_from(appointments)
        .join(attendees, attendees.c.id == appointments.c.patient_id)
        .join(practitioners, practitioners.c.id == appointments.c.practitioner_id, isouter=True)
        .where(*_wants_to_be_told(now), appointments.c.starts_at <= now + rules.ahead, ~known)
        .order_by(appointments.c.starts_at, appointments.c.id)
    )
