"""Patients and records in MariaDB or SQLite."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.search_index import index_patients, reindex_patient
from patients.adapters.tables import patient_numbers, patients, records
from patients.domain.clinical_record import ClinicalRecord
from patients.domain.patient import (
    BACKGROUND_FIELDS,
    ClinicalBackground,
    EmailTaken,
    Particulars,
    Patient,
    PatientNotFound,
    Status,
)
from patients.domain.search import alphabetical, index_card
from shared_kernel.chassis.database import is_duplicate
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import UnitOfWork
from shared_kernel.chassis.upsert import upsert


class SqlWork(UnitOfWork):
    """A transaction on this context's schema."""

    def __init__(self, connection: AsyncConnection, origin: Origin, now: datetime) -> None:
        super().__init__(connection, "patients", origin, now)
        self.patients = SqlPatients(self)
        self.records = SqlRecords(self)


class SqlPatients:
    """The registry in one table."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def next_number(self) -> int:
        """Raises the counter row, which stays locked until the commit."""
        first, further = {"id": 1, "last": 1}, {"last": patient_numbers.c.last + 1}
        await upsert(self._work.connection, patient_numbers, ["id"], first, further)
        return int((await self._work.connection.execute(select(patient_numbers.c.last))).scalar_one())

    async def get(self, id: UUID) -> Patient:  # noqa: A002
        """Raises PatientNotFound."""
        row = await self._work.load(patients, id)
        if row is None:
            raise PatientNotFound
        return _patient(row)

    async def add(self, patient: Patient) -> None:
        """Raises EmailTaken."""
        try:
            await self._work.insert(patients, patient, _patient_row(patient))
        except IntegrityError as error:
            raise _refusal(error) from error
        card = index_card(patient.number, patient.particulars)
        await index_patients(self._work.connection, [card])

    async def save(self, patient: Patient) -> None:
        """Raises EmailTaken, Stale."""
        try:
            await self._work.update(patients, patient, _patient_row(patient))
        except IntegrityError as error:
            raise _refusal(error) from error
        card = index_card(patient.number, patient.particulars)
        await reindex_patient(self._work.connection, card)


class SqlRecords:
    """The clinical records in one table."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def next_number(self, patient_id: UUID) -> int:
        """Locks the patient's row, so that two records of one patient are numbered one after the other."""
        locked = select(patients.c.id).where(patients.c.id == patient_id).with_for_update()
        if (await self._work.connection.execute(locked)).first() is None:
            raise PatientNotFound
        highest = select(func.max(records.c.number)).where(records.c.patient_id == patient_id)
        return int((await self._work.connection.execute(highest)).scalar() or 0) + 1

    async def add(self, record: ClinicalRecord) -> None:
        """Keep it for ever."""
        row = {
            **asdict(record.findings),
            "patient_id": record.patient_id,
            "number": record.number,
            "author_id": record.author_id,
            "author_name": record.author_name,
            "created_at": record.created_at,
        }
        await self._work.insert(records, record, row)


_PARTICULARS = tuple(field.name for field in fields(Particulars))


def _patient(row: RowMapping) -> Patient:
    particulars = {name: row[name] for name in _PARTICULARS} | {"status": Status(row["status"])}
    return Patient(
        id=row["id"],
        version=row["version"],
        number=row["number"],
        particulars=Particulars(**particulars),
        background=ClinicalBackground(**{name: row[name] for name in BACKGROUND_FIELDS}),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _patient_row(patient: Patient) -> dict[str, Any]:
    particulars = patient.particulars
    return {
        **asdict(particulars),
        **asdict(patient.background),
        "status": particulars.status.value,
        "number": patient.number,
        "full_name": particulars.full_name,
        "sort_key": alphabetical(particulars)[:151],
        "email_key": particulars.email.lower() if particulars.email else None,
        "tax_id_warning": patient.has_doubtful_tax_id(),
        "created_at": patient.created_at,
        "updated_at": patient.updated_at,
    }


def _refusal(error: IntegrityError) -> Exception:
    return EmailTaken() if is_duplicate(error, "patients", "email_key") else error
