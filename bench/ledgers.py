"""Books of many invoices to measure on: the ten years before FAR, as many invoices in each.

What is loaded is what issuing and paying it all would have left: customers, invoices, lines, payments and
counters, but no events and no audit. Days and people are fixed, so that kept books stay as they are."""

import asyncio
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, func, insert, select

from billing.adapters.lines import line_rows
from billing.adapters.tables import (
    customers,
    invoice_counters,
    invoice_lines,
    invoices,
    payers,
    payments,
)
from billing.domain.lines import InvoiceLine
from billing.main import MIGRATIONS
from demo.people import invent
from kept import SEED, Kept
from shared_kernel.chassis import schema
from shared_kernel.chassis.database import Database
from shared_kernel.text import fold

FAR = date(2026, 1, 1)
"""Nothing is loaded from here on: what measuring issues is dated later, and is removed afterwards."""

LAST_YEAR = FAR.year - 1
MOST_LINES = 5
_YEARS = 10
_BATCH = 5_000
_INVOICES_A_PATIENT = 20
_CURRENCY = "EUR"
_CONCEPTS = ("Sesión de fisioterapia", "Punción seca", "Drenaje linfático", "Valoración inicial", "Vendaje")
_METHODS = ("cash", "card", "transfer", "bizum")

Rows = dict[Table, list[dict[str, Any]]]


@dataclass(frozen=True)
class Patient:
    """Somebody who is billed; her record as a customer has the same id."""

    number: int

    @property
    def id(self) -> UUID:
        """Always the same."""
        return UUID(int=self.number + (2 << 100))

    @cached_property
    def face(self) -> dict[str, Any]:
        """What an invoice copies."""
        who = invent(SEED, self.number, FAR, FAR).particulars
        return {
            "full_name": f"{who.first_name} {who.last_name}",
            "tax_id": who.tax_id or f"AA{self.number:07}",
            "address": who.address or "Calle Mayor 1, 28013 Madrid",
            "phone": who.phone,
            "email": who.email,
        }

    def rows(self) -> Rows:
        """As patients told of her, and as a customer."""
        who, face = invent(SEED, self.number, FAR, FAR).particulars, self.face
        name = face["full_name"]
        customer = {name: value for name, value in face.items() if name != "address"} | {
            "id": self.id,
            "kind": "person",
            "first_name": who.first_name,
            "last_name": who.last_name,
            "sort_key": fold(f"{who.last_name} {who.first_name}"),
            "search_text": fold(f"{name} {face['tax_id']} {face['email'] or ''}"),
            "tax_id_warning": False,
            "billing_address": face["address"],
            "version": 1,
            "created_at": _moment(FAR),
            "updated_at": _moment(FAR),
        }
        payer = face | {"full_name": name[:151], "id": self.id, "customer_id": self.id, "version": 1}
        return {payers: [payer], customers: [customer]}


@dataclass(frozen=True)
class Ledger:
    """Books with that many invoices, counted from 1."""

    size: int

    @cached_property
    def patients(self) -> list[Patient]:
        """All who are billed."""
        return [Patient(n) for n in range(1, max(500, self.size // _INVOICES_A_PATIENT) + 1)]

    @property
    def a_year(self) -> int:
        """How many invoices each year has."""
        return self.size // _YEARS

    def invoice_id(self, place: int) -> UUID:
        """The ids rise as the numbers do."""
        return UUID(int=place + (3 << 100))

    def number(self, place: int) -> str:
        """`2025000001`."""
        year, before = divmod(place - 1, self.a_year)
        return f"{FAR.year - _YEARS + year:04}{before + 1:06}"

    def patient(self, place: int) -> Patient:
        """Everybody comes as often as the others."""
        return self.patients[place * 977 % len(self.patients)]

    def lines(self, place: int) -> int:
        """How many the invoice has."""
        return 1 + place % MOST_LINES

    def rows(self, place: int) -> Rows:
        """The invoice, one in ten unpaid and one in twenty paid in part."""
        number, day, id_ = self.number(place), self._day(place), self.invoice_id(place)
        lines = [
            InvoiceLine(
                concept=_CONCEPTS[n], description=None, quantity=Decimal(1), unit_price=Decimal(30 + 5 * n)
            )
            for n in range(self.lines(place))
        ]
        amount = sum(line.amount(_CURRENCY).amount for line in lines)
        paid = Decimal(0) if place % 10 == 3 else Decimal(10) if place % 20 == 7 else amount
        patient = self.patient(place)
        invoice = patient.face | {
            "id": id_,
            "series": "F",
            "number": number,
            "date": day,
            "due_date": day + timedelta(days=30),
            "customer_id": patient.id,
            "patient_id": patient.id,
            "search_text": fold(f"{number} {patient.face['full_name']} {patient.face['tax_id']}"),
            "currency": _CURRENCY,
            "amount": amount,
            "due": amount,
            "paid": paid,
            "turnover": amount,
            "kind": "ordinary",
            "status": "issued",
            "version": 2 if paid else 1,
            "created_at": _moment(day),
            "updated_at": _moment(day),
        }
        payment = {
            "id": UUID(int=place + (4 << 100)),
            "invoice_id": id_,
            "kind": "payment",
            "amount": paid,
            "method": _METHODS[place % len(_METHODS)],
            "date": day,
            "created_at": _moment(day),
        }
        return {
            invoices: [invoice],
            invoice_lines: line_rows("invoice_id", id_, lines, _CURRENCY),
            payments: [payment] if paid else [],
        }

    def counters(self) -> list[dict[str, Any]]:
        """Where each year has come to."""
        return [
            {"series": "F", "year": year, "last": self.a_year, "last_date": date(year, 12, 31)}
            for year in range(FAR.year - _YEARS, FAR.year)
        ]

    def _day(self, place: int) -> date:
        year, before = divmod(place - 1, self.a_year)
        return date(FAR.year - _YEARS + year, 1, 1) + timedelta(days=before * 365 // self.a_year)


def ledger(kept: Kept, size: int) -> str:
    """The URL of books with that many invoices. A load that was broken off is begun again."""
    prefix = f"billing_{size}_"
    name = prefix + version()
    kept.remove_all_but(name, prefix)
    if asyncio.run(_present(kept.url(name))) != size:
        kept.remove_all_but("", prefix)
        asyncio.run(_load(kept.url(name), Ledger(size)))
    return kept.url(name)


def version() -> str:
    """Changes with what is loaded; what the schema has become since is a matter of migrations."""
    sample = Ledger(10_000)
    rows = [sample.rows(place) for place in range(1, 10_000, 501)]
    rows += [patient.rows() for patient in sample.patients[::100]]
    told = [(table.name, each) for some in rows for table, all_ in some.items() for each in all_]
    return hashlib.sha256(repr((told, sample.counters())).encode()).hexdigest()[:8]


async def as_loaded(database: Database) -> None:
    """Remove what measuring has issued; its events and audit stay, as they do."""
    issued = select(invoices.c.id).where(invoices.c.date >= FAR)
    async with database.writing() as connection:
        ids = list((await connection.execute(issued)).scalars())
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            await connection.execute(delete(invoice_lines).where(invoice_lines.c.invoice_id.in_(some)))
            await connection.execute(delete(invoices).where(invoices.c.id.in_(some)))
        await connection.execute(delete(invoice_counters).where(invoice_counters.c.year >= FAR.year))
        await connection.commit()


async def _present(url: str) -> int:
    """How many invoices there are, once the schema is up to date and measuring has left nothing."""
    database = Database(url)
    await schema.migrate(database, MIGRATIONS)
    await as_loaded(database)
    async with database.reading() as connection:
        count = (await connection.execute(select(func.count()).select_from(invoices))).scalar_one()
        complete = (await connection.execute(select(invoice_counters.c.last).limit(1))).first()
    await database.close()
    return int(count) if complete else 0


async def _load(url: str, books: Ledger) -> None:
    database, began = Database(url), time.monotonic()
    await schema.migrate(database, MIGRATIONS)
    for batch in _batches(patient.rows() for patient in books.patients):
        await _insert(database, batch)
    loaded = 0
    for batch in _batches(books.rows(place) for place in range(1, books.size + 1)):
        await _insert(database, batch)
        loaded += len(batch[invoices])
        rate = loaded / (time.monotonic() - began)
        print(f"\rloading {books.size:,}: {loaded:,} invoices, {rate:,.0f} per second ", end="", flush=True)
    await _insert(database, {invoice_counters: books.counters()})
    await database.close()
    print(f"\rloading {books.size:,}: done in {time.monotonic() - began:,.0f} s{'':40}")


def _batches(things: Iterator[Rows]) -> Iterator[Rows]:
    batch: Rows = {}
    for count, rows in enumerate(things, 1):
        for table, some in rows.items():
            batch.setdefault(table, []).extend(some)
        if count % _BATCH == 0:
            yield batch
            batch = {}
    if batch:
        yield batch


async def _insert(database: Database, batch: Rows) -> None:
    async with database.writing() as connection:
        for table, rows in batch.items():
            if rows:
                await connection.execute(insert(table), rows)
        await connection.commit()


def _moment(day: date) -> datetime:
    return datetime.combine(day, clock(12), UTC)
