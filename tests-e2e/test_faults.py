"""What the clinic survives: every part killed at any moment, its courier emptied, and nothing is lost."""

import asyncio
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from clinic_databases import SERVICES, opened, rows
from redis import Redis
from redis.exceptions import RedisError

from shared_kernel.chassis import event_store
from testkit.clinic import RunningClinic
from testkit.waiting import eventually, wait_until

pytestmark = pytest.mark.servers  # one fixture is asked for by name, which the plugin does not see

PARTS = (*SERVICES, "redis", "gateway")
PATIENTS, CLIENTS, CHANGES = 40, 4, 2_000
EMPTY_REDIS = "empty redis"
FAULTS = ("redis", EMPTY_REDIS, "patients", "scheduling", "billing")
PATIENCE_SECONDS = 90
SECOND_START_SECONDS = 60  # ten when the machine has nothing else to do
ONE_SESSION = [{"concept": "Sesión de fisioterapia", "quantity": "1", "unitPrice": "60.00"}]


@pytest.fixture(scope="module")
def clinic(start_clinic: Callable[..., RunningClinic]) -> Iterator[RunningClinic]:
    """A clinic of its own to be maltreated."""
    maltreated = start_clinic()
    yield maltreated
    maltreated.stop()


@pytest.fixture(params=["sqlite", "mariadb"])
def clinic_on_either(request: pytest.FixtureRequest) -> RunningClinic:
    """The same on both databases; only the one that is asked for runs."""
    clinic: RunningClinic = request.getfixturevalue(
        "clinic" if request.param == "sqlite" else "clinic_on_mariadb"
    )
    return clinic


async def insist(client: httpx.AsyncClient, method: str, path: str, **request: Any) -> httpx.Response:
    """Ask until a part that was away is back: what the screens do."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = await client.request(method, path, **request)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer
        assert time.monotonic() < deadline, f"{method} {path} was refused for {PATIENCE_SECONDS} s"
        await asyncio.sleep(0.1)


async def keep_posting(
    client: httpx.AsyncClient, path: str, body: Callable[[int], dict[str, object]], done: asyncio.Event
) -> list[dict[str, Any]]:
    """What was acknowledged, one after the other, until it is enough."""
    acknowledged: list[dict[str, Any]] = []
    while not done.is_set():
        key = {"Idempotency-Key": uuid4().hex}
        answer = await insist(client, "POST", path, json=body(len(acknowledged)), headers=key)
        assert answer.status_code == 201, answer.text
        acknowledged.append(answer.json())
    return acknowledged


async def every_member(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    members: list[dict[str, Any]] = []
    following: str | None = f"{path}?itemsPerPage=200"
    while following:
        answer = await client.get(following)
        assert answer.status_code == 200, answer.text
        members += answer.json()["member"]
        following = answer.json()["view"]["next"]
    return members


async def until_running_again(clinic: RunningClinic, part: str, killed: int) -> None:
    def runs() -> bool:
        return clinic.pids().get(part, killed) != killed

    await asyncio.to_thread(wait_until, runs, f"{part} was started again")
    await asyncio.to_thread(clinic.wait_until_ready)


async def test_every_part_comes_back_by_itself_and_nothing_acknowledged_is_lost(
    clinic: RunningClinic, sign_in: Any
) -> None:
    done, mark = asyncio.Event(), uuid4().hex[:8]

    def patient_of(desk: int) -> Callable[[int], dict[str, object]]:
        return lambda n: {"firstName": f"Lucía {mark}", "lastName": f"Peña {desk} {n}"}

    def invoice_of(desk: int) -> Callable[[int], dict[str, object]]:
        return lambda n: {
            "fullName": f"Íñigo {desk} {n}",
            "address": "Calle Mayor 3, Madrid",
            "lines": ONE_SESSION,
        }

    async with sign_in(clinic) as client:
        registering = [
            asyncio.create_task(keep_posting(client, "/api/patients", patient_of(desk), done))
            for desk in range(3)
        ]
        issuing = [
            asyncio.create_task(keep_posting(client, "/api/invoices", invoice_of(desk), done))
            for desk in range(3)
        ]
        for part in PARTS:
            await until_running_again(clinic, part, await asyncio.to_thread(clinic.kill, part))
        done.set()
        registered = [patient for writer in registering for patient in await writer]
        issued = [invoice for writer in issuing for invoice in await writer]
        print(f"{len(registered)} patients and {len(issued)} invoices acknowledged")

        patients = await every_member(client, "/api/patients")
        invoices = await every_member(client, "/api/invoices")
    assert Counter(p["id"] for p in patients if mark in p["firstName"]) == Counter(
        p["id"] for p in registered
    )
    assert {p["fullName"] for p in patients} >= {p["fullName"] for p in registered}
    assert sorted(p["number"] for p in patients) == list(range(1, len(patients) + 1))
    assert Counter(i["id"] for i in invoices) == Counter(i["id"] for i in issued)
    assert {i["id"]: i["number"] for i in invoices} == {i["id"]: i["number"] for i in issued}
    assert sorted(int(i["number"][4:]) for i in invoices) == list(range(1, len(issued) + 1))
    for service in SERVICES:
        async with opened(clinic, service) as connection:
            assert await event_store.first_broken_link(connection) is None, service


class Faults:
    """Strikes the clinic each time the work has got as far as the next of the chosen moments."""

    def __init__(self, clinic: RunningClinic, moments: Sequence[tuple[int, str]]) -> None:
        self.struck: Counter[str] = Counter()
        self._clinic = clinic
        self._redis = Redis.from_url(redis_url_of(clinic), socket_timeout=2)
        self._moments = list(moments)
        self._strikes: list[asyncio.Task[None]] = []
        self._changes = 0

    def count_change(self) -> None:
        self._changes += 1
        while self._moments and self._moments[0][0] <= self._changes:
            _, fault = self._moments.pop(0)
            self._strikes.append(asyncio.create_task(self._strike(fault)))

    async def finished(self) -> None:
        await asyncio.gather(*self._strikes)
        self._redis.close()

    async def _strike(self, fault: str) -> None:
        strike = self._empty_redis if fault == EMPTY_REDIS else partial(self._clinic.kill, fault)

        async def could_strike() -> bool:
            try:
                await asyncio.to_thread(strike)
            except (KeyError, ProcessLookupError, RedisError):  # down already, and not up again yet
                return False
            return True

        await eventually(could_strike, f"{fault} was there to be struck")
        self.struck[fault] += 1

    def _empty_redis(self) -> None:
        self._redis.flushall()


def random_moments(chance: random.Random) -> list[tuple[int, str]]:
    """Each fault twice, anywhere in the work."""
    faults = [*FAULTS, *FAULTS]
    chance.shuffle(faults)
    return list(zip(sorted(chance.sample(range(50, CHANGES), len(faults))), faults, strict=True))


def redis_url_of(clinic: RunningClinic) -> str:
    """What the parts were told when they were started."""
    told = Path(f"/proc/{clinic.pids()['gateway']}/environ").read_bytes().decode().split("\0")
    return next(line.partition("=")[2] for line in told if line.startswith("REDIS_URL="))


async def keep_renaming(client: httpx.AsyncClient, patients: Sequence[str], faults: Faults) -> dict[str, str]:
    """The last acknowledged name of each patient, all of whom are this client's alone."""
    names: dict[str, str] = {}
    for n in range(CHANGES // CLIENTS):
        patient = patients[n % len(patients)]
        name = f"Ibáñez {n}"
        answer = await insist(client, "PATCH", f"/api/patients/{patient}", json={"lastName": name})
        assert answer.status_code == 200, answer.text
        names[patient] = answer.json()["fullName"]
        faults.count_change()
    return names


async def test_pictures_equal_their_source_after_faults_at_random_moments(
    clinic_on_either: RunningClinic, sign_in: Any
) -> None:
    clinic, seed = clinic_on_either, secrets.randbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311 - to be repeated by its seed
    faults = Faults(clinic, random_moments(chance))
    began = time.monotonic()
    async with sign_in(clinic) as client:
        patients = [await registered(client, n) for n in range(PATIENTS)]
        each = PATIENTS // CLIENTS
        renaming = [keep_renaming(client, patients[n : n + each], faults) for n in range(0, PATIENTS, each)]
        expected = {
            patient: name for names in await asyncio.gather(*renaming) for patient, name in names.items()
        }
        await faults.finished()
    print(f"{CHANGES} changes, {dict(faults.struck)} in {time.monotonic() - began:.1f} s")
    assert faults.struck == Counter(dict.fromkeys(FAULTS, 2))

    ((head,),) = await rows(clinic, "patients", "SELECT seq FROM stream_head")
    for consumer in ("scheduling", "billing"):

        async def level(consumer: str = consumer) -> bool:
            checkpoint = "SELECT seq FROM checkpoints WHERE source = 'patients'"
            return await rows(clinic, consumer, checkpoint) == [(head,)]

        await eventually(level, f"{consumer} has heard everything", seconds=PATIENCE_SECONDS)
    print(f"{head} events heard {time.monotonic() - began:.1f} s after the beginning")

    source = await rows(clinic, "patients", "SELECT id, full_name, version FROM patients ORDER BY id")
    by_id = {str(UUID(patient)): name for patient, name, _ in source}
    assert {patient: by_id[patient] for patient in expected} == expected
    pictures = {
        "scheduling": "SELECT id, full_name, version FROM attendees ORDER BY id",
        "billing": "SELECT id, full_name, version FROM payers ORDER BY id",
    }
    for consumer, picture in pictures.items():
        assert await rows(clinic, consumer, picture) == source, consumer
        assert await rows(clinic, consumer, "SELECT seq, name, reason FROM dead_letters") == []
    for service in SERVICES:
        async with opened(clinic, service) as connection:
            assert await event_store.first_broken_link(connection) is None, service


async def registered(client: httpx.AsyncClient, n: int) -> str:
    answer = await client.post("/api/patients", json={"firstName": "Lucía", "lastName": f"Peña {n}"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_stopped_clinic_starts_again_soon_with_all_its_data(
    clinic: RunningClinic, sign_in: Any
) -> None:
    async def all_there() -> dict[str, list[dict[str, Any]]]:
        async with sign_in(clinic) as client:
            lists = ("/api/users", "/api/patients", "/api/practitioners", "/api/customers", "/api/invoices")
            return {path: await every_member(client, path) for path in lists}

    before = await all_there()
    await asyncio.to_thread(clinic.stop)
    began = time.monotonic()
    await asyncio.to_thread(clinic.start)
    took = time.monotonic() - began
    print(f"started again in {took:.1f} s")
    assert await all_there() == before
    assert took < SECOND_START_SECONDS
