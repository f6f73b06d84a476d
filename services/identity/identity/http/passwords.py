"""Passwords in requests: their form, and how a shown one is verified without telling who exists."""

import unicodedata
from collections.abc import Awaitable, Callable

from pydantic_core import PydanticCustomError

from identity import queries
from identity.adapters.argon2id import Passwords
from identity.domain.passwords import LONGEST, NewPassword
from identity.domain.sessions import Guesser
from identity.use_cases.signing_in import PasswordShown
from shared_kernel.chassis.calls import Call
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import Line


class PasswordText(Line):
    """A password as typed: neither trimmed nor otherwise changed."""

    def __init__(self) -> None:
        super().__init__(LONGEST)

    def _cleaned(self, value: str, nullable: bool) -> str | None:
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
            raise PydanticCustomError("control-character", "control character")
        return value


Verify = Callable[[Guesser, str, Call], Awaitable[PasswordShown | None]]


def verification(database: Database, passwords: Passwords) -> Verify:
    """How long it takes and what comes of it is the same for a wrong password and for an unknown e-mail."""

    async def verify(guesser: Guesser, password: str, call: Call) -> PasswordShown | None:
        async with database.reading() as connection:
            failures = await queries.failures(connection, guesser)
            account = await queries.password_of(connection, guesser.email)
        failures.refuse_when_exhausted(call.now)
        password_hash = account["password_hash"] if account else None
        if not await passwords.match(password_hash, password) or account is None:
            return None
        rehashed = None
        if passwords.is_outdated(account["password_hash"]):
            rehashed = await passwords.hash(NewPassword(password))
        return PasswordShown(account["id"], account["password_changed_at"], rehashed)

    return verify
