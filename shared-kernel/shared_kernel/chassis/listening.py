"""Listens to the streams of other contexts, and pulls from their owners in case a stream is silent."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import httpx
from faststream import AckPolicy
from faststream.redis import RedisBroker, StreamSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from shared_kernel.chassis import redis_client
from shared_kernel.chassis.consumer import Consumer

_PULL_SECONDS = 2.0
_AWAY_SECONDS = 1.0
_BATCH = 200

logger = logging.getLogger(__name__)


class Listening:
    """Declares a FastStream subscriber for each consumer. They read without consumer groups: the position is
    the checkpoint in our own schema, so there is nothing in Redis to lose (docs/decisions/0003)."""

    def __init__(self, redis_url: str, consumers: Sequence[Consumer]) -> None:
        self._redis_url = redis_url
        self._consumers = consumers

    async def run(self) -> None:
        """Listen and pull for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            for consumer in self._consumers:
                tasks.create_task(self._pull_regularly(consumer))

    async def broker(self) -> RedisBroker:
        """A broker with a subscriber for each source, each behind its checkpoint."""
        broker = RedisBroker(
            self._redis_url,
            socket_timeout=redis_client.SOCKET_TIMEOUT,
            socket_connect_timeout=redis_client.CONNECT_TIMEOUT,
            retry=Retry(NoBackoff(), 0),
            logger=logging.getLogger("faststream"),
        )
        for consumer in self._consumers:
            _subscribe(broker, consumer, await consumer.checkpoint())
        return broker

    async def _listen(self) -> None:
        while not _is_to_end():
            try:
                # FastStream begins again at once, without a pause, while Redis refuses: ask first.
                if await redis_client.state(self._redis_url) == "ok":
                    await self._listen_while_it_lasts()
            except (RedisError, OSError, TimeoutError, SQLAlchemyError) as error:
                logger.warning("stream away", extra={"reason": type(error).__name__})
            await asyncio.sleep(_AWAY_SECONDS)

    async def _listen_while_it_lasts(self) -> None:
        broker = await self.broker()
        try:
            await broker.start()
            await _until_deaf(broker)
        finally:
            await broker.stop()

    async def _pull_regularly(self, consumer: Consumer) -> None:
        while not _is_to_end():
            try:
                await consumer.catch_up()
            except (httpx.HTTPError, SQLAlchemyError) as error:
                logger.warning(
                    "owner away",
                    extra={"source": consumer.subscription.source, "reason": type(error).__name__},
                )
            await asyncio.sleep(_PULL_SECONDS)


def _subscribe(broker: RedisBroker, consumer: Consumer, checkpoint: int) -> None:
    stream = StreamSub(
        consumer.subscription.source,
        last_id=f"{checkpoint}-0",
        batch=True,
        max_records=_BATCH,
        polling_interval=redis_client.BLOCK_MILLISECONDS,
    )

    @broker.subscriber(stream=stream, ack_policy=AckPolicy.MANUAL)
    async def hear(events: list[dict[str, Any]]) -> None:
        try:
            await consumer.hear(events)
        except (httpx.HTTPError, SQLAlchemyError) as error:
            logger.warning("heard in vain", extra={"reason": type(error).__name__})  # the next pull brings it


async def _until_deaf(broker: RedisBroker) -> None:
    """Returns when a subscriber's reading task has ended, which FastStream does not report."""
    while all(subscriber.running for subscriber in broker.subscribers) and not _is_to_end():
        await broker.ping(timeout=redis_client.SOCKET_TIMEOUT)
        await asyncio.sleep(_AWAY_SECONDS)


def _is_to_end() -> bool:
    """True when this task was cancelled although nobody noticed: redis-py and asyncmy wait by
    asyncio.wait_for, which swallows a cancellation now and then (before Python 3.12), and a TaskGroup says
    it once only."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
