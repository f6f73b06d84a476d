"""Lets in whoever shows a good token; the rest may go no further than the doormat."""

import hmac

from starlette.types import Scope

from shared_kernel.chassis.security import ADMINS, Caller, NotAuthenticated, TokenVerifier
from shared_kernel.errors import NotAllowed


class Session:
    """`health_token` opens the readiness report alone; without one only an admin sees it."""

    def __init__(self, verifier: TokenVerifier, health_token: str | None) -> None:
        self._verifier = verifier
        self._health_token = health_token

    async def caller(self, scope: Scope) -> Caller:
        """Who is calling. Raises NotAuthenticated, or KeysAway while identity cannot be asked."""
        return await self._verifier.verify(_bearer(scope))

    async def allow_operators(self, scope: Scope) -> None:
        """Passes the operators' token and admins. Raises like `caller`, and NotAllowed for other people."""
        if self._is_health_token(_bearer(scope)):
            return
        if not (await self.caller(scope)).may(ADMINS):
            raise NotAllowed

    def _is_health_token(self, token: str) -> bool:
        return bool(self._health_token) and hmac.compare_digest(
            token.encode(), (self._health_token or "").encode()
        )


def _bearer(scope: Scope) -> str:
    """The token of the one Authorization header; two of them could be read differently further in."""
    told: list[bytes] = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(told) != 1:
        raise NotAuthenticated
    scheme, _, token = told[0].decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthenticated
    return token
