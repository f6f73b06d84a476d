"""Taking people's time, changing when and what for, and giving it back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from scheduling.domain.appointment import (
    Appointment,
    AppointmentOverlaps,
    Booking,
    DiaryEntry,
    Revision,
)
from scheduling.domain.diary import Claim, DiaryRules
from scheduling.domain.people import Attendee, UnknownPeople
from scheduling.domain.time_off import DuringTimeOff
from scheduling.ports import Work
from scheduling.use_cases.gaps import settle_gaps
from shared_kernel.errors import Refusal, Violation

Change = Callable[[Revision], Revision]
"""What an appointment is to be, given what it is."""


async def book_appointment(
    work: Work, booking: Booking, rules: DiaryRules, now: datetime, overbook: str | None = None
) -> DiaryEntry:
    """A new appointment; `overbook` is why it may lie over what is in the way. Raises Invalid, UnknownPeople,
    PatientInactive, PatientErased, AppointmentOverlaps, DuringTimeOff, TooManyAtOnce."""
    entry = await enter(work, booking, rules, now, overbook)
    await work.commit(entry)
    return entry


async def enter(
    work: Work, booking: Booking, rules: DiaryRules, now: datetime, overbook: str | None = None
) -> DiaryEntry:
    """A new appointment, in a transaction that somebody else ends. Raises what booking raises."""
    appointment = Appointment.book(booking, rules, now)
    patient_name = await expect_known_people(work, appointment.booking)
    appointment.booking = appointment.booking.titled_beside(patient_name)
    if overbook is None:
        await _expect_free(work, appointment.booking.claim, rules)
    await _take(work, appointment, overbook, rules, None)
    await work.appointments.add(appointment)
    await settle_gaps(work, [appointment.claim], now)
    return DiaryEntry(appointment, patient_name)


async def change_appointment(
    work: Work,
    appointment_id: UUID,
    version: int | None,
    change: Change,
    rules: DiaryRules,
    now: datetime,
    overbook: str | None = None,
) -> DiaryEntry:
    """The appointment at another time, with other people, about something else, or with what became of it.
    `version` is the one the caller saw, None for any. Raises AppointmentNotFound, Stale,
    AppointmentNotScheduled and what booking raises."""
    appointment = await work.appointments.get(appointment_id)
    appointment.expect(version)
    before, seen = appointment.claim, appointment.revision
    wanted = change(seen)
    patient_name = await name_to_write_under(work, wanted.booking)
    wanted = replace(wanted, booking=wanted.booking.titled_beside(patient_name))
    appointment.revise(wanted, rules, now)
    if appointment.claim not in (before, None):
        await expect_known_people(work, appointment.booking)
    if appointment.claim != before:
        await _take(work, appointment, overbook, rules, before)
    if appointment.revision != seen:
        await work.appointments.save(appointment)
    if appointment.claim != before:
        await settle_gaps(work, [before, appointment.claim], now)
    entry = DiaryEntry(appointment, patient_name)
    await work.commit(entry)
    return entry


async def cancel_appointment(
    work: Work, appointment_id: UUID, version: int | None, reason: str, now: datetime
) -> DiaryEntry:
    """The appointment, cancelled; its time is free, and the gaps it consumed are on offer again. `version` is
    the one the caller saw, None for any. Raises AppointmentNotFound, Stale, AppointmentNotScheduled."""
    appointment = await work.appointments.get(appointment_id)
    appointment.expect(version)
    patient_name = await patient_name_of(work, appointment.booking)
    await call_off(work, appointment, reason, now)
    entry = DiaryEntry(appointment, patient_name)
    await work.commit(entry)
    return entry


async def call_off(work: Work, appointment: Appointment, reason: str, now: datetime) -> None:
    """Cancelled, its time free and its gaps on offer again, in a transaction that somebody else ends. Raises
    AppointmentNotScheduled."""
    before = appointment.claim
    appointment.cancel(reason, now)
    await _free(work, appointment, before)
    await work.appointments.save(appointment)
    await settle_gaps(work, [before], now)


async def delete_appointment(work: Work, appointment_id: UUID, version: int | None, now: datetime) -> None:
    """The appointment is gone; its time is free, and the gaps it consumed are on offer again. `version` is
    the one the caller saw, None for any. Raises AppointmentNotFound, Stale."""
    appointment = await work.appointments.get(appointment_id)
    appointment.expect(version)
    before = appointment.claim
    appointment.delete()
    await _free(work, appointment, before)
    await work.appointments.remove(appointment)
    await settle_gaps(work, [before], now)
    await work.commit(None)


async def _expect_free(work: Work, claim: Claim, rules: DiaryRules) -> None:
    """Who comes too late is told at once, without waiting for all who came at the same time. Who finds the
    time free has to look again when its days are locked."""
    conflict = await work.occupancy.in_the_way(claim)
    if conflict is not None:
        raise AppointmentOverlaps(conflict, rules.clinic_time)


async def _take(
    work: Work, appointment: Appointment, overbook: str | None, rules: DiaryRules, before: Claim | None
) -> None:
    """Give back what it had `before` and take what it claims now, all days locked first."""
    claim = appointment.claim
    await work.occupancy.lock([wanted for wanted in (before, claim) if wanted])
    if before is not None:
        await work.occupancy.free(appointment.id, before)
    refusal = None if claim is None else await _taken(work, appointment.id, claim, overbook, rules)
    if refusal is not None and overbook is None:
        raise refusal
    appointment.overbook_reason = None if refusal is None else overbook


async def _taken(
    work: Work, appointment_id: UUID, claim: Claim, overbook: str | None, rules: DiaryRules
) -> Refusal | None:
    """Take the time, and say what is in the way of it."""
    conflict = await work.occupancy.take(appointment_id, claim, beside=overbook is not None)
    if conflict is not None:
        return AppointmentOverlaps(conflict, rules.clinic_time)
    away = await work.times_off.during(claim.practitioner_id, claim.span)
    return DuringTimeOff(away[0], rules.clinic_time) if away else None


async def _free(work: Work, appointment: Appointment, before: Claim | None) -> None:
    if before is not None:
        await work.occupancy.lock([before])
        await work.occupancy.free(appointment.id, before)


async def expect_known_people(work: Work, booking: Booking) -> str | None:
    """The patient's name, None without a patient. Raises UnknownPeople, PatientInactive, PatientErased."""
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


async def name_to_write_under(work: Work, booking: Booking) -> str | None:
    """The patient's name as it is now, None without one that is known. Raises PatientErased."""
    attendee = await _attendee(work, booking)
    if attendee is None:
        return None
    attendee.expect_remembered()
    return attendee.full_name


async def patient_name_of(work: Work, booking: Booking) -> str | None:
    """The patient's name as it is now, None without one that is known. It is asked for before days and
    appointments are locked, in the order in which a patient is erased."""
    attendee = await _attendee(work, booking)
    return None if attendee is None else attendee.full_name


async def _attendee(work: Work, booking: Booking) -> Attendee | None:
    return None if booking.patient_id is None else await work.people.attendee(booking.patient_id)
