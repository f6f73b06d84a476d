"""What the screens of the clinical records read: straight from the tables to plain rows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.tables import patients, records
from patients.domain.clinical_record import RecordNotFound
from shared_kernel.chassis.pagination import Listed, PageWish, read_page

_later = records.alias("later")
_named = records.alias("named")


async def record(connection: AsyncConnection, record_id: UUID, *, erased: bool) -> RowMapping:
    """One version of a clinical record; of an erased patient only for those who may see what is blocked.
    Raises RecordNotFound."""
    found = await connection.execute(_records(erased).where(records.c.id == record_id))
    row: RowMapping | None = found.mappings().first()
    if row is None:
        raise RecordNotFound
    return row


async def listed_records(
    connection: AsyncConnection, patient_id: UUID, wish: PageWish, *, erased: bool
) -> Listed:
    """A page of a patient's records as they stand, the newest first."""
    query = _records(erased).where(records.c.patient_id == patient_id, _is_latest())
    return await read_page(connection, query.order_by(records.c.date.desc(), records.c.number.desc()), wish)


async def listed_versions(
    connection: AsyncConnection, record_id: UUID, wish: PageWish, *, erased: bool
) -> Listed:
    """A page of all versions of the record one of whose versions this is, the newest first. Raises
    RecordNotFound."""
    same = (
        column == select(_named.c[column.name]).where(_named.c.id == record_id).scalar_subquery()
        for column in (records.c.patient_id, records.c.number)
    )
    query = _records(erased).where(*same)
    listed = await read_page(connection, query.order_by(records.c.revision.desc()), wish)
    if not listed.total:
        raise RecordNotFound
    return listed


async def patients_of(connection: AsyncConnection, record_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Whose the records are."""
    found = await connection.execute(
        select(records.c.id, records.c.patient_id).where(records.c.id.in_(record_ids))
    )
    return {row.id: row.patient_id for row in found}


def _is_latest() -> ColumnElement[bool]:
    """No version replaces it."""
    return ~select(_later.c.id).where(_later.c.replaces_id == records.c.id).correlate(records).exists()


def _records(erased: bool) -> Select[Any]:
    columns = (column for column in records.c if column.name != "version")
    all_of_them = select(*columns, _is_latest().label("latest")).select_from(records)
    return all_of_them if erased else all_of_them.where(~_is_blocked())


def _is_blocked() -> ColumnElement[bool]:
    """Its patient was erased."""
    gone = patients.c.erased_at.is_not(None)
    return (
        select(patients.c.id).where(patients.c.id == records.c.patient_id, gone).correlate(records).exists()
    )
