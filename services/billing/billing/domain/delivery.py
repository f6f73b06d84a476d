"""A delivery: an issued invoice sent to somebody by e-mail, because a person asked for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from shared_kernel.aggregate import Aggregate, DomainEvent
from shared_kernel.dispatch import Attempt, Dispatch, DispatchState, Wording, message_id
from shared_kernel.errors import NotFound, Refusal
from shared_kernel.identifiers import new_id


class DeliveryNotFound(NotFound):
    """This invoice has no delivery with this id."""


class DeliveryNotFailed(Refusal):
    """Only what failed for good is tried again by hand; the rest is tried by itself, or need not be."""


class InvoiceBlocked(Refusal):
    """The invoice of a patient who was erased is kept, but sent to nobody."""


class InvoiceDelivered(DomainEvent):
    """The mail server has taken it."""


@dataclass(frozen=True)
class DeliveryRules:
    """Whether there is a mail server, for how long whoever claims a delivery has it alone, and the domain of
    the Message-IDs."""

    sends: bool
    lease: timedelta
    domain: str


@dataclass(kw_only=True)
class Delivery(Aggregate, Dispatch):
    """A row of the outbox, and of the invoice's log."""

    invoice_id: UUID
    created_by_name: str | None
    created_at: datetime

    @classmethod
    def ask(
        cls,
        invoice_id: UUID,
        recipient: str,
        wording: Wording,
        asked_by: str | None,
        rules: DeliveryRules,
        now: datetime,
    ) -> Self:
        """A new one, to be sent at once, or only to be shown where there is no mail server."""
        id_ = new_id(now)
        delivery = cls(
            id=id_,
            invoice_id=invoice_id,
            recipient=recipient,
            wording=wording,
            message_id=message_id(id_, rules.domain),
            next_attempt_at=now,
            created_by_name=asked_by,
            created_at=now,
        )
        if not rules.sends:
            delivery.leave_unsent()
        return delivery

    def settle(self, attempt: Attempt, now: datetime) -> None:
        """Say what became of the attempt; that it arrived is told once."""
        before = self.state
        super().settle(attempt, now)
        if self.state is DispatchState.SENT and before is not DispatchState.SENT:
            face = {
                "invoiceId": str(self.invoice_id),
                "language": self.wording.language,
                "sentAt": now.isoformat(),
            }
            self.tell(InvoiceDelivered(face))

    def retry(self, rules: DeliveryRules, now: datetime) -> None:
        """Try again from the beginning, because a person says so. Raises DeliveryNotFailed."""
        if self.state is not DispatchState.FAILED:
            raise DeliveryNotFailed
        self.begin_again(now)
        if not rules.sends:
            self.leave_unsent()
