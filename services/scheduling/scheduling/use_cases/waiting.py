"""Waiting for a place, being booked into one, and not waiting any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scheduling.domain.appointment import DiaryEntry
from scheduling.domain.diary import DiaryRules
from scheduling.domain.people import Attendee, UnknownPeople
from scheduling.domain.waiting import WaitingEntry, Wish
from scheduling.ports import Work
from scheduling.use_cases.booking import enter
from shared_kernel.errors import Violation


@dataclass(frozen=True)
class Waiter:
    """An entry of the waiting list with whom to call, None when nobody is known under that id."""

    entry: WaitingEntry
    attendee: Attendee | None


async def add_to_waiting_list(work: Work, wish: Wish, rules: DiaryRules, now: datetime) -> Waiter:
    """A new entry. Raises Invalid, UnknownPeople, PatientInactive, PatientErased."""
    entry = WaitingEntry.add(wish, rules, now)
    attendee = await _expect_known_people(work, wish)
    await work.waiting_list.add(entry)
    waiter = Waiter(entry, attendee)
    await work.commit(waiter)
    return waiter


async def change_waiting(
    work: Work,
    entry_id: UUID,
    version: int | None,
    change: Callable[[Wish], Wish],
    again: bool,
    rules: DiaryRules,
    now: datetime,
) -> Waiter:
    """The entry with another wish, and waiting `again` if that is asked for. `version` is the one the caller
    saw, None for any. Raises WaitingEntryNotFound, Stale, NotWaiting and what adding raises."""
    entry = await work.waiting_list.get(entry_id)
    entry.expect(version)
    before, seen = entry.status, entry.wish
    wanted = change(seen)
    attendee = await work.people.attendee(wanted.patient_id)
    if attendee is not None:
        attendee.expect_remembered()
    entry.change(wanted, again, rules, now)
    other_people = (wanted.patient_id, wanted.practitioner_id) != (seen.patient_id, seen.practitioner_id)
    if other_people or entry.status is not before:
        await _expect_known_people(work, wanted)
    if entry.wish != seen or entry.status is not before:
        await work.waiting_list.save(entry)
    waiter = Waiter(entry, attendee)
    await work.commit(waiter)
    return waiter


async def withdraw(work: Work, entry_id: UUID, version: int | None, now: datetime) -> None:
    """The patient waits no more. Raises WaitingEntryNotFound, Stale, NotWaiting."""
    entry = await work.waiting_list.get(entry_id)
    entry.expect(version)
    entry.withdraw(now)
    await work.waiting_list.save(entry)
    await work.commit(None)


async def book_from_waiting_list(
    work: Work,
    entry_id: UUID,
    version: int | None,
    practitioner_id: UUID,
    starts_at: datetime,
    rules: DiaryRules,
    now: datetime,
) -> DiaryEntry:
    """The appointment somebody waited for. Raises WaitingEntryNotFound, Stale, NotWaiting and what booking
    raises."""
    entry = await work.waiting_list.get(entry_id)
    entry.expect(version)
    entry.expect_waiting(rules, now)
    booked = await enter(work, entry.wish.booking(practitioner_id, starts_at, rules), rules, now)
    entry.book(booked.appointment.id, rules, now)
    await work.waiting_list.save(entry)
    await work.commit(booked)
    return booked


async def forget_waiting(work: Work, patient_id: UUID, now: datetime) -> None:
    """Nothing is left of what was written about a patient who waited, and she waits no more; in a transaction
    that somebody else ends."""
    for entry in await work.waiting_list.of_patient(patient_id):
        if entry.forget(now):
            await work.waiting_list.forget(entry)


async def _expect_known_people(work: Work, wish: Wish) -> Attendee | None:
    violations = []
    attendee = await work.people.attendee(wish.patient_id)
    if attendee is None:
        violations.append(Violation("patientId", "unknown"))
    if wish.practitioner_id is not None:
        practitioner = await work.people.practitioner(wish.practitioner_id)
        if practitioner is None or not practitioner.active:
            violations.append(Violation("practitionerId", "unknown"))
    if violations:
        raise UnknownPeople(*violations)
    if attendee is not None:
        attendee.expect_bookable()
    return attendee
