"""What the clinic means by an appointment, and the rules that the diary keeps."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id

SLOT = timedelta(minutes=5)
"""Appointments begin and end on its boundaries, so two of them overlap when they share a slot."""

LONGEST_DAY = timedelta(hours=26)
"""No appointment is longer than a day: 25 hours where the clock changes by one, 26 where by two."""

WRITTEN_BY_PEOPLE = ("title", "notes", "status_reason")
"""The texts of an appointment, which may say anything about its patient."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1971, 2199


class AppointmentNotFound(NotFound):
    """There is no appointment with this id."""


class AppointmentNotScheduled(Refusal):
    """It was attended, missed or cancelled already."""


class UnknownPeople(Invalid):
    """The practitioner or the patient is not one that this context has heard of."""


class PatientInactive(Refusal):
    """The patient is not treated any more; made active again she can be booked."""


class PatientErased(Refusal):
    """The patient was forgotten at her request: nothing is written about her any more."""


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


@dataclass(frozen=True)
class Practitioner:
    """A user of identity who treats patients, or did. `active` ones can be booked."""

    id: UUID
    active: bool


class Standing(StrEnum):
    """Whether a patient can be booked. An erased one has no name any more."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ERASED = "erased"


@dataclass(frozen=True)
class Attendee:
    """A patient as the diary knows her."""

    id: UUID
    full_name: str
    standing: Standing

    def expect_bookable(self) -> None:
        """Raises PatientInactive, PatientErased."""
        if self.standing is Standing.ERASED:
            raise PatientErased
        if self.standing is Standing.INACTIVE:
            raise PatientInactive


def initials(name: str) -> str:
    """Two letters for a narrow column: `Ana de la Cruz` → `AC`."""
    words = name.split()
    proper = [word for word in words if word[0].isupper()] or words
    return "".join(word[0] for word in proper[:2]).upper()[:4]


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

    def slots(self) -> range:
        """The numbers of the 5-minute slots it takes, counted from 1970."""
        return range((self.starts_at - _EPOCH) // SLOT, (self.ends_at - _EPOCH) // SLOT)

    def days(self) -> Iterator[date]:
        """The UTC days it touches."""
        day = self.starts_at.date()
        while day <= (self.ends_at - SLOT).date():
            yield day
            day += timedelta(days=1)

    def resources(self) -> tuple[UUID, ...]:
        """Whose time it takes."""
        return (self.practitioner_id, self.patient_id) if self.patient_id else (self.practitioner_id,)

    def overlaps(self, other: "Booking") -> bool:
        """True when they share time; touching is not sharing."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def _day_violations(starts_at: datetime, ends_at: datetime, midnight: datetime) -> list[Violation]:
    if ends_at < starts_at:
        return [Violation("endsAt", "ends-before-start")]
    return [Violation("endsAt", "more-than-a-day")] if ends_at > midnight else []


def _span_violations(starts_at: datetime, ends_at: datetime, longest: timedelta) -> list[Violation]:
    instants = (("startsAt", starts_at), ("endsAt", ends_at))
    violations = [
        Violation(field, "off-the-grid") for field, instant in instants if (instant - _EPOCH) % SLOT
    ]
    if ends_at <= starts_at:
        violations.append(Violation("endsAt", "ends-before-start"))
    elif ends_at - starts_at > longest:
        violations.append(Violation("endsAt", "lasts-too-long", hours=f"{longest / timedelta(hours=1):g}"))
    return violations


class AppointmentBooked(DomainEvent):
    """Somebody's time is taken."""


class AppointmentCancelled(DomainEvent):
    """The time is free again."""


@dataclass(kw_only=True)
class Appointment(Aggregate):
    """A stretch of a practitioner's time, and of a patient's when she is part of it."""

    booking: Booking
    status: Status
    status_reason: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def book(cls, booking: Booking, rules: DiaryRules, now: datetime) -> Self:
        """A new appointment. Raises Invalid."""
        appointment = cls(
            id=new_id(now),
            booking=booking.checked(rules),
            status=Status.SCHEDULED,
            status_reason=None,
            created_at=now,
            updated_at=now,
        )
        appointment.tell(AppointmentBooked(appointment.face()))
        return appointment

    def cancel(self, reason: str, now: datetime) -> None:
        """It will not take place, and `reason` says why. Raises AppointmentNotScheduled."""
        if self.status is not Status.SCHEDULED:
            raise AppointmentNotScheduled
        self.status = Status.CANCELLED
        self.status_reason = reason
        self.updated_at = now
        self.tell(AppointmentCancelled(self.face()))

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
    starts_at: datetime
    ends_at: datetime
    title: str
    shares_practitioner: bool


class AppointmentOverlaps(Refusal):
    """The practitioner or the patient is taken at that time."""

    def __init__(self, conflict: Conflict, clinic_time: ClinicTime) -> None:
        starts_at, ends_at = (clinic_time.shown(i) for i in (conflict.starts_at, conflict.ends_at))
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
