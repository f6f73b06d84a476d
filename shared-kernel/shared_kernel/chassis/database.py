"""One way to speak to MariaDB and SQLite: durable, isolated, and in UTC."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import CHAR, BigInteger, Dialect, Text, TypeDecorator, event, text
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import DateTime, Numeric, Uuid

Id = Uuid(native_uuid=False)
LongText = Text().with_variant(mysql.LONGTEXT, "mysql", "mariadb")
Digest = CHAR(64)

_BUSY_SECONDS = 5
_QUEUE_SECONDS = 15.0
"""For a connection: a crowd of clients is answered one after the other, within the gateway's patience."""

_DEADLOCK, _LOCK_TIMEOUT, _ROW_CHANGED = 1213, 1205, 1020


class NotDurable(RuntimeError):
    """The database would lose acknowledged work at power loss; the service refuses to start."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC with microseconds on both databases."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """MariaDB keeps whole seconds unless told otherwise."""
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive datetime: it would be an instant of nobody's."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What was kept is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Cents(TypeDecorator[Decimal]):
    """A decimal amount with two places, exact on both databases (SQLite has no decimals: kept in cents)."""

    impl = Numeric(12, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """SQLite compares and adds integers exactly, floats not."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(12, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Two places at most; the domain has rounded before."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(value.scaleb(2))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Back to two places."""
        if value is None:
            return None
        return Decimal(value).scaleb(-2) if dialect.name == "sqlite" else cast(Decimal, value)


class Database:
    """One service's schema. SQLite has a single writer, so its writers queue fairly for one connection."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writers = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", pool_size=1)
            self._readers = _sqlite_engine(self.url, begin="BEGIN", pool_size=4)
        else:
            self._writers = self._readers = create_async_engine(
                self.url,
                isolation_level="READ COMMITTED",
                pool_size=16,
                max_overflow=16,
                pool_timeout=_QUEUE_SECONDS,
                pool_recycle=1800,
                connect_args={"connect_timeout": 3, "charset": "utf8mb4"},
            )

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for looking only; what it did is rolled back."""
        async with self._readers.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that is rolled back unless the caller commits it."""
        async with self._writers.connect() as connection:
            await connection.begin()
            yield connection

    async def refuse_unless_durable(self) -> None:
        """Raises NotDurable when an acknowledged commit would not survive power loss."""
        async with self.writing() as connection:
            if self.is_sqlite:
                journal = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
                synchronous = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one()
                if (journal, synchronous) != ("wal", 2):
                    raise NotDurable(
                        f"SQLite must use WAL and synchronous=FULL, has {journal}, {synchronous}"
                    )
                return
            flush = (await connection.execute(text("SELECT @@innodb_flush_log_at_trx_commit"))).scalar_one()
            if int(flush) != 1:
                raise NotDurable(f"MariaDB must use innodb_flush_log_at_trx_commit=1, has {flush}")

    async def close(self) -> None:
        """Give back every connection."""
        for engine in self.engines:
            await engine.dispose()

    @property
    def engines(self) -> set[AsyncEngine]:
        """The engines behind it: two for SQLite, one for MariaDB."""
        return {self._writers, self._readers}


def _sqlite_engine(url: URL, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=30)

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={_BUSY_SECONDS * 1000}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def is_worth_retrying(error: DBAPIError) -> bool:
    """True when the same transaction may well succeed if run again: deadlock, lock timeout, SQLite busy,
    or a connection that broke before the commit was sent."""
    if error.connection_invalidated:
        return True
    code = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return code in (_DEADLOCK, _LOCK_TIMEOUT, _ROW_CHANGED) or "database is locked" in str(error.orig)


def is_duplicate(error: IntegrityError, table: str, column: str) -> bool:
    """True when `error` is the breach of the unique index `uq_<table>_<column>` of one column."""
    message = str(error.orig)
    return f"uq_{table}_{column}" in message or f"UNIQUE constraint failed: {table}.{column}" in message
