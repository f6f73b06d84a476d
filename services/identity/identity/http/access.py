"""Who may use identity's own routes: asked of the database, so that whoever was put out is out at once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from identity import queries
from shared_kernel.chassis.calls import Call, call_of, origin_of, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.security import ADMINS, EVERYONE, Caller, NotAuthenticated, Role
from shared_kernel.errors import NotAllowed

_NOBODY = Caller(id="", name="", roles=frozenset(), session_id=None, expires_at=0.0)
_verified = permit(EVERYONE)


def present(roles: frozenset[Role]) -> Callable[[Request], Awaitable[Call]]:
    """A dependency that lets users pass whose session lives and who have one of the roles now. A token
    alone is good for minutes more: enough for a dismissed admin to let himself in again."""

    async def call(request: Request) -> Call:
        call = await _verified(request)
        database: Database = request.app.state.database
        try:
            user_id, session_id = UUID(call.caller.id), UUID(call.caller.session_id or "")
        except ValueError as error:
            raise NotAuthenticated from error
        async with database.reading() as connection:
            present_roles = await queries.present_roles(connection, user_id, session_id, call.now)
        if present_roles is None:
            raise NotAuthenticated
        if present_roles.isdisjoint(roles):
            raise NotAllowed
        return call

    return call


async def anonymous(request: Request) -> Call:
    """A dependency for those who are not signed in yet, or say who they are by a cookie."""
    call = await call_of(request, _NOBODY)
    return replace(call, origin=origin_of(request, None, None), repeatable=None)


def refuse_other_sites(request: Request) -> None:
    """A dependency for what works by cookie: a page of another site must not be able to ask for it."""
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2].lower() != request.headers.get("host", "").lower():
        raise NotAllowed


Anyone = Annotated[Call, Depends(anonymous)]
SignedIn = Annotated[Call, Depends(present(EVERYONE))]
Admin = Annotated[Call, Depends(present(ADMINS))]
