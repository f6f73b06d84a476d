"""The database keeps what it acknowledged, and what is put in comes out the same on both engines."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, MetaData, String, Table, event, func, select, text
from sqlalchemy.exc import StatementError

from shared_kernel.chassis.database import Cents, Database, Instant, NotDurable
from testkit.servers import MariaDbServer


async def test_a_database_that_would_lose_commits_is_refused(database: Database) -> None:
    await database.refuse_unless_durable()
    if not database.is_sqlite:
        return

    @event.listens_for(database._writers.sync_engine, "checkout")
    def _hasty(connection: object, *_: object) -> None:
        connection.cursor().execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]

    with pytest.raises(NotDurable):
        await database.refuse_unless_durable()


async def test_a_mariadb_that_would_lose_commits_is_refused(own_mariadb: MariaDbServer) -> None:
    database = Database(own_mariadb.url)
    async with database.writing() as connection:
        await connection.execute(text("SET GLOBAL innodb_flush_log_at_trx_commit = 2"))
    with pytest.raises(NotDurable):
        await database.refuse_unless_durable()
    await database.close()


kept = Table("kept", MetaData(), Column("at", Instant), Column("amount", Cents))
letters = Table("letters", MetaData(), Column("letter", String(2), primary_key=True))


async def test_instants_and_amounts_come_back_as_they_went(database: Database) -> None:
    at = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    amounts = [Decimal("0.10"), Decimal("0.20"), Decimal("9999999999.99"), None]
    async with database.writing() as connection:
        await connection.run_sync(kept.create)
        await connection.execute(kept.insert(), [{"at": at, "amount": amount} for amount in amounts])
        rows = (await connection.execute(select(kept))).all()
        assert [row.amount for row in rows] == amounts
        assert {row.at for row in rows} == {at.astimezone(UTC)}
        total = await connection.execute(select(func.sum(kept.c.amount)))
        assert total.scalar_one() == Decimal("10000000000.29")


async def test_a_naive_datetime_is_refused(database: Database) -> None:
    async with database.writing() as connection:
        await connection.run_sync(kept.create)
        with pytest.raises(StatementError, match="offset"):
            await connection.execute(kept.insert().values(at=datetime(2026, 1, 1), amount=None))


async def test_text_is_compared_byte_by_byte_and_only_what_is_committed_is_read(database: Database) -> None:
    async with database.writing() as connection:
        await connection.run_sync(letters.create)
        await connection.execute(letters.insert(), [{"letter": x} for x in ("a", "A", "á", "a ", "n", "ñ")])
        if not database.is_sqlite:
            isolation = await connection.execute(text("SELECT @@tx_isolation"))
            assert isolation.scalar_one() == "READ-COMMITTED"
