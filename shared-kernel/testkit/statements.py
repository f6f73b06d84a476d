"""How many statements a piece of work gives its database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from shared_kernel.chassis.database import Database

Heard = list[tuple[str, Any]]


@contextmanager
def statements(database: Database) -> Iterator[Heard]:
    """Every statement given to this database meanwhile, with its parameters; not what opens a transaction
    or a connection. Other services of the test run have databases of their own and are not heard."""
    with _listening({engine.sync_engine for engine in database.engines}, database) as heard:
        yield heard


@contextmanager
def statements_of_all(database: Database) -> Iterator[Heard]:
    """The same, and what the running service gives it over connections of its own."""
    with _listening([Engine], database) as heard:
        yield heard


@contextmanager
def _listening(targets: Iterable[Any], database: Database) -> Iterator[Heard]:
    heard: Heard = []

    def note(connection: Any, cursor: object, statement: str, parameters: Any, *others: object) -> None:
        if connection.engine.url == database.url and not statement.startswith(("BEGIN", "PRAGMA")):
            heard.append((statement, parameters))

    for target in targets:
        event.listen(target, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        for target in targets:
            event.remove(target, "before_cursor_execute", note)
