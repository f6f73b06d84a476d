"""Booking a plan of sessions at once, changing the rest of it, and calling it off: all or nothing."""

from collections.abc import Sequence
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
    nearest,
)
from scheduling.domain.time_off import DuringTimeOff, TimeOff
from scheduling.domain.week_grid import EmptySlotGenerator, WeekGrid
from scheduling.ports import Work
from scheduling.use_cases.booking import expect_known_people, patient_name_of
from scheduling.use_cases.gaps import settle_gaps
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
    """What is still scheduled of the series, from the appointment `since` on or all of it, altered. Raises
    SeriesNotFound, Invalid, UnknownPeople, SeriesNotFree, Stale."""
    appointments = await _scheduled(work, series_id, since)
    before = {each.id: each.booking.claim for each in appointments}
    seen = {each.id: each.revision for each in appointments}
    for each in appointments:
        booking = alteration.applied_to(each.booking, rules.clinic_time)
        each.revise(replace(each.revision, booking=booking), rules, now)
    expect_apart(each.booking for each in appointments)
    after = {each.id: each.booking.claim for each in appointments}
    patient_name = await patient_name_of(work, appointments[0].booking)
    if after != before:
        await expect_known_people(work, appointments[0].booking)
        await work.occupancy.lock([*before.values(), *after.values()])
        await work.occupancy.free_all(before)
        await _take_all(work, after, default, rules, now)
    for each in appointments:
        if each.revision != seen[each.id]:
            await work.appointments.save(each)
    if after != before:
        await settle_gaps(work, [*before.values(), *after.values()], now)
    series = Series(series_id, [DiaryEntry(each, patient_name) for each in appointments])
    await work.commit(series)
    return series


async def cancel_series(
    work: Work, series_id: UUID, since: UUID | None, reason: str, now: datetime
) -> Series:
    """What is still scheduled of the series, from the appointment `since` on or all of it, cancelled. Raises
    SeriesNotFound, Stale."""
    appointments = await _scheduled(work, series_id, since)
    claims = {each.id: each.booking.claim for each in appointments}
    await work.occupancy.lock(list(claims.values()))
    await work.occupancy.free_all(claims)
    for each in appointments:
        each.cancel(reason, now)
        await work.appointments.save(each)
    await settle_gaps(work, claims.values(), now)
    patient_name = await patient_name_of(work, appointments[0].booking)
    series = Series(series_id, [DiaryEntry(each, patient_name) for each in appointments])
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
    conflicts = await work.occupancy.in_the_way_of(claims)
    around = Span(
        min(claim.span.starts_at for claim in claims) - NEARBY,
        max(claim.span.ends_at for claim in claims) + NEARBY,
    )
    away = await work.times_off.during(claims[0].practitioner_id, around)
    refusals: list[Refusal | None] = []
    for claim, conflict in zip(claims, conflicts, strict=True):
        off = next((each for each in away if each.leave.span.overlaps(claim.span)), None)
        if conflict is not None:
            refusals.append(AppointmentOverlaps(conflict, rules.clinic_time))
        else:
            refusals.append(DuringTimeOff(off, rules.clinic_time) if off else None)
    instead = (
        await _instead(work, claims, refusals, away, around, default, rules, now) if any(refusals) else {}
    )
    return [
        Occurrence(claim.span, refusal, instead.get(number))
        for number, (claim, refusal) in enumerate(zip(claims, refusals, strict=True))
    ]


async def _instead(
    work: Work,
    claims: Sequence[Claim],
    refusals: Sequence[Refusal | None],
    away: Sequence[TimeOff],
    around: Span,
    default: WeekGrid,
    rules: DiaryRules,
    now: datetime,
) -> dict[int, datetime]:
    """For each session that is refused, the nearest start in her week that is free for both."""
    person = claims[0]
    week = await work.working_weeks.of(person.practitioner_id)
    grid = EmptySlotGenerator(week.grid if week else default, rules.clinic_time).slots(around)
    taken = [busy.span for who in person.resources() for busy in await work.appointments.taken(who, around)]
    taken += [time_off.leave.span for time_off in away]
    chosen = [claim.span for claim, refusal in zip(claims, refusals, strict=True) if refusal is None]
    instead: dict[int, datetime] = {}
    for number, (claim, refusal) in enumerate(zip(claims, refusals, strict=True)):
        length = claim.span.ends_at - claim.span.starts_at
        starts = free_starts(grid, taken, around, length) if refusal else []
        start = nearest((start for start in starts if start >= now), claim.span, chosen)
        if start is not None:
            instead[number] = start
            chosen.append(Span(start, start + length))
    return instead
