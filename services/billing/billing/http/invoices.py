"""Routes of the invoices: issue, get, list, and the dashboard's figures."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from billing.adapters.sql import SqlWork
from billing.domain.customer import PayerNotFound
from billing.domain.invoice import Invoice, InvoiceContent, InvoiceLine, Status
from billing.queries import ledger as queries
from billing.queries.ledger import InvoiceFilter, InvoiceOrder
from billing.use_cases.issuing import issue_invoice
from shared_kernel.chassis.answers import camel, collection, created, json_response, respond, versioned
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import (
    ApiModel,
    AsWritten,
    Collection,
    Email,
    ExactNumber,
    Line,
    Lines,
)
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS, BILLING
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, NotAllowed, Violation

Billing = Annotated[Call, Depends(permit(BILLING))]

PATH = "/api/invoices"
EARLIEST = dt.date(2000, 1, 1)
"""A number cannot be taken back, so a year like 0026 is refused as the slip that it is."""

RequirePayer = Callable[[UUID], Awaitable[None]]
"""Raises PayerNotFound for a patient that does not exist."""

_TYPED = ("full_name", "tax_id", "address", "phone", "email")


@dataclass(frozen=True)
class House:
    """What all invoices of this clinic share."""

    prefix: str
    currency: str
    clinic_time: ClinicTime


class LineInput(ApiModel):
    """A line as written on the form."""

    concept: Annotated[str, Line(255)]
    description: Annotated[str | None, Lines(2000)] = None
    quantity: Annotated[ExactNumber, Field(gt=0, le=10_000, decimal_places=2)]
    unit_price: Annotated[ExactNumber, Field(ge=0, le=Decimal("999999.99"), decimal_places=2)]


class InvoiceInput(ApiModel):
    """An invoice as written on the form. `date`: today in the clinic's zone when absent. With a `customerId`,
    what is not sent of name, tax id, address, phone and e-mail is copied from the customer; without one, name
    and address must be sent."""

    date: Annotated[dt.date, Field(ge=EARLIEST), AsWritten] | None = None
    customer_id: UUID | None = None
    patient_id: UUID | None = None
    full_name: Annotated[str | None, Line(201)] = None
    tax_id: Annotated[str | None, Line(20)] = None
    address: Annotated[str | None, Lines(500)] = None
    phone: Annotated[str | None, Line(50)] = None
    email: Annotated[str | None, Email(180)] = None
    lines: Annotated[list[LineInput], Field(min_length=1, max_length=200)]

    def typed(self) -> dict[str, str | None]:
        """What was sent of the addressee."""
        return {name: getattr(self, name) for name in _TYPED if name in self.model_fields_set}

    def content(self, today: dt.date, currency: str) -> InvoiceContent:
        """The rest in the domain's words, dated."""
        return InvoiceContent(
            date=self.date or today,
            customer_id=self.customer_id,
            patient_id=self.patient_id,
            currency=currency,
            lines=[InvoiceLine(**dict(line)) for line in self.lines],
        )


class LineOutput(ApiModel):
    """A line as issued."""

    concept: str
    description: str | None
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal


class InvoiceSummary(ApiModel):
    """An invoice in a list. `displayNumber` has the prefix that people see."""

    id: UUID
    number: str
    display_number: str
    date: dt.date
    full_name: str
    tax_id: str | None
    patient_id: UUID | None
    customer_id: UUID | None
    currency: str
    amount: Decimal
    status: Status
    created_at: dt.datetime


class InvoiceOutput(InvoiceSummary):
    """An invoice, frozen as it was issued."""

    address: str
    phone: str | None
    email: str | None
    lines: list[LineOutput]
    version: int
    updated_at: dt.datetime


class InvoiceStats(ApiModel):
    """What the dashboard shows of this context."""

    invoices_this_year: int
    revenue_this_month: str


async def invoice_filter(
    search: Annotated[str, Query(max_length=200)] = "",
    year: Annotated[int | None, Query(ge=1, le=9999)] = None,
    customer_id: Annotated[UUID | None, Query(alias="customerId")] = None,
    patient_id: Annotated[UUID | None, Query(alias="patientId")] = None,
    blocked: Annotated[bool, Query(description="Those of erased patients, for administrators.")] = False,
) -> InvoiceFilter:
    """Which invoices the list is to show."""
    return InvoiceFilter(search, year, customer_id, patient_id, blocked)


def invoice_routes(
    transactions: Transactions[SqlWork],
    database: Database,
    house: House,
    require_payer: RequirePayer,
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("invoices")

    @router.post(PATH, status_code=201, response_model=InvoiceOutput)
    async def issue(body: InvoiceInput, call: Billing) -> Response:
        today = house.clinic_time.today(call.now)
        content = body.content(today, house.currency)
        if body.patient_id is not None:
            try:
                await require_payer(body.patient_id)
            except PayerNotFound as error:
                raise Invalid(Violation("patientId", "unknown")) from error
        answer = await transactions.answer(
            call,
            lambda work: issue_invoice(work, body.typed(), content, call.now, today),
            lambda invoice: created(PATH, _shown(_row(invoice), house.prefix)),
        )
        return respond(answer)

    @router.get(PATH, response_model=Collection[InvoiceSummary])
    async def list_invoices(
        request: Request,
        call: Billing,
        wish: Paged,
        wanted: Annotated[InvoiceFilter, Depends(invoice_filter)],
        order: InvoiceOrder = "date",
    ) -> Response:
        if wanted.blocked and not call.caller.may(ADMINS):
            raise NotAllowed
        async with database.reading() as connection:
            listed = await queries.listed_invoices(connection, wanted, house.prefix, order, wish)
        rows = [row | {"display_number": house.prefix + row["number"]} for row in map(dict, listed.rows)]
        return collection(request, replace(listed, rows=rows), wish)

    @router.get(PATH + "/{invoice_id}", response_model=InvoiceOutput)
    async def get_invoice(invoice_id: UUID, call: Billing) -> Response:
        async with database.reading() as connection:
            row = await queries.issued_invoice(connection, invoice_id, blocked=call.caller.may(ADMINS))
        return versioned(_shown(row, house.prefix))

    @router.get("/api/stats/invoices", response_model=InvoiceStats)
    async def stats(call: Billing) -> Response:
        today = house.clinic_time.today(call.now)
        async with database.reading() as connection:
            return json_response(await queries.invoice_stats(connection, today))

    return router


def _row(invoice: Invoice) -> dict[str, Any]:
    """The invoice as `queries.issued_invoice` would read it."""
    content = invoice.content
    lines = [{**vars(line), "amount": line.amount(content.currency).amount} for line in content.lines]
    return {
        "id": invoice.id,
        "number": invoice.number,
        "date": content.date,
        "customer_id": content.customer_id,
        "patient_id": content.patient_id,
        **vars(invoice.bill_to),
        "currency": content.currency,
        "amount": content.amount.amount,
        "status": invoice.status,
        "version": invoice.version,
        "created_at": invoice.created_at,
        "updated_at": invoice.updated_at,
        "lines": lines,
    }


def _shown(row: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    lines = [camel(line) for line in row["lines"]]
    return camel({**row, "display_number": prefix + row["number"], "lines": lines})
