"""Who pays: a person or a company with a tax identifier, often but not always the patient."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from shared_kernel import tax_id as tax_ids
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id
from shared_kernel.text import fold


class CustomerNotFound(NotFound):
    """There is no customer with this id."""


class PayerNotFound(NotFound):
    """Billing has not heard of a patient with this id, nor has their registry."""


class PatientErased(Refusal):
    """The patient was forgotten at her request: no invoice is issued for her any more."""


class TaxIdTaken(Refusal):
    """Another customer has this tax identifier."""


class CustomerHasInvoices(Refusal):
    """Invoices or drafts name this customer, who therefore stays."""


class Kind(StrEnum):
    """A company gives its name as first name and has no last name."""

    PERSON = "person"
    COMPANY = "company"


@dataclass(frozen=True, kw_only=True)
class CustomerDetails:
    """A customer as the desk writes it."""

    kind: Kind
    first_name: str
    last_name: str | None = None
    tax_id: str
    email: str | None = None
    phone: str | None = None
    billing_address: str

    def checked(self) -> Self:
        """The same with the tax identifier normalised. A person has a last name, a company none."""
        tax_id = tax_ids.normalise(self.tax_id)
        violations = []
        if self.kind is Kind.PERSON and not self.last_name:
            violations.append(Violation("lastName", "required"))
        if self.kind is Kind.COMPANY and self.last_name:
            violations.append(Violation("lastName", "company-has-no-last-name"))
        if not tax_id:
            violations.append(Violation("taxId", "required"))
        if violations:
            raise Invalid(*violations)
        return replace(self, tax_id=tax_id)

    @property
    def full_name(self) -> str:
        """`María José Muñoz García`, `Fisioterapia Norte, S.L.`."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


class CustomerRegistered(DomainEvent):
    """Somebody new can be billed."""


class CustomerChanged(DomainEvent):
    """A customer's particulars are others now; what was issued stays as it was."""


class CustomerDeleted(DomainEvent):
    """A customer who was never billed is gone."""


class CustomerMerged(DomainEvent):
    """A customer turned out to be another one, into whom it went with all its invoices."""


@dataclass(kw_only=True)
class Customer(Aggregate):
    """Who pays. No two customers share a tax identifier."""

    details: CustomerDetails
    created_at: datetime
    updated_at: datetime

    @classmethod
    def register(cls, details: CustomerDetails, now: datetime) -> Self:
        """A new customer. Raises Invalid."""
        customer = cls(id=new_id(now), details=details.checked(), created_at=now, updated_at=now)
        customer.tell(CustomerRegistered(customer.face()))
        return customer

    def change(self, details: CustomerDetails, now: datetime) -> None:
        """Become what `details` say; nothing is told when nothing changes. Raises Invalid."""
        wanted = details.checked()
        if wanted == self.details:
            return
        self.details = wanted
        self.updated_at = now
        self.tell(CustomerChanged(self.face()))

    def delete(self) -> None:
        """Go."""
        self.tell(CustomerDeleted(self.face()))

    def merge_into(self, other: Self) -> None:
        """Go, and be found as `other` from now on. Raises Invalid."""
        if other.id == self.id:
            raise Invalid(Violation("into", "merge-with-itself"))
        self.tell(CustomerMerged({**self.face(), "into": str(other.id)}))

    def has_doubtful_tax_id(self) -> bool:
        """True for a Spanish identifier whose check character is wrong: accepted, but worth a second look."""
        return tax_ids.has_wrong_check(self.details.tax_id)

    def face(self) -> Face:
        """All that other contexts may know: not the name, nor how to reach them."""
        return {"kind": self.details.kind.value}


def search_words(details: CustomerDetails) -> Sequence[str]:
    """The folded words by which the desk looks for a customer: name, tax id, e-mail, phone."""
    phone = "".join(c for c in details.phone or "" if c.isalnum() or c == "+")
    others = (details.tax_id, details.email or "", phone)
    return [*fold(details.full_name).split(), *(fold(other) for other in others if other)]
