"""What the screens of the customers read: straight from the table to plain rows."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.customers import present_id
from billing.adapters.tables import customers
from billing.domain.customer import CustomerNotFound, Kind
from shared_kernel.chassis.pagination import Listed, PageWish, read_page
from shared_kernel.text import fold

_CUSTOMER = [c for c in customers.c if c.name not in ("sort_key", "search_text", "erased_at")]

CustomerOrder = Literal["name", "taxId", "email"]


async def customer(connection: AsyncConnection, customer_id: UUID) -> RowMapping:
    """One customer, or the one it was merged into. Raises CustomerNotFound."""
    present = customers.c.erased_at.is_(None)
    found = await connection.execute(
        select(*_CUSTOMER).where(customers.c.id == present_id(customer_id), present)
    )
    row: RowMapping | None = found.mappings().first()
    if row is None:
        raise CustomerNotFound
    return row


async def listed_customers(
    connection: AsyncConnection, search: str, kind: Kind | None, order: CustomerOrder, wish: PageWish
) -> Listed:
    """A page of the customers. Every word of `search` must occur, whatever its case and accents."""
    by: dict[CustomerOrder, tuple[ColumnElement[Any], ...]] = {
        "name": (customers.c.sort_key,),
        "taxId": (customers.c.tax_id,),
        "email": (customers.c.email.is_(None), func.lower(customers.c.email)),
    }
    query = select(*_CUSTOMER).where(customers.c.erased_at.is_(None), *map(_has_word, fold(search).split()))
    if kind is not None:
        query = query.where(customers.c.kind == kind.value)
    return await read_page(connection, query.order_by(*by[order], customers.c.id), wish)


def _has_word(word: str) -> ColumnElement[bool]:
    return customers.c.search_text.contains(word, autoescape=True)
