"""What this context holds about a patient: for her copy, and for what an erasure leaves.

Invoices are kept six years from the last entry in the books (Código de Comercio art. 30.1; GDPR art. 17.3.b);
the tax office's four (Ley General Tributaria arts. 66 and 70, RD 1619/2012 art. 19) are over by then."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, RowMapping, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.erasure import are_hers, drafts_of, own_customers, payer
from billing.adapters.tables import (
    customers,
    deliveries,
    draft_lines,
    invoice_drafts,
    invoice_lines,
    invoices,
    packs,
    payments,
    visits,
)
from billing.queries.held_fields import FIELDS
from shared_kernel.chassis.answers import camel
from shared_kernel.chassis.forgetting import changes_of, events_of
from shared_kernel.holdings import Holdings, Law, Section, said

_BOOK_YEARS = 6
_INVOICE = [c for c in invoices.c if c.name not in ("series", "search_text", "version", "blocked_for")]
_DRAFT = [c for c in invoice_drafts.c if c.name != "version"]
_PACK = [c for c in packs.c if c.name not in ("patient_id", "version")]
_DELIVERY = [
    deliveries.c[name]
    for name in ("invoice_id", "recipient", "language", "subject", "state", "sent_at", "created_at")
]
_VISIT = [c for c in visits.c if c.name not in ("patient_id", "version")]
_CUSTOMER = [
    str(c.name) for c in customers.c if c.name not in ("sort_key", "search_text", "version", "erased_at")
]
_PAYER = ("full_name", "tax_id", "address", "phone", "email", "rate", "customer_id")

_BOOKS = said(
    "Issued invoices and what is known of their making must be kept six years from the last entry in "
    "the books (Código de Comercio art. 30.1; Ley General Tributaria art. 66; RD 1619/2012 art. 19; GDPR "
    "art. 17.3.b). They are blocked (LOPDGDD art. 32).",
    "Las facturas emitidas y lo que consta de su emisión deben conservarse seis años desde el último asiento "
    "en los libros (Código de Comercio, art. 30.1; Ley General Tributaria, art. 66; RD 1619/2012, art. 19; "
    "RGPD, art. 17.3.b). Quedan bloqueadas (LOPDGDD, art. 32).",
)
_FOR_OTHERS = Law(
    "pays-for-others",
    said(
        "She also pays for the treatment of others: as their customer she is still needed (GDPR art. 6.1.b).",
        "También paga el tratamiento de otras personas: como cliente de ellas sigue siendo necesaria (RGPD, "
        "art. 6.1.b).",
    ),
    None,
)


async def holdings(connection: AsyncConnection, patient_id: UUID, now: datetime) -> Holdings:
    """All of it. A customer's record that is the patient's own goes, unless it is needed for others."""
    known = await payer(connection, patient_id)
    issued = await _issued(connection, patient_id, known["tax_id"] if known else None)
    own = await own_customers(connection, known) if known else []
    drafts = await _drafts(connection, known) if known else []
    sold = await _rows(connection, _PACK, packs.c.patient_id == patient_id)
    touched = [each["id"] for held in (issued, own, drafts, sold) for each in held]
    touched += await _delivery_ids(connection, [invoice["id"] for invoice in issued])
    books = _books_law([invoice["date"] for invoice in issued] or [now.date()])
    sections = (
        ("invoices", said("Invoices", "Facturas"), [_invoice(invoice) for invoice in issued], books),
        (
            "payer",
            said("The patient as billing knows them", "El paciente tal como lo conoce facturación"),
            await _payer(connection, known),
            None,
        ),
        (
            "customer",
            said("Customer's record", "Ficha de cliente"),
            [_customer(customer) for customer in own if not customer["needed"]],
            None,
        ),
        (
            "customer-of-others",
            said("Customer's record, also for others", "Ficha de cliente, también de otros"),
            [_customer(customer) for customer in own if customer["needed"]],
            _FOR_OTHERS,
        ),
        ("drafts", said("Drafts of invoices", "Borradores de facturas"), drafts, None),
        ("packs", said("Packs of sessions", "Bonos de sesiones"), sold, books),
        (
            "visits",
            said("Appointments as billing knows them", "Citas tal como las conoce facturación"),
            await _rows(connection, _VISIT, visits.c.patient_id == patient_id),
            None,
        ),
        (
            "changes",
            said("History of changes", "Historial de cambios"),
            await changes_of(connection, touched),
            books,
        ),
        ("events", said("Event log", "Registro de eventos"), await events_of(connection, touched), books),
    )
    return Holdings(
        [
            Section(name=name, title=title, fields=FIELDS, entries=entries, law=law)
            for name, title, entries, law in sections
        ]
    )


def _books_law(dates: Sequence[date]) -> Law:
    return Law("books", _BOOKS, date(max(dates).year + _BOOK_YEARS, 12, 31))


async def _issued(connection: AsyncConnection, patient_id: UUID, tax_id: str | None) -> list[dict[str, Any]]:
    hers = are_hers(patient_id, tax_id)
    found = await connection.execute(select(*_INVOICE).where(hers).order_by(invoices.c.number))
    lines = await _by_owner(connection, invoice_lines, "invoice_id", invoices, hers, "position")
    paid = await _by_owner(connection, payments, "invoice_id", invoices, hers, "created_at")
    sent = await _by_owner(connection, deliveries, "invoice_id", invoices, hers, "created_at", _DELIVERY)
    return [
        {**row, "lines": lines[row["id"]], "payments": paid[row["id"]], "deliveries": sent[row["id"]]}
        for row in found.mappings()
    ]


async def _delivery_ids(connection: AsyncConnection, invoice_ids: Sequence[UUID]) -> Sequence[UUID]:
    found = select(deliveries.c.id).where(deliveries.c.invoice_id.in_(invoice_ids))
    return (await connection.execute(found)).scalars().all()


async def _drafts(connection: AsyncConnection, known: RowMapping) -> list[dict[str, Any]]:
    hers = drafts_of(known)
    rows = await _rows(connection, _DRAFT, hers)
    lines = await _by_owner(connection, draft_lines, "draft_id", invoice_drafts, hers, "position")
    return [{**row, "lines": lines[row["id"]]} for row in rows]


async def _rows(
    connection: AsyncConnection, columns: Sequence[Column[Any]], hers: ColumnElement[bool]
) -> list[dict[str, Any]]:
    found = await connection.execute(select(*columns).where(hers).order_by(columns[0]))
    return [camel(row) for row in found.mappings()]


async def _by_owner(
    connection: AsyncConnection,
    table: Table,
    owner: str,
    owners: Table,
    hers: ColumnElement[bool],
    order: str,
    columns: Sequence[Column[Any]] | None = None,
) -> Mapping[UUID, list[dict[str, Any]]]:
    """The rows that belong to what is hers, each without its own and its owner's key and what few have."""
    left_out, rare = (owner, "position", "id"), ("appointment_id", "pack_sessions")
    found = select(*(columns or table.c)).join_from(table, owners).where(hers).order_by(table.c[order])
    by_owner: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in (await connection.execute(found)).mappings():
        shown = {
            name: value
            for name, value in row.items()
            if name not in left_out and not (name in rare and value is None)
        }
        by_owner[row[owner]].append(camel(shown))
    return by_owner


def _invoice(row: Mapping[str, Any]) -> dict[str, Any]:
    return camel({name: value for name, value in row.items() if name != "patient_id"})


def _customer(row: RowMapping) -> dict[str, Any]:
    return camel({name: row[name] for name in _CUSTOMER})


async def _payer(connection: AsyncConnection, known: RowMapping | None) -> list[dict[str, Any]]:
    """With the name of who pays, and no more of somebody who may be another (GDPR art. 15.4)."""
    if known is None:
        return []
    named = select(customers.c.full_name).where(customers.c.id == known["customer_id"])
    name = (await connection.execute(named)).scalar()
    return [camel({field: known[field] for field in _PAYER} | {"customer_name": name})]
