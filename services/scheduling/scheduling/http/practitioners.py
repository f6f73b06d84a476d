"""Route of the practitioners: who can be booked, and in which colour."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from scheduling.queries import diary as queries
from shared_kernel.chassis.answers import whole_collection
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import EVERYONE

Diary = Annotated[Call, Depends(permit(EVERYONE))]


class PractitionerOutput(ApiModel):
    """A practitioner. One who is not active stays in the diary but cannot be booked."""

    id: UUID
    name: str
    colour: str
    initials: str
    active: bool


def practitioner_routes(database: Database) -> APIRouter:
    """The route, on the adapter it is given."""
    router = routes("practitioners")

    @router.get("/api/practitioners", response_model=Collection[PractitionerOutput])
    async def list_practitioners(request: Request, call: Diary) -> Response:
        async with database.reading() as connection:
            rows = await queries.listed_practitioners(connection)
        return whole_collection(request, [dict(row) for row in rows])

    return router
