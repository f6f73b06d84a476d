"""Routes of signing in, staying signed in and signing out; the refresh token travels as a cookie."""

import logging
import re
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from identity import queries
from identity.adapters.rs256 import Tokens
from identity.adapters.sql import SqlWork
from identity.domain import sessions
from identity.domain.sessions import Device, Guesser, RefreshToken, TokenReused
from identity.http.access import Anyone, SignedIn, refuse_other_sites
from identity.http.passwords import PasswordText, Verify
from identity.http.refusals import answered
from identity.use_cases import signing_in
from identity.use_cases.signing_in import end_session, renew, sign_in, sign_out
from shared_kernel.chassis.answers import json_response, whole_collection
from shared_kernel.chassis.calls import Call
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, Email
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import NotAuthenticated
from shared_kernel.chassis.unit_of_work import Transactions

COOKIE = "clinic_refresh"
_COOKIE_PATH = "/api"
_TOKEN = re.compile(rf"(?:^|;\s*){COOKIE}=([\w-]{{1,100}})(?:;|$)", re.ASCII)
"""Python's own reader of cookies takes quadratic time on backslashes."""

logger = logging.getLogger(__name__)


class Credentials(ApiModel):
    """What somebody types to come in."""

    email: Annotated[str, Email(180)]
    password: Annotated[str, PasswordText()]


class TokenOutput(ApiModel):
    """An access token for `Authorization: Bearer`, and how many seconds it lasts."""

    token: str
    expires_in: int


class SessionOutput(ApiModel):
    """A place where the user is signed in."""

    id: UUID
    ip: str | None
    user_agent: str | None
    created_at: datetime
    renewed_at: datetime
    expires_at: datetime
    current: bool


def sign_in_routes(
    transactions: Transactions[SqlWork],
    database: Database,
    verify: Verify,
    tokens: Tokens,
    session_lifetime: timedelta,
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("sign-in")

    @router.post("/api/login", response_model=TokenOutput)
    async def login(body: Credentials, request: Request, call: Anyone) -> Response:
        guesser = Guesser(body.email, call.origin.ip or "")
        device = Device(call.origin.ip, call.origin.user_agent)
        with answered():
            shown = await verify(guesser, body.password, call)
            signed_in = await transactions.run(
                call, lambda work: sign_in(work, guesser, shown, device, session_lifetime, call.now)
            )
        return await _token_answer(request, signed_in, call)

    @router.post("/api/token/refresh", response_model=TokenOutput, dependencies=[Depends(refuse_other_sites)])
    async def refresh(request: Request, call: Anyone) -> Response:
        token = _token_of(request)
        if token is None:
            raise NotAuthenticated
        with answered():
            try:
                renewed = await transactions.run(call, lambda work: renew(work, token, call.now))
            except TokenReused:
                logger.warning("an old refresh token came back: its session is ended")
                raise
        return await _token_answer(request, renewed, call)

    @router.post("/api/logout", status_code=204, dependencies=[Depends(refuse_other_sites)])
    async def logout(request: Request, call: Anyone) -> Response:
        token = _token_of(request)
        if token is not None:
            await transactions.run(call, lambda work: sign_out(work, token))
        answer = Response(status_code=204)
        answer.delete_cookie(
            COOKIE, _COOKIE_PATH, secure=_is_secure(request), httponly=True, samesite="strict"
        )
        return answer

    @router.get("/api/sessions", response_model=Collection[SessionOutput])
    async def list_sessions(request: Request, call: SignedIn) -> Response:
        async with database.reading() as connection:
            rows = await queries.sessions_of(connection, UUID(call.caller.id), call.now)
        return whole_collection(
            request, [{**row, "current": str(row["id"]) == call.caller.session_id} for row in rows]
        )

    @router.delete("/api/sessions/{session_id}", status_code=204)
    async def delete_session(session_id: UUID, call: SignedIn) -> Response:
        await transactions.run(call, lambda work: end_session(work, session_id, UUID(call.caller.id)))
        return Response(status_code=204)

    async def _token_answer(request: Request, signed_in: signing_in.SignedIn, call: Call) -> Response:
        issued = await tokens.for_user(signed_in.user, signed_in.session, call.now)
        answer = json_response(
            {"token": issued.token, "expiresIn": issued.expires_in}, {"Cache-Control": "no-store"}
        )
        answer.set_cookie(
            COOKIE,
            signed_in.token.text,
            max_age=_seconds_left(signed_in.session, call.now),
            path=_COOKIE_PATH,
            secure=_is_secure(request),
            httponly=True,
            samesite="strict",
        )
        return answer

    return router


def _token_of(request: Request) -> RefreshToken | None:
    found = _TOKEN.search(request.headers.get("cookie", ""))
    return RefreshToken(found[1]) if found else None


def _is_secure(request: Request) -> bool:
    return request.headers.get("x-forwarded-proto", request.url.scheme) == "https"


def _seconds_left(session: sessions.Session, now: datetime) -> int:
    return int((session.expires_at - now).total_seconds())
