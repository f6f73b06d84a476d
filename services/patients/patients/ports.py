"""All that this context needs from the world."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from patients.domain.access import Access
from patients.domain.clinical_record import ClinicalRecord
from patients.domain.patient import Patient


class Patients(Protocol):
    """The registry."""

    async def next_number(self) -> int:
        """The next short number, without a hole; nobody else gets it while the transaction lives."""

    async def get(self, id: UUID) -> Patient:  # noqa: A002
        """The newest version, which nobody else changes while the transaction lives. Raises
        PatientNotFound."""

    async def alike(self, patient: Patient) -> Sequence[Patient]:
        """Some others who have the name and birth date, the phone or the tax id of this one."""

    async def add(self, patient: Patient) -> None:
        """Raises EmailTaken."""

    async def save(self, patient: Patient) -> None:
        """Raises EmailTaken, and Stale when another transaction was first."""


class Records(Protocol):
    """The clinical records of all patients."""

    async def next_number(self, patient_id: UUID) -> int:
        """The next number within the patient, who stays locked while the transaction lives.
        Raises PatientNotFound."""

    async def get(self, id: UUID) -> ClinicalRecord:  # noqa: A002
        """This version of a record. Raises RecordNotFound."""

    async def add(self, record: ClinicalRecord) -> None:
        """Keep it for ever. Raises RecordAlreadyCorrected when another one replaces the same."""


class Accesses(Protocol):
    """Who opened which patient's file."""

    async def note(self, access: Access) -> None:
        """Keep that whoever this transaction is for is shown this."""


class Work(Protocol):
    """One transaction."""

    @property
    def patients(self) -> Patients:
        """The registry, in this transaction."""

    @property
    def records(self) -> Records:
        """The clinical records, in this transaction."""

    @property
    def accesses(self) -> Accesses:
        """The log of who was shown what, in this transaction."""

    async def commit(self, result: object) -> None:
        """Make it all durable; `result` is what the caller is answered with."""
