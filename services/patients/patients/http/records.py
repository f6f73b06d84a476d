"""Routes of the clinical records: write, get, list. Reception has none of them."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from patients.adapters.sql import SqlWork
from patients.domain.clinical_record import ClinicalRecord, Findings
from patients.queries import records as queries
from patients.use_cases.documentation import write_record
from shared_kernel.chassis.answers import camel, collection, created, json_response, respond
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, Day, Lines
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import CLINICAL
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.clinic_time import ClinicTime

Clinical = Annotated[Call, Depends(permit(CLINICAL))]

PATH = "/api/records"


class RecordInput(ApiModel):
    """A session as the practitioner writes it down. `date`: today in the clinic's zone when absent."""

    patient_id: UUID
    date: Day | None = None
    physiotherapy_treatment: Annotated[str, Lines(20_000)]
    consultation_reason: Annotated[str | None, Lines(20_000)] = None
    onset: Annotated[str | None, Lines(20_000)] = None
    radiology_tests: Annotated[str | None, Lines(20_000)] = None
    evolution: Annotated[str | None, Lines(20_000)] = None
    current_situation: Annotated[str | None, Lines(20_000)] = None
    medical_treatment: Annotated[str | None, Lines(20_000)] = None
    home_treatment: Annotated[str | None, Lines(20_000)] = None
    notes: Annotated[str | None, Lines(20_000)] = None
    sick_leave: bool = False

    def findings(self, today: dt.date) -> Findings:
        """The findings, dated."""
        written = {name: getattr(self, name) for name in type(self).model_fields if name != "patient_id"}
        return Findings(**(written | {"date": self.date or today}))


class RecordOutput(ApiModel):
    """A clinical record."""

    id: UUID
    patient_id: UUID
    number: int
    date: dt.date
    physiotherapy_treatment: str
    consultation_reason: str | None
    onset: str | None
    radiology_tests: str | None
    evolution: str | None
    current_situation: str | None
    medical_treatment: str | None
    home_treatment: str | None
    notes: str | None
    sick_leave: bool
    author_id: str
    author_name: str
    created_at: dt.datetime


def record_routes(
    transactions: Transactions[SqlWork], database: Database, clinic_time: ClinicTime
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("records")

    @router.post(PATH, status_code=201, response_model=RecordOutput)
    async def write(body: RecordInput, call: Clinical) -> Response:
        today = clinic_time.today(call.now)
        author = (call.caller.id, call.caller.name)
        answer = await transactions.answer(
            call,
            lambda work: write_record(work, body.patient_id, body.findings(today), author, call.now, today),
            lambda record: created(PATH, _shown(record)),
        )
        return respond(answer)

    @router.get(PATH, response_model=Collection[RecordOutput])
    async def list_records(
        request: Request, call: Clinical, wish: Paged, patient_id: Annotated[UUID, Query(alias="patientId")]
    ) -> Response:
        async with database.reading() as connection:
            listed = await queries.listed_records(connection, patient_id, wish)
        return collection(request, listed, wish)

    @router.get(PATH + "/{record_id}", response_model=RecordOutput)
    async def get_record(record_id: UUID, call: Clinical) -> Response:
        async with database.reading() as connection:
            return json_response(camel(await queries.record(connection, record_id)))

    return router


def _shown(record: ClinicalRecord) -> dict[str, Any]:
    return camel(
        {
            "id": record.id,
            "patient_id": record.patient_id,
            "number": record.number,
            **vars(record.findings),
            "author_id": record.author_id,
            "author_name": record.author_name,
            "created_at": record.created_at,
        }
    )
