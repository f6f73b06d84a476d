"""Routes of the gaps: generate them by the week grid, delete those that nobody took."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from scheduling.adapters.sql import SqlWork
from scheduling.domain.diary import DiaryRules, Span
from scheduling.domain.gap import LONGEST_GENERATION
from scheduling.domain.week_grid import WeekGrid
from scheduling.http.messages import MESSAGES
from scheduling.http.moments import Moment
from scheduling.use_cases.gaps import create_empty_slots, delete_empty_slots
from shared_kernel.chassis.answers import json_response, respond, to_json
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.json_models import ApiModel
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import EVERYONE
from shared_kernel.chassis.unit_of_work import Answer, Transactions
from shared_kernel.errors import Invalid, Violation

Diary = Annotated[Call, Depends(permit(EVERYONE))]

PATH = "/api/appointment-gaps"


class GapRange(ApiModel):
    """A practitioner's time from `start` to `end`, which is not part of it; at most 31 days."""

    practitioner_id: UUID
    start: Moment
    end: Moment


class GapsGenerated(ApiModel):
    """How many gaps were made; why there are none."""

    count: int
    warning: str | None


class GapsDeleted(ApiModel):
    """How many gaps are gone."""

    count: int


def gap_routes(transactions: Transactions[SqlWork], default: WeekGrid, rules: DiaryRules) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("gaps")

    def window(body: GapRange) -> Span:
        return rules.window(body.start, body.end, LONGEST_GENERATION, ("start", "end"))

    @router.post(
        PATH + "/generate",
        status_code=201,
        response_model=GapsGenerated,
        responses={200: {"model": GapsGenerated, "description": "The week grid has no slot there"}},
    )
    async def generate(body: GapRange, call: Diary) -> Response:
        offered = window(body)

        def answer(count: int) -> Answer:
            warning = None if count else MESSAGES["no-slots-there"][call.locale]
            return Answer(201 if count else 200, to_json({"count": count, "warning": warning}), {})

        return respond(
            await transactions.answer(
                call,
                lambda work: create_empty_slots(
                    work, body.practitioner_id, offered, default, rules, call.now
                ),
                answer,
            )
        )

    @router.delete(PATH + "/delete-empty", response_model=GapsDeleted)
    async def delete_empty(
        call: Diary,
        body: GapRange | None = None,
        start: Moment | None = None,
        end: Moment | None = None,
        practitioner_id: Annotated[UUID | None, Query(alias="practitionerId")] = None,
    ) -> Response:
        wanted = body or _in_address(practitioner_id, start, end)
        cleared = window(wanted)
        count = await transactions.run(
            call, lambda work: delete_empty_slots(work, wanted.practitioner_id, cleared)
        )
        return json_response({"count": count})

    return router


def _in_address(practitioner_id: UUID | None, start: Moment | None, end: Moment | None) -> GapRange:
    asked = {"practitionerId": practitioner_id, "start": start, "end": end}
    if practitioner_id is None or start is None or end is None:
        raise Invalid(*(Violation(name, "required") for name, value in asked.items() if value is None))
    return GapRange.model_construct(practitioner_id=practitioner_id, start=start, end=end)
