"""What the screens of the drafts read."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.customers import present_id
from billing.adapters.tables import draft_lines, invoice_drafts
from billing.domain.draft import DraftNotFound
from shared_kernel.chassis.pagination import Listed, PageWish, read_page

_LINE = [c for c in draft_lines.c if c.name not in ("draft_id", "position")]


async def draft(connection: AsyncConnection, draft_id: UUID) -> dict[str, Any]:
    """One draft with its `lines`. Raises DraftNotFound."""
    found = await connection.execute(select(invoice_drafts).where(invoice_drafts.c.id == draft_id))
    row = found.mappings().first()
    if row is None:
        raise DraftNotFound
    of_it = select(*_LINE).where(draft_lines.c.draft_id == draft_id).order_by(draft_lines.c.position)
    return {**row, "lines": [dict(line) for line in (await connection.execute(of_it)).mappings()]}


async def listed_drafts(
    connection: AsyncConnection, customer_id: UUID | None, patient_id: UUID | None, wish: PageWish
) -> Listed:
    """A page of the drafts, the one changed last first."""
    query = select(invoice_drafts)
    if customer_id is not None:
        query = query.where(invoice_drafts.c.customer_id == present_id(customer_id))
    if patient_id is not None:
        query = query.where(invoice_drafts.c.patient_id == patient_id)
    latest = query.order_by(invoice_drafts.c.updated_at.desc(), invoice_drafts.c.id.desc())
    return await read_page(connection, latest, wish)
