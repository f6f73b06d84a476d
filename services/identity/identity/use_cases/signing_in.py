"""Signing in, staying signed in, signing out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from identity.domain.sessions import (
    Device,
    Guesser,
    InvalidCredentials,
    RefreshToken,
    Session,
    SessionEnded,
)
from identity.domain.users import User
from identity.ports import Work


@dataclass(frozen=True)
class PasswordShown:
    """The right password of a user was shown, as it was since `password_changed_at`. It is verified before
    the transaction, because that takes long. `rehashed`: when its hash has become too weak."""

    user_id: UUID
    password_changed_at: datetime
    rehashed: str | None = None


@dataclass(frozen=True)
class SignedIn:
    """What a browser needs to go on."""

    user: User
    session: Session
    token: RefreshToken


async def sign_in(
    work: Work,
    guesser: Guesser,
    shown: PasswordShown | None,
    device: Device,
    lifetime: timedelta,
    now: datetime,
) -> SignedIn:
    """A new session; `shown` is None after a wrong password. Raises InvalidCredentials, TooManyAttempts."""
    user = await _proved(work, guesser, shown, now)
    session = Session.begin(user.id, device, lifetime, now)
    token = RefreshToken.fresh()
    await work.sessions.forget_expired(now)
    await work.sessions.add(session, token)
    if shown and shown.rehashed:
        await work.users.keep_rehashed(user, shown.rehashed)
    await work.commit()
    return SignedIn(user, session, token)


async def change_password(
    work: Work,
    guesser: Guesser,
    shown: PasswordShown | None,
    new_hash: str,
    session_id: UUID | None,
    now: datetime,
) -> None:
    """Another password; every session but this one ends. Raises InvalidCredentials, TooManyAttempts."""
    user = await _proved(work, guesser, shown, now)
    user.set_password(new_hash, now)
    await work.users.save(user)
    await work.sessions.end_all(user.id, but=session_id)
    await work.commit()


async def _proved(work: Work, guesser: Guesser, shown: PasswordShown | None, now: datetime) -> User:
    """The user of whom the right password was shown; anything else is counted. The count is looked at
    again under its lock, so that many guesses at the same moment learn no more than five answers."""
    failures = await work.failures.of(guesser)
    failures.refuse_when_exhausted(now)
    user = await work.users.get(shown.user_id) if shown else None
    if user is None or shown is None or not _still_good(user, shown):
        await work.failures.keep(guesser, failures.one_more(now))
        await work.commit()
        raise InvalidCredentials
    await work.failures.clear(guesser)
    await work.failures.forget_old(now)
    return user


def _still_good(user: User, shown: PasswordShown) -> bool:
    return user.is_active and user.password_changed_at == shown.password_changed_at


async def renew(work: Work, token: RefreshToken, now: datetime) -> SignedIn:
    """The session goes on with a fresh token. Raises SessionEnded; TokenReused ends the session too."""
    session, generation = await work.sessions.of(token)
    user = await work.users.get(session.user_id)
    try:
        session.renew(generation, now)
        if not user.is_active:
            raise SessionEnded
    except SessionEnded:
        await work.sessions.end(session.id, session.user_id)
        await work.commit()
        raise
    fresh = RefreshToken.fresh()
    await work.sessions.save(session, fresh)
    await work.commit()
    return SignedIn(user, session, fresh)


async def sign_out(work: Work, token: RefreshToken) -> None:
    """The session of this token ends, whatever the token's age; none is as well."""
    try:
        session, _ = await work.sessions.of(token)
    except SessionEnded:
        return
    await work.sessions.end(session.id, session.user_id)
    await work.commit()


async def end_session(work: Work, session_id: UUID, user_id: UUID) -> None:
    """A user signs out from afar. Raises SessionNotFound."""
    await work.sessions.end(session_id, user_id)
    await work.commit()
