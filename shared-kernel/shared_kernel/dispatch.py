"""A letter on its way: written once, in one process's hand at a time, sent at least once under one Message-ID
(docs/decisions/0010)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

MOST_TRIES = 20
"""A server that is away is tried for over half a day; then a person has to look."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


class LetterRefused(Exception):
    """It will never be taken. The text is for the clinic's eyes: it may quote the address."""


class LetterPostponed(Exception):
    """It was not taken now; later it may be. The text may quote the address too."""


class DispatchState(StrEnum):
    """Waiting to be sent; sent; failed for good; dropped because nobody wants it any more; unsent because no
    mail server is configured."""

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
    detail: str | None


@dataclass(frozen=True)
class Wording:
    """What a letter says, in which language."""

    language: str
    subject: str
    text: str


@dataclass(frozen=True)
class Attachment:
    """A document that goes with a letter. `media_type`: `application/pdf`."""

    name: str
    media_type: str
    content: bytes


def message_id(id_: UUID, domain: str) -> str:
    """However often it is sent, it is the same letter (RFC 5322 §3.6.4)."""
    return f"<{id_.hex}@{domain}>"


@dataclass(kw_only=True)
class Dispatch:
    """A row of an outbox. While it waits, whoever claims it has it alone until `next_attempt_at`."""

    recipient: str
    wording: Wording
    message_id: str
    state: DispatchState = DispatchState.WAITING
    attempts: Sequence[Attempt] = ()
    tries: int = 0
    claimed_at: datetime | None = None
    next_attempt_at: datetime | None
    sent_at: datetime | None = None

    def is_to_be_sent(self, now: datetime) -> bool:
        """True when nobody else has it now."""
        return (
            self.state is DispatchState.WAITING
            and self.next_attempt_at is not None
            and (self.next_attempt_at <= now)
        )

    def claim(self, now: datetime, lease: timedelta) -> None:
        """Have it alone for the time of the lease. Who had it before and never said what became of it,
        died."""
        if self.claimed_at is not None:
            self._note(self.attempt(Outcome.INTERRUPTED))
        self.claimed_at, self.next_attempt_at = now, now + lease

    def attempt(self, outcome: Outcome, detail: str | None = None) -> Attempt:
        """What became of it in the hand that claimed it."""
        if self.claimed_at is None:
            raise ValueError("nobody has claimed it")
        return Attempt(self.claimed_at, outcome, detail)

    def drop(self) -> None:
        """Nobody needs it any more."""
        self._end(DispatchState.DROPPED)

    def leave_unsent(self) -> None:
        """There is no mail server: it can only be shown."""
        self._end(DispatchState.UNSENT)

    def settle(self, attempt: Attempt, now: datetime) -> None:
        """Say what became of the attempt that is `claimed`. What was sent is sent, whoever else has it now;
        of anything else only who still has it may speak."""
        mine = self.claimed_at == attempt.at
        if self.state is not DispatchState.WAITING or not (mine or attempt.outcome is Outcome.SENT):
            return
        self._note(attempt)
        if attempt.outcome is Outcome.SENT:
            self.sent_at = now
            self._end(DispatchState.SENT)
        elif attempt.outcome is Outcome.REFUSED or self.tries >= MOST_TRIES:
            self._end(DispatchState.FAILED)
        else:
            self.claimed_at = None
            self.next_attempt_at = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (self.tries - 1))

    def begin_again(self, now: datetime) -> None:
        """Wait to be sent as if it had never been tried."""
        self.state, self.tries, self.next_attempt_at = DispatchState.WAITING, 0, now

    def _note(self, attempt: Attempt) -> None:
        self.attempts = (*self.attempts, attempt)
        self.tries += 1

    def _end(self, state: DispatchState) -> None:
        self.state, self.claimed_at, self.next_attempt_at = state, None, None
