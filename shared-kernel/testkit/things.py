"""A context as small as can be, to try the chassis on: things with a word, and pictures of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared_kernel.aggregate import Aggregate, DomainEvent
from shared_kernel.chassis import schema
from shared_kernel.chassis.database import Database, Id
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.subscription import HeardEvent, Subscription
from shared_kernel.chassis.unit_of_work import Repeatable, UnitOfWork
from shared_kernel.chassis.upsert import upsert
from shared_kernel.identifiers import new_id

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("word", String(40), nullable=False),
)
pictures = Table(
    "pictures",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("word", String(40), nullable=False),
)
heard = Table(
    "heard",
    metadata,
    Column("place", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("seq", BigInteger, nullable=False),
)


class ThingSaid(DomainEvent):
    """A thing has a word, or another one."""


@dataclass(kw_only=True)
class Thing(Aggregate):
    word: str

    def say(self, word: str) -> None:
        self.word = word
        self.tell(ThingSaid({"word": word}))


class ThingsWork(UnitOfWork):
    def __init__(self, connection: AsyncConnection, origin: Origin, now: datetime) -> None:
        super().__init__(connection, "things", origin, now)

    async def get(self, thing_id: UUID) -> Thing:
        row = await self.load(things, thing_id)
        assert row is not None
        return Thing(id=row["id"], version=row["version"], word=row["word"])


SOMEBODY = Origin(actor_id="somebody")


@dataclass(frozen=True)
class Asking:
    """Stands where a request stands."""

    repeatable: Repeatable | None = None
    origin: Origin = SOMEBODY

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


async def say_new(work: ThingsWork, word: str) -> Thing:
    thing = Thing(id=new_id(work.now), word=word)
    thing.say(word)
    await work.insert(things, thing, {"word": word})
    await work.commit(thing)
    return thing


async def say_again(work: ThingsWork, thing_id: UUID, word: str) -> Thing:
    thing = await work.get(thing_id)
    thing.say(word)
    await work.update(things, thing, {"word": word})
    await work.commit(thing)
    return thing


@asynccontextmanager
async def schema_with_things(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    with TemporaryDirectory() as no_versions:
        await schema.migrate(database, Path(no_versions))
    async with database.writing() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.commit()
    try:
        yield database
    finally:
        await database.close()


async def picture_effect(connection: AsyncConnection, event: HeardEvent) -> None:
    """Counts each application, so that twice would be seen."""
    await connection.execute(insert(heard).values(seq=event.seq))
    word = event.payload["word"]
    row = {"id": event.aggregate_id, "version": event.aggregate_version, "word": word}
    if word == "poison":
        raise ValueError("cannot be applied")
    await upsert(connection, pictures, ["id"], row, {"version": event.aggregate_version, "word": word})


async def forget_pictures(connection: AsyncConnection) -> None:
    await connection.execute(pictures.delete())
    await connection.execute(heard.delete())


SUBSCRIPTION = Subscription("things", {"things.thing-said.v1": picture_effect}, forget_pictures)


async def words(database: Database, table: Table) -> dict[UUID, tuple[int, str]]:
    async with database.reading() as connection:
        rows = await connection.execute(select(table.c.id, table.c.version, table.c.word))
        return {row.id: (row.version, row.word) for row in rows}


async def heard_numbers(database: Database) -> list[int]:
    async with database.reading() as connection:
        return list((await connection.execute(select(heard.c.seq).order_by(heard.c.place))).scalars())
