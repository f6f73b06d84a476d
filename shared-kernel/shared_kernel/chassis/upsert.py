"""Insert a row, or change the one that is there, in one statement on both databases.

Rows that may not exist are taken this way and never by SELECT … FOR UPDATE, which locks nothing
when there is nothing (architecture §5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(
    connection: AsyncConnection,
    table: Table,
    keys: Sequence[str],
    row: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    changes: Mapping[str, Any],
) -> None:
    """Insert `row`, or several in their order; where the unique `keys` exist, apply `changes` instead (values
    or expressions on the table's columns). The rows are locked until the commit either way."""
    if connection.dialect.name == "sqlite":
        await connection.execute(
            sqlite.insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=dict(changes))
        )
    else:
        await connection.execute(mysql.insert(table).values(row).on_duplicate_key_update(**changes))
