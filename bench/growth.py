"""What finding, reading and registering patients costs as the registry grows: `make bench`.

One client with one connection asks by turns through the gateway, at the service and, where there is
something like it, at the bare floor, on the same data in the same run; each question is another one. Bare
times say as much about the machine as about us: the ratios below them do not.

SIZES=10000,100000 and DATABASES=sqlite choose; what was loaded stays under var/bench."""

import asyncio
import math
import os
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

import aiohttp
import orjson
from sqlalchemy import select

from demo.people import invent
from gateway_overhead import JWKS_VARIABLE, answers, cpu_seconds, serving
from patients.adapters.tables import patients
from registries import BUFFER_POOL, SEED, mariadb_registries, sqlite_registries
from shared_kernel.chassis.database import Database
from shared_kernel.text import fold
from testkit.servers import RedisServer
from testkit.tokens import SigningKey

SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000,1000000").split(",")]
DATABASES = os.environ.get("DATABASES", "sqlite,mariadb").split(",")
SERVERS = {"sqlite": sqlite_registries, "mariadb": mariadb_registries}

QUESTIONS = 300
WARMING = 60
ROUND = 25
NAIVE_SECONDS = 15.0
MISSPELLINGS = 1_000
RECALL_SIZE = 100_000
AMONG_THE_FIRST = 5

GATEWAY, SERVICE, NAIVE, FLOOR = "gateway", "service", "naive LIKE", "bare floor"


@dataclass(frozen=True)
class Question:
    """One request. `naive` is what the bare floor is asked instead."""

    path: str
    body: bytes | None = None
    naive: str | None = None


@dataclass
class Times:
    """Seconds of each request, and the processor time that the servers used for all of them."""

    seconds: list[float] = field(default_factory=list)
    processor: float = 0.0

    def quantile(self, quantile: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, math.ceil(quantile * len(ordered)) - 1)] * 1000


Measured = Mapping[tuple[str, str], Times]
"""(operation, place) → its times."""


@dataclass(frozen=True)
class Place:
    """A server to ask, and the processes whose processor time it takes."""

    name: str
    url: str
    pids: tuple[int, ...]


@contextmanager
def places(database_url: str, redis_url: str, key: SigningKey) -> Iterator[dict[str, Place]]:
    """The service, the gateway before it and the bare floor on the same database."""
    jwks = {JWKS_VARIABLE: orjson.dumps(key.jwks).decode()}
    data = {"PATIENTS_DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with serving("gateway_overhead:part", **jwks) as (identity, _):
        elsewhere = {f"{name}_URL": identity for name in ("IDENTITY", "SCHEDULING", "BILLING")}
        with (
            serving("--factory", "patients.main:create_app", **data, **elsewhere) as (service, service_pid),
            serving("--factory", "gateway.main:create_app", **elsewhere, PATIENTS_URL=service) as (
                door,
                door_pid,
            ),
            serving("--factory", "floor:create_app", **data) as (floor, floor_pid),
        ):
            yield {
                GATEWAY: Place(GATEWAY, door, (door_pid, service_pid)),
                SERVICE: Place(SERVICE, service, (service_pid,)),
                FLOOR: Place(FLOOR, floor, (floor_pid,)),
            }


@dataclass(frozen=True)
class Known:
    """A patient of the registry, as far as one asks for it."""

    id: str
    number: int
    full_name: str
    phone: str | None

    @property
    def words(self) -> list[str]:
        """The words of the name as typed in a hurry."""
        return [word for word in fold(self.full_name).replace("-", " ").split() if word.isalpha()]

    @property
    def surname(self) -> str:
        """A word of the surnames, of four letters or more."""
        return next((word for word in reversed(self.words) if len(word) >= 4), "garcia")


async def known_patients(database_url: str, size: int, count: int) -> list[Known]:
    """Patients drawn from the whole registry, always the same."""
    chosen = random.Random(SEED).sample(range(1, size + 1), min(count, size))
    columns = patients.c.id, patients.c.number, patients.c.full_name, patients.c.phone
    found: list[Known] = []
    database = Database(database_url)
    async with database.reading() as connection:
        for start in range(0, len(chosen), 500):
            some = select(*columns).where(patients.c.number.in_(chosen[start : start + 500]))
            found += [Known(str(row.id), *row[1:]) for row in await connection.execute(some)]
    await database.close()
    random.Random(SEED).shuffle(found)
    return found


def misspelled(word: str, chance: random.Random) -> str:
    """One letter wrong, missing, doubled, or swapped with its neighbour."""
    place = chance.randrange(len(word))
    way = chance.randrange(4)
    if way == 0:
        wrong = chance.choice([letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter != word[place]])
        return word[:place] + wrong + word[place + 1 :]
    if way == 1:
        return word[:place] + word[place + 1 :]
    if way == 2:
        return word[: place + 1] + word[place:]
    neighbours = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
    if not neighbours:
        return word + word[-1]
    place = chance.choice(neighbours)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def search(text: str, **more: str) -> Question:
    """A search as the screen asks it; the naive one knows nothing of misspellings."""
    path = "/api/patients?" + urlencode({"search": text, **more})
    return Question(path, naive=None if more else "/patients?" + urlencode({"search": text}))


def questions(known: Sequence[Known], size: int, run: int) -> dict[str, list[Question]]:
    """For each operation as many questions as there are patients to draw them from."""
    chance = random.Random(SEED)

    def piece(word: str) -> str:
        start = chance.randint(1, max(1, len(word) - 4))
        return word[start : start + 4] if len(word) > 4 else word[1:]

    def nobody() -> str:
        return "".join(chance.choice("kqwxz") for _ in range(chance.randint(5, 8)))

    def newcomer(place: int) -> Question:
        person = invent(SEED + run, size + place, date(2024, 1, 1), date(2024, 1, 1)).particulars
        written = {
            "firstName": person.first_name,
            "lastName": person.last_name,
            "dateOfBirth": person.date_of_birth,
            "phone": person.phone,
            "address": person.address,
            "force": True,
        }
        return Question("/api/patients", orjson.dumps(written))

    return {
        "search, prefix": [search(p.surname[: chance.randint(3, 5)]) for p in known],
        "search, infix": [search(piece(p.surname)) for p in known],
        "search, two words": [search(f"{p.words[0]} {p.surname}") for p in known],
        "search, full name": [search(p.full_name) for p in known],
        "search, phone": [search(p.phone or "600") for p in known],
        "search, no hit": [search(nobody()) for _ in known],
        "search, typo": [search(misspelled(p.surname, chance), fuzzy="true") for p in known],
        "search, name with typo": [
            search(f"{p.words[0]} {misspelled(p.surname, chance)}", fuzzy="true") for p in known
        ],
        "list, latest": [Question("/api/patients") for _ in known],
        "list, alphabetical": [Question("/api/patients?order=alpha") for _ in known],
        "read one": [Question(f"/api/patients/{p.id}", naive=f"/patients/{p.number}") for p in known],
        "create": [newcomer(place) for place in range(len(known))],
    }


async def ask(client: aiohttp.ClientSession, url: str, body: bytes | None = None) -> tuple[float, bytes]:
    """The seconds that it took, and the answer."""
    began = time.perf_counter()
    headers = {"Content-Type": "application/json"} if body else None
    async with client.request("POST" if body else "GET", url, data=body, headers=headers) as answer:
        content = await answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{url} answered {answer.status}: {content[:300]!r}")
    return time.perf_counter() - began, content


async def measure(known: Sequence[Known], size: int, at: Mapping[str, Place], token: str) -> Measured:
    """Every operation at every place, in rounds by turns, so that whatever else the machine does hits all."""
    measured: dict[tuple[str, str], Times] = defaultdict(Times)
    asked = questions(known, size, run=int(time.time()))
    async with one_connection(token) as client:
        for place in at.values():
            await answers(client, place.url + ("/patients/1" if place.name == FLOOR else "/api/patients"))
        for operation, all_of_them in asked.items():
            warming, counted = all_of_them[:WARMING], all_of_them[WARMING : WARMING + QUESTIONS]
            half = len(counted) // 2 if operation == "create" else 0
            plans = {
                GATEWAY: (at[GATEWAY], [(q.path, q.body) for q in (counted[half:] if half else counted)]),
                SERVICE: (at[SERVICE], [(q.path, q.body) for q in (counted[:half] if half else counted)]),
            }
            if counted[0].naive:
                name = FLOOR if operation == "read one" else NAIVE
                plans[name] = (at[FLOOR], [(q.naive or "", None) for q in counted])
            for question in warming:
                await ask(client, at[GATEWAY].url + question.path, question.body)
            for start in range(0, len(counted), ROUND):
                for name, (place, plan) in plans.items():
                    times = measured[operation, name]
                    if name == NAIVE and sum(times.seconds) > NAIVE_SECONDS:
                        continue
                    before = sum(map(cpu_seconds, place.pids))
                    for path, body in plan[start : start + ROUND]:
                        times.seconds.append((await ask(client, place.url + path, body))[0])
                    times.processor += sum(map(cpu_seconds, place.pids)) - before
    return measured


async def recall(known: Sequence[Known], service: Place, token: str) -> tuple[int, list[str]]:
    """How many were among the first five although one letter of the name was wrong; and who was not."""
    chance = random.Random(SEED + 1)
    found, missed = 0, []
    async with one_connection(token) as client:
        await answers(client, service.url + "/api/patients")
        for patient in known[:MISSPELLINGS]:
            words = patient.full_name.split()
            place = chance.choice(
                [i for i, word in enumerate(words) if len(fold(word)) >= 4 and word.isalpha()] or [0]
            )
            words[place] = misspelled(fold(words[place]), chance)
            question = search(" ".join(words), fuzzy="true", itemsPerPage=str(AMONG_THE_FIRST))
            _, content = await ask(client, service.url + question.path)
            if patient.id in (member["id"] for member in orjson.loads(content)["member"]):
                found += 1
            else:
                missed.append(f"{patient.full_name} as {' '.join(words)}")
    return found, missed


def one_connection(token: str) -> aiohttp.ClientSession:
    """A client that keeps its connection, as a browser does."""
    return aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {token}"},
        connector=aiohttp.TCPConnector(limit_per_host=1, keepalive_timeout=60),
        timeout=aiohttp.ClientTimeout(total=120),
    )


def main() -> None:
    """Measures, and prints as it goes; nothing here fails for being slow."""
    key = SigningKey()
    print(f"{len(SIZES)} sizes on {', '.join(DATABASES)}; MariaDB with innodb_buffer_pool_size={BUFFER_POOL}")
    with RedisServer() as redis:
        for database in DATABASES:
            results: dict[int, Measured] = {}
            with SERVERS[database]() as registries:
                for size in SIZES:
                    url = registries.loaded(size)
                    known = asyncio.run(known_patients(url, size, max(WARMING + QUESTIONS, MISSPELLINGS)))
                    with places(url, redis.url, key) as at:
                        enough = known[: WARMING + QUESTIONS]
                        results[size] = asyncio.run(measure(enough, size, at, key.token_for("ROLE_USER")))
                        print_size(database, size, results[size])
                        if size == RECALL_SIZE:
                            token = key.token_for("ROLE_USER")
                            print_recall(*asyncio.run(recall(known, at[SERVICE], token)))
            print_growth(database, results)


def print_size(database: str, size: int, measured: Measured) -> None:
    """Milliseconds at one size, and what the ratios are to what is done without us."""
    print(f"\n{database}, {size:,} patients: p50 / p95 in ms")
    print(f"{'':<24}{'gateway':>16}{'service':>16}{'naive or floor':>18}{'ours/theirs':>13}{'CPU ms':>8}")
    for operation in dict.fromkeys(name for name, _ in measured):
        through, direct = measured[operation, GATEWAY], measured[operation, SERVICE]
        theirs = measured.get((operation, NAIVE)) or measured.get((operation, FLOOR))
        print(f"{operation:<24}{_pair(through):>16}{_pair(direct):>16}", end="")
        if theirs:
            print(f"{_pair(theirs):>18}{direct.quantile(0.5) / theirs.quantile(0.5):>13.2f}", end="")
        else:
            print(f"{'':>31}", end="")
        print(f"{through.processor / len(through.seconds) * 1000:>8.2f}")


def print_growth(database: str, results: Mapping[int, Measured]) -> None:
    """How much dearer everything is in the largest registry than in the smallest."""
    small, large = min(results), max(results)
    if small == large:
        return
    print(f"\n{database}: at {large:,} / at {small:,}")
    print(f"{'':<24}{'gateway p50':>12}{'p95':>8}{'service p50':>14}{'p95':>8}{'naive p50':>12}{'p95':>8}")
    for operation in dict.fromkeys(name for name, _ in results[small]):
        print(f"{operation:<24}", end="")
        for place, width in ((GATEWAY, 12), (SERVICE, 14), (NAIVE, 12)):
            times = [results[size].get((operation, place)) for size in (large, small)]
            if times[0] and times[1]:
                print(f"{times[0].quantile(0.5) / times[1].quantile(0.5):>{width}.2f}", end="")
                print(f"{times[0].quantile(0.95) / times[1].quantile(0.95):>8.2f}", end="")
        print()


def print_recall(found: int, missed: Sequence[str]) -> None:
    """The share of misspelled names whose patient was among the first five."""
    asked = found + len(missed)
    print(f"\nrecall: {found} of {asked} misspelled names had the patient among the first {AMONG_THE_FIRST}")
    for name in missed[:10]:
        print(f"    not: {name}")


def _pair(times: Times) -> str:
    return f"{times.quantile(0.5):.1f} / {times.quantile(0.95):.1f}"


if __name__ == "__main__":
    main()
