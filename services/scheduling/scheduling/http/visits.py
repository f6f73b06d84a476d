"""Routes for patients: what the link in a reminder opens, without signing in. Looking changes nothing, for
mail scanners open links too."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from scheduling.adapters.sql import SqlWork
from scheduling.domain.appointment import Status
from scheduling.domain.visit import LONGEST_REASON, Visit, VisitLinks
from scheduling.http.moments import zoned
from scheduling.queries import reminders as queries
from scheduling.use_cases.visits import call_off_visit, confirm_visit
from shared_kernel.chassis.answers import camel, json_response
from shared_kernel.chassis.calls import Call, call_of
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Line
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import Caller
from shared_kernel.chassis.settings import Locale
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.clinic_time import ClinicTime

PATH = "/api/visits/{token}"

_PATIENT = Caller(id="patient", name="", roles=frozenset(), session_id=None, expires_at=0.0)

_WITHOUT_A_REASON: Mapping[Locale, str] = {
    "en": "Cancelled by the patient by the link in the reminder.",
    "es": "Anulada por el paciente con el enlace del recordatorio.",
}


class VisitOutput(ApiModel):
    """The visit the link is about, with the clinic's offset; nobody is named but the practitioner."""

    starts_at: datetime
    ends_at: datetime
    all_day: bool
    practitioner_name: str
    status: Status
    confirmed_at: datetime | None
    language: Locale


class VisitCancellationInput(ApiModel):
    """Why she will not come, if she wants to say."""

    reason: Annotated[str | None, Line(LONGEST_REASON)] = None


async def _anyone(request: Request) -> Call:
    return await call_of(request, _PATIENT)


Anyone = Annotated[Call, Depends(_anyone)]
"""Whoever has the link; in the log she is `patient`."""


def visit_routes(
    transactions: Transactions[SqlWork],
    database: Database,
    links: VisitLinks,
    clinic_time: ClinicTime,
    locale: Locale,
) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("visits")

    @router.get(PATH, response_model=VisitOutput)
    async def see_visit(token: str, call: Anyone) -> Response:
        return await _answer(links.read(token, call.now), call)

    @router.post(PATH + "/confirmation", response_model=VisitOutput)
    async def confirm(token: str, call: Anyone) -> Response:
        visit = links.read(token, call.now)
        return await _change(visit, call, lambda work: confirm_visit(work, visit, call.now))

    @router.post(PATH + "/cancellation", response_model=VisitOutput)
    async def cancel_visit(token: str, call: Anyone, body: VisitCancellationInput | None = None) -> Response:
        visit = links.read(token, call.now)
        reason = (body and body.reason) or _WITHOUT_A_REASON[locale]
        return await _change(visit, call, lambda work: call_off_visit(work, visit, reason, call.now))

    async def _change(visit: Visit, call: Call, change: Callable[[SqlWork], Awaitable[None]]) -> Response:
        await transactions.run(call, change)
        return await _answer(visit, call)

    async def _answer(visit: Visit, call: Call) -> Response:
        async with database.reading() as connection:
            row = await queries.visit(connection, visit, locale, call.now)
        return json_response(camel(zoned(row, clinic_time)))

    return router
