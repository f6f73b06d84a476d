"""One transaction: state, audit, idempotent answer and events are saved together or not at all."""

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, Table, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from shared_kernel.aggregate import Aggregate
from shared_kernel.chassis import event_store
from shared_kernel.chassis.database import Database, is_worth_retrying
from shared_kernel.chassis.event_store import Fact
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.tables import audit_trail, idempotency_keys
from shared_kernel.errors import Refusal, Stale
from shared_kernel.identifiers import new_id

_TRIES = 8
"""About five seconds of pauses in all. Architecture §5 has five, which a storm on two cores once used up."""

ERASED = "[erased]"
"""Stands in the audit trail where a value was that has been forgotten on purpose."""

Row = Mapping[str, Any]

_NOTHING: Row = MappingProxyType({})


class Busy(Exception):
    """The database stayed locked or away for all tries (HTTP 503)."""


class Overtaken(Stale):
    """Another transaction changed it after this one had read it. Run again, this one reads what is new: who
    named a version is refused by that, and who named none is not troubled."""


class IdempotencyKeyReused(Refusal):
    """The same key came with a different request (HTTP 422)."""


@dataclass(frozen=True)
class Answer:
    """What the caller is told, kept with the change so that a repeated request is told the same."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Repeatable:
    """A request that carries an `Idempotency-Key`; the fingerprint covers method, path and body."""

    key: str
    fingerprint: str

    @classmethod
    def of(cls, key: str, method: str, path: str, body: bytes) -> "Repeatable":
        """The repeatable request with this key and content."""
        return cls(key, hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest())


IsAudited = Callable[[str], bool]
"""Whether the audit trail keeps the changes of an entity, by its name: `ClinicalRecord`."""


def _everything(_: str) -> bool:
    return True


class UnitOfWork:
    """The transaction as the adapters of a context see it. A context adds its collections to it."""

    def __init__(self, connection: AsyncConnection, context: str, origin: Origin, now: datetime) -> None:
        self.connection = connection
        self.context = context
        self.origin = origin
        self.now = now
        self.answer: Callable[[Any], Answer] | None = None
        self.repeatable: Repeatable | None = None
        self.is_audited: IsAudited = _everything
        self._loaded: dict[UUID, RowMapping] = {}
        self._facts: list[Fact] = []
        self._audit: list[dict[str, Any]] = []

    async def load(self, table: Table, id: UUID, lock: bool = False) -> RowMapping | None:  # noqa: A002
        """The row of an aggregate, remembered for the audit of what changes. With `lock` nobody else changes
        it while the transaction lives: what is then read is the newest, so that nothing is stale."""
        query = select(table).where(table.c.id == id)
        query = query.with_for_update() if lock else query
        row = (await self.connection.execute(query)).mappings().first()
        if row is not None:
            self._loaded[id] = row
        return row

    def seen(self, rows: Sequence[RowMapping]) -> None:
        """Remember rows of aggregates read otherwise than by `load`, for the audit of what changes."""
        self._loaded.update({row["id"]: row for row in rows})

    async def insert(
        self, table: Table, aggregate: Aggregate, row: Row, before: Row | RowMapping = _NOTHING
    ) -> None:
        """Save a new aggregate with its facts, as version 1. `before` is the row of what it takes the place
        of, if it does: the audit tells the difference."""
        aggregate.version = 1
        await self.connection.execute(insert(table), {**row, "id": aggregate.id, "version": 1})
        self._remember(table, aggregate, "created", before, row)

    async def insert_all(self, table: Table, rows: Sequence[tuple[Aggregate, Row]]) -> None:
        """Save many new aggregates with their facts in one statement, each as version 1."""
        if rows:
            await self.connection.execute(
                insert(table), [{**row, "id": aggregate.id, "version": 1} for aggregate, row in rows]
            )
        for aggregate, row in rows:
            aggregate.version = 1
            self._remember(table, aggregate, "created", _NOTHING, row)

    async def update(
        self, table: Table, aggregate: Aggregate, row: Row, forgotten: Collection[str] = ()
    ) -> None:
        """Save a changed aggregate with its facts; Overtaken when another transaction was first. What the
        `forgotten` columns were is not told by the audit."""
        seen = aggregate.version
        as_seen = update(table).where(table.c.id == aggregate.id, table.c.version == seen)
        changed = await self.connection.execute(as_seen, {**row, "version": seen + 1})
        if changed.rowcount != 1:
            raise Overtaken(seen=seen)
        aggregate.version = seen + 1
        before = dict(self._loaded.get(aggregate.id, {}))
        before |= {name: ERASED for name in forgotten if before.get(name) is not None}
        self._remember(table, aggregate, "updated", before, row)

    async def delete(self, table: Table, aggregate: Aggregate) -> None:
        """Remove an aggregate; its facts and its last face stay in the log and the audit."""
        seen = aggregate.version
        removed = await self.connection.execute(
            delete(table).where(table.c.id == aggregate.id, table.c.version == seen)
        )
        if removed.rowcount != 1:
            raise Overtaken(seen=seen)
        aggregate.version = seen + 1
        self._remember(table, aggregate, "deleted", self._loaded.get(aggregate.id, {}), {})

    async def delete_all(self, table: Table, aggregates: Sequence[Aggregate]) -> None:
        """Remove aggregates that were read and locked in this transaction, in one statement; their facts and
        their last faces stay. Overtaken when one of them is gone."""
        if aggregates:
            ids = [aggregate.id for aggregate in aggregates]
            removed = await self.connection.execute(delete(table).where(table.c.id.in_(ids)))
            if removed.rowcount != len(ids):
                raise Overtaken
        for aggregate in aggregates:
            aggregate.version += 1
            self._remember(table, aggregate, "deleted", self._loaded.get(aggregate.id, {}), {})

    async def commit(self, result: Any = None) -> None:
        """Make it all durable. `result` is what the caller's answer is made from."""
        await self._keep_answer(result)
        await self.record()
        try:
            await self.connection.commit()
        except DBAPIError as error:
            if error.connection_invalidated:  # the work may or may not be done: not ours to run it twice
                raise Busy from error
            raise

    async def record(self) -> None:
        """Write down what changed and what is told of it. Where a change is the effect of something heard,
        the consumer ends the transaction, with its checkpoint."""
        audited = [entry for entry in self._audit if self.is_audited(entry["entity_type"])]
        if audited:
            await self.connection.execute(insert(audit_trail), audited)
        await event_store.append(self.connection, self.context, self._facts, self.origin, self.now)

    def _remember(
        self, table: Table, aggregate: Aggregate, operation: str, before: Row | RowMapping, after: Row
    ) -> None:
        kind = type(aggregate).__name__
        self._facts += [Fact(e, kind, aggregate.id, aggregate.version) for e in aggregate.told()]
        self._audit.append(
            {
                "id": new_id(self.now),
                "entity_type": kind,
                "entity_id": aggregate.id,
                "operation": operation,
                "changes": _differences(table, before, after),
                "actor_id": self.origin.actor_id,
                "actor_name": self.origin.actor_name,
                "ip": self.origin.ip,
                "user_agent": self.origin.user_agent,
                "correlation_id": self.origin.correlation_id,
                "occurred_at": self.now,
            }
        )

    async def _keep_answer(self, result: Any) -> None:
        if self.repeatable is None or self.answer is None:
            return
        answer = self.answer(result)
        await self.connection.execute(
            update(idempotency_keys)
            .where(
                idempotency_keys.c.actor_id == (self.origin.actor_id or ""),
                idempotency_keys.c.key == self.repeatable.key,
            )
            .values(
                status=answer.status,
                headers=orjson.dumps(dict(answer.headers)).decode(),
                body=answer.body.decode(),
            )
        )


def _differences(table: Table, before: Row | RowMapping, after: Row) -> str:
    """`{"field": [before, after]}` of the columns that may be audited and differ."""
    known = after or before
    pairs = {name: [before.get(name), after.get(name)] for name in _audited(table) if name in known}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return orjson.dumps(changed, default=str).decode()


@cache
def _audited(table: Table) -> Sequence[str]:
    return [str(column.name) for column in table.c if column.info.get("audited", True)]


U = TypeVar("U", bound=UnitOfWork)
R = TypeVar("R")


class Calling(Protocol):
    """What a transaction needs to know of the request it works for."""

    @property
    def origin(self) -> Origin:
        """Who acts, from where."""

    @property
    def now(self) -> datetime:
        """When it was asked."""

    @property
    def repeatable(self) -> Repeatable | None:
        """The idempotency key, when one was sent."""


class Transactions(Generic[U]):
    """Runs use cases, each in a transaction of its own, again when the database asks for it."""

    def __init__(
        self,
        database: Database,
        begin: Callable[[AsyncConnection, Origin, datetime], U],
        committed: asyncio.Event,
        is_audited: IsAudited = _everything,
    ) -> None:
        self._database = database
        self._begin = begin
        self._committed = committed
        self._is_audited = is_audited

    async def run(self, calling: Calling, use_case: Callable[[U], Awaitable[R]]) -> R:
        """The use case's result, once committed. Raises Busy when the database stays away."""
        return await retried(lambda: self._once(calling, use_case, None))

    async def answer(
        self, calling: Calling, use_case: Callable[[U], Awaitable[R]], answer: Callable[[R], Answer]
    ) -> Answer:
        """The answer made of the use case's result, or the one already given to the same request."""
        if calling.repeatable is None:
            return answer(await self.run(calling, use_case))

        async def once() -> Answer:
            given = await self._given_before(calling)
            return given or answer(await self._once(calling, use_case, answer))

        return await retried(once)

    async def _once(
        self,
        calling: Calling,
        use_case: Callable[[U], Awaitable[R]],
        answer: Callable[[R], Answer] | None,
    ) -> R:
        async with self._database.writing() as connection:
            unit = self._begin(connection, calling.origin, calling.now)
            unit.is_audited = self._is_audited
            if answer is not None and calling.repeatable is not None:
                unit.repeatable, unit.answer = calling.repeatable, answer
                await _claim(connection, calling.origin, calling.repeatable, calling.now)
            result = await use_case(unit)
        self._committed.set()
        return result

    async def _given_before(self, calling: Calling) -> Answer | None:
        assert calling.repeatable is not None  # noqa: S101 - narrowed by the caller
        async with self._database.reading() as connection:
            row = (
                (
                    await connection.execute(
                        select(idempotency_keys).where(
                            idempotency_keys.c.actor_id == (calling.origin.actor_id or ""),
                            idempotency_keys.c.key == calling.repeatable.key,
                        )
                    )
                )
                .mappings()
                .first()
            )
        if row is None:
            return None
        if row["fingerprint"] != calling.repeatable.fingerprint:
            raise IdempotencyKeyReused
        return Answer(int(row["status"]), row["body"].encode(), orjson.loads(row["headers"]))


async def retried(work: Callable[[], Awaitable[R]]) -> R:
    """The result of a whole transaction, run again when the database asks for it. Raises Busy when it stays
    locked or away."""
    for attempt in range(_TRIES):
        try:
            return await work()
        except _ClaimedMeanwhile:
            continue
        except (DBAPIError, Overtaken) as error:
            if not (isinstance(error, Overtaken) or is_worth_retrying(error)):
                raise
            await asyncio.sleep(random.uniform(0.5, 1.5) * 0.02 * 2**attempt)  # noqa: S311 - jitter
        except PoolTimeout as error:
            raise Busy from error
    raise Busy


class _ClaimedMeanwhile(Exception):
    """Another request with the same key was first; its answer is there now."""


async def _claim(connection: AsyncConnection, origin: Origin, request: Repeatable, now: datetime) -> None:
    try:
        await connection.execute(
            insert(idempotency_keys).values(
                actor_id=origin.actor_id or "",
                key=request.key,
                fingerprint=request.fingerprint,
                created_at=now,
            )
        )
    except IntegrityError as error:
        raise _ClaimedMeanwhile from error
