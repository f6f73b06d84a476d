"""An empty diary with people to book and real processes of its service, for who wants to break it."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import orjson
from sqlalchemy import insert, text

from gateway_overhead import JWKS_VARIABLE, answers, serving
from scheduling.adapters.tables import attendees, practitioners
from scheduling.main import MIGRATIONS
from shared_kernel.chassis import schema
from shared_kernel.chassis.database import Database
from shared_kernel.identifiers import new_id
from testkit.databases import fresh_file, fresh_schema
from testkit.servers import MariaDbServer, RedisServer
from testkit.tokens import SigningKey

PROCESSES = 2
_PATIENCE = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    body: Any


class Desk:
    """A client of one process of the service; it keeps its connection and an admin's token."""

    def __init__(self, session: aiohttp.ClientSession, url: str, key: SigningKey) -> None:
        self._session = session
        self._url = url
        self._key = key

    def sign_in(self) -> str:
        """A token for the next quarter of an hour."""
        return self._key.token_for("ROLE_ADMIN")

    async def ask(self, token: str, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """What the service says. Raises aiohttp.ClientError when it says nothing."""
        sent = {"Authorization": f"Bearer {token}", **headers}
        data = None if body is None else orjson.dumps(body)
        if data is not None:
            sent["Content-Type"] = "application/json"
        async with self._session.request(method, self._url + path, data=data, headers=sent) as answer:
            content = await answer.read()
            return Answer(answer.status, orjson.loads(content) if content else None)


@dataclass(frozen=True)
class Served:
    """A database, where its processes are, and who signs the tokens that they take."""

    database_url: str
    urls: Sequence[str]
    key: SigningKey


@dataclass(frozen=True)
class DiaryAtWork:
    """A diary that several processes serve, and who can be booked in it."""

    database: Database
    practitioners: Sequence[UUID]
    patients: Sequence[UUID]
    desks: Sequence[Desk]


@contextmanager
def empty_database(engine: str) -> Iterator[str]:
    """Of its own, in the MariaDB that TEST_MARIADB_URL names or in a server of our own."""
    with ExitStack() as stack:
        if engine == "sqlite":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            yield stack.enter_context(fresh_file(folder))
        else:
            server = os.environ.get("TEST_MARIADB_URL") or stack.enter_context(MariaDbServer().serving())
            yield stack.enter_context(fresh_schema(server))


@contextmanager
def served(database_url: str) -> Iterator[Served]:
    """PROCESSES processes of the service, on a database that is made ready for them."""
    asyncio.run(_migrated(database_url))
    key = SigningKey()
    with ExitStack() as servers:
        redis = servers.enter_context(RedisServer())
        identity, _ = servers.enter_context(
            serving("quiet_owners:part", **{JWKS_VARIABLE: orjson.dumps(key.jwks).decode()})
        )
        environment = {
            "SCHEDULING_DATABASE_URL": database_url,
            "REDIS_URL": redis.url,
            "IDENTITY_URL": identity,
            "PATIENTS_URL": identity,
        }
        urls = [
            servers.enter_context(serving("--factory", "scheduling.main:create_app", **environment))[0]
            for _ in range(PROCESSES)
        ]
        yield Served(database_url, urls, key)


@asynccontextmanager
async def diary_at_work(service: Served, people: int) -> AsyncIterator[DiaryAtWork]:
    """As many practitioners and as many patients as said, and a desk at each process."""
    database = Database(service.database_url)
    known = await _people(database, people)
    connections = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connections, timeout=_PATIENCE) as session:
        await asyncio.gather(*(answers(session, f"{url}/health") for url in service.urls))
        yield DiaryAtWork(database, *known, [Desk(session, url, service.key) for url in service.urls])
    await database.close()


async def _migrated(database_url: str) -> None:
    database = Database(database_url)
    await schema.migrate(database, MIGRATIONS)
    await database.close()


async def _people(database: Database, count: int) -> tuple[list[UUID], list[UUID]]:
    """Written as if their owners had been heard."""
    now = datetime.now(UTC)
    treating, treated = ([new_id(now) for _ in range(count)] for _ in range(2))
    picture = {"initials": "P", "colour": "#2563eb", "practises": True, "active": True, "version": 1}
    async with database.writing() as connection:
        await connection.execute(
            insert(practitioners),
            [{"id": id_, "name": f"P {number}", **picture} for number, id_ in enumerate(treating)],
        )
        await connection.execute(
            insert(attendees),
            [
                {"id": id_, "full_name": f"Q {number}", "status": "active", "version": 1}
                for number, id_ in enumerate(treated)
            ],
        )
        await connection.commit()
    return treating, treated


async def deadlocks(database: Database) -> int | None:
    """How many MariaDB has resolved since it started; None for SQLite, which has none."""
    if database.is_sqlite:
        return None
    async with database.reading() as connection:
        row = (await connection.execute(text("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'"))).one()
    return int(row[1])
