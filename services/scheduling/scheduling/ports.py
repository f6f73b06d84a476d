"""All that this context needs from the world."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from scheduling.domain.appointment import Appointment, Conflict
from scheduling.domain.calendar_feed import CalendarFeed
from scheduling.domain.diary import Claim, Span
from scheduling.domain.gap import Gap, Taken
from scheduling.domain.people import Attendee, Practitioner
from scheduling.domain.reminder import Expected, Reminder, ReminderRules
from scheduling.domain.time_off import TimeOff
from scheduling.domain.waiting import WaitingEntry
from scheduling.domain.week_grid import WorkingWeek


class People(Protocol):
    """Who is heard of from other contexts."""

    async def practitioner(self, id: UUID) -> Practitioner | None:  # noqa: A002
        """The practitioner, None when there is none known."""

    async def attendee(self, id: UUID) -> Attendee | None:  # noqa: A002
        """The patient, who is not erased while the transaction lives; None when there is none known."""


class Occupancy(Protocol):
    """Whose time is taken when."""

    async def lock(self, claims: Collection[Claim]) -> None:
        """Keep everybody else from taking or freeing time on the days of these claims until the end."""

    async def in_the_way(self, claim: Claim) -> Conflict | None:
        """The live appointment that has some of the time, the practitioner's first."""

    async def take(self, appointment_id: UUID, claim: Claim, beside: bool) -> Conflict | None:
        """Take the time, whose days are locked, and answer what is in the way: then it is taken only when it
        may be taken `beside` another. Raises TooManyAtOnce."""

    async def free(self, appointment_id: UUID, claim: Claim) -> None:
        """Give the time back."""

    async def in_the_way_of(self, claims: Sequence[Claim]) -> Sequence[Conflict | None]:
        """For each of the claims, what is in the way."""

    async def take_all(self, claims: Mapping[UUID, Claim]) -> None:
        """Take the time of each appointment, whose days are locked and in whose way nothing is."""

    async def free_all(self, claims: Mapping[UUID, Claim]) -> None:
        """Give the time of each appointment back."""


class Appointments(Protocol):
    """All appointments."""

    async def get(self, id: UUID) -> Appointment:  # noqa: A002
        """Raises AppointmentNotFound."""

    async def add(self, appointment: Appointment) -> None:
        """Keep a new one."""

    async def save(self, appointment: Appointment) -> None:
        """Raises Stale when another transaction was first."""

    async def add_all(self, appointments: Sequence[Appointment]) -> None:
        """Keep new ones."""

    async def of_series(self, series_id: UUID) -> Sequence[Appointment]:
        """Those booked together, in order."""

    async def remove(self, appointment: Appointment) -> None:
        """Raises Stale when another transaction was first."""

    async def taken(self, person_id: UUID, span: Span) -> Sequence[Taken]:
        """What the person's live appointments take of that time, in order."""


class Gaps(Protocol):
    """All gaps, on offer and consumed."""

    async def touching(self, practitioner_id: UUID, spans: Collection[Span]) -> Sequence[Gap]:
        """The practitioner's gaps that share time with any of the spans, in order; nobody else changes them
        until the end."""

    async def add_all(self, gaps: Sequence[Gap]) -> None:
        """Keep new ones."""

    async def save(self, gap: Gap) -> None:
        """Raises Stale when another transaction was first."""

    async def remove_all(self, gaps: Sequence[Gap]) -> None:
        """Raises Stale when another transaction was first."""


class TimesOff(Protocol):
    """All time off, of practitioners and of the whole clinic."""

    async def get(self, id: UUID) -> TimeOff:  # noqa: A002
        """Raises TimeOffNotFound."""

    async def during(self, practitioner_id: UUID, span: Span) -> Sequence[TimeOff]:
        """When the practitioner is away, or the clinic closed, for some of that time; in order."""

    async def add(self, time_off: TimeOff) -> None:
        """Keep a new one."""

    async def save(self, time_off: TimeOff) -> None:
        """Raises Stale when another transaction was first."""

    async def remove(self, time_off: TimeOff) -> None:
        """Raises Stale when another transaction was first."""


class WorkingWeeks(Protocol):
    """The week grids that practitioners have of their own."""

    async def of(self, practitioner_id: UUID) -> WorkingWeek | None:
        """None when the clinic's default holds."""

    async def save(self, week: WorkingWeek) -> None:
        """Keep it, new or changed. Raises Stale when another transaction was first."""


class Reminders(Protocol):
    """The outbox: all that patients are told of their appointments."""

    async def to_write(self, rules: ReminderRules, now: datetime) -> Sequence[Expected]:
        """Who is expected soon and has to be told yet; nobody of them is erased until the end."""

    async def add_all(self, reminders: Sequence[Reminder]) -> None:
        """Keep new ones, but for those that somebody else has written meanwhile."""

    async def get(self, id: UUID) -> Reminder:  # noqa: A002
        """The newest, which nobody else changes until the end. Raises ReminderNotFound."""

    async def is_wanted(self, reminder: Reminder, now: datetime) -> bool:
        """True while its patient is expected just then, wants to be told there, and was told nothing
        newer."""

    async def save(self, reminder: Reminder) -> None:
        """Keep what became of it."""

    async def remove_before(self, instant: datetime) -> None:
        """Forget those about appointments that began earlier."""


class Notifier(Protocol):
    """Tells people outside."""

    async def send(self, reminder: Reminder, now: datetime) -> None:
        """Returns once it is on its way. Raises LetterRefused, LetterPostponed."""


class WaitingList(Protocol):
    """Everybody who waits, and who once did."""

    async def get(self, id: UUID) -> WaitingEntry:  # noqa: A002
        """Raises WaitingEntryNotFound."""

    async def of_patient(self, patient_id: UUID) -> Sequence[WaitingEntry]:
        """All entries of a patient."""

    async def add(self, entry: WaitingEntry) -> None:
        """Keep a new one."""

    async def save(self, entry: WaitingEntry) -> None:
        """Raises Stale when another transaction was first."""

    async def forget(self, entry: WaitingEntry) -> None:
        """Save one that was forgotten: nobody is told what its notes were. Raises Stale."""


class CalendarFeeds(Protocol):
    """The calendars that programs subscribe to."""

    async def of(self, practitioner_id: UUID) -> CalendarFeed:
        """One without an address when there was none yet."""

    async def save(self, feed: CalendarFeed) -> None:
        """Keep it, new or changed. Raises Stale when another transaction was first."""


class Work(Protocol):
    """One transaction."""

    @property
    def people(self) -> People:
        """Who is known, in this transaction."""

    @property
    def occupancy(self) -> Occupancy:
        """What is taken, in this transaction."""

    @property
    def appointments(self) -> Appointments:
        """The appointments, in this transaction."""

    @property
    def gaps(self) -> Gaps:
        """The gaps, in this transaction."""

    @property
    def times_off(self) -> TimesOff:
        """The time off, in this transaction."""

    @property
    def working_weeks(self) -> WorkingWeeks:
        """The week grids, in this transaction."""

    @property
    def reminders(self) -> Reminders:
        """The outbox, in this transaction."""

    @property
    def waiting_list(self) -> WaitingList:
        """Who waits, in this transaction."""

    @property
    def calendar_feeds(self) -> CalendarFeeds:
        """The calendars with an address, in this transaction."""

    async def commit(self, result: object) -> None:
        """Make it all durable; `result` is what the caller is answered with."""
