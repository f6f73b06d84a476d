"""The billing service on both databases, for every test of this folder."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
import pytest_asyncio

from billing.adapters.sql import SqlWork
from billing.main import MIGRATIONS, BillingSettings, build_app
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.unit_of_work import Transactions
from testkit.service import NOBODY_LISTENS, ServiceClient, emptied, migrated, serving
from testkit.things import Asking
from testkit.tokens import SigningKey

NOBODY = "http://127.0.0.1:1"


@pytest_asyncio.fixture(scope="session")
async def schema_url(fresh_database: Callable[[], object]) -> AsyncIterator[str]:
    with fresh_database() as url:  # type: ignore[attr-defined]
        async with migrated(url, MIGRATIONS) as ready:
            yield ready


@pytest_asyncio.fixture
async def database(schema_url: str) -> AsyncIterator[Database]:
    async with emptied(schema_url) as empty:
        yield empty


@pytest.fixture(scope="session")
def new_service(
    schema_url: str, signing_key: SigningKey, token_for: Callable[..., str]
) -> Callable[[], AbstractAsyncContextManager[ServiceClient]]:
    """`async with new_service() as client`: a service of one's own."""

    async def keys() -> dict[str, object]:
        return dict(signing_key.jwks)

    settings = BillingSettings(
        database_url=schema_url,
        redis_url=NOBODY_LISTENS,
        identity_url=NOBODY,
        patients_url=NOBODY,
        scheduling_url=NOBODY,
        pdf_prewarm=False,
    )
    return lambda: serving(build_app(settings, keys), token_for)


@pytest_asyncio.fixture(scope="session")
async def shared_service(
    new_service: Callable[[], AbstractAsyncContextManager[ServiceClient]],
) -> AsyncIterator[ServiceClient]:
    async with new_service() as client:
        yield client


@pytest.fixture
def service(database: Database, shared_service: ServiceClient) -> ServiceClient:
    """The service all tests share, on a database emptied for this one."""
    return shared_service


@pytest.fixture
def run(database: Database) -> Callable[[Callable[[SqlWork], Awaitable[Any]]], Awaitable[Any]]:
    """Runs a use case in a transaction of its own."""
    transactions = Transactions(database, SqlWork, asyncio.Event())
    return lambda use_case: transactions.run(Asking(), use_case)


@pytest.fixture
def maria() -> dict[str, object]:
    return {
        "kind": "person",
        "firstName": "María José",
        "lastName": "Muñoz García",
        "taxId": "12.345.678-z",
        "phone": "+34 600 11 22 33",
        "billingAddress": "Calle Mayor 1\n28013 Madrid",
    }


@pytest.fixture
def session() -> dict[str, object]:
    """An invoice of one line."""
    return {
        "fullName": "María José Muñoz García",
        "address": "Calle Mayor 1, 28013 Madrid",
        "lines": [{"concept": "Sesión de fisioterapia", "quantity": "1", "unitPrice": "60.00"}],
    }
