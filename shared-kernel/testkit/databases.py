"""Empty databases for tests: a schema of its own in MariaDB or a file of its own for SQLite."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncmy
from sqlalchemy import URL, make_url

CONTEXTS = ("identity", "patients", "scheduling", "billing")

# Compared byte by byte, trailing spaces included, as SQLite does: both databases give the same answers.
CHARACTERS = "CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"


@contextmanager
def fresh_file(directory: Path) -> Iterator[str]:
    """A SQLite file that does not exist yet, as a URL; the folder's owner clears it away."""
    yield f"sqlite+aiosqlite:///{directory.absolute() / 'test.db'}"


@contextmanager
def fresh_schema(mariadb_url: str) -> Iterator[str]:
    """A new schema in that server, as a URL; dropped at the end."""
    name = f"test_{uuid4().hex}"
    run_statements(mariadb_url, f"CREATE DATABASE {name} {CHARACTERS}")
    try:
        yield _rendered(make_url(mariadb_url).set(database=name))
    finally:
        run_statements(mariadb_url, f"DROP DATABASE {name}")


@contextmanager
def clinic_schemas(mariadb_url: str) -> Iterator[dict[str, str]]:
    """A schema and a user of its own for each service, as the environment that names them."""
    mark = uuid4().hex[:12]
    names = {context: f"{context}_{mark}" for context in CONTEXTS}
    for name in names.values():
        run_statements(
            mariadb_url,
            f"CREATE DATABASE {name} {CHARACTERS}",
            f"CREATE USER {name}@'%' IDENTIFIED BY '{mark}'",
            f"GRANT ALL ON {name}.* TO {name}@'%'",
        )
    server = make_url(mariadb_url)
    try:
        yield {
            f"{context.upper()}_DATABASE_URL": _rendered(
                server.set(username=name, password=mark, database=name)
            )
            for context, name in names.items()
        }
    finally:
        for name in names.values():
            run_statements(mariadb_url, f"DROP DATABASE {name}", f"DROP USER {name}@'%'")


def run_statements(mariadb_url: str, *statements: str) -> None:
    """For sync and async tests alike: hence a loop of its own in a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _run(make_url(mariadb_url), statements)).result()


async def _run(url: URL, statements: tuple[str, ...]) -> None:
    connection = await asyncmy.connect(
        host=url.host, port=url.port or 3306, user=url.username, password=url.password or "", autocommit=True
    )
    try:
        async with connection.cursor() as cursor:
            await cursor.execute("SET SESSION lock_wait_timeout = 20")
            for statement in statements:
                await cursor.execute(statement)
    finally:
        await connection.ensure_closed()


def _rendered(url: URL) -> str:
    return url.render_as_string(hide_password=False)
