"""What the screens of billing read: straight from the tables to plain rows."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.tables import customers, invoice_lines, invoices, payers
from billing.domain.customer import CustomerNotFound, PatientErased, PayerNotFound
from billing.domain.invoice import InvoiceNotFound
from shared_kernel.chassis.pagination import Listed, PageWish, read_page
from shared_kernel.text import fold

_CUSTOMER = [c for c in customers.c if c.name not in ("sort_key", "search_text", "erased_at")]
_SUMMARY = [
    invoices.c[name]
    for name in (
        "id",
        "number",
        "date",
        "full_name",
        "tax_id",
        "patient_id",
        "customer_id",
        "currency",
        "amount",
        "status",
        "created_at",
    )
]
_INVOICE = [c for c in invoices.c if c.name not in ("series", "search_text", "blocked_for")]
_LINE = [c for c in invoice_lines.c if c.name not in ("invoice_id", "position")]
_LATEST_NUMBER = (invoices.c.number.desc(), invoices.c.id.desc())

CustomerOrder = Literal["name", "taxId", "email"]
InvoiceOrder = Literal["date", "number", "amount"]


async def customer(connection: AsyncConnection, customer_id: UUID) -> RowMapping:
    """One customer. Raises CustomerNotFound."""
    present = customers.c.erased_at.is_(None)
    found = await connection.execute(select(*_CUSTOMER).where(customers.c.id == customer_id, present))
    row: RowMapping | None = found.mappings().first()
    if row is None:
        raise CustomerNotFound
    return row


async def listed_customers(
    connection: AsyncConnection, search: str, order: CustomerOrder, wish: PageWish
) -> Listed:
    """A page of the customers. Every word of `search` must occur, whatever its case and accents."""
    by: dict[CustomerOrder, tuple[ColumnElement[Any], ...]] = {
        "name": (customers.c.sort_key,),
        "taxId": (customers.c.tax_id,),
        "email": (customers.c.email.is_(None), func.lower(customers.c.email)),
    }
    query = select(*_CUSTOMER).where(
        customers.c.erased_at.is_(None), _has_words(customers.c.search_text, fold(search))
    )
    return await read_page(connection, query.order_by(*by[order], customers.c.id), wish)


@dataclass(frozen=True)
class InvoiceFilter:
    """Which invoices are wanted; None and blank want all. Those of erased patients are `blocked`: they are
    listed by themselves or not at all."""

    search: str = ""
    year: int | None = None
    customer_id: UUID | None = None
    patient_id: UUID | None = None
    blocked: bool = False


async def listed_invoices(
    connection: AsyncConnection, wanted: InvoiceFilter, prefix: str, order: InvoiceOrder, wish: PageWish
) -> Listed:
    """A page of the invoices, the newest or highest first. A number is found with or without `prefix`."""
    by: dict[InvoiceOrder, tuple[ColumnElement[Any], ...]] = {
        "date": (invoices.c.date.desc(),),
        "number": (),
        "amount": (invoices.c.amount.desc(),),
    }
    query = select(*_SUMMARY).where(*_conditions(wanted, prefix))
    return await read_page(connection, query.order_by(*by[order], *_LATEST_NUMBER), wish)


def _conditions(wanted: InvoiceFilter, prefix: str) -> list[ColumnElement[bool]]:
    blocked_for = invoices.c.blocked_for
    conditions = [
        blocked_for.is_not(None) if wanted.blocked else blocked_for.is_(None),
        _has_words(invoices.c.search_text, _without_prefix(fold(wanted.search), fold(prefix))),
    ]
    if wanted.year is not None:
        conditions.append(invoices.c.date.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.customer_id is not None:
        conditions.append(invoices.c.customer_id == wanted.customer_id)
    if wanted.patient_id is not None:
        conditions.append(invoices.c.patient_id == wanted.patient_id)
    return conditions


def _without_prefix(search: str, prefix: str) -> str:
    """`f2026000001 munoz` → `2026000001 munoz`. A tax id that begins like the prefix is found all the same:
    what is left of it occurs in it."""
    return re.sub(rf"(?<!\S){re.escape(prefix)}\s?(?=\d)", "", search) if prefix else search


def _has_words(column: ColumnElement[str], search: str) -> ColumnElement[bool]:
    return and_(True, *(column.contains(word, autoescape=True) for word in search.split()))


async def issued_invoice(connection: AsyncConnection, invoice_id: UUID, *, blocked: bool) -> dict[str, Any]:
    """One invoice with its `lines`, in their order; a blocked one only for those who may see it. Raises
    InvoiceNotFound."""
    wanted = select(*_INVOICE).where(invoices.c.id == invoice_id)
    found = await connection.execute(wanted if blocked else wanted.where(invoices.c.blocked_for.is_(None)))
    row = found.mappings().first()
    if row is None:
        raise InvoiceNotFound
    of_it = select(*_LINE).where(invoice_lines.c.invoice_id == invoice_id)
    lines = await connection.execute(of_it.order_by(invoice_lines.c.position))
    return {**row, "lines": [dict(line) for line in lines.mappings()]}


async def is_payer(connection: AsyncConnection, patient_id: UUID) -> bool:
    """True when billing has heard of the patient."""
    found = await connection.execute(select(payers.c.id).where(payers.c.id == patient_id))
    return found.first() is not None


async def prefill_for_patient(connection: AsyncConnection, patient_id: UUID) -> dict[str, Any]:
    """Whom to bill for a patient: the customer named on the patient's page, else the one with the patient's
    tax id, else the patient. Raises PayerNotFound, PatientErased."""
    is_theirs = and_(
        customers.c.erased_at.is_(None),
        or_(customers.c.id == payers.c.customer_id, customers.c.tax_id == payers.c.tax_id),
    )
    joined = select(payers, *_prefixed_customer()).select_from(payers.outerjoin(customers, is_theirs))
    named_first = case((customers.c.id == payers.c.customer_id, 0), else_=1)
    found = await connection.execute(joined.where(payers.c.id == patient_id).order_by(named_first).limit(1))
    row = found.mappings().first()
    if row is None:
        raise PayerNotFound
    if row["erased_at"] is not None:
        raise PatientErased
    if row["customer_row_id"] is not None:
        return _prefill(patient_id, row["customer_row_id"], row, "customer_")
    return _prefill(patient_id, None, row, "")


async def prefill_for_customer(connection: AsyncConnection, customer_id: UUID) -> dict[str, Any]:
    """What an invoice to a customer starts from. Raises CustomerNotFound."""
    present = customers.c.erased_at.is_(None)
    found = await connection.execute(
        select(*_prefixed_customer()).where(customers.c.id == customer_id, present)
    )
    row = found.mappings().first()
    if row is None:
        raise CustomerNotFound
    return _prefill(None, customer_id, row, "customer_")


def _prefixed_customer() -> list[ColumnElement[Any]]:
    return [
        customers.c.id.label("customer_row_id"),
        customers.c.full_name.label("customer_full_name"),
        customers.c.tax_id.label("customer_tax_id"),
        customers.c.billing_address.label("customer_address"),
        customers.c.phone.label("customer_phone"),
        customers.c.email.label("customer_email"),
    ]


def _prefill(
    patient_id: UUID | None, customer_id: UUID | None, row: RowMapping, prefix: str
) -> dict[str, Any]:
    names = ("full_name", "tax_id", "address", "phone", "email")
    copied = {name: row[f"{prefix}{name}"] for name in names}
    return {"patient_id": patient_id, "customer_id": customer_id, **copied, "lines": []}


async def invoice_stats(connection: AsyncConnection, today: date) -> dict[str, Any]:
    """How many invoices this year has, and what this month's come to; no invoice is dated after `today`."""
    this_month = case((invoices.c.date >= today.replace(day=1), invoices.c.amount))
    counted = select(func.count(), func.sum(this_month)).where(
        invoices.c.date.between(date(today.year, 1, 1), date(today.year, 12, 31))
    )
    count, revenue = (await connection.execute(counted)).one()
    return {"invoicesThisYear": count, "revenueThisMonth": f"{revenue or 0:.2f}"}
