"""What a patient does herself, by the link in her reminder."""

from datetime import datetime

from scheduling.domain.appointment import Appointment, AppointmentNotFound, Status
from scheduling.domain.people import PatientErased
from scheduling.domain.visit import Visit, VisitNotFound
from scheduling.ports import Work
from scheduling.use_cases.booking import call_off, name_to_write_under


async def confirm_visit(work: Work, visit: Visit, now: datetime) -> None:
    """She will come; saying so twice is saying it once. Raises VisitNotFound, VisitMoved, VisitPast,
    VisitCancelled, Stale."""
    appointment = await _appointment(work, visit)
    visit.expect_open(appointment, now)
    if appointment.confirm(now):
        await work.appointments.save(appointment)
    await work.commit(None)


async def call_off_visit(work: Work, visit: Visit, reason: str, now: datetime) -> None:
    """She will not come: the time is free, and the gaps it consumed are on offer again. Saying so twice is
    saying it once. Raises VisitNotFound, VisitMoved, VisitPast, VisitCancelled, Stale."""
    appointment = await _appointment(work, visit)
    visit.expect_same(appointment.booking.patient_id, appointment.booking.starts_at, now)
    if appointment.status is not Status.CANCELLED:
        visit.expect_open(appointment, now)
        await call_off(work, appointment, reason, now)
    await work.commit(None)


async def _appointment(work: Work, visit: Visit) -> Appointment:
    """The patient is not erased while the transaction lives."""
    try:
        appointment = await work.appointments.get(visit.appointment_id)
        await name_to_write_under(work, appointment.booking)
    except (AppointmentNotFound, PatientErased) as error:
        raise VisitNotFound from error
    return appointment
