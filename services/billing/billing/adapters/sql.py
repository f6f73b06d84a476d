"""Customers and invoices in MariaDB or SQLite."""

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, case, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.tables import customers, invoice_counters, invoice_lines, invoices, payers
from billing.domain.customer import (
    Customer,
    CustomerDetails,
    CustomerNotFound,
    Kind,
    PatientErased,
    TaxIdTaken,
    search_words,
)
from billing.domain.invoice import Invoice, Series, SeriesPlace
from shared_kernel.chassis.database import is_duplicate
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import UnitOfWork
from shared_kernel.chassis.upsert import upsert
from shared_kernel.text import fold


class SqlWork(UnitOfWork):
    """A transaction on this context's schema."""

    def __init__(self, connection: AsyncConnection, origin: Origin, now: datetime) -> None:
        super().__init__(connection, "billing", origin, now)
        self.customers = SqlCustomers(self)
        self.payers = SqlPayers(self)
        self.invoices = SqlInvoices(self)


class SqlCustomers:
    """Who can be billed, in one table."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def get(self, id: UUID) -> Customer:  # noqa: A002
        """Raises CustomerNotFound."""
        present = select(customers).where(customers.c.id == id, customers.c.erased_at.is_(None))
        shared = present.with_for_update(read=True)
        row = (await self._work.connection.execute(shared)).mappings().first()
        if row is None:
            raise CustomerNotFound
        return _customer(row)

    async def add(self, customer: Customer) -> None:
        """Raises TaxIdTaken."""
        try:
            await self._work.insert(customers, customer, _customer_row(customer))
        except IntegrityError as error:
            raise (TaxIdTaken() if is_duplicate(error, "customers", "tax_id") else error) from error


class SqlPayers:
    """The picture of the patients."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def expect_billable(self, id: UUID) -> None:  # noqa: A002
        """Raises PatientErased."""
        shared = select(payers.c.erased_at).where(payers.c.id == id).with_for_update(read=True)
        if (await self._work.connection.execute(shared)).scalar() is not None:
            raise PatientErased


class SqlInvoices:
    """What was billed: a row each, and a row for each line."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

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
        return SeriesPlace(day.year, place.last, place.last_date)

    async def add(self, invoice: Invoice) -> None:
        """Keep it for ever."""
        await self._work.insert(invoices, invoice, _invoice_row(invoice))
        await self._work.connection.execute(insert(invoice_lines), _line_rows(invoice))


_DETAILS = tuple(field.name for field in fields(CustomerDetails))


def _customer(row: RowMapping) -> Customer:
    details = {name: row[name] for name in _DETAILS} | {"kind": Kind(row["kind"])}
    return Customer(
        id=row["id"],
        version=row["version"],
        details=CustomerDetails(**details),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _customer_row(customer: Customer) -> dict[str, Any]:
    details = customer.details
    return {
        **asdict(details),
        "kind": details.kind.value,
        "full_name": details.full_name,
        "sort_key": fold(f"{details.last_name or ''} {details.first_name}")[:201],
        "search_text": " ".join(search_words(details))[:800],
        "tax_id_warning": customer.has_doubtful_tax_id(),
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
    }


def _invoice_row(invoice: Invoice) -> dict[str, Any]:
    content, bill_to = invoice.content, invoice.bill_to
    searched = f"{invoice.number} {bill_to.full_name} {bill_to.tax_id or ''}"
    return {
        **asdict(bill_to),
        "series": invoice.series.value,
        "number": invoice.number,
        "date": content.date,
        "customer_id": content.customer_id,
        "patient_id": content.patient_id,
        "search_text": fold(searched)[:500],
        "currency": content.currency,
        "amount": content.amount.amount,
        "status": invoice.status.value,
        "created_at": invoice.created_at,
        "updated_at": invoice.updated_at,
    }


def _line_rows(invoice: Invoice) -> list[dict[str, Any]]:
    content = invoice.content
    return [
        {
            **asdict(line),
            "invoice_id": invoice.id,
            "position": position,
            "amount": line.amount(content.currency).amount,
        }
        for position, line in enumerate(content.lines)
    ]
