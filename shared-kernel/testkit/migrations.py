"""Whether a service's migrations go up and down, and make the tables its adapters believe in."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect

from shared_kernel.chassis.database import Database
from shared_kernel.chassis.schema import migrate
from shared_kernel.chassis.tables import chassis_metadata


async def expect_up_down_and_up(database_url: str, versions: Path, believed: MetaData) -> None:
    """Up, down to nothing, up again; then the schema is `believed` and the chassis tables, and no more."""
    database = Database(database_url)
    await migrate(database, versions)
    await migrate(database, versions, to="base")
    assert await _tables(database) == {"alembic_version"}
    await migrate(database, versions)
    async with database.reading() as connection:
        assert await connection.run_sync(_differences, believed) == []
    await database.close()


async def _tables(database: Database) -> set[str]:
    async with database.reading() as connection:
        return await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))


def _differences(connection: Connection, believed: MetaData) -> list[object]:
    together = MetaData()
    for table in (*believed.sorted_tables, *chassis_metadata.sorted_tables):
        table.to_metadata(together)
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, together))
