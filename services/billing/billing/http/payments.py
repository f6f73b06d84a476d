"""Routes of what is paid on invoices, and given back."""

import datetime as dt
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from billing.adapters.sql import SqlWork
from billing.domain.payment import Method, Payment, PaymentKind
from billing.http.house import PATH, Billing, House, row_of
from billing.http.invoice_forms import InvoiceDay, InvoiceOutput, PaymentOutput
from billing.queries import invoices as queries
from billing.use_cases.collecting import receive_payment
from shared_kernel.chassis.answers import created, respond, whole_collection
from shared_kernel.chassis.calls import Call
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, ExactNumber
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.identifiers import new_id
from shared_kernel.money import Money


class PaymentInput(ApiModel):
    """Money that came, or went back. `date`: today in the clinic's zone when absent."""

    amount: Annotated[ExactNumber, Field(gt=0, le=Decimal("9999999999.99"), decimal_places=2)]
    method: Method
    date: InvoiceDay | None = None
    kind: PaymentKind = PaymentKind.PAYMENT

    def payment(self, call: Call, today: dt.date, currency: str) -> Payment:
        """The same in the domain's words."""
        return Payment(
            id=new_id(call.now),
            kind=self.kind,
            amount=Money(self.amount, currency),
            method=self.method,
            date=self.date or today,
            created_at=call.now,
        )


def payment_routes(transactions: Transactions[SqlWork], database: Database, house: House) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("payments")
    path = PATH + "/{invoice_id}/payments"

    @router.post(path, status_code=201, response_model=InvoiceOutput)
    async def take_payment(invoice_id: UUID, body: PaymentInput, call: Billing) -> Response:
        today = house.today(call)
        payment = body.payment(call, today, house.currency)
        answer = await transactions.answer(
            call,
            lambda work: receive_payment(
                work,
                invoice_id,
                call.if_match,
                payment,
                call.now,
                today,
                blocked=call.caller.may(ADMINS),
            ),
            lambda invoice: created(PATH, house.invoice(row_of(invoice), today)),
        )
        return respond(answer)

    @router.get(path, response_model=Collection[PaymentOutput])
    async def list_payments(request: Request, invoice_id: UUID, call: Billing) -> Response:
        async with database.reading() as connection:
            invoice = await queries.issued_invoice(connection, invoice_id, blocked=call.caller.may(ADMINS))
        return whole_collection(request, invoice["payments"])

    return router
