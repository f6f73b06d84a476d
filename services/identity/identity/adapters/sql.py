"""Users, sessions and failed sign-ins in MariaDB or SQLite."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, String, delete, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from identity.adapters.tables import login_failures, refresh_tokens, sessions, users
from identity.domain.sessions import (
    TRIES_WINDOW,
    Device,
    Failures,
    Guesser,
    RefreshToken,
    Session,
    SessionEnded,
    SessionNotFound,
)
from identity.domain.users import EmailTaken, Profile, Role, Status, User, UserNotFound, email_key
from shared_kernel.chassis.database import is_duplicate
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import UnitOfWork
from shared_kernel.chassis.upsert import upsert
from shared_kernel.text import fold


class SqlWork(UnitOfWork):
    """A transaction on this context's schema."""

    def __init__(self, connection: AsyncConnection, origin: Origin, now: datetime) -> None:
        super().__init__(connection, "identity", origin, now)
        self.users = SqlUsers(self)
        self.sessions = SqlSessions(connection)
        self.failures = SqlFailedSignIns(connection)


class SqlUsers:
    """Everybody in one table."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def get(self, id: UUID) -> User:  # noqa: A002
        """Raises UserNotFound."""
        row = await self._work.load(users, id)
        if row is None:
            raise UserNotFound
        return _user(row)

    async def add(self, user: User) -> None:
        """Raises EmailTaken."""
        try:
            await self._work.insert(users, user, _user_row(user))
        except IntegrityError as error:
            raise (EmailTaken() if is_duplicate(error, "users", "email_key") else error) from error

    async def save(self, user: User) -> None:
        """Raises Stale."""
        await self._work.update(users, user, _user_row(user))

    async def keep_rehashed(self, user: User, password_hash: str) -> None:
        """Unless the hash has become another one meanwhile."""
        await self._work.connection.execute(
            update(users)
            .where(users.c.id == user.id, users.c.password_hash == user.password_hash)
            .values(password_hash=password_hash)
        )

    async def any(self) -> bool:
        """Whether there is a user at all."""
        return (await self._work.connection.execute(select(users.c.id).limit(1))).first() is not None

    async def colours(self) -> Sequence[str]:
        """The colour of each user."""
        return (await self._work.connection.execute(select(users.c.colour))).scalars().all()

    async def active_admins(self) -> set[UUID]:
        """Locked, so that of two admins who dismiss each other one is refused."""
        is_admin = type_coerce(users.c.roles, String).contains(Role.ADMIN.value, autoescape=True)
        query = (
            select(users.c.id)
            .where(users.c.status == Status.ACTIVE.value, is_admin)
            .order_by(users.c.id)
            .with_for_update()
        )
        return set((await self._work.connection.execute(query)).scalars())


class SqlSessions:
    """Sessions and the digests of all tokens they ever had."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, session: Session, token: RefreshToken) -> None:
        """A new session with its first token."""
        await self._connection.execute(insert(sessions).values(**_session_row(session)))
        await self._add_token(session, token)

    async def of(self, token: RefreshToken) -> tuple[Session, int]:
        """Locked, so that two windows of a browser are answered one after the other."""
        query = (
            select(sessions, refresh_tokens.c.generation.label("token_generation"))
            .join_from(refresh_tokens, sessions, refresh_tokens.c.session_id == sessions.c.id)
            .where(refresh_tokens.c.digest == token.digest)
            .with_for_update()
        )
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            raise SessionEnded
        return _session(row), int(row["token_generation"])

    async def save(self, session: Session, token: RefreshToken) -> None:
        """The session as renewed, with one more token of its generation."""
        await self._connection.execute(
            update(sessions).where(sessions.c.id == session.id).values(**_session_row(session))
        )
        await self._add_token(session, token)

    async def end(self, id: UUID, user_id: UUID) -> None:  # noqa: A002
        """Raises SessionNotFound."""
        ended = await self._connection.execute(
            delete(sessions).where(sessions.c.id == id, sessions.c.user_id == user_id)
        )
        if ended.rowcount == 0:
            raise SessionNotFound

    async def end_all(self, user_id: UUID, but: UUID | None = None) -> None:
        """Sign a user out everywhere, or everywhere else."""
        query = delete(sessions).where(sessions.c.user_id == user_id)
        await self._connection.execute(query if but is None else query.where(sessions.c.id != but))

    async def forget_expired(self, now: datetime) -> None:
        """Remove those whose time is up."""
        await self._connection.execute(delete(sessions).where(sessions.c.expires_at <= now))

    async def _add_token(self, session: Session, token: RefreshToken) -> None:
        row = {"digest": token.digest, "session_id": session.id, "generation": session.generation}
        await self._connection.execute(insert(refresh_tokens).values(**row))


class SqlFailedSignIns:
    """A row for each e-mail and network address that somebody failed with."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, guesser: Guesser) -> Failures:
        """Takes the row, or makes it, and so waits for whoever has it."""
        row = {"email_digest": guesser.email_digest, "address": guesser.address, "failures": 0}
        unchanged = {"failures": login_failures.c.failures}
        await upsert(self._connection, login_failures, ["email_digest", "address"], row, unchanged)
        return await failures_of(self._connection, guesser)

    async def keep(self, guesser: Guesser, failures: Failures) -> None:
        """The count as it is now."""
        await self._connection.execute(
            update(login_failures)
            .where(*_is(guesser))
            .values(failures=failures.count, last_at=failures.last_at)
        )

    async def clear(self, guesser: Guesser) -> None:
        """After a right one."""
        await self._connection.execute(delete(login_failures).where(*_is(guesser)))

    async def forget_old(self, now: datetime) -> None:
        """Remove what does not count any more."""
        await self._connection.execute(
            delete(login_failures).where(login_failures.c.last_at < now - TRIES_WINDOW)
        )


async def failures_of(connection: AsyncConnection, guesser: Guesser) -> Failures:
    """The count of a guesser as it stands."""
    query = select(login_failures.c.failures, login_failures.c.last_at).where(*_is(guesser))
    row = (await connection.execute(query)).first()
    return Failures() if row is None else Failures(row.failures, row.last_at)


def _is(guesser: Guesser) -> tuple[Any, Any]:
    return (
        login_failures.c.email_digest == guesser.email_digest,
        login_failures.c.address == guesser.address,
    )


def _user(row: RowMapping) -> User:
    return User(
        id=row["id"],
        version=row["version"],
        email=row["email"],
        profile=Profile(
            name=row["name"],
            roles=frozenset(Role(role) for role in row["roles"]),
            status=Status(row["status"]),
            locale=row["locale"],
            practitioner=row["practitioner"],
            colour=row["colour"],
        ),
        password_hash=row["password_hash"],
        password_changed_at=row["password_changed_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _user_row(user: User) -> dict[str, Any]:
    profile = user.profile
    return {
        "email": user.email,
        "email_key": email_key(user.email),
        "name": profile.name,
        "roles": sorted(profile.roles),
        "status": profile.status.value,
        "locale": profile.locale,
        "practitioner": profile.practitioner,
        "colour": profile.colour,
        "password_hash": user.password_hash,
        "password_changed_at": user.password_changed_at,
        "sort_key": fold(profile.name)[:120],
        "search_text": fold(f"{profile.name} {user.email}")[:600],
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    }


def _session(row: RowMapping) -> Session:
    return Session(
        id=row["id"],
        user_id=row["user_id"],
        device=Device(row["ip"], row["user_agent"]),
        generation=row["generation"],
        created_at=row["created_at"],
        renewed_at=row["renewed_at"],
        expires_at=row["expires_at"],
    )


def _session_row(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "user_id": session.user_id,
        "generation": session.generation,
        "ip": session.device.ip,
        "user_agent": session.device.user_agent,
        "created_at": session.created_at,
        "renewed_at": session.renewed_at,
        "expires_at": session.expires_at,
    }
