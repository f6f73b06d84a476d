"""The route by which an invoice is undone, in whole or in part."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from billing.adapters.sql import SqlWork
from billing.domain.invoice import InvoiceKind
from billing.domain.lines import InvoiceContent, InvoiceLine
from billing.http.hearing import Hearers
from billing.http.house import PATH, Billing, House, row_of
from billing.http.invoice_forms import Addressed, DueDay, InvoiceDay, InvoiceOutput, RectifyingLineInput
from billing.use_cases.rectifying import negated, rectify_invoice
from shared_kernel.chassis.answers import created, respond
from shared_kernel.chassis.json_models import Line
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.errors import Invalid, Violation


class RectificationInput(Addressed):
    """How an invoice is corrected and why. A `replacement` says all lines as they should have been, and what
    is not sent of the addressee is the rectified one's. A `difference` says what is added and, with prices
    below zero, taken back; without lines, all is taken back; its addressee is the rectified one's."""

    kind: Literal["replacement", "difference"]
    reason: Annotated[str, Line(500)]
    date: InvoiceDay | None = None
    due_date: DueDay | None = None
    lines: Annotated[list[RectifyingLineInput], Field(min_length=1, max_length=200)] | None = None

    def refuse_what_does_not_fit(self) -> None:
        """Raises Invalid."""
        if self.kind == "replacement":
            if self.lines is None:
                raise Invalid(Violation("lines", "required"))
            low = [n for n, line in enumerate(self.lines) if line.unit_price < 0]
            if low:
                raise Invalid(*(Violation(f"lines.{n}.unitPrice", "too-small", min=0) for n in low))
            return
        sent = sorted(self.model_fields_set & set(Addressed.model_fields))
        names = {name: RectificationInput.model_fields[name].alias or name for name in sent}
        if sent:
            raise Invalid(*(Violation(names[name], "difference-keeps-addressee") for name in sent))
        billing = [n for n, line in enumerate(self.lines or []) if line.appointment_id]
        if billing:
            raise Invalid(
                *(Violation(f"lines.{n}.appointmentId", "difference-bills-no-visit") for n in billing)
            )

    def corrected(self, content: InvoiceContent, today: dt.date, house: House) -> InvoiceContent:
        """What the rectifying invoice says."""
        date = self.date or today
        if self.lines is None:
            return negated(content, date)
        customer_id = self.customer_id if "customer_id" in self.model_fields_set else content.customer_id
        return replace(
            content,
            date=date,
            due_date=self.due_date or house.due(date),
            customer_id=customer_id,
            lines=[InvoiceLine(**dict(line)) for line in self.lines],
        )


def rectification_routes(transactions: Transactions[SqlWork], house: House, hearers: Hearers) -> APIRouter:
    """The route, on the adapters it is given."""
    router = routes("invoices")

    @router.post(PATH + "/{invoice_id}/rectification", status_code=201, response_model=InvoiceOutput)
    async def rectify_the_invoice(invoice_id: UUID, body: RectificationInput, call: Billing) -> Response:
        today = house.today(call)
        body.refuse_what_does_not_fit()
        answer = await hearers.once_heard(
            lambda: transactions.answer(
                call,
                lambda work: rectify_invoice(
                    work,
                    invoice_id,
                    call.if_match,
                    InvoiceKind(body.kind),
                    body.reason,
                    lambda content: body.corrected(content, today, house),
                    body.typed(),
                    call.now,
                    today,
                ),
                lambda invoice: created(PATH, house.invoice(row_of(invoice), today)),
            )
        )
        return respond(answer)

    return router
