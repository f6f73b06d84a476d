"""What was paid on an invoice, by what means, and how it therefore stands."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared_kernel.errors import Refusal
from shared_kernel.money import Money


class PaymentExceedsOutstanding(Refusal):
    """More would be paid than is to be paid."""


class RefundExceedsPaid(Refusal):
    """More would be given back than was paid."""


class Method(StrEnum):
    """By what means money changed hands."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    BIZUM = "bizum"


class PaymentKind(StrEnum):
    """Money that came, or went back."""

    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """Money that changed hands, written down for good; `amount` is above zero either way."""

    id: UUID
    kind: PaymentKind
    amount: Money
    method: Method
    date: dt.date
    created_at: dt.datetime


class PaymentStatus(StrEnum):
    """How an invoice stands on a day."""

    UNPAID = "unpaid"
    PART_PAID = "part-paid"
    PAID = "paid"
    OVERDUE = "overdue"
    TO_REFUND = "to-refund"
    RECTIFIED = "rectified"


@dataclass(frozen=True)
class Account:
    """What is to be paid on a document and what was. `due` follows the rectifications of it."""

    due: Money
    paid: Money

    @property
    def outstanding(self) -> Money:
        """What is still to come; below zero, what is to be given back."""
        return Money(self.due.amount - self.paid.amount, self.due.currency)

    def receiving(self, payment: Payment) -> "Account":
        """The account after it. Raises PaymentExceedsOutstanding, RefundExceedsPaid."""
        if payment.kind is PaymentKind.REFUND:
            if payment.amount.amount > self.paid.amount:
                raise RefundExceedsPaid(paid=self.paid)
            return Account(self.due, Money(self.paid.amount - payment.amount.amount, self.paid.currency))
        if payment.amount.amount > self.outstanding.amount:
            raise PaymentExceedsOutstanding(
                outstanding=max(self.outstanding, Money(Decimal(0), self.due.currency))
            )
        return Account(self.due, Money(self.paid.amount + payment.amount.amount, self.paid.currency))

    def status(self, *, rectified: bool, due_date: dt.date, today: dt.date) -> PaymentStatus:
        """`rectified`: replaced, or corrected down to nothing."""
        outstanding = self.outstanding.amount
        if outstanding < 0:
            return PaymentStatus.TO_REFUND
        if outstanding == 0:
            return PaymentStatus.RECTIFIED if rectified else PaymentStatus.PAID
        if due_date < today:
            return PaymentStatus.OVERDUE
        return PaymentStatus.PART_PAID if self.paid.amount else PaymentStatus.UNPAID
