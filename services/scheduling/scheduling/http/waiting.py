"""Routes of the waiting list: who waits, whom free time would suit, and booking from the list."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from scheduling.adapters.sql import SqlWork
from scheduling.domain.diary import DiaryRules
from scheduling.domain.waiting import Opening, WaitingStatus, Wish, since_midnight, status_on
from scheduling.domain.week_grid import WEEKDAYS
from scheduling.http.appointments import CatchUp, entry_shown, once_known
from scheduling.http.calendar import PATH as APPOINTMENTS
from scheduling.http.calendar import AppointmentOutput
from scheduling.http.moments import Moment, zoned
from scheduling.http.series import Weekday
from scheduling.queries import waiting as queries
from scheduling.use_cases.waiting import (
    Waiter,
    add_to_waiting_list,
    book_from_waiting_list,
    change_waiting,
    withdraw,
)
from shared_kernel.chassis.answers import (
    camel,
    changed,
    collection,
    created,
    versioned,
    whole_collection,
)
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, Day, Line, Lines
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import EVERYONE
from shared_kernel.chassis.unit_of_work import Answer, Transactions

Diary = Annotated[Call, Depends(permit(EVERYONE))]

PATH = "/api/waiting-list"

_LONGEST_OPENING = timedelta(days=1)


class WaitingFilter(StrEnum):
    """In what state those are who are listed."""

    WAITING = WaitingStatus.WAITING.value
    BOOKED = WaitingStatus.BOOKED.value
    WITHDRAWN = WaitingStatus.WITHDRAWN.value
    EXPIRED = WaitingStatus.EXPIRED.value
    ALL = "all"

    @property
    def state(self) -> WaitingStatus | None:
        """None for all."""
        return None if self is WaitingFilter.ALL else WaitingStatus(self.value)


class WaitingInput(ApiModel):
    """Who waits for what: without a practitioner anybody's time will do; hours as the clinic's clock shows
    them, `to` at the latest `24:00`; `until` is the last day on which a place is still wanted."""

    patient_id: UUID
    practitioner_id: UUID | None = None
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    starts: Annotated[str, Line(5)] = Field(alias="from")
    ends: Annotated[str, Line(5)] = Field(alias="to")
    minutes: Annotated[int, Field(ge=5, le=1440)]
    until: Day | None = None
    notes: Annotated[str | None, Lines(2000)] = None

    def wish(self, seen: Wish | None) -> Wish:
        """In the words of the domain. Raises Invalid."""
        return Wish(**self._wished(set(WaitingInput.model_fields)))

    def _wished(self, names: set[str]) -> dict[str, Any]:
        words: dict[str, Callable[[Any], object]] = {
            "weekdays": lambda names: frozenset(WEEKDAYS.index(name) for name in names),
            "starts": lambda moment: since_midnight(moment, "from"),
            "ends": lambda moment: since_midnight(moment, "to"),
        }
        sent = {name: getattr(self, name) for name in names & set(WaitingInput.model_fields)}
        return {name: words[name](value) if name in words else value for name, value in sent.items()}


class WaitingPatch(WaitingInput):
    """The fields to change; those not sent stay (RFC 7396). The status `waiting` puts somebody back who was
    booked or did not want to wait any more."""

    patient_id: UUID = UUID(int=0)
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = Field(default_factory=list)
    starts: Annotated[str, Line(5)] = Field(default="", alias="from")
    ends: Annotated[str, Line(5)] = Field(default="", alias="to")
    minutes: Annotated[int, Field(ge=5, le=1440)] = 5
    status: Literal["waiting"] | None = None

    def wish(self, seen: Wish | None) -> Wish:
        """What was sent, laid over what there is."""
        assert seen is not None  # noqa: S101 - only what exists is patched
        return replace(seen, **self._wished(self.model_fields_set))


class PlaceInput(ApiModel):
    """Where somebody who waited is booked; for as long as was wished for."""

    practitioner_id: UUID
    starts_at: Moment


class WaitingOutput(ApiModel):
    """Who waits for what, whom to call, and what became of it. `expired`: `until` is past."""

    id: UUID
    patient_id: UUID
    patient_name: str | None
    phone: str | None
    practitioner_id: UUID | None
    weekdays: list[Weekday]
    starts: str = Field(alias="from")
    ends: str = Field(alias="to")
    minutes: int
    until: date | None
    notes: str | None
    status: WaitingStatus
    appointment_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime


def waiting_list_routes(database: Database, rules: DiaryRules) -> APIRouter:
    """The routes that look, on the adapter they are given."""
    router = routes("waiting list")
    clinic_time = rules.clinic_time

    def shown(row: Mapping[Any, Any], today: date) -> dict[str, Any]:
        status = status_on(today, WaitingStatus(row["status"]), row["until"])
        return zoned({**row, "weekdays": row["weekdays"].split(","), "status": status}, clinic_time)

    @router.get(PATH, response_model=Collection[WaitingOutput])
    async def list_waiting(
        request: Request,
        call: Diary,
        wish: Paged,
        status: WaitingFilter = WaitingFilter.WAITING,
        practitioner_id: Annotated[UUID | None, Query(alias="practitionerId")] = None,
        patient_id: Annotated[UUID | None, Query(alias="patientId")] = None,
    ) -> Response:
        today = clinic_time.today(call.now)
        async with database.reading() as connection:
            listed = await queries.listed_waiting(
                connection, status.state, practitioner_id, patient_id, today, wish
            )
        return collection(request, replace(listed, rows=[shown(row, today) for row in listed.rows]), wish)

    @router.get(PATH + "/matches", response_model=Collection[WaitingOutput])
    async def list_matches(
        request: Request,
        call: Diary,
        practitioner_id: Annotated[UUID, Query(alias="practitionerId")],
        starts_at: Annotated[Moment, Query(alias="startsAt")],
        ends_at: Annotated[Moment, Query(alias="endsAt")],
    ) -> Response:
        window = rules.window(starts_at, ends_at, _LONGEST_OPENING, ("startsAt", "endsAt"))
        today = clinic_time.today(call.now)
        opening = Opening.at(practitioner_id, window, clinic_time)
        async with database.reading() as connection:
            rows = await queries.matches(connection, opening, today)
        return whole_collection(request, [shown(row, today) for row in rows])

    @router.get(PATH + "/{entry_id}", response_model=WaitingOutput)
    async def get_waiting(entry_id: UUID, call: Diary) -> Response:
        async with database.reading() as connection:
            row = await queries.waiting_entry(connection, entry_id)
        return versioned(camel(shown(row, clinic_time.today(call.now))))

    return router


def waiting_routes(transactions: Transactions[SqlWork], rules: DiaryRules, catch_up: CatchUp) -> APIRouter:
    """The routes that change something, on the adapters they are given."""
    router = routes("waiting list")

    @router.post(PATH, status_code=201, response_model=WaitingOutput)
    async def add_waiting(body: WaitingInput, call: Diary) -> Response:
        async def added() -> Answer:
            return await transactions.answer(
                call,
                lambda work: add_to_waiting_list(work, body.wish(None), rules, call.now),
                lambda waiter: created(PATH, _answered(waiter, rules, call.now)),
            )

        return await once_known(added, catch_up)

    @router.put(PATH + "/{entry_id}", response_model=WaitingOutput)
    async def replace_waiting(entry_id: UUID, body: WaitingInput, call: Diary) -> Response:
        return await _change(entry_id, body.wish, False, call.version(), call)

    @router.patch(PATH + "/{entry_id}", response_model=WaitingOutput)
    async def merge_waiting(entry_id: UUID, body: WaitingPatch, call: Diary) -> Response:
        return await _change(entry_id, body.wish, body.status is not None, call.if_match, call)

    async def _change(
        entry_id: UUID, wish: Callable[[Wish], Wish], again: bool, seen: int | None, call: Call
    ) -> Response:
        async def changing() -> Answer:
            return await transactions.answer(
                call,
                lambda work: change_waiting(work, entry_id, seen, wish, again, rules, call.now),
                lambda waiter: changed(_answered(waiter, rules, call.now)),
            )

        return await once_known(changing, catch_up)

    @router.delete(PATH + "/{entry_id}", status_code=204, response_class=Response)
    async def withdraw_waiting(entry_id: UUID, call: Diary) -> Response:
        await transactions.run(call, lambda work: withdraw(work, entry_id, call.if_match, call.now))
        return Response(status_code=204)

    @router.post(PATH + "/{entry_id}/booking", status_code=201, response_model=AppointmentOutput)
    async def book_waiting(entry_id: UUID, body: PlaceInput, call: Diary) -> Response:
        async def booked() -> Answer:
            return await transactions.answer(
                call,
                lambda work: book_from_waiting_list(
                    work, entry_id, call.if_match, body.practitioner_id, body.starts_at, rules, call.now
                ),
                lambda entry: created(APPOINTMENTS, entry_shown(entry, rules.clinic_time)),
            )

        return await once_known(booked, catch_up)

    return router


def _answered(waiter: Waiter, rules: DiaryRules, now: datetime) -> dict[str, Any]:
    entry, attendee = waiter.entry, waiter.attendee
    row = {
        "id": entry.id,
        **entry.face(),
        "patientName": attendee and attendee.full_name,
        "phone": attendee and attendee.phone,
        "notes": entry.wish.notes,
        "status": status_on(rules.clinic_time.today(now), entry.status, entry.wish.until),
        "version": entry.version,
        "createdAt": entry.created_at,
        "updatedAt": entry.updated_at,
    }
    return zoned(row, rules.clinic_time)
