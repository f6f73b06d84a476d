"""An appointment: what is asked for, what becomes of it, and what stands in the way of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from scheduling.domain.diary import Claim, DiaryRules, Span, off_the_grid
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id

WRITTEN_BY_PEOPLE = ("title", "notes", "status_reason", "overbook_reason")
"""The texts of an appointment, which may say anything about its patient."""


class AppointmentNotFound(NotFound):
    """There is no appointment with this id."""


class AppointmentNotScheduled(Refusal):
    """It was attended, missed or cancelled already, and has to be set back to scheduled first."""


class TooManyAtOnce(Refusal):
    """Somebody is overbooked so often at that time that it can only be a mistake."""


class Kind(StrEnum):
    """An appointment is for a patient's treatment; everything else takes the practitioner's time too."""

    APPOINTMENT = "appointment"
    OTHER = "other"


class Status(StrEnum):
    """What became of it."""

    SCHEDULED = "scheduled"
    ATTENDED = "attended"
    MISSED = "missed"
    CANCELLED = "cancelled"


_NEXT: Mapping[Status, frozenset[Status]] = {
    Status.SCHEDULED: frozenset(Status),
    Status.ATTENDED: frozenset({Status.SCHEDULED, Status.ATTENDED, Status.MISSED}),
    Status.MISSED: frozenset({Status.SCHEDULED, Status.ATTENDED, Status.MISSED}),
    Status.CANCELLED: frozenset({Status.SCHEDULED, Status.CANCELLED}),
}
"""What each may become. Whatever happened can be undone; what took place is not cancelled by mistake."""


@dataclass(frozen=True, kw_only=True)
class Booking:
    """What is asked for: whose time, when and what for. Without a title the patient's name is shown."""

    practitioner_id: UUID
    patient_id: UUID | None
    title: str | None
    all_day: bool
    starts_at: datetime
    ends_at: datetime
    kind: Kind
    notes: str | None

    def checked(self, rules: DiaryRules) -> Self:
        """The same with its instants in UTC. Refuses what breaks the rules of product §2; whole days
        become the bounds of the clinic's day, 23 to 25 hours long."""
        violations = [] if self.title or self.patient_id else [Violation("title", "title-or-patient")]
        starts_at = rules.instant(self.starts_at, "startsAt")
        ends_at = rules.instant(self.ends_at, "endsAt")
        if self.all_day:
            day = rules.clinic_time.day(rules.clinic_time.today(starts_at))
            violations += _day_violations(starts_at, ends_at, day[1])
            starts_at, ends_at = day
        else:
            violations += _span_violations(starts_at, ends_at, rules.longest)
        if violations:
            raise Invalid(*violations)
        return replace(self, starts_at=starts_at, ends_at=ends_at)

    def titled_beside(self, patient_name: str | None) -> Self:
        """Without the title when it only repeats the patient's name, which may change."""
        return replace(self, title=None) if patient_name and self.title == patient_name else self

    @property
    def span(self) -> Span:
        """The time it takes, once checked."""
        return Span(self.starts_at, self.ends_at)

    @property
    def claim(self) -> Claim:
        """Whose time it takes, and when, once checked."""
        return Claim(self.practitioner_id, self.patient_id, self.span)


def _day_violations(starts_at: datetime, ends_at: datetime, midnight: datetime) -> list[Violation]:
    if ends_at < starts_at:
        return [Violation("endsAt", "ends-before-start")]
    return [Violation("endsAt", "more-than-a-day")] if ends_at > midnight else []


def _span_violations(starts_at: datetime, ends_at: datetime, longest: timedelta) -> list[Violation]:
    instants = (("startsAt", starts_at), ("endsAt", ends_at))
    violations = [Violation(field, "off-the-grid") for field, instant in instants if off_the_grid(instant)]
    if ends_at <= starts_at:
        violations.append(Violation("endsAt", "ends-before-start"))
    elif ends_at - starts_at > longest:
        violations.append(Violation("endsAt", "lasts-too-long", hours=f"{longest / timedelta(hours=1):g}"))
    return violations


@dataclass(frozen=True)
class Revision:
    """What an appointment is to be from now on. Only cancelled and missed ones have a reason."""

    booking: Booking
    status: Status
    status_reason: str | None

    def checked(self, rules: DiaryRules) -> Self:
        """The same, with its booking checked. Raises Invalid."""
        if self.status is Status.CANCELLED and not self.status_reason:
            raise Invalid(Violation("statusReason", "required"))
        if self.status_reason and self.status not in (Status.CANCELLED, Status.MISSED):
            raise Invalid(Violation("statusReason", "reason-without-need"))
        return replace(self, booking=self.booking.checked(rules))


class AppointmentBooked(DomainEvent):
    """Somebody's time is taken."""


class AppointmentMoved(DomainEvent):
    """It takes place at another time, or with other people."""


class AppointmentChanged(DomainEvent):
    """Who and when stay as they were; what it is about does not."""


class AppointmentAttended(DomainEvent):
    """The patient came."""


class AppointmentMissed(DomainEvent):
    """The patient did not come."""


class AppointmentCancelled(DomainEvent):
    """The time is free again."""


class AppointmentRestored(DomainEvent):
    """What had been said to have become of it was taken back: it is scheduled, and takes its time."""


class AppointmentConfirmed(DomainEvent):
    """The patient says that she will come."""


class AppointmentDeleted(DomainEvent):
    """It should never have been there; the time is free again."""


_BECAME: Mapping[Status, type[DomainEvent]] = {
    Status.SCHEDULED: AppointmentRestored,
    Status.ATTENDED: AppointmentAttended,
    Status.MISSED: AppointmentMissed,
    Status.CANCELLED: AppointmentCancelled,
}


@dataclass(kw_only=True)
class Appointment(Aggregate):
    """A stretch of a practitioner's time, and of a patient's when she is part of it."""

    booking: Booking
    status: Status
    status_reason: str | None
    overbook_reason: str | None
    series_id: UUID | None
    confirmed_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def book(cls, booking: Booking, rules: DiaryRules, now: datetime, series_id: UUID | None = None) -> Self:
        """A new appointment, by itself or one of a series. Raises Invalid."""
        appointment = cls(
            id=new_id(now),
            booking=booking.checked(rules),
            status=Status.SCHEDULED,
            status_reason=None,
            overbook_reason=None,
            series_id=series_id,
            created_at=now,
            updated_at=now,
        )
        appointment.tell(AppointmentBooked(appointment.face()))
        return appointment

    @property
    def revision(self) -> Revision:
        """As it is now."""
        return Revision(self.booking, self.status, self.status_reason)

    @property
    def claim(self) -> Claim | None:
        """Whose time it takes, and when; a cancelled one takes none."""
        return None if self.status is Status.CANCELLED else self.booking.claim

    def revise(self, revision: Revision, rules: DiaryRules, now: datetime) -> None:
        """Become what `revision` says; one event tells it, and nothing does when nothing changes.
        Raises Invalid, AppointmentNotScheduled."""
        wanted = revision.checked(rules)
        moves = wanted.booking.claim != self.booking.claim
        if wanted.status not in _NEXT[self.status]:
            raise AppointmentNotScheduled
        if moves and Status.SCHEDULED not in (self.status, wanted.status):
            raise AppointmentNotScheduled
        if wanted == self.revision:
            return
        became = _BECAME[wanted.status] if wanted.status is not self.status else None
        if self._is_another_visit(wanted):
            self.confirmed_at = None
        self.booking, self.status, self.status_reason = wanted.booking, wanted.status, wanted.status_reason
        self.updated_at = now
        self.tell((became or (AppointmentMoved if moves else AppointmentChanged))(self.face()))

    def _is_another_visit(self, wanted: Revision) -> bool:
        """Who has said that she comes then, has not said so of another time, nor is it said of somebody
        else."""
        told, now = self.booking, wanted.booking
        same = (told.starts_at, told.patient_id) == (now.starts_at, now.patient_id)
        return not same or wanted.status is Status.CANCELLED

    def confirm(self, now: datetime) -> bool:
        """The patient will come; False when she had said so before. Raises AppointmentNotScheduled."""
        if self.status is not Status.SCHEDULED:
            raise AppointmentNotScheduled
        if self.confirmed_at is not None:
            return False
        self.confirmed_at = self.updated_at = now
        self.tell(AppointmentConfirmed(self.face()))
        return True

    def cancel(self, reason: str, now: datetime) -> None:
        """It will not take place, and `reason` says why. Raises AppointmentNotScheduled."""
        if self.status is not Status.SCHEDULED:
            raise AppointmentNotScheduled
        self.status = Status.CANCELLED
        self.status_reason = reason
        self.confirmed_at = None
        self.updated_at = now
        self.tell(AppointmentCancelled(self.face()))

    def delete(self) -> None:
        """It goes, and its last face stays in the log."""
        self.tell(AppointmentDeleted(self.face()))

    def face(self) -> Face:
        """All that other contexts may know: neither title nor notes, which may say anything."""
        booking = self.booking
        return {
            "practitionerId": str(booking.practitioner_id),
            "patientId": None if booking.patient_id is None else str(booking.patient_id),
            "startsAt": booking.starts_at.isoformat(),
            "endsAt": booking.ends_at.isoformat(),
            "allDay": booking.all_day,
            "type": booking.kind.value,
            "status": self.status.value,
        }


@dataclass(frozen=True)
class DiaryEntry:
    """An appointment together with the name of its patient as it is now."""

    appointment: Appointment
    patient_name: str | None

    @property
    def title(self) -> str:
        """What was typed, else the patient's name."""
        return self.appointment.booking.title or self.patient_name or ""


@dataclass(frozen=True)
class Conflict:
    """The appointment in the way of another one, and whose time both want."""

    appointment_id: UUID
    span: Span
    title: str
    shares_practitioner: bool


class AppointmentOverlaps(Refusal):
    """The practitioner or the patient is taken at that time."""

    def __init__(self, conflict: Conflict, clinic_time: ClinicTime) -> None:
        starts_at, ends_at = (clinic_time.shown(i) for i in (conflict.span.starts_at, conflict.span.ends_at))
        super().__init__(
            title=conflict.title,
            starts=f"{starts_at:%d/%m/%Y %H:%M}",
            ends=f"{ends_at:%H:%M}",
            conflict={
                "appointmentId": str(conflict.appointment_id),
                "startsAt": starts_at.isoformat(),
                "endsAt": ends_at.isoformat(),
                "title": conflict.title,
                "with": "practitioner" if conflict.shares_practitioner else "patient",
            },
        )
