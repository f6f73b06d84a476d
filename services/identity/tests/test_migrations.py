"""The schema goes up, down and up again, and is then what the adapters believe it to be."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect

from identity.adapters.tables import metadata
from identity.main import MIGRATIONS
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.schema import migrate
from shared_kernel.chassis.tables import chassis_metadata


async def test_the_schema_goes_up_down_and_up_and_equals_the_tables(database_url: str) -> None:
    database = Database(database_url)
    await migrate(database, MIGRATIONS)
    await migrate(database, MIGRATIONS, to="base")
    assert await _tables(database) == {"alembic_version"}
    await migrate(database, MIGRATIONS)
    async with database.reading() as connection:
        assert await connection.run_sync(_differences) == []
    await database.close()


async def _tables(database: Database) -> set[str]:
    async with database.reading() as connection:
        return await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))


def _differences(connection: Connection) -> list[object]:
    together = MetaData()
    for known in (metadata, chassis_metadata):
        for table in known.sorted_tables:
            table.to_metadata(together)
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, together))
