"""Fills a registry with invented people, transaction by transaction, each whole.

Two processes take turns: while one's transaction is on its way, the other makes ready the people of the
next. That is as fast as two processors go, for numbers and events are given to one transaction at a time."""

import asyncio
import gc
import multiprocessing
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Semaphore

from sqlalchemy import exists, select

from demo.people import invent
from patients.adapters.bulk import Crowd, Newcomer, register
from patients.adapters.sql import SqlWork
from patients.adapters.tables import patient_numbers
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.tables import event_store
from shared_kernel.chassis.unit_of_work import Repeatable, Transactions
from shared_kernel.clinic_time import ClinicTime

BATCH = 2_000
"""So few that a clinic which runs beside the load waits for its turn about a second."""

ORIGIN = Origin(actor_id="demo-data", actor_name="Demo")
AUTHOR = ("demo-data", "Demo")
YEARS = timedelta(days=10 * 365)

_HANDS = 2
_UNCOLLECTED = 200_000
"""A batch makes a million objects that all live as long as it: looking for garbage among them is in vain."""

Progress = Callable[[int, float], None]
"""Told how many people are there now, and after how many seconds."""


class RealPatients(Exception):
    """The registry has patients of its own, among whom invented ones would stay for ever."""


class LoadFailed(Exception):
    """A process of the load ended before its time; it has said why. What was loaded is whole."""


@dataclass(frozen=True)
class Load:
    """`count` more people of this seed for a migrated database. They come in the years before `began_at`."""

    database_url: str
    count: int
    seed: int
    began_at: datetime
    clinic_time: ClinicTime
    audited: bool = True
    batch: int = BATCH

    def crowd(self, numbers: range, place: int) -> Crowd:
        """Those with these numbers; the first is the `place`th of the load."""
        today = self.clinic_time.today(self.began_at)
        newcomers = [self._newcomer(number, place + i) for i, number in enumerate(numbers)]
        return Crowd.of(numbers, newcomers, AUTHOR, self.began_at, today)

    def _newcomer(self, number: int, place: int) -> Newcomer:
        registered_at = self.began_at - YEARS * (1 - place / self.count)
        days = self.clinic_time.today(registered_at), self.clinic_time.today(self.began_at)
        person = invent(self.seed, number, *days)
        return Newcomer(person.particulars, person.background, person.sessions, registered_at)


@dataclass(frozen=True)
class Loading:
    """A transaction's caller, as Transactions sees it."""

    now: datetime
    origin: Origin = ORIGIN
    repeatable: Repeatable | None = None


async def refuse_real_patients(database: Database) -> None:
    """Raises RealPatients when somebody else has registered anybody here."""
    async with database.reading() as connection:
        real = select(exists().where(event_store.c.actor_id != ORIGIN.actor_id))
        if (await connection.execute(real)).scalar():
            raise RealPatients


def run(load: Load, progress: Progress) -> None:
    """Returns when all are there. May be broken off at any time: what is there is whole, and the next load
    goes on behind it. Raises LoadFailed."""
    before = asyncio.run(_last_number(load.database_url))
    processes = multiprocessing.get_context("spawn")
    turns = [processes.Semaphore(1 if hand == 0 else 0) for hand in range(_HANDS)]
    told, tell = processes.Pipe(duplex=False)
    tasks = [(load, before, hand, turns, tell) for hand in range(_HANDS)]
    hands = [processes.Process(target=_work, args=task) for task in tasks]
    began = time.monotonic()
    for hand in hands:
        hand.start()
    tell.close()
    try:
        while at_work := [hand for hand in hands if hand.exitcode is None]:
            wait([told, *(hand.sentinel for hand in at_work)])
            with suppress(EOFError):  # both have ended
                while told.poll():
                    progress(told.recv(), time.monotonic() - began)
            if any(hand.exitcode for hand in hands):
                raise LoadFailed
    finally:
        for hand in hands:
            hand.terminate()
            hand.join()


def _work(load: Load, before: int, hand: int, turns: list[Semaphore], tell: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who was asked to break off ends us
    gc.set_threshold(_UNCOLLECTED)
    asyncio.run(_take_turns(load, before, hand, turns, tell))


async def _take_turns(load: Load, before: int, hand: int, turns: list[Semaphore], tell: Connection) -> None:
    database = Database(load.database_url)
    transactions = Transactions(database, SqlWork, asyncio.Event(), lambda _: load.audited)
    try:
        for place in range(hand * load.batch, load.count, len(turns) * load.batch):
            size = min(load.batch, load.count - place)
            guessed = range(before + place + 1, before + place + size + 1)
            ready = [load.crowd(guessed, place)]

            def gathered(numbers: range, ready: list[Crowd] = ready, place: int = place) -> Crowd:
                crowd = ready.pop() if ready else None  # a crowd is registered once: it tells its events once
                return crowd if crowd and crowd.numbers == numbers else load.crowd(numbers, place)

            turns[hand].acquire()
            transaction = partial(register, gathered=gathered, count=size)
            numbers = await transactions.run(Loading(datetime.now(UTC)), transaction)
            turns[(hand + 1) % len(turns)].release()
            before = numbers.start - 1 - place
            tell.send(place + size)
    finally:
        await database.close()


async def _last_number(database_url: str) -> int:
    database = Database(database_url)
    async with database.reading() as connection:
        last = (await connection.execute(select(patient_numbers.c.last))).scalar()
    await database.close()
    return int(last or 0)
