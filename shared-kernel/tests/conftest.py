"""Schemas to try the chassis on."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared_kernel.chassis.database import Database
from shared_kernel.chassis.unit_of_work import Transactions
from testkit.things import ThingsWork, schema_with_things


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with schema_with_things(database_url) as database:
        yield database


@pytest.fixture
def committed() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def transactions(database: Database, committed: asyncio.Event) -> Transactions[ThingsWork]:
    return Transactions(database, ThingsWork, committed)
