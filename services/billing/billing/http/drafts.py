"""Routes of the drafts: begin, get, list, change, delete, and issue."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from billing.adapters.sql import SqlWork
from billing.domain.draft import Draft, DraftContent
from billing.domain.lines import InvoiceContent
from billing.http.hearing import Hearers
from billing.http.house import PATH as INVOICES
from billing.http.house import Billing, House, row_of
from billing.http.invoice_forms import (
    DraftInput,
    DraftOutput,
    DraftSummary,
    DueDay,
    InvoiceDay,
    InvoiceOutput,
)
from billing.queries import drafts as queries
from billing.use_cases.drafting import begin_draft, change_draft, delete_draft
from billing.use_cases.issuing import issue_draft
from shared_kernel.chassis.answers import camel, changed, collection, created, respond, versioned
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.unit_of_work import Transactions

PATH = f"{INVOICES}/drafts"


class IssueInput(ApiModel):
    """The day on which a draft becomes an invoice, when it says another or none."""

    date: InvoiceDay | None = None
    due_date: DueDay | None = None

    def dated(self, draft: DraftContent, today: dt.date, house: House) -> InvoiceContent:
        """What the draft says as an invoice."""
        date = self.date or draft.date or today
        return draft.dated(date, self.due_date or draft.due_date or house.due(date))


def draft_routes(
    transactions: Transactions[SqlWork], database: Database, house: House, hearers: Hearers
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("drafts")
    _add_writing(router, transactions, house, hearers)
    _add_issuing(router, transactions, house, hearers)
    _add_reading(router, database)
    return router


def _add_writing(
    router: APIRouter, transactions: Transactions[SqlWork], house: House, hearers: Hearers
) -> None:
    @router.post(PATH, status_code=201, response_model=DraftOutput)
    async def begin_a_draft(body: DraftInput, call: Billing) -> Response:
        await hearers.expect_patient(body.patient_id)
        answer = await transactions.answer(
            call,
            lambda work: begin_draft(work, body.content(house.currency), call.now),
            lambda draft: created(PATH, _shown(_row(draft))),
        )
        return respond(answer)

    @router.put(PATH + "/{draft_id}", response_model=DraftOutput)
    async def replace_draft(draft_id: UUID, body: DraftInput, call: Billing) -> Response:
        seen = call.version()
        await hearers.expect_patient(body.patient_id)
        answer = await transactions.answer(
            call,
            lambda work: change_draft(work, draft_id, seen, body.content(house.currency), call.now),
            lambda draft: changed(_shown(_row(draft))),
        )
        return respond(answer)

    @router.delete(PATH + "/{draft_id}", status_code=204, response_class=Response)
    async def remove_draft(draft_id: UUID, call: Billing) -> Response:
        await transactions.run(call, lambda work: delete_draft(work, draft_id, call.if_match))
        return Response(status_code=204)


def _add_issuing(
    router: APIRouter, transactions: Transactions[SqlWork], house: House, hearers: Hearers
) -> None:
    @router.post(PATH + "/{draft_id}/issue", status_code=201, response_model=InvoiceOutput)
    async def issue_the_draft(draft_id: UUID, body: IssueInput, call: Billing) -> Response:
        today = house.today(call)
        answer = await hearers.once_heard(
            lambda: transactions.answer(
                call,
                lambda work: issue_draft(
                    work,
                    draft_id,
                    call.if_match,
                    lambda draft: body.dated(draft, today, house),
                    call.now,
                    today,
                ),
                lambda invoice: created(INVOICES, house.invoice(row_of(invoice), today)),
            )
        )
        return respond(answer)


def _add_reading(router: APIRouter, database: Database) -> None:
    @router.get(PATH, response_model=Collection[DraftSummary])
    async def list_drafts(
        request: Request,
        call: Billing,
        wish: Paged,
        customer_id: Annotated[UUID | None, Query(alias="customerId")] = None,
        patient_id: Annotated[UUID | None, Query(alias="patientId")] = None,
    ) -> Response:
        async with database.reading() as connection:
            listed = await queries.listed_drafts(connection, customer_id, patient_id, wish)
        return collection(request, listed, wish)

    @router.get(PATH + "/{draft_id}", response_model=DraftOutput)
    async def get_draft(draft_id: UUID, call: Billing) -> Response:
        async with database.reading() as connection:
            return versioned(_shown(await queries.draft(connection, draft_id)))


def _row(draft: Draft) -> dict[str, Any]:
    content = draft.content
    lines = [{**vars(line), "amount": line.amount(content.currency).amount} for line in content.lines]
    return {
        "id": draft.id,
        "date": content.date,
        "due_date": content.due_date,
        "customer_id": content.customer_id,
        "patient_id": content.patient_id,
        **content.addressee,
        "currency": content.currency,
        "amount": content.amount.amount,
        "version": draft.version,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
        "lines": lines,
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return camel({**row, "lines": [camel(line) for line in row["lines"]]})
