"""The identity service on both databases, and people who sign in to it, for every test of this folder."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import RowMapping, insert, select

from identity.adapters.argon2id import Passwords
from identity.adapters.sql import SqlWork
from identity.adapters.tables import signing_keys
from identity.domain.passwords import NewPassword
from identity.domain.users import Profile, Role, Status, User
from identity.main import MIGRATIONS, IdentitySettings, build_app
from identity.use_cases.administration import create_user
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import Repeatable, Transactions
from testkit.service import NOBODY_LISTENS, ServiceClient, emptied, migrated, serving

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Asked:
    """What a transaction has to know of whoever asked for it."""

    now: datetime
    origin: Origin = Origin()  # noqa: RUF009 - frozen
    repeatable: Repeatable | None = None


class People:
    """Lets people in: into the database, and through the door with their password."""

    def __init__(self, transactions: Transactions[SqlWork], password_hash: str) -> None:
        self.password = PASSWORD
        self._transactions = transactions
        self._password_hash = password_hash
        self._made = 0

    async def employ(
        self, *roles: str, email: str | None = None, name: str = "Begoña Núñez", status: str = "active"
    ) -> User:
        """A user with the roles, who knows `password`."""
        self._made += 1
        profile = Profile(
            name=name,
            roles=frozenset(Role(role) for role in roles or ("ROLE_USER",)),
            locale="es",
            colour="#0f766e",
            practitioner=True,
            status=Status(status),
        )
        now = datetime.now(UTC)
        address = email or f"persona{self._made}@clinica.es"
        return await self._transactions.run(
            Asked(now), lambda work: create_user(work, address, lambda _: profile, self._password_hash, now)
        )


@pytest_asyncio.fixture(scope="session")
async def schema_url(fresh_database: Callable[[], object]) -> AsyncIterator[str]:
    with fresh_database() as url:  # type: ignore[attr-defined]
        async with migrated(url, MIGRATIONS) as ready:
            yield ready


@pytest_asyncio.fixture
async def database(schema_url: str) -> AsyncIterator[Database]:
    async with emptied(schema_url) as empty:
        yield empty


@pytest.fixture
def transactions(database: Database) -> Transactions[SqlWork]:
    return Transactions(database, SqlWork, asyncio.Event())


@pytest.fixture
def asked() -> type[Asked]:
    return Asked


@pytest_asyncio.fixture(scope="session")
async def password_hash() -> str:
    return await Passwords().hash(NewPassword.chosen(PASSWORD, "password"))


@pytest.fixture
def people(transactions: Transactions[SqlWork], password_hash: str) -> People:
    return People(transactions, password_hash)


@pytest.fixture(scope="session")
def settings(schema_url: str) -> IdentitySettings:
    return IdentitySettings(
        database_url=schema_url,
        redis_url=NOBODY_LISTENS,
        jwt_key_passphrase="a passphrase",
        service_secret="a service secret",
    )


@pytest_asyncio.fixture(scope="session")
async def running(
    schema_url: str, settings: IdentitySettings, token_for: Callable[..., str]
) -> AsyncIterator[tuple[ServiceClient, RowMapping]]:
    """One service for all tests, with its signing key: making and opening a key takes long."""
    async with serving(build_app(settings), token_for) as client:
        async with client.as_() as nobody:
            await nobody.get("/.well-known/jwks.json")
        database: Database = client.app.state.database
        async with database.reading() as connection:
            key = (await connection.execute(select(signing_keys))).mappings().one()
        yield client, key


@pytest_asyncio.fixture
async def service(running: tuple[ServiceClient, RowMapping], database: Database) -> ServiceClient:
    """The service, which finds nothing but its key in its database."""
    client, key = running
    async with database.writing() as connection:
        await connection.execute(insert(signing_keys).values(**key))
        await connection.commit()
    return client


class Door:
    """Signs people in over HTTP; every client keeps its own cookies."""

    def __init__(self, service: ServiceClient, people: People, open_clients: AsyncExitStack) -> None:
        self._service = service
        self._people = people
        self._open_clients = open_clients

    async def nobody(self) -> httpx.AsyncClient:
        """A client that has not signed in."""
        return await self._open_clients.enter_async_context(self._service.as_())

    async def enter(self, user: User) -> httpx.AsyncClient:
        """A client signed in as the user."""
        client = await self.nobody()
        answer = await client.post(
            "/api/login", json={"email": user.email, "password": self._people.password}
        )
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    async def as_(self, *roles: str) -> httpx.AsyncClient:
        """A client signed in as somebody new who has the roles."""
        return await self.enter(await self._people.employ(*roles))


@pytest_asyncio.fixture
async def door(service: ServiceClient, people: People) -> AsyncIterator[Door]:
    async with AsyncExitStack() as open_clients:
        yield Door(service, people, open_clients)
