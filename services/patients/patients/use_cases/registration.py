"""Registering patients and keeping their data right."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from patients.domain.patient import ClinicalBackground, Particulars, Patient
from patients.ports import Work

Change = Callable[[Patient], tuple[Particulars, ClinicalBackground]]


async def register_patient(
    work: Work, particulars: Particulars, background: ClinicalBackground, now: datetime, today: date
) -> Patient:
    """A new patient with the next short number. Raises EmailTaken, Invalid."""
    number = await work.patients.next_number()
    patient = Patient.register(number, particulars, background, now, today)
    await work.patients.add(patient)
    await work.commit(patient)
    return patient


async def change_patient(
    work: Work, patient_id: UUID, version: int | None, change: Change, now: datetime, today: date
) -> Patient:
    """The patient as `change` says, which is given the present one. `version` is the one the caller saw,
    None for any. Raises PatientNotFound, Stale, EmailTaken, Invalid."""
    patient = await work.patients.get(patient_id)
    patient.expect(version)
    patient.change(*change(patient), now, today)
    await work.patients.save(patient)
    await work.commit(patient)
    return patient
