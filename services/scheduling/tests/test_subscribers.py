"""What scheduling hears reaches its pictures: late, repeated, out of order, before its time, or broken."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import RowMapping, func, select

from scheduling.adapters.tables import attendees, practitioners
from scheduling.main import SchedulingSettings, build_app
from scheduling.subscribers import SUBSCRIPTIONS
from shared_kernel.chassis import redis_client, schema
from shared_kernel.chassis.consumer import Consumer
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.peers import Peers
from shared_kernel.chassis.relay import Relay
from shared_kernel.chassis.tables import dead_letters
from testkit.servers import RedisServer
from testkit.service import ServiceClient, serving
from testkit.waiting import eventually

Face = dict[str, Any]
Owner = Any
NewPerson = Callable[..., Awaitable[UUID]]
Scheduling = Callable[[str], AbstractAsyncContextManager[ServiceClient]]

MORNING = {"startsAt": "2026-11-23T10:00", "endsAt": "2026-11-23T11:00"}
MONDAY = {"start": "2026-11-23", "end": "2026-11-24"}


@pytest_asyncio.fixture
async def ears(database: Database, owners_url: str) -> AsyncIterator[dict[str, Consumer]]:
    """A consumer for each owner; what the stream did not bring is asked of the owner itself."""
    urls = {source: f"{owners_url}/{source}" for source in ("identity", "patients")}
    peers = Peers("scheduling", urls["identity"], "secret", urls)
    yield {s.source: Consumer(s, database, peers.pull) for s in SUBSCRIPTIONS}
    await peers.close()


@pytest.fixture
def listening(
    settings: SchedulingSettings, fetch_keys: Any, token_for: Callable[..., str], owners_url: str
) -> Scheduling:
    """`async with listening(redis_url) as service`: the whole service, between the owners and Redis."""

    @asynccontextmanager
    async def listening(redis_url: str) -> AsyncIterator[ServiceClient]:
        connected = settings.model_copy(
            update={
                "redis_url": redis_url,
                "identity_url": f"{owners_url}/identity",
                "patients_url": f"{owners_url}/patients",
            }
        )
        async with serving(build_app(connected, fetch_keys), token_for) as service:
            yield service

    return listening


async def publish(owner: Owner, redis_url: str) -> None:
    """What the owner's relay does."""
    redis = redis_client.connect(redis_url)
    relay = Relay(owner.context, owner.database, redis_url, owner.committed)
    while await relay.publish(redis):
        pass
    await redis.aclose()


async def attendee(database: Database, about: UUID) -> RowMapping | None:
    async with database.reading() as connection:
        found = await connection.execute(select(attendees).where(attendees.c.id == about))
        row: RowMapping | None = found.mappings().first()
        return row


async def name_of(database: Database, about: UUID) -> str | None:
    row = await attendee(database, about)
    return None if row is None else row["full_name"]


def renamed(maria: Face, name: str) -> Face:
    return maria | {"fullName": name}


async def test_a_renaming_shows_in_the_calendar_where_no_title_was_typed(
    listening: Scheduling,
    own_redis: RedisServer,
    identity: Owner,
    patients: Owner,
    ana: Face,
    maria: Face,
) -> None:
    practitioner = await identity.say("UserCreated", ana)
    patient = await patients.say("PatientRegistered", maria)
    people = {"practitionerId": str(practitioner), "patientId": str(patient)}
    async with listening(own_redis.url) as service, service.as_("ROLE_RECEPTIONIST") as desk:
        untitled = await desk.post("/api/appointments", json=MORNING | people)
        assert untitled.status_code == 201, untitled.text
        evening = {"startsAt": "2026-11-23T18:00", "endsAt": "2026-11-23T19:00", "title": "Revisión"}
        assert (await desk.post("/api/appointments", json=evening | people)).status_code == 201
        await patients.say("PatientRenamed", renamed(maria, "María José Núñez"), patient, 2)
        await publish(patients, own_redis.url)

        async def shown() -> bool:
            listed = (await desk.get("/api/appointments", params=MONDAY)).json()["member"]
            return [(a["title"], a["patientName"]) for a in listed] == [
                ("María José Núñez", "María José Núñez"),
                ("Revisión", "María José Núñez"),
            ]

        await eventually(shown, "the calendar shows the new name")


@pytest.mark.parametrize("published", [True, False], ids=["by the stream", "by the owner alone"])
async def test_history_from_before_the_first_start_is_heard(
    listening: Scheduling,
    own_redis: RedisServer,
    database: Database,
    patients: Owner,
    maria: Face,
    published: bool,
) -> None:
    first = await patients.say("PatientRegistered", maria)
    for version in range(2, 40):
        await patients.say("PatientRenamed", renamed(maria, f"Nombre {version}"), first, version)
    if published:
        await publish(patients, own_redis.url)
    async with listening(own_redis.url):

        async def level() -> bool:
            return await name_of(database, first) == "Nombre 39"

        await eventually(level, "the picture is level")


async def test_an_emptied_and_restarted_redis_loses_nothing(
    listening: Scheduling, own_redis: RedisServer, database: Database, patients: Owner, maria: Face
) -> None:
    about = await patients.say("PatientRegistered", maria)
    await publish(patients, own_redis.url)
    async with listening(own_redis.url):

        async def heard(name: str) -> None:
            async def level() -> bool:
                return await name_of(database, about) == name

            await eventually(level, f"{name} is known")

        await heard("María José Muñoz García")
        own_redis.kill()
        await patients.say("PatientRenamed", renamed(maria, "Mientras no está"), about, 2)
        await heard("Mientras no está")
        own_redis.start()
        redis = redis_client.connect(own_redis.url)
        await redis.flushall()
        await redis.aclose()
        await patients.say("PatientRenamed", renamed(maria, "Tras el vacío"), about, 3)
        await publish(patients, own_redis.url)
        await heard("Tras el vacío")


async def test_late_repeated_and_out_of_order_ends_as_in_order(
    ears: dict[str, Consumer], database: Database, patients: Owner, maria: Face
) -> None:
    chance = random.Random(seed := random.randrange(10**6))  # noqa: S311 - a test's dice
    people = [await patients.say("PatientRegistered", renamed(maria, f"P{n} 1")) for n in range(5)]
    for version in range(2, 9):
        for number, about in enumerate(people):
            await patients.say("PatientRenamed", renamed(maria, f"P{number} {version}"), about, version)
    log = await patients.log()
    for _ in range(30):
        handful = chance.choices(log, k=chance.randrange(1, 12))
        await ears["patients"].hear(handful)
        position = await ears["patients"].checkpoint()
        for number, about in enumerate(people):
            told = [e for e in log[:position] if e["aggregate"]["id"] == str(about)]
            expected = f"P{number} {told[-1]['aggregate']['version']}" if told else None
            assert await name_of(database, about) == expected, seed
    await ears["patients"].hear(log)
    assert [await name_of(database, about) for about in people] == [f"P{n} 8" for n in range(5)], seed


async def test_an_effect_keeps_only_what_is_newer(
    hear: Callable[..., Awaitable[UUID]], database: Database, maria: Face, ana: Face
) -> None:
    about = await hear("patients.patient-renamed.v1", renamed(maria, "Tercera"), None, 3)
    for version, name in ((1, "Primera"), (2, "Segunda"), (3, "Otra tercera")):
        await hear("patients.patient-changed.v1", renamed(maria, name), about, version)
        assert await name_of(database, about) == "Tercera"
    await hear("patients.patient-changed.v1", renamed(maria, "Cuarta") | {"status": "inactive"}, about, 4)
    picture = await attendee(database, about)
    assert picture is not None
    assert (picture["full_name"], picture["status"], picture["version"]) == ("Cuarta", "inactive", 4)
    user = await hear("identity.user-changed.v1", ana | {"practitioner": False}, None, 2)
    await hear("identity.user-created.v1", ana, user, 1)
    async with database.reading() as connection:
        kept = (await connection.execute(select(practitioners))).mappings().one()
    assert (kept["practises"], kept["version"]) == (False, 2)


async def test_what_cannot_be_understood_is_set_aside_with_all_that_follows_of_it(
    ears: dict[str, Consumer], database: Database, patients: Owner, maria: Face
) -> None:
    broken = await patients.say("PatientRegistered", {"number": 1})
    await patients.say("PatientRenamed", maria, broken, 2)
    sound = await patients.say("PatientRegistered", maria)
    await ears["patients"].catch_up()
    assert await name_of(database, broken) is None
    assert await name_of(database, sound) == "María José Muñoz García"
    assert await ears["patients"].checkpoint() == 3
    async with database.reading() as connection:
        parked = (
            (await connection.execute(select(dead_letters).order_by(dead_letters.c.seq))).mappings().all()
        )
    assert [(letter["seq"], letter["aggregate_id"], letter["reason"]) for letter in parked] == [
        (1, broken, "builtins.KeyError"),
        (2, broken, "behind an earlier dead letter"),
    ]


async def test_events_of_no_concern_pass(
    ears: dict[str, Consumer], database: Database, patients: Owner, maria: Face
) -> None:
    await patients.say("ClinicalRecordWritten", {"patientId": "x", "number": 1, "date": "2026-11-23"})
    about = await patients.say("PatientRegistered", maria)
    await ears["patients"].catch_up()
    assert await name_of(database, about) == "María José Muñoz García"
    async with database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(dead_letters))).scalar_one() == 0


async def test_an_owner_restored_from_a_backup_is_pictured_anew(
    ears: dict[str, Consumer], database: Database, identity: Owner, patients: Owner, ana: Face, maria: Face
) -> None:
    lost = await patients.say("PatientRegistered", maria)
    await patients.say("PatientRenamed", maria, lost, 2)
    practitioner = await identity.say("UserCreated", ana)
    for source in ears:
        await ears[source].catch_up()
    await schema.empty(patients.database)
    kept = await patients.say("PatientRegistered", renamed(maria, "Iñaki Etxeberría"))
    await ears["patients"].catch_up()
    assert await name_of(database, lost) is None
    assert await name_of(database, kept) == "Iñaki Etxeberría"
    async with database.reading() as connection:
        assert (await connection.execute(select(practitioners.c.id))).scalars().all() == [practitioner]
    await schema.empty(identity.database)
    await ears["identity"].catch_up()
    async with database.reading() as connection:
        assert (await connection.execute(select(practitioners.c.id))).scalars().all() == []
