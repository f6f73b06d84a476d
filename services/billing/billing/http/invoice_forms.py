"""The forms of invoices as they come and go."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from billing.domain.draft import DraftContent
from billing.domain.invoice import InvoiceKind, Status
from billing.domain.lines import InvoiceContent, InvoiceLine
from billing.domain.numbering import Series
from billing.domain.payment import Method, PaymentKind, PaymentStatus
from billing.http.house import EARLIEST, House
from shared_kernel.chassis.json_models import ApiModel, AsWritten, Email, ExactNumber, Line, Lines

_TYPED = ("full_name", "tax_id", "address", "phone", "email")
_HIGHEST_PRICE = Decimal("999999.99")

InvoiceDay = Annotated[dt.date, Field(ge=EARLIEST), AsWritten]
DueDay = Annotated[dt.date, Field(ge=EARLIEST, le=dt.date(2999, 12, 31)), AsWritten]


class LineInput(ApiModel):
    """A line as written on the form. `appointmentId`: the visit that it bills. `packSessions`: it sells the
    invoice's patient a pack of so many."""

    concept: Annotated[str, Line(255)]
    description: Annotated[str | None, Lines(2000)] = None
    quantity: Annotated[ExactNumber, Field(gt=0, le=10_000, decimal_places=2)]
    unit_price: Annotated[ExactNumber, Field(ge=0, le=_HIGHEST_PRICE, decimal_places=2)]
    appointment_id: UUID | None = None
    pack_sessions: Annotated[int, Field(ge=1, le=200, strict=True)] | None = None


class RectifyingLineInput(ApiModel):
    """A line of a rectifying invoice, which may take something back."""

    concept: Annotated[str, Line(255)]
    description: Annotated[str | None, Lines(2000)] = None
    quantity: Annotated[ExactNumber, Field(gt=0, le=10_000, decimal_places=2)]
    unit_price: Annotated[ExactNumber, Field(ge=-_HIGHEST_PRICE, le=_HIGHEST_PRICE, decimal_places=2)]
    appointment_id: UUID | None = None


class Addressed(ApiModel):
    """To whom: with a `customerId`, what is not sent of name, tax id, address, phone and e-mail is copied
    from the customer; without one, name and address must be sent."""

    customer_id: UUID | None = None
    full_name: Annotated[str | None, Line(201)] = None
    tax_id: Annotated[str | None, Line(20)] = None
    address: Annotated[str | None, Lines(500)] = None
    phone: Annotated[str | None, Line(50)] = None
    email: Annotated[str | None, Email(180)] = None

    def typed(self) -> dict[str, str | None]:
        """What was sent of the addressee."""
        return {name: getattr(self, name) for name in _TYPED if name in self.model_fields_set}


class InvoiceInput(Addressed):
    """An invoice as written on the form. `date`: today in the clinic's zone when absent."""

    date: InvoiceDay | None = None
    due_date: DueDay | None = None
    patient_id: UUID | None = None
    lines: Annotated[list[LineInput], Field(min_length=1, max_length=200)]

    def content(self, today: dt.date, house: House) -> InvoiceContent:
        """The rest in the domain's words, dated."""
        date = self.date or today
        return InvoiceContent(
            date=date,
            due_date=self.due_date or house.due(date),
            customer_id=self.customer_id,
            patient_id=self.patient_id,
            currency=house.currency,
            lines=_lines(self.lines),
        )


class InvoiceEdit(InvoiceInput):
    """An issued invoice as it is to be; a number that is not sent stays."""

    number: Annotated[str | None, Line(20)] = None

    def wanted_number(self, number: str) -> str | None:
        """What was sent, in place of what there is."""
        return self.number if "number" in self.model_fields_set else number


class DraftInput(Addressed):
    """An invoice as far as it is written. What is not written of the addressee is copied from the customer
    when it is issued."""

    date: InvoiceDay | None = None
    due_date: DueDay | None = None
    patient_id: UUID | None = None
    lines: Annotated[list[LineInput], Field(max_length=200, default_factory=list)]

    def content(self, currency: str) -> DraftContent:
        """The same in the domain's words."""
        return DraftContent(
            date=self.date,
            due_date=self.due_date,
            customer_id=self.customer_id,
            patient_id=self.patient_id,
            currency=currency,
            addressee={name: getattr(self, name) for name in _TYPED},
            lines=_lines(self.lines),
        )


def _lines(lines: Sequence[LineInput]) -> list[InvoiceLine]:
    return [InvoiceLine(**dict(line)) for line in lines]


class LineOutput(ApiModel):
    """A line with its amount."""

    concept: str
    description: str | None
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    appointment_id: UUID | None
    pack_sessions: int | None


class DraftSummary(ApiModel):
    """A draft in a list."""

    id: UUID
    date: dt.date | None
    due_date: dt.date | None
    customer_id: UUID | None
    patient_id: UUID | None
    full_name: str | None
    tax_id: str | None
    address: str | None
    phone: str | None
    email: str | None
    currency: str
    amount: Decimal
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime


class DraftOutput(DraftSummary):
    """A draft with its lines."""

    lines: list[LineOutput]


class PaymentOutput(ApiModel):
    """Money that came or went back."""

    id: UUID
    kind: PaymentKind
    amount: Decimal
    method: Method
    date: dt.date
    created_at: dt.datetime


class RelatedOutput(ApiModel):
    """Another document that an invoice rectifies, or that rectifies it."""

    id: UUID
    series: Series
    number: str
    display_number: str
    kind: InvoiceKind
    date: dt.date
    amount: Decimal


class InvoiceSummary(ApiModel):
    """An invoice in a list. `displayNumber` has the prefix that people see; `due` is what is to be paid on it
    after all rectifications, `outstanding` what of it was not, below zero what is to be given back;
    `paymentStatus` is null for a difference, on which nothing is paid."""

    id: UUID
    series: Series
    number: str
    display_number: str
    kind: InvoiceKind
    date: dt.date
    due_date: dt.date
    full_name: str
    tax_id: str | None
    patient_id: UUID | None
    customer_id: UUID | None
    currency: str
    amount: Decimal
    due: Decimal
    paid: Decimal
    outstanding: Decimal
    status: Status
    payment_status: PaymentStatus | None
    rectifies_id: UUID | None
    created_at: dt.datetime


class InvoiceOutput(InvoiceSummary):
    """An invoice, frozen as it was issued; what is paid on it and what rectifies it come later."""

    address: str
    phone: str | None
    email: str | None
    lines: list[LineOutput]
    payments: list[PaymentOutput]
    related: list[RelatedOutput]
    reason: str | None
    version: int
    updated_at: dt.datetime
