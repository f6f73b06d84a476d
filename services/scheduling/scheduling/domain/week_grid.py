"""The week grid: the hours a practitioner offers on each weekday, and the slots they are on real days."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self

from scheduling.domain.diary import SLOT, Span
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, NotFound, Violation

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MOST_SLOTS = 48
"""Of one day: a slot every half hour."""

_ENTRY = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_DAY = timedelta(days=1)


class PractitionerNotFound(NotFound):
    """Nobody with this id practises."""


@dataclass(frozen=True, order=True)
class GridSlot:
    """From one wall-clock time of a day to another, both counted from midnight."""

    starts: timedelta
    ends: timedelta

    @classmethod
    def read(cls, entry: str) -> Self | None:
        """`09:00-10:00`, in whole 5 minutes, at the latest until `24:00`; None when it is something else."""
        found = _ENTRY.fullmatch(entry)
        if found is None:
            return None
        hours, minutes, to_hours, to_minutes = (int(part) for part in found.groups())
        slot = cls(timedelta(hours=hours, minutes=minutes), timedelta(hours=to_hours, minutes=to_minutes))
        sound = minutes < 60 and to_minutes < 60 and slot.starts < slot.ends <= _DAY
        return slot if sound and not (slot.starts % SLOT or slot.ends % SLOT) else None

    def __str__(self) -> str:
        return f"{clock(self.starts)}-{clock(self.ends)}"

    def holds(self, other: Self) -> bool:
        """True when all of the other lies in this one."""
        return self.starts <= other.starts and other.ends <= self.ends


def clock(moment: timedelta) -> str:
    """What the clock shows that long after midnight: `09:30`, at the end of the day `24:00`."""
    hours, rest = divmod(moment, timedelta(hours=1))
    return f"{hours:02}:{rest // timedelta(minutes=1):02}"


@dataclass(frozen=True)
class WeekGrid:
    """The slots of each weekday, Monday first, in order and without overlap."""

    days: tuple[tuple[GridSlot, ...], ...]

    @classmethod
    def build(cls, entries: Mapping[str, Sequence[str]]) -> Self:
        """From `{"monday": ["09:00-10:00", …], …}`; a weekday that is absent is closed. Raises Invalid,
        which names every entry that is malformed or overlaps an earlier one."""
        violations: list[Violation] = []
        days = tuple(_day(weekday, entries.get(weekday, ()), violations) for weekday in WEEKDAYS)
        if violations:
            raise Invalid(*violations)
        return cls(days)

    def entries(self) -> dict[str, list[str]]:
        """What `build` would be given."""
        return {name: [str(slot) for slot in day] for name, day in zip(WEEKDAYS, self.days, strict=True)}


def _day(weekday: str, entries: Sequence[str], violations: list[Violation]) -> tuple[GridSlot, ...]:
    slots: list[GridSlot] = []
    for number, entry in enumerate(entries):
        slot = GridSlot.read(entry)
        if slot is None:
            violations.append(Violation(f"{weekday}.{number}", "grid-slot-malformed", entry=entry))
        elif any(slot.starts < other.ends and other.starts < slot.ends for other in slots):
            violations.append(Violation(f"{weekday}.{number}", "grid-slot-overlaps", entry=entry))
        else:
            slots.append(slot)
    if len(entries) > MOST_SLOTS:
        violations.append(Violation(weekday, "too-many", max=MOST_SLOTS))
    return tuple(sorted(slots))


class WeekGridChanged(DomainEvent):
    """A practitioner offers other hours than before."""


@dataclass(kw_only=True)
class WorkingWeek(Aggregate):
    """A practitioner's own week grid, under the practitioner's id. Version 0 is the clinic's default."""

    grid: WeekGrid

    def change(self, grid: WeekGrid) -> None:
        """Offer these hours from now on; gaps that are already offered stay."""
        self.grid = grid
        self.tell(WeekGridChanged(self.face()))

    def face(self) -> Face:
        """All that other contexts may know."""
        return {"practitionerId": str(self.id), **self.grid.entries()}


@dataclass(frozen=True)
class EmptySlotGenerator:
    """Makes the slots of real days out of a week grid."""

    grid: WeekGrid
    clinic_time: ClinicTime

    def slots(self, window: Span) -> list[Span]:
        """The slots that share time with the window, in order. Wall-clock times hold across clock changes:
        what the clock skips is no part of a slot, what it repeats is."""
        day = self.clinic_time.shown(window.starts_at).date()
        slots = []
        while self.clinic_time.day(day)[0] < window.ends_at:
            midnight = datetime.combine(day, time())
            slots += [
                Span(self._instant(midnight + slot.starts), self._instant(midnight + slot.ends))
                for slot in self.grid.days[day.weekday()]
            ]
            day += _DAY
        return [slot for slot in slots if slot.starts_at < slot.ends_at and slot.overlaps(window)]

    def _instant(self, moment: datetime) -> datetime:
        """The first instant at which the clinic's clock shows `moment` or, where it skips that, more."""
        instant = moment.replace(tzinfo=self.clinic_time.zone).astimezone(UTC)
        while self.clinic_time.shown(instant - SLOT).replace(tzinfo=None) >= moment:
            instant -= SLOT
        return instant
