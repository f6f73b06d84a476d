"""The log as other services may read it: the sure way to hear what a stream did not bring."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from shared_kernel.chassis import event_store
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.requests import routes


def event_feed(database: Database) -> APIRouter:
    """`GET /internal/events`: for service tokens alone; the gateway never passes it on."""
    router = routes("events")

    @router.get("/internal/events", include_in_schema=False)
    async def events(
        after: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> dict[str, Any]:
        async with database.reading() as connection:
            return {
                "hashBehind": await event_store.hash_at(connection, after),
                "events": await event_store.events_after(connection, after, limit),
                "head": await event_store.head_of(connection),
            }

    return router
