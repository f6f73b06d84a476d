"""Keeps one caller, or all of them at once, from asking more than the clinic can carry."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

from starlette.types import Receive

MAX_BODY_BYTES = 1_000_000
BODY_SECONDS = 30.0


class BodyTooLarge(Exception):
    """The request's body is longer than `MAX_BODY_BYTES`."""


class BodyTooSlow(Exception):
    """The request's body did not arrive within `BODY_SECONDS`."""


class TooBusy(Exception):
    """As many requests are under way as the gateway carries at once."""


class ClientLeft(Exception):
    """The caller hung up before the answer was complete."""


class InFlight:
    """Counts the requests under way and refuses those beyond the bound."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._now = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        if self._now >= self._most:
            raise TooBusy
        self._now += 1
        try:
            yield
        finally:
            self._now -= 1


async def whole_body(headers: Sequence[tuple[bytes, bytes]], receive: Receive) -> bytes:
    """The request's body, refused when it is longer than the limit or slower than the time allowed.

    It is gathered before anything is forwarded: a service never sees half a request, and one that is sent
    drop by drop costs the door a few bytes and the service nothing.
    """
    told = {name: value for name, value in headers if name in (b"content-length", b"transfer-encoding")}
    if not told:
        return b""
    if int(told.get(b"content-length", 0)) > MAX_BODY_BYTES:
        raise BodyTooLarge
    body, more = bytearray(), True
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientLeft
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > MAX_BODY_BYTES:
                    raise BodyTooLarge
    except TimeoutError as late:
        raise BodyTooSlow from late
    return bytes(body)


@asynccontextmanager
async def cancelled_when_the_client_leaves(receive: Receive) -> AsyncIterator[None]:
    """Stops what runs inside as soon as the caller hangs up. Only for a request whose body has been read."""
    work = asyncio.current_task()
    assert work is not None  # noqa: S101
    left = False

    async def watch() -> None:
        nonlocal left
        while (await receive())["type"] != "http.disconnect":
            pass
        left = True
        work.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if left and not work.uncancel():
            raise ClientLeft from None
        raise
    finally:
        watching.cancel()
