"""Booking a plan of sessions at once, changing the rest of it, and calling it off: all or nothing."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from scheduling.domain.appointment import (
    Appointment,
    AppointmentOverlaps,
    Booking,
    DiaryEntry,
    Status,
)
from scheduling.domain.availability import free_starts
from scheduling.domain.diary import Claim, DiaryRules, Span
from scheduling.domain.series import (
    NEARBY,
    Alteration,
    Occurrence,
    SeriesNotFound,
    SeriesNotFree,
    checked_all,
    expect_apart,
    repaired,
)
from scheduling.domain.time_off import DuringTimeOff, TimeOff
from scheduling.domain.week_grid import EmptySlotGenerator, WeekGrid
from scheduling.ports import Work
from scheduling.use_cases.booking import expect_known_people, name_to_write_under, patient_name_of
from scheduling.use_cases.gaps import settle_gaps
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Refusal
from shared_kernel.identifiers import new_id


@dataclass(frozen=True)
class Series:
    """Sessions booked together, in order of time."""

    id: UUID
    entries: Sequence[DiaryEntry]


async def check_series(
    work: Work, bookings: Sequence[Booking], default: WeekGrid, rules: DiaryRules, now: datetime
) -> list[Occurrence]:
    """What booking the sessions would meet; nothing is taken. Raises Invalid, UnknownPeople."""
    sessions = checked_all(bookings, rules)
    await expect_known_people(work, sessions[0])
    return await _occurrences(work, [session.claim for session in sessions], default, rules, now)


async def book_series(
    work: Work, bookings: Sequence[Booking], default: WeekGrid, rules: DiaryRules, now: datetime
) -> Series:
    """The sessions, all of one practitioner and one patient. Raises Invalid, UnknownPeople, SeriesNotFree."""
    sessions = checked_all(bookings, rules)
    patient_name = await expect_known_people(work, sessions[0])
    series_id = new_id(now)
    appointments = [
        Appointment.book(session.titled_beside(patient_name), rules, now, series_id) for session in sessions
    ]
    claims = {appointment.id: appointment.booking.claim for appointment in appointments}
    await work.occupancy.lock(list(claims.values()))
    await _take_all(work, claims, default, rules, now)
    await work.appointments.add_all(appointments)
    await settle_gaps(work, claims.values(), now)
    series = Series(series_id, [DiaryEntry(appointment, patient_name) for appointment in appointments])
    await work.commit(series)
    return series


async def change_series(
    work: Work,
    series_id: UUID,
    since: UUID | None,
    alteration: Alteration,
    default: WeekGrid,
    rules: DiaryRules,
    now: datetime,
) -> Series:
    """What is still scheduled of the series, from the appointment `since` on or all of it, altered. What lies
    there already keeps its time, whoever changes it meanwhile. Raises SeriesNotFound, Invalid, UnknownPeople,
    SeriesNotFree, Stale."""
    appointments = await _scheduled(work, series_id, since)
    claims = {each.id: each.booking.claim for each in appointments}
    seen = {each.id: each.revision for each in appointments}
    for each in appointments:
        booking = alteration.applied_to(each.booking, rules.clinic_time)
        each.revise(replace(each.revision, booking=booking), rules, now)
    expect_apart(each.booking for each in appointments)
    after = {each.id: each.booking.claim for each in appointments if each.booking.claim != claims[each.id]}
    before = {id_: claims[id_] for id_ in after}
    names = await _names(work, appointments, name_to_write_under)
    if after:
        for booking in _one_for_each(appointments, lambda each: (each.practitioner_id, each.patient_id)):
            await expect_known_people(work, booking)
        await work.occupancy.lock([*before.values(), *after.values()])
        await work.occupancy.free_all(before)
        await _take_all(work, after, default, rules, now)
    for each in appointments:
        if each.id in after:
            each.overbook_reason = None  # nothing is in its way where it lies now
        if each.revision != seen[each.id]:
            await work.appointments.save(each)
    if after:
        await settle_gaps(work, [*before.values(), *after.values()], now)
    series = Series(series_id, [DiaryEntry(each, names[each.booking.patient_id]) for each in appointments])
    await work.commit(series)
    return series


async def cancel_series(
    work: Work, series_id: UUID, since: UUID | None, reason: str, now: datetime
) -> Series:
    """What is still scheduled of the series, from the appointment `since` on or all of it, cancelled. Raises
    SeriesNotFound, Stale."""
    appointments = await _scheduled(work, series_id, since)
    names = await _names(work, appointments, patient_name_of)
    claims = {each.id: each.booking.claim for each in appointments}
    await work.occupancy.lock(list(claims.values()))
    await work.occupancy.free_all(claims)
    for each in appointments:
        each.cancel(reason, now)
        await work.appointments.save(each)
    await settle_gaps(work, claims.values(), now)
    series = Series(series_id, [DiaryEntry(each, names[each.booking.patient_id]) for each in appointments])
    await work.commit(series)
    return series


async def _scheduled(work: Work, series_id: UUID, since: UUID | None) -> list[Appointment]:
    appointments = await work.appointments.of_series(series_id)
    first = next((each.booking.starts_at for each in appointments if each.id == since), None)
    if since is not None and first is None:
        raise SeriesNotFound
    scheduled = [
        each
        for each in appointments
        if each.status is Status.SCHEDULED and (first is None or each.booking.starts_at >= first)
    ]
    if not scheduled:
        raise SeriesNotFound
    return scheduled


async def _names(
    work: Work, appointments: Sequence[Appointment], name_of: Callable[[Work, Booking], Awaitable[str | None]]
) -> dict[UUID | None, str | None]:
    """A single session may have been given to somebody else."""
    bookings = _one_for_each(appointments, lambda each: each.patient_id)
    return {booking.patient_id: await name_of(work, booking) for booking in bookings}


def _one_for_each(
    appointments: Sequence[Appointment], whose: Callable[[Booking], object]
) -> Iterable[Booking]:
    """In an order that all share who ask for several."""
    bookings = {str(whose(each.booking)): each.booking for each in appointments}
    return [bookings[key] for key in sorted(bookings)]


async def _take_all(
    work: Work, claims: dict[UUID, Claim], default: WeekGrid, rules: DiaryRules, now: datetime
) -> None:
    occurrences = await _occurrences(work, list(claims.values()), default, rules, now)
    if any(occurrence.refusal for occurrence in occurrences):
        raise SeriesNotFree(occurrences, rules.clinic_time)
    await work.occupancy.take_all(claims)


async def _occurrences(
    work: Work, claims: Sequence[Claim], default: WeekGrid, rules: DiaryRules, now: datetime
) -> list[Occurrence]:
    around = Span(
        min(claim.span.starts_at for claim in claims) - NEARBY,
        max(claim.span.ends_at for claim in claims) + NEARBY,
    )
    practitioners = {claim.practitioner_id for claim in claims}
    away = {who: await work.times_off.during(who, around) for who in practitioners}
    refusals = await _refusals(work, claims, away, rules.clinic_time)
    spans = [claim.span for claim in claims]
    starts: Sequence[datetime | None] = [None] * len(claims)
    if any(refusals):
        week = await work.working_weeks.of(claims[0].practitioner_id)
        grid = EmptySlotGenerator(week.grid if week else default, rules.clinic_time).slots(around)
        taken = [
            *await _taken(work, claims[0], around),
            *(time_off.leave.span for time_off in away[claims[0].practitioner_id]),
        ]
        free = Span(max(now, around.starts_at), around.ends_at)
        starts = repaired(spans, refusals, lambda length: free_starts(grid, taken, free, length))
    return [Occurrence(*session) for session in zip(spans, refusals, starts, strict=True)]


async def _refusals(
    work: Work, claims: Sequence[Claim], away: Mapping[UUID, Sequence[TimeOff]], clinic_time: ClinicTime
) -> list[Refusal | None]:
    refusals: list[Refusal | None] = []
    for claim, conflict in zip(claims, await work.occupancy.in_the_way_of(claims), strict=True):
        theirs = away[claim.practitioner_id]
        off = next((time_off for time_off in theirs if time_off.leave.span.overlaps(claim.span)), None)
        if conflict is not None:
            refusals.append(AppointmentOverlaps(conflict, clinic_time))
        else:
            refusals.append(DuringTimeOff(off, clinic_time) if off else None)
    return refusals


async def _taken(work: Work, claim: Claim, around: Span) -> list[Span]:
    """What the practitioner and the patient have already."""
    return [
        taken.span for person in claim.resources() for taken in await work.appointments.taken(person, around)
    ]
