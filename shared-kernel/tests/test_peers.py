"""Services that ask each other are not thrown by what is no answer."""

import asyncio

import httpx
import pytest

from shared_kernel.chassis.peers import Peers
from testkit.servers import LOOPBACK

TOKEN = '{"token": "t", "expiresIn": 300}'


@pytest.mark.parametrize(
    ("token", "page"),
    [
        ('{"hello": "world"}', "{}"),
        ("<html>", "{}"),
        (TOKEN, '{"hello": "world"}'),
        (TOKEN, "[]"),
        (TOKEN, "null"),
        (TOKEN, "<html>"),
        (TOKEN, ""),
    ],
)
async def test_an_owner_that_answers_something_else_is_as_good_as_away(token: str, page: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        body = (token if b"service-token" in asked else page).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, LOOPBACK, 0) as server:
        url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
        peers = Peers("patients", url, "secret", {"scheduling": url})
        with pytest.raises(httpx.HTTPError):
            await peers.pull("scheduling", 0, 10)
        await peers.close()
