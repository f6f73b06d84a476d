"""Routes by which invoices are sent by e-mail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from billing.adapters.letters import InvoiceWords
from billing.adapters.sql import SqlWork
from billing.domain.delivery import Delivery, DeliveryRules
from billing.http.house import PATH, Billing
from billing.queries.deliveries import deliveries_of
from billing.queries.invoices import issued_row
from billing.use_cases.delivering import ask_for_delivery, retry_delivery
from shared_kernel.chassis.answers import camel, respond, to_json, whole_collection
from shared_kernel.chassis.courier import as_row, attempts_in
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, Email
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS
from shared_kernel.chassis.settings import Locale
from shared_kernel.chassis.unit_of_work import Answer, Transactions
from shared_kernel.dispatch import Attempt

_SHOWN = (
    "id",
    "language",
    "subject",
    "state",
    "message_id",
    "next_attempt_at",
    "sent_at",
    "created_at",
    "created_by_name",
)


class DeliveryInput(ApiModel):
    """To whom an invoice is sent: the address on it when absent. `language`: the caller's when absent."""

    to: Annotated[str | None, Email(180)] = None
    language: Locale | None = None


class DeliveryOutput(ApiModel):
    """An invoice sent by e-mail. `unsent`: there was no mail server. `to` is blank once the patient was
    erased."""

    id: UUID
    to: str
    language: Locale
    subject: str
    state: Literal["waiting", "sent", "failed", "unsent"]
    attempts: list[Attempt]
    message_id: str
    next_attempt_at: datetime | None
    sent_at: datetime | None
    created_at: datetime
    created_by_name: str | None


def delivery_routes(
    transactions: Transactions[SqlWork], database: Database, words: InvoiceWords, rules: DeliveryRules
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("deliveries")
    path = PATH + "/{invoice_id}/deliveries"

    @router.post(path, status_code=202, response_model=DeliveryOutput)
    async def send_invoice(invoice_id: UUID, body: DeliveryInput, call: Billing) -> Response:
        language = body.language or call.locale
        answer = await transactions.answer(
            call,
            lambda work: ask_for_delivery(
                work,
                invoice_id,
                body.to,
                lambda invoice: words(invoice, language),
                call.caller.name,
                rules,
                call.now,
                blocked=call.caller.may(ADMINS),
            ),
            lambda delivery: _answer(202, delivery),
        )
        return respond(answer)

    @router.get(path, response_model=Collection[DeliveryOutput])
    async def list_deliveries(request: Request, invoice_id: UUID, call: Billing) -> Response:
        async with database.reading() as connection:
            await issued_row(connection, invoice_id, blocked=call.caller.may(ADMINS))
            rows = await deliveries_of(connection, invoice_id)
        return whole_collection(request, [_shown(row) for row in rows])

    @router.post(path + "/{delivery_id}/retry", response_model=DeliveryOutput)
    async def send_again(invoice_id: UUID, delivery_id: UUID, call: Billing) -> Response:
        answer = await transactions.answer(
            call,
            lambda work: retry_delivery(
                work, invoice_id, delivery_id, rules, call.now, blocked=call.caller.may(ADMINS)
            ),
            lambda delivery: _answer(200, delivery),
        )
        return respond(answer)

    return router


def _answer(status: int, delivery: Delivery) -> Answer:
    return Answer(status, to_json(camel(_shown({"id": delivery.id, **as_row(delivery)}))), {})


def _shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _SHOWN} | {"to": row["recipient"], "attempts": attempts_in(row)}
