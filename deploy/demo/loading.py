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
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.tables import event_store
from shared_kernel.chassis.unit_of_work import Repeatable, Transactions
from shared_kernel.clinic_time import ClinicTime

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
    database: Database,
    count: int,
    seed: int,
    progress: Progress,
    *,
    clinic_time: ClinicTime,
    audited: bool = True,
    batch: int = BATCH,
    among_real: bool = False,
) -> None:
    """Register `count` more invented people in a migrated database. May be broken off at any time: what is
    there is whole, and the next load goes on behind it. Raises RealPatients."""
    if not among_real and await _has_real_patients(database):
        raise RealPatients
    transactions = Transactions(database, SqlWork, asyncio.Event(), audited=audited)
    began, began_at = time.monotonic(), datetime.now(UTC)
    today = clinic_time.today(began_at)

    def newcomer(number: int, place: int) -> Newcomer:
        registered_at = began_at - YEARS * (1 - place / count)
        person = invent(seed, number, clinic_time.today(registered_at), today)
        return Newcomer(person.particulars, person.background, person.sessions, registered_at)

    for start in range(0, count, batch):
        size = min(batch, count - start)

        async def register(work: SqlWork, start: int = start, size: int = size) -> None:
            def arriving(numbers: range) -> list[Newcomer]:
                return [newcomer(number, start + place) for place, number in enumerate(numbers)]

            await register_all(work, size, arriving, AUTHOR, today)

        await transactions.run(Loading(datetime.now(UTC)), register)
        progress(start + size, time.monotonic() - began)


async def _has_real_patients(database: Database) -> bool:
    async with database.reading() as connection:
        real = select(exists().where(event_store.c.actor_id != ACTOR))
        return bool((await connection.execute(real)).scalar())
