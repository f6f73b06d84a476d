"""Hears one source: each event is applied exactly once, in order, whatever Redis or the process does.

The checkpoint lives in the consumer's own schema and moves in the transaction that applies the event. The
stream only says sooner what the owner's log says surely, so a gap, a restart or an emptied Redis is answered
by pulling from the owner (architecture §4)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, exists, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import GENESIS
from shared_kernel.chassis.subscription import HeardEvent, Subscription
from shared_kernel.chassis.tables import checkpoints, dead_letters
from shared_kernel.chassis.telemetry import consumer_span

_TRIES = 5
_PAGE = 500

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """What the owner's log says: its last number, the hash of the event asked behind, and the events."""

    head: int
    hash_behind: str
    events: Sequence[dict[str, Any]]


Pull = Callable[[str, int, int], Awaitable[Page]]
"""(source, after, limit) → the page of the owner's log."""


class Consumer:
    """Keeps one picture equal to its source."""

    def __init__(self, subscription: Subscription, database: Database, pull: Pull) -> None:
        self.subscription = subscription
        self._database = database
        self._pull = pull
        self._turn = asyncio.Lock()

    async def hear(self, envelopes: Sequence[dict[str, Any]]) -> None:
        """Apply what the stream brought, and pull when something before it is missing."""
        async with self._turn:
            if not await self._apply_all(envelopes):
                await self._catch_up()

    async def catch_up(self) -> None:
        """Pull from the owner until the picture is level with its log."""
        async with self._turn:
            await self._catch_up()

    async def checkpoint(self) -> int:
        """The last sequence number applied."""
        return (await self._checkpoint())[0]

    async def _checkpoint(self) -> tuple[int, str]:
        async with self._database.reading() as connection:
            row = await self._position(connection)
        return (int(row["seq"]), str(row["hash"])) if row else (0, GENESIS)

    async def _catch_up(self) -> None:
        while True:
            after, last_hash = await self._checkpoint()
            page = await self._pull(self.subscription.source, after, _PAGE)
            if page.hash_behind != last_hash:  # the owner was restored from a backup
                await self._rebuild()
                continue
            await self._apply_all(page.events)
            if not page.events or page.events[-1]["seq"] >= page.head:
                return

    async def _apply_all(self, envelopes: Sequence[dict[str, Any]]) -> bool:
        events = sorted(
            (HeardEvent.read(self.subscription.source, e) for e in envelopes), key=lambda event: event.seq
        )
        try:
            return await self._apply_together(events)
        except DBAPIError:
            pass
        except Exception as error:
            logger.warning("batch failed", extra={"source": self.subscription.source, "reason": _why(error)})
        for event in events:
            if not await self._apply_alone(event):
                return False
        return True

    async def _apply_alone(self, event: HeardEvent) -> bool:
        for attempt in range(_TRIES):
            try:
                return await self._apply_together([event])
            except DBAPIError as error:
                if not isinstance(error, IntegrityError | DataError | ProgrammingError):
                    raise  # the database is away or busy: not the event's fault, it is heard again
                failure: Exception = error
            except Exception as error:
                failure = error
            await asyncio.sleep(0.02 * 2**attempt)
        logger.error(
            "dead letter",
            extra={"source": event.source, "seq": event.seq, "event": event.name, "reason": _why(failure)},
        )
        return await self._apply_together([event], dead=_why(failure))

    async def _apply_together(self, events: Sequence[HeardEvent], dead: str | None = None) -> bool:
        """Apply events in one transaction with the checkpoint; what is behind it is dropped. False when
        they do not continue what was heard: one is missing before them, or their history is another."""
        async with self._database.writing() as connection:
            position = await self._position(connection, lock=True)
            if position is None:
                await connection.execute(
                    insert(checkpoints).values(source=self.subscription.source, seq=0, hash=GENESIS)
                )
            seq, last_hash = (int(position["seq"]), str(position["hash"])) if position else (0, GENESIS)
            start = seq
            for event in events:
                if event.seq <= seq:
                    continue
                if event.seq > seq + 1 or event.previous_hash != last_hash:
                    level = False
                    break
                await self._take(connection, event, dead)
                seq, last_hash = event.seq, event.hash
            else:
                level = True
            if seq > start:
                await connection.execute(
                    update(checkpoints)
                    .where(checkpoints.c.source == self.subscription.source)
                    .values(seq=seq, hash=last_hash)
                )
            await connection.commit()
        return level

    async def _take(self, connection: AsyncConnection, event: HeardEvent, dead: str | None) -> None:
        effect = self.subscription.effects.get(event.name)
        if effect is None:
            return
        if dead is not None:
            await _park(connection, event, dead)
        elif await _is_parked(connection, event.source, event.aggregate_id):
            await _park(connection, event, "behind an earlier dead letter")
        else:
            with consumer_span(event.source, event.name, event.traceparent):
                await effect(connection, event)

    async def _rebuild(self) -> None:
        logger.warning("picture is rebuilt", extra={"source": self.subscription.source})
        async with self._database.writing() as connection:
            await self._position(connection, lock=True)
            await self.subscription.forget(connection)
            await connection.execute(
                dead_letters.delete().where(dead_letters.c.source == self.subscription.source)
            )
            await connection.execute(
                update(checkpoints)
                .where(checkpoints.c.source == self.subscription.source)
                .values(seq=0, hash=GENESIS)
            )
            await connection.commit()

    async def _position(self, connection: AsyncConnection, lock: bool = False) -> RowMapping | None:
        statement = select(checkpoints).where(checkpoints.c.source == self.subscription.source)
        if lock:
            statement = statement.with_for_update()
        return (await connection.execute(statement)).mappings().first()


async def _is_parked(connection: AsyncConnection, source: str, aggregate_id: UUID) -> bool:
    statement = select(
        exists().where(dead_letters.c.source == source, dead_letters.c.aggregate_id == aggregate_id)
    )
    return bool((await connection.execute(statement)).scalar())


async def _park(connection: AsyncConnection, event: HeardEvent, reason: str) -> None:
    await connection.execute(
        insert(dead_letters).values(
            source=event.source,
            seq=event.seq,
            aggregate_id=event.aggregate_id,
            name=event.name,
            envelope=orjson.dumps(dict(event.envelope)).decode(),
            reason=reason,
            parked_at=datetime.now(UTC),
        )
    )


def _why(error: Exception) -> str:
    """The kind of failure, without its message: messages may quote people's words."""
    return f"{type(error).__module__}.{type(error).__qualname__}"
