"""Routes of the appointments: book, cancel, get, list."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from scheduling.adapters.sql import SqlWork
from scheduling.domain import (
    Booking,
    DiaryEntry,
    DiaryRules,
    Kind,
    PatientInactive,
    Status,
    UnknownPeople,
)
from scheduling.queries import diary as queries
from scheduling.use_cases.booking import book_appointment, cancel_appointment
from shared_kernel.chassis.answers import (
    camel,
    changed,
    collection,
    created,
    json_response,
    respond,
    versioned,
    whole_collection,
)
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, Flag, Line, Lines
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import EVERYONE
from shared_kernel.chassis.unit_of_work import Answer, Transactions
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid, Violation

Diary = Annotated[Call, Depends(permit(EVERYONE))]
CatchUp = Callable[[], Awaitable[None]]
"""Bring the pictures of other contexts up to date as far as their owners can be reached."""

PATH = "/api/appointments"

_LONGEST_WINDOW = timedelta(days=366)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _written_out(value: object) -> object:
    """Only text: pydantic would take a number for seconds since 1970."""
    if isinstance(value, str) and _DATE.match(value):
        return value
    raise PydanticCustomError("datetime_text", "not a date and time")


Moment = Annotated[datetime, BeforeValidator(_written_out)]
"""ISO 8601; without an offset it is the clinic's wall clock."""


class AppointmentInput(ApiModel):
    """An appointment as the desk writes it. Without a title the patient's name is shown."""

    practitioner_id: UUID
    patient_id: UUID | None = None
    title: Annotated[str | None, Line(255)] = None
    all_day: Flag = False
    starts_at: Moment
    ends_at: Moment
    type: Kind = Kind.APPOINTMENT
    notes: Annotated[str | None, Lines(2000)] = None

    def booking(self) -> Booking:
        """The same in the words of the domain."""
        sent = {name: getattr(self, name) for name in type(self).model_fields if name != "type"}
        return Booking(**sent, kind=self.type)


class CancellationInput(ApiModel):
    """Why it will not take place."""

    reason: Annotated[str, Line(500)]


class AppointmentOutput(ApiModel):
    """An appointment, with the clinic's offset."""

    id: UUID
    practitioner_id: UUID
    patient_id: UUID | None
    patient_name: str | None
    title: str
    all_day: bool
    starts_at: datetime
    ends_at: datetime
    type: Kind
    notes: str | None
    status: Status
    status_reason: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class AppointmentStats(ApiModel):
    """What the dashboard shows of this context."""

    appointments_today: int
    others_today: int


def appointment_routes(
    transactions: Transactions[SqlWork], database: Database, rules: DiaryRules, catch_up: CatchUp
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("appointments")
    clinic_time = rules.clinic_time

    @router.post(PATH, status_code=201, response_model=AppointmentOutput)
    async def book(body: AppointmentInput, call: Diary) -> Response:
        async def booked() -> Answer:
            return await transactions.answer(
                call,
                lambda work: book_appointment(work, body.booking(), rules, call.now),
                lambda entry: created(PATH, _entry(entry, clinic_time)),
            )

        try:
            return respond(await booked())
        except (UnknownPeople, PatientInactive):  # what was done a moment ago may not have been heard of yet
            await catch_up()
        return respond(await booked())

    @router.post(PATH + "/{appointment_id}/cancellation", response_model=AppointmentOutput)
    async def cancel(appointment_id: UUID, body: CancellationInput, call: Diary) -> Response:
        answer = await transactions.answer(
            call,
            lambda work: cancel_appointment(work, appointment_id, call.if_match, body.reason, call.now),
            lambda entry: changed(_entry(entry, clinic_time)),
        )
        return respond(answer)

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
            shown = [_zoned(row, clinic_time) for row in listed.rows]
            return collection(request, replace(listed, rows=shown), wish)
        window = _window(rules, start, end)
        async with database.reading() as connection:
            rows = await queries.appointments_in_window(connection, *window, practitioner_id)
        return whole_collection(request, [_zoned(row, clinic_time) for row in rows])

    @router.get(PATH + "/{appointment_id}", response_model=AppointmentOutput)
    async def get_appointment(appointment_id: UUID, call: Diary) -> Response:
        async with database.reading() as connection:
            row = await queries.appointment(connection, appointment_id)
        return versioned(camel(_zoned(row, clinic_time)))

    @router.get("/api/stats/appointments", response_model=AppointmentStats)
    async def stats(call: Diary) -> Response:
        today = clinic_time.day(clinic_time.today(call.now))
        async with database.reading() as connection:
            counts = await queries.live_count(connection, *today)
        return json_response(
            {"appointmentsToday": counts[Kind.APPOINTMENT], "othersToday": counts[Kind.OTHER]}
        )

    return router


def _window(rules: DiaryRules, start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    if start is None or end is None:
        asked = (("start", start), ("end", end))
        raise Invalid(*(Violation(field, "required") for field, moment in asked if moment is None))
    window = rules.instant(start, "start"), rules.instant(end, "end")
    if window[1] <= window[0]:
        raise Invalid(Violation("end", "ends-before-start"))
    if window[1] - window[0] > _LONGEST_WINDOW:
        raise Invalid(Violation("end", "window-too-long", days=_LONGEST_WINDOW.days))
    return window


def _entry(entry: DiaryEntry, clinic_time: ClinicTime) -> dict[str, Any]:
    appointment = entry.appointment
    booking = {name: value for name, value in vars(appointment.booking).items() if name != "kind"}
    row = {
        "id": appointment.id,
        **booking,
        "type": appointment.booking.kind,
        "patient_name": entry.patient_name,
        "title": entry.title,
        "status": appointment.status,
        "status_reason": appointment.status_reason,
        "version": appointment.version,
        "created_at": appointment.created_at,
        "updated_at": appointment.updated_at,
    }
    return camel(_zoned(row, clinic_time))


def _zoned(row: Mapping[Any, Any], clinic_time: ClinicTime) -> dict[str, Any]:
    """The row with its instants at the clinic's offset."""
    return {k: clinic_time.shown(v) if isinstance(v, datetime) else v for k, v in row.items()}
