"""Whether the numbers of a series have holes: the first thing an inspector looks at."""

from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.tables import invoices
from billing.domain.numbering import Series

_MOST_LISTED = 1000


async def number_gaps(connection: AsyncConnection, series: Series, year: int) -> dict[str, Any]:
    """The first number of a year, the last, how many there are and which are missing; at most 1,000 of these
    are listed. Numbers of blocked invoices count."""
    of_year = invoices.c.number.between(f"{year:04}000000", f"{year:04}999999")
    mine = select(
        invoices.c.number,
        func.lag(invoices.c.number).over(order_by=invoices.c.number).label("before"),
    ).where(invoices.c.series == series.value, of_year)
    numbered = mine.subquery()
    counted = select(func.min(invoices.c.number), func.max(invoices.c.number), func.count()).where(
        invoices.c.series == series.value, of_year
    )
    first, last, total = (await connection.execute(counted)).one()
    follows = func.coalesce(numbered.c.before, f"{year:04}000000")
    holes = (
        select(follows.label("before"), numbered.c.number)
        .where(cast(numbered.c.number, BigInteger) > cast(follows, BigInteger) + 1)
        .order_by(numbered.c.number)
        .limit(_MOST_LISTED)
    )
    missing: list[str] = []
    if last is not None and int(last[4:]) > total:
        for before, number in (await connection.execute(holes)).all():
            missing += [f"{year:04}{n:06}" for n in range(int(before[4:]) + 1, int(number[4:]))]
    return {
        "series": series,
        "year": year,
        "first": first,
        "last": last,
        "total": total,
        "missing": missing[:_MOST_LISTED],
        "missingCount": 0 if last is None else int(last[4:]) - total,
    }
