"""The bare floor: Starlette, SQLAlchemy and one statement, without anything a clinic needs.

`/patients/{number}` reads one row by its key; `/patients?search=` is the search that anybody would write
first, `LIKE '%word%'` on the name in lower case for every word."""

import os
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from patients.adapters.tables import patients

_SHOWN = (patients.c.number, patients.c.full_name, patients.c.phone)
_PAGE = 15


def create_app() -> Starlette:
    """Reads PATIENTS_DATABASE_URL, as the service does."""
    engine = create_async_engine(os.environ["PATIENTS_DATABASE_URL"])

    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        yield
        await engine.dispose()

    async def read(request: Request) -> JSONResponse:
        found = select(*_SHOWN).where(patients.c.number == int(request.path_params["number"]))
        return JSONResponse(await _rows(engine, found))

    async def naive(request: Request) -> JSONResponse:
        words = request.query_params["search"].lower().split()
        found = select(*_SHOWN).where(
            and_(True, *(func.lower(patients.c.full_name).contains(word, autoescape=True) for word in words))
        )
        return JSONResponse(await _rows(engine, found.order_by(patients.c.sort_key).limit(_PAGE)))

    return Starlette(
        routes=[Route("/patients/{number:int}", read), Route("/patients", naive)], lifespan=lifespan
    )


async def _rows(engine: AsyncEngine, query: Any) -> list[list[Any]]:
    async with engine.connect() as connection:
        return [list(row) for row in await connection.execute(query)]
