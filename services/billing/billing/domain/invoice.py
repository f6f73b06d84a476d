"""The invoice: numbered without a hole, frozen once issued, undone only by another one that names it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

from billing.domain.lines import BillTo, InvoiceContent
from billing.domain.numbering import Series, SeriesPlace
from billing.domain.payment import Account, Payment, PaymentKind, PaymentStatus
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id
from shared_kernel.money import Money


class InvoiceNotFound(NotFound):
    """There is no invoice with this id."""


class InvoiceFrozen(Refusal):
    """What was issued is not changed; a rectifying invoice corrects it."""


class AlreadyRectified(Refusal):
    """It was replaced, corrected down to nothing, or is itself a correction of another one."""


class RectifiedBelowNothing(Refusal):
    """More would be taken back than was billed."""


class PaidBeyondTotal(Refusal):
    """More was paid than the total would be."""


class Status(StrEnum):
    """Where an invoice stands. A rectified one was replaced or corrected down to nothing."""

    ISSUED = "issued"
    RECTIFIED = "rectified"


class InvoiceKind(StrEnum):
    """What a document is to the one it names: instead of it, or what is added to and taken from it
    (RD 1619/2012 art. 15)."""

    ORDINARY = "ordinary"
    REPLACEMENT = "replacement"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Rectification:
    """Which invoice another one corrects, how and why."""

    rectifies_id: UUID
    kind: InvoiceKind
    reason: str


@dataclass(frozen=True)
class RelatedInvoice:
    """Another document that an invoice rectifies, or that rectifies it."""

    id: UUID
    series: Series
    number: str
    kind: InvoiceKind
    date: dt.date
    amount: Money


class InvoiceIssued(DomainEvent):
    """An invoice exists and will not change."""


class InvoiceRectified(DomainEvent):
    """Another invoice replaced this one or changed what is to be paid on it."""


class InvoiceEdited(DomainEvent):
    """An administrator changed an issued invoice, where the clinic permits it."""


class PaymentReceived(DomainEvent):
    """Money came in on an invoice."""


class PaymentRefunded(DomainEvent):
    """Money was given back on an invoice."""


@dataclass(kw_only=True)
class Invoice(Aggregate):
    """A legal document: numbered and frozen. `turnover` is what it adds to what the clinic has billed: its
    total, but of a replacement only the difference."""

    series: Series
    number: str
    bill_to: BillTo
    content: InvoiceContent
    account: Account
    turnover: Money
    status: Status = Status.ISSUED
    rectification: Rectification | None = None
    payments: list[Payment] = field(default_factory=list)
    related: list[RelatedInvoice] = field(default_factory=list)
    created_at: dt.datetime
    updated_at: dt.datetime

    @classmethod
    def issue(cls, place: SeriesPlace, bill_to: BillTo, content: InvoiceContent, now: dt.datetime) -> Self:
        """A new invoice of the ordinary series. Raises DateBeforeLastInvoice."""
        account = Account(content.amount, Money(Decimal(0), content.currency))
        return cls._issued(place, bill_to, content, account, content.amount, None, now)

    @classmethod
    def _issued(
        cls,
        place: SeriesPlace,
        bill_to: BillTo,
        content: InvoiceContent,
        account: Account,
        turnover: Money,
        rectification: Rectification | None,
        now: dt.datetime,
    ) -> Self:
        place.expect_date(content.date)
        invoice = cls(
            id=new_id(now),
            series=place.series,
            number=place.number,
            bill_to=bill_to,
            content=content,
            account=account,
            turnover=turnover,
            rectification=rectification,
            created_at=now,
            updated_at=now,
        )
        invoice.tell(InvoiceIssued(invoice.face()))
        return invoice

    @property
    def kind(self) -> InvoiceKind:
        """Ordinary, or how it rectifies another one."""
        return self.rectification.kind if self.rectification else InvoiceKind.ORDINARY

    @property
    def is_cancelled(self) -> bool:
        """Nothing of it is in force any more, and no other invoice took its place."""
        return self.status is Status.RECTIFIED and self.account.due.amount == 0

    def replace(
        self, place: SeriesPlace, bill_to: BillTo, content: InvoiceContent, reason: str, now: dt.datetime
    ) -> Self:
        """The invoice that takes the place of this one, and to which its payments go. Raises
        AlreadyRectified, Invalid, DateBeforeLastInvoice."""
        self._expect_rectifiable(content)
        currency = content.currency
        nothing = Money(Decimal(0), currency)
        replacement = self._issued(
            place,
            bill_to,
            content,
            Account(content.amount, self.account.paid),
            Money(content.amount.amount - self.account.due.amount, currency),
            Rectification(self.id, InvoiceKind.REPLACEMENT, reason),
            now,
        )
        replacement.payments, self.payments = self.payments, []
        replacement.related = [self._as_related()]
        self._rectified(Account(nothing, nothing), Status.RECTIFIED, now)
        return replacement

    def correct(self, place: SeriesPlace, content: InvoiceContent, reason: str, now: dt.datetime) -> Self:
        """The invoice that adds to this one what `content` says, or takes it from it. Raises
        AlreadyRectified, RectifiedBelowNothing, Invalid, DateBeforeLastInvoice."""
        self._expect_rectifiable(content)
        nothing = Money(Decimal(0), content.currency)
        due = Money(self.account.due.amount + content.amount.amount, content.currency)
        if due < nothing:
            raise RectifiedBelowNothing(due=self.account.due)
        rectification = Rectification(self.id, InvoiceKind.DIFFERENCE, reason)
        account = Account(nothing, nothing)
        correction = self._issued(place, self.bill_to, content, account, content.amount, rectification, now)
        correction.related = [self._as_related()]
        status = Status.ISSUED if due > nothing else Status.RECTIFIED
        self._rectified(Account(due, self.account.paid), status, now)
        return correction

    def receive(self, payment: Payment, now: dt.datetime) -> None:
        """Money came, or went back. Raises PaymentExceedsOutstanding, RefundExceedsPaid."""
        self.account = self.account.receiving(payment)
        self.payments.append(payment)
        self.updated_at = now
        happened = PaymentRefunded if payment.kind is PaymentKind.REFUND else PaymentReceived
        told = {
            "amount": str(payment.amount),
            "method": payment.method.value,
            "date": payment.date.isoformat(),
        }
        self.tell(happened({**self.face(), "payment": told}))

    def edit(self, number: str, bill_to: BillTo, content: InvoiceContent, now: dt.datetime) -> None:
        """Say something else under `number`. Raises AlreadyRectified, PaidBeyondTotal, Invalid."""
        if self.kind is InvoiceKind.DIFFERENCE or self.account.due != self.content.amount:
            raise AlreadyRectified
        if _packs(content) != _packs(self.content):
            raise Invalid(Violation("lines", "packs-cannot-change"))
        if _packs(content) and content.patient_id != self.content.patient_id:
            raise Invalid(Violation("patientId", "packs-cannot-change"))
        if self.account.paid > content.amount:
            raise PaidBeyondTotal(paid=self.account.paid)
        grown = content.amount.amount - self.content.amount.amount
        self.turnover = Money(self.turnover.amount + grown, content.currency)
        self.account = Account(content.amount, self.account.paid)
        self.number, self.bill_to, self.content = number, bill_to, content
        self.updated_at = now
        self.tell(InvoiceEdited(self.face()))

    def payment_status(self, today: dt.date) -> PaymentStatus | None:
        """How it stands on the day; None for a difference, on which nothing is paid."""
        if self.kind is InvoiceKind.DIFFERENCE:
            return None
        rectified = self.status is Status.RECTIFIED
        return self.account.status(rectified=rectified, due_date=self.content.due_date, today=today)

    def _expect_rectifiable(self, content: InvoiceContent) -> None:
        if self.status is Status.RECTIFIED or self.kind is InvoiceKind.DIFFERENCE:
            raise AlreadyRectified
        if content.date < self.content.date:
            raise Invalid(Violation("date", "before-rectified", date=self.content.date.isoformat()))

    def _as_related(self) -> RelatedInvoice:
        content = self.content
        return RelatedInvoice(self.id, self.series, self.number, self.kind, content.date, content.amount)

    def _rectified(self, account: Account, status: Status, now: dt.datetime) -> None:
        self.account, self.status, self.updated_at = account, status, now
        self.tell(InvoiceRectified(self.face()))

    def face(self) -> Face:
        """All that other contexts may know: no names, and nothing of what was done."""
        content = self.content
        rectifies = self.rectification and self.rectification.rectifies_id
        return {
            "series": self.series.value,
            "number": self.number,
            "kind": self.kind.value,
            "date": content.date.isoformat(),
            "dueDate": content.due_date.isoformat(),
            "customerId": None if content.customer_id is None else str(content.customer_id),
            "patientId": None if content.patient_id is None else str(content.patient_id),
            "currency": content.currency,
            "amount": str(content.amount),
            "due": str(self.account.due),
            "paid": str(self.account.paid),
            "status": self.status.value,
            "rectifiesId": None if rectifies is None else str(rectifies),
        }


def _packs(content: InvoiceContent) -> list[int]:
    return [line.pack_sessions for line in content.lines if line.pack_sessions]
