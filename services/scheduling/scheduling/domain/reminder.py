"""A reminder: what a patient is told of an appointment before it begins, once for each start it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared_kernel.errors import NotFound, Refusal
from shared_kernel.identifiers import new_id

MOST_TRIES = 20
"""A server that is away is tried for over half a day; then a person has to look."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


class ReminderNotFound(NotFound):
    """There is no reminder with this id."""


class ReminderNotFailed(Refusal):
    """Only what failed for good is tried again by hand; the rest is tried by itself, or need not be."""


class ReminderState(StrEnum):
    """Waiting to be sent; sent; failed for good; dropped because the appointment is another now or nobody
    wants it any more; unsent because no mail server is configured."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    UNSENT = "unsent"


class Outcome(StrEnum):
    """What became of one attempt. Interrupted: its process died, and nobody knows whether it was sent."""

    SENT = "sent"
    POSTPONED = "postponed"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Attempt:
    """When it was begun, what became of it, and what the mail server said."""

    at: datetime
    outcome: Outcome
    detail: str | None = None


@dataclass(frozen=True)
class ReminderRules:
    """What the clinic has decided: how long before an appointment its patient is reminded, in elapsed time,
    whether there is a mail server, and for how long whoever claims a reminder has it alone."""

    ahead: timedelta
    sends: bool
    lease: timedelta

    @property
    def told(self) -> frozenset[ReminderState]:
        """The states in which the patient knows, or will: once there is a mail server, what was not sent
        for lack of one was never told."""
        states = {ReminderState.WAITING, ReminderState.SENT}
        return frozenset(states if self.sends else states | {ReminderState.UNSENT})


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


@dataclass(frozen=True)
class Wording:
    """What a reminder says, in which language."""

    language: str
    subject: str
    text: str


@dataclass(kw_only=True)
class Reminder:
    """A row of the outbox. The Message-ID is given when it is written, so that however often it is sent it
    is the same letter. While it waits, whoever claims it has it alone until `next_attempt_at`."""

    id: UUID
    version: int = 0
    appointment_id: UUID
    turn: int
    patient_id: UUID
    starts_at: datetime
    due_at: datetime
    recipient: str
    wording: Wording
    message_id: str
    state: ReminderState
    attempts: Sequence[Attempt]
    tries: int
    claimed_at: datetime | None
    next_attempt_at: datetime | None
    sent_at: datetime | None
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
            message_id=f"<{id_.hex}@{domain}>",
            state=ReminderState.WAITING,
            attempts=(),
            tries=0,
            claimed_at=None,
            next_attempt_at=now,
            sent_at=None,
            created_at=now,
        )

    def is_to_be_sent(self, now: datetime) -> bool:
        """True when nobody else has it now."""
        return (
            self.state is ReminderState.WAITING
            and self.next_attempt_at is not None
            and (self.next_attempt_at <= now)
        )

    def claim(self, now: datetime, lease: timedelta) -> None:
        """Have it alone for the time of the lease. Who had it before and never said what became of it,
        died."""
        if self.claimed_at is not None:
            self._note(Attempt(self.claimed_at, Outcome.INTERRUPTED))
        self.claimed_at, self.next_attempt_at = now, now + lease

    def drop(self) -> None:
        """Nobody needs it any more."""
        self._end(ReminderState.DROPPED)

    def leave_unsent(self) -> None:
        """There is no mail server: it can only be shown."""
        self._end(ReminderState.UNSENT)

    def settle(self, attempt: Attempt, now: datetime) -> None:
        """Say what became of the attempt that is `claimed`. What was sent is sent, whoever else has it now;
        of anything else only who still has it may speak."""
        mine = self.claimed_at == attempt.at
        if self.state is not ReminderState.WAITING or not (mine or attempt.outcome is Outcome.SENT):
            return
        self._note(attempt)
        if attempt.outcome is Outcome.SENT:
            self.sent_at = now
            self._end(ReminderState.SENT)
        elif attempt.outcome is Outcome.REFUSED or self.tries >= MOST_TRIES:
            self._end(ReminderState.FAILED)
        else:
            self.claimed_at = None
            self.next_attempt_at = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (self.tries - 1))

    def retry(self, now: datetime) -> None:
        """Try again from the beginning, because a person says so. Raises ReminderNotFailed."""
        if self.state is not ReminderState.FAILED:
            raise ReminderNotFailed
        self.state, self.tries, self.next_attempt_at = ReminderState.WAITING, 0, now

    def _note(self, attempt: Attempt) -> None:
        self.attempts = (*self.attempts, attempt)
        self.tries += 1

    def _end(self, state: ReminderState) -> None:
        self.state, self.claimed_at, self.next_attempt_at = state, None, None
