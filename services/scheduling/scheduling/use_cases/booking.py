"""Taking people's time, and giving it back."""

from datetime import datetime
from uuid import UUID

from scheduling.domain import (
    Appointment,
    AppointmentOverlaps,
    Attendee,
    Booking,
    DiaryEntry,
    DiaryRules,
    UnknownPeople,
)
from scheduling.ports import Work
from shared_kernel.errors import Violation


async def book_appointment(work: Work, booking: Booking, rules: DiaryRules, now: datetime) -> DiaryEntry:
    """A new appointment. Raises Invalid, UnknownPeople, PatientInactive, PatientErased,
    AppointmentOverlaps."""
    appointment = Appointment.book(booking, rules, now)
    patient_name = await _expect_known_people(work, booking)
    conflict = await work.occupancy.take(appointment)
    if conflict is not None:
        raise AppointmentOverlaps(conflict, rules.clinic_time)
    await work.appointments.add(appointment)
    entry = DiaryEntry(appointment, patient_name)
    await work.commit(entry)
    return entry


async def cancel_appointment(
    work: Work, appointment_id: UUID, version: int | None, reason: str, now: datetime
) -> DiaryEntry:
    """The appointment, cancelled; its time is free. `version` is the one the caller saw, None for any.
    Raises AppointmentNotFound, Stale, AppointmentNotScheduled."""
    appointment = await work.appointments.get(appointment_id)
    appointment.expect(version)
    attendee = await _attendee(work, appointment.booking)
    await call_off(work, appointment, reason, now)
    entry = DiaryEntry(appointment, attendee.full_name if attendee else None)
    await work.commit(entry)
    return entry


async def call_off(work: Work, appointment: Appointment, reason: str, now: datetime) -> None:
    """Cancelled, and its time free, in a transaction that somebody else ends. Raises
    AppointmentNotScheduled."""
    appointment.cancel(reason, now)
    await work.occupancy.free(appointment)
    await work.appointments.save(appointment)


async def _expect_known_people(work: Work, booking: Booking) -> str | None:
    """The patient's name, None without a patient."""
    practitioner = await work.people.practitioner(booking.practitioner_id)
    attendee = await _attendee(work, booking)
    violations = []
    if practitioner is None or not practitioner.active:
        violations.append(Violation("practitionerId", "unknown"))
    if booking.patient_id is not None and attendee is None:
        violations.append(Violation("patientId", "unknown"))
    if violations:
        raise UnknownPeople(*violations)
    if attendee is None:
        return None
    attendee.expect_bookable()
    return attendee.full_name


async def _attendee(work: Work, booking: Booking) -> Attendee | None:
    return None if booking.patient_id is None else await work.people.attendee(booking.patient_id)
