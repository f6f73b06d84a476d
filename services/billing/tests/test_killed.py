"""Numbers survive everything: clients that hang up, the service killed, MariaDB killed, again and again.

`make faults` runs it for long: FAULT_INVOICES=2000 FAULT_ROUNDS=50."""

import asyncio
import contextlib
import os
import random
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from billing.adapters.tables import invoice_counters, invoice_lines, invoices
from billing.main import MIGRATIONS
from shared_kernel.chassis import event_store
from shared_kernel.chassis.database import Database
from testkit.databases import fresh_file, fresh_schema
from testkit.servers import LOOPBACK, LocalServer, MariaDbServer, free_port
from testkit.service import NOBODY_LISTENS, migrated
from testkit.tokens import SigningKey
from testkit.waiting import eventually, wait_until

CLIENTS = 20
INVOICES = int(os.environ.get("FAULT_INVOICES", "120"))
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))
PATIENCE_SECONDS = 120
NOBODY = "http://127.0.0.1:1"

pytestmark = pytest.mark.slow


class BillingProcess(LocalServer):
    """The service as it runs in production, on a port of its own."""

    def __init__(self, database_url: str, identity_url: str) -> None:
        super().__init__()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._told = {
            "BILLING_DATABASE_URL": database_url,
            "IDENTITY_URL": identity_url,
            "PATIENTS_URL": NOBODY,
            "SCHEDULING_URL": NOBODY,
            "REDIS_URL": NOBODY_LISTENS,
            "PDF_PREWARM": "false",
        }

    @property
    def _environment(self) -> dict[str, str]:
        return super()._environment | self._told

    def _command(self) -> Sequence[str]:
        app = ("--factory", "billing.main:create_app", "--no-access-log")
        return [sys.executable, "-m", "uvicorn", *app, "--host", LOOPBACK, "--port", str(self.port)]

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=2):  # noqa: S310
            return True
        return False


@pytest_asyncio.fixture
async def identity_url(signing_key: SigningKey) -> AsyncIterator[str]:
    """Stands where identity publishes its keys."""
    identity = FastAPI()

    @identity.get("/.well-known/jwks.json")
    async def keys() -> Any:
        return signing_key.jwks

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(identity, port=port, log_config=None, ws="none"))
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started, "the keys can be had")
    yield f"http://{LOOPBACK}:{port}"
    server.should_exit = True
    await serving


@dataclass
class Stage:
    """A database that is maltreated, with what else is."""

    database_url: str
    mariadb: MariaDbServer | None


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.servers)])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    if request.param == "sqlite":
        with fresh_file(tmp_path) as url:
            yield Stage(url, None)
    else:
        mariadb: MariaDbServer = request.getfixturevalue("own_mariadb")
        with fresh_schema(mariadb.url) as url:
            yield Stage(url, mariadb)


@dataclass
class Desk:
    """Many clients that issue, some of whom hang up."""

    url: str
    token: Callable[[], str]
    dice: random.Random
    acknowledged: dict[str, str] = field(default_factory=dict)
    given_up: int = 0
    _next: int = 0

    async def work(self) -> None:
        async with httpx.AsyncClient(base_url=self.url, timeout=10) as client:
            while self._next < INVOICES:
                self._next += 1
                if self._next % 10 == 0:
                    await self._hang_up(client)
                else:
                    await self._insist(client)

    @property
    def done(self) -> int:
        return len(self.acknowledged) + self.given_up

    async def _insist(self, client: httpx.AsyncClient) -> None:
        request = self._request()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    answer = await client.post("/api/invoices", **request)
                    if answer.status_code == httpx.codes.CREATED:
                        self.acknowledged[answer.json()["id"]] = answer.json()["number"]
                        return
                    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
                await asyncio.sleep(0.05)

    async def _hang_up(self, client: httpx.AsyncClient) -> None:
        with contextlib.suppress(TimeoutError, httpx.TransportError):
            async with asyncio.timeout(self.dice.uniform(0, 0.05)):
                await client.post("/api/invoices", **self._request())
        self.given_up += 1

    def _request(self) -> dict[str, Any]:
        line = {"concept": "Sesión", "quantity": "1", "unitPrice": "60"}
        body = {"fullName": "María", "address": "Calle Mayor 1", "lines": [line, line]}
        headers = {"Authorization": f"Bearer {self.token()}", "Idempotency-Key": uuid4().hex}
        return {"json": body, "headers": headers}


async def maltreat(stage: Stage, service: BillingProcess, desk: Desk) -> None:
    """Kill something each time the work has got as far as the next of the chosen moments."""
    victims: list[LocalServer] = [service, *([stage.mariadb] if stage.mariadb else [])]
    moments = sorted(desk.dice.sample(range(CLIENTS, INVOICES - CLIENTS), ROUNDS))
    for turn, moment in enumerate(moments):
        victim = victims[turn % len(victims)]

        def reached(wanted: int = moment) -> bool:
            return desk.done >= wanted

        await asyncio.to_thread(
            wait_until, reached, f"{moment} invoices are asked for", seconds=PATIENCE_SECONDS
        )
        victim.kill()
        await asyncio.to_thread(victim.start)


async def test_numbers_have_no_hole_and_no_twin_whoever_hangs_up_and_whatever_is_killed(
    stage: Stage, identity_url: str, signing_key: SigningKey
) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - a test's dice
    print(f"seed {seed}")
    async with migrated(stage.database_url, MIGRATIONS):
        service = BillingProcess(stage.database_url, identity_url)
        desk = Desk(service.url, lambda: signing_key.token_for("ROLE_USER"), random.Random(seed))  # noqa: S311
        await asyncio.to_thread(service.start)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(maltreat(stage, service, desk))
                for _ in range(CLIENTS):
                    tasks.create_task(desk.work())
        finally:
            await asyncio.to_thread(service.__exit__, None, None, None)
    await expect_sound(Database(stage.database_url), desk)


async def expect_sound(database: Database, desk: Desk) -> None:
    async with database.reading() as connection:
        kept = (await connection.execute(select(invoices.c.id, invoices.c.number))).all()
        lines = (await connection.execute(select(invoice_lines.c.invoice_id))).all()
        last = (await connection.execute(select(invoice_counters.c.last))).scalar_one()
        assert await event_store.first_broken_link(connection) is None
        assert await event_store.head_of(connection) == len(kept)
    await database.close()
    numbers = {str(row.id): row.number for row in kept}
    assert sorted(int(number[4:]) for number in numbers.values()) == list(range(1, len(kept) + 1))
    assert last == len(kept)
    assert len(lines) == 2 * len(kept)
    assert desk.acknowledged.items() <= numbers.items(), "an acknowledged invoice is lost or renumbered"
    assert len(desk.acknowledged) + desk.given_up == INVOICES
    print(f"{len(desk.acknowledged)} acknowledged, {desk.given_up} given up, {len(kept)} issued")
