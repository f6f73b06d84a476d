"""Invoices with their lines, payments and counters in MariaDB or SQLite."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.lines import line_rows, read_lines
from billing.adapters.recorded_work import RecordedWork
from billing.adapters.tables import invoice_counters, invoice_lines, invoices, payments
from billing.domain.invoice import (
    Invoice,
    InvoiceKind,
    InvoiceNotFound,
    Rectification,
    RelatedInvoice,
    Status,
)
from billing.domain.lines import BillTo, InvoiceContent, InvoiceLine
from billing.domain.numbering import Neighbourhood, Series, SeriesPlace
from billing.domain.payment import Account, Method, Payment, PaymentKind
from shared_kernel.chassis.upsert import upsert
from shared_kernel.money import Money
from shared_kernel.text import fold


class SqlInvoices:
    """What was billed: a row each, and a row for each line and payment."""

    def __init__(self, work: RecordedWork) -> None:
        self._work = work
        self._kept_payments: set[UUID] = set()

    async def get(self, id: UUID, *, blocked: bool) -> Invoice:  # noqa: A002
        """Raises InvoiceNotFound."""
        row = await self._work.load(invoices, id, lock=True)
        if row is None or (row["blocked_for"] is not None and not blocked):
            raise InvoiceNotFound
        connection = self._work.connection
        paid = await read_payments(connection, id)
        related = await read_related(connection, id, row["rectifies_id"])
        self._kept_payments |= {payment["id"] for payment in paid}
        return _invoice(row, await read_lines(connection, invoice_lines, "invoice_id", id), paid, related)

    async def is_blocked(self, invoice: Invoice) -> bool:
        """One statement."""
        blocked = select(invoices.c.blocked_for).where(invoices.c.id == invoice.id)
        return (await self._work.connection.execute(blocked)).scalar() is not None

    async def next_place(self, series: Series, day: date) -> SeriesPlace:
        """Raises the counter row of the year, which stays locked until the commit."""
        counter, key = invoice_counters.c, {"series": series.value, "year": day.year}
        raised = {
            "last": counter.last + 1,
            "last_date": case((counter.last_date < day, day), else_=counter.last_date),
        }
        await upsert(
            self._work.connection,
            invoice_counters,
            ["series", "year"],
            key | {"last": 1, "last_date": day},
            raised,
        )
        read = select(counter.last, counter.last_date).where(
            counter.series == series.value, counter.year == day.year
        )
        place = (await self._work.connection.execute(read)).one()
        return SeriesPlace(series, day.year, place.last, place.last_date)

    async def around(self, invoice: Invoice, number: str) -> Neighbourhood:
        """Locks the counters of the number's year and of the one it leaves."""
        for year in sorted({int(number[:4]), int(invoice.number[:4])}):
            key = {"series": invoice.series.value, "year": year}
            untouched = {"last": invoice_counters.c.last}
            first = key | {"last": 0, "last_date": invoice.content.date}
            await upsert(self._work.connection, invoice_counters, ["series", "year"], first, untouched)
        others = and_(_of_year(invoice.series, int(number[:4])), invoices.c.id != invoice.id)
        found = await self._work.connection.execute(
            select(
                func.max(invoices.c.number).label("highest"),
                func.max(case((invoices.c.number == number, 1), else_=0)).label("taken"),
                func.max(case((invoices.c.number < number, invoices.c.date))).label("before"),
                func.min(case((invoices.c.number > number, invoices.c.date))).label("after"),
            ).where(others)
        )
        row = found.mappings().one()
        own = [invoice.number] if invoice.number[:4] == number[:4] else []
        numbers = [each for each in (row["highest"], *own) if each]
        return Neighbourhood(
            bool(row["taken"]), max((int(n[4:]) for n in numbers), default=0), row["before"], row["after"]
        )

    async def add(self, invoice: Invoice) -> None:
        """Keep it for ever."""
        await self._work.insert(invoices, invoice, _row(invoice))
        await self._insert_lines(invoice)

    async def save(self, invoice: Invoice) -> None:
        """Raises Stale."""
        await self._work.update(invoices, invoice, _row(invoice))
        new = [payment for payment in invoice.payments if payment.id not in self._kept_payments]
        if new:
            rows = [_payment_row(invoice.id, payment) for payment in new]
            await self._work.connection.execute(insert(payments), rows)

    async def rewrite(self, invoice: Invoice, before: Invoice) -> None:
        """The audit is told of changed lines too. Raises Stale."""
        await self._work.update(invoices, invoice, _row(invoice))
        if invoice.content.lines != before.content.lines:
            self._work.note_change("lines", _told(before.content.lines), _told(invoice.content.lines))
        mine = invoice_lines.c.invoice_id == invoice.id
        await self._work.connection.execute(delete(invoice_lines).where(mine))
        await self._insert_lines(invoice)
        for year in sorted({before.number[:4], invoice.number[:4]}):
            await self._recount(invoice.series, int(year))

    async def hand_over_payments(self, rectified: Invoice, replacement: Invoice) -> None:
        """In one statement."""
        theirs = update(payments).where(payments.c.invoice_id == rectified.id)
        await self._work.connection.execute(theirs.values(invoice_id=replacement.id))

    async def _insert_lines(self, invoice: Invoice) -> None:
        content = invoice.content
        rows = line_rows("invoice_id", invoice.id, content.lines, content.currency)
        await self._work.connection.execute(insert(invoice_lines), rows)

    async def _recount(self, series: Series, year: int) -> None:
        """The locked counter is where the numbers are: the next one leaves no hole."""
        last = select(func.max(invoices.c.number), func.max(invoices.c.date)).where(_of_year(series, year))
        number, day = (await self._work.connection.execute(last)).one()
        counter = invoice_counters.c
        mine = and_(counter.series == series.value, counter.year == year)
        if number is None:
            await self._work.connection.execute(delete(invoice_counters).where(mine))
            return
        counted = update(invoice_counters).where(mine).values(last=int(number[4:]), last_date=day)
        await self._work.connection.execute(counted)


async def read_payments(connection: AsyncConnection, invoice_id: UUID) -> Sequence[RowMapping]:
    """What was paid on an invoice and given back, in that order."""
    found = select(payments).where(payments.c.invoice_id == invoice_id)
    return (await connection.execute(found.order_by(payments.c.created_at, payments.c.id))).mappings().all()


async def read_related(
    connection: AsyncConnection, invoice_id: UUID, rectifies_id: UUID | None
) -> Sequence[RowMapping]:
    """What an invoice rectifies, and what rectifies it. They are put in order here: asked to, SQLite would
    read all invoices in that order to find the few."""
    columns = [invoices.c[name] for name in ("id", "series", "number", "kind", "date", "amount")]
    related = invoices.c.rectifies_id == invoice_id
    if rectifies_id is not None:
        related = or_(related, invoices.c.id == rectifies_id)
    found = (await connection.execute(select(*columns).where(related))).mappings()
    return sorted(found, key=lambda each: (each["date"], each["series"], each["number"]))


def _of_year(series: Series, year: int) -> ColumnElement[bool]:
    first, last = f"{year:04}000000", f"{year:04}999999"
    return and_(invoices.c.series == series.value, invoices.c.number.between(first, last))


def _told(lines: Sequence[InvoiceLine]) -> list[list[str]]:
    return [
        [line.concept, line.description or "", str(line.quantity), str(line.unit_price)] for line in lines
    ]


def _invoice(
    row: RowMapping,
    lines: Sequence[InvoiceLine],
    paid: Sequence[RowMapping],
    related: Sequence[RowMapping],
) -> Invoice:
    def money(amount: Decimal) -> Money:
        return Money(amount, row["currency"])

    content = InvoiceContent(
        date=row["date"],
        due_date=row["due_date"],
        customer_id=row["customer_id"],
        patient_id=row["patient_id"],
        currency=row["currency"],
        lines=lines,
    )
    rectification = None
    if row["rectifies_id"] is not None:
        rectification = Rectification(row["rectifies_id"], InvoiceKind(row["kind"]), row["reason"])
    return Invoice(
        id=row["id"],
        version=row["version"],
        series=Series(row["series"]),
        number=row["number"],
        bill_to=BillTo(
            full_name=row["full_name"],
            tax_id=row["tax_id"],
            address=row["address"],
            phone=row["phone"],
            email=row["email"],
        ),
        content=content,
        account=Account(money(row["due"]), money(row["paid"])),
        turnover=money(row["turnover"]),
        status=Status(row["status"]),
        rectification=rectification,
        payments=[_payment(each, money) for each in paid],
        related=[_related(each, money) for each in related],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _row(invoice: Invoice) -> dict[str, Any]:
    content, bill_to, rectification = invoice.content, invoice.bill_to, invoice.rectification
    searched = f"{invoice.number} {bill_to.full_name} {bill_to.tax_id or ''}"
    return {
        **asdict(bill_to),
        "series": invoice.series.value,
        "number": invoice.number,
        "kind": invoice.kind.value,
        "rectifies_id": rectification and rectification.rectifies_id,
        "reason": rectification and rectification.reason,
        "date": content.date,
        "due_date": content.due_date,
        "customer_id": content.customer_id,
        "patient_id": content.patient_id,
        "search_text": fold(searched)[:500],
        "currency": content.currency,
        "amount": content.amount.amount,
        "due": invoice.account.due.amount,
        "paid": invoice.account.paid.amount,
        "turnover": invoice.turnover.amount,
        "status": invoice.status.value,
        "created_at": invoice.created_at,
        "updated_at": invoice.updated_at,
    }


def _payment(row: RowMapping, money: Callable[[Decimal], Money]) -> Payment:
    return Payment(
        id=row["id"],
        kind=PaymentKind(row["kind"]),
        amount=money(row["amount"]),
        method=Method(row["method"]),
        date=row["date"],
        created_at=row["created_at"],
    )


def _related(row: RowMapping, money: Callable[[Decimal], Money]) -> RelatedInvoice:
    return RelatedInvoice(
        row["id"],
        Series(row["series"]),
        row["number"],
        InvoiceKind(row["kind"]),
        row["date"],
        money(row["amount"]),
    )


def _payment_row(invoice_id: UUID, payment: Payment) -> dict[str, Any]:
    return {
        "id": payment.id,
        "invoice_id": invoice_id,
        "kind": payment.kind.value,
        "amount": payment.amount.amount,
        "method": payment.method.value,
        "date": payment.date,
        "created_at": payment.created_at,
    }
