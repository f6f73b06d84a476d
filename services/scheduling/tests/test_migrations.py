"""The schema goes up, down and up again, and is what the adapters believe it to be."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect

from scheduling.adapters.tables import metadata
from scheduling.main import MIGRATIONS
from shared_kernel.chassis import schema
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import chassis_metadata


def _differences(connection: Connection) -> list[Any]:
    believed = MetaData()
    for table in (*chassis_metadata.sorted_tables, *metadata.sorted_tables):
        table.to_metadata(believed)
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, believed))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_up_down_and_up_again(database_url: str) -> None:
    database = Database(database_url)
    ours = {table.name for table in metadata.sorted_tables}
    await schema.migrate(database, MIGRATIONS)
    await schema.migrate(database, MIGRATIONS, "base")
    async with database.reading() as connection:
        assert await connection.run_sync(_tables) == {"alembic_version"}
    await schema.migrate(database, MIGRATIONS)
    async with database.reading() as connection:
        assert ours < await connection.run_sync(_tables)
        assert await connection.run_sync(_differences) == []
    await database.close()
