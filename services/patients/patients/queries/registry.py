"""What the screens of the registry read: straight from the tables to plain rows."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.tables import patients
from patients.domain.patient import BACKGROUND_FIELDS, PatientNotFound, Status
from shared_kernel.chassis.pagination import Listed, PageWish, read_page

_INNER = {"sort_key", "email_key", "name_key", "phone_key", "erasure_reason"}
SUMMARY = (
    "id",
    "number",
    "first_name",
    "last_name",
    "full_name",
    "date_of_birth",
    "tax_id",
    "phone",
    "email",
    "status",
    "version",
    "created_at",
    "updated_at",
)
_REGISTRY = [c for c in patients.c if c.name not in _INNER and c.name not in BACKGROUND_FIELDS]
_CLINICAL = [c for c in patients.c if c.name not in _INNER]


async def patient(
    connection: AsyncConnection, patient_id: UUID, *, clinical: bool, erased: bool
) -> RowMapping:
    """One patient, with the clinical background only for those who may see it, and an erased one only for
    those who may see what is blocked. Raises PatientNotFound."""
    columns = _CLINICAL if clinical else _REGISTRY
    row = (await connection.execute(select(*columns).where(patients.c.id == patient_id))).mappings().first()
    if row is None or (row["erased_at"] is not None and not erased):
        raise PatientNotFound
    return row


async def listed_patients(
    connection: AsyncConnection,
    status: Status | None,
    order: Literal["latest", "alpha"],
    wish: PageWish,
    erased: bool = False,
) -> Listed:
    """A page of the registry."""
    query: Select[Any] = select(*(patients.c[name] for name in SUMMARY))
    gone = patients.c.erased_at
    query = query.where(gone.is_not(None) if erased else gone.is_(None))
    if status is not None:
        query = query.where(patients.c.status == status.value)
    by = (
        (patients.c.created_at.desc(), patients.c.id.desc())
        if order == "latest"
        else (patients.c.sort_key, patients.c.id)
    )
    return await read_page(connection, query.order_by(*by), wish)


async def patient_count(connection: AsyncConnection) -> int:
    """How many patients the clinic has, active or not."""
    counted = select(func.count()).select_from(patients).where(patients.c.erased_at.is_(None))
    return int((await connection.execute(counted)).scalar_one())
