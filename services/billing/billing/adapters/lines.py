"""Lines of invoices and of drafts as rows, and back."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.domain.lines import InvoiceLine

_LINE = tuple(field.name for field in fields(InvoiceLine))


def line_rows(
    owner: str, owner_id: UUID, lines: Sequence[InvoiceLine], currency: str
) -> list[dict[str, Any]]:
    """A row for each line, with its place. `owner` is the column of what the lines belong to."""
    return [
        {**asdict(line), owner: owner_id, "position": position, "amount": line.amount(currency).amount}
        for position, line in enumerate(lines)
    ]


def line_of(row: RowMapping) -> InvoiceLine:
    """The line in a row."""
    return InvoiceLine(**{name: row[name] for name in _LINE})


async def read_lines(
    connection: AsyncConnection, table: Table, owner: str, owner_id: UUID
) -> list[InvoiceLine]:
    """The lines of one thing, in their order."""
    found = select(table).where(table.c[owner] == owner_id).order_by(table.c.position)
    return [line_of(row) for row in (await connection.execute(found)).mappings()]
