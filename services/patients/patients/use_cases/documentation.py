"""Writing down what was done with a patient."""

from datetime import date, datetime
from uuid import UUID

from patients.domain.clinical_record import ClinicalRecord, Findings
from patients.ports import Work


async def write_record(
    work: Work, patient_id: UUID, findings: Findings, author: tuple[str, str], now: datetime, today: date
) -> ClinicalRecord:
    """A new clinical record by `author` (id, name). Raises PatientNotFound, Invalid."""
    number = await work.records.next_number(patient_id)
    record = ClinicalRecord.write(patient_id, number, findings, author, now, today)
    await work.records.add(record)
    await work.commit(record)
    return record
