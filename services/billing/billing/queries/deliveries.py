"""What the screens read of invoices sent by e-mail."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.tables import deliveries


async def deliveries_of(connection: AsyncConnection, invoice_id: UUID) -> Sequence[RowMapping]:
    """The log of an invoice, the newest first."""
    query = select(deliveries).where(deliveries.c.invoice_id == invoice_id).order_by(deliveries.c.id.desc())
    return (await connection.execute(query)).mappings().all()
