"""Packs ("bonos"): sessions sold together in one line of an invoice, each paying one visit of the patient."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.errors import Refusal
from shared_kernel.identifiers import new_id


class AppointmentBilled(Refusal):
    """An invoice in force bills this visit already."""


class AppointmentPaidByPack(Refusal):
    """A pack pays this visit already."""


class PackOverdrawn(Exception):
    """More would be taken from a pack than is in it: a defect, and nothing is saved."""


@dataclass(frozen=True)
class Visit:
    """An appointment of a patient, as billing knows it. `day` is the clinic's."""

    appointment_id: UUID
    patient_id: UUID
    starts_at: dt.datetime
    day: dt.date


class PackSold(DomainEvent):
    """A patient has sessions to come."""


class PackUsed(DomainEvent):
    """A visit was paid by a pack."""


class PackGivenBack(DomainEvent):
    """A visit that a pack had paid did not take place after all."""


class PackClosed(DomainEvent):
    """The invoice that sold the pack was cancelled: nothing more is taken from it."""


@dataclass(kw_only=True)
class Pack(Aggregate):
    """Sessions paid in advance. `uses` are the appointments paid, in the order they were."""

    patient_id: UUID
    invoice_id: UUID
    concept: str
    sessions: int
    sold_on: dt.date
    uses: list[UUID] = field(default_factory=list)
    closed_at: dt.datetime | None = None
    created_at: dt.datetime
    updated_at: dt.datetime

    @classmethod
    def sell(
        cls,
        patient_id: UUID,
        invoice_id: UUID,
        concept: str,
        sessions: int,
        sold_on: dt.date,
        now: dt.datetime,
    ) -> Self:
        """A new pack, nothing of it used."""
        pack = cls(
            id=new_id(now),
            patient_id=patient_id,
            invoice_id=invoice_id,
            concept=concept,
            sessions=sessions,
            sold_on=sold_on,
            created_at=now,
            updated_at=now,
        )
        pack.tell(PackSold(pack.face()))
        return pack

    @property
    def left(self) -> int:
        """The sessions that can still be taken."""
        return 0 if self.closed_at else self.sessions - len(self.uses)

    def pays(self, visit: Visit) -> bool:
        """It has a session left, and was sold on the day of the visit or before."""
        return self.left > 0 and self.sold_on <= visit.day

    def use(self, visit: Visit, now: dt.datetime) -> None:
        """Pay the visit. Raises PackOverdrawn."""
        if not self.pays(visit) or visit.appointment_id in self.uses:
            raise PackOverdrawn
        self.uses.append(visit.appointment_id)
        self.updated_at = now
        self.tell(PackUsed({**self.face(), "appointmentId": str(visit.appointment_id)}))

    def give_back(self, appointment_id: UUID, now: dt.datetime) -> None:
        """The visit is not to be paid by it any more."""
        self.uses.remove(appointment_id)
        self.updated_at = now
        self.tell(PackGivenBack({**self.face(), "appointmentId": str(appointment_id)}))

    def close(self, now: dt.datetime) -> None:
        """What was used stays used; the rest is not to be had any more."""
        if self.closed_at is None:
            self.closed_at = self.updated_at = now
            self.tell(PackClosed(self.face()))

    def face(self) -> Face:
        """All that other contexts may know."""
        return {
            "patientId": str(self.patient_id),
            "invoiceId": str(self.invoice_id),
            "sessions": self.sessions,
            "used": len(self.uses),
            "left": self.left,
        }


def settle(packs: Sequence[Pack], visits: Collection[Visit], now: dt.datetime) -> None:
    """Let the packs of one patient, the oldest first, pay exactly the visits that are to be paid: attended
    and not billed by themselves. What a pack pays already it goes on paying."""
    to_pay = {visit.appointment_id for visit in visits}
    for pack in packs:
        for appointment_id in [use for use in pack.uses if use not in to_pay]:
            pack.give_back(appointment_id, now)
    paid = {use for pack in packs for use in pack.uses}
    for visit in _in_order(visit for visit in visits if visit.appointment_id not in paid):
        payer = next((pack for pack in packs if pack.pays(visit)), None)
        if payer is not None:
            payer.use(visit, now)


def _in_order(visits: Iterable[Visit]) -> list[Visit]:
    return sorted(visits, key=lambda visit: (visit.starts_at, visit.appointment_id))
