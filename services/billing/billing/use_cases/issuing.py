"""Issuing invoices: the number and the invoice that bears it are made durable together or not at all."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from billing.domain.customer import CustomerNotFound
from billing.domain.draft import DraftContent
from billing.domain.invoice import Invoice
from billing.domain.lines import BillTo, InvoiceContent
from billing.domain.numbering import Series
from billing.ports import Work
from billing.use_cases.sessions import expect_billable_visits, keep_sessions
from shared_kernel.errors import Invalid, Violation

Dated = Callable[[DraftContent], InvoiceContent]
"""What a draft says as an invoice of the day it is issued on."""


async def issue_invoice(
    work: Work, typed: Mapping[str, str | None], content: InvoiceContent, now: datetime, today: date
) -> Invoice:
    """A new invoice for the customer of `content`, if any; what was `typed` of the addressee goes before what
    the customer's record says. Raises Invalid, PatientErased, DateBeforeLastInvoice, AppointmentBilled,
    AppointmentPaidByPack."""
    invoice = await _issued(work, typed, content, now, today)
    await work.commit(invoice)
    return invoice


async def issue_draft(
    work: Work, draft_id: UUID, seen: int | None, dated: Dated, now: datetime, today: date
) -> Invoice:
    """The invoice that the draft becomes, which is then gone. Raises DraftNotFound, Stale and what
    `issue_invoice` raises."""
    draft = await work.drafts.get(draft_id)
    draft.expect(seen)
    await work.drafts.remove(draft)
    invoice = await _issued(work, draft.content.typed, dated(draft.content), now, today)
    await work.commit(invoice)
    return invoice


async def _issued(
    work: Work, typed: Mapping[str, str | None], content: InvoiceContent, now: datetime, today: date
) -> Invoice:
    content.checked(today)
    if content.patient_id is not None:
        await work.payers.expect_billable(content.patient_id)
    bill_to, content = await addressed(work, typed, content)
    await expect_billable_visits(work, content)
    place = await work.invoices.next_place(Series.ORDINARY, content.date)
    invoice = Invoice.issue(place, bill_to, content, now)
    await work.invoices.add(invoice)
    await keep_sessions(work, invoice, now)
    return invoice


async def addressed(
    work: Work, typed: Mapping[str, str | None], content: InvoiceContent
) -> tuple[BillTo, InvoiceContent]:
    """The addressee, and the content with the customer's present id. Raises Invalid."""
    if content.customer_id is None:
        return BillTo.written(**typed), content
    try:
        customer = await work.customers.get(content.customer_id)
    except CustomerNotFound as error:
        raise Invalid(Violation("customerId", "unknown")) from error
    details = customer.details
    recorded = {
        "full_name": details.full_name,
        "tax_id": details.tax_id,
        "address": details.billing_address,
        "phone": details.phone,
        "email": details.email,
    }
    return BillTo.written(**{**recorded, **typed}), content.of_customer(customer.id)
