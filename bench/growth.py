"""What finding, reading and registering patients costs as the registry grows: `make bench`.

One client with one connection asks by turns through the gateway, at the service and, where there is
something like it, at the bare floor, on the same data in the same run; each question is another one. Bare
times say as much about the machine as about us: the ratios below them do not.

Processor time is that of all servers asked, MariaDB among them. SIZES=10000,100000, DATABASES=sqlite and
QUESTIONS=100 choose less; what was loaded stays under var/bench."""

import asyncio
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Self

import aiohttp
import orjson

from gateway_overhead import JWKS_VARIABLE, answers, serving
from kept import BUFFER_POOL, SEED, SERVERS
from measuring import Measured, Place, Times, pair, processor_seconds, quantile, ratios
from questions import DESK, PRACTITIONER, Known, Question, known_patients, misspelled, questions, search
from registries import registry
from shared_kernel.text import fold
from testkit.servers import RedisServer
from testkit.tokens import SigningKey

SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000,1000000").split(",")]
DATABASES = os.environ.get("DATABASES", "sqlite,mariadb").split(",")

QUESTIONS = int(os.environ.get("QUESTIONS", "300"))
WARMING = 60
ROUND = 25
NAIVE_SECONDS = 15.0
MISSPELLINGS = 1_000
RECALL_SIZE = 100_000
AMONG_THE_FIRST = 5

GATEWAY, SERVICE, NAIVE, FLOOR = "gateway", "service", "naive LIKE", "bare floor"


@contextmanager
def places(
    database_url: str, database_pids: tuple[int, ...], redis_url: str, key: SigningKey
) -> Iterator[dict[str, Place]]:
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
                GATEWAY: Place(GATEWAY, door, "/api/health", (door_pid, service_pid, *database_pids)),
                SERVICE: Place(SERVICE, service, "/health", (service_pid, *database_pids)),
                FLOOR: Place(FLOOR, floor, "/patients/1", (floor_pid, *database_pids)),
            }


class Client:
    """Keeps its one connection to each place, as a browser does, and has a token for each role."""

    def __init__(self, key: SigningKey) -> None:
        self._headers = {
            role: {"Authorization": f"Bearer {key.token_for(role)}", "Content-Type": "application/json"}
            for role in (DESK, PRACTITIONER)
        }

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit_per_host=1, keepalive_timeout=60),
            timeout=aiohttp.ClientTimeout(total=120),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def is_answered(self, place: Place) -> None:
        """Returns once the place does."""
        await answers(self._session, place.url + place.alive)

    async def ask(self, url: str, question: Question) -> tuple[float, bytes]:
        """The seconds that it took, and the answer."""
        method, headers = "POST" if question.body else "GET", self._headers[question.role]
        began = time.perf_counter()
        async with self._session.request(method, url, data=question.body, headers=headers) as answer:
            content = await answer.read()
        taken = time.perf_counter() - began
        if answer.status not in (200, 201):
            raise RuntimeError(f"{url} answered {answer.status}: {content[:300]!r}")
        return taken, content


async def measure(
    asked: Mapping[str, Sequence[Question]],
    at: Mapping[str, Place],
    client: Client,
    tell: Callable[[str, Measured], None],
) -> Measured:
    """Every operation at every place, in rounds by turns, so that whatever else the machine does hits all."""
    measured: dict[tuple[str, str], Times] = defaultdict(Times)
    for operation, of_this_kind in asked.items():
        for question in of_this_kind[:WARMING]:
            await client.ask(at[GATEWAY].url + question.path, question)
        for start in range(WARMING, len(of_this_kind), ROUND):
            for name, place, some in _turns(operation, of_this_kind[start : start + ROUND], at):
                times = measured[operation, name]
                if name == NAIVE and sum(times.taken) > NAIVE_SECONDS:
                    continue
                for url, question in some:
                    before = processor_seconds(place.pids)
                    times.taken.append((await client.ask(url, question))[0])
                    times.spent.append(processor_seconds(place.pids) - before)
        tell(operation, measured)
    return measured


def _turns(
    operation: str, some: Sequence[Question], at: Mapping[str, Place]
) -> Iterator[tuple[str, Place, list[tuple[str, Question]]]]:
    """Who is asked what in a round. Nobody is registered twice, so half are here and half are there."""
    half = len(some) // 2 if operation == "create" else 0
    yield GATEWAY, at[GATEWAY], [(at[GATEWAY].url + question.path, question) for question in some[half:]]
    yield (
        SERVICE,
        at[SERVICE],
        [(at[SERVICE].url + question.path, question) for question in some[:half] or some],
    )
    if naive := [(at[FLOOR].url + question.naive, question) for question in some if question.naive]:
        yield FLOOR if operation == "read one" else NAIVE, at[FLOOR], naive


async def recall(known: Sequence[Known], service: Place, client: Client) -> tuple[int, list[str]]:
    """How many were among the first five although one letter of the name was wrong; and who was not."""
    chance = random.Random(SEED + 1)
    found, missed = 0, []
    for patient in known[:MISSPELLINGS]:
        words = patient.full_name.split()
        long = [i for i, word in enumerate(words) if len(fold(word)) >= 4 and word.isalpha()]
        place = chance.choice(long or [0])
        words[place] = misspelled(fold(words[place]), chance)
        question = search(" ".join(words), fuzzy="true", itemsPerPage=str(AMONG_THE_FIRST))
        _, content = await client.ask(service.url + question.path, question)
        if patient.id in (member["id"] for member in orjson.loads(content)["member"]):
            found += 1
        else:
            missed.append(f"{patient.full_name} as {' '.join(words)}")
    return found, missed


def main() -> None:
    """Measures, and prints as it goes; nothing here fails for being slow."""
    key = SigningKey()
    print(f"Medians and 95th percentiles. MariaDB has innodb_buffer_pool_size={BUFFER_POOL}.")
    for database in DATABASES:
        results: dict[int, Measured] = {}
        with SERVERS[database]() as kept:
            for size in SIZES:
                url = registry(kept, size)
                print_head(database, size)
                with (
                    RedisServer() as redis,
                    places(url, kept.pids, redis.url, key) as at,
                ):
                    results[size] = asyncio.run(measure_registry(url, size, at, key))
        print_growth(database, results)


async def measure_registry(url: str, size: int, at: Mapping[str, Place], key: SigningKey) -> Measured:
    """All that is asked of one registry."""
    known = await known_patients(url, size, max(WARMING + QUESTIONS, MISSPELLINGS))
    async with Client(key) as client:
        for place in at.values():
            await client.is_answered(place)
        asked = questions(known[: WARMING + QUESTIONS], size)
        measured = await measure(asked, at, client, print_operation)
    if size == RECALL_SIZE:
        async with Client(key) as client:  # the first one's tokens may have had their time
            print_recall(*await recall(known, at[SERVICE], client))
    return measured


def print_head(database: str, size: int) -> None:
    """What the columns are."""
    print(f"\n{database}, {size:,} patients; milliseconds p50 / p95; CPU is that of all servers asked")
    print(
        f"{'':<24}{'gateway':>16}{'its CPU':>15}{'service':>16}{'its CPU':>15}"
        f"{'LIKE or floor':>17}{'service/it':>11}"
    )


def print_operation(operation: str, measured: Measured) -> None:
    """One line, and the ratio to what is done without us."""
    through, direct = measured[operation, GATEWAY], measured[operation, SERVICE]
    theirs = measured.get((operation, NAIVE)) or measured.get((operation, FLOOR))
    print(f"{operation:<24}{pair(through.taken):>16}{pair(through.spent):>15}", end="")
    print(f"{pair(direct.taken):>16}{pair(direct.spent):>15}", end="")
    if theirs:
        ratio = quantile(direct.taken, 0.5) / quantile(theirs.taken, 0.5)
        print(f"{pair(theirs.taken):>17}{ratio:>11.2f}", end="")
    print(flush=True)


def print_growth(database: str, results: Mapping[int, Measured]) -> None:
    """How much dearer everything is in the largest registry than in the smallest."""
    small, large = min(results), max(results)
    if small == large:
        return
    print(f"\n{database}: at {large:,} patients / at {small:,}; p50, p95")
    print(f"{'':<24}{'gateway':>14}{'its CPU':>14}{'service':>14}{'its CPU':>14}{'LIKE':>14}")
    for operation in dict.fromkeys(name for name, _ in results[small]):
        print(f"{operation:<24}", end="")
        for place in (GATEWAY, SERVICE, NAIVE):
            if (operation, place) in results[small]:
                before, after = results[small][operation, place], results[large][operation, place]
                print(f"{ratios(after.taken, before.taken):>14}", end="")
                if place != NAIVE:
                    print(f"{ratios(after.spent, before.spent):>14}", end="")
        print()


def print_recall(found: int, missed: Sequence[str]) -> None:
    """The share of misspelled names whose patient was among the first five."""
    asked = found + len(missed)
    print(f"recall: {found} of {asked} misspelled names had the patient among the first {AMONG_THE_FIRST}")
    for name in missed[:10]:
        print(f"    not: {name}")


if __name__ == "__main__":
    main()
