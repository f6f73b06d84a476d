"""What the clinic means by a clinical record, and the rules it keeps."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from shared_kernel.aggregate import Aggregate, DomainEvent
from shared_kernel.errors import Invalid, NotFound, Violation
from shared_kernel.identifiers import new_id


class RecordNotFound(NotFound):
    """There is no clinical record with this id."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the practitioner wrote about one session. `date` may be back-dated, never in the future."""

    date: date
    physiotherapy_treatment: str
    consultation_reason: str | None = None
    onset: str | None = None
    radiology_tests: str | None = None
    evolution: str | None = None
    current_situation: str | None = None
    medical_treatment: str | None = None
    home_treatment: str | None = None
    notes: str | None = None
    sick_leave: bool = False


class ClinicalRecordWritten(DomainEvent):
    """A session was documented. That it happened is told; what was written is not."""


@dataclass(kw_only=True)
class ClinicalRecord(Aggregate):
    """A legal document: never edited, never deleted. `number` counts from 1 within the patient."""

    patient_id: UUID
    number: int
    findings: Findings
    author_id: str
    author_name: str
    created_at: datetime

    @classmethod
    def write(
        cls,
        patient_id: UUID,
        number: int,
        findings: Findings,
        author: tuple[str, str],
        now: datetime,
        today: date,
    ) -> Self:
        """A new record by `author` (id, name); `today` is the clinic's date."""
        if findings.date > today:
            raise Invalid(Violation("date", "in-the-future"))
        record = cls(
            id=new_id(now),
            patient_id=patient_id,
            number=number,
            findings=findings,
            author_id=author[0],
            author_name=author[1],
            created_at=now,
        )
        face = {"patientId": str(patient_id), "number": number, "date": findings.date.isoformat()}
        record.tell(ClinicalRecordWritten(face))
        return record
