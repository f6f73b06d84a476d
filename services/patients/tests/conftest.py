"""The patients service on both databases, for every test of this folder."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from patients.main import MIGRATIONS, PatientsSettings, build_app
from shared_kernel.chassis.database import Database
from testkit.service import NOBODY_LISTENS, ServiceClient, emptied, migrated, serving
from testkit.tokens import SigningKey


@pytest_asyncio.fixture(scope="session")
async def schema_url(fresh_database: Callable[[], object]) -> AsyncIterator[str]:
    with fresh_database() as url:  # type: ignore[attr-defined]
        async with migrated(url, MIGRATIONS) as ready:
            yield ready


@pytest_asyncio.fixture
async def database(schema_url: str) -> AsyncIterator[Database]:
    async with emptied(schema_url) as empty:
        yield empty


@pytest_asyncio.fixture(scope="session")
async def shared_service(
    schema_url: str, signing_key: SigningKey, token_for: Callable[..., str]
) -> AsyncIterator[ServiceClient]:
    async def keys() -> dict[str, object]:
        return dict(signing_key.jwks)

    settings = PatientsSettings(database_url=schema_url, redis_url=NOBODY_LISTENS)
    async with serving(build_app(settings, keys), token_for) as client:
        yield client


@pytest.fixture
def service(database: Database, shared_service: ServiceClient) -> ServiceClient:
    """The service all tests share, on a database emptied for this one."""
    return shared_service


@pytest.fixture
def maria() -> dict[str, object]:
    return {"firstName": "María José", "lastName": "Muñoz García", "phone": "+34 600 11 22 33"}
