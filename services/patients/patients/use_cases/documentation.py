"""Writing down what was done with a patient."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from patients.domain.access import Access, Opened
from patients.domain.clinical_record import ClinicalRecord, Findings
from patients.ports import Work


async def write_record(
    work: Work, patient_id: UUID, findings: Findings, author: tuple[str, str], now: datetime, today: date
) -> ClinicalRecord:
    """A new clinical record by `author` (id, name). Raises PatientNotFound, AlreadyErased, Invalid."""
    number = await work.records.next_number(patient_id)
    record = ClinicalRecord.write(patient_id, number, findings, author, now, today)
    return await _kept(work, record)


async def correct_record(
    work: Work,
    record_id: UUID,
    change: Callable[[Findings], Findings],
    reason: str,
    author: tuple[str, str],
    now: datetime,
    today: date,
) -> ClinicalRecord:
    """A new version by `author` (id, name) in place of the latest one, whose findings `change` is given.
    Raises RecordNotFound, AlreadyErased, RecordAlreadyCorrected, Invalid."""
    record = await work.records.get(record_id)
    (await work.patients.get(record.patient_id)).refuse_if_erased()
    return await _kept(work, record.corrected(change(record.findings), reason, author, now, today))


async def _kept(work: Work, record: ClinicalRecord) -> ClinicalRecord:
    await work.records.add(record)
    await work.accesses.note(Access(record.patient_id, Opened.RECORD, record.id))
    await work.commit(record)
    return record
