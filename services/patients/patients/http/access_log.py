"""The route by which administrators see who opened whose file."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from patients.domain.access import Opened
from patients.queries import access_log as queries
from shared_kernel.chassis.answers import collection
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, LogDay
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS
from shared_kernel.clinic_time import ClinicTime

Admin = Annotated[Call, Depends(permit(ADMINS))]

PATH = "/api/access-log"


class AccessOutput(ApiModel):
    """Somebody was shown clinical data of a patient."""

    id: UUID
    patient_id: UUID
    patient_number: int | None
    patient_name: str | None
    actor_id: str
    actor_name: str
    what: Opened
    record_id: UUID | None
    ip: str | None
    user_agent: str | None
    occurred_at: datetime


def access_log_routes(database: Database, clinic_time: ClinicTime) -> APIRouter:
    """The route, on the adapters it is given."""
    router = routes("access-log")

    @router.get(PATH, response_model=Collection[AccessOutput])
    async def list_accesses(
        request: Request,
        call: Admin,
        wish: Paged,
        patient_id: Annotated[UUID | None, Query(alias="patientId")] = None,
        actor_id: Annotated[UUID | None, Query(alias="actorId")] = None,
        first: Annotated[LogDay | None, Query(alias="from")] = None,
        last: Annotated[LogDay | None, Query(alias="to")] = None,
    ) -> Response:
        begin = clinic_time.day(first)[0] if first else None
        end = clinic_time.day(last)[1] if last else None
        async with database.reading() as connection:
            listed = await queries.listed_accesses(connection, patient_id, actor_id, begin, end, wish)
        return collection(request, listed, wish)

    return router
