"""Routes of the working hours: week grids, time off, and what can still be booked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from scheduling.adapters.sql import SqlWork
from scheduling.domain.diary import DiaryRules
from scheduling.domain.time_off import Leave, TimeOff
from scheduling.domain.week_grid import MOST_SLOTS, WEEKDAYS, WeekGrid
from scheduling.http.moments import ABSENT, Moment, zoned
from scheduling.queries import working_hours as queries
from scheduling.use_cases.working_hours import (
    change_time_off,
    change_week_grid,
    delete_time_off,
    plan_time_off,
)
from shared_kernel.chassis.answers import (
    camel,
    changed,
    collection,
    created,
    respond,
    versioned,
    whole_collection,
)
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, Flag, Line
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS, EVERYONE, Role
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import NotAllowed

Diary = Annotated[Call, Depends(permit(EVERYONE))]
PLANNERS = frozenset({Role.RECEPTIONIST, Role.USER, Role.ADMIN})
"""Who may plan time off for anybody and for the whole clinic. Practitioners plan their own."""

TIME_OFF = "/api/time-off"
WEEK_GRID = "/api/practitioners/{practitioner_id}/week-grid"

_LONGEST_SEARCH = timedelta(days=92)

_DEFAULT_VERSION = 1
"""Of a week that nobody has saved yet: tags of versions begin at 1."""

Entries = Annotated[list[Annotated[str, Line(20)]], Field(max_length=MOST_SLOTS)]
"""Slots of a day, each like `09:00-10:00`."""


class WeekGridInput(ApiModel):
    """The slots of each weekday; a day without any is closed."""

    monday: Entries = Field(default_factory=list)
    tuesday: Entries = Field(default_factory=list)
    wednesday: Entries = Field(default_factory=list)
    thursday: Entries = Field(default_factory=list)
    friday: Entries = Field(default_factory=list)
    saturday: Entries = Field(default_factory=list)
    sunday: Entries = Field(default_factory=list)


class WeekGridOutput(ApiModel):
    """A practitioner's week; version 1 is the clinic's default."""

    practitioner_id: UUID
    monday: list[str]
    tuesday: list[str]
    wednesday: list[str]
    thursday: list[str]
    friday: list[str]
    saturday: list[str]
    sunday: list[str]
    version: int


class TimeOffInput(ApiModel):
    """Who is away, when and why. Without a practitioner the whole clinic is closed. Whole days go from that
    of `startsAt` to that of `endsAt`; an end at midnight leaves that day out."""

    practitioner_id: UUID | None = None
    title: Annotated[str | None, Line(255)] = None
    all_day: Flag = False
    starts_at: Moment
    ends_at: Moment

    def leave(self, seen: Leave | None) -> Leave:
        """In the words of the domain."""
        return Leave(**{name: getattr(self, name) for name in TimeOffInput.model_fields})


class TimeOffPatch(TimeOffInput):
    """The fields to change; those not sent stay (RFC 7396)."""

    starts_at: Moment = ABSENT
    ends_at: Moment = ABSENT

    def leave(self, seen: Leave | None) -> Leave:
        """What was sent, laid over what there is."""
        assert seen is not None  # noqa: S101 - only what exists is patched
        return replace(seen, **{name: getattr(self, name) for name in self.model_fields_set})


class TimeOffOutput(ApiModel):
    """Time off, with the clinic's offset."""

    id: UUID
    practitioner_id: UUID | None
    title: str | None
    all_day: bool
    starts_at: datetime
    ends_at: datetime
    version: int
    created_at: datetime
    updated_at: datetime


class FreeStart(ApiModel):
    """When a practitioner could be booked."""

    practitioner_id: UUID
    starts_at: datetime
    ends_at: datetime


def week_grid_routes(transactions: Transactions[SqlWork], database: Database, default: WeekGrid) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("week grids")

    @router.get(WEEK_GRID, response_model=WeekGridOutput)
    async def get_week_grid(practitioner_id: UUID, call: Diary) -> Response:
        async with database.reading() as connection:
            grid, version = await queries.week_grid(connection, practitioner_id, default)
        return versioned(_week(practitioner_id, grid, version))

    @router.put(WEEK_GRID, response_model=WeekGridOutput)
    async def replace_week_grid(practitioner_id: UUID, body: WeekGridInput, call: Diary) -> Response:
        if not call.caller.may(ADMINS) and call.caller.id != str(practitioner_id):
            raise NotAllowed
        seen = call.version()
        stored = None if seen is None else seen - _DEFAULT_VERSION
        grid = WeekGrid.build({weekday: getattr(body, weekday) for weekday in WEEKDAYS})
        answer = await transactions.answer(
            call,
            lambda work: change_week_grid(work, practitioner_id, stored, grid, default),
            lambda week: changed(_week(week.id, week.grid, week.version)),
        )
        return respond(answer)

    return router


def time_off_routes(transactions: Transactions[SqlWork], database: Database, rules: DiaryRules) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("time off")
    clinic_time = rules.clinic_time

    @router.post(TIME_OFF, status_code=201, response_model=TimeOffOutput)
    async def plan_leave(body: TimeOffInput, call: Diary) -> Response:
        leave = _permitted(call, body.leave(None))
        answer = await transactions.answer(
            call,
            lambda work: plan_time_off(work, leave, rules, call.now),
            lambda time_off: created(TIME_OFF, _time_off(time_off, clinic_time)),
        )
        return respond(answer)

    @router.get(TIME_OFF, response_model=Collection[TimeOffOutput])
    async def list_time_off(
        request: Request,
        call: Diary,
        wish: Paged,
        start: Moment | None = None,
        end: Moment | None = None,
        practitioner_id: Annotated[UUID | None, Query(alias="practitionerId")] = None,
    ) -> Response:
        bounds = (
            (None if start is None else rules.instant(start, "start")),
            (None if end is None else rules.instant(end, "end")),
        )
        async with database.reading() as connection:
            listed = await queries.listed_times_off(connection, *bounds, practitioner_id, wish)
        return collection(
            request, replace(listed, rows=[zoned(row, clinic_time) for row in listed.rows]), wish
        )

    @router.get(TIME_OFF + "/{time_off_id}", response_model=TimeOffOutput)
    async def get_time_off(time_off_id: UUID, call: Diary) -> Response:
        async with database.reading() as connection:
            row = await queries.time_off(connection, time_off_id)
        return versioned(camel(zoned(row, clinic_time)))

    @router.put(TIME_OFF + "/{time_off_id}", response_model=TimeOffOutput)
    async def replace_time_off(time_off_id: UUID, body: TimeOffInput, call: Diary) -> Response:
        return await _change(time_off_id, body.leave, call.version(), call)

    @router.patch(TIME_OFF + "/{time_off_id}", response_model=TimeOffOutput)
    async def merge_time_off(time_off_id: UUID, body: TimeOffPatch, call: Diary) -> Response:
        return await _change(time_off_id, body.leave, call.if_match, call)

    async def _change(
        time_off_id: UUID, leave: Callable[[Leave], Leave], seen: int | None, call: Call
    ) -> Response:
        def change(time_off: TimeOff) -> Leave:
            return _permitted(call, leave(_permitted(call, time_off.leave)))

        answer = await transactions.answer(
            call,
            lambda work: change_time_off(work, time_off_id, seen, change, rules, call.now),
            lambda time_off: changed(_time_off(time_off, clinic_time)),
        )
        return respond(answer)

    @router.delete(TIME_OFF + "/{time_off_id}", status_code=204, response_class=Response)
    async def remove_time_off(time_off_id: UUID, call: Diary) -> Response:
        await transactions.run(
            call,
            lambda work: delete_time_off(
                work, time_off_id, call.if_match, lambda time_off: _permitted(call, time_off.leave)
            ),
        )
        return Response(status_code=204)

    return router


def availability_routes(database: Database, default: WeekGrid, rules: DiaryRules, usual: int) -> APIRouter:
    """The route, on the adapter it is given. `usual` is how many minutes an appointment takes unless said."""
    router = routes("availability")

    @router.get("/api/availability", response_model=Collection[FreeStart])
    async def list_free_starts(
        request: Request,
        call: Diary,
        start: Annotated[Moment | None, Query(alias="from")] = None,
        end: Annotated[Moment | None, Query(alias="to")] = None,
        practitioner_id: Annotated[UUID | None, Query(alias="practitionerId")] = None,
        minutes: Annotated[int, Query(ge=5, le=1440)] = usual,
    ) -> Response:
        window = rules.window(start, end, _LONGEST_SEARCH, ("from", "to"))
        length = rules.length(minutes, "minutes")
        async with database.reading() as connection:
            free = await queries.availability(
                connection, practitioner_id, window, length, default, rules.clinic_time
            )
        return whole_collection(request, [zoned(row, rules.clinic_time) for row in free])

    return router


def _permitted(call: Call, leave: Leave) -> Leave:
    """The same, if the caller may say when these people are away. Raises NotAllowed."""
    if not call.caller.may(PLANNERS) and call.caller.id != str(leave.practitioner_id):
        raise NotAllowed
    return leave


def _week(practitioner_id: UUID, grid: WeekGrid, version: int) -> dict[str, Any]:
    return {"practitionerId": practitioner_id, **grid.entries(), "version": version + _DEFAULT_VERSION}


def _time_off(time_off: TimeOff, clinic_time: ClinicTime) -> dict[str, Any]:
    row = {
        "id": time_off.id,
        **vars(time_off.leave),
        "version": time_off.version,
        "created_at": time_off.created_at,
        "updated_at": time_off.updated_at,
    }
    return camel(zoned(row, clinic_time))
