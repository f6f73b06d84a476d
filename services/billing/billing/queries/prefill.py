"""What the form of an invoice starts from."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.customers import present_id
from billing.adapters.sessions import to_be_paid
from billing.adapters.tables import customers, pack_uses, payers, visits
from billing.domain.customer import CustomerNotFound, PatientErased, PayerNotFound
from billing.queries.packs import pack_balance

_SUGGESTED_FOR = timedelta(days=90)
_MOST_SUGGESTED = 200


async def is_payer(connection: AsyncConnection, patient_id: UUID) -> bool:
    """True when billing has heard of the patient."""
    found = await connection.execute(select(payers.c.id).where(payers.c.id == patient_id))
    return found.first() is not None


async def prefill_for_patient(connection: AsyncConnection, patient_id: UUID, today: date) -> dict[str, Any]:
    """Whom to bill for a patient, and what: the customer named on the patient's page, else the one with the
    patient's tax id, else the patient; the treatments attended lately and not paid by a pack. Raises
    PayerNotFound, PatientErased."""
    named = present_id(payers.c.customer_id)
    is_theirs = and_(
        customers.c.erased_at.is_(None),
        or_(customers.c.id == named, customers.c.tax_id == payers.c.tax_id),
    )
    joined = select(payers, *_prefixed_customer()).select_from(payers.outerjoin(customers, is_theirs))
    named_first = case((customers.c.id == named, 0), else_=1)
    found = await connection.execute(joined.where(payers.c.id == patient_id).order_by(named_first).limit(1))
    row = found.mappings().first()
    if row is None:
        raise PayerNotFound
    if row["erased_at"] is not None:
        raise PatientErased
    visited = await _to_be_billed(connection, patient_id, today - _SUGGESTED_FOR)
    more = {
        "patient_id": patient_id,
        "rate": row["rate"],
        "visits": visited,
        "pack_balance": await pack_balance(connection, patient_id),
    }
    return more | _addressee(row, "" if row["customer_row_id"] is None else "customer_")


async def prefill_for_customer(connection: AsyncConnection, customer_id: UUID) -> dict[str, Any]:
    """What an invoice to a customer starts from. Raises CustomerNotFound."""
    present = customers.c.erased_at.is_(None)
    found = await connection.execute(
        select(*_prefixed_customer()).where(customers.c.id == present_id(customer_id), present)
    )
    row = found.mappings().first()
    if row is None:
        raise CustomerNotFound
    return _addressee(row, "customer_") | {"patient_id": None, "rate": None, "visits": [], "pack_balance": 0}


async def _to_be_billed(connection: AsyncConnection, patient_id: UUID, since: date) -> list[RowMapping]:
    paid = select(pack_uses.c.appointment_id).where(pack_uses.c.appointment_id == visits.c.id).exists()
    found = (
        select(visits.c.id, visits.c.starts_at)
        .where(visits.c.patient_id == patient_id, visits.c.day >= since, to_be_paid(), ~paid)
        .order_by(visits.c.starts_at, visits.c.id)
        .limit(_MOST_SUGGESTED)
    )
    return list((await connection.execute(found)).mappings())


def _prefixed_customer() -> list[ColumnElement[Any]]:
    return [
        customers.c.id.label("customer_row_id"),
        customers.c.full_name.label("customer_full_name"),
        customers.c.tax_id.label("customer_tax_id"),
        customers.c.billing_address.label("customer_address"),
        customers.c.phone.label("customer_phone"),
        customers.c.email.label("customer_email"),
    ]


def _addressee(row: RowMapping, prefix: str) -> dict[str, Any]:
    names = ("full_name", "tax_id", "address", "phone", "email")
    return {"customer_id": row["customer_row_id"], **{name: row[f"{prefix}{name}"] for name in names}}
