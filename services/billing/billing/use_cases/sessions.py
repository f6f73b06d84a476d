"""Visits and packs: each visit is billed once, or paid once by a pack, or still to be billed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from billing.domain.invoice import Invoice
from billing.domain.lines import InvoiceContent
from billing.domain.pack import AppointmentBilled, AppointmentPaidByPack, Pack, settle
from billing.ports import Work
from shared_kernel.errors import Invalid, Violation


def concern_sessions(content: InvoiceContent) -> bool:
    """True when lines bill visits or sell packs."""
    return any(line.appointment_id or line.pack_sessions for line in content.lines)


async def expect_billable_visits(work: Work, content: InvoiceContent) -> None:
    """The lines bill visits of the invoice's patient, each once, that nothing else pays; the patient's ledger
    is taken. Raises Invalid, AppointmentBilled, AppointmentPaidByPack."""
    if content.patient_id is not None and concern_sessions(content):
        await work.visits.take([content.patient_id])
    named = content.appointments
    if not named:
        return
    ids = [appointment_id for _, appointment_id in named]
    known = await work.visits.known(ids, content.patient_id)
    strange = [position for position, appointment_id in named if appointment_id not in known]
    if strange:
        raise Invalid(*(Violation(f"lines.{position}.appointmentId", "unknown") for position in strange))
    if len(set(ids)) < len(ids) or await work.visits.billed(ids):
        raise AppointmentBilled
    if await work.packs.paying(ids):
        raise AppointmentPaidByPack


async def keep_sessions(work: Work, invoice: Invoice, now: datetime) -> None:
    """The visits that the new invoice bills are billed, and the packs it sells are sold and pay at once what
    they are for."""
    content = invoice.content
    if not concern_sessions(content):
        return
    await work.visits.bill([appointment_id for _, appointment_id in content.appointments], invoice.id)
    sold = [line for line in content.lines if line.pack_sessions]
    if not sold or content.patient_id is None:
        return
    for line in sold:
        pack = Pack.sell(
            content.patient_id, invoice.id, line.concept, line.pack_sessions or 0, content.date, now
        )
        await work.packs.add(pack)
    await settle_sessions(work, [content.patient_id], now)


async def settle_sessions(work: Work, patients: Collection[UUID], now: datetime) -> None:
    """Packs pay exactly what they are to pay of what the patients, whose ledgers are taken, attended."""
    for patient_id in patients:
        packs = await work.packs.of(patient_id)
        if not packs:
            continue
        before = {pack.id: (list(pack.uses), pack.closed_at) for pack in packs}
        visits = await work.visits.to_pay(patient_id, min(pack.sold_on for pack in packs))
        settle(packs, visits, now)
        for pack in packs:
            if before[pack.id] != (pack.uses, pack.closed_at):
                await work.packs.save(pack)
