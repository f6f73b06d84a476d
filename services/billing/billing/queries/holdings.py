"""What this context holds about a patient: for her copy, and for what an erasure leaves.

Invoices are kept six years from the last entry in the books (Código de Comercio art. 30.1; GDPR art. 17.3.b);
the tax office's four (Ley General Tributaria arts. 66 and 70, RD 1619/2012 art. 19) are over by then."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.erasure import are_hers, own_customers, payer
from billing.adapters.tables import customers, invoice_lines, invoices
from shared_kernel.chassis.answers import camel
from shared_kernel.chassis.forgetting import changes_of, events_of
from shared_kernel.holdings import Field, Holdings, Kind, Law, Section, said

_BOOK_YEARS = 6
_INVOICE = [c for c in invoices.c if c.name not in ("series", "search_text", "version", "blocked_for")]
_LINE = [c for c in invoice_lines.c if c.name != "position"]
_CUSTOMER = [
    str(c.name) for c in customers.c if c.name not in ("sort_key", "search_text", "version", "erased_at")
]
_PAYER = ("full_name", "tax_id", "address", "phone", "email", "rate", "customer_id")


_FIELDS: Mapping[str, Field] = {
    "id": Field(said("Identifier", "Identificador"), Kind.IDENTIFIER),
    "number": Field(said("Number", "Número")),
    "date": Field(said("Date", "Fecha"), Kind.DATE),
    "customerId": Field(said("Customer's identifier", "Identificador del cliente"), Kind.IDENTIFIER),
    "customerName": Field(said("Who pays", "Quién paga")),
    "patientId": Field(said("Patient", "Paciente"), Kind.IDENTIFIER),
    "kind": Field(
        said("Kind", "Tipo"),
        choices={"person": said("Person", "Persona"), "company": said("Company", "Empresa")},
    ),
    "firstName": Field(said("First name", "Nombre")),
    "lastName": Field(said("Last name", "Apellidos")),
    "fullName": Field(said("Name", "Nombre")),
    "taxId": Field(said("Tax ID", "NIF/CIF")),
    "taxIdWarning": Field(said("Doubtful tax ID", "NIF/CIF dudoso"), Kind.FLAG),
    "address": Field(said("Address", "Dirección")),
    "billingAddress": Field(said("Billing address", "Dirección de facturación")),
    "phone": Field(said("Phone", "Teléfono")),
    "email": Field(said("E-mail", "Correo electrónico")),
    "rate": Field(said("Rate", "Tarifa"), Kind.AMOUNT),
    "currency": Field(said("Currency", "Moneda")),
    "amount": Field(said("Amount", "Importe"), Kind.AMOUNT),
    "status": Field(said("Status", "Estado"), choices={"issued": said("Issued", "Emitida")}),
    "lines": Field(said("Lines", "Líneas")),
    "concept": Field(said("Concept", "Concepto")),
    "description": Field(said("Description", "Descripción")),
    "quantity": Field(said("Quantity", "Cantidad"), Kind.AMOUNT),
    "unitPrice": Field(said("Price", "Precio"), Kind.AMOUNT),
    "series": Field(said("Series", "Serie")),
    "createdAt": Field(said("Created", "Creación"), Kind.INSTANT),
    "updatedAt": Field(said("Last change", "Última modificación"), Kind.INSTANT),
    "occurredAt": Field(said("When", "Cuándo"), Kind.INSTANT),
    "actorName": Field(said("Who", "Quién")),
    "operation": Field(
        said("Operation", "Operación"),
        choices={
            "created": said("Created", "Creación"),
            "updated": said("Changed", "Modificación"),
            "deleted": said("Deleted", "Eliminación"),
        },
    ),
    "entityType": Field(
        said("Of what", "De qué"),
        choices={"Invoice": said("Invoice", "Factura"), "Customer": said("Customer", "Cliente")},
    ),
    "changes": Field(said("Changes", "Cambios"), Kind.CHANGES),
    "seq": Field(said("Place in the log", "Lugar en el registro")),
    "name": Field(said("Event", "Evento")),
}

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
    touched = [invoice["id"] for invoice in issued] + [customer["id"] for customer in own]
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
            Section(name=name, title=title, fields=_FIELDS, entries=entries, law=law)
            for name, title, entries, law in sections
        ]
    )


def _books_law(dates: Sequence[date]) -> Law:
    return Law("books", _BOOKS, date(max(dates).year + _BOOK_YEARS, 12, 31))


async def _issued(connection: AsyncConnection, patient_id: UUID, tax_id: str | None) -> list[dict[str, Any]]:
    hers = are_hers(patient_id, tax_id)
    found = await connection.execute(select(*_INVOICE).where(hers).order_by(invoices.c.number))
    of_them = select(*_LINE).join_from(invoice_lines, invoices).where(hers)
    lines: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for line in (await connection.execute(of_them.order_by(invoice_lines.c.position))).mappings():
        lines[line["invoice_id"]].append(camel({n: v for n, v in line.items() if n != "invoice_id"}))
    return [{**row, "lines": lines[row["id"]]} for row in found.mappings()]


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
