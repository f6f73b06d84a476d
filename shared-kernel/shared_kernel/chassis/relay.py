"""Brings the log of one service to its Redis stream; saying it twice is refused by Redis and harmless.

Every process of a service runs one. They need no lease: an entry's id is its sequence number, all of them
publish in sequence, and Redis refuses an id that is not beyond the last (docs/decisions/0003)."""

import asyncio
import logging
from contextlib import suppress
from typing import cast

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy.exc import SQLAlchemyError

from shared_kernel.chassis import event_store, redis_client
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import Envelope

KEPT = 10_000
_REFILL = 1_000
_BATCH = 500
_POLL_SECONDS = 0.5
_GATHERING_SECONDS = 0.05
"""What is committed within moments of each other travels together: a busy service need not look for each."""

_AWAY_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Relay:
    """`committed` is rung by this process's commits; those of its siblings are found by polling."""

    def __init__(self, context: str, database: Database, redis_url: str, committed: asyncio.Event) -> None:
        self._stream = context
        self._database = database
        self._redis_url = redis_url
        self._committed = committed

    async def run(self) -> None:
        """Publish for ever; whatever is away is waited for."""
        redis = redis_client.connect(self._redis_url)
        try:
            while True:
                try:
                    while await self.publish(redis):
                        pass
                    await self._wait_for_news(_POLL_SECONDS)
                except (RedisError, OSError, SQLAlchemyError) as error:
                    logger.warning("relay waits", extra={"reason": type(error).__name__})
                    await asyncio.sleep(_AWAY_SECONDS)
        finally:
            await redis.aclose()

    async def publish(self, redis: Redis) -> bool:
        """Send what the stream lacks, at most a batch; True when there may be more."""
        top = await self._top(redis)  # read before the log's head, so that it can only be behind it
        async with self._database.reading() as connection:
            head = await event_store.head_of(connection)
            if top > head:  # the log was restored from a backup: the stream tells of a future that is gone
                await redis.delete(self._stream)
                return True
            start = top if top else max(0, head - _REFILL)
            events = await event_store.events_after(connection, start, _BATCH)
        if events:
            await self._send(redis, events)
        return len(events) == _BATCH

    async def _top(self, redis: Redis) -> int:
        newest = await redis.xrevrange(self._stream, count=1)
        return int(cast(bytes, newest[0][0]).split(b"-")[0]) if newest else 0

    async def _send(self, redis: Redis, events: list[Envelope]) -> None:
        async with redis.pipeline(transaction=False) as pipeline:
            for event in events:
                pipeline.xadd(
                    self._stream, {"__data__": orjson.dumps(event)}, id=f"{event['seq']}-0", maxlen=KEPT
                )
            for answer in await pipeline.execute(raise_on_error=False):
                if isinstance(answer, ResponseError) and "equal or smaller" in str(answer):
                    continue  # a sibling was first
                if isinstance(answer, Exception):
                    raise answer

    async def _wait_for_news(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # not wait_for, which can swallow a cancellation
                await self._committed.wait()
                await asyncio.sleep(_GATHERING_SECONDS)
        self._committed.clear()
