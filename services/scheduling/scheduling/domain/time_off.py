"""Time off: when a practitioner, or the whole clinic, is not there to be booked."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from scheduling.domain.diary import DiaryRules, Span, off_the_grid
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id

LONGEST_TIME_OFF = timedelta(days=366)


class TimeOffNotFound(NotFound):
    """There is no time off with this id."""


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Who is away, when and why. Without a practitioner the whole clinic is closed."""

    practitioner_id: UUID | None
    title: str | None
    all_day: bool
    starts_at: datetime
    ends_at: datetime

    def checked(self, rules: DiaryRules) -> Self:
        """The same with its instants in UTC; whole days become the bounds of the clinic's days, and an end
        at midnight closes the day before. Raises Invalid."""
        starts_at = rules.instant(self.starts_at, "startsAt")
        ends_at = rules.instant(self.ends_at, "endsAt")
        if self.all_day and starts_at <= ends_at:
            first, last = rules.clinic_time.day(rules.clinic_time.today(starts_at)), ends_at
            end_of_last = rules.clinic_time.day(rules.clinic_time.today(last))
            starts_at = first[0]
            ends_at = last if last == end_of_last[0] and last > starts_at else end_of_last[1]
        violations = [
            Violation(field, "off-the-grid")
            for field, instant in (("startsAt", starts_at), ("endsAt", ends_at))
            if off_the_grid(instant)
        ]
        if ends_at <= starts_at:
            violations.append(Violation("endsAt", "ends-before-start"))
        elif ends_at - starts_at > LONGEST_TIME_OFF + timedelta(hours=1):
            violations.append(Violation("endsAt", "window-too-long", days=LONGEST_TIME_OFF.days))
        if violations:
            raise Invalid(*violations)
        return replace(self, starts_at=starts_at, ends_at=ends_at)

    @property
    def span(self) -> Span:
        """When, once checked."""
        return Span(self.starts_at, self.ends_at)


class TimeOffPlanned(DomainEvent):
    """Somebody will be away, or the clinic closed."""


class TimeOffChanged(DomainEvent):
    """It is at another time, for somebody else, or under another title."""


class TimeOffDeleted(DomainEvent):
    """Whoever was to be away is there after all."""


@dataclass(kw_only=True)
class TimeOff(Aggregate):
    """Nothing is booked in it. What was booked before stays, for the desk to move."""

    leave: Leave
    created_at: datetime
    updated_at: datetime

    @classmethod
    def plan(cls, leave: Leave, rules: DiaryRules, now: datetime) -> Self:
        """A new one. Raises Invalid."""
        time_off = cls(id=new_id(now), leave=leave.checked(rules), created_at=now, updated_at=now)
        time_off.tell(TimeOffPlanned(time_off.face()))
        return time_off

    def change(self, leave: Leave, rules: DiaryRules, now: datetime) -> None:
        """Become what `leave` says. Raises Invalid."""
        wanted = leave.checked(rules)
        if wanted != self.leave:
            self.leave, self.updated_at = wanted, now
            self.tell(TimeOffChanged(self.face()))

    def delete(self) -> None:
        """It goes, and its last face stays in the log."""
        self.tell(TimeOffDeleted(self.face()))

    def face(self) -> Face:
        """All that other contexts may know: not why, which may be an illness."""
        leave = self.leave
        return {
            "practitionerId": None if leave.practitioner_id is None else str(leave.practitioner_id),
            "startsAt": leave.starts_at.isoformat(),
            "endsAt": leave.ends_at.isoformat(),
            "allDay": leave.all_day,
        }


class DuringTimeOff(Refusal):
    """The practitioner is away then, or the clinic closed."""

    def __init__(self, time_off: TimeOff, clinic_time: ClinicTime) -> None:
        leave = time_off.leave
        starts_at, ends_at = (clinic_time.shown(i) for i in (leave.starts_at, leave.ends_at))
        super().__init__(
            title=leave.title or "–",
            starts=f"{starts_at:%d/%m/%Y %H:%M}",
            ends=f"{ends_at:%d/%m/%Y %H:%M}",
            conflict={
                "timeOffId": str(time_off.id),
                "startsAt": starts_at.isoformat(),
                "endsAt": ends_at.isoformat(),
                "title": leave.title or "",
                "with": "practitioner" if leave.practitioner_id else "clinic",
            },
        )
