"""What billing hears of patients: soon, surely, in whatever order, and never into an issued invoice."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
import uvicorn
from fastapi import APIRouter
from sqlalchemy import select

from billing.adapters.tables import payers
from billing.main import BillingSettings, build_app
from billing.subscribers import PATIENTS
from shared_kernel.aggregate import DomainEvent
from shared_kernel.chassis import event_store
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import GENESIS, Fact
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.service import Chassis
from shared_kernel.chassis.settings import ServiceSettings
from shared_kernel.chassis.subscription import HeardEvent
from testkit.databases import fresh_file
from testkit.servers import RedisServer, free_port
from testkit.service import NOBODY_LISTENS, ServiceClient, migrated, serving
from testkit.tokens import SigningKey
from testkit.waiting import eventually

Json = dict[str, Any]

NOBODY = "http://127.0.0.1:1"
MARIA = UUID("019ab2f0-7c1e-7d3a-9c55-0b7a4e1d2f01")
CONTRACTS = Path(__file__).parents[3] / "contracts" / "events"


class PatientRegistered(DomainEvent):
    """As patients says it."""


class PatientRenamed(DomainEvent):
    """As patients says it."""


def face_of(full_name: str) -> Json:
    contract = json.loads((CONTRACTS / "patients.patient-registered.v1.json").read_text())
    face: Json = contract["examples"][0] | {"fullName": full_name, "taxId": None, "customerId": None}
    return face


@dataclass
class Registry:
    """Stands where patients stands: a log that says what the contracts allow, a feed and a relay."""

    url: str
    database: Database

    async def say(self, event: DomainEvent, version: int, patient: UUID = MARIA) -> None:
        now = datetime.now(UTC)
        async with self.database.writing() as connection:
            fact = Fact(event, "Patient", patient, version)
            await event_store.append(connection, "patients", [fact], Origin(), now)
            await connection.commit()


@asynccontextmanager
async def registry_at(directory: Path, redis_url: str, signing_key: SigningKey) -> AsyncIterator[Registry]:
    async def keys() -> Json:
        return dict(signing_key.jwks)

    identity = APIRouter()

    @identity.post("/internal/service-token")
    async def service_token(asked: Json) -> Json:
        return {"token": signing_key.service_token_for(asked["service"]), "expiresIn": 900}

    with fresh_file(directory) as database_url:
        async with migrated(database_url, directory):
            settings = ServiceSettings(database_url=database_url, redis_url=redis_url)
            chassis = Chassis("patients", settings)
            app = chassis.app([identity], {}, fetch_keys=keys)
            port = free_port()
            server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, ws="none"))
            serving = asyncio.create_task(server.serve())
            await eventually(_true_when(lambda: server.started), "the registry answers")
            yield Registry(f"http://127.0.0.1:{port}", chassis.database)
            server.should_exit = True
            await serving


def _true_when(condition: Callable[[], bool]) -> Callable[[], Any]:
    async def holds() -> bool:
        return condition()

    return holds


@pytest_asyncio.fixture
async def registry(
    tmp_path: Path, own_redis: RedisServer, signing_key: SigningKey
) -> AsyncIterator[Registry]:
    async with registry_at(tmp_path, own_redis.url, signing_key) as registry:
        yield registry


@asynccontextmanager
async def billing(
    schema_url: str, redis_url: str, registry: Registry, signing_key: SigningKey
) -> AsyncIterator[ServiceClient]:
    async def keys() -> Json:
        return dict(signing_key.jwks)

    settings = BillingSettings(
        database_url=schema_url,
        redis_url=redis_url,
        identity_url=registry.url,
        patients_url=registry.url,
        scheduling_url=NOBODY,
        pdf_prewarm=False,
    )
    async with serving(build_app(settings, keys), signing_key.token_for) as client:
        yield client


async def prefill(desk: httpx.AsyncClient, patient: UUID = MARIA) -> httpx.Response:
    return await desk.get("/api/invoice-prefill", params={"patientId": str(patient)})


@pytest.mark.usefixtures("database")
async def test_a_renaming_reaches_the_prefill_and_no_issued_invoice(
    registry: Registry, schema_url: str, own_redis: RedisServer, signing_key: SigningKey, session: Json
) -> None:
    async with (
        billing(schema_url, own_redis.url, registry, signing_key) as service,
        service.as_("ROLE_RECEPTIONIST") as desk,
    ):
        await registry.say(PatientRegistered(face_of("María José Muñoz García")), 1)

        async def is_called(name: str) -> bool:
            answer = await prefill(desk)
            return answer.status_code == 200 and answer.json()["fullName"] == name

        await eventually(lambda: is_called("María José Muñoz García"), "the patient is known")
        sent = session | {"patientId": str(MARIA)}
        issued = await desk.post("/api/invoices", json=sent)
        assert issued.status_code == 201, issued.text
        await registry.say(PatientRenamed(face_of("María José Núñez")), 2)
        await eventually(lambda: is_called("María José Núñez"), "the new name is known")
        kept = (await desk.get(issued.headers["location"])).json()
        assert kept == issued.json()
        assert kept["fullName"] == "María José Muñoz García"
        of_her = await desk.get("/api/invoices", params={"patientId": str(MARIA)})
        assert [row["id"] for row in of_her.json()["member"]] == [kept["id"]]


@pytest.mark.usefixtures("database")
async def test_a_patient_not_heard_of_yet_is_asked_for_and_an_unknown_one_is_not_found(
    registry: Registry, schema_url: str, signing_key: SigningKey, session: Json
) -> None:
    async with (
        billing(schema_url, NOBODY_LISTENS, registry, signing_key) as service,
        service.as_("ROLE_USER") as user,
    ):
        for number in range(3):
            newcomer = uuid4()
            await registry.say(PatientRegistered(face_of(f"Nueva {number}")), 1, newcomer)
            assert (await prefill(user, newcomer)).json()["fullName"] == f"Nueva {number}"
        unknown = await prefill(user, uuid4())
        assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/payer-not-found")
        issued = await user.post("/api/invoices", json=session | {"patientId": str(uuid4())})
        assert issued.status_code == 422
        assert issued.json()["violations"][0]["propertyPath"] == "patientId"
        assert (await user.get("/api/invoices")).json()["totalItems"] == 0


def heard(version: int, full_name: str) -> HeardEvent:
    return HeardEvent(
        source="patients",
        seq=version,
        name="patients.patient-renamed.v1",
        aggregate_id=MARIA,
        aggregate_version=version,
        payload=face_of(full_name),
        correlation_id=None,
        traceparent=None,
        previous_hash=GENESIS,
        hash=GENESIS,
        envelope={},
    )


async def test_only_what_is_newer_changes_the_picture_and_it_can_be_forgotten(database: Database) -> None:
    told = ((3, "Tercera"), (1, "Primera"), (3, "Repetida"), (2, "Segunda"), (4, "Cuarta"))
    async with database.writing() as connection:
        names = []
        for version, name in told:
            await PATIENTS.effects["patients.patient-renamed.v1"](connection, heard(version, name))
            names.append((await connection.execute(select(payers.c.full_name))).scalar_one())
        assert names == ["Tercera", "Tercera", "Tercera", "Tercera", "Cuarta"]
        await PATIENTS.forget(connection)
        assert (await connection.execute(select(payers))).first() is None
