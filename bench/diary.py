"""What the diary's requests cost as the diary grows: `make bench`.

One client with one connection asks by turns through the gateway, at the service and at the bare floor, on the
same data in the same run. Goals are of the median through the gateway. Processor time is that of all servers
asked, MariaDB among them. SIZES=10000, DATABASES=sqlite and QUESTIONS=100 choose less; what was loaded stays
under var/bench, and what measuring books is removed again."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson

from diaries import FAR, PRESENT, PRESENT_PRACTITIONERS, People, as_loaded, diary
from gateway_overhead import JWKS_VARIABLE, answers, serving
from kept import BUFFER_POOL, SERVERS
from measuring import Measured, Place, Times, pair, processor_seconds, quantile, ratios
from shared_kernel.chassis.database import Database
from testkit.servers import RedisServer
from testkit.tokens import SigningKey

SIZES = [int(size) for size in os.environ.get("SIZES", "10000,1000000").split(",")]
DATABASES = os.environ.get("DATABASES", "sqlite,mariadb").split(",")
QUESTIONS = int(os.environ.get("QUESTIONS", "300"))

WARMING = 30
ROUND = 10
SESSIONS = 40
WEEKS_AHEAD = 4

GATEWAY, SERVICE, FLOOR = "gateway", "service", "bare floor"
_PATIENCE = aiohttp.ClientTimeout(total=60)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    body: Any = None


@dataclass
class Calendar:
    """Hands out time that nobody has, far ahead: an hour after the other, or an hour of forty weeks."""

    people: People
    hours: int = 0
    series: int = 0
    booked: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The ids of what was booked at each place, for who moves them."""

    def hour(self) -> dict[str, Any]:
        """Whose, and from when."""
        self.hours += 1
        hours, who = divmod(self.hours, PRESENT_PRACTITIONERS)
        day, hour = divmod(hours, 12)
        return self._whom(who, self.hours) | {"startsAt": FAR + timedelta(days=day, hours=8 + hour)}

    def plan(self) -> dict[str, Any]:
        """Whose, and the first of the weeks, after all that `hour` can give."""
        self.series += 1
        weeks, place = divmod(self.series, PRESENT_PRACTITIONERS * 12 * 5)
        rest, who = divmod(place, PRESENT_PRACTITIONERS)
        day, hour = divmod(rest, 12)
        first = FAR + timedelta(weeks=200 + weeks * (SESSIONS + 1), days=day, hours=8 + hour)
        return self._whom(who, self.series) | {
            "startsAt": [first + timedelta(weeks=n) for n in range(SESSIONS)]
        }

    def _whom(self, who: int, number: int) -> dict[str, Any]:
        patients = self.people.patients
        return {
            "practitionerId": str(self.people.practitioners[who]),
            "patientId": str(patients[number % len(patients)]),
        }


@dataclass(frozen=True)
class Operation:
    """Something that the desk does: how often it is measured at each place, and its goal in milliseconds."""

    name: str
    goal: float | None
    share: float
    ask: Callable[[Calendar, str], Asked]


def week(calendar: Calendar, place: str) -> Asked:
    start = datetime.combine(PRESENT, datetime.min.time(), FAR.tzinfo)
    window = {"start": start, "end": start + timedelta(weeks=1)}
    return Asked("GET", f"{'/week' if place == FLOOR else '/api/appointments'}?{_query(window)}")


def create(calendar: Calendar, place: str) -> Asked:
    wish = calendar.hour()
    if place == FLOOR:
        return Asked("POST", "/appointments", wish | {"startsAt": [wish["startsAt"]]})
    return Asked("POST", "/api/appointments", wish | {"endsAt": wish["startsAt"] + _HOUR})


def move(calendar: Calendar, place: str) -> Asked:
    starts_at = calendar.hour()["startsAt"]
    path = f"{'' if place == FLOOR else '/api'}/appointments/{calendar.booked[place].pop()}"
    return Asked("PATCH", path, {"startsAt": starts_at, "endsAt": starts_at + _HOUR})


def availability(calendar: Calendar, place: str) -> Asked:
    start = datetime.combine(PRESENT, datetime.min.time(), FAR.tzinfo)
    end = start + timedelta(weeks=WEEKS_AHEAD)
    who = str(calendar.people.practitioners[0])
    if place == FLOOR:
        return Asked("GET", f"/availability?{_query({'who': who, 'start': start, 'end': end})}")
    asked = {"practitionerId": who, "from": start, "to": end, "minutes": 60}
    return Asked("GET", f"/api/availability?{_query(asked)}")


def series(calendar: Calendar, place: str) -> Asked:
    plan = calendar.plan()
    return (
        Asked("POST", "/appointments", plan)
        if place == FLOOR
        else Asked("POST", "/api/series", plan | {"minutes": 60})
    )


def _query(asked: Mapping[str, Any]) -> str:
    return urlencode({name: str(value).replace(" ", "T") for name, value in asked.items()})


OPERATIONS = (
    Operation("a week of 200", 9, 1, week),
    Operation("create, checked", 9, 1, create),
    Operation("move", None, 1, move),
    Operation("free starts of 4 weeks", None, 1, availability),
    Operation(f"a series of {SESSIONS}", 150, 0.2, series),
)


@contextmanager
def places(
    database_url: str, database_pids: tuple[int, ...], redis_url: str, key: SigningKey
) -> Iterator[list[Place]]:
    """The service, the gateway before it and the bare floor on the same database."""
    data = {"SCHEDULING_DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with serving("quiet_owners:part", **{JWKS_VARIABLE: orjson.dumps(key.jwks).decode()}) as (owners, _):
        elsewhere = {f"{name}_URL": owners for name in ("IDENTITY", "PATIENTS", "BILLING")}
        with (
            serving("--factory", "scheduling.main:create_app", **data, **elsewhere) as (service, service_pid),
            serving("--factory", "gateway.main:create_app", **elsewhere, SCHEDULING_URL=service) as (
                door,
                door_pid,
            ),
            serving("--factory", "diary_floor:create_app", **data) as (floor, floor_pid),
        ):
            alive = week(Calendar(People([], [])), FLOOR).path
            yield [
                Place(GATEWAY, door, "/api/health", (door_pid, service_pid, *database_pids)),
                Place(SERVICE, service, "/health", (service_pid, *database_pids)),
                Place(FLOOR, floor, alive, (floor_pid, *database_pids)),
            ]


async def measure(size: int, at: Sequence[Place], key: SigningKey) -> Measured:
    """Every operation at every place, in rounds by turns, so that whatever else the machine does hits all."""
    measured: dict[tuple[str, str], Times] = defaultdict(Times)
    calendar = Calendar(People.of(size))
    connections = aiohttp.TCPConnector(limit_per_host=1, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connections, timeout=_PATIENCE) as session:
        for place in at:
            await answers(session, place.url + place.alive)
        for operation in OPERATIONS:
            session.headers["Authorization"] = f"Bearer {key.token_for('ROLE_RECEPTIONIST')}"
            rounds = round((WARMING + QUESTIONS) * operation.share / ROUND)
            for number in range(rounds):
                for place in at:
                    times = (
                        Times()
                        if number < WARMING * operation.share / ROUND
                        else measured[operation.name, place.name]
                    )
                    for _ in range(ROUND):
                        await _ask(session, operation, place, calendar, times)
            _print_operation(operation, measured)
    return measured


async def _ask(
    session: aiohttp.ClientSession, operation: Operation, place: Place, calendar: Calendar, times: Times
) -> None:
    asked = operation.ask(calendar, place.name)
    data = None if asked.body is None else orjson.dumps(asked.body)
    headers = {"Content-Type": "application/json"} if data else {}
    before, began = processor_seconds(place.pids), perf_counter()
    async with session.request(asked.method, place.url + asked.path, data=data, headers=headers) as answer:
        content = await answer.read()
    times.taken.append(perf_counter() - began)
    times.spent.append(processor_seconds(place.pids) - before)
    if answer.status not in (200, 201):
        raise RuntimeError(f"{place.name}, {operation.name}: {answer.status} {content[:300]!r}")
    if operation.ask is create:
        calendar.booked[place.name].append(orjson.loads(content)["id"])


def main() -> None:
    """Measures, and prints as it goes; nothing here fails for being slow."""
    key = SigningKey()
    print(f"Medians and 95th percentiles. MariaDB has innodb_buffer_pool_size={BUFFER_POOL}.")
    for engine in DATABASES:
        results: dict[int, Measured] = {}
        with SERVERS[engine]() as kept:
            for size in SIZES:
                url = diary(kept, size)
                _print_head(engine, size)
                with RedisServer() as redis, places(url, kept.pids, redis.url, key) as at:
                    results[size] = asyncio.run(measure(size, at, key))
                asyncio.run(_tidied(url))
        _print_growth(engine, results)


async def _tidied(url: str) -> None:
    database = Database(url)
    await as_loaded(database)
    await database.close()


def _print_head(engine: str, size: int) -> None:
    print(f"\n{engine}, {size:,} appointments; milliseconds p50 / p95; CPU is that of all servers asked")
    columns = ("gateway", "its CPU", "service", "its CPU", "bare floor", "service/it", "goal")
    print(f"{'':<24}" + "".join(f"{column:>15}" for column in columns))


def _print_operation(operation: Operation, measured: Measured) -> None:
    through, direct, floor = (measured[operation.name, place] for place in (GATEWAY, SERVICE, FLOOR))
    cells = [pair(times) for of in (through, direct) for times in (of.taken, of.spent)]
    ratio = f"{quantile(direct.taken, 0.5) / quantile(floor.taken, 0.5):.2f}"
    print(f"{operation.name:<24}", end="")
    goal = "" if operation.goal is None else f"{operation.goal:g}"
    print("".join(f"{cell:>15}" for cell in (*cells, pair(floor.taken), ratio, goal)), flush=True)


def _print_growth(engine: str, results: Mapping[int, Measured]) -> None:
    small, large = min(results), max(results)
    if small == large:
        return
    print(f"\n{engine}: at {large:,} appointments / at {small:,}; p50, p95")
    print(f"{'':<24}" + "".join(f"{name:>15}" for name in (GATEWAY, "its CPU", SERVICE, "its CPU", FLOOR)))
    for operation in OPERATIONS:
        cells = []
        for place in (GATEWAY, SERVICE, FLOOR):
            before, after = (results[size][operation.name, place] for size in (small, large))
            cells += [ratios(after.taken, before.taken), ratios(after.spent, before.spent)]
        print(f"{operation.name:<24}" + "".join(f"{cell:>15}" for cell in cells[:5]))


if __name__ == "__main__":
    main()
