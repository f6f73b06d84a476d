"""A reminder: what a patient is told of an appointment before it begins, once for each start it is given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared_kernel.dispatch import Dispatch, DispatchState, Wording, message_id
from shared_kernel.errors import NotFound, Refusal
from shared_kernel.identifiers import new_id


class ReminderNotFound(NotFound):
    """There is no reminder with this id."""


class ReminderNotFailed(Refusal):
    """Only what failed for good is tried again by hand; the rest is tried by itself, or need not be."""


@dataclass(frozen=True)
class ReminderRules:
    """What the clinic has decided: how long before an appointment its patient is reminded, in elapsed time,
    whether there is a mail server, and for how long whoever claims a reminder has it alone."""

    ahead: timedelta
    sends: bool
    lease: timedelta

    @property
    def told(self) -> frozenset[DispatchState]:
        """The states in which the patient knows, or will: once there is a mail server, what was not sent
        for lack of one was never told."""
        states = {DispatchState.WAITING, DispatchState.SENT}
        return frozenset(states if self.sends else states | {DispatchState.UNSENT})


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A patient who is expected and wants to be reminded, as far as the reminder says of it. `turn` counts
    what was written to anybody about this appointment."""

    appointment_id: UUID
    patient_id: UUID
    starts_at: datetime
    all_day: bool
    practitioner_name: str
    email: str
    language: str | None
    turn: int


@dataclass(kw_only=True)
class Reminder(Dispatch):
    """A row of the outbox. While there is a newer one of its appointment, nobody wants it."""

    id: UUID
    version: int = 0
    appointment_id: UUID
    turn: int
    patient_id: UUID
    starts_at: datetime
    due_at: datetime
    created_at: datetime

    @classmethod
    def write(
        cls, expected: Expected, wording: Wording, rules: ReminderRules, domain: str, now: datetime
    ) -> "Reminder":
        """A new one, to be sent at once."""
        id_ = new_id(now)
        return cls(
            id=id_,
            appointment_id=expected.appointment_id,
            turn=expected.turn,
            patient_id=expected.patient_id,
            starts_at=expected.starts_at,
            due_at=expected.starts_at - rules.ahead,
            recipient=expected.email,
            wording=wording,
            message_id=message_id(id_, domain),
            next_attempt_at=now,
            created_at=now,
        )

    def retry(self, now: datetime) -> None:
        """Try again from the beginning, because a person says so. Raises ReminderNotFailed."""
        if self.state is not DispatchState.FAILED:
            raise ReminderNotFailed
        self.begin_again(now)
