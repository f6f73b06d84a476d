"""Asks the parts of the clinic questions of our own, several at once, and says who did not answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from gateway.routes import Destination
from shared_kernel.chassis.http_client import inner_client
from shared_kernel.chassis.telemetry import current_traceparent

TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a part said: `status` is None when it said nothing in time, `body` is its JSON object."""

    part: Destination
    status: int | None
    body: dict[str, Any]

    @property
    def refused(self) -> bool:
        return self.status == httpx.codes.FORBIDDEN

    @property
    def succeeded(self) -> bool:
        return self.status is not None and httpx.codes.is_success(self.status)


class Parts:
    def __init__(self, addresses: Mapping[Destination, str]) -> None:
        self._addresses = addresses
        self._client = inner_client(TIMEOUT_SECONDS)

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(
        self, paths: Mapping[Destination, str], headers: Mapping[str, str], method: str = "GET"
    ) -> list[Reply]:
        """Asks every named part for its path at the same time, within the caller's trace."""
        if trace := current_traceparent():
            headers = dict(headers) | {"traceparent": trace}
        return await asyncio.gather(
            *(self._ask_one(method, part, path, headers) for part, path in paths.items())
        )

    async def _ask_one(self, method: str, part: Destination, path: str, headers: Mapping[str, str]) -> Reply:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await self._client.request(
                    method, self._addresses[part] + path, headers=dict(headers)
                )
        except (httpx.HTTPError, TimeoutError):
            return Reply(part, None, {})
        return Reply(part, answer.status_code, _json_object(answer.content))


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
