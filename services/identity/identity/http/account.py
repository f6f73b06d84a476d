"""Routes of one's own account: who am I, in which language, with which password."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from identity import queries
from identity.adapters.argon2id import Passwords
from identity.adapters.sql import SqlWork
from identity.domain.passwords import NewPassword
from identity.domain.sessions import Guesser, InvalidCredentials
from identity.domain.users import Locale, Profile
from identity.http.access import SignedIn
from identity.http.passwords import PasswordText, Verify
from identity.http.refusals import answered
from identity.http.users import UserOutput, shown
from identity.use_cases.administration import change_user
from identity.use_cases.signing_in import change_password
from shared_kernel.chassis.answers import camel, changed, respond, versioned
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Line
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.errors import Invalid, Violation

PATH = "/api/me"


class MePatch(ApiModel):
    """What everybody may change of themselves."""

    name: Annotated[str, Line(100)] = ""
    locale: Locale = "es"

    def applied_to(self, profile: Profile) -> Profile:
        """What was sent, laid over what there is."""
        sent: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        return replace(profile, **sent)


class PasswordChange(ApiModel):
    """The password of now, and the one of from now on."""

    current_password: Annotated[str, PasswordText()]
    new_password: Annotated[str, PasswordText()]


def account_routes(
    transactions: Transactions[SqlWork], database: Database, passwords: Passwords, verify: Verify
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("account")

    @router.get(PATH, response_model=UserOutput)
    async def me(call: SignedIn) -> Response:
        async with database.reading() as connection:
            return versioned(camel(await queries.user(connection, UUID(call.caller.id))))

    @router.patch(PATH, response_model=UserOutput)
    async def merge_me(body: MePatch, call: SignedIn) -> Response:
        user_id = UUID(call.caller.id)
        user = await transactions.run(
            call, lambda work: change_user(work, user_id, call.if_match, body.applied_to, call.now)
        )
        return respond(changed(shown(user)))

    @router.post(PATH + "/password", status_code=204)
    async def set_password(body: PasswordChange, call: SignedIn) -> Response:
        new_password = NewPassword.chosen(body.new_password, "newPassword")
        async with database.reading() as connection:
            email = (await queries.user(connection, UUID(call.caller.id)))["email"]
        guesser = Guesser(email, call.origin.ip or "")
        session_id = UUID(call.caller.session_id or "")
        with answered():
            password_shown = await verify(guesser, body.current_password, call)
            new_hash = await passwords.hash(new_password)
            try:
                await transactions.run(
                    call,
                    lambda work: change_password(
                        work, guesser, password_shown, new_hash, session_id, call.now
                    ),
                )
            except InvalidCredentials as refusal:
                raise Invalid(Violation("currentPassword", "wrong-password")) from refusal
        return Response(status_code=204)

    return router
