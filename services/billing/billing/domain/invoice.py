"""The invoice: numbered without a hole, frozen once issued, its total the sum of its lines to the cent."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

from shared_kernel import tax_id as tax_ids
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id
from shared_kernel.money import CENT, Money

HIGHEST_TOTAL = Decimal("9999999999.99")


class InvoiceNotFound(NotFound):
    """There is no invoice with this id."""


class DateBeforeLastInvoice(Refusal):
    """Numbers and dates of a series rise together (RD 1619/2012 art. 6)."""


class Series(StrEnum):
    """Each series counts on its own, each year from 1. The prefix that people see is configuration."""

    ORDINARY = "F"


class Status(StrEnum):
    """Where an invoice stands."""

    ISSUED = "issued"


@dataclass(frozen=True, kw_only=True)
class BillTo:
    """The customer as printed: a copy that no later change of the customer reaches."""

    full_name: str
    tax_id: str | None
    address: str
    phone: str | None
    email: str | None

    @classmethod
    def written(cls, **particulars: str | None) -> Self:
        """The copy, with the tax identifier normalised. Name and address are mandatory."""
        full_name, address = particulars.get("full_name"), particulars.get("address")
        if not full_name or not address:
            missing = [name for name, text in (("fullName", full_name), ("address", address)) if not text]
            raise Invalid(*(Violation(name, "required") for name in missing))
        return cls(
            full_name=full_name,
            tax_id=tax_ids.normalise(particulars.get("tax_id") or "") or None,
            address=address,
            phone=particulars.get("phone"),
            email=particulars.get("email"),
        )


@dataclass(frozen=True, kw_only=True)
class InvoiceLine:
    """What was done and what it costs. `quantity` and `unit_price` have at most two decimals."""

    concept: str
    description: str | None
    quantity: Decimal
    unit_price: Decimal

    def __post_init__(self) -> None:
        for name in ("quantity", "unit_price"):
            written: Decimal = getattr(self, name)
            object.__setattr__(self, name, written.quantize(CENT) + 0)  # + 0: no negative zero

    def amount(self, currency: str) -> Money:
        """Quantity times price, rounded half-up to cents."""
        return Money(self.unit_price, currency).times(self.quantity)


@dataclass(frozen=True, kw_only=True)
class InvoiceContent:
    """All of an invoice but its number, as the desk writes it."""

    date: dt.date
    customer_id: UUID | None
    patient_id: UUID | None
    currency: str
    lines: Sequence[InvoiceLine]

    def checked(self, today: dt.date) -> Self:
        """The same. Refuses a date in the future and a total too high to be kept."""
        if self.date > today:
            raise Invalid(Violation("date", "in-the-future"))
        if self.amount.amount > HIGHEST_TOTAL:
            raise Invalid(Violation("lines", "total-too-high", max=HIGHEST_TOTAL))
        return self

    @property
    def amount(self) -> Money:
        """The sum of the lines, each already rounded."""
        return Money.sum((line.amount(self.currency) for line in self.lines), self.currency)


@dataclass(frozen=True)
class SeriesPlace:
    """The place in a series that an invoice is given. `last_date` is the latest date the series has."""

    year: int
    sequence: int
    last_date: dt.date

    @property
    def number(self) -> str:
        """`2026000001`."""
        return f"{self.year:04}{self.sequence:06}"


class InvoiceIssued(DomainEvent):
    """An invoice exists and will not change."""


@dataclass(kw_only=True)
class Invoice(Aggregate):
    """A legal document: numbered and frozen."""

    series: Series
    number: str
    bill_to: BillTo
    content: InvoiceContent
    status: Status
    created_at: dt.datetime
    updated_at: dt.datetime

    @classmethod
    def issue(cls, place: SeriesPlace, bill_to: BillTo, content: InvoiceContent, now: dt.datetime) -> Self:
        """A new invoice of the ordinary series. Raises DateBeforeLastInvoice."""
        if content.date < place.last_date:
            raise DateBeforeLastInvoice(last={"date": place.last_date.isoformat()})
        invoice = cls(
            id=new_id(now),
            series=Series.ORDINARY,
            number=place.number,
            bill_to=bill_to,
            content=content,
            status=Status.ISSUED,
            created_at=now,
            updated_at=now,
        )
        invoice.tell(InvoiceIssued(invoice.face()))
        return invoice

    def face(self) -> Face:
        """All that other contexts may know: no names, and nothing of what was done."""
        content = self.content
        return {
            "number": self.number,
            "date": content.date.isoformat(),
            "customerId": None if content.customer_id is None else str(content.customer_id),
            "patientId": None if content.patient_id is None else str(content.patient_id),
            "currency": content.currency,
            "amount": str(content.amount),
            "status": self.status.value,
        }
