"""What the desk's requests about invoices cost as the books grow, and what files and paper do: `make bench`.

One client with one connection asks by turns through the gateway, at the service and at the bare floor, on the
same data in the same run; no two questions for paper are for the same invoice, unless it is asked for again.
Goals are of the median through the gateway. Processor time is that of the servers asked, MariaDB among them,
without the processes that set pages. SIZES=10000, DATABASES=sqlite and QUESTIONS=100 choose less; what was
loaded stays under var/bench, and what measuring issues is removed again."""

import asyncio
import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson

from gateway_overhead import JWKS_VARIABLE, answers, serving
from kept import BUFFER_POOL, SEED, SERVERS
from ledgers import LAST_YEAR, MOST_LINES, Ledger, as_loaded, ledger
from measuring import Measured, Place, Times, pair, processor_seconds, quantile, ratios
from papers import WORKERS, Papers, print_exports, print_storm, print_throughput
from shared_kernel.chassis.database import Database
from shared_kernel.text import fold
from testkit.servers import RedisServer
from testkit.tokens import SigningKey

SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000").split(",")]
DATABASES = os.environ.get("DATABASES", "sqlite,mariadb").split(",")
QUESTIONS = int(os.environ.get("QUESTIONS", "300"))

WARMING = 30
ROUND = 10

GATEWAY, SERVICE, FLOOR = "gateway", "service", "bare floor"
_PATIENCE = aiohttp.ClientTimeout(total=60)
_LETTERHEAD = {
    "COMPANY_NAME": "Fisioterapia Muñoz S.L.",
    "COMPANY_TAX_ID": "B12345674",
    "COMPANY_ADDRESS_LINE1": "Calle Mayor 1",
    "COMPANY_ADDRESS_LINE2": "28013 Madrid",
    "COMPANY_PHONE": "910 000 000",
    "COMPANY_EMAIL": "hola@clinica.example",
}


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    body: Any = None


@dataclass
class Desk:
    """Draws invoices and people from the books, always the same; no invoice for paper twice."""

    books: Ledger
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    printed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """What was printed at each place and not yet asked for again."""

    def __post_init__(self) -> None:
        long = range(MOST_LINES - 1, self.books.size, MOST_LINES)
        places = self.chance.sample(long, min(len(long), 10_000))
        self.unprinted = (str(self.books.invoice_id(place)) for place in places)

    def place(self) -> int:
        """Of an invoice."""
        return self.chance.randint(1, self.books.size)


@dataclass(frozen=True)
class Operation:
    """Something that the desk does: how often it is measured at each place, and its goal in milliseconds."""

    name: str
    goal: float | None
    share: float
    ask: Callable[[Desk, str], Asked]


def issue(desk: Desk, place: str) -> Asked:
    patient = str(desk.books.patient(desk.place()).id)
    lines = [
        {"concept": f"Sesión de fisioterapia {n}", "quantity": "1.5", "unitPrice": f"{30 + n}.25"}
        for n in range(5)
    ]
    wish = {"customerId": patient, "patientId": patient, "lines": lines}
    return Asked("POST", _path(place, ""), wish)


def first_page(desk: Desk, place: str) -> Asked:
    return Asked("GET", _path(place, ""))


def overdue_of_year(desk: Desk, place: str) -> Asked:
    year = {"year": LAST_YEAR - desk.chance.randrange(10)}
    return _query(place, "", year | ({"unpaid": 1} if place == FLOOR else {"paymentStatus": "overdue"}))


def by_number(desk: Desk, place: str) -> Asked:
    number = desk.books.number(desk.place())
    return _query(place, "", {"search": number if place == FLOOR else f"F{number}"})


def by_name(desk: Desk, place: str) -> Asked:
    words = fold(desk.books.patient(desk.place()).face["full_name"]).split()
    return _query(place, "", {"search": f"{words[0]} {words[-1]}"})


def totals(desk: Desk, place: str) -> Asked:
    return Asked("GET", "/totals" if place == FLOOR else _path(place, "/totals"))


def totals_of_year(desk: Desk, place: str) -> Asked:
    return Asked("GET", f"{totals(desk, place).path}?year={LAST_YEAR - desk.chance.randrange(10)}")


def paper_first(desk: Desk, place: str) -> Asked:
    invoice = next(desk.unprinted)
    desk.printed[place].append(invoice)
    return _paper(place, invoice)


def paper_again(desk: Desk, place: str) -> Asked:
    desk.printed[place].insert(0, invoice := desk.printed[place].pop())
    return _paper(place, invoice)


def _paper(place: str, invoice: str) -> Asked:
    return Asked("GET", _path(place, f"/{invoice}/pdf" if place == FLOOR else f"/{invoice}/export/pdf"))


def _query(place: str, path: str, asked: Mapping[str, Any]) -> Asked:
    return Asked("GET", f"{_path(place, path)}?{urlencode(asked)}")


def _path(place: str, path: str) -> str:
    return f"{'' if place == FLOOR else '/api'}/invoices{path}"


OPERATIONS = (
    Operation("issue, 5 lines", 9, 1, issue),
    Operation("list, first page", None, 1, first_page),
    Operation("list, overdue of a year", None, 1, overdue_of_year),
    Operation("search, number", None, 0.4, by_number),
    Operation("search, name", None, 0.4, by_name),
    Operation("totals of all", None, 0.4, totals),
    Operation("totals of a year", None, 0.4, totals_of_year),
    Operation("PDF, first", 100, 0.2, paper_first),
    Operation("PDF, again", 5, 1, paper_again),
)


@contextmanager
def places(
    database_url: str, database_pids: tuple[int, ...], redis_url: str, key: SigningKey
) -> Iterator[list[Place]]:
    """The service, the gateway before it and the bare floor on the same database."""
    data = {"BILLING_DATABASE_URL": database_url, "REDIS_URL": redis_url, "PDF_WORKERS": str(WORKERS)}
    data |= _LETTERHEAD
    with serving("quiet_owners:part", **{JWKS_VARIABLE: orjson.dumps(key.jwks).decode()}) as (owners, _):
        elsewhere = {f"{name}_URL": owners for name in ("IDENTITY", "PATIENTS", "SCHEDULING")}
        with (
            serving("--factory", "billing.main:create_app", **data, **elsewhere) as (service, service_pid),
            serving("--factory", "gateway.main:create_app", **elsewhere, BILLING_URL=service) as (
                door,
                door_pid,
            ),
            serving("--factory", "books_floor:create_app", **data) as (floor, floor_pid),
        ):
            yield [
                Place(GATEWAY, door, "/api/health", (door_pid, service_pid, *database_pids)),
                Place(SERVICE, service, "/health", (service_pid, *database_pids)),
                Place(FLOOR, floor, "/invoices", (floor_pid, *database_pids)),
            ]


async def measure(desk: Desk, at: Sequence[Place], key: SigningKey) -> Measured:
    """Every operation at every place, in rounds by turns, so that whatever else the machine does hits all."""
    measured: dict[tuple[str, str], Times] = defaultdict(Times)
    connections = aiohttp.TCPConnector(limit_per_host=1, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connections, timeout=_PATIENCE) as session:
        for place in at:
            await answers(session, place.url + place.alive)
        for operation in OPERATIONS:
            session.headers["Authorization"] = f"Bearer {key.token_for('ROLE_RECEPTIONIST')}"
            warming = max(1, round(WARMING * operation.share / ROUND))
            for number in range(warming + max(1, round(QUESTIONS * operation.share / ROUND))):
                for place in at:
                    times = Times() if number < warming else measured[operation.name, place.name]
                    for _ in range(ROUND):
                        await _ask(session, operation, place, desk, times)
            _print_operation(operation, measured)
    return measured


async def _ask(
    session: aiohttp.ClientSession, operation: Operation, place: Place, desk: Desk, times: Times
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


async def measure_papers(desk: Desk, at: Sequence[Place], key: SigningKey) -> None:
    """Files and paper, at the service and, where people wait for them, through the gateway."""
    by_name_ = {place.name: place for place in at}
    door, service = by_name_[GATEWAY], by_name_[SERVICE]
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
        for place in (service, door):
            await answers(session, place.url + place.alive)
        papers = Papers(session, key, desk.books, desk.unprinted)
        await print_exports(papers, {GATEWAY: door.url, SERVICE: service.url}, service.pids[0])
        if desk.books.size == max(SIZES):
            await print_throughput(papers, service.url)
            await print_storm(papers, door.url)


def main() -> None:
    """Measures, and prints as it goes; nothing here fails for being slow."""
    key = SigningKey()
    print(f"Medians and 95th percentiles. MariaDB has innodb_buffer_pool_size={BUFFER_POOL}.")
    for engine in DATABASES:
        results: dict[int, Measured] = {}
        with SERVERS[engine]() as kept:
            for size in SIZES:
                url, desk = ledger(kept, size), Desk(Ledger(size))
                with RedisServer() as redis, places(url, kept.pids, redis.url, key) as at:
                    _print_head(engine, size)
                    results[size] = asyncio.run(measure(desk, at, key))
                with RedisServer() as redis, places(url, kept.pids, redis.url, key) as at:
                    asyncio.run(measure_papers(desk, at, key))
                asyncio.run(_tidied(url))
        _print_growth(engine, results)


async def _tidied(url: str) -> None:
    database = Database(url)
    await as_loaded(database)
    await database.close()


def _print_head(engine: str, size: int) -> None:
    print(f"\n{engine}, {size:,} invoices; milliseconds p50 / p95; CPU is that of all servers asked")
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
    print(f"\n{engine}: at {large:,} invoices / at {small:,}; p50, p95")
    print(f"{'':<24}" + "".join(f"{name:>15}" for name in (GATEWAY, "its CPU", SERVICE, "its CPU", FLOOR)))
    for operation in OPERATIONS:
        cells = []
        for place in (GATEWAY, SERVICE, FLOOR):
            before, after = (results[size][operation.name, place] for size in (small, large))
            cells += [ratios(after.taken, before.taken), ratios(after.spent, before.spent)]
        print(f"{operation.name:<24}" + "".join(f"{cell:>15}" for cell in cells[:5]))


if __name__ == "__main__":
    main()
