"""The route by which the owner sees whether the numbers of the invoices have holes."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from billing.domain.numbering import Series
from billing.http.house import PATH, Billing, House
from billing.queries.numbers import number_gaps
from shared_kernel.chassis.answers import json_response
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel
from shared_kernel.chassis.requests import routes


class NumberGaps(ApiModel):
    """The numbers of a series in a year. At most 1,000 missing ones are listed; all are counted."""

    series: Series
    year: int
    first: str | None
    last: str | None
    total: int
    missing: list[str]
    missing_count: int


def number_routes(database: Database, house: House) -> APIRouter:
    """The route, on the adapters it is given."""
    router = routes("invoices")

    @router.get(PATH + "/number-gaps", response_model=NumberGaps)
    async def list_number_gaps(
        call: Billing,
        year: Annotated[int | None, Query(ge=2000, le=9999)] = None,
        series: Series = Series.ORDINARY,
    ) -> Response:
        async with database.reading() as connection:
            return json_response(await number_gaps(connection, series, year or house.today(call).year))

    return router
