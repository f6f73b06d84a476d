"""What an invoice says: to whom, when, and line by line what for; the total is the sum of the lines."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Self
from uuid import UUID

from shared_kernel import tax_id as tax_ids
from shared_kernel.errors import Invalid, Violation
from shared_kernel.money import CENT, Money

HIGHEST_TOTAL = Decimal("9999999999.99")


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
    """What was done and what it costs. `quantity` and `unit_price` have at most two decimals; only a
    rectifying invoice has prices below zero. `appointment_id`: the visit it bills. `pack_sessions`: it sells
    a pack of so many."""

    concept: str
    description: str | None
    quantity: Decimal
    unit_price: Decimal
    appointment_id: UUID | None = None
    pack_sessions: int | None = None

    def __post_init__(self) -> None:
        for name in ("quantity", "unit_price"):
            written: Decimal = getattr(self, name)
            object.__setattr__(self, name, written.quantize(CENT) + 0)  # + 0: no negative zero

    def amount(self, currency: str) -> Money:
        """Quantity times price, rounded half-up to cents."""
        return Money(self.unit_price, currency).times(self.quantity)

    def negated(self) -> Self:
        """The line that takes this one back."""
        return replace(self, unit_price=-self.unit_price, appointment_id=None, pack_sessions=None)


def sum_of(lines: Sequence[InvoiceLine], currency: str) -> Money:
    """The lines added up, each already rounded."""
    return Money.sum((line.amount(currency) for line in lines), currency)


@dataclass(frozen=True, kw_only=True)
class InvoiceContent:
    """All of an invoice but its number and addressee, as the desk writes it."""

    date: dt.date
    due_date: dt.date
    customer_id: UUID | None
    patient_id: UUID | None
    currency: str
    lines: Sequence[InvoiceLine]

    def checked(self, today: dt.date) -> Self:
        """The same. Refuses a date in the future, one after which it should have been paid, no lines, a total
        too high to be kept, and a pack that is nobody's."""
        violations = []
        if self.date > today:
            violations.append(Violation("date", "in-the-future"))
        if self.due_date < self.date:
            violations.append(Violation("dueDate", "due-before-date"))
        if not self.lines:
            violations.append(Violation("lines", "too-few", min=1))
        if abs(self.amount.amount) > HIGHEST_TOTAL:
            violations.append(Violation("lines", "total-too-high", max=HIGHEST_TOTAL))
        if self.patient_id is None and any(line.pack_sessions for line in self.lines):
            violations.append(Violation("patientId", "pack-needs-patient"))
        if violations:
            raise Invalid(*violations)
        return self

    def of_customer(self, customer_id: UUID) -> Self:
        """The same, billed to this customer."""
        return self if customer_id == self.customer_id else replace(self, customer_id=customer_id)

    @property
    def amount(self) -> Money:
        """The sum of the lines."""
        return sum_of(self.lines, self.currency)

    @property
    def appointments(self) -> Sequence[tuple[int, UUID]]:
        """The visits that are billed, each with the position of its line."""
        return [(n, line.appointment_id) for n, line in enumerate(self.lines) if line.appointment_id]
