"""Sending invoices by e-mail: asking for it, having one in hand, saying what came of it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from billing.domain.delivery import Delivery, DeliveryNotFound, DeliveryRules, InvoiceBlocked
from billing.domain.invoice import Invoice
from billing.ports import Work
from shared_kernel.dispatch import Attempt, Wording
from shared_kernel.errors import Invalid, Violation

Words = Callable[[Invoice], Wording]
"""What is written to whoever gets the invoice."""


async def ask_for_delivery(
    work: Work,
    invoice_id: UUID,
    to: str | None,
    words: Words,
    asked_by: str | None,
    rules: DeliveryRules,
    now: datetime,
    *,
    blocked: bool,
) -> Delivery:
    """The delivery, `to` the address on the invoice when none is named. `blocked`: whoever asks may see
    invoices of erased patients. Raises InvoiceNotFound, InvoiceBlocked, Invalid."""
    invoice = await _that_may_be_sent(work, invoice_id, blocked)
    recipient = to or invoice.bill_to.email
    if recipient is None:
        raise Invalid(Violation("to", "required"))
    delivery = Delivery.ask(invoice_id, recipient, words(invoice), asked_by, rules, now)
    await work.deliveries.add(delivery)
    await work.commit(delivery)
    return delivery


async def retry_delivery(
    work: Work, invoice_id: UUID, delivery_id: UUID, rules: DeliveryRules, now: datetime, *, blocked: bool
) -> Delivery:
    """The delivery, to be sent once more because a person says so. Raises InvoiceNotFound, InvoiceBlocked,
    DeliveryNotFound, DeliveryNotFailed."""
    await _that_may_be_sent(work, invoice_id, blocked)
    delivery = await work.deliveries.get(delivery_id)
    if delivery.invoice_id != invoice_id:
        raise DeliveryNotFound
    delivery.retry(rules, now)
    await work.deliveries.save(delivery)
    await work.commit(delivery)
    return delivery


async def claim_delivery(
    work: Work, delivery_id: UUID, rules: DeliveryRules, now: datetime
) -> Delivery | None:
    """The delivery, for the caller alone to send during the lease; None when somebody else has it. Raises
    DeliveryNotFound when the patient was erased."""
    delivery = await work.deliveries.get(delivery_id)
    if not delivery.is_to_be_sent(now):
        return None
    delivery.claim(now, rules.lease)
    await work.deliveries.save(delivery)
    await work.commit(None)
    return delivery


async def settle_delivery(work: Work, delivery_id: UUID, attempt: Attempt, now: datetime) -> None:
    """Write down what became of the attempt. Raises DeliveryNotFound when the patient was erased
    meanwhile."""
    delivery = await work.deliveries.get(delivery_id)
    delivery.settle(attempt, now)
    await work.deliveries.save(delivery)
    await work.commit(None)


async def _that_may_be_sent(work: Work, invoice_id: UUID, blocked: bool) -> Invoice:
    invoice = await work.invoices.get(invoice_id, blocked=blocked)
    if await work.invoices.is_blocked(invoice):
        raise InvoiceBlocked
    return invoice
