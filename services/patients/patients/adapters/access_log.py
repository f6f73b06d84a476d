"""The access log for what is only looked at: who is shown it is kept before anything clinical is answered."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from patients.adapters.sql import access_row
from patients.adapters.tables import access_log
from patients.domain.access import Access
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.unit_of_work import Calling, retried


class AccessLog:
    """While one group of entries is being committed the next one gathers: a commit costs a write to the disk
    however many entries it holds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gathered: list[dict[str, Any]] = []
        self._next: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def note(self, calling: Calling, access: Access) -> None:
        """Returns once it is committed that the caller is shown this, and raises when it cannot be."""
        self._gathered.append(access_row(access, calling.origin, calling.now))
        if self._next is None:
            self._next = asyncio.create_task(self._commit_next())
        await asyncio.shield(self._next)  # a caller who gives up does not take the others' entries along

    async def _commit_next(self) -> None:
        async with self._one_at_a_time:
            rows, self._gathered, self._next = self._gathered, [], None
            await retried(lambda: self._commit(rows))

    async def _commit(self, rows: Sequence[dict[str, Any]]) -> None:
        async with self._database.writing() as connection:
            await connection.execute(insert(access_log), rows)
            await connection.commit()
