"""Waiting for a condition instead of for time to pass."""

import asyncio
import time
from collections.abc import Awaitable, Callable

PAUSE_SECONDS = 0.02


class NeverHappened(AssertionError):
    """The condition was still false when the time was up."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(f"waited {seconds:g} s in vain until {what}")


def wait_until(condition: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Return as soon as the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise NeverHappened(what, seconds)
        time.sleep(PAUSE_SECONDS)


async def eventually(condition: Callable[[], Awaitable[bool]], what: str, *, seconds: float = 30) -> None:
    """The same for a condition that has to be awaited, leaving the loop to others meanwhile."""
    deadline = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > deadline:
            raise NeverHappened(what, seconds)
        await asyncio.sleep(PAUSE_SECONDS)
