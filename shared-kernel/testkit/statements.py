"""How many statements a piece of work gives its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shared_kernel.chassis.database import Database


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every statement given to this database meanwhile, with its parameters; not what opens a transaction
    or a connection. Other services of the test run have databases of their own and are not heard."""
    heard: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, parameters: Any, *others: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            heard.append((statement, parameters))

    engines = {engine.sync_engine for engine in database.engines}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
