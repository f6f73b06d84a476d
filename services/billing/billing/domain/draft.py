"""An invoice that is not one yet: without a number, incomplete, and free to be changed or thrown away."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from billing.domain.lines import HIGHEST_TOTAL, InvoiceContent, InvoiceLine, sum_of
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.errors import Invalid, NotFound, Violation
from shared_kernel.identifiers import new_id
from shared_kernel.money import Money


class DraftNotFound(NotFound):
    """There is no draft with this id; perhaps it was issued meanwhile."""


@dataclass(frozen=True, kw_only=True)
class DraftContent:
    """As far as it is written. `addressee`: full_name, tax_id, address, phone, email."""

    date: dt.date | None
    due_date: dt.date | None
    customer_id: UUID | None
    patient_id: UUID | None
    currency: str
    addressee: Mapping[str, str | None]
    lines: Sequence[InvoiceLine]

    def checked(self) -> Self:
        """The same. Refuses a total too high to be kept."""
        if self.amount.amount > HIGHEST_TOTAL:
            raise Invalid(Violation("lines", "total-too-high", max=HIGHEST_TOTAL))
        return self

    @property
    def amount(self) -> Money:
        """The sum of the lines so far."""
        return sum_of(self.lines, self.currency)

    @property
    def typed(self) -> dict[str, str | None]:
        """What is written of the addressee; the rest is for the customer's record to say."""
        return {name: text for name, text in self.addressee.items() if text is not None}

    def dated(self, date: dt.date, due_date: dt.date) -> InvoiceContent:
        """What it says as an invoice of that day."""
        return InvoiceContent(
            date=date,
            due_date=due_date,
            customer_id=self.customer_id,
            patient_id=self.patient_id,
            currency=self.currency,
            lines=self.lines,
        )


class InvoiceDrafted(DomainEvent):
    """Somebody began an invoice."""


class DraftChanged(DomainEvent):
    """A draft says something else."""


class DraftDeleted(DomainEvent):
    """A draft was thrown away."""


@dataclass(kw_only=True)
class Draft(Aggregate):
    """The beginnings of an invoice."""

    content: DraftContent
    created_at: dt.datetime
    updated_at: dt.datetime

    @classmethod
    def begin(cls, content: DraftContent, now: dt.datetime) -> Self:
        """A new draft. Raises Invalid."""
        draft = cls(id=new_id(now), content=content.checked(), created_at=now, updated_at=now)
        draft.tell(InvoiceDrafted(draft.face()))
        return draft

    def change(self, content: DraftContent, now: dt.datetime) -> None:
        """Say something else. Raises Invalid."""
        self.content = content.checked()
        self.updated_at = now
        self.tell(DraftChanged(self.face()))

    def delete(self) -> None:
        """Go without a trace in the books."""
        self.tell(DraftDeleted(self.face()))

    def face(self) -> Face:
        """All that other contexts may know."""
        content = self.content
        return {
            "customerId": None if content.customer_id is None else str(content.customer_id),
            "patientId": None if content.patient_id is None else str(content.patient_id),
            "currency": content.currency,
            "amount": str(content.amount),
        }
