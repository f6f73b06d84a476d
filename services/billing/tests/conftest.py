"""The billing service on both databases, for every test of this folder, and what it hears of others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from billing_surroundings import ERASED, FACE, MARIA, Diary, heard
from httpx import AsyncClient

from billing.adapters.sql import SqlWork
from billing.main import MIGRATIONS, BillingSettings, build_app
from billing.subscribers import PATIENTS
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.typesetting import Typesetter
from shared_kernel.chassis.unit_of_work import Transactions
from testkit.service import NOBODY_LISTENS, ServiceClient, emptied, migrated, serving
from testkit.things import Asking
from testkit.tokens import SigningKey

NOBODY = "http://127.0.0.1:1"

Hear = Callable[..., Awaitable[None]]
NewService = Callable[..., AbstractAsyncContextManager[ServiceClient]]


@pytest_asyncio.fixture(scope="session")
async def schema_url(fresh_database: Callable[[], object]) -> AsyncIterator[str]:
    with fresh_database() as url:  # type: ignore[attr-defined]
        async with migrated(url, MIGRATIONS) as ready:
            yield ready


@pytest_asyncio.fixture(scope="module")
async def typesetter() -> AsyncIterator[Typesetter]:
    """What prints, in a process of its own that is warm."""
    typesetter = Typesetter(1, 60)
    async with typesetter.running(prewarm=True):
        yield typesetter


@pytest_asyncio.fixture
async def database(schema_url: str) -> AsyncIterator[Database]:
    async with emptied(schema_url) as empty:
        yield empty


@pytest.fixture(scope="session")
def new_service(schema_url: str, signing_key: SigningKey, token_for: Callable[..., str]) -> NewService:
    """`async with new_service() as client`: a service of one's own, with other settings."""

    async def keys() -> dict[str, object]:
        return dict(signing_key.jwks)

    usual = BillingSettings(
        database_url=schema_url,
        redis_url=NOBODY_LISTENS,
        identity_url=NOBODY,
        patients_url=NOBODY,
        scheduling_url=NOBODY,
        pdf_prewarm=False,
    )
    return lambda **other: serving(build_app(usual.model_copy(update=other), keys), token_for)


@pytest_asyncio.fixture(scope="session")
async def shared_service(new_service: NewService) -> AsyncIterator[ServiceClient]:
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


@pytest_asyncio.fixture
async def desk(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with service.as_("ROLE_RECEPTIONIST") as client:
        yield client


@pytest_asyncio.fixture
async def admin(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with service.as_("ROLE_ADMIN") as client:
        yield client


@pytest_asyncio.fixture(scope="session")
async def permissive_service(new_service: NewService) -> AsyncIterator[ServiceClient]:
    """One that lets administrators edit what was issued."""
    async with new_service(invoice_edit_enabled=True) as client:
        yield client


@pytest_asyncio.fixture
async def editor(database: Database, permissive_service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with permissive_service.as_("ROLE_ADMIN") as client:
        yield client


@pytest.fixture
def hear(database: Database) -> Hear:
    """`await hear(REGISTERED, MARIA, fullName="…")`: an event of patients arrives."""

    async def hear(name: str, about: UUID = MARIA, version: int = 1, **changes: object) -> None:
        gone = {"number": 1, "erasedAt": (datetime.now(UTC) + timedelta(seconds=1)).isoformat()}
        payload = (gone if name == ERASED else FACE) | changes
        await heard(database, PATIENTS, name, about, version, payload)

    return hear


@pytest.fixture
def diary(database: Database) -> Diary:
    return Diary(database)
