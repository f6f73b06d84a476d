"""All that this context needs from the world."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from patients.domain.access import Access
from patients.domain.clinical_record import ClinicalRecord
from patients.domain.patient import Patient
from shared_kernel.holdings import Holdings


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

    async def erase(self, patient: Patient, forgotten: Collection[str]) -> None:
        """Save one who was erased, and forget the fields wherever else this context wrote them down: in what
        is searched, in the audit trail, in answers kept. Raises Stale."""


class Records(Protocol):
    """The clinical records of all patients."""

    async def next_number(self, patient_id: UUID) -> int:
        """The next number within the patient, who stays locked while the transaction lives.
        Raises PatientNotFound."""

    async def get(self, id: UUID) -> ClinicalRecord:  # noqa: A002
        """This version of a record. Raises RecordNotFound."""

    async def count(self, patient_id: UUID) -> int:
        """How many records a patient has, each version counted."""

    async def add(self, record: ClinicalRecord) -> None:
        """Keep it for ever. Raises RecordAlreadyCorrected when another one replaces the same."""


class Accesses(Protocol):
    """Who opened which patient's file."""

    async def note(self, access: Access) -> None:
        """Keep that whoever this transaction is for is shown this."""


class HoldingsUnavailable(Exception):
    """A context cannot say now what it holds (HTTP 503)."""

    def __init__(self, context: str) -> None:
        super().__init__(context)
        self.context = context


class OtherContexts(Protocol):
    """What is held about a patient elsewhere."""

    async def holdings(self, patient_id: UUID) -> Mapping[str, Holdings]:
        """By context, from every one. Raises HoldingsUnavailable when one cannot answer."""


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
