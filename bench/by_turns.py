"""Measures what a desk asks by turns through the gateway, at the service and at the bare floor: the same
questions on the same data in the same run, one client with one connection.

Processor time is that of all servers asked, MariaDB among them."""

import os
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Generic, TypeVar

import aiohttp
import orjson

from gateway_overhead import JWKS_VARIABLE, answers, serving
from measuring import Measured, Place, Times, pair, processor_seconds, quantile, ratios
from shared_kernel.chassis.database import Database
from testkit.tokens import SigningKey

DATABASES = os.environ.get("DATABASES", "sqlite,mariadb").split(",")
QUESTIONS = int(os.environ.get("QUESTIONS", "300"))

GATEWAY, SERVICE, FLOOR = "gateway", "service", "bare floor"
PATIENCE = aiohttp.ClientTimeout(total=60)

_CONTEXTS = ("identity", "patients", "scheduling", "billing")
_WARMING = 30
_ROUND = 10

D = TypeVar("D")


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    body: Any = None


@dataclass(frozen=True)
class Operation(Generic[D]):
    """Something that the desk D does: how often it is measured at each place, its goal in milliseconds, and
    what the desk notes of the answer at a place."""

    name: str
    goal: float | None
    share: float
    ask: Callable[[D, str], Asked]
    note: Callable[[D, str, bytes], None] = lambda desk, place, answer: None


@contextmanager
def places(
    context: str,
    floor_app: str,
    floor_alive: str,
    told: Mapping[str, str],
    database_pids: tuple[int, ...],
    key: SigningKey,
) -> Iterator[list[Place]]:
    """The gateway, the service behind it, whose neighbours say nothing, and the bare floor, which is `told`
    the same as the service."""
    with serving("quiet_owners:part", **{JWKS_VARIABLE: orjson.dumps(key.jwks).decode()}) as (owners, _):
        neighbours = {f"{name.upper()}_URL": owners for name in _CONTEXTS if name != context}
        with (
            serving("--factory", f"{context}.main:create_app", **told, **neighbours) as (
                service,
                service_pid,
            ),
            serving(
                "--factory", "gateway.main:create_app", **neighbours, **{f"{context.upper()}_URL": service}
            ) as (door, door_pid),
            serving("--factory", floor_app, **told) as (floor, floor_pid),
        ):
            yield [
                Place(GATEWAY, door, "/api/health", (door_pid, service_pid, *database_pids)),
                Place(SERVICE, service, "/health", (service_pid, *database_pids)),
                Place(FLOOR, floor, floor_alive, (floor_pid, *database_pids)),
            ]


async def measure(
    operations: Sequence[Operation[D]], desk: D, at: Sequence[Place], key: SigningKey
) -> Measured:
    """Every operation at every place, in rounds by turns, so that whatever else the machine does hits all;
    each is printed when it is done."""
    measured: dict[tuple[str, str], Times] = defaultdict(Times)
    connections = aiohttp.TCPConnector(limit_per_host=1, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connections, timeout=PATIENCE) as session:
        for place in at:
            await answers(session, place.url + place.alive)
        for operation in operations:
            session.headers["Authorization"] = f"Bearer {key.token_for('ROLE_RECEPTIONIST')}"
            warming = max(1, round(_WARMING * operation.share / _ROUND))
            for number in range(warming + max(1, round(QUESTIONS * operation.share / _ROUND))):
                for place in at:
                    times = Times() if number < warming else measured[operation.name, place.name]
                    for _ in range(_ROUND):
                        await _ask(session, operation, place, desk, times)
            _print_operation(operation, measured)
    return measured


async def _ask(
    session: aiohttp.ClientSession, operation: Operation[D], place: Place, desk: D, times: Times
) -> None:
    asked = operation.ask(desk, place.name)
    data = None if asked.body is None else orjson.dumps(asked.body)
    headers = {"Content-Type": "application/json"} if data else {}
    before, began = processor_seconds(place.pids), perf_counter()
    async with session.request(asked.method, place.url + asked.path, data=data, headers=headers) as answer:
        content = await answer.read()
    times.taken.append(perf_counter() - began)
    times.spent.append(processor_seconds(place.pids) - before)
    if answer.status not in (200, 201):
        raise RuntimeError(f"{place.name}, {operation.name}: {answer.status} {content[:300]!r}")
    operation.note(desk, place.name, content)


def print_head(engine: str, size: int, things: str) -> None:
    """Above the lines that `measure` prints."""
    print(f"\n{engine}, {size:,} {things}; milliseconds p50 / p95; CPU is that of all servers asked")
    columns = ("gateway", "its CPU", "service", "its CPU", "bare floor", "service/it", "goal")
    print(f"{'':<24}" + "".join(f"{column:>15}" for column in columns))


def _print_operation(operation: Operation[D], measured: Measured) -> None:
    through, direct, floor = (measured[operation.name, place] for place in (GATEWAY, SERVICE, FLOOR))
    cells = [pair(times) for of in (through, direct) for times in (of.taken, of.spent)]
    ratio = f"{quantile(direct.taken, 0.5) / quantile(floor.taken, 0.5):.2f}"
    print(f"{operation.name:<24}", end="")
    goal = "" if operation.goal is None else f"{operation.goal:g}"
    print("".join(f"{cell:>15}" for cell in (*cells, pair(floor.taken), ratio, goal)), flush=True)


def print_growth(
    engine: str, things: str, operations: Sequence[Operation[D]], results: Mapping[int, Measured]
) -> None:
    """How much more it costs with the most things than with the fewest."""
    small, large = min(results), max(results)
    if small == large:
        return
    print(f"\n{engine}: at {large:,} {things} / at {small:,}; p50, p95")
    print(f"{'':<24}" + "".join(f"{name:>15}" for name in (GATEWAY, "its CPU", SERVICE, "its CPU", FLOOR)))
    for operation in operations:
        cells = []
        for place in (GATEWAY, SERVICE, FLOOR):
            before, after = (results[size][operation.name, place] for size in (small, large))
            cells += [ratios(after.taken, before.taken), ratios(after.spent, before.spent)]
        print(f"{operation.name:<24}" + "".join(f"{cell:>15}" for cell in cells[:5]))


async def tidied(url: str, as_loaded: Callable[[Database], Awaitable[None]]) -> None:
    """Remove what measuring left behind."""
    database = Database(url)
    await as_loaded(database)
    await database.close()
