"""What surrounds billing in its tests: a patient, the events of others, short ways to ask and be refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from httpx import AsyncClient, Response
from sqlalchemy import insert

from billing.adapters.tables import invoices
from billing.subscribers import scheduling_heard_by
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import GENESIS
from shared_kernel.chassis.subscription import HeardEvent, Subscription
from shared_kernel.chassis.unit_of_work import retried
from shared_kernel.clinic_time import ClinicTime

Json = dict[str, Any]

MARIA = UUID("019ab2f0-7c1e-7d3a-9c55-0b7a4e1d2f01")
FACE: Json = {
    "number": 1,
    "firstName": "María José",
    "lastName": "Muñoz García",
    "fullName": "María José Muñoz García",
    "taxId": "12345678Z",
    "phone": "600112233",
    "email": "maria@example.com",
    "address": "Calle Mayor 1",
    "rate": "60.00",
    "status": "active",
    "customerId": None,
}
REGISTERED, RENAMED, ERASED = (f"patients.patient-{what}.v1" for what in ("registered", "renamed", "erased"))
SCHEDULING = scheduling_heard_by(ClinicTime(ZoneInfo("Europe/Madrid")))


async def heard(
    database: Database,
    subscription: Subscription,
    name: str,
    about: UUID,
    version: int,
    payload: Mapping[str, Any],
) -> None:
    event = HeardEvent(
        subscription.source, version, name, about, version, payload, None, None, GENESIS, GENESIS, {}
    )

    async def take_effect() -> None:
        async with database.writing() as connection:
            await subscription.effects[name](connection, event)
            await connection.commit()

    await retried(take_effect)  # as whoever listens does when the database asks for it


class Diary:
    """Stands where scheduling stands: appointments come to something, and billing hears of it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._versions: dict[UUID, int] = {}

    async def say(
        self,
        what: str,
        appointment: UUID,
        starts_at: datetime,
        patient: UUID | None = MARIA,
        **changes: object,
    ) -> None:
        """`what`: booked, attended, missed, restored, cancelled, moved, changed, deleted."""
        version = self._versions[appointment] = self._versions.get(appointment, 0) + 1
        status = what if what in ("attended", "missed", "cancelled") else "scheduled"
        face = {
            "practitionerId": str(UUID(int=99)),
            "patientId": patient and str(patient),
            "startsAt": starts_at.isoformat(),
            "endsAt": (starts_at + timedelta(hours=1)).isoformat(),
            "allDay": False,
            "type": "appointment",
            "status": status,
        }
        name = f"scheduling.appointment-{what}.v1"
        await heard(self._database, SCHEDULING, name, appointment, version, face | changes)

    async def attend(self, starts_at: datetime, patient: UUID = MARIA) -> UUID:
        """A new appointment that was attended."""
        appointment = uuid4()
        await self.say("booked", appointment, starts_at, patient)
        await self.say("attended", appointment, starts_at, patient)
        return appointment


async def made(client: AsyncClient, path: str, body: Mapping[str, object]) -> Json:
    """What is answered to a POST that works."""
    answer = await client.post(path, json=dict(body), headers={"Idempotency-Key": uuid4().hex})
    assert answer.status_code == 201, answer.text
    thing: Json = answer.json()
    return thing


def refused(answer: Response) -> tuple[int, str]:
    """The status and code of a problem, `(409, "tax-id-taken")`; of a wrong field `(422, "field: code")`."""
    problem = answer.json()
    named = [f"{each['propertyPath']}: {each['code']}" for each in problem.get("violations") or []]
    return answer.status_code, ", ".join(named) or problem["type"].removeprefix("/problems/")


async def keep_invoices(database: Database, count: int) -> None:
    """Issued invoices, put into the table without ado."""
    now = datetime.now(UTC)
    rows = [
        {
            "id": UUID(int=n),
            "series": "F",
            "number": f"2026{n:06}",
            "date": date(2026, 1, 1 + n % 28),
            "due_date": date(2026, 3, 1),
            "full_name": f"María José Muñoz García {n}",
            "address": "Calle Mayor 1",
            "search_text": "",
            "currency": "EUR",
            "amount": Decimal(n % 100),
            "due": Decimal(n % 100),
            "paid": Decimal(0),
            "turnover": Decimal(n % 100),
            "kind": "ordinary",
            "status": "issued",
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        for n in range(1, count + 1)
    ]
    async with database.writing() as connection:
        await connection.execute(insert(invoices), rows)
        await connection.commit()
