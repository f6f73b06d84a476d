"""Finds patients by what the desk types, in three statements at most (docs/decisions/0006)."""

# ruff: noqa: S608 - the texts of statements are put together from our own words; what was typed is a value

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Row, column, text
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.tables import patients
from patients.domain.patient import Status
from patients.domain.search import words_sought
from patients.queries.registry import SUMMARY
from patients.queries.search_sql import Statements
from patients.queries.search_words import Sought, look_up
from shared_kernel.chassis.pagination import Listed, PageWish

COUNTED = 200
"""So many hits of a search are counted; nobody reads on to the two hundredth."""
LOOKED_AT = 2_000
"""So many rows of the word that drives a search of several are looked at to count."""
REACHED = 10_000
"""Pages end here."""

_COLUMNS = ", ".join(f"p.{name}" for name in SUMMARY)
_TYPES = [patients.c[name] for name in SUMMARY]
_TOTALS = [column("hits", Integer), column("found", Integer)]

Rows = Sequence[Row[Any]]


async def found_patients(
    connection: AsyncConnection, search: str, fuzzy: bool, status: Status | None, wish: PageWish
) -> Listed:
    """A page of the patients in whom every word of `search` is found, the best first: by level, then by the
    word that was found, then alphabetically."""
    words = [Sought(word) for word in words_sought(search)]
    if words and (fuzzy or len(words) > 1):
        await look_up(connection, words, fuzzy)
        words = words if all(word.patients for word in words) else []
    if not words:
        return Listed([], False, 0, True)
    return await _Search(connection, words, status, wish).listed()


class _Search:
    """One search, driven by the word that fewest patients have."""

    def __init__(
        self, connection: AsyncConnection, words: Sequence[Sought], status: Status | None, wish: PageWish
    ) -> None:
        self._connection = connection
        self._wish = wish
        self._skipped = (wish.page - 1) * wish.size
        self._looked = LOOKED_AT if len(words) > 1 else 2 * COUNTED + 1
        self._most = 2 * max(COUNTED, self._skipped + wish.size) + 1
        driven = sorted(words, key=lambda word: word.patients)
        self._driver = driven[0]
        self._sql = Statements(driven, status, connection.dialect.name == "sqlite")

    async def listed(self) -> Listed:
        """The page. Most searches end with those whose words all begin as typed."""
        if self._skipped == 0:
            return await self._first_page()
        rows = await self._read(self._sql.any()) if self._skipped < REACHED else []
        return self._answer(rows, *_totals(rows), self._most) if rows else await self._counted(rows)

    async def _first_page(self) -> Listed:
        first = await self._read(self._sql.first()) if self._sql.may_begin else []
        if len(first) > self._wish.size:
            return await self._counted(first)
        rest = await self._read(self._sql.rest()) if self._sql.may_go_on else []
        hits, found = _totals(rest) if rest else (0, 0)
        return self._answer([*first, *rest], len(first) + hits, found, self._most)

    async def _counted(self, rows: Rows) -> Listed:
        """At least those on the page are there, whatever was looked at. To find who has the driving word not
        at the beginning takes up to ten times as long, and is left out where it would be very many."""
        elsewhere = self._driver.elsewhere
        hits, found = await self._count(everywhere=elsewhere is not None and elsewhere <= LOOKED_AT)
        if elsewhere is None and hits <= COUNTED:
            hits, found = await self._count(everywhere=True)
        elif elsewhere is not None and elsewhere > LOOKED_AT:
            found = self._looked
        return self._answer(rows, max(hits, len(rows)), found, self._looked)

    async def _count(self, *, everywhere: bool) -> tuple[int, int]:
        values = self._sql.values | {"looked": self._looked}
        counted = text(self._sql.count(everywhere=everywhere))
        return _totals((await self._connection.execute(counted, values)).all())

    async def _read(self, hits: str) -> Rows:
        totals = _TOTALS if "AS hits" in hits else []
        statement = text(
            f"SELECT {_COLUMNS}{', h.hits, h.found' if totals else ''} FROM ({hits}) AS h "
            "JOIN patients p ON p.number = h.number ORDER BY h.place, h.sort_key, h.number"
        ).columns(*_TYPES, *totals)
        page = {"lines": self._wish.size + 1, "skipped": self._skipped, "most": self._most}
        return (await self._connection.execute(statement, self._sql.values | page)).all()

    def _answer(self, rows: Rows, hits: int, found: int, limit: int) -> Listed:
        """`found` rows are all there are, unless the limit of some branch was reached."""
        members = [dict(zip(SUMMARY, row, strict=False)) for row in rows[: self._wish.size]]
        exact = hits <= COUNTED and found < limit
        return Listed(members, len(rows) > self._wish.size, min(hits, COUNTED), exact)


def _totals(rows: Rows) -> tuple[int, int]:
    return rows[0].hits, int(rows[0].found)
