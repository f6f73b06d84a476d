"""All that this context needs from the world."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from identity.domain.sessions import Failures, Guesser, RefreshToken, Session
from identity.domain.users import User


class Users(Protocol):
    """Everybody who works or worked here."""

    async def get(self, id: UUID) -> User:  # noqa: A002
        """Raises UserNotFound."""

    async def add(self, user: User) -> None:
        """Raises EmailTaken."""

    async def save(self, user: User) -> None:
        """Raises Stale when another transaction was first."""

    async def keep_rehashed(self, user: User, password_hash: str) -> None:
        """The same password under a better hash: nothing that anybody needs to hear of."""

    async def any(self) -> bool:
        """Whether there is a user at all."""

    async def colours(self) -> Sequence[str]:
        """The colour of each user."""

    async def active_admins(self) -> set[UUID]:
        """All of them, who stay what they are while the transaction lives."""


class Sessions(Protocol):
    """Who is signed in."""

    async def add(self, session: Session, token: RefreshToken) -> None:
        """A new session with its first token."""

    async def of(self, token: RefreshToken) -> tuple[Session, int]:
        """The session, locked, and the token's generation. Raises SessionEnded."""

    async def save(self, session: Session, token: RefreshToken) -> None:
        """The session as renewed, with one more token of its generation."""

    async def end(self, id: UUID, user_id: UUID) -> None:  # noqa: A002
        """Raises SessionNotFound when that user has none such."""

    async def end_all(self, user_id: UUID, but: UUID | None = None) -> None:
        """Sign a user out everywhere, or everywhere else."""

    async def forget_expired(self, now: datetime) -> None:
        """Remove those whose time is up."""


class FailedSignIns(Protocol):
    """Wrong passwords, counted."""

    async def of(self, guesser: Guesser) -> Failures:
        """Nobody else counts for this guesser while the transaction lives."""

    async def keep(self, guesser: Guesser, failures: Failures) -> None:
        """The count as it is now."""

    async def clear(self, guesser: Guesser) -> None:
        """After a right one."""

    async def forget_old(self, now: datetime) -> None:
        """Remove what does not count any more."""


class Work(Protocol):
    """One transaction."""

    @property
    def users(self) -> Users:
        """Everybody, in this transaction."""

    @property
    def sessions(self) -> Sessions:
        """The sessions, in this transaction."""

    @property
    def failures(self) -> FailedSignIns:
        """The wrong passwords, in this transaction."""

    async def commit(self, result: object = None) -> None:
        """Make it all durable; `result` is what the caller is answered with."""
