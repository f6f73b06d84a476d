"""Routes of the users: an admin lets people in and keeps right what they may do."""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from identity import queries
from identity.adapters.argon2id import Passwords
from identity.adapters.sql import SqlWork
from identity.domain.passwords import NewPassword
from identity.domain.users import Locale, Profile, Role, Status, User
from identity.http.access import Admin
from identity.http.passwords import PasswordText
from identity.use_cases.administration import change_user, create_user
from shared_kernel.chassis.answers import camel, changed, collection, created, respond, versioned
from shared_kernel.chassis.calls import Call
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, Email, Flag, Line
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.unit_of_work import Transactions

PATH = "/api/users"

Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role))]


class UserInput(ApiModel):
    """Somebody who shall work here. `locale`: the clinic's when absent; `colour`: a free one when absent."""

    email: Annotated[str, Email(180)]
    name: Annotated[str, Line(100)]
    roles: Roles
    locale: Locale | None = None
    practitioner: Flag = False
    colour: Annotated[str | None, Line(7)] = None
    password: Annotated[str, PasswordText()]

    def profile(self, free_colour: str, default_locale: Locale) -> Profile:
        """The profile, with what was left open filled in."""
        return Profile(
            name=self.name,
            roles=frozenset(self.roles),
            locale=self.locale or default_locale,
            practitioner=self.practitioner,
            colour=self.colour or free_colour,
        )


class UserPatch(ApiModel):
    """The fields to change; those not sent stay (RFC 7396)."""

    name: Annotated[str, Line(100)] = ""
    roles: Roles = Field(default_factory=list)
    status: Status = Status.ACTIVE
    locale: Locale = "es"
    practitioner: Flag = False
    colour: Annotated[str, Line(7)] = ""

    def applied_to(self, profile: Profile) -> Profile:
        """What was sent, laid over what there is."""
        sent: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "roles" in sent:
            sent["roles"] = frozenset(self.roles)
        return replace(profile, **sent)


class UserOutput(ApiModel):
    """A user."""

    id: UUID
    email: str
    name: str
    roles: list[Role]
    status: Status
    locale: Locale
    practitioner: bool
    colour: str
    version: int
    created_at: datetime
    updated_at: datetime


def user_routes(
    transactions: Transactions[SqlWork],
    database: Database,
    passwords: Passwords,
    default_locale: Locale,
    secret: bytes,
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("users")

    @router.post(PATH, status_code=201, response_model=UserOutput)
    async def create(body: UserInput, call: Admin) -> Response:
        password_hash = await passwords.hash(NewPassword.chosen(body.password, "password"))
        answer = await transactions.answer(
            _with_keyed_fingerprint(call, secret),
            lambda work: create_user(
                work, body.email, lambda free: body.profile(free, default_locale), password_hash, call.now
            ),
            lambda user: created(PATH, shown(user)),
        )
        return respond(answer)

    @router.get(PATH, response_model=Collection[UserOutput])
    async def list_users(
        request: Request, call: Admin, wish: Paged, search: Annotated[str, Query(max_length=200)] = ""
    ) -> Response:
        async with database.reading() as connection:
            listed = await queries.listed_users(connection, search, wish)
        return collection(request, listed, wish)

    @router.get(PATH + "/{user_id}", response_model=UserOutput)
    async def get_user(user_id: UUID, call: Admin) -> Response:
        async with database.reading() as connection:
            return versioned(camel(await queries.user(connection, user_id)))

    @router.patch(PATH + "/{user_id}", response_model=UserOutput)
    async def merge_user(user_id: UUID, body: UserPatch, call: Admin) -> Response:
        user = await transactions.run(
            call, lambda work: change_user(work, user_id, call.if_match, body.applied_to, call.now)
        )
        return respond(changed(shown(user)))

    return router


def _with_keyed_fingerprint(call: Call, secret: bytes) -> Call:
    """The fingerprint covers a password, and is quick to compute: kept as it is, it could be guessed from."""
    if call.repeatable is None:
        return call
    keyed = hmac.digest(secret, call.repeatable.fingerprint.encode(), "sha256").hex()
    return replace(call, repeatable=replace(call.repeatable, fingerprint=keyed))


def shown(user: User) -> Mapping[str, Any]:
    """The user as answered; no answer has the password's hash."""
    return camel(
        {
            "id": user.id,
            "email": user.email,
            **vars(user.profile),
            "roles": sorted(user.profile.roles),
            "version": user.version,
            "created_at": user.created_at,
            "updated_at": user.updated_at,
        }
    )
