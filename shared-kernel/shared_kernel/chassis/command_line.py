"""What a service does from the command line besides serving: `migrate`, `openapi`, `verify`."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

from fastapi import FastAPI

from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import first_broken_link, head_of
from shared_kernel.chassis.settings import ServiceSettings

Command = Callable[[], Awaitable[object]]


S = TypeVar("S", bound=ServiceSettings)


def run(
    settings: S, versions: Path, build_app: Callable[[S], FastAPI], more: Mapping[str, Command] | None = None
) -> None:
    """Run the command named by the first argument; what it returns is printed as a line of JSON.
    `verify` ends with 1 when the log of events was changed, cut or reordered."""

    async def migrate_schema() -> None:
        from shared_kernel.chassis.schema import migrate  # Alembic: slow to import, and no server needs it

        database = Database(settings.database_url)
        await migrate(database, versions)
        await database.close()

    async def openapi() -> object:
        return build_app(settings).openapi()

    async def verify() -> object:
        database = Database(settings.database_url)
        async with database.reading() as connection:
            broken_at = await first_broken_link(connection)
            events = await head_of(connection)
        await database.close()
        return {"whole": broken_at is None, "events": events, "brokenAt": broken_at}

    commands: dict[str, Command] = {
        "migrate": migrate_schema,
        "openapi": openapi,
        "verify": verify,
        **(more or {}),
    }
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in commands:
        raise SystemExit(f"usage: python -m {Path(sys.argv[0]).parent.name}.main {{{'|'.join(commands)}}}")
    result = asyncio.run(_run(commands[name]))
    if result is not None:
        indent = 2 if name == "openapi" else None
        sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=indent) + "\n")
    if isinstance(result, dict) and result.get("whole") is False:
        sys.exit(1)


async def _run(command: Command) -> object:
    return await command()
