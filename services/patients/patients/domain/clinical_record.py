"""What the clinic means by a clinical record, and the rules it keeps."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id


class RecordNotFound(NotFound):
    """There is no clinical record with this id."""


class RecordAlreadyCorrected(Refusal):
    """Only the latest version of a record can be corrected; this one has been replaced."""


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


class ClinicalRecordCorrected(DomainEvent):
    """A new version took the place of another. That it did is told; neither what was written nor why."""


@dataclass(frozen=True)
class Correction:
    """Which version another one replaces, and why."""

    replaces_id: UUID
    reason: str


@dataclass(kw_only=True)
class ClinicalRecord(Aggregate):
    """One version of a legal document: never edited, never deleted. `number` counts from 1 within the
    patient, `revision` from 1 within the record; all but the first version are corrections."""

    patient_id: UUID
    number: int
    revision: int = 1
    findings: Findings
    correction: Correction | None = None
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
        _refuse_future(findings, today)
        record = cls(
            id=new_id(now),
            patient_id=patient_id,
            number=number,
            findings=findings,
            author_id=author[0],
            author_name=author[1],
            created_at=now,
        )
        record.tell(ClinicalRecordWritten(record.face()))
        return record

    def corrected(
        self, findings: Findings, reason: str, author: tuple[str, str], now: datetime, today: date
    ) -> Self:
        """The version that replaces this one, which stays as it is."""
        _refuse_future(findings, today)
        correction = type(self)(
            id=new_id(now),
            patient_id=self.patient_id,
            number=self.number,
            revision=self.revision + 1,
            findings=findings,
            correction=Correction(self.id, reason),
            author_id=author[0],
            author_name=author[1],
            created_at=now,
        )
        face = {**correction.face(), "revision": correction.revision, "replacesId": str(self.id)}
        correction.tell(ClinicalRecordCorrected(face))
        return correction

    def face(self) -> Face:
        """All that other contexts may know: nothing clinical."""
        return {
            "patientId": str(self.patient_id),
            "number": self.number,
            "date": self.findings.date.isoformat(),
        }


def _refuse_future(findings: Findings, today: date) -> None:
    if findings.date > today:
        raise Invalid(Violation("date", "in-the-future"))
