"""Routes by which appointments are booked, changed, cancelled and deleted."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from scheduling.adapters.sql import SqlWork
from scheduling.domain.appointment import Booking, DiaryEntry, Kind, Revision, Status
from scheduling.domain.diary import DiaryRules
from scheduling.domain.people import PatientInactive, UnknownPeople
from scheduling.http.calendar import PATH, AppointmentOutput
from scheduling.http.moments import ABSENT, Moment, zoned
from scheduling.use_cases.booking import (
    book_appointment,
    cancel_appointment,
    change_appointment,
    delete_appointment,
)
from shared_kernel.chassis.answers import (
    camel,
    changed,
    created,
    respond,
)
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.json_models import ApiModel, Flag, Line, Lines
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import EVERYONE, Role
from shared_kernel.chassis.unit_of_work import Answer, Transactions
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import NotAllowed

Diary = Annotated[Call, Depends(permit(EVERYONE))]
CatchUp = Callable[[], Awaitable[None]]
"""Bring the pictures of other contexts up to date as far as their owners can be reached."""

DESK = frozenset({Role.RECEPTIONIST, Role.USER, Role.ADMIN})
"""Who may overbook on purpose."""


class OverbookInput(ApiModel):
    """On purpose over what is in the way; the reason is kept and shown."""

    reason: Annotated[str, Line(500)]


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
    overbook: OverbookInput | None = None

    def booking(self) -> Booking:
        """The same in the words of the domain."""
        return Booking(**self._booked(set(AppointmentInput.model_fields)))

    def overbook_reason(self, call: Call) -> str | None:
        """Why to overbook, None not to. Raises NotAllowed."""
        if self.overbook is None:
            return None
        if not call.caller.may(DESK):
            raise NotAllowed
        return self.overbook.reason

    def _booked(self, names: set[str]) -> dict[str, Any]:
        wanted = names & set(AppointmentInput.model_fields) - {"overbook"}
        return {"kind" if name == "type" else name: getattr(self, name) for name in wanted}


class AppointmentReplacement(AppointmentInput):
    """An appointment as it is to be. What became of it stays as it is unless that is sent too."""

    status: Status | None = None
    status_reason: Annotated[str | None, Line(500)] = None

    def revised(self, seen: Revision) -> Revision:
        """What was sent, in place of what there is."""
        return self._with_status(seen, self.booking())

    def _with_status(self, seen: Revision, booking: Booking) -> Revision:
        status = self.status or seen.status
        if "status_reason" in self.model_fields_set:
            return Revision(booking, status, self.status_reason)
        return Revision(booking, status, seen.status_reason if status is seen.status else None)


class AppointmentPatch(AppointmentReplacement):
    """The fields to change; those not sent stay (RFC 7396). A status alone says what became of it."""

    practitioner_id: UUID = UUID(int=0)
    starts_at: Moment = ABSENT
    ends_at: Moment = ABSENT

    def revised(self, seen: Revision) -> Revision:
        """What was sent, laid over what there is."""
        return self._with_status(seen, replace(seen.booking, **self._booked(self.model_fields_set)))


class CancellationInput(ApiModel):
    """Why it will not take place."""

    reason: Annotated[str, Line(500)]


def appointment_routes(
    transactions: Transactions[SqlWork], rules: DiaryRules, catch_up: CatchUp
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("appointments")
    clinic_time = rules.clinic_time

    @router.post(PATH, status_code=201, response_model=AppointmentOutput)
    async def book(body: AppointmentInput, call: Diary) -> Response:
        overbook = body.overbook_reason(call)

        async def booked() -> Answer:
            return await transactions.answer(
                call,
                lambda work: book_appointment(work, body.booking(), rules, call.now, overbook),
                lambda entry: created(PATH, entry_shown(entry, clinic_time)),
            )

        return await once_known(booked, catch_up)

    @router.put(PATH + "/{appointment_id}", response_model=AppointmentOutput)
    async def replace_appointment(
        appointment_id: UUID, body: AppointmentReplacement, call: Diary
    ) -> Response:
        return await _change(appointment_id, body, call.version(), call)

    @router.patch(PATH + "/{appointment_id}", response_model=AppointmentOutput)
    async def merge_appointment(appointment_id: UUID, body: AppointmentPatch, call: Diary) -> Response:
        return await _change(appointment_id, body, call.if_match, call)

    async def _change(
        appointment_id: UUID, body: AppointmentReplacement, seen: int | None, call: Call
    ) -> Response:
        overbook = body.overbook_reason(call)

        async def changing() -> Answer:
            return await transactions.answer(
                call,
                lambda work: change_appointment(
                    work, appointment_id, seen, body.revised, rules, call.now, overbook
                ),
                lambda entry: changed(entry_shown(entry, clinic_time)),
            )

        return await once_known(changing, catch_up)

    @router.delete(PATH + "/{appointment_id}", status_code=204, response_class=Response)
    async def remove_appointment(appointment_id: UUID, call: Diary) -> Response:
        await transactions.run(
            call, lambda work: delete_appointment(work, appointment_id, call.if_match, call.now)
        )
        return Response(status_code=204)

    @router.post(PATH + "/{appointment_id}/cancellation", response_model=AppointmentOutput)
    async def cancel(appointment_id: UUID, body: CancellationInput, call: Diary) -> Response:
        answer = await transactions.answer(
            call,
            lambda work: cancel_appointment(work, appointment_id, call.if_match, body.reason, call.now),
            lambda entry: changed(entry_shown(entry, clinic_time)),
        )
        return respond(answer)

    return router


async def once_known(answering: Callable[[], Awaitable[Answer]], catch_up: CatchUp) -> Response:
    """The answer; whoever was registered or made active a moment ago may not have been heard of yet, so that
    it is tried again when the owners have been asked."""
    try:
        return respond(await answering())
    except (UnknownPeople, PatientInactive):
        await catch_up()
    return respond(await answering())


def entry_shown(entry: DiaryEntry, clinic_time: ClinicTime) -> dict[str, Any]:
    """An appointment as answered."""
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
        "overbook_reason": appointment.overbook_reason,
        "series_id": appointment.series_id,
        "confirmed_at": appointment.confirmed_at,
        "version": appointment.version,
        "created_at": appointment.created_at,
        "updated_at": appointment.updated_at,
    }
    return camel(zoned(row, clinic_time))
