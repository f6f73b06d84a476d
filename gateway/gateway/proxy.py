"""Forwards a request to the part that owns it and hands its answer back as it arrives."""

from collections.abc import Mapping, Sequence

import aiohttp
from multidict import CIMultiDict
from starlette.types import Receive, Scope, Send
from yarl import URL

from gateway.limits import cancelled_when_the_client_leaves
from gateway.routes import Destination
from shared_kernel.chassis.telemetry import current_traceparent

TIMEOUT = aiohttp.ClientTimeout(total=30, connect=2, sock_connect=2)
# Uvicorn closes an idle connection after 5 s; the side that asks lets go first, or a request meets the close.
KEEP_ALIVE_SECONDS = 4

_HOP_BY_HOP = frozenset({
    b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
    b"trailer", b"transfer-encoding", b"upgrade",
})  # fmt: skip
_NOT_FORWARDED = _HOP_BY_HOP | {
    b"expect", b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host",
    b"x-forwarded-port", b"x-forwarded-prefix", b"x-real-ip", b"x-request-id", b"traceparent",
}  # fmt: skip
_NOT_HANDED_BACK = _HOP_BY_HOP | {b"server", b"date"}
_ADDED_UNASKED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")

RawHeaders = Sequence[tuple[bytes, bytes]]


class PartUnavailable(Exception):
    """The owner of the path could not be reached, or did not answer in time."""

    def __init__(self, part: Destination) -> None:
        super().__init__(part.value)
        self.part = part


class AnswerBroken(Exception):
    """The owner broke off in the middle of its answer; what was sent of it cannot be taken back."""


class Proxy:
    """One pool of kept connections to every part. `parts` gives each one's address, `http://host:port`."""

    def __init__(self, parts: Mapping[Destination, str], most_connections: int) -> None:
        self._parts = {part: URL(address) for part, address in parts.items()}
        self._most_connections = most_connections

    async def open(self) -> None:
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, limit_per_host=self._most_connections, keepalive_timeout=KEEP_ALIVE_SECONDS
            ),
            timeout=TIMEOUT,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_ADDED_UNASKED,
        )

    async def close(self) -> None:
        await self._client.close()

    async def forward(
        self,
        part: Destination,
        scope: Scope,
        body: bytes,
        receive: Receive,
        send: Send,
        said_by_the_door: Mapping[str, str],
    ) -> None:
        """Answers with what `part` says. Raises PartUnavailable before it began to, AnswerBroken after."""
        async with cancelled_when_the_client_leaves(receive):
            try:
                answer = await self._client.request(
                    scope["method"],
                    _same_target(self._parts[part], scope),
                    headers=_forwarded(scope["headers"], said_by_the_door),
                    data=body or None,
                    allow_redirects=False,
                )
            except (aiohttp.ClientError, TimeoutError) as fault:
                raise PartUnavailable(part) from fault
            try:
                async with answer:
                    await _hand_back(answer, send)
            except (aiohttp.ClientError, TimeoutError) as fault:
                raise AnswerBroken(part.value) from fault


async def _hand_back(answer: aiohttp.ClientResponse, send: Send) -> None:
    headers = _without(_NOT_HANDED_BACK, [(name.lower(), value) for name, value in answer.raw_headers])
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    more = True
    while more:
        chunk = await answer.content.readany()
        more = not answer.content.at_eof()
        await send({"type": "http.response.body", "body": chunk, "more_body": more})


def _same_target(part: URL, scope: Scope) -> URL:
    """Path and query exactly as the caller wrote them, so that no two readers take them differently."""
    return URL.build(
        scheme=part.scheme,
        host=part.host or "",
        port=part.port,
        path=scope["raw_path"].decode("ascii"),
        query_string=scope["query_string"].decode("latin-1"),
        encoded=True,
    )


def _forwarded(headers: RawHeaders, said_by_the_door: Mapping[str, str]) -> CIMultiDict[str]:
    kept = CIMultiDict(
        (name.decode("ascii"), value.decode("utf-8", "replace"))
        for name, value in _without(_NOT_FORWARDED, headers)
    )
    kept.extend(said_by_the_door)
    if trace := current_traceparent():
        kept["traceparent"] = trace
    return kept


def _without(dropped: frozenset[bytes], headers: RawHeaders) -> RawHeaders:
    """The headers that go on: neither `dropped` nor named by Connection as about this connection alone."""
    for name, value in headers:
        if name == b"connection":
            dropped |= {token.strip().lower() for token in value.split(b",")}
    return [(name, value) for name, value in headers if name not in dropped]
