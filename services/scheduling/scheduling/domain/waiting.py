"""The waiting list: who would come sooner, when they could, and which free time suits them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from scheduling.domain.appointment import Booking, Kind
from scheduling.domain.diary import SLOT, DiaryRules, Span, off_the_grid
from scheduling.domain.week_grid import WEEKDAYS, GridSlot, clock
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5][05])|24:00", re.ASCII)


class WaitingEntryNotFound(NotFound):
    """There is no entry of the waiting list with this id."""


class NotWaiting(Refusal):
    """Whoever waited was booked, does not want to wait any more, or waited until a day that is past."""


class WaitingStatus(StrEnum):
    """What became of it. `expired` is never kept: it follows from the calendar."""

    WAITING = "waiting"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def status_on(today: date, kept: WaitingStatus, until: date | None) -> WaitingStatus:
    """What an entry is on that day, given what is kept of it."""
    past = until is not None and until < today
    return WaitingStatus.EXPIRED if past and kept is WaitingStatus.WAITING else kept


def since_midnight(moment: str, field: str) -> timedelta:
    """`09:30` or `24:00`, in whole 5 minutes. Raises Invalid under `field`."""
    if _CLOCK.fullmatch(moment) is None:
        raise Invalid(Violation(field, "not-a-clock-time"))
    hours, minutes = moment.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


@dataclass(frozen=True)
class Opening:
    """Free time of a practitioner, and what the clinic's clock shows of it: on which weekdays (Monday 0),
    from when to when."""

    practitioner_id: UUID
    span: Span
    first_day: date
    shown: Mapping[int, GridSlot]

    @classmethod
    def at(cls, practitioner_id: UUID, span: Span, clinic_time: ClinicTime) -> Self:
        """As the clock shows it, five minutes by five minutes: what a clock change skips is not shown, what
        it repeats is shown twice, and after midnight it is another day."""
        shown: dict[int, GridSlot] = {}
        instant = span.starts_at
        while instant < span.ends_at:
            moment = clinic_time.shown(instant)
            at = timedelta(hours=moment.hour, minutes=moment.minute)
            known = shown.get(moment.weekday(), GridSlot(at, at))
            step = min(SLOT, span.ends_at - instant)
            shown[moment.weekday()] = GridSlot(min(known.starts, at), max(known.ends, at + step))
            instant += step
        return cls(practitioner_id, span, clinic_time.today(span.starts_at), shown)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who would come, to whom (None for anybody), on which weekdays (Monday 0) between which hours of the
    clinic's clock, for how long, and until which day it is worth asking."""

    patient_id: UUID
    practitioner_id: UUID | None
    weekdays: frozenset[int]
    starts: timedelta
    ends: timedelta
    minutes: int
    until: date | None
    notes: str | None

    def checked(self, rules: DiaryRules) -> Self:
        """The same. Raises Invalid."""
        length = rules.length(self.minutes, "minutes")
        if self.ends <= self.starts:
            raise Invalid(Violation("to", "ends-before-start"))
        if length > self.ends - self.starts:
            raise Invalid(Violation("minutes", "longer-than-hours"))
        return self

    def suits(self, opening: Opening) -> bool:
        """True when the free time is with the right practitioner, on the right weekdays, at the right hours,
        not after the last day, and long enough."""
        hours = GridSlot(self.starts, self.ends)
        return (
            self.practitioner_id in (None, opening.practitioner_id)
            and (self.until is None or opening.first_day <= self.until)
            and timedelta(minutes=self.minutes) <= opening.span.ends_at - opening.span.starts_at
            and all(day in self.weekdays and hours.holds(moments) for day, moments in opening.shown.items())
        )

    def booking(self, practitioner_id: UUID, starts_at: datetime, rules: DiaryRules) -> Booking:
        """What is asked for when there is a place. Raises Invalid."""
        begins = rules.instant(starts_at, "startsAt")
        if off_the_grid(begins):
            raise Invalid(Violation("startsAt", "off-the-grid"))
        return Booking(
            practitioner_id=practitioner_id,
            patient_id=self.patient_id,
            title=None,
            all_day=False,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=self.minutes),
            kind=Kind.APPOINTMENT,
            notes=None,
        )


class WaitingEntryAdded(DomainEvent):
    """Somebody waits."""


class WaitingEntryChanged(DomainEvent):
    """Somebody waits for something else than before."""


class WaitingEntryBooked(DomainEvent):
    """Whoever waited has an appointment."""


class WaitingEntryWithdrawn(DomainEvent):
    """Whoever waited does not want to any more."""


class WaitingEntryRestored(DomainEvent):
    """Whoever was booked or did not want to wait any more waits again."""


@dataclass(kw_only=True)
class WaitingEntry(Aggregate):
    """One wish of a patient who waits; she may have several. It is kept, whatever became of it."""

    wish: Wish
    status: WaitingStatus
    appointment_id: UUID | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def add(cls, wish: Wish, rules: DiaryRules, now: datetime) -> Self:
        """A new one. Raises Invalid."""
        entry = cls(
            id=new_id(now),
            wish=_lasting(wish.checked(rules), rules, now),
            status=WaitingStatus.WAITING,
            appointment_id=None,
            created_at=now,
            updated_at=now,
        )
        entry.tell(WaitingEntryAdded(entry.face()))
        return entry

    def change(self, wish: Wish, again: bool, rules: DiaryRules, now: datetime) -> None:
        """Wait for this from now on, and `again`, in the old place, when the waiting was over: an appointment
        that was booked stays as it is. Raises Invalid, NotWaiting."""
        over = self.status is not WaitingStatus.WAITING
        if wish == self.wish and not (over and again):
            return
        if over and not again:
            raise NotWaiting
        wanted = wish.checked(rules)
        self.wish = wanted if wanted.until == self.wish.until else _lasting(wanted, rules, now)
        self.status, self.appointment_id = WaitingStatus.WAITING, None
        self._become(WaitingEntryRestored if over else WaitingEntryChanged, now)

    def book(self, appointment_id: UUID, rules: DiaryRules, now: datetime) -> None:
        """The waiting is over: there is an appointment. Raises NotWaiting."""
        self.expect_waiting(rules, now)
        self.status, self.appointment_id = WaitingStatus.BOOKED, appointment_id
        self._become(WaitingEntryBooked, now)

    def withdraw(self, now: datetime) -> None:
        """The waiting is over without an appointment. Raises NotWaiting."""
        if self.status is not WaitingStatus.WAITING:
            raise NotWaiting
        self.status = WaitingStatus.WITHDRAWN
        self._become(WaitingEntryWithdrawn, now)

    def forget(self, now: datetime) -> bool:
        """Nobody waits any more, and nothing is left of what was written; whether that is a change."""
        changes = self.status is WaitingStatus.WAITING or self.wish.notes is not None
        self.wish = replace(self.wish, notes=None)
        if self.status is WaitingStatus.WAITING:
            self.withdraw(now)
        return changes

    def expect_waiting(self, rules: DiaryRules, now: datetime) -> None:
        """Raises NotWaiting, of an entry whose last day is past too."""
        if status_on(rules.clinic_time.today(now), self.status, self.wish.until) is not WaitingStatus.WAITING:
            raise NotWaiting

    def _become(self, event: type[DomainEvent], now: datetime) -> None:
        self.updated_at = now
        self.tell(event(self.face()))

    def face(self) -> Face:
        """All that other contexts may know: not the notes, which may say anything."""
        wish = self.wish
        return {
            "patientId": str(wish.patient_id),
            "practitionerId": None if wish.practitioner_id is None else str(wish.practitioner_id),
            "weekdays": names_of(wish.weekdays),
            "from": clock(wish.starts),
            "to": clock(wish.ends),
            "minutes": wish.minutes,
            "until": None if wish.until is None else wish.until.isoformat(),
            "status": self.status.value,
            "appointmentId": None if self.appointment_id is None else str(self.appointment_id),
        }


def names_of(weekdays: frozenset[int]) -> list[str]:
    """Monday first."""
    return [WEEKDAYS[weekday] for weekday in sorted(weekdays)]


def _lasting(wish: Wish, rules: DiaryRules, now: datetime) -> Wish:
    if wish.until is not None and wish.until < rules.clinic_time.today(now):
        raise Invalid(Violation("until", "day-is-past"))
    return wish
