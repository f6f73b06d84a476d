"""Fills a registry with invented people, transaction by transaction, each whole."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import exists, select

from demo.people import invent
from patients.adapters.bulk import Newcomer, register_all
from patients.adapters.sql import SqlWork
from patients.main import MIGRATIONS, PatientsSettings
from shared_kernel.chassis import schema
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.tables import event_store
from shared_kernel.chassis.unit_of_work import Repeatable, Transactions

ACTOR = "demo-data"
AUTHOR = (ACTOR, "Demo")
ORIGIN = Origin(actor_id=ACTOR, actor_name="Demo")
YEARS = timedelta(days=10 * 365)

BATCH = 2_000
"""So few that a clinic which runs beside the load waits for its turn below a second."""

Progress = Callable[[int, float], None]
"""Told how many people are there now, and after how many seconds."""


@dataclass(frozen=True)
class Loading:
    """One transaction's caller, as Transactions sees it."""

    now: datetime
    origin: Origin = ORIGIN
    repeatable: Repeatable | None = None


class RealPatients(Exception):
    """The registry has patients of its own, among whom invented ones would stay for ever."""


async def load(
    settings: PatientsSettings,
    count: int,
    seed: int,
    progress: Progress,
    batch: int = BATCH,
    among_real: bool = False,
) -> None:
    """Bring the schema up to date and register `count` more invented people. May be broken off at any time:
    what is there is whole, and the next load goes on behind it. Raises RealPatients."""
    database = Database(settings.database_url)
    try:
        await schema.migrate(database, MIGRATIONS)
        if not among_real and await _has_real_patients(database):
            raise RealPatients
        await _load(database, settings, count, seed, progress, batch)
    finally:
        await database.close()


async def _load(
    database: Database, settings: PatientsSettings, count: int, seed: int, progress: Progress, batch: int
) -> None:
    transactions = Transactions(database, SqlWork, asyncio.Event(), audited=settings.audit_trail_enabled)
    began, began_at = time.monotonic(), datetime.now(UTC)
    clinic_time = settings.clinic_time
    today = clinic_time.today(began_at)

    def newcomer(number: int, place: int) -> Newcomer:
        registered_at = began_at - YEARS * (1 - place / count)
        person = invent(seed, number, clinic_time.today(registered_at), today)
        return Newcomer(person.particulars, person.background, person.sessions, registered_at)

    for start in range(0, count, batch):
        size = min(batch, count - start)

        async def register(work: SqlWork, start: int = start, size: int = size) -> None:
            await register_all(
                work,
                size,
                lambda numbers: [newcomer(n, start + i) for i, n in enumerate(numbers)],
                AUTHOR,
                today,
            )

        await transactions.run(Loading(datetime.now(UTC)), register)
        progress(start + size, time.monotonic() - began)


async def _has_real_patients(database: Database) -> bool:
    async with database.reading() as connection:
        real = select(exists().where(event_store.c.actor_id != ACTOR))
        return bool((await connection.execute(real)).scalar())
