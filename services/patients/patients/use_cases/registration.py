"""Registering patients and keeping their data right."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from patients.domain.access import Access, Opened
from patients.domain.duplicates import refuse_likely_duplicate
from patients.domain.patient import ClinicalBackground, Particulars, Patient
from patients.ports import Work

Change = Callable[[Patient], tuple[Particulars, ClinicalBackground]]


async def register_patient(
    work: Work,
    particulars: Particulars,
    background: ClinicalBackground,
    *,
    force: bool,
    clinical: bool,
    now: datetime,
    today: date,
) -> Patient:
    """A new patient with the next short number, whose lock lets nobody else register meanwhile. With `force`
    even one who is likely registered already; `clinical`: the caller is answered with the clinical
    background. Raises PatientLikelyDuplicate, EmailTaken, Invalid."""
    number = await work.patients.next_number()
    patient = Patient.register(number, particulars, background, now, today)
    await work.patients.add(patient)
    if not force:
        refuse_likely_duplicate(patient, await work.patients.alike(patient))
    return await _answered(work, patient, clinical)


async def change_patient(
    work: Work,
    patient_id: UUID,
    version: int | None,
    change: Change,
    *,
    clinical: bool,
    now: datetime,
    today: date,
) -> Patient:
    """The patient as `change` says, which is given the present one. `version` is the one the caller saw,
    None for any; `clinical`: the caller is answered with the clinical background. Raises PatientNotFound,
    Stale, EmailTaken, Invalid."""
    patient = await work.patients.get(patient_id)
    patient.expect(version)
    if patient.change(*change(patient), now, today):
        await work.patients.save(patient)
    return await _answered(work, patient, clinical)


async def _answered(work: Work, patient: Patient, clinical: bool) -> Patient:
    if clinical:
        await work.accesses.note(Access(patient.id, Opened.PATIENT))
    await work.commit(patient)
    return patient
