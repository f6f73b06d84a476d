"""Routes by which the calendar, the patient's page and the dashboard read appointments and gaps."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from scheduling.domain.appointment import Kind, Status
from scheduling.domain.diary import DiaryRules
from scheduling.http.moments import Moment, zoned
from scheduling.queries import appointments as queries
from scheduling.queries.appointments import GAP
from shared_kernel.chassis.answers import camel, collection, json_response, versioned, whole_collection
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import EVERYONE

Diary = Annotated[Call, Depends(permit(EVERYONE))]

PATH = "/api/appointments"

_LONGEST_WINDOW = timedelta(days=366)


class EntryKind(StrEnum):
    """What the calendar shows: appointments, other things that take time, and gaps, which take none."""

    APPOINTMENT = Kind.APPOINTMENT.value
    OTHER = Kind.OTHER.value
    GAP = GAP


class AppointmentOutput(ApiModel):
    """An appointment or a gap, with the clinic's offset. A gap has neither title nor patient; booking over it
    consumes it."""

    id: UUID
    practitioner_id: UUID
    patient_id: UUID | None
    patient_name: str | None
    title: str
    all_day: bool
    starts_at: datetime
    ends_at: datetime
    type: EntryKind
    notes: str | None
    status: Status
    status_reason: str | None
    overbook_reason: str | None
    series_id: UUID | None
    confirmed_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class AppointmentStats(ApiModel):
    """What the dashboard shows of this context."""

    appointments_today: int
    others_today: int


def calendar_routes(database: Database, rules: DiaryRules) -> APIRouter:
    """The routes, on the adapter they are given."""
    router = routes("appointments")
    clinic_time = rules.clinic_time

    @router.get(PATH, response_model=Collection[AppointmentOutput])
    async def list_appointments(
        request: Request,
        call: Diary,
        wish: Paged,
        start: Moment | None = None,
        end: Moment | None = None,
        practitioner_id: Annotated[UUID | None, Query(alias="practitionerId")] = None,
        patient_id: Annotated[UUID | None, Query(alias="patientId")] = None,
    ) -> Response:
        if patient_id is not None:
            async with database.reading() as connection:
                listed = await queries.appointments_of_patient(connection, patient_id, wish)
            shown = [zoned(row, clinic_time) for row in listed.rows]
            return collection(request, replace(listed, rows=shown), wish)
        window = rules.window(start, end, _LONGEST_WINDOW, ("start", "end"))
        async with database.reading() as connection:
            rows = await queries.calendar_in_window(
                connection, window.starts_at, window.ends_at, practitioner_id
            )
        return whole_collection(request, [zoned(row, clinic_time) for row in rows])

    @router.get(PATH + "/{appointment_id}", response_model=AppointmentOutput)
    async def get_appointment(appointment_id: UUID, call: Diary) -> Response:
        async with database.reading() as connection:
            row = await queries.appointment(connection, appointment_id)
        return versioned(camel(zoned(row, clinic_time)))

    @router.get("/api/stats/appointments", response_model=AppointmentStats)
    async def stats(call: Diary) -> Response:
        today = clinic_time.day(clinic_time.today(call.now))
        async with database.reading() as connection:
            counts = await queries.live_count(connection, *today)
        return json_response(
            {"appointmentsToday": counts[Kind.APPOINTMENT], "othersToday": counts[Kind.OTHER]}
        )

    return router
