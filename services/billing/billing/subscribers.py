"""What billing hears: patients, of whom it keeps what an invoice to them would start from."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.erasure import forget, payer
from billing.adapters.tables import payers
from shared_kernel.chassis.subscription import HeardEvent, Subscription
from shared_kernel.chassis.upsert import upsert


async def keep_payer(connection: AsyncConnection, event: HeardEvent) -> None:
    """The picture of a patient, unless a newer one is there."""
    known = select(payers.c.version).where(payers.c.id == event.aggregate_id)
    version = (await connection.execute(known)).scalar()
    if version is not None and version >= event.aggregate_version:
        return
    face = event.payload
    picture = {
        "full_name": face["fullName"],
        "tax_id": face["taxId"],
        "address": face["address"],
        "phone": face["phone"],
        "email": face["email"],
        "rate": None if face["rate"] is None else Decimal(face["rate"]),
        "customer_id": None if face["customerId"] is None else UUID(face["customerId"]),
        "version": event.aggregate_version,
    }
    await upsert(connection, payers, ["id"], {"id": event.aggregate_id, **picture}, picture)


async def erase_payer(connection: AsyncConnection, event: HeardEvent) -> None:
    """Blank the picture, for good; forget and block what else there is of the patient."""
    known = await payer(connection, event.aggregate_id)
    at = datetime.fromisoformat(event.payload["erasedAt"])
    if known is not None:
        await forget(connection, known, at)
    blank = {column.name: None for column in payers.c if column.name != "id"}
    picture = {**blank, "full_name": "", "version": event.aggregate_version, "erased_at": at}
    await upsert(connection, payers, ["id"], {"id": event.aggregate_id, **picture}, picture)


async def forget_payers(connection: AsyncConnection) -> None:
    """Before the picture is built anew."""
    await connection.execute(delete(payers))


PATIENTS = Subscription(
    source="patients",
    effects={
        "patients.patient-registered.v1": keep_payer,
        "patients.patient-renamed.v1": keep_payer,
        "patients.patient-changed.v1": keep_payer,
        "patients.patient-erased.v1": erase_payer,
    },
    forget=forget_payers,
)
