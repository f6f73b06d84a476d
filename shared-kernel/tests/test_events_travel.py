"""Whatever happens to Redis, to the relay and to the consumer: the picture equals its source in the end,
and each event was applied exactly once."""

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest
import pytest_asyncio
from redis.exceptions import RedisError
from sqlalchemy import select

from shared_kernel.chassis import event_store, redis_client
from shared_kernel.chassis.consumer import Consumer, Page
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.listening import Listening
from shared_kernel.chassis.relay import Relay
from shared_kernel.chassis.service import ended
from shared_kernel.chassis.tables import dead_letters
from shared_kernel.chassis.unit_of_work import Transactions
from testkit.servers import RedisServer
from testkit.things import (
    SUBSCRIPTION,
    Asking,
    ThingsWork,
    heard_numbers,
    pictures,
    say_again,
    say_new,
    schema_with_things,
    things,
    words,
)
from testkit.waiting import eventually

Work = Transactions[ThingsWork]
FreshDatabase = Callable[[], object]

# What is cut off, as by a kill, closes nothing: its connections are let go here, not in a later test.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def let_go() -> Iterator[None]:
    yield
    gc.collect()


@pytest_asyncio.fixture
async def elsewhere(fresh_database: FreshDatabase) -> AsyncIterator[Database]:
    """The consumer's own schema."""
    with fresh_database() as url:  # type: ignore[attr-defined]
        async with schema_with_things(url) as database:
            yield database


@pytest_asyncio.fixture
async def consumer(database: Database, elsewhere: Database) -> Consumer:
    return Consumer(SUBSCRIPTION, elsewhere, pull_from(database))


def pull_from(database: Database) -> Callable[[str, int, int], Awaitable[Page]]:
    async def pull(source: str, after: int, limit: int) -> Page:
        async with database.reading() as connection:
            behind = await event_store.hash_at(connection, after)
            events = await event_store.events_after(connection, after, limit)
            return Page(await event_store.head_of(connection), behind, events)

    return pull


async def log_of(database: Database) -> list[event_store.Envelope]:
    async with database.reading() as connection:
        return await event_store.events_after(connection, 0, 1000)


async def is_equal(source: Database, elsewhere: Database) -> bool:
    return await words(source, things) == await words(elsewhere, pictures)


@asynccontextmanager
async def running(work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Runs `work` beside the block and cuts it off at the end; what went wrong in it is raised."""
    task = asyncio.ensure_future(work())
    try:
        yield
    finally:
        await asyncio.shield(ended([task]))  # to its end, also when who runs it is cut off meanwhile
    if not task.cancelled():
        task.result()


async def test_late_repeated_and_shuffled_events_are_applied_once_in_order(
    database: Database, elsewhere: Database, transactions: Work, consumer: Consumer
) -> None:
    thing = await transactions.run(Asking(), lambda work: say_new(work, "0"))
    for number in range(1, 30):
        await transactions.run(Asking(), lambda work, n=number: say_again(work, thing.id, str(n)))  # type: ignore[misc]
    log = await log_of(database)
    shuffled = log * 3
    random.Random(7).shuffle(shuffled)  # noqa: S311 - a fixed shuffle
    for start in range(0, len(shuffled), 4):
        await consumer.hear(shuffled[start : start + 4])
    assert await heard_numbers(elsewhere) == list(range(1, 31))
    assert await is_equal(database, elsewhere)


async def test_an_event_that_cannot_be_applied_parks_its_aggregate_and_no_other(
    database: Database, elsewhere: Database, transactions: Work, consumer: Consumer
) -> None:
    sick = await transactions.run(Asking(), lambda work: say_new(work, "well"))
    await transactions.run(Asking(), lambda work: say_again(work, sick.id, "poison"))
    await transactions.run(Asking(), lambda work: say_again(work, sick.id, "later"))
    other = await transactions.run(Asking(), lambda work: say_new(work, "other"))
    await consumer.hear(await log_of(database))
    seen = await words(elsewhere, pictures)
    assert seen == {sick.id: (1, "well"), other.id: (1, "other")}
    assert await consumer.checkpoint() == 4
    async with elsewhere.reading() as connection:
        parked = (await connection.execute(select(dead_letters.c.seq).order_by(dead_letters.c.seq))).scalars()
        assert list(parked) == [2, 3]


async def test_a_consumer_ahead_of_a_restored_source_builds_its_picture_again(
    database: Database,
    elsewhere: Database,
    transactions: Work,
    consumer: Consumer,
    fresh_database: FreshDatabase,
) -> None:
    for word in "abc":
        await transactions.run(Asking(), lambda work, word=word: say_new(work, word))  # type: ignore[misc]
    await consumer.catch_up()
    with fresh_database() as url:  # type: ignore[attr-defined]
        async with schema_with_things(url) as restored:
            restored_work = Transactions(restored, ThingsWork, asyncio.Event())
            await restored_work.run(Asking(), lambda work: say_new(work, "only"))
            after_restore = Consumer(SUBSCRIPTION, elsewhere, pull_from(restored))
            await after_restore.catch_up()
            assert await is_equal(restored, elsewhere)
            for word in "de":  # the log grows past the old checkpoint, with another history
                await restored_work.run(Asking(), lambda work, word=word: say_new(work, word))  # type: ignore[misc]
            await consumer.catch_up()  # back to the first source: longer again, and different
            assert await is_equal(database, elsewhere)
            await after_restore.catch_up()
            assert await is_equal(restored, elsewhere)


async def test_the_relay_publishes_in_order_and_two_relays_do_no_harm(
    database: Database, transactions: Work, committed: asyncio.Event, own_redis: RedisServer
) -> None:
    relay, sibling = (Relay("things", database, own_redis.url, committed) for _ in range(2))
    redis = redis_client.connect(own_redis.url)

    async def say(word: str) -> None:
        await transactions.run(Asking(), lambda work: say_new(work, word))

    async def holds(count: int) -> None:
        async def all_there() -> bool:
            return int(await redis.xlen("things")) == count

        await eventually(all_there, f"the stream holds all {count} events")

    async with running(relay.run):
        async with running(sibling.run):
            for number in range(100):
                await say(str(number))
            await holds(100)
            ids = [int(entry[0].split(b"-")[0]) for entry in await redis.xrange("things")]
            assert ids == list(range(1, 101))
        await say("by the one that is left")
        await holds(101)  # and it has nothing in hand that would be the first of an emptied stream
        await redis.flushall()
        await holds(101)
    await redis.aclose()


async def test_a_rename_is_heard_within_a_second(
    database: Database,
    elsewhere: Database,
    transactions: Work,
    committed: asyncio.Event,
    consumer: Consumer,
    own_redis: RedisServer,
) -> None:
    relay = Relay("things", database, own_redis.url, committed)
    async with running(relay.run), running(Listening(own_redis.url, [consumer]).run):
        thing = await transactions.run(Asking(), lambda work: say_new(work, "before"))

        async def level() -> bool:
            return await is_equal(database, elsewhere)

        await eventually(level, "the first word is heard")
        await transactions.run(Asking(), lambda work: say_again(work, thing.id, "after"))
        await eventually(level, "the second word is heard", seconds=1)


class Faults:
    """Lets things go wrong at random moments; `seed` makes them go wrong the same way again."""

    def __init__(self, seed: int, redis: RedisServer) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - not a secret
        self._redis = redis

    async def cut_off(self, work: Callable[[], Callable[[], Awaitable[None]]], longest: float) -> None:
        """Runs what `work` makes and cuts it off, again and again."""
        while True:
            async with running(work()):
                await asyncio.sleep(self._dice.uniform(0.05, longest))

    async def torment_redis(self) -> None:
        """Kills, empties or freezes Redis, again and again."""
        while True:
            await asyncio.sleep(self._dice.uniform(0.1, 0.6))
            await self._dice.choice((self._kill, self._empty, self._freeze))()

    async def _kill(self) -> None:
        self._redis.kill()
        await asyncio.to_thread(self._redis.start)

    async def _empty(self) -> None:
        async with redis_client.connect(self._redis.url) as client:
            with suppress(RedisError, OSError):
                await client.flushall()

    async def _freeze(self) -> None:
        self._redis.freeze()
        await asyncio.sleep(self._dice.uniform(0.05, 0.3))
        self._redis.thaw()


async def make_changes(transactions: Work, changes: int, dice: random.Random) -> None:
    known = [(await transactions.run(Asking(), lambda work: say_new(work, "0"))).id for _ in range(20)]
    for number in range(changes - len(known)):
        change = partial(say_again, thing_id=dice.choice(known), word=str(number))
        await transactions.run(Asking(), change)


async def test_nothing_is_lost_or_applied_twice_under_faults(
    database: Database,
    elsewhere: Database,
    transactions: Work,
    committed: asyncio.Event,
    own_redis: RedisServer,
) -> None:
    seed, changes = random.randrange(2**32), 2000  # noqa: S311 - not a secret
    print(f"seed {seed}")
    faults = Faults(seed, own_redis)

    def relay() -> Callable[[], Awaitable[None]]:
        return Relay("things", database, own_redis.url, committed).run

    def listening() -> Callable[[], Awaitable[None]]:
        return Listening(own_redis.url, [Consumer(SUBSCRIPTION, elsewhere, pull_from(database))]).run

    async with (
        running(partial(faults.cut_off, relay, 0.5)),
        running(partial(faults.cut_off, listening, 1.0)),
        running(faults.torment_redis),
    ):
        await make_changes(transactions, changes, random.Random(seed))  # noqa: S311
    picture = Consumer(SUBSCRIPTION, elsewhere, pull_from(database))

    async def level() -> bool:
        return await picture.checkpoint() == changes

    async with running(relay()), running(listening()):
        await eventually(level, "the picture is level with its source")
    assert await is_equal(database, elsewhere)
    assert await heard_numbers(elsewhere) == list(range(1, changes + 1))


async def test_relay_and_listening_end_whenever_they_are_told_to_also_while_they_begin(
    database: Database, consumer: Consumer, own_redis: RedisServer
) -> None:
    for _ in range(20):
        works = (
            Listening(own_redis.url, [consumer]).run,
            Relay("things", database, own_redis.url, asyncio.Event()).run,
        )
        tasks = [asyncio.create_task(work()) for work in works]
        await asyncio.sleep(random.uniform(0, 0.1))  # noqa: S311 - any moment will do
        async with asyncio.timeout(20):
            await ended(tasks)
