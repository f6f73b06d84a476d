"""What the screens of the clinical records read: straight from the tables to plain rows."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.tables import records
from patients.domain.clinical_record import RecordNotFound
from shared_kernel.chassis.pagination import Listed, PageWish, read_page


async def record(connection: AsyncConnection, record_id: UUID) -> RowMapping:
    """One clinical record. Raises RecordNotFound."""
    found = await connection.execute(_records().where(records.c.id == record_id))
    row: RowMapping | None = found.mappings().first()
    if row is None:
        raise RecordNotFound
    return row


async def listed_records(connection: AsyncConnection, patient_id: UUID, wish: PageWish) -> Listed:
    """A page of a patient's records, the newest first."""
    query = _records().where(records.c.patient_id == patient_id)
    return await read_page(connection, query.order_by(records.c.date.desc(), records.c.number.desc()), wish)


def _records() -> Select[Any]:
    return select(*(c for c in records.c if c.name != "version"))
