"""Puts the identity service together; the only module that knows all the others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import FastAPI
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from identity import queries
from identity.adapters.argon2id import Passwords
from identity.adapters.rs256 import SigningKeys, Tokens
from identity.adapters.sql import SqlWork
from identity.domain.passwords import LONGEST, SHORTEST, NewPassword
from identity.domain.users import EmailTaken, Profile, Role
from identity.http import refusals
from identity.http.account import account_routes
from identity.http.keys import key_routes
from identity.http.messages import MESSAGES
from identity.http.passwords import verification
from identity.http.signing_in import sign_in_routes
from identity.http.users import user_routes
from identity.use_cases.administration import create_first_admin
from shared_kernel.chassis import command_line, telemetry
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import Email
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.security import FetchKeys
from shared_kernel.chassis.service import Chassis
from shared_kernel.chassis.settings import Locale, ServiceSettings
from shared_kernel.chassis.unit_of_work import Repeatable, Transactions
from shared_kernel.errors import Invalid

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"

_SERVICE_TOKEN_SECONDS = 900
_FIRST_ADMIN_NAMES: dict[Locale, str] = {"en": "Administrator", "es": "Administración"}

R = TypeVar("R")


class IdentitySettings(ServiceSettings):
    """The environment of this service."""

    model_config = SettingsConfigDict(env_ignore_empty=True)

    database_url: str = Field(
        default="sqlite+aiosqlite:///var/identity.db", validation_alias="IDENTITY_DATABASE_URL"
    )
    audit_trail_user_enabled: bool = True
    jwt_key_passphrase: SecretStr = SecretStr("")
    jwt_access_seconds: int = Field(default=900, ge=30, le=86_400)
    jwt_session_seconds: int = Field(default=28 * 86_400, ge=60)
    admin_email: Annotated[str, Email(180)] = "admin@clinic.local"
    admin_password: SecretStr = SecretStr("")

    def signing_keys(self, database: Database) -> SigningKeys:
        """The keys in that database, which this environment's passphrase opens."""
        longest = timedelta(seconds=max(self.jwt_access_seconds, _SERVICE_TOKEN_SECONDS))
        return SigningKeys(database, self.jwt_key_passphrase.get_secret_value(), longest)


def create_app() -> FastAPI:
    """The service as its environment says, with its telemetry begun; what uvicorn starts."""
    settings = IdentitySettings()
    telemetry.start("identity", settings.otel_exporter_otlp_endpoint)
    return build_app(settings)


def build_app(settings: IdentitySettings, fetch_keys: FetchKeys | None = None) -> FastAPI:
    """The service on its adapters; `fetch_keys` stands in for its own published keys."""
    chassis = Chassis("identity", settings)
    database = chassis.database
    transactions = Transactions(database, SqlWork, chassis.committed, is_audited=settings.is_audited)
    keys = settings.signing_keys(database)
    tokens = Tokens(
        keys, settings.jwt_issuer, settings.jwt_audience, timedelta(seconds=settings.jwt_access_seconds)
    )
    passwords = Passwords()
    verify = verification(database, passwords)
    session_lifetime = timedelta(seconds=settings.jwt_session_seconds)
    passphrase = settings.jwt_key_passphrase.get_secret_value().encode()
    routers = [
        sign_in_routes(transactions, database, verify, tokens, session_lifetime),
        account_routes(transactions, database, passwords, verify),
        user_routes(transactions, database, passwords, settings.default_locale, passphrase),
        key_routes(keys, tokens, settings.service_secret),
    ]

    @asynccontextmanager
    async def lifetime() -> AsyncIterator[None]:
        await keys.refuse_unless_openable()
        yield

    app = chassis.app(routers, MESSAGES, lifetime, fetch_keys or keys.published)
    app.state.database = database
    refusals.install(app)
    return app


@dataclass(frozen=True)
class _AtTheConsole:
    """Whoever runs a command on the server itself."""

    now: datetime
    origin: Origin = field(default_factory=Origin)
    repeatable: Repeatable | None = None


async def first_admin(settings: IdentitySettings) -> dict[str, str]:
    """Let the first admin in. The e-mail, and the password when it was made up here; nothing when there
    are users already."""
    return await _on_database(settings, lambda database: _first_admin(settings, database))


async def _first_admin(settings: IdentitySettings, database: Database) -> dict[str, str]:
    async with database.reading() as connection:
        if await queries.there_are_users(connection):
            return {}
    given = settings.admin_password.get_secret_value()
    password = _chosen_by_the_operator(given) if given else NewPassword.one_time()
    password_hash = await Passwords().hash(password)
    email = settings.admin_email
    call = _AtTheConsole(datetime.now(UTC))

    def profile(free_colour: str) -> Profile:
        return Profile(
            name=_FIRST_ADMIN_NAMES[settings.default_locale],
            roles=frozenset({Role.ADMIN}),
            locale=settings.default_locale,
            practitioner=True,
            colour=free_colour,
        )

    transactions = Transactions(database, SqlWork, asyncio.Event(), is_audited=settings.is_audited)
    try:
        admin = await transactions.run(
            call, lambda work: create_first_admin(work, email, profile, password_hash, call.now)
        )
    except EmailTaken:
        return {}
    if admin is None:
        return {}
    return {"email": email} if given else {"email": email, "password": password.text}


def _chosen_by_the_operator(password: str) -> NewPassword:
    try:
        return NewPassword.chosen(password, "ADMIN_PASSWORD")
    except Invalid as refusal:
        raise SystemExit(f"ADMIN_PASSWORD must have {SHORTEST} to {LONGEST} characters") from refusal


async def rotate_key(settings: IdentitySettings) -> dict[str, str]:
    """Announce a new signing key, which takes over in a few minutes; nobody is signed out."""
    kid = await _on_database(
        settings, lambda database: settings.signing_keys(database).rotate(datetime.now(UTC))
    )
    return {"kid": kid}


async def _on_database(settings: IdentitySettings, work: Callable[[Database], Awaitable[R]]) -> R:
    database = Database(settings.database_url)
    try:
        return await work(database)
    finally:
        await database.close()


if __name__ == "__main__":
    _settings = IdentitySettings()
    command_line.run(
        _settings,
        MIGRATIONS,
        build_app,
        {
            "first-admin": lambda: first_admin(_settings),
            "rotate-key": lambda: rotate_key(_settings),
        },
    )
