"""Pages of long lists: one row more than the page is read, and counting stops at 10,000 (product §5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import ColumnElement, Select, func, literal_column, select
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
    total = seen if rows and not has_next else await _counted(connection, query)
    return Listed(rows[: wish.size], has_next, min(total, COUNTED), total <= COUNTED)


async def read_newest(
    connection: AsyncConnection,
    query: Select[Any],
    id_column: ColumnElement[UUID],
    before: UUID | None,
    size: int,
) -> Listed:
    """The `size` newest of `query` by id (UUIDv7), or those just `before` one already seen: the thousandth
    page costs what the first does. `query` is neither ordered nor limited."""
    behind = query if before is None else query.where(id_column < before)
    limited = behind.order_by(id_column.desc()).limit(size + 1)
    rows = (await connection.execute(limited)).mappings().all()
    has_next = len(rows) > size
    total = len(rows) if before is None and not has_next else await _counted(connection, query)
    return Listed(rows[:size], has_next, min(total, COUNTED), total <= COUNTED)


async def _counted(connection: AsyncConnection, query: Select[Any]) -> int:
    one: ColumnElement[int] = literal_column("1").label("one")  # of wide rows the columns would cost most
    rows: Select[Any] = query.order_by(None).with_only_columns(one, maintain_column_froms=True)
    counted = select(func.count()).select_from(rows.limit(COUNTED + 1).subquery())
    return int((await connection.execute(counted)).scalar_one())
