"""A service under test: its real app on a real, migrated and empty database, spoken to over HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI
from sqlalchemy import func, select

from shared_kernel.chassis import event_store, schema
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import event_store as events
from shared_kernel.chassis.tables import stream_head

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
"""A Redis that is down: services work without it."""


@asynccontextmanager
async def migrated(url: str, versions: Path) -> AsyncIterator[str]:
    """The URL, once its database has the service's tables."""
    database = Database(url)
    await schema.migrate(database, versions)
    await database.close()
    yield url


@asynccontextmanager
async def emptied(url: str) -> AsyncIterator[Database]:
    """The database for one test, which finds it empty and whose log must be whole at its end."""
    database = Database(url)
    await schema.empty(database)
    yield database
    async with database.reading() as connection:
        assert await event_store.first_broken_link(connection) is None
        head = (await connection.execute(select(stream_head.c.seq))).scalar_one()
        assert (await connection.execute(select(func.count()).select_from(events))).scalar_one() == head
    await database.close()


class ServiceClient:
    """Speaks to an app in this process, each time in a role."""

    def __init__(self, app: FastAPI, token_for: Callable[..., str]) -> None:
        self.app = app
        self._token_for = token_for
        self._transport = httpx.ASGITransport(app)

    def as_(self, *roles: str, **claims: object) -> httpx.AsyncClient:
        """A client with a token for the roles; no roles, no token."""
        headers = {"X-App-Locale": "en"}
        if roles:
            headers["Authorization"] = f"Bearer {self._token_for(roles, **claims)}"
        return httpx.AsyncClient(transport=self._transport, base_url="http://service", headers=headers)


@asynccontextmanager
async def serving(app: FastAPI, token_for: Callable[..., str]) -> AsyncIterator[ServiceClient]:
    """The app, started and at the end stopped."""
    async with app.router.lifespan_context(app):
        yield ServiceClient(app, token_for)
