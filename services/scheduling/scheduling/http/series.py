"""Routes of the series: check a plan of sessions, book it, change or cancel the rest of it."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import Response

from scheduling.adapters.sql import SqlWork
from scheduling.domain.appointment import Booking, Kind
from scheduling.domain.diary import DiaryRules
from scheduling.domain.series import MOST_SESSIONS, Alteration, Weekly
from scheduling.domain.week_grid import WEEKDAYS, WeekGrid
from scheduling.http.appointments import CatchUp, entry_shown, once_known
from scheduling.http.calendar import AppointmentOutput
from scheduling.http.moments import Moment
from scheduling.use_cases.series import Series, book_series, cancel_series, change_series, check_series
from shared_kernel.chassis.answers import respond, to_json
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.json_models import ApiModel, Day, Line, Lines
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import EVERYONE
from shared_kernel.chassis.unit_of_work import Answer, Transactions
from shared_kernel.errors import Invalid, Violation

Diary = Annotated[Call, Depends(permit(EVERYONE))]

PATH = "/api/series"

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Minutes = Annotated[int, Field(ge=5, le=1440, multiple_of=5)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5][05]$")]


class WeeklyInput(ApiModel):
    """`count` sessions on these weekdays at `at` (HH:MM), from the day `first` on."""

    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    at: Clock
    first: Day
    count: Annotated[int, Field(ge=1, le=MOST_SESSIONS)]


class SeriesInput(ApiModel):
    """A plan of sessions of one practitioner and one patient: each start by itself, or a weekly rule."""

    practitioner_id: UUID
    patient_id: UUID | None = None
    title: Annotated[str | None, Line(255)] = None
    type: Kind = Kind.APPOINTMENT
    notes: Annotated[str | None, Lines(2000)] = None
    minutes: Minutes
    starts_at: Annotated[list[Moment], Field(min_length=1, max_length=MOST_SESSIONS)] | None = None
    weekly: WeeklyInput | None = None

    def bookings(self, rules: DiaryRules) -> list[Booking]:
        """The sessions in the words of the domain. Raises Invalid."""
        return [
            Booking(
                practitioner_id=self.practitioner_id,
                patient_id=self.patient_id,
                title=self.title,
                all_day=False,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=self.minutes),
                kind=self.type,
                notes=self.notes,
            )
            for starts_at in self._instants(rules)
        ]

    def _instants(self, rules: DiaryRules) -> list[datetime]:
        if (self.starts_at is None) == (self.weekly is None):
            raise Invalid(Violation("startsAt", "starts-or-rule"))
        moments = self.starts_at or []
        if self.weekly is not None:
            rules.instant(datetime.combine(self.weekly.first, time(12)), "weekly.first")
            moments = _weekly(self.weekly).moments()
        return [rules.instant(moment, f"startsAt.{number}") for number, moment in enumerate(moments)]


class SeriesPatch(ApiModel):
    """What is to be different, from the appointment `since` on or for all that is still scheduled."""

    since: UUID | None = None
    practitioner_id: UUID | None = None
    title: Annotated[str | None, Line(255)] = None
    type: Kind | None = None
    notes: Annotated[str | None, Lines(2000)] = None
    at: Clock | None = None
    minutes: Minutes | None = None

    def alteration(self) -> Alteration:
        """The same in the words of the domain."""
        return Alteration(
            practitioner_id=self.practitioner_id,
            title=self.title,
            kind=self.type,
            notes=self.notes,
            at=None if self.at is None else time.fromisoformat(self.at),
            length=None if self.minutes is None else timedelta(minutes=self.minutes),
        )


class SeriesCancellation(ApiModel):
    """Why the rest will not take place, from the appointment `since` on or all of it."""

    reason: Annotated[str, Line(500)]
    since: UUID | None = None


class OccurrenceOutput(ApiModel):
    """One session: what is in its way, null for nothing, and the nearest start that is free instead."""

    starts_at: datetime
    ends_at: datetime
    conflict: dict[str, Any] | None
    instead: datetime | None


class CheckedSeries(ApiModel):
    """The sessions of a plan, in order of time. Refused plans show the same under `series`."""

    occurrences: list[OccurrenceOutput]


class SeriesOutput(ApiModel):
    """The sessions that were booked, changed or cancelled, in order of time."""

    id: UUID
    appointments: list[AppointmentOutput]


def series_routes(
    transactions: Transactions[SqlWork], default: WeekGrid, rules: DiaryRules, catch_up: CatchUp
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("series")

    def shown(series: Series) -> dict[str, Any]:
        entries = [entry_shown(entry, rules.clinic_time) for entry in series.entries]
        return {"id": series.id, "appointments": entries}

    def changed(series: Series) -> Answer:
        return Answer(200, to_json(shown(series)), {})

    @router.post(PATH + "/check", response_model=CheckedSeries)
    async def check_plan(body: SeriesInput, call: Diary) -> Response:
        async def checked() -> Answer:
            found = await transactions.run(
                call, lambda work: check_series(work, body.bookings(rules), default, rules, call.now)
            )
            occurrences = [occurrence.shown(rules.clinic_time) for occurrence in found]
            return Answer(200, to_json({"occurrences": occurrences}), {})

        return await once_known(checked, catch_up)

    @router.post(PATH, status_code=201, response_model=SeriesOutput)
    async def book_plan(body: SeriesInput, call: Diary) -> Response:
        async def booked() -> Answer:
            return await transactions.answer(
                call,
                lambda work: book_series(work, body.bookings(rules), default, rules, call.now),
                lambda series: Answer(201, to_json(shown(series)), {}),
            )

        return await once_known(booked, catch_up)

    @router.patch(PATH + "/{series_id}", response_model=SeriesOutput)
    async def alter(series_id: UUID, body: SeriesPatch, call: Diary) -> Response:
        altered = body.alteration()
        answer = await transactions.answer(
            call,
            lambda work: change_series(work, series_id, body.since, altered, default, rules, call.now),
            changed,
        )
        return respond(answer)

    @router.post(PATH + "/{series_id}/cancellation", response_model=SeriesOutput)
    async def call_off(series_id: UUID, body: SeriesCancellation, call: Diary) -> Response:
        answer = await transactions.answer(
            call,
            lambda work: cancel_series(work, series_id, body.since, body.reason, call.now),
            changed,
        )
        return respond(answer)

    return router


def _weekly(rule: WeeklyInput) -> Weekly:
    weekdays = frozenset(WEEKDAYS.index(weekday) for weekday in rule.weekdays)
    return Weekly(weekdays, time.fromisoformat(rule.at), rule.first, rule.count)
