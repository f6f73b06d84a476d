"""Being signed in: how a session begins, goes on and ends, and how often one may guess."""

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from identity.domain.users import email_key
from shared_kernel.errors import NotFound, Refusal
from shared_kernel.identifiers import new_id

GRACE = timedelta(seconds=30)
"""How long the token before the newest is still taken: its answer may have been lost on the way, and two
windows of one browser may ask at the same moment."""

TRIES = 5
TRIES_WINDOW = timedelta(minutes=15)


class InvalidCredentials(Refusal):
    """No active user has this e-mail address and this password."""


class TooManyAttempts(Refusal):
    """Too many wrong passwords; the next is heard in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


class SessionEnded(Refusal):
    """The session is over, or there never was one."""


class TokenReused(SessionEnded):
    """A token came back that had long been replaced: somebody else may have it."""


class SessionNotFound(NotFound):
    """The caller has no such session."""


@dataclass(frozen=True)
class RefreshToken:
    """What the browser keeps of a session: 256 random bits, of which we keep only the digest."""

    text: str = field(repr=False)

    @classmethod
    def fresh(cls) -> Self:
        """One that nobody has seen."""
        return cls(secrets.token_urlsafe(32))

    @property
    def digest(self) -> str:
        """SHA-256, in hex."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Device:
    """Where somebody signed in from, as far as the request tells."""

    ip: str | None
    user_agent: str | None


@dataclass(kw_only=True)
class Session:
    """A family of refresh tokens. Each renewal is a new generation; going back to an old one ends it."""

    id: UUID
    user_id: UUID
    device: Device
    generation: int = 1
    created_at: datetime
    renewed_at: datetime
    expires_at: datetime

    @classmethod
    def begin(cls, user_id: UUID, device: Device, lifetime: timedelta, now: datetime) -> Self:
        """A new session of a user who has just proved to be the one."""
        return cls(
            id=new_id(now),
            user_id=user_id,
            device=device,
            created_at=now,
            renewed_at=now,
            expires_at=now + lifetime,
        )

    def renew(self, generation: int, now: datetime) -> None:
        """Go on with a token of that generation. Raises SessionEnded, TokenReused.

        Within the grace, the generation before gets another token of the present one, so that whichever
        answer the browser keeps is a good one."""
        if now >= self.expires_at:
            raise SessionEnded
        if generation == self.generation:
            self.generation += 1
            self.renewed_at = now
        elif generation != self.generation - 1 or now - self.renewed_at > GRACE:
            raise TokenReused


@dataclass(frozen=True)
class Guesser:
    """One e-mail address tried from one network address: what wrong passwords are counted by."""

    email: str
    address: str

    @property
    def email_digest(self) -> str:
        """SHA-256, in hex: what people type there by mistake is not kept readable."""
        return hashlib.sha256(email_key(self.email).encode()).hexdigest()


@dataclass(frozen=True)
class Failures:
    """The wrong passwords of one guesser since the last right one."""

    count: int = 0
    last_at: datetime | None = None

    def refuse_when_exhausted(self, now: datetime) -> None:
        """Raises TooManyAttempts after five, until a quarter of an hour after the last."""
        if self.last_at is not None and self.count >= TRIES and now < self.last_at + TRIES_WINDOW:
            raise TooManyAttempts(max(1, -(-(self.last_at + TRIES_WINDOW - now) // timedelta(seconds=1))))

    def one_more(self, now: datetime) -> Self:
        """After another wrong password; those of more than a quarter of an hour ago are forgotten."""
        fresh = self.last_at is None or now >= self.last_at + TRIES_WINDOW
        return replace(self, count=1 if fresh else self.count + 1, last_at=now)
