"""A series: a plan of sessions booked at once, each an appointment of its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from uuid import UUID

from scheduling.domain.appointment import Booking, Kind
from scheduling.domain.diary import DiaryRules, Span
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation

MOST_SESSIONS = 60

NEARBY = timedelta(days=7)
"""How far from what is taken a free start is looked for."""


class SeriesNotFound(NotFound):
    """There is no series with this id, or the appointment is none of it."""


@dataclass(frozen=True)
class Weekly:
    """`count` sessions on some weekdays (Monday 0) at one time of the clinic's wall clock, from a day on."""

    weekdays: frozenset[int]
    at: time
    first: date
    count: int

    def moments(self) -> list[datetime]:
        """When they begin, on the clinic's wall clock."""
        days = (self.first + timedelta(days=number) for number in range(7 * self.count))
        wanted = [day for day in days if day.weekday() in self.weekdays][: self.count]
        return [datetime.combine(day, self.at) for day in wanted]


@dataclass(frozen=True)
class Occurrence:
    """One session of a plan: when, what is in the way, and the nearest start that is free instead."""

    span: Span
    refusal: Refusal | None
    instead: datetime | None

    def shown(self, clinic_time: ClinicTime) -> dict[str, object]:
        """As answered."""
        return {
            "startsAt": clinic_time.shown(self.span.starts_at).isoformat(),
            "endsAt": clinic_time.shown(self.span.ends_at).isoformat(),
            "conflict": self.refusal.facts["conflict"] if self.refusal else None,
            "instead": clinic_time.shown(self.instead).isoformat() if self.instead else None,
        }


class SeriesNotFree(Refusal):
    """Some session cannot take place when it is planned; none is booked."""

    def __init__(self, occurrences: Sequence[Occurrence], clinic_time: ClinicTime) -> None:
        super().__init__(
            taken=sum(occurrence.refusal is not None for occurrence in occurrences),
            count=len(occurrences),
            series={"occurrences": [occurrence.shown(clinic_time) for occurrence in occurrences]},
        )


@dataclass(frozen=True)
class Alteration:
    """What is to be different about all sessions; None keeps. `at` is a time of the clinic's wall clock."""

    practitioner_id: UUID | None
    title: str | None
    kind: Kind | None
    notes: str | None
    at: time | None
    length: timedelta | None

    def applied_to(self, booking: Booking, clinic_time: ClinicTime) -> Booking:
        """The session on its own day."""
        starts_at = clinic_time.shown(booking.starts_at)
        begins = booking.starts_at if self.at is None else datetime.combine(starts_at.date(), self.at)
        length = self.length or booking.ends_at - booking.starts_at
        return replace(
            booking,
            practitioner_id=self.practitioner_id or booking.practitioner_id,
            title=self.title or booking.title,
            kind=self.kind or booking.kind,
            notes=self.notes or booking.notes,
            starts_at=begins,
            ends_at=clinic_time.instant(begins, "at") + length,
        )


def checked_all(bookings: Iterable[Booking], rules: DiaryRules) -> list[Booking]:
    """The sessions with their instants in UTC, in order. Raises Invalid, under the number of the session."""
    checked: list[Booking] = []
    violations: list[Violation] = []
    for number, booking in enumerate(bookings):
        try:
            session = booking.checked(rules)
        except Invalid as refusal:
            violations += [_numbered(violation, number) for violation in refusal.violations]
            continue
        if any(session.span.overlaps(other.span) for other in checked):
            violations.append(Violation(f"startsAt.{number}", "sessions-overlap"))
        checked.append(session)
    if violations:
        raise Invalid(*{violation.path: violation for violation in violations}.values())
    return sorted(checked, key=lambda session: session.starts_at)


def expect_apart(bookings: Iterable[Booking]) -> None:
    """Refuse sessions of which one would begin before another has ended. Raises Invalid."""
    spans = sorted(booking.span for booking in bookings)
    if any(one.overlaps(other) for one, other in pairwise(spans)):
        raise Invalid(Violation("at", "sessions-overlap"))


def _numbered(violation: Violation, number: int) -> Violation:
    if violation.path not in ("startsAt", "endsAt"):
        return violation
    return Violation(f"startsAt.{number}", violation.code, **violation.facts)


def repaired(
    spans: Sequence[Span],
    refusals: Sequence[Refusal | None],
    free: Callable[[timedelta], Sequence[datetime]],
) -> list[datetime | None]:
    """For each session that is refused, the nearest start at which it is `free` for its length, apart from
    all other sessions; None for the others, and where nothing is near."""
    starts_of = cache(free)
    chosen = [span for span, refusal in zip(spans, refusals, strict=True) if refusal is None]
    starts: list[datetime | None] = []
    for span, refusal in zip(spans, refusals, strict=True):
        length = span.ends_at - span.starts_at
        start = None if refusal is None else _nearest(starts_of(length), span, chosen)
        if start is not None:
            chosen.append(Span(start, start + length))
        starts.append(start)
    return starts


def _nearest(starts: Iterable[datetime], wanted: Span, but: Sequence[Span]) -> datetime | None:
    length = wanted.ends_at - wanted.starts_at
    possible = (
        start
        for start in starts
        if abs(start - wanted.starts_at) <= NEARBY
        and not any(Span(start, start + length).overlaps(other) for other in but)
    )
    return min(possible, key=lambda start: (abs(start - wanted.starts_at), start), default=None)
