"""Taking money for invoices, and giving it back."""

from datetime import date, datetime
from uuid import UUID

from billing.domain.invoice import Invoice
from billing.domain.payment import Payment
from billing.ports import Work
from shared_kernel.errors import Invalid, Violation


async def receive_payment(
    work: Work,
    invoice_id: UUID,
    seen: int | None,
    payment: Payment,
    now: datetime,
    today: date,
    *,
    blocked: bool,
) -> Invoice:
    """The invoice, with the money that came or went back. `blocked`: whoever asks may see those of erased
    patients. Raises InvoiceNotFound, Stale, Invalid, PaymentExceedsOutstanding, RefundExceedsPaid."""
    if payment.date > today:
        raise Invalid(Violation("date", "in-the-future"))
    invoice = await work.invoices.get(invoice_id, blocked=blocked)
    invoice.expect(seen)
    invoice.receive(payment, now)
    await work.invoices.save(invoice)
    await work.commit(invoice)
    return invoice
