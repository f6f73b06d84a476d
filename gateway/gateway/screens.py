"""Answers that need several parts of the clinic at once: the figures, the changes, the health, the API."""

from operator import itemgetter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from gateway.openapi import WholeApi
from gateway.parts import Parts
from gateway.routes import PARTS, Destination
from shared_kernel.chassis.answers import json_response, newest_first_view
from shared_kernel.chassis.audit import Asked, AuditEntry
from shared_kernel.chassis.json_models import Collection
from shared_kernel.errors import NotAllowed

_PASSED_ON = ("authorization", "accept-language", "x-app-locale")
_STATS = {
    Destination.PATIENTS: "/api/stats/patients",
    Destination.SCHEDULING: "/api/stats/appointments",
    Destination.BILLING: "/api/stats/invoices",
}


class Screen(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class DashboardStats(Screen):
    """A figure is null when the caller may not see it, or when its owner is `unavailable`."""

    total_patients: int | None
    appointments_today: int | None
    others_today: int | None
    invoices_this_year: int | None
    revenue_this_month: str | None
    unavailable: list[str]


class AuditTrail(Collection[AuditEntry]):
    """The changes of a part that is `unavailable` are missing; the rest is there."""

    unavailable: list[str]


class Health(Screen):
    status: Literal["ok"]


class Readiness(Screen):
    """`parts` holds each part's own account of its database, its courier and its event lag."""

    status: Literal["ok", "degraded"]
    parts: dict[str, dict[str, Any]]


async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


async def _whole_api(request: Request) -> WholeApi:
    whole: WholeApi = request.app.state.whole_api
    return whole


AskedParts = Annotated[Parts, Depends(_parts)]

router = APIRouter()
test_router = APIRouter(include_in_schema=False)


@router.get("/api/dashboard/stats")
async def dashboard_stats(request: Request, parts: AskedParts) -> DashboardStats:
    """The figures of the day, each asked of its owner with the caller's own rights."""
    replies = await parts.ask(_STATS, _on_behalf_of(request))
    figures = {name: value for reply in replies if reply.succeeded for name, value in reply.body.items()}
    return DashboardStats(
        total_patients=figures.get("totalPatients"),
        appointments_today=figures.get("appointmentsToday"),
        others_today=figures.get("othersToday"),
        invoices_this_year=figures.get("invoicesThisYear"),
        revenue_this_month=figures.get("revenueThisMonth"),
        unavailable=[reply.part for reply in replies if not (reply.succeeded or reply.refused)],
    )


@router.get("/api/audit-trail", response_model=AuditTrail)
async def audit_trail(request: Request, parts: AskedParts, asked: Asked) -> Response:
    """Who changed what in the whole clinic, the newest first: each part's own newest, put in order."""
    path = f"{request.url.path}?{request.url.query}"
    replies = await parts.ask(dict.fromkeys(PARTS, path), _on_behalf_of(request))
    if any(reply.refused for reply in replies):
        raise NotAllowed
    told = [reply.body for reply in replies if reply.succeeded]
    entries = sorted((one for body in told for one in body["member"]), key=itemgetter("id"), reverse=True)
    page = entries[: asked.size]
    more = len(entries) > len(page) or any(body["view"]["next"] for body in told)
    return json_response(
        {
            "member": page,
            "totalItems": sum(body["totalItems"] for body in told),
            "totalItemsExact": all(body["totalItemsExact"] for body in told),
            "view": newest_first_view(request, page[-1]["id"] if more and page else None),
            "unavailable": [reply.part for reply in replies if not reply.succeeded],
        }
    )


@router.get("/api/health")
async def health() -> Health:
    """Alive; says nothing about the parts behind."""
    return Health(status="ok")


@router.get("/api/health/ready", responses={503: {"model": Readiness}})
async def ready(response: Response, parts: AskedParts) -> Readiness:
    """Each part's readiness, for the operators' token or an admin's."""
    replies = await parts.ask(dict.fromkeys(PARTS, "/health/ready"), {})
    healthy = all(reply.succeeded for reply in replies)
    response.status_code = 200 if healthy else 503
    return Readiness(
        status="ok" if healthy else "degraded",
        parts={reply.part: reply.body or {"status": "unavailable"} for reply in replies},
    )


@router.get("/api/docs.json")
async def docs(whole: Annotated[WholeApi, Depends(_whole_api)]) -> dict[str, Any]:
    """The OpenAPI description of the whole clinic."""
    return await whole.document()


@test_router.post("/api/test/{reset}", status_code=204)
async def reset_every_part(request: Request, parts: AskedParts) -> Response:
    """Puts every part back to its beginning. Only a clinic under test has it."""
    replies = await parts.ask(dict.fromkeys(PARTS, request.url.path), _on_behalf_of(request), "POST")
    return Response(status_code=204 if all(reply.succeeded for reply in replies) else 503)


def _on_behalf_of(request: Request) -> dict[str, str]:
    return {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
