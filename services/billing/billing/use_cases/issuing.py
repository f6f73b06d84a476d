"""Issuing invoices: the number and the invoice that bears it are made durable together or not at all."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from billing.domain.customer import CustomerNotFound
from billing.domain.invoice import BillTo, Invoice, InvoiceContent, Series
from billing.ports import Work
from shared_kernel.errors import Invalid, Violation


async def issue_invoice(
    work: Work, typed: Mapping[str, str | None], content: InvoiceContent, now: datetime, today: date
) -> Invoice:
    """A new invoice for the customer of `content`, if any; what was `typed` of the addressee goes before what
    the customer's record says. Raises Invalid, PatientErased, DateBeforeLastInvoice."""
    content.checked(today)
    if content.patient_id is not None:
        await work.payers.expect_billable(content.patient_id)
    recorded = {} if content.customer_id is None else await _recorded(work, content.customer_id)
    bill_to = BillTo.written(**{**recorded, **typed})
    place = await work.invoices.next_place(Series.ORDINARY, content.date)
    invoice = Invoice.issue(place, bill_to, content, now)
    await work.invoices.add(invoice)
    await work.commit(invoice)
    return invoice


async def _recorded(work: Work, customer_id: UUID) -> dict[str, str | None]:
    try:
        details = (await work.customers.get(customer_id)).details
    except CustomerNotFound as error:
        raise Invalid(Violation("customerId", "unknown")) from error
    return {
        "full_name": details.full_name,
        "tax_id": details.tax_id,
        "address": details.billing_address,
        "phone": details.phone,
        "email": details.email,
    }
