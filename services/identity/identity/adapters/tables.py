"""The schema of identity, beside the chassis tables."""

from collections.abc import Iterable

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from shared_kernel.chassis.database import Digest, Id, Instant, LongText
from shared_kernel.chassis.tables import NAMING

metadata = MetaData(naming_convention=NAMING)


class RoleList(TypeDecorator[list[str]]):
    """Roles in alphabetical order, with commas between them."""

    impl = String(120)
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        """As one text."""
        return None if value is None else ",".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str] | None:
        """As a list again."""
        return None if value is None else value.split(",")


users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", String(180), nullable=False),
    Column("email_key", String(360), nullable=False, info={"audited": False}),
    Column("name", String(100), nullable=False),
    Column("roles", RoleList, nullable=False),
    Column("status", String(10), nullable=False),
    Column("locale", String(2), nullable=False),
    Column("practitioner", Boolean, nullable=False),
    Column("colour", String(7), nullable=False),
    Column("password_hash", String(200), nullable=False, info={"audited": False}),
    Column("password_changed_at", Instant, nullable=False),
    Column("sort_key", String(120), nullable=False, info={"audited": False}),
    Column("search_text", String(600), nullable=False, info={"audited": False}),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("email_key"),
    Index("ix_users_sort_key", "sort_key"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("ip", String(45)),
    Column("user_agent", String(255)),
    Column("created_at", Instant, nullable=False),
    Column("renewed_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_sessions_user_id", "user_id"),
    Index("ix_sessions_expires_at", "expires_at"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("session_id", Id, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("generation", Integer, nullable=False),
    Index("ix_refresh_tokens_session_id", "session_id"),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("email_digest", Digest, primary_key=True),
    Column("address", String(45), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant),
    Index("ix_login_failures_last_at", "last_at"),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kid", String(64), nullable=False),
    Column("private_pem", LongText, nullable=False),
    Column("public_jwk", LongText, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("kid"),
)
