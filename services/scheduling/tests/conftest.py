"""The scheduling service on both databases, with people to book, for every test of this folder."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from scheduling.domain import DiaryRules
from scheduling.main import MIGRATIONS, SchedulingSettings, build_app
from scheduling.subscribers import SUBSCRIPTIONS
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.subscription import HeardEvent
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.identifiers import new_id
from testkit.service import NOBODY_LISTENS, ServiceClient, emptied, migrated, serving
from testkit.tokens import SigningKey

NOBODY_ANSWERS = "http://127.0.0.1:1"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

ANA: dict[str, Any] = {
    "name": "Ana Ruiz Peña",
    "roles": ["ROLE_PRACTITIONER"],
    "status": "active",
    "locale": "es",
    "practitioner": True,
    "colour": "#2563eb",
}
MARIA: dict[str, Any] = {
    "number": 1,
    "firstName": "María José",
    "lastName": "Muñoz García",
    "fullName": "María José Muñoz García",
    "taxId": None,
    "phone": "+34 600 11 22 33",
    "email": None,
    "address": None,
    "rate": None,
    "status": "active",
    "customerId": None,
}


@pytest_asyncio.fixture(scope="session")
async def schema_url(fresh_database: Callable[[], object]) -> AsyncIterator[str]:
    with fresh_database() as url:  # type: ignore[attr-defined]
        async with migrated(url, MIGRATIONS) as ready:
            yield ready


@pytest_asyncio.fixture
async def database(schema_url: str) -> AsyncIterator[Database]:
    async with emptied(schema_url) as empty:
        yield empty


@pytest.fixture
def settings(schema_url: str) -> SchedulingSettings:
    return SchedulingSettings(
        database_url=schema_url,
        redis_url=NOBODY_LISTENS,
        identity_url=NOBODY_ANSWERS,
        patients_url=NOBODY_ANSWERS,
    )


@pytest_asyncio.fixture
async def service(
    database: Database,
    settings: SchedulingSettings,
    signing_key: SigningKey,
    token_for: Callable[..., str],
) -> AsyncIterator[ServiceClient]:
    async def keys() -> dict[str, object]:
        return dict(signing_key.jwks)

    async with serving(build_app(settings, keys), token_for) as client:
        yield client


@pytest.fixture
def rules() -> DiaryRules:
    return DiaryRules(ClinicTime(ZoneInfo("Europe/Madrid")), timedelta(hours=10))


@dataclass(frozen=True)
class People:
    """Makes people known to scheduling by the events that tell of them."""

    database: Database

    async def practitioner(self, **face: object) -> UUID:
        return await self.hear("identity.user-created.v1", ANA | face)

    async def patient(self, **face: object) -> UUID:
        return await self.hear("patients.patient-registered.v1", MARIA | face)

    async def hear(
        self, name: str, payload: dict[str, Any], about: UUID | None = None, version: int = 1
    ) -> UUID:
        about = about or new_id(NOW)
        event = heard(name, payload, about, version)
        effects = {name: effect for s in SUBSCRIPTIONS for name, effect in s.effects.items()}
        async with self.database.writing() as connection:
            await effects[name](connection, event)
            await connection.commit()
        return about


def heard(name: str, payload: dict[str, Any], about: UUID, version: int = 1) -> HeardEvent:
    envelope = {
        "seq": version,
        "name": name,
        "aggregate": {"id": str(about), "version": version},
        "payload": payload,
        "correlationId": None,
        "traceparent": None,
        "previousHash": "",
        "hash": "",
    }
    return HeardEvent.read(name.partition(".")[0], envelope)


@pytest.fixture
def people(database: Database) -> People:
    return People(database)
