"""What the screens read of packs."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.tables import invoices, pack_uses, packs, visits


async def packs_of(connection: AsyncConnection, patient_id: UUID) -> list[dict[str, Any]]:
    """A patient's packs, the oldest first, each with the visits it paid."""
    hers = (
        select(packs, invoices.c.number, invoices.c.series)
        .join_from(packs, invoices)
        .where(packs.c.patient_id == patient_id, invoices.c.blocked_for.is_(None))
        .order_by(packs.c.sold_on, packs.c.id)
    )
    rows = (await connection.execute(hers)).mappings().all()
    paid = (
        select(pack_uses.c.pack_id, visits.c.id.label("appointment_id"), visits.c.starts_at)
        .join_from(pack_uses, packs)
        .join(visits, visits.c.id == pack_uses.c.appointment_id)
        .where(packs.c.patient_id == patient_id)
        .order_by(visits.c.starts_at, visits.c.id)
    )
    uses: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for use in (await connection.execute(paid)).mappings():
        uses[use["pack_id"]].append({"appointment_id": use["appointment_id"], "starts_at": use["starts_at"]})
    return [{**row, "left": _left(row), "uses": uses[row["id"]]} for row in rows]


async def pack_balance(connection: AsyncConnection, patient_id: UUID) -> int:
    """The sessions that a patient has paid for and not had."""
    left = select(func.sum(packs.c.sessions - packs.c.used)).where(
        packs.c.patient_id == patient_id, packs.c.closed_at.is_(None)
    )
    return int((await connection.execute(left)).scalar() or 0)


def _left(pack: Any) -> int:
    return 0 if pack["closed_at"] else pack["sessions"] - pack["used"]
