"""What the administrators read of the access log: who was shown what of whom."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.tables import access_log, patients
from shared_kernel.chassis.pagination import Listed, PageWish, read_page
from shared_kernel.identifiers import first_id_at


async def listed_accesses(
    connection: AsyncConnection,
    patient_id: UUID | None,
    actor_id: UUID | None,
    begin: datetime | None,
    end: datetime | None,
    wish: PageWish,
) -> Listed:
    """A page of what was opened from `begin` to before `end`, the newest first. An id is as old as its
    entry, so times are ranges of ids."""
    wanted: Sequence[ColumnElement[bool] | None] = (
        access_log.c.patient_id == patient_id if patient_id else None,
        access_log.c.actor_id == str(actor_id) if actor_id else None,
        access_log.c.id >= first_id_at(begin) if begin else None,
        access_log.c.id < first_id_at(end) if end else None,
    )
    query = (
        select(
            access_log.c.id,
            access_log.c.patient_id,
            patients.c.number.label("patient_number"),
            patients.c.full_name.label("patient_name"),
            access_log.c.actor_id,
            access_log.c.actor_name,
            access_log.c.what,
            access_log.c.record_id,
            access_log.c.ip,
            access_log.c.user_agent,
            access_log.c.occurred_at,
        )
        .join_from(access_log, patients, patients.c.id == access_log.c.patient_id, isouter=True)
        .where(*(condition for condition in wanted if condition is not None))
        .order_by(access_log.c.id.desc())
    )
    return await read_page(connection, query, wish)
