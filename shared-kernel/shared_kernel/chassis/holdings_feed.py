"""What a service holds about a patient, for the one that makes her copy of it all."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from shared_kernel.chassis.answers import json_response
from shared_kernel.chassis.calls import services_only
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.requests import routes
from shared_kernel.holdings import Holdings

ReadHoldings = Callable[[AsyncConnection, UUID, datetime], Awaitable[Holdings]]
"""(connection, patient, now) → all that this context holds about her."""


def holdings_feed(database: Database, read: ReadHoldings) -> APIRouter:
    """`GET /internal/patients/{id}/holdings`: for service tokens alone; the gateway never passes it on."""
    router = routes("holdings")

    @router.get(
        "/internal/patients/{patient_id}/holdings",
        include_in_schema=False,
        dependencies=[Depends(services_only)],
    )
    async def holdings(patient_id: UUID) -> Response:
        async with database.reading() as connection:
            held = await read(connection, patient_id, datetime.now(UTC))
        return json_response(held.plain())

    return router
