"""Routes of the invoices: issue, get, list, add up, edit, and the dashboard's figures."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from billing.adapters.sql import SqlWork
from billing.domain.invoice import InvoiceFrozen
from billing.domain.numbering import Series
from billing.http.hearing import Hearers
from billing.http.house import PATH, Billing, House, row_of
from billing.http.invoice_forms import InvoiceEdit, InvoiceInput, InvoiceOutput, InvoiceSummary
from billing.queries import invoices as queries
from billing.queries.invoices import InvoiceFilter, InvoiceOrder, Standing
from billing.use_cases.editing import edit_invoice
from billing.use_cases.issuing import issue_invoice
from shared_kernel.chassis.answers import (
    changed,
    collection,
    created,
    json_response,
    respond,
    versioned,
)
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, LogDay
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.errors import NotAllowed

Admin = Annotated[Call, Depends(permit(ADMINS))]


class InvoiceTotals(ApiModel):
    """What a list adds up to: `amount` to the turnover, `unpaid` of what is to be paid."""

    count: int
    amount: Decimal
    unpaid: Decimal
    currency: str


class InvoiceStats(ApiModel):
    """What the dashboard shows of this context."""

    invoices_this_year: int
    revenue_this_month: str


class InvoiceSettings(ApiModel):
    """What the screens must know of the clinic's ways with invoices."""

    edit_enabled: bool
    prefix: str
    rectifying_prefix: str
    due_days: int
    currency: str


def invoice_filter(house: House) -> Any:
    """A dependency: which invoices a list is to show. Blocked ones are for administrators."""

    async def wanted(
        call: Billing,
        search: Annotated[str, Query(max_length=200)] = "",
        year: Annotated[int | None, Query(ge=1, le=9999)] = None,
        since: Annotated[LogDay | None, Query(alias="from")] = None,
        until: Annotated[LogDay | None, Query(alias="to")] = None,
        customer_id: Annotated[UUID | None, Query(alias="customerId")] = None,
        patient_id: Annotated[UUID | None, Query(alias="patientId")] = None,
        series: Series | None = None,
        standing: Annotated[Standing | None, Query(alias="paymentStatus")] = None,
        blocked: Annotated[bool, Query(description="Those of erased patients, for administrators.")] = False,
    ) -> InvoiceFilter:
        if blocked and not call.caller.may(ADMINS):
            raise NotAllowed
        return InvoiceFilter(
            today=house.today(call),
            search=search,
            year=year,
            since=since,
            until=until,
            customer_id=customer_id,
            patient_id=patient_id,
            series=series,
            standing=standing,
            blocked=blocked,
        )

    return Depends(wanted)


def invoice_routes(
    transactions: Transactions[SqlWork], database: Database, house: House, hearers: Hearers
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("invoices")
    _add_writing(router, transactions, house, hearers)
    _add_lists(router, database, house)
    _add_reading(router, database, house)
    return router


def _add_writing(
    router: APIRouter, transactions: Transactions[SqlWork], house: House, hearers: Hearers
) -> None:
    @router.post(PATH, status_code=201, response_model=InvoiceOutput)
    async def issue_the_invoice(body: InvoiceInput, call: Billing) -> Response:
        today = house.today(call)
        content = body.content(today, house)
        await hearers.expect_patient(body.patient_id)
        answer = await hearers.once_heard(
            lambda: transactions.answer(
                call,
                lambda work: issue_invoice(work, body.typed(), content, call.now, today),
                lambda invoice: created(PATH, house.invoice(row_of(invoice), today)),
            )
        )
        return respond(answer)

    @router.put(PATH + "/{invoice_id}", response_model=InvoiceOutput)
    async def edit_the_invoice(invoice_id: UUID, body: InvoiceEdit, call: Admin) -> Response:
        if not house.edit_enabled:
            raise InvoiceFrozen
        seen, today = call.version(), house.today(call)
        content = body.content(today, house)
        await hearers.expect_patient(body.patient_id)
        answer = await hearers.once_heard(
            lambda: transactions.answer(
                call,
                lambda work: edit_invoice(
                    work, invoice_id, seen, body.wanted_number, body.typed(), content, call.now, today
                ),
                lambda invoice: changed(house.invoice(row_of(invoice), today)),
            )
        )
        return respond(answer)


def _add_lists(router: APIRouter, database: Database, house: House) -> None:
    wanted_by = invoice_filter(house)

    @router.get(PATH, response_model=Collection[InvoiceSummary])
    async def list_invoices(
        request: Request,
        call: Billing,
        wish: Paged,
        wanted: InvoiceFilter = wanted_by,
        order: InvoiceOrder = "date",
    ) -> Response:
        async with database.reading() as connection:
            listed = await queries.listed_invoices(connection, wanted, house.prefixes, order, wish)
        rows = [house.summary(row, wanted.today) for row in listed.rows]
        return collection(request, replace(listed, rows=rows), wish)

    @router.get(PATH + "/totals", response_model=InvoiceTotals)
    async def add_up_invoices(call: Billing, wanted: InvoiceFilter = wanted_by) -> Response:
        async with database.reading() as connection:
            added = await queries.totals(connection, wanted, house.prefixes)
        return json_response({**added, "currency": house.currency})


def _add_reading(router: APIRouter, database: Database, house: House) -> None:
    @router.get(PATH + "/settings", response_model=InvoiceSettings)
    async def invoice_settings(call: Billing) -> Response:
        return json_response(
            {
                "editEnabled": house.edit_enabled,
                "prefix": house.prefixes[Series.ORDINARY],
                "rectifyingPrefix": house.prefixes[Series.RECTIFYING],
                "dueDays": house.due_days,
                "currency": house.currency,
            }
        )

    @router.get(PATH + "/{invoice_id}", response_model=InvoiceOutput)
    async def get_invoice(invoice_id: UUID, call: Billing) -> Response:
        async with database.reading() as connection:
            row = await queries.issued_invoice(connection, invoice_id, blocked=call.caller.may(ADMINS))
        return versioned(house.invoice(row, house.today(call)))

    @router.get("/api/stats/invoices", response_model=InvoiceStats)
    async def stats(call: Billing) -> Response:
        today = house.today(call)
        async with database.reading() as connection:
            return json_response(await queries.invoice_stats(connection, today))
