"""How requests are run: bodies are strict JSON (no NaN, no lone surrogates, no deep nests), and time ends."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared_kernel.chassis.openapi import PROBLEMS

_MAX_BODY = 1_000_000


class StrictJsonRequest(Request):
    """A request of at most 1 MB whose body orjson reads. (Starlette's own limit answers in plain text.)"""

    async def body(self) -> bytes:
        """The bytes, kept; HTTP 413 as soon as there are too many."""
        if not hasattr(self, "_body"):
            chunks, size = [], 0
            async for chunk in self.stream():
                size += len(chunk)
                if size > _MAX_BODY:
                    raise HTTPException(413)
                chunks.append(chunk)
            self._body = b"".join(chunks)
        return self._body

    async def json(self) -> Any:
        """The body's value. orjson's errors are `json.JSONDecodeError`s, which FastAPI answers with 422."""
        return orjson.loads(await self.body())


class JsonRoute(APIRoute):
    """A route that is given strict requests, and `request_timeout` seconds."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, behind both limits."""
        handle = super().get_route_handler()

        async def limited(request: Request) -> Response:
            async with asyncio.timeout(request.app.state.request_timeout):
                return await handle(StrictJsonRequest(request.scope, request.receive))

        return limited


def routes(tag: str) -> APIRouter:
    """A router whose routes read strictly and end in time; every route of a service is on such a one."""
    return APIRouter(tags=[tag], route_class=JsonRoute, responses=PROBLEMS)
