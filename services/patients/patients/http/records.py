"""Routes of the clinical records: write, correct, get, list. Reception has none of them."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from patients.adapters.access_log import AccessLog
from patients.adapters.sql import SqlWork
from patients.domain.access import Access, Opened
from patients.domain.clinical_record import ClinicalRecord, Findings
from patients.queries import records as queries
from patients.use_cases.documentation import correct_record, write_record
from shared_kernel.chassis.answers import camel, collection, created, json_response, respond
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, Day, Flag, Lines
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS, CLINICAL
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.clinic_time import ClinicTime

Clinical = Annotated[Call, Depends(permit(CLINICAL))]

PATH = "/api/records"


class FindingsInput(ApiModel):
    """A session as the practitioner writes it down."""

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
    sick_leave: Flag = False

    def findings(self, otherwise: dt.date) -> Findings:
        """The findings, dated; `otherwise` when no date was written."""
        written = {name: getattr(self, name) for name in FindingsInput.model_fields}
        return Findings(**(written | {"date": self.date or otherwise}))


class RecordInput(FindingsInput):
    """A new record. `date`: today in the clinic's zone when absent."""

    patient_id: UUID


class CorrectionInput(FindingsInput):
    """The whole of what the record should say, and why. `date`: the corrected version's when absent."""

    reason: Annotated[str, Lines(500)]


class RecordOutput(ApiModel):
    """A version of a clinical record. `replacesId`: the version that it corrects."""

    id: UUID
    patient_id: UUID
    number: int
    revision: int
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
    replaces_id: UUID | None
    correction_reason: str | None
    latest: bool


def record_routes(
    transactions: Transactions[SqlWork], database: Database, accesses: AccessLog, clinic_time: ClinicTime
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

    @router.post(PATH + "/{record_id}/corrections", status_code=201, response_model=RecordOutput)
    async def correct(record_id: UUID, body: CorrectionInput, call: Clinical) -> Response:
        today = clinic_time.today(call.now)
        author = (call.caller.id, call.caller.name)

        def change(corrected: Findings) -> Findings:
            return body.findings(corrected.date)

        answer = await transactions.answer(
            call,
            lambda work: correct_record(work, record_id, change, body.reason, author, call.now, today),
            lambda record: created(PATH, _shown(record)),
        )
        return respond(answer)

    @router.get(PATH, response_model=Collection[RecordOutput])
    async def list_records(
        request: Request, call: Clinical, wish: Paged, patient_id: Annotated[UUID, Query(alias="patientId")]
    ) -> Response:
        async with database.reading() as connection:
            listed = await queries.listed_records(
                connection, patient_id, wish, erased=call.caller.may(ADMINS)
            )
        if listed.rows:
            await accesses.note(call, Access(patient_id, Opened.RECORDS))
        return collection(request, listed, wish)

    @router.get(PATH + "/{record_id}", response_model=RecordOutput)
    async def get_record(record_id: UUID, call: Clinical) -> Response:
        async with database.reading() as connection:
            row = await queries.record(connection, record_id, erased=call.caller.may(ADMINS))
        await accesses.note(call, Access(row["patient_id"], Opened.RECORD, record_id))
        return json_response(camel(row))

    @router.get(PATH + "/{record_id}/corrections", response_model=Collection[RecordOutput])
    async def list_corrections(record_id: UUID, request: Request, call: Clinical, wish: Paged) -> Response:
        async with database.reading() as connection:
            listed = await queries.listed_versions(
                connection, record_id, wish, erased=call.caller.may(ADMINS)
            )
        if listed.rows:
            whose = listed.rows[0]["patient_id"]
            await accesses.note(call, Access(whose, Opened.CORRECTIONS, record_id))
        return collection(request, listed, wish)

    return router


def _shown(record: ClinicalRecord) -> dict[str, Any]:
    """The version just written, which is the latest."""
    return camel(
        {
            "id": record.id,
            "patient_id": record.patient_id,
            "number": record.number,
            "revision": record.revision,
            **vars(record.findings),
            "author_id": record.author_id,
            "author_name": record.author_name,
            "created_at": record.created_at,
            "replaces_id": record.correction.replaces_id if record.correction else None,
            "correction_reason": record.correction.reason if record.correction else None,
            "latest": True,
        }
    )
