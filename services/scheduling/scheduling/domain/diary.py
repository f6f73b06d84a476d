"""Time as the diary counts it: slots, spans, and what the clinic has decided about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from uuid import UUID

from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, Violation

SLOT = timedelta(minutes=5)
"""Appointments begin and end on its boundaries, so two of them overlap when they share a slot."""

LONGEST_DAY = timedelta(hours=26)
"""No appointment is longer than a day: 25 hours where the clock changes by one, 26 where by two."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1971, 2199


@dataclass(frozen=True)
class DiaryRules:
    """What the clinic has decided: its zone, and how long an appointment may be."""

    clinic_time: ClinicTime
    longest: timedelta

    def instant(self, moment: datetime, field: str) -> datetime:
        """`moment` in UTC; without an offset it is the clinic's wall clock. Refuses, under `field`, what no
        diary reaches and what the clock change skips."""
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise Invalid(Violation(field, "out-of-calendar", first=_FIRST_YEAR, last=_LAST_YEAR))
        return self.clinic_time.instant(moment, field)

    def length(self, minutes: int, field: str) -> timedelta:
        """How long that is. Raises Invalid under `field` when no appointment may be."""
        length = timedelta(minutes=minutes)
        if length % SLOT:
            raise Invalid(Violation(field, "off-the-grid"))
        if length > self.longest:
            hours = f"{self.longest / timedelta(hours=1):g}"
            raise Invalid(Violation(field, "lasts-too-long", hours=hours))
        return length

    def window(
        self, start: datetime | None, end: datetime | None, longest: timedelta, fields: tuple[str, str]
    ) -> "Span":
        """What lies between two moments. Raises Invalid under `fields` when one is missing, they are not in
        order, or further apart than `longest`, on the clinic's wall clock as well as in hours."""
        asked = tuple(zip(fields, (start, end), strict=True))
        missing = [Violation(field, "required") for field, moment in asked if moment is None]
        if start is None or end is None:
            raise Invalid(*missing)
        window = Span(self.instant(start, fields[0]), self.instant(end, fields[1]))
        if window.ends_at <= window.starts_at:
            raise Invalid(Violation(fields[1], "ends-before-start"))
        shown = [self.clinic_time.shown(i).replace(tzinfo=None) for i in (window.starts_at, window.ends_at)]
        if min(window.ends_at - window.starts_at, shown[1] - shown[0]) > longest:
            raise Invalid(Violation(fields[1], "window-too-long", days=longest.days))
        return window


@dataclass(frozen=True, order=True)
class Span:
    """Time from one instant, in UTC, to another that is not part of it."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Self) -> bool:
        """True when they share time; touching is not sharing."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, other: Self) -> bool:
        """True when all of the other lies in this one."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def slots(self) -> range:
        """The numbers of the 5-minute slots it takes, counted from 1970."""
        return range((self.starts_at - _EPOCH) // SLOT, -((_EPOCH - self.ends_at) // SLOT))

    def days(self) -> Iterator[date]:
        """The UTC days it touches."""
        day = self.starts_at.date()
        while datetime(day.year, day.month, day.day, tzinfo=UTC) < self.ends_at:
            yield day
            day += timedelta(days=1)


@dataclass(frozen=True)
class Claim:
    """Whose time is wanted, and when."""

    practitioner_id: UUID
    patient_id: UUID | None
    span: Span

    def resources(self) -> tuple[UUID, ...]:
        """Everybody whose time it is."""
        return (self.practitioner_id, self.patient_id) if self.patient_id else (self.practitioner_id,)


def off_the_grid(instant: datetime) -> bool:
    """True when no slot begins at that instant."""
    return bool((instant - _EPOCH) % SLOT)


def next_slot(instant: datetime) -> datetime:
    """When the next slot begins, at that instant if one does."""
    return instant + (_EPOCH - instant) % SLOT
