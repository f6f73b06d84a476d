"""The database keeps what it acknowledged, and what is put in comes out the same on both engines."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, MetaData, Table, event, select, text

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


async def test_instants_and_amounts_come_back_as_they_went(database: Database) -> None:
    at = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    amounts = [Decimal("0.10"), Decimal("0.20"), Decimal("9999999999.99"), None]
    async with database.writing() as connection:
        await connection.run_sync(kept.create)
        await connection.execute(kept.insert(), [{"at": at, "amount": amount} for amount in amounts])
        rows = (await connection.execute(select(kept))).all()
        assert [row.amount for row in rows] == amounts
        assert {row.at for row in rows} == {at.astimezone(UTC)}
        isolation = await connection.execute(text("SELECT @@tx_isolation"))
        assert isolation.scalar_one() == "READ-COMMITTED"
        collation = await connection.execute(text("SELECT @@collation_database"))
        assert collation.scalar_one() == "utf8mb4_nopad_bin"
