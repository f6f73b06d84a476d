"""A look behind the front door: what the services' databases say when the answers have been given."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared_kernel.chassis.database import Database
from testkit.clinic import RunningClinic

SERVICES = ("identity", "patients", "scheduling", "billing")


@asynccontextmanager
async def opened(clinic: RunningClinic, service: str) -> AsyncIterator[AsyncConnection]:
    """The service's database, for looking."""
    file = f"sqlite+aiosqlite:///{clinic.data_dir}/{service}.db"
    database = Database(clinic.environment.get(f"{service.upper()}_DATABASE_URL", file))
    async with database.reading() as connection:
        yield connection
    await database.close()


async def rows(clinic: RunningClinic, service: str, statement: str) -> list[tuple[Any, ...]]:
    async with opened(clinic, service) as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]
