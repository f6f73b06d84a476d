"""Who is calling: RS256 tokens verified against identity's published keys, and what the roles permit."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx
import jwt
from jwt import PyJWK, PyJWKSet

from shared_kernel.chassis.http_client import inner_client

SERVICE_AUDIENCE = "clinic-internal"

_REMEMBERED_SECONDS = 60.0
_REMEMBERED_TOKENS = 4096
_REFETCH_SECONDS = 5.0
_RETRY_SECONDS = 0.5

logger = logging.getLogger(__name__)


class Role(StrEnum):
    """The roles of product §4."""

    RECEPTIONIST = "ROLE_RECEPTIONIST"
    PRACTITIONER = "ROLE_PRACTITIONER"
    USER = "ROLE_USER"
    ADMIN = "ROLE_ADMIN"


EVERYONE = frozenset(Role)
CLINICAL = frozenset({Role.PRACTITIONER, Role.USER, Role.ADMIN})
"""Who may see clinical background and records."""
BILLING = frozenset({Role.RECEPTIONIST, Role.USER, Role.ADMIN})
"""Who may see customers and invoices."""
ADMINS = frozenset({Role.ADMIN})


class NotAuthenticated(Exception):
    """No token, or one that is not good (HTTP 401)."""


class KeysAway(Exception):
    """Identity's keys cannot be had now (HTTP 503)."""


@dataclass(frozen=True)
class Caller:
    """Whoever a verified token speaks for. `id` is a user's id or `service:<context>`."""

    id: str
    name: str
    roles: frozenset[str]
    session_id: str | None
    expires_at: float

    def may(self, roles: frozenset[Role]) -> bool:
        """True when one of the caller's roles is among `roles`."""
        return not self.roles.isdisjoint(roles)


FetchKeys = Callable[[], Awaitable[dict[str, Any]]]


def keys_at(identity_url: str) -> FetchKeys:
    """Fetches the JWKS that identity publishes."""

    async def fetch() -> dict[str, Any]:
        async with inner_client(timeout=2.0) as client:
            answer = await client.get(f"{identity_url}/.well-known/jwks.json")
            answer.raise_for_status()
            keys: dict[str, Any] = answer.json()
            return keys

    return fetch


class TokenVerifier:
    """Verifies tokens, and remembers the verified ones for at most a minute and never past their end."""

    def __init__(self, fetch_keys: FetchKeys, issuer: str, audience: str) -> None:
        self._fetch_keys = fetch_keys
        self._issuer = issuer
        self._audience = audience
        self._keys: dict[str, PyJWK] = {}
        self._asked_at = float("-inf")
        self._away = False
        self._fetching = asyncio.Lock()
        self._remembered: OrderedDict[str, tuple[Caller, float]] = OrderedDict()

    async def verify(self, token: str) -> Caller:
        """The caller of a good token. Raises NotAuthenticated, or KeysAway when identity cannot be asked."""
        now = time.time()
        known = self._remembered.get(token)
        if known and now < known[1]:
            return known[0]
        caller = await self._verify(token)
        self._remembered[token] = (caller, min(now + _REMEMBERED_SECONDS, caller.expires_at))
        while len(self._remembered) > _REMEMBERED_TOKENS:
            self._remembered.popitem(last=False)
        return caller

    async def _verify(self, token: str) -> Caller:
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            key = await self._key(key_id if isinstance(key_id, str) else "")
            claims = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._audience,
                issuer=self._issuer,
                options={"require": ["exp", "iat", "nbf", "sub", "jti"]},
            )
            return Caller(
                id=str(claims["sub"]),
                name=str(claims.get("name", "")),
                roles=frozenset(claims.get("roles", ())),
                session_id=claims.get("sid"),
                expires_at=float(claims["exp"]),
            )
        except (jwt.InvalidTokenError, TypeError, ValueError) as error:
            raise NotAuthenticated from error

    async def _key(self, key_id: str) -> PyJWK:
        if key_id not in self._keys:
            await self._refresh_keys()
        key = self._keys.get(key_id)
        if key is None or key.algorithm_name != "RS256":
            raise NotAuthenticated
        return key

    async def _refresh_keys(self) -> None:
        async with self._fetching:
            wait = _RETRY_SECONDS if self._away else _REFETCH_SECONDS
            if time.monotonic() - self._asked_at >= wait:  # unknown key ids must not flood identity
                self._away = not await self._fetched()
                self._asked_at = time.monotonic()
        if self._away:
            raise KeysAway

    async def _fetched(self) -> bool:
        try:
            published = PyJWKSet.from_dict(await self._fetch_keys())
        except (httpx.HTTPError, jwt.PyJWTError, ValueError) as error:
            logger.warning("keys away", extra={"reason": type(error).__name__})
            return False
        self._keys = {key.key_id: key for key in published.keys if key.key_id}
        return True
