"""Pages of long lists: one row more than the page is read, and counting stops at 10,000 (product §5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

COUNTED = 10_000


@dataclass(frozen=True)
class PageWish:
    """Which page, counted from 1, of how many rows."""

    page: int = 1
    size: int = 15


async def page_wish(
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    items_per_page: Annotated[int, Query(ge=1, le=200, alias="itemsPerPage")] = 15,
) -> PageWish:
    """The `page` and `itemsPerPage` of a request."""
    return PageWish(page, items_per_page)


Paged = Annotated[PageWish, Depends(page_wish)]


@dataclass(frozen=True)
class Listed:
    """The rows of a page, and how many there are in all."""

    rows: Sequence[Mapping[str, Any]]
    has_next: bool
    total: int
    total_exact: bool


async def read_page(connection: AsyncConnection, query: Select[Any], wish: PageWish) -> Listed:
    """The page of `query`, which is ordered but not limited."""
    offset = (wish.page - 1) * wish.size
    limited = query.limit(wish.size + 1).offset(offset)
    rows = (await connection.execute(limited)).mappings().all()
    seen = offset + min(len(rows), wish.size)
    has_next = len(rows) > wish.size
    if rows and not has_next:
        total = seen
    else:
        counted = select(func.count()).select_from(query.order_by(None).limit(COUNTED + 1).subquery())
        total = int((await connection.execute(counted)).scalar_one())
    return Listed(rows[: wish.size], has_next, min(total, COUNTED), total <= COUNTED)
