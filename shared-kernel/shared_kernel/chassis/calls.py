"""A request as the routes see it: who calls, when, under which version and idempotency key."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from shared_kernel.chassis.language import negotiate
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.problems import UnsupportedMediaType, VersionRequired
from shared_kernel.chassis.security import Caller, NotAuthenticated, Role, TokenVerifier
from shared_kernel.chassis.settings import Locale
from shared_kernel.chassis.telemetry import current_trace_id, current_traceparent
from shared_kernel.chassis.unit_of_work import Repeatable
from shared_kernel.errors import Invalid, NotAllowed, Stale, Violation

_LONGEST_KEY = 128
_ETAG = re.compile(r'"([1-9]\d{0,8})"', re.ASCII)
_BODIES = ("POST", "PUT", "PATCH")


@dataclass(frozen=True)
class Call:
    """One request of a verified caller. `now` is the instant it arrived, in UTC; `if_match` the version that
    the caller saw, None for any."""

    caller: Caller
    now: datetime
    origin: Origin
    locale: Locale
    repeatable: Repeatable | None
    if_match: int | None
    conditional: bool

    def version(self) -> int | None:
        """The version in `If-Match`, which the request must have (428 without)."""
        if not self.conditional:
            raise VersionRequired
        return self.if_match


def permit(roles: frozenset[Role]) -> Callable[[Request], Awaitable[Call]]:
    """A dependency that lets callers with one of the roles pass: 401 without a token, 403 without a role."""

    async def call(request: Request) -> Call:
        verifier: TokenVerifier = request.app.state.verifier
        caller = await verifier.verify(bearer(request))
        if not caller.may(roles):
            raise NotAllowed
        return await call_of(request, caller)

    return call


async def services_only(request: Request) -> Caller:
    """A dependency for `/internal`: only a service token passes."""
    verifier: TokenVerifier = request.app.state.service_verifier
    return await verifier.verify(bearer(request))


ServicesOnly = Annotated[Caller, Depends(services_only)]


async def call_of(request: Request, caller: Caller) -> Call:
    """The call that a request makes in the name of `caller`."""
    _refuse_other_media(request)
    return Call(
        caller=caller,
        now=datetime.now(UTC),
        origin=origin_of(request, caller.id, caller.name),
        locale=locale_of(request),
        repeatable=await _repeatable(request),
        if_match=_if_match(request),
        conditional="if-match" in request.headers,
    )


def locale_of(request: Request) -> Locale:
    """The language the caller is answered in."""
    return negotiate(request.headers, request.app.state.default_locale)


def origin_of(request: Request, actor_id: str | None, actor_name: str | None) -> Origin:
    """Where a request came from; the gateway tells the client's address in X-Forwarded-For."""
    forwarded = request.headers.get("x-forwarded-for", "").split(",")[0].strip()
    peer = request.client.host if request.client else None
    return Origin(
        actor_id=actor_id,
        actor_name=actor_name,
        ip=(forwarded or peer or "")[:45] or None,
        user_agent=request.headers.get("user-agent", "")[:255] or None,
        correlation_id=current_trace_id(),
        traceparent=current_traceparent(),
    )


def bearer(request: Request) -> str:
    """The token of the Authorization header."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthenticated
    return token.strip()


def _refuse_other_media(request: Request) -> None:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sends_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if request.method in _BODIES and sends_body and media not in ("application/json", "application/ld+json"):
        raise UnsupportedMediaType


async def _repeatable(request: Request) -> Repeatable | None:
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST":
        return None
    if not 1 <= len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(Violation("Idempotency-Key", "invalid"))
    return Repeatable.of(key, request.method, request.url.path, await request.body())


def _if_match(request: Request) -> int | None:
    """RFC 9110 §13.1.1: `*` is any version, and a weak tag never matches."""
    tag = request.headers.get("if-match", "*").strip()
    if tag == "*":
        return None
    version = _ETAG.fullmatch(tag)
    if version is None:
        raise Stale(seen=tag)
    return int(version[1])
