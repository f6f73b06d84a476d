"""What billing hears: patients, of whom it keeps what an invoice to them would start from, and their
appointments, which it bills or packs pay."""

from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.erasure import forget, payer
from billing.adapters.sessions import ATTENDED
from billing.adapters.sql import SqlWork
from billing.adapters.tables import pack_uses, packs, payers, visits
from billing.use_cases.sessions import settle_sessions
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.subscription import Effect, HeardEvent, Subscription
from shared_kernel.chassis.upsert import upsert
from shared_kernel.clinic_time import ClinicTime


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


def visit_keeper(clinic_time: ClinicTime) -> Effect:
    """The effect that keeps the picture of an appointment, unless a newer one is there, and has packs pay
    what was attended, or gives back what was not after all."""

    async def keep_visit(connection: AsyncConnection, event: HeardEvent) -> None:
        found = await connection.execute(select(visits).where(visits.c.id == event.aggregate_id))
        known = found.mappings().first()
        if known is not None and known["version"] >= event.aggregate_version:
            return
        face = event.payload
        patient_id = await _billable(connection, face["patientId"])
        if patient_id is None and known is None:
            return
        starts_at = datetime.fromisoformat(face["startsAt"])
        picture = {
            "patient_id": patient_id,
            "starts_at": starts_at,
            "day": clinic_time.today(starts_at),
            "treatment": face["type"] == "appointment",
            "status": "deleted" if event.name == _DELETED else face["status"],
            "version": event.aggregate_version,
        }
        await upsert(connection, visits, ["id"], {"id": event.aggregate_id, **picture}, picture)
        if picture["status"] == ATTENDED or (known and known["status"] == ATTENDED):
            before = None if known is None else known["patient_id"]
            await _settle(connection, event, {each for each in (before, patient_id) if each is not None})

    return keep_visit


async def _billable(connection: AsyncConnection, patient_id: str | None) -> UUID | None:
    """The patient, unless there is none or she was erased: then nothing more is billed."""
    if patient_id is None:
        return None
    erased = exists().where(payers.c.id == UUID(patient_id), payers.c.erased_at.is_not(None))
    return None if (await connection.execute(select(erased))).scalar() else UUID(patient_id)


async def _settle(connection: AsyncConnection, event: HeardEvent, patients: Collection[UUID]) -> None:
    now = datetime.now(UTC)
    origin = Origin(
        actor_id="service:billing", correlation_id=event.correlation_id, traceparent=event.traceparent
    )
    work = SqlWork(connection, origin, now)
    await work.visits.take(patients)
    await settle_sessions(work, sorted(patients), now)
    await work.record()


async def forget_visits(connection: AsyncConnection) -> None:
    """Before the picture is built anew, and packs pay anew what is heard of."""
    await connection.execute(delete(pack_uses))
    await connection.execute(
        update(packs).where(packs.c.used > 0).values(used=0, version=packs.c.version + 1)
    )
    await connection.execute(delete(visits))


_DELETED = "scheduling.appointment-deleted.v1"
_APPOINTMENTS = ("booked", "moved", "changed", "attended", "missed", "restored", "cancelled")


def scheduling_heard_by(clinic_time: ClinicTime) -> Subscription:
    """The appointments, on the days of the clinic's calendar."""
    names = [*(f"scheduling.appointment-{what}.v1" for what in _APPOINTMENTS), _DELETED]
    return Subscription("scheduling", dict.fromkeys(names, visit_keeper(clinic_time)), forget_visits)
