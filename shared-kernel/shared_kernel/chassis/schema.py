"""Brings a service's schema up to date, and down again."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData

from shared_kernel.chassis import migrations
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import GENESIS
from shared_kernel.chassis.tables import stream_head

_CHASSIS = Path(migrations.__file__).parent


async def migrate(database: Database, versions: Path, to: str = "heads") -> None:
    """Run the migrations in `versions` and those of the chassis; `base` takes all of them back."""
    async with database.writing() as connection:
        await connection.run_sync(_migrate, versions, to)
        await connection.commit()


async def empty(database: Database) -> None:
    """Remove every row of a service's schema, as tests and only tests ask."""
    async with database.writing() as connection:
        await connection.run_sync(_empty)
        await connection.commit()


def _empty(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables[::-1]:
        if table.name not in ("alembic_version", stream_head.name):
            connection.execute(table.delete())
    connection.execute(stream_head.update().values(seq=0, hash=GENESIS))


def _migrate(connection: Connection, versions: Path, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_CHASSIS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{_CHASSIS / 'versions'}\n{versions}")
    config.attributes["connection"] = connection
    if to == "base":
        command.downgrade(config, "base")
    else:
        command.upgrade(config, to)
