"""What is read without changing anything: straight from the tables to plain rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from identity.adapters.sql import failures_of
from identity.adapters.tables import sessions, users
from identity.domain.sessions import Failures, Guesser
from identity.domain.users import Status, UserNotFound, email_key
from shared_kernel.chassis.pagination import Listed, PageWish, read_page
from shared_kernel.text import fold

_SHOWN = [
    users.c[name]
    for name in (
        "id",
        "email",
        "name",
        "roles",
        "status",
        "locale",
        "practitioner",
        "colour",
        "version",
        "created_at",
        "updated_at",
    )
]


async def user(connection: AsyncConnection, user_id: UUID) -> RowMapping:
    """One user. Raises UserNotFound."""
    row = (await connection.execute(select(*_SHOWN).where(users.c.id == user_id))).mappings().first()
    if row is None:
        raise UserNotFound
    return row


async def listed_users(connection: AsyncConnection, search: str, wish: PageWish) -> Listed:
    """A page of the users by name. Every word of `search` must occur in name or e-mail."""
    words = (users.c.search_text.contains(word, autoescape=True) for word in fold(search).split())
    query = select(*_SHOWN).where(and_(True, *words)).order_by(users.c.sort_key, users.c.id)
    return await read_page(connection, query, wish)


async def sessions_of(connection: AsyncConnection, user_id: UUID, now: datetime) -> Sequence[RowMapping]:
    """Where the user is signed in, the latest first."""
    names = ("id", "ip", "user_agent", "created_at", "renewed_at", "expires_at")
    query = (
        select(*(sessions.c[name] for name in names))
        .where(sessions.c.user_id == user_id, sessions.c.expires_at > now)
        .order_by(sessions.c.renewed_at.desc(), sessions.c.id)
    )
    return (await connection.execute(query)).mappings().all()


async def present_roles(
    connection: AsyncConnection, user_id: UUID, session_id: UUID, now: datetime
) -> frozenset[str] | None:
    """What the user of a session may do as of now; None when the session or the user is out."""
    query = (
        select(users.c.roles)
        .join_from(sessions, users, sessions.c.user_id == users.c.id)
        .where(
            sessions.c.id == session_id,
            sessions.c.expires_at > now,
            users.c.id == user_id,
            users.c.status == Status.ACTIVE.value,
        )
    )
    roles: list[str] | None = (await connection.execute(query)).scalar()
    return None if roles is None else frozenset(roles)


async def password_of(connection: AsyncConnection, email: str) -> RowMapping | None:
    """`id`, `password_hash`, `password_changed_at` of whoever has this e-mail address."""
    query = select(users.c.id, users.c.password_hash, users.c.password_changed_at)
    return (await connection.execute(query.where(users.c.email_key == email_key(email)))).mappings().first()


async def failures(connection: AsyncConnection, guesser: Guesser) -> Failures:
    """The wrong passwords counted so far."""
    return await failures_of(connection, guesser)


async def there_are_users(connection: AsyncConnection) -> bool:
    """False at the first start."""
    return (await connection.execute(select(users.c.id).limit(1))).first() is not None
