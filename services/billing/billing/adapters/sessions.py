"""Visits and packs in MariaDB or SQLite."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, delete, exists, insert, select
from sqlalchemy.exc import IntegrityError

from billing.adapters.recorded_work import RecordedWork
from billing.adapters.tables import billed_visits, pack_uses, packs, patient_ledgers, visits
from billing.domain.pack import AppointmentBilled, Pack, Visit
from shared_kernel.chassis.upsert import raised_by_one, upsert

ATTENDED = "attended"
GONE = ("cancelled", "deleted")


def to_be_paid() -> ColumnElement[bool]:
    """Treatments that were attended and that no invoice in force bills."""
    billed = exists().where(billed_visits.c.appointment_id == visits.c.id)
    return visits.c.treatment & (visits.c.status == ATTENDED) & ~billed


class SqlVisits:
    """The picture of the appointments, and which of them are billed."""

    def __init__(self, work: RecordedWork) -> None:
        self._work = work

    async def take(self, patient_ids: Collection[UUID]) -> None:
        """By an upsert, as there may be no row yet (architecture §5)."""
        if patient_ids:
            rows = [{"patient_id": each, "v": 1} for each in sorted(patient_ids)]
            raised = {"v": raised_by_one(patient_ledgers.c.v)}
            await upsert(self._work.connection, patient_ledgers, ["patient_id"], rows, raised)

    async def known(self, appointment_ids: Collection[UUID], patient_id: UUID | None) -> Collection[UUID]:
        """In one statement."""
        found = select(visits.c.id).where(
            visits.c.id.in_(appointment_ids),
            visits.c.patient_id == patient_id,
            visits.c.status.not_in(GONE),
        )
        return set((await self._work.connection.execute(found)).scalars())

    async def billed(self, appointment_ids: Collection[UUID]) -> Collection[UUID]:
        """In one statement."""
        found = select(billed_visits.c.appointment_id).where(
            billed_visits.c.appointment_id.in_(appointment_ids)
        )
        return set((await self._work.connection.execute(found)).scalars())

    async def bill(self, appointment_ids: Collection[UUID], invoice_id: UUID) -> None:
        """Raises AppointmentBilled."""
        rows = [{"appointment_id": each, "invoice_id": invoice_id} for each in appointment_ids]
        if not rows:
            return
        try:
            await self._work.connection.execute(insert(billed_visits), rows)
        except IntegrityError as error:
            raise AppointmentBilled from error

    async def release(self, invoice_id: UUID) -> None:
        """In one statement."""
        billed = delete(billed_visits).where(billed_visits.c.invoice_id == invoice_id)
        await self._work.connection.execute(billed)

    async def to_pay(self, patient_id: UUID, since: date) -> Sequence[Visit]:
        """In one statement."""
        found = await self._work.connection.execute(
            select(visits).where(visits.c.patient_id == patient_id, visits.c.day >= since, to_be_paid())
        )
        return [Visit(row["id"], row["patient_id"], row["starts_at"], row["day"]) for row in found.mappings()]


class SqlPacks:
    """A row for each pack, and one for each visit it pays."""

    def __init__(self, work: RecordedWork) -> None:
        self._work = work
        self._uses: dict[UUID, list[UUID]] = {}

    async def of(self, patient_id: UUID) -> Sequence[Pack]:
        """Whose ledger is taken, so that nobody else changes them while the transaction lives."""
        return await self._read(packs.c.patient_id == patient_id)

    async def sold_by(self, invoice_id: UUID) -> Sequence[Pack]:
        """In two statements; who saves one that was changed meanwhile is Overtaken."""
        return await self._read(packs.c.invoice_id == invoice_id)

    async def paying(self, appointment_ids: Collection[UUID]) -> Collection[UUID]:
        """In one statement."""
        found = select(pack_uses.c.appointment_id).where(pack_uses.c.appointment_id.in_(appointment_ids))
        return set((await self._work.connection.execute(found)).scalars())

    async def add(self, pack: Pack) -> None:
        """Keep a new one, of which nothing is used."""
        await self._work.insert(packs, pack, _row(pack))

    async def save(self, pack: Pack) -> None:
        """Raises Stale."""
        await self._work.update(packs, pack, _row(pack))
        before, after = self._uses[pack.id], pack.uses
        gone = [use for use in before if use not in after]
        if gone:
            await self._work.connection.execute(
                delete(pack_uses).where(pack_uses.c.appointment_id.in_(gone), pack_uses.c.pack_id == pack.id)
            )
        new = [{"appointment_id": use, "pack_id": pack.id} for use in after if use not in before]
        if new:
            await self._work.connection.execute(insert(pack_uses), new)
        self._uses[pack.id] = list(after)

    async def _read(self, wanted: ColumnElement[bool]) -> list[Pack]:
        # Locking what is looked through would lock packs of others, and lock up with them.
        oldest_first = select(packs).where(wanted).order_by(packs.c.sold_on, packs.c.id)
        rows = (await self._work.connection.execute(oldest_first)).mappings().all()
        if not rows:
            return []
        of_them = select(pack_uses).where(pack_uses.c.pack_id.in_([row["id"] for row in rows]))
        uses: dict[UUID, list[UUID]] = defaultdict(list)
        for use in (await self._work.connection.execute(of_them)).mappings():
            uses[use["pack_id"]].append(use["appointment_id"])
        self._work.seen(rows)
        for row in rows:
            self._uses[row["id"]] = uses[row["id"]]
        return [_pack(row, list(uses[row["id"]])) for row in rows]


def _pack(row: RowMapping, uses: list[UUID]) -> Pack:
    return Pack(
        id=row["id"],
        version=row["version"],
        patient_id=row["patient_id"],
        invoice_id=row["invoice_id"],
        concept=row["concept"],
        sessions=row["sessions"],
        sold_on=row["sold_on"],
        uses=uses,
        closed_at=row["closed_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _row(pack: Pack) -> dict[str, Any]:
    return {
        "patient_id": pack.patient_id,
        "invoice_id": pack.invoice_id,
        "concept": pack.concept,
        "sessions": pack.sessions,
        "used": len(pack.uses),
        "sold_on": pack.sold_on,
        "closed_at": pack.closed_at,
        "created_at": pack.created_at,
        "updated_at": pack.updated_at,
    }
