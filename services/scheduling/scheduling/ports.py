"""All that this context needs from the world."""

from typing import Protocol
from uuid import UUID

from scheduling.domain import Appointment, Attendee, Conflict, Practitioner


class People(Protocol):
    """Who is heard of from other contexts."""

    async def practitioner(self, id: UUID) -> Practitioner | None:  # noqa: A002
        """The practitioner, None when there is none known."""

    async def attendee(self, id: UUID) -> Attendee | None:  # noqa: A002
        """The patient, who is not erased while the transaction lives; None when there is none known."""


class Occupancy(Protocol):
    """Whose time is taken when."""

    async def take(self, appointment: Appointment) -> Conflict | None:
        """Take the time of everybody concerned; when some of it is taken already, take nothing and
        answer what is in the way."""

    async def free(self, appointment: Appointment) -> None:
        """Give the time back."""


class Appointments(Protocol):
    """All appointments."""

    async def get(self, id: UUID) -> Appointment:  # noqa: A002
        """Raises AppointmentNotFound."""

    async def add(self, appointment: Appointment) -> None:
        """Keep a new one."""

    async def save(self, appointment: Appointment) -> None:
        """Raises Stale when another transaction was first."""


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

    async def commit(self, result: object) -> None:
        """Make it all durable; `result` is what the caller is answered with."""
