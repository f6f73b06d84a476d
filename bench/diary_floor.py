"""The bare floor of a diary: Starlette and the fewest statements, without slots, gaps, log or audit.

It refuses an overlap by looking first, which keeps nobody from booking twice who looks at the same time."""

import os
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy import func, insert, or_, select, update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scheduling.adapters.tables import appointments, attendees
from shared_kernel.chassis.database import Database

_HOUR = timedelta(hours=1)


def create_app() -> Starlette:
    """Reads SCHEDULING_DATABASE_URL, as the service does."""
    database = Database(os.environ["SCHEDULING_DATABASE_URL"])

    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        yield
        await database.close()

    async def week(request: Request) -> Response:
        return await listed(request, appointments.c.starts_at >= _moment(request.query_params["start"]))

    async def availability(request: Request) -> Response:
        return await listed(request, appointments.c.practitioner_id == UUID(request.query_params["who"]))

    async def listed(request: Request, wanted: Any) -> Response:
        start, end = (_moment(request.query_params[name]) for name in ("start", "end"))
        found = (
            select(*appointments.c, attendees.c.full_name)
            .join_from(appointments, attendees, attendees.c.id == appointments.c.patient_id, isouter=True)
            .where(wanted, appointments.c.starts_at >= start, appointments.c.starts_at < end)
            .order_by(appointments.c.starts_at)
        )
        async with database.reading() as connection:
            rows = (await connection.execute(found)).all()
        return _json([list(row) for row in rows])

    async def book(request: Request) -> Response:
        wish = orjson.loads(await request.body())
        rows = [_row(wish, _moment(starts_at)) for starts_at in wish["startsAt"]]
        taken = select(func.count()).where(
            or_(
                *(
                    (appointments.c.practitioner_id == row["practitioner_id"])
                    & appointments.c.starts_at.between(row["starts_at"] - _HOUR, row["ends_at"])
                    & (appointments.c.ends_at > row["starts_at"])
                    & (appointments.c.starts_at < row["ends_at"])
                    for row in rows
                )
            ),
        )
        async with database.writing() as connection:
            if (await connection.execute(taken)).scalar_one():
                return _json("taken", 409)
            await connection.execute(insert(appointments), rows)
            await connection.commit()
        return _json({"id": rows[0]["id"]}, 201)

    async def move(request: Request) -> Response:
        starts_at = _moment(orjson.loads(await request.body())["startsAt"])
        async with database.writing() as connection:
            await connection.execute(
                update(appointments)
                .where(appointments.c.id == UUID(request.path_params["id"]))
                .values(starts_at=starts_at, ends_at=starts_at + _HOUR)
            )
            await connection.commit()
        return _json("moved")

    return Starlette(
        routes=[
            Route("/week", week),
            Route("/availability", availability),
            Route("/appointments", book, methods=["POST"]),
            Route("/appointments/{id}", move, methods=["PATCH"]),
        ],
        lifespan=lifespan,
    )


def _row(wish: dict[str, Any], starts_at: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "practitioner_id": UUID(wish["practitionerId"]),
        "patient_id": UUID(wish["patientId"]),
        "all_day": False,
        "starts_at": starts_at,
        "ends_at": starts_at + _HOUR,
        "type": "appointment",
        "status": "scheduled",
        "version": 1,
        "created_at": starts_at,
        "updated_at": starts_at,
    }


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _json(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content, default=str), status, media_type="application/json")
