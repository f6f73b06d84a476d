"""Routes of the registry: register, change, get, list."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from patients.adapters.access_log import AccessLog
from patients.adapters.sql import SqlWork
from patients.domain.access import Access, Opened
from patients.domain.patient import (
    BACKGROUND_FIELDS,
    ClinicalBackground,
    Language,
    Particulars,
    Patient,
    Status,
)
from patients.queries import registry as queries
from patients.queries.search import found_patients
from patients.use_cases.registration import Change, change_patient, register_patient
from shared_kernel.chassis.answers import (
    camel,
    changed,
    collection,
    created,
    json_response,
    respond,
    versioned,
)
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import (
    ApiModel,
    Collection,
    Day,
    Email,
    ExactNumber,
    Flag,
    Line,
    Lines,
)
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS, CLINICAL, EVERYONE
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import NotAllowed

Registry = Annotated[Call, Depends(permit(EVERYONE))]

PATH = "/api/patients"


class PatientInput(ApiModel):
    """A patient as written on the form. The clinical background is for practitioners."""

    first_name: Annotated[str, Line(50)]
    last_name: Annotated[str, Line(100)]
    date_of_birth: Day | None = None
    tax_id: Annotated[str | None, Line(15)] = None
    phone: Annotated[str | None, Line(50)] = None
    email: Annotated[str | None, Email(100)] = None
    address: Annotated[str | None, Line(250)] = None
    profession: Annotated[str | None, Line(250)] = None
    sports_activity: Annotated[str | None, Line(250)] = None
    rate: Annotated[ExactNumber, Field(ge=0, max_digits=8, decimal_places=2)] | None = None
    notes: Annotated[str | None, Lines(2000)] = None
    status: Status = Status.ACTIVE
    customer_id: UUID | None = None
    email_reminders: Flag = False
    language: Language | None = None
    allergies: Annotated[str | None, Lines(2000)] = None
    medication: Annotated[str | None, Lines(2000)] = None
    systemic_diseases: Annotated[str | None, Lines(2000)] = None
    surgeries: Annotated[str | None, Lines(2000)] = None
    accidents: Annotated[str | None, Lines(2000)] = None
    injuries: Annotated[str | None, Lines(2000)] = None
    bruxism: Annotated[str | None, Lines(2000)] = None
    insoles: Annotated[str | None, Lines(2000)] = None
    others: Annotated[str | None, Lines(2000)] = None

    def applied_to(
        self, particulars: Particulars | None, background: ClinicalBackground
    ) -> tuple[Particulars, ClinicalBackground]:
        """What was sent, laid over what there is."""
        sent = {name: getattr(self, name) for name in self.model_fields_set - {"force"}}
        clinical = {name: sent.pop(name) for name in BACKGROUND_FIELDS if name in sent}
        base = {} if particulars is None else vars(particulars)
        return Particulars(**(base | sent)), ClinicalBackground(**(vars(background) | clinical))

    def refuse_clinical_fields_of(self, call: Call) -> None:
        """Whoever may not see the clinical background may not write it either."""
        if not self.model_fields_set.isdisjoint(BACKGROUND_FIELDS) and not call.caller.may(CLINICAL):
            raise NotAllowed


class PatientRegistration(PatientInput):
    """A new patient. `force`: register even somebody who is likely registered already."""

    force: Flag = False


class PatientPatch(PatientInput):
    """The fields to change; those not sent stay (RFC 7396)."""

    first_name: Annotated[str, Line(50)] = ""
    last_name: Annotated[str, Line(100)] = ""


class PatientSummary(ApiModel):
    """A patient in a list."""

    id: UUID
    number: int
    first_name: str
    last_name: str
    full_name: str
    date_of_birth: date | None
    tax_id: str | None
    phone: str | None
    email: str | None
    status: Status
    version: int
    created_at: datetime
    updated_at: datetime


class PatientOutput(PatientSummary):
    """A patient. The clinical background is absent for those who may not see it."""

    tax_id_warning: bool
    address: str | None
    profession: str | None
    sports_activity: str | None
    rate: Decimal | None
    notes: str | None
    customer_id: UUID | None
    email_reminders: bool
    language: Language | None
    erased_at: datetime | None
    allergies: str | None = None
    medication: str | None = None
    systemic_diseases: str | None = None
    surgeries: str | None = None
    accidents: str | None = None
    injuries: str | None = None
    bruxism: str | None = None
    insoles: str | None = None
    others: str | None = None


class PatientStats(ApiModel):
    """What the dashboard shows of this context."""

    total_patients: int


def registry_routes(
    transactions: Transactions[SqlWork], database: Database, accesses: AccessLog, clinic_time: ClinicTime
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("patients")
    _add_writing(router, transactions, clinic_time)
    _add_reading(router, database, accesses)
    return router


def _add_writing(router: APIRouter, transactions: Transactions[SqlWork], clinic_time: ClinicTime) -> None:
    @router.post(PATH, status_code=201, response_model=PatientOutput)
    async def register(body: PatientRegistration, call: Registry) -> Response:
        body.refuse_clinical_fields_of(call)
        particulars, background = body.applied_to(None, ClinicalBackground())
        today = clinic_time.today(call.now)
        answer = await transactions.answer(
            call,
            lambda work: register_patient(
                work,
                particulars,
                background,
                force=body.force,
                clinical=call.caller.may(CLINICAL),
                now=call.now,
                today=today,
            ),
            lambda patient: created(PATH, _shown(patient, call)),
        )
        return respond(answer)

    @router.put(PATH + "/{patient_id}", response_model=PatientOutput)
    async def replace_patient(patient_id: UUID, body: PatientInput, call: Registry) -> Response:
        body.refuse_clinical_fields_of(call)
        seen = call.version()
        blank = not call.caller.may(CLINICAL)

        def change(patient: Patient) -> tuple[Particulars, ClinicalBackground]:
            return body.applied_to(None, patient.background if blank else ClinicalBackground())

        return await _change(patient_id, seen, change, call)

    @router.patch(PATH + "/{patient_id}", response_model=PatientOutput)
    async def merge_patient(patient_id: UUID, body: PatientPatch, call: Registry) -> Response:
        body.refuse_clinical_fields_of(call)

        def change(patient: Patient) -> tuple[Particulars, ClinicalBackground]:
            return body.applied_to(patient.particulars, patient.background)

        return await _change(patient_id, call.if_match, change, call)

    async def _change(patient_id: UUID, seen: int | None, change: Change, call: Call) -> Response:
        today = clinic_time.today(call.now)
        clinical = call.caller.may(CLINICAL)
        answer = await transactions.answer(
            call,
            lambda work: change_patient(
                work, patient_id, seen, change, clinical=clinical, now=call.now, today=today
            ),
            lambda patient: changed(_shown(patient, call)),
        )
        return respond(answer)


def _add_reading(router: APIRouter, database: Database, accesses: AccessLog) -> None:
    @router.get(PATH, response_model=Collection[PatientSummary])
    async def list_patients(
        request: Request,
        call: Registry,
        wish: Paged,
        search: Annotated[str, Query(max_length=200)] = "",
        fuzzy: bool = False,
        status: Literal["active", "inactive", "all", "erased"] = "all",
        order: Literal["latest", "alpha"] = "latest",
    ) -> Response:
        erased = _wants_erased(status, call)
        wanted = Status(status) if status in ("active", "inactive") else None
        async with database.reading() as connection:
            if search.strip() and not erased:
                listed = await found_patients(connection, search, fuzzy, wanted, wish)
            else:
                listed = await queries.listed_patients(connection, wanted, order, wish, erased)
        return collection(request, listed, wish)

    @router.get(PATH + "/{patient_id}", response_model=PatientOutput)
    async def get_patient(patient_id: UUID, call: Registry) -> Response:
        async with database.reading() as connection:
            clinical, erased = call.caller.may(CLINICAL), call.caller.may(ADMINS)
            row = await queries.patient(connection, patient_id, clinical=clinical, erased=erased)
        await _note_if_clinical(accesses, call, patient_id)
        return versioned(camel(row))

    @router.get("/api/stats/patients", response_model=PatientStats)
    async def stats(call: Registry) -> Response:
        async with database.reading() as connection:
            return json_response({"totalPatients": await queries.patient_count(connection)})


def _wants_erased(status: str, call: Call) -> bool:
    """What is blocked is for administrators. Raises NotAllowed."""
    if status == "erased" and not call.caller.may(ADMINS):
        raise NotAllowed
    return status == "erased"


async def _note_if_clinical(accesses: AccessLog, call: Call, patient_id: UUID) -> None:
    if call.caller.may(CLINICAL):
        await accesses.note(call, Access(patient_id, Opened.PATIENT))


def _shown(patient: Patient, call: Call) -> dict[str, Any]:
    """The patient as answered: without the clinical background for those who may not see it."""
    row = {
        "id": patient.id,
        "number": patient.number,
        **vars(patient.particulars),
        "full_name": patient.particulars.full_name,
        "tax_id_warning": patient.has_doubtful_tax_id(),
        **(vars(patient.background) if call.caller.may(CLINICAL) else {}),
        "version": patient.version,
        "created_at": patient.created_at,
        "updated_at": patient.updated_at,
        "erased_at": patient.erased_at,
    }
    return camel(row)
