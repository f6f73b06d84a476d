"""What the screens of the invoices read: straight from the tables to plain rows."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    RowMapping,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.customers import present_id
from billing.adapters.invoices import read_payments, read_related
from billing.adapters.tables import invoice_lines, invoices
from billing.domain.invoice import InvoiceKind, InvoiceNotFound, Status
from billing.domain.numbering import Series
from billing.domain.payment import PaymentStatus
from shared_kernel.chassis.database import Cents, Database, Id
from shared_kernel.chassis.pagination import Listed, PageWish, read_page
from shared_kernel.text import fold

_SUMMARY = [
    invoices.c[name]
    for name in (
        "id",
        "series",
        "number",
        "kind",
        "date",
        "due_date",
        "full_name",
        "tax_id",
        "patient_id",
        "customer_id",
        "currency",
        "amount",
        "due",
        "paid",
        "status",
        "rectifies_id",
        "created_at",
    )
]
_INVOICE = [c for c in invoices.c if c.name not in ("search_text", "blocked_for", "turnover")]
_LINE = [c for c in invoice_lines.c if c.name not in ("invoice_id", "position")]
_NUMBER = (invoices.c.number, invoices.c.series)
_NOTHING = Decimal(0)
_PORTION = 500
_OUTSTANDING = type_coerce(invoices.c.due - invoices.c.paid, Cents)

_NOBODY = literal(UUID(int=0), Id)
_NOT_BLOCKED = func.coalesce(invoices.c.blocked_for, _NOBODY) == _NOBODY
"""Nearly all are not: asked plainly, both databases would read them by that index and then sort them all."""

_ORDERED = ("ix_invoices_date_number_series", "uq_invoices_number_series", "ix_invoices_amount_number_series")
_READ_THROUGH = f"IGNORE INDEX FOR ORDER BY ({', '.join(_ORDERED)})"
"""Few invoices have a word. MariaDB would look for them row by row in the order of an index, which takes
eight times as long as reading the table through and sorting the few."""

InvoiceOrder = Literal["date", "number", "amount"]
Standing = Literal["open", "unpaid", "part-paid", "paid", "overdue", "to-refund", "rectified"]
Prefixes = Mapping[Series, str]


@dataclass(frozen=True, kw_only=True)
class InvoiceFilter:
    """Which invoices are wanted; None and blank want all. Those of erased patients are `blocked`: they are
    listed by themselves or not at all. `today` decides what is overdue."""

    today: date
    search: str = ""
    year: int | None = None
    since: date | None = None
    until: date | None = None
    customer_id: UUID | None = None
    patient_id: UUID | None = None
    series: Series | None = None
    standing: Standing | None = None
    blocked: bool = False


async def listed_invoices(
    connection: AsyncConnection,
    wanted: InvoiceFilter,
    prefixes: Prefixes,
    order: InvoiceOrder,
    wish: PageWish,
) -> Listed:
    """A page of the invoices, the newest or highest first. A number is found with or without its prefix."""
    return await read_page(connection, found_invoices(wanted, prefixes, order), wish)


def found_invoices(wanted: InvoiceFilter, prefixes: Prefixes, order: InvoiceOrder) -> Select[Any]:
    """All of the list, in order."""
    latest = [column.desc() for column in _sort_key(order)]
    query = select(*_SUMMARY).where(*_conditions(wanted, prefixes)).order_by(*latest)
    return query.with_hint(invoices, _READ_THROUGH, "mariadb") if wanted.search else query


async def portions(
    database: Database, wanted: InvoiceFilter, prefixes: Prefixes, order: InvoiceOrder
) -> AsyncIterator[Sequence[RowMapping]]:
    """All of the list, a portion at a time, each behind the last row of the one before: what is issued
    meanwhile shifts nothing, and no connection waits for a slow reader."""
    key = _sort_key(order)
    query = found_invoices(wanted, prefixes, order).limit(_PORTION)
    behind = query
    while True:
        async with database.reading() as connection:
            rows = (await connection.execute(behind)).mappings().all()
        if rows:
            yield rows
        if len(rows) < _PORTION:
            return
        last = [literal(rows[-1][column.name], column.type) for column in key]
        behind = query.where(key[0] <= last[0], tuple_(*key) < tuple_(*last))


def _sort_key(order: InvoiceOrder) -> Sequence[Column[Any]]:
    first: dict[InvoiceOrder, Sequence[Column[Any]]] = {
        "date": (invoices.c.date,),
        "number": (),
        "amount": (invoices.c.amount,),
    }
    return (*first[order], *_NUMBER)


async def totals(connection: AsyncConnection, wanted: InvoiceFilter, prefixes: Prefixes) -> dict[str, Any]:
    """How many there are in the list, what they add to the turnover, and what of it is not paid."""
    unpaid = case((invoices.c.due > invoices.c.paid, _OUTSTANDING))
    added = select(func.count(), func.sum(invoices.c.turnover), func.sum(type_coerce(unpaid, Cents))).where(
        *_conditions(wanted, prefixes)
    )
    count, amount, outstanding = (await connection.execute(added)).one()
    return {"count": count, "amount": f"{amount or 0:.2f}", "unpaid": f"{outstanding or 0:.2f}"}


def _conditions(wanted: InvoiceFilter, prefixes: Prefixes) -> list[ColumnElement[bool]]:
    column = invoices.c
    conditions = [
        column.blocked_for.is_not(None) if wanted.blocked else _NOT_BLOCKED,
        *(_has_word(word, prefixes) for word in _words(wanted.search, prefixes)),
    ]
    if wanted.year is not None:
        conditions.append(column.date.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.since is not None:
        conditions.append(column.date >= wanted.since)
    if wanted.until is not None:
        conditions.append(column.date <= wanted.until)
    if wanted.customer_id is not None:
        conditions.append(column.customer_id == present_id(wanted.customer_id))
    if wanted.patient_id is not None:
        conditions.append(column.patient_id == wanted.patient_id)
    if wanted.series is not None:
        conditions.append(column.series == wanted.series.value)
    if wanted.standing is not None:
        conditions.append(_stands(wanted.standing, wanted.today))
    return conditions


def _stands(standing: Standing, today: date) -> ColumnElement[bool]:
    """As `Account.status` says it of one."""
    column = invoices.c
    still, level = column.paid < column.due, column.paid == column.due
    late = column.due_date < today
    rectified = column.status == Status.RECTIFIED.value
    conditions: dict[str, ColumnElement[bool]] = {
        "open": column.paid != column.due,
        PaymentStatus.UNPAID: and_(still, column.paid == _NOTHING, ~late),
        PaymentStatus.PART_PAID: and_(still, column.paid > _NOTHING, ~late),
        PaymentStatus.OVERDUE: and_(still, late),
        PaymentStatus.TO_REFUND: column.paid > column.due,
        PaymentStatus.PAID: and_(level, ~rectified, column.kind != InvoiceKind.DIFFERENCE.value),
        PaymentStatus.RECTIFIED: and_(level, rectified),
    }
    return conditions[standing]


def _words(search: str, prefixes: Prefixes) -> Sequence[str]:
    """Folded; a prefix that stands before its number is put to it: `f 2026000001` → `f2026000001`."""
    known = {fold(prefix) for prefix in prefixes.values()}
    words: list[str] = []
    for word in fold(search).split():
        if words and words[-1] in known and word.isdecimal():
            words[-1] += word
        else:
            words.append(word)
    return words


def _has_word(word: str, prefixes: Prefixes) -> ColumnElement[bool]:
    numbered = [
        and_(
            invoices.c.series == series.value,
            invoices.c.number.contains(word.removeprefix(fold(prefix)), autoescape=True),
        )
        for series, prefix in prefixes.items()
        if prefix and word.startswith(fold(prefix)) and word.removeprefix(fold(prefix)).isdecimal()
    ]
    return or_(invoices.c.search_text.contains(word, autoescape=True), *numbered)


async def issued_row(connection: AsyncConnection, invoice_id: UUID, *, blocked: bool) -> RowMapping:
    """One invoice without what belongs to it; a blocked one only for those who may see it. Raises
    InvoiceNotFound."""
    wanted = select(*_INVOICE).where(invoices.c.id == invoice_id)
    found = await connection.execute(wanted if blocked else wanted.where(invoices.c.blocked_for.is_(None)))
    row: RowMapping | None = found.mappings().first()
    if row is None:
        raise InvoiceNotFound
    return row


async def issued_invoice(connection: AsyncConnection, invoice_id: UUID, *, blocked: bool) -> dict[str, Any]:
    """One invoice with its `lines`, `payments` and `related` invoices; a blocked one only for those who may
    see it. Raises InvoiceNotFound."""
    row = await issued_row(connection, invoice_id, blocked=blocked)
    of_it = select(*_LINE).where(invoice_lines.c.invoice_id == invoice_id)
    lines = (await connection.execute(of_it.order_by(invoice_lines.c.position))).mappings()
    paid = await read_payments(connection, invoice_id)
    related = await read_related(connection, invoice_id, row["rectifies_id"])
    return {
        **row,
        "lines": [dict(line) for line in lines],
        "payments": [{name: each[name] for name in each if name != "invoice_id"} for each in paid],
        "related": [dict(each) for each in related],
    }


async def invoice_stats(connection: AsyncConnection, today: date) -> dict[str, Any]:
    """How many invoices this year has, and what this month's come to; no invoice is dated after `today`."""
    this_month = case((invoices.c.date >= today.replace(day=1), invoices.c.turnover))
    counted = select(func.count(), func.sum(this_month)).where(
        invoices.c.date.between(date(today.year, 1, 1), date(today.year, 12, 31))
    )
    count, revenue = (await connection.execute(counted)).one()
    return {"invoicesThisYear": count, "revenueThisMonth": f"{revenue or 0:.2f}"}
