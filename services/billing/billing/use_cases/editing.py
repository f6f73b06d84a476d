"""Changing what was issued, where the clinic permits it to its administrators (INVOICE_EDIT_ENABLED)."""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import date, datetime
from uuid import UUID

from billing.domain.invoice import Invoice
from billing.domain.lines import InvoiceContent
from billing.domain.numbering import expect_number
from billing.ports import Work
from billing.use_cases.issuing import addressed
from billing.use_cases.sessions import expect_billable_visits, settle_sessions

Numbered = Callable[[str], str | None]
"""The number that is wanted, made from the one there is."""


async def edit_invoice(
    work: Work,
    invoice_id: UUID,
    seen: int | None,
    wanted_number: Numbered,
    typed: Mapping[str, str | None],
    content: InvoiceContent,
    now: datetime,
    today: date,
) -> Invoice:
    """The invoice as it is to be. Raises InvoiceNotFound, Stale, PatientErased, Invalid, AlreadyRectified,
    PaidBeyondTotal, DateAgainstNumbers, AppointmentBilled, AppointmentPaidByPack."""
    invoice = await work.invoices.get(invoice_id, blocked=False)
    invoice.expect(seen)
    content.checked(today)
    number = expect_number(wanted_number(invoice.number), content.date)
    patients = {each for each in (invoice.content.patient_id, content.patient_id) if each is not None}
    for patient_id in sorted(patients):
        await work.payers.expect_billable(patient_id)
    bill_to, content = await addressed(work, typed, content)
    await work.visits.take(patients)
    await work.visits.release(invoice.id)
    await expect_billable_visits(work, content)
    (await work.invoices.around(invoice, number)).expect_place(number, content.date)
    before = copy(invoice)
    invoice.edit(number, bill_to, content, now)
    await work.invoices.rewrite(invoice, before)
    await work.visits.bill([appointment_id for _, appointment_id in content.appointments], invoice.id)
    await settle_sessions(work, patients, now)
    await work.commit(invoice)
    return invoice
