"""Undoing an invoice, in whole or in part: only by another one that names it (RD 1619/2012 art. 15)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from billing.domain.invoice import Invoice, InvoiceKind
from billing.domain.lines import BillTo, InvoiceContent
from billing.domain.numbering import Series
from billing.ports import Work
from billing.use_cases.issuing import addressed
from billing.use_cases.sessions import expect_billable_visits, keep_sessions, settle_sessions

Corrected = Callable[[InvoiceContent], InvoiceContent]
"""What the rectifying invoice says, made from what the rectified one said."""


async def rectify_invoice(
    work: Work,
    invoice_id: UUID,
    seen: int | None,
    kind: InvoiceKind,
    reason: str,
    corrected: Corrected,
    typed: Mapping[str, str | None],
    now: datetime,
    today: date,
) -> Invoice:
    """The rectifying invoice. A replacement is addressed to whom the rectified one was unless something else
    was `typed`. Raises InvoiceNotFound, Stale, PatientErased, Invalid, AlreadyRectified,
    RectifiedBelowNothing, DateBeforeLastInvoice, AppointmentBilled, AppointmentPaidByPack."""
    rectified = await work.invoices.get(invoice_id, blocked=False)
    rectified.expect(seen)
    content = corrected(rectified.content).checked(today)
    if content.patient_id is not None:
        await work.payers.expect_billable(content.patient_id)
        await work.visits.take([content.patient_id])
    if kind is InvoiceKind.REPLACEMENT:
        rectifying = await _replace(work, rectified, content, reason, typed, now)
    else:
        place = await work.invoices.next_place(Series.RECTIFYING, content.date)
        rectifying = rectified.correct(place, content, reason, now)
        await work.invoices.add(rectifying)
    await work.invoices.save(rectified)
    if rectified.is_cancelled and kind is InvoiceKind.DIFFERENCE:
        await _give_up_sessions(work, rectified, now)
    await work.commit(rectifying)
    return rectifying


async def _replace(
    work: Work,
    rectified: Invoice,
    content: InvoiceContent,
    reason: str,
    typed: Mapping[str, str | None],
    now: datetime,
) -> Invoice:
    bill_to, content = await _readdressed(work, rectified, content, typed)
    await work.visits.release(rectified.id)
    await expect_billable_visits(work, content)
    place = await work.invoices.next_place(Series.RECTIFYING, content.date)
    replacement = rectified.replace(place, bill_to, content, reason, now)
    await work.invoices.add(replacement)
    await work.invoices.hand_over_payments(rectified, replacement)
    for pack in await work.packs.sold_by(rectified.id):
        pack.invoice_id = replacement.id
        await work.packs.save(pack)
    await keep_sessions(work, replacement, now)
    if content.patient_id is not None:
        await settle_sessions(work, [content.patient_id], now)
    return replacement


async def _readdressed(
    work: Work, rectified: Invoice, content: InvoiceContent, typed: Mapping[str, str | None]
) -> tuple[BillTo, InvoiceContent]:
    if content.customer_id != rectified.content.customer_id:
        return await addressed(work, typed, content)
    return BillTo.written(**{**vars(rectified.bill_to), **typed}), content


async def _give_up_sessions(work: Work, cancelled: Invoice, now: datetime) -> None:
    """Its visits are to be billed again, and what is left of its packs is not to be had any more."""
    await work.visits.release(cancelled.id)
    for pack in await work.packs.sold_by(cancelled.id):
        pack.close(now)
        await work.packs.save(pack)
    if cancelled.content.patient_id is not None:
        await settle_sessions(work, [cancelled.content.patient_id], now)


def negated(content: InvoiceContent, day: date) -> InvoiceContent:
    """What takes all of it back."""
    lines = [line.negated() for line in content.lines]
    return replace(content, date=day, due_date=day, lines=lines)
