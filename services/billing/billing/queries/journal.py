"""The books of a year or a month as the accountant takes them over (docs/accountant-journal.md)."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, literal, select, tuple_

from billing.adapters.tables import invoices, payments
from billing.domain.numbering import Series
from billing.domain.payment import PaymentKind
from shared_kernel.chassis.database import Database

COLUMNS = (
    "entry",
    "date",
    "series",
    "number",
    "kind",
    "due_date",
    "customer_name",
    "tax_id",
    "taxable_base",
    "vat_rate",
    "vat_amount",
    "total",
    "exemption",
    "turnover",
    "rectifies",
    "reason",
    "payment_method",
    "payment_amount",
    "currency",
)
_EXEMPTION = "E1"
"""Exempt by article 20 of Ley 37/1992, in the tax office's list of keys (L10)."""
_NO_VAT = Decimal("0.00")
_PORTION = 500

Entry = Sequence[str | date | Decimal | None]
Shown = Callable[[str, str], str]
"""(series, number) → the number with the prefix that people see."""

_rectified = invoices.alias("rectified")


async def journal(
    database: Database, first: date, last: date, prefixes: Mapping[Series, str], *, blocked: bool
) -> AsyncIterator[Sequence[Entry]]:
    """The invoices dated from `first` to `last` by date and number, then the payments and refunds of those
    days; a portion at a time. Whose invoices are blocked, and what was written about them, is told when
    `blocked` ones may be seen."""

    def shown(series: str, number: str) -> str:
        return prefixes[Series(series)] + number

    async for rows in _portions(database, _invoices(first, last), ("date", "series", "number")):
        yield [_invoice_entry(row, shown, blocked) for row in rows]
    async for rows in _portions(database, _payments(first, last), ("date", "id")):
        yield [_payment_entry(row, shown, blocked) for row in rows]


async def _portions(
    database: Database, query: Select[Any], key: Sequence[str]
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    columns = [query.selected_columns[name] for name in key]
    ordered = query.order_by(*columns).limit(_PORTION)
    behind = ordered
    while True:
        async with database.reading() as connection:
            rows = (await connection.execute(behind)).mappings().all()
        if rows:
            yield [dict(row) for row in rows]
        if len(rows) < _PORTION:
            return
        last = [literal(rows[-1][name], column.type) for name, column in zip(key, columns, strict=True)]
        behind = ordered.where(columns[0] >= last[0], tuple_(*columns) > tuple_(*last))


def _invoices(first: date, last: date) -> Select[Any]:
    return (
        select(
            invoices,
            _rectified.c.series.label("rectified_series"),
            _rectified.c.number.label("rectified_number"),
        )
        .join_from(invoices, _rectified, _rectified.c.id == invoices.c.rectifies_id, isouter=True)
        .where(invoices.c.date.between(first, last))
    )


def _payments(first: date, last: date) -> Select[Any]:
    of_invoice = ("series", "number", "full_name", "tax_id", "currency", "blocked_for")
    return (
        select(payments, *(invoices.c[name] for name in of_invoice))
        .join_from(payments, invoices)
        .where(payments.c.date.between(first, last))
    )


def _who(row: Mapping[str, Any], blocked: bool) -> tuple[str | None, str | None]:
    hidden = row["blocked_for"] is not None and not blocked
    return (None, None) if hidden else (row["full_name"], row["tax_id"])


def _invoice_entry(row: Mapping[str, Any], shown: Shown, blocked: bool) -> Entry:
    name, tax_id = _who(row, blocked)
    rectified, is_told = row["rectified_number"], name is not None
    return (
        "invoice",
        row["date"],
        row["series"],
        shown(row["series"], row["number"]),
        row["kind"],
        row["due_date"],
        name,
        tax_id,
        row["amount"],
        _NO_VAT,
        _NO_VAT,
        row["amount"],
        _EXEMPTION,
        row["turnover"],
        rectified and shown(row["rectified_series"], rectified),
        row["reason"] if is_told else None,
        None,
        None,
        row["currency"],
    )


def _payment_entry(row: Mapping[str, Any], shown: Shown, blocked: bool) -> Entry:
    name, tax_id = _who(row, blocked)
    sign = -1 if row["kind"] == PaymentKind.REFUND else 1
    return (
        row["kind"],
        row["date"],
        row["series"],
        shown(row["series"], row["number"]),
        None,
        None,
        name,
        tax_id,
        *(None,) * 8,
        row["method"],
        sign * row["amount"],
        row["currency"],
    )
