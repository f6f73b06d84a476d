"""Offering free slots by the week grid, taking them off offer, and keeping them true to the diary."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from scheduling.domain.appointment import AppointmentOverlaps
from scheduling.domain.diary import Claim, DiaryRules, Span
from scheduling.domain.gap import Gap, GapsInTheWay
from scheduling.domain.people import UnknownPeople
from scheduling.domain.week_grid import EmptySlotGenerator, WeekGrid
from scheduling.ports import Work
from shared_kernel.errors import Violation


async def create_empty_slots(
    work: Work, practitioner_id: UUID, window: Span, default: WeekGrid, rules: DiaryRules, now: datetime
) -> int:
    """A gap for each slot of the practitioner's week grid that lies inside the window and in no time off; how
    many. Raises UnknownPeople, and AppointmentOverlaps or GapsInTheWay when the window is not empty."""
    practitioner = await work.people.practitioner(practitioner_id)
    if practitioner is None or not practitioner.active:
        raise UnknownPeople(Violation("practitionerId", "unknown"))
    await _expect_empty(work, Claim(practitioner_id, None, window), rules)
    week = await work.working_weeks.of(practitioner_id)
    slots = EmptySlotGenerator(week.grid if week else default, rules.clinic_time).slots(window)
    away = [time_off.leave.span for time_off in await work.times_off.during(practitioner_id, window)]
    gaps = [
        Gap.offer(practitioner_id, slot, now)
        for slot in slots
        if window.holds(slot) and not any(leave.overlaps(slot) for leave in away)
    ]
    await work.gaps.add_all(gaps)
    await work.commit(len(gaps))
    return len(gaps)


async def delete_empty_slots(work: Work, practitioner_id: UUID, window: Span) -> int:
    """The practitioner's gaps inside the window that nothing has consumed are gone; how many."""
    await work.occupancy.lock([Claim(practitioner_id, None, window)])
    touching = await work.gaps.touching(practitioner_id, [window])
    gaps = [gap for gap in touching if gap.consumed_by is None and window.holds(gap.span)]
    for gap in gaps:
        gap.delete()
    await work.gaps.remove_all(gaps)
    await work.commit(len(gaps))
    return len(gaps)


async def settle_gaps(work: Work, claims: Iterable[Claim | None], now: datetime) -> None:
    """Consume and restore the gaps under what these claims took or gave back. The appointments are saved
    before: whoever comes later to a gap sees all that lies over it, because the gap itself is locked."""
    spans: dict[UUID, list[Span]] = {}
    for claim in claims:
        if claim is not None:
            spans.setdefault(claim.practitioner_id, []).append(claim.span)
    for practitioner_id in sorted(spans):
        gaps = await work.gaps.touching(practitioner_id, spans[practitioner_id])
        if gaps:
            around = Span(gaps[0].span.starts_at, gaps[-1].span.ends_at)
            taken = await work.appointments.taken(practitioner_id, around)
            for gap in gaps:
                if gap.settle(taken, now):
                    await work.gaps.save(gap)


async def _expect_empty(work: Work, claim: Claim, rules: DiaryRules) -> None:
    await work.occupancy.lock([claim])
    conflict = await work.occupancy.in_the_way(claim)
    if conflict is not None:
        raise AppointmentOverlaps(conflict, rules.clinic_time)
    gaps = await work.gaps.touching(claim.practitioner_id, [claim.span])
    if gaps:
        raise GapsInTheWay(gaps[0], rules.clinic_time)
