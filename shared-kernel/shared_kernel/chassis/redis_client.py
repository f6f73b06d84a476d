"""Redis as a courier that may be away: every call ends soon, none is retried behind our back."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

BLOCK_MILLISECONDS = 1000
SOCKET_TIMEOUT = 3.0
CONNECT_TIMEOUT = 2.0


def connect(url: str) -> Redis:
    """A client whose calls fail within seconds when Redis is down, frozen or black-holed."""
    return Redis.from_url(
        url,
        socket_timeout=SOCKET_TIMEOUT,
        socket_connect_timeout=CONNECT_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


async def state(url: str) -> str:
    """`ok` or `down`, as readiness tells it."""
    async with connect(url) as redis:
        try:
            await redis.ping()
        except (RedisError, OSError):
            return "down"
    return "ok"
