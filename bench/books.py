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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from by_turns import (
    DATABASES,
    FLOOR,
    GATEWAY,
    PATIENCE,
    SERVICE,
    Asked,
    Operation,
    measure,
    places,
    print_growth,
    print_head,
    tidied,
)
from gateway_overhead import answers
from kept import BUFFER_POOL, SEED, SERVERS
from ledgers import LAST_YEAR, MOST_LINES, Ledger, as_loaded, ledger
from measuring import Measured, Place
from papers import WORKERS, Papers, print_exports, print_storm, print_throughput
from shared_kernel.text import fold
from testkit.servers import RedisServer
from testkit.tokens import SigningKey

SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000").split(",")]

_THINGS = "invoices"
_LETTERHEAD = {
    "COMPANY_NAME": "Fisioterapia Muñoz S.L.",
    "COMPANY_TAX_ID": "B12345674",
    "COMPANY_ADDRESS_LINE1": "Calle Mayor 1",
    "COMPANY_ADDRESS_LINE2": "28013 Madrid",
    "COMPANY_PHONE": "910 000 000",
    "COMPANY_EMAIL": "hola@clinica.example",
}


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
def asked_at(database_url: str, database_pids: tuple[int, ...], key: SigningKey) -> Iterator[list[Place]]:
    """A service that has printed nothing yet, and all that is measured beside it."""
    with RedisServer() as redis:
        told = {"BILLING_DATABASE_URL": database_url, "REDIS_URL": redis.url, "PDF_WORKERS": str(WORKERS)}
        told |= _LETTERHEAD
        with places("billing", "books_floor:create_app", "/invoices", told, database_pids, key) as at:
            yield at


async def measure_papers(desk: Desk, at: Sequence[Place], key: SigningKey) -> None:
    """Files and paper, at the service and, where people wait for them, through the gateway."""
    by_name_ = {place.name: place for place in at}
    door, service = by_name_[GATEWAY], by_name_[SERVICE]
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
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
                with asked_at(url, kept.pids, key) as at:
                    print_head(engine, size, _THINGS)
                    results[size] = asyncio.run(measure(OPERATIONS, desk, at, key))
                with asked_at(url, kept.pids, key) as at:
                    asyncio.run(measure_papers(desk, at, key))
                asyncio.run(tidied(url, as_loaded))
        print_growth(engine, _THINGS, OPERATIONS, results)


if __name__ == "__main__":
    main()
