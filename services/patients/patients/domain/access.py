"""What the clinic means by opening a patient's file: it is always known who did."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Opened(StrEnum):
    """What of the file was shown."""

    PATIENT = "patient"
    RECORDS = "records"
    RECORD = "record"
    CORRECTIONS = "corrections"
    COPY = "copy"
    CHANGES = "changes"


@dataclass(frozen=True)
class Access:
    """Clinical data of a patient was shown. `record_id`: of the one record, when it was one."""

    patient_id: UUID
    what: Opened
    record_id: UUID | None = None
