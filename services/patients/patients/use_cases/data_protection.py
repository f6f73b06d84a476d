"""Forgetting a patient who asks for it, as far as the law allows."""

from datetime import datetime
from uuid import UUID

from patients.domain.erasure import ErasureRequest, PatientHasAppointments
from patients.domain.patient import Patient
from patients.ports import Work
from shared_kernel.errors import Stale


async def erase_patient(
    work: Work, patient_id: UUID, version: int | None, request: ErasureRequest, now: datetime
) -> Patient:
    """What may go is gone, the rest is blocked. `version` is the one the caller saw, None for any. Raises
    PatientNotFound, AlreadyErased, PatientHasAppointments, and Stale when the patient or the number of her
    records has changed since the request was looked at."""
    patient = await work.patients.get(patient_id)
    patient.refuse_if_erased()
    patient.expect(version)
    if request.appointments:
        raise PatientHasAppointments(appointments={"count": request.appointments})
    if await work.records.count(patient_id) != request.records:
        raise Stale
    forgotten = patient.erase(request.reason, documented=request.records > 0, now=now)
    await work.patients.erase(patient, forgotten)
    await work.commit(patient)
    return patient
