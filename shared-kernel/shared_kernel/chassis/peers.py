"""How services ask each other: with a service token signed by identity's key, and never for long."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from shared_kernel.chassis.consumer import Page
from shared_kernel.chassis.http_client import inner_client

_TIMEOUT = httpx.Timeout(5.0, connect=1.0)
_RENEW_BEFORE_SECONDS = 60.0


class Peers:
    """The other services, by name. `urls` maps a context to its base URL."""

    def __init__(self, context: str, identity_url: str, secret: str, urls: dict[str, str]) -> None:
        self._context = context
        self._identity_url = identity_url
        self._secret = secret
        self._urls = urls
        self._client = inner_client(_TIMEOUT)
        self._token = ""
        self._renew_at = float("-inf")

    async def pull(self, source: str, after: int, limit: int) -> Page:
        """A page of the owner's log behind `after`. Raises httpx.HTTPError when the owner is away."""
        page = await self.get(source, "/internal/events", {"after": after, "limit": limit})
        with _as_agreed():
            return Page(page["head"], page["hashBehind"], page["events"])

    async def get(self, context: str, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """What the context answers there, as JSON. Raises httpx.HTTPError when it is away or refuses."""
        answer = await self._client.get(
            f"{self._urls[context]}{path}",
            params=params,
            headers={"Authorization": f"Bearer {await self._service_token()}"},
        )
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._renew_at = float("-inf")
        answer.raise_for_status()
        with _as_agreed():
            return answer.json()

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.aclose()

    async def _service_token(self) -> str:
        if time.monotonic() >= self._renew_at:
            answer = await self._client.post(
                f"{self._identity_url}/internal/service-token",
                json={"service": self._context, "secret": self._secret},
            )
            answer.raise_for_status()
            with _as_agreed():
                issued = answer.json()
                self._token = issued["token"]
                self._renew_at = time.monotonic() + issued["expiresIn"] - _RENEW_BEFORE_SECONDS
        return self._token


@contextmanager
def _as_agreed() -> Iterator[None]:
    """Who answers something else than the contract says is as good as away."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise httpx.DecodingError("not what was agreed") from error
