"""The route by which the desk sees a patient's packs."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from billing.http.house import Billing, House
from billing.queries.packs import packs_of
from shared_kernel.chassis.answers import camel, whole_collection
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection
from shared_kernel.chassis.requests import routes


class PackUse(ApiModel):
    """A visit that a pack paid."""

    appointment_id: UUID
    starts_at: dt.datetime


class PackOutput(ApiModel):
    """Sessions paid in advance. `closedAt`: the invoice that sold them was cancelled; nothing is left."""

    id: UUID
    patient_id: UUID
    invoice_id: UUID
    invoice_display_number: str
    concept: str
    sessions: int
    used: int
    left: int
    sold_on: dt.date
    closed_at: dt.datetime | None
    uses: list[PackUse]


def pack_routes(database: Database, house: House) -> APIRouter:
    """The route, on the adapters it is given."""
    router = routes("packs")

    @router.get("/api/packs", response_model=Collection[PackOutput])
    async def list_packs(
        request: Request, call: Billing, patient_id: Annotated[UUID, Query(alias="patientId")]
    ) -> Response:
        async with database.reading() as connection:
            rows = await packs_of(connection, patient_id)
        shown = house.clinic_time.shown
        return whole_collection(
            request,
            [
                {
                    **{name: row[name] for name in PackOutput.model_fields if name in row},
                    "invoice_display_number": house.displayed(row["series"], row["number"]),
                    "uses": [camel({**use, "starts_at": shown(use["starts_at"])}) for use in row["uses"]],
                }
                for row in rows
            ],
        )

    return router
