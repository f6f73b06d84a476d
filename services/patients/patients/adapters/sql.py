"""Patients and records in MariaDB or SQLite."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, insert, select, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.search_index import forget_patient, index_patients, reindex_patient
from patients.adapters.tables import access_log, patient_numbers, patients, records
from patients.domain.access import Access
from patients.domain.clinical_record import (
    ClinicalRecord,
    Correction,
    Findings,
    RecordAlreadyCorrected,
    RecordNotFound,
)
from patients.domain.duplicates import Traits
from patients.domain.patient import (
    BACKGROUND_FIELDS,
    AlreadyErased,
    ClinicalBackground,
    EmailTaken,
    Language,
    Particulars,
    Patient,
    PatientNotFound,
    Status,
)
from patients.domain.search import alphabetical, index_card
from shared_kernel.chassis.database import is_duplicate
from shared_kernel.chassis.forgetting import forget_answers, forget_changes
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import UnitOfWork
from shared_kernel.chassis.upsert import upsert
from shared_kernel.identifiers import new_id

_MOST_ALIKE = 20
"""How many who share a trait are looked at: a telephone may be that of a whole home."""


class SqlWork(UnitOfWork):
    """A transaction on this context's schema."""

    def __init__(self, connection: AsyncConnection, origin: Origin, now: datetime) -> None:
        super().__init__(connection, "patients", origin, now)
        self.patients = SqlPatients(self)
        self.records = SqlRecords(self)
        self.accesses = SqlAccesses(self)


class SqlPatients:
    """The registry in one table."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def next_number(self) -> int:
        """The first of one."""
        return (await self.next_numbers(1)).start

    async def next_numbers(self, count: int) -> range:
        """Raises the counter row, which stays locked until the commit."""
        first, further = {"id": 1, "last": count}, {"last": patient_numbers.c.last + count}
        await upsert(self._work.connection, patient_numbers, ["id"], first, further)
        last = int((await self._work.connection.execute(select(patient_numbers.c.last))).scalar_one())
        return range(last - count + 1, last + 1)

    async def get(self, id: UUID) -> Patient:  # noqa: A002
        """Locks the row: of several writers who expect no version each sees what the one before did."""
        row = await self._work.load(patients, id, lock=True)
        if row is None:
            raise PatientNotFound
        return _patient(row)

    async def alike(self, patient: Patient) -> Sequence[Patient]:
        """One statement with a branch per trait, each by its index."""
        traits = Traits.of(patient.particulars)
        same = patients.c
        asked = []
        if traits.date_of_birth:
            asked.append(and_(same.name_key == traits.name, same.date_of_birth == traits.date_of_birth))
        if traits.phone:
            asked.append(same.phone_key == traits.phone)
        if traits.tax_id:
            asked.append(same.tax_id == traits.tax_id)
        if not asked:
            return []
        found = union(*map(_some, asked)).subquery()
        query = select(patients).join(found, found.c.id == patients.c.id).where(patients.c.id != patient.id)
        rows = await self._work.connection.execute(query)
        return [_patient(row) for row in rows.mappings()]

    async def add(self, patient: Patient) -> None:
        """Raises EmailTaken."""
        try:
            await self._work.insert(patients, patient, patient_row(patient))
        except IntegrityError as error:
            raise _refusal(error) from error
        card = index_card(patient.number, patient.particulars)
        await index_patients(self._work.connection, [card])

    async def save(self, patient: Patient) -> None:
        """Raises EmailTaken, Stale."""
        try:
            await self._work.update(patients, patient, patient_row(patient))
        except IntegrityError as error:
            raise _refusal(error) from error
        card = index_card(patient.number, patient.particulars)
        await reindex_patient(self._work.connection, card)

    async def erase(self, patient: Patient, forgotten: Collection[str]) -> None:
        """Raises Stale."""
        columns = {*forgotten, "full_name"} if "first_name" in forgotten else forgotten
        await self._work.update(patients, patient, patient_row(patient), forgotten=columns)
        await forget_changes(self._work.connection, [patient.id], columns)
        await forget_answers(self._work.connection, patient.id)
        await forget_patient(self._work.connection, patient.number)


class SqlRecords:
    """The clinical records in one table."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._corrected: dict[UUID, RowMapping] = {}

    async def next_number(self, patient_id: UUID) -> int:
        """Locks the patient's row, so that two records of one patient are numbered one after the other."""
        locked = select(patients.c.erased_at).where(patients.c.id == patient_id).with_for_update()
        row = (await self._work.connection.execute(locked)).first()
        if row is None:
            raise PatientNotFound
        if row.erased_at is not None:
            raise AlreadyErased
        highest = select(func.max(records.c.number)).where(records.c.patient_id == patient_id)
        return int((await self._work.connection.execute(highest)).scalar() or 0) + 1

    async def get(self, id: UUID) -> ClinicalRecord:  # noqa: A002
        """Raises RecordNotFound."""
        row = await self._work.load(records, id)
        if row is None:
            raise RecordNotFound
        self._corrected[id] = row
        return _record(row)

    async def count(self, patient_id: UUID) -> int:
        """One statement."""
        counted = select(func.count()).select_from(records).where(records.c.patient_id == patient_id)
        return int((await self._work.connection.execute(counted)).scalar_one())

    async def add(self, record: ClinicalRecord) -> None:
        """The unique index on what is replaced decides who of several correctors was first."""
        replaced = record.correction.replaces_id if record.correction else None
        before = dict(self._corrected[replaced]) if replaced else {}
        try:
            await self._work.insert(records, record, record_row(record), before)
        except IntegrityError as error:
            if replaced is None:
                raise
            raise RecordAlreadyCorrected(latestId=await self._latest(record)) from error

    async def _latest(self, record: ClinicalRecord) -> UUID:
        versions = select(records.c.id).where(
            records.c.patient_id == record.patient_id, records.c.number == record.number
        )
        newest = versions.order_by(records.c.revision.desc()).limit(1)
        return UUID(str((await self._work.connection.execute(newest)).scalar_one()))


class SqlAccesses:
    """The access log, for what is shown at the end of a transaction."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def note(self, access: Access) -> None:
        """Saved with the change whose answer shows it."""
        row = access_row(access, self._work.origin, self._work.now)
        await self._work.connection.execute(insert(access_log).values(row))


def access_row(access: Access, origin: Origin, now: datetime) -> dict[str, Any]:
    """The row that says who was shown this, when and where."""
    return {
        "id": new_id(now),
        "patient_id": access.patient_id,
        "what": access.what.value,
        "record_id": access.record_id,
        "actor_id": origin.actor_id,
        "actor_name": origin.actor_name,
        "ip": origin.ip,
        "user_agent": origin.user_agent,
        "correlation_id": origin.correlation_id,
        "occurred_at": now,
    }


_PARTICULARS = tuple(field.name for field in fields(Particulars))


def _patient(row: RowMapping) -> Patient:
    particulars = {name: row[name] for name in _PARTICULARS} | {
        "status": Status(row["status"]),
        "language": Language(row["language"]) if row["language"] else None,
    }
    return Patient(
        id=row["id"],
        version=row["version"],
        number=row["number"],
        particulars=Particulars(**particulars),
        background=ClinicalBackground(**{name: row[name] for name in BACKGROUND_FIELDS}),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        erased_at=row["erased_at"],
        erasure_reason=row["erasure_reason"],
    )


def patient_row(patient: Patient) -> dict[str, Any]:
    particulars = patient.particulars
    traits = Traits.of(particulars)
    return {
        **vars(particulars),
        **vars(patient.background),
        "status": particulars.status.value,
        "language": particulars.language.value if particulars.language else None,
        "number": patient.number,
        "full_name": particulars.full_name,
        "sort_key": alphabetical(particulars)[:151],
        "email_key": particulars.email.lower() if particulars.email else None,
        "tax_id_warning": patient.has_doubtful_tax_id(),
        "created_at": patient.created_at,
        "updated_at": patient.updated_at,
        "name_key": None if patient.erased_at else traits.name,
        "phone_key": traits.phone,
        "erased_at": patient.erased_at,
        "erasure_reason": patient.erasure_reason,
    }


def _some(alike: ColumnElement[bool]) -> Select[Any]:
    """A few of those that are alike; in brackets, for neither database limits a branch without."""
    some = (
        select(patients.c.id)
        .where(alike, patients.c.erased_at.is_(None))
        .order_by(patients.c.number)
        .limit(_MOST_ALIKE)
    )
    return select(some.subquery().c.id)


_FINDINGS = tuple(field.name for field in fields(Findings))


def _record(row: RowMapping) -> ClinicalRecord:
    corrects = row["replaces_id"] is not None
    return ClinicalRecord(
        id=row["id"],
        version=row["version"],
        patient_id=row["patient_id"],
        number=row["number"],
        revision=row["revision"],
        findings=Findings(**{name: row[name] for name in _FINDINGS}),
        correction=Correction(row["replaces_id"], row["correction_reason"]) if corrects else None,
        author_id=row["author_id"],
        author_name=row["author_name"],
        created_at=row["created_at"],
    )


def record_row(record: ClinicalRecord) -> dict[str, Any]:
    return {
        **vars(record.findings),
        "patient_id": record.patient_id,
        "number": record.number,
        "revision": record.revision,
        "replaces_id": record.correction.replaces_id if record.correction else None,
        "correction_reason": record.correction.reason if record.correction else None,
        "author_id": record.author_id,
        "author_name": record.author_name,
        "created_at": record.created_at,
    }


def _refusal(error: IntegrityError) -> Exception:
    return EmailTaken() if is_duplicate(error, "patients", "email_key") else error
