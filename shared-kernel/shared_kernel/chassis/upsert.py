"""Insert a row, or change the one that is there, in one statement on both databases.

Rows that may not exist are taken this way and never by SELECT … FOR UPDATE, which locks nothing
when there is nothing (architecture §5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, literal_column
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(
    connection: AsyncConnection,
    table: Table,
    keys: Sequence[str],
    row: dict[str, Any] | Sequence[dict[str, Any]],
    changes: Mapping[str, Any],
) -> None:
    """Insert `row`, or several in their order; where the unique `keys` exist, apply `changes` instead (values
    or expressions on the table's columns; for several rows only such as need no value). The rows are locked
    until the commit either way."""
    statement = (
        sqlite.insert(table).on_conflict_do_update(index_elements=keys, set_=dict(changes))
        if connection.dialect.name == "sqlite"
        else mysql.insert(table).on_duplicate_key_update(**changes)
    )
    # The rows beside the statement, not in it: one with many rows in it would be compiled anew each time.
    await connection.execute(statement, row)


def raised_by_one(column: Column[int]) -> ColumnElement[int]:
    """The change that locks a row by counting how often it was taken."""
    return column + literal_column("1")
