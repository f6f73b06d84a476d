"""Finds patients by what the desk types: at most three statements, whatever is typed (docs/decisions/0006)."""

# ruff: noqa: S608 - the texts of statements are put together from our own words; what was typed is a value

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Integer, Row, column, text
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.tables import patients
from patients.domain.patient import Status
from patients.domain.search import (
    INFIX_LENGTH,
    TWO_EDITS_LENGTH,
    compared,
    may_be_misspelled,
    misspelling_keys,
    sound,
    words_sought,
)
from patients.queries.registry import SUMMARY
from shared_kernel.chassis.pagination import Listed, PageWish

COUNTED = 1_000
"""So many hits of a search are counted; nobody reads on to the thousandth."""
REACHED = 10_000
"""Pages end here."""

_LOOKED_AT = 200
_LAST = "\U0010ffff"


class Level(IntEnum):
    """How well a word of the patient is what was typed; of several typed words the worst counts."""

    EXACT = 0
    PREFIX = 1
    INFIX = 2
    SOUNDS_ALIKE = 3
    ONE_EDIT = 4
    TWO_EDITS = 5


@dataclass
class Sought:
    """A typed word and, by estimate, how many patients have it, have a word that begins with it, contains it,
    or a name spelled much like it."""

    word: str
    exact: int = 0
    begun: int = 0
    inside: int | None = None
    nearby: int = 0
    near: dict[str, Level] = field(default_factory=dict)

    @property
    def may_be_inside(self) -> bool:
        return len(self.word) >= INFIX_LENGTH and "." not in self.word

    @property
    def patients(self) -> int:
        return self.begun + (self.inside or 0) + self.nearby


def level_of_spelling(word: str, name: str) -> Level | None:
    """How much a typed word is like a name; None for not at all."""
    word, name = compared(word), compared(name)
    if sound(word) == sound(name):
        return Level.SOUNDS_ALIKE
    edits = min(OSA.distance(word, name), OSA.distance(sound(word), sound(name)))
    if edits == 1:
        return Level.ONE_EDIT
    if edits == 2 and len(word) >= TWO_EDITS_LENGTH and len(name) >= TWO_EDITS_LENGTH - 2:
        return Level.TWO_EDITS
    return None


async def found_patients(
    connection: AsyncConnection,
    search: str,
    fuzzy: bool,
    status: Status | None,
    wish: PageWish,
) -> Listed:
    """A page of the patients in whom every word of `search` is found, the best first: by level, then by the
    word that was found, then alphabetically."""
    words = [Sought(word) for word in words_sought(search)]
    if fuzzy or len(words) > 1:
        await _look_up(connection, words, fuzzy)
        words = words if all(word.patients for word in words) else []
    if not words:
        return Listed([], False, 0, True)
    return await _Search(connection, words, status, wish).listed()


async def _look_up(connection: AsyncConnection, words: Sequence[Sought], fuzzy: bool) -> None:
    """Ask the vocabulary about all words at once."""
    values: dict[str, Any] = {}
    asked = [
        question for place, word in enumerate(words) for question in _questions(word, place, fuzzy, values)
    ]
    statement = text(" UNION ALL ".join(asked))
    for place, what, token, some, df in await connection.execute(statement, values):
        word = words[place]
        match what:
            case "exact":
                word.exact = df
            case "begun":
                word.begun = _estimated(some, df)
            case "inside":
                word.inside = _estimated(some, df)
            case _ if word.word not in token and token not in word.near:
                level = level_of_spelling(word.word, token)
                if level is not None:
                    word.near[token] = level
                    word.nearby += df


def _questions(word: Sought, place: int, fuzzy: bool, values: dict[str, Any]) -> Iterable[str]:
    first, end = f":first{place}", f":end{place}"
    values |= {f"first{place}": word.word, f"end{place}": word.word + _LAST}
    vocabulary = (
        f"FROM search_vocab WHERE token >= {first} AND token < {end} ORDER BY token LIMIT {_LOOKED_AT}"
    )
    yield f"SELECT {place}, 'exact', token, 1, df FROM search_vocab WHERE token = {first}"
    yield f"SELECT {place}, 'begun', '', COUNT(*), COALESCE(SUM(df), 0) FROM (SELECT df {vocabulary}) AS v{place}"
    if word.may_be_inside:
        suffixes = (
            f"SELECT token FROM search_suffix WHERE suffix >= {first} AND suffix < {end} "
            f"ORDER BY suffix, token LIMIT {_LOOKED_AT}"
        )
        yield (
            f"SELECT {place}, 'inside', '', COUNT(*), COALESCE(SUM(v.df), 0) FROM ({suffixes}) AS s{place} "
            f"JOIN search_vocab v ON v.token = s{place}.token"
        )
    if fuzzy and may_be_misspelled(word.word):
        keys = {f"key{place}_{i}": key for i, key in enumerate(sorted(misspelling_keys(word.word)))}
        values |= keys
        yield (
            f"SELECT {place}, 'near', d.token, 1, v.df FROM search_delete d JOIN search_vocab v "
            f"ON v.token = d.token WHERE d.deletion IN ({', '.join(f':{name}' for name in keys)})"
        )


def _estimated(some: int, df: int) -> int:
    """Where a word may mean very many others, only the first are looked at."""
    return int(df) * (50 if some == _LOOKED_AT else 1)


class _Search:
    """One search. Rows of the word that fewest patients have are read in the order of the index; each holds all
    words of its patient, so the others are looked for in the row itself."""

    def __init__(
        self,
        connection: AsyncConnection,
        words: Sequence[Sought],
        status: Status | None,
        wish: PageWish,
    ) -> None:
        self._connection = connection
        self._words = sorted(words, key=lambda word: word.patients)
        self._wish = wish
        self._skipped = (wish.page - 1) * wish.size
        self._sql = _Sql(self._words, status, connection.dialect.name == "sqlite")

    async def listed(self) -> Listed:
        """The page. Most searches end with those whose words all begin as typed."""
        if self._skipped == 0 and (len(self._words) == 1 or all(word.begun for word in self._words)):
            rows = await self._read(self._sql.begun())
            if len(rows) > self._wish.size:
                return self._answer(rows, await self._count())
        rows = await self._read(self._sql.all(), column("total", Integer)) if self._skipped < REACHED else []
        if rows or self._skipped == 0:
            return self._answer(rows, rows[0][-1] if rows else 0)
        return self._answer([], await self._count())

    def _answer(self, rows: Sequence[Row[Any]], total: int) -> Listed:
        members = [dict(zip(SUMMARY, row, strict=False)) for row in rows[: self._wish.size]]
        return Listed(members, len(rows) > self._wish.size, min(total, COUNTED), total <= COUNTED)

    async def _read(self, hits: str, *more: ColumnElement[Any]) -> Sequence[Row[Any]]:
        shown = ", ".join([*(f"p.{name}" for name in SUMMARY), *(f"h.{extra.name}" for extra in more)])
        statement = text(
            f"SELECT {shown} FROM ({hits}) AS h JOIN patients p ON p.number = h.number "
            "ORDER BY h.place, h.sort_key, h.number"
        ).columns(*(patients.c[name] for name in SUMMARY), *more)
        page = {
            "lines": self._wish.size + 1,
            "skipped": self._skipped,
            "most": 2 * max(COUNTED, self._skipped + self._wish.size) + 1,
        }
        return (await self._connection.execute(statement, self._sql.values | page)).all()

    async def _count(self) -> int:
        counted = text(self._sql.count())
        values = self._sql.values | {"most": COUNTED + 1}
        return int((await self._connection.execute(counted, values)).scalar_one())


@dataclass(frozen=True)
class _Condition:
    """What the rows of a patient must be like for one word."""

    range: str
    exact: str
    begin: str
    found: str
    level: str
    inside: bool
    near: Mapping[Level, str]


class _Sql:
    """The text of one search's statements. A hit is (place, sort_key, number); `place` is the level and then the
    word that was found, so hits are in order by these three. The first of the words drives."""

    def __init__(self, words: Sequence[Sought], status: Status | None, sqlite: bool) -> None:
        self.values: dict[str, Any] = {}
        self._sqlite = sqlite
        self._join = "CROSS JOIN" if sqlite else "STRAIGHT_JOIN"
        self._status = ""
        if status is not None:
            self._status = " AND t.active = :active"
            self.values["active"] = status is Status.ACTIVE
        self._words = [self._condition(place, word) for place, word in enumerate(words)]
        self._driver, *self._others = self._words
        self._all_may_be_exact = all(word.exact for word in words)

    def begun(self) -> str:
        """The first of those whose words all begin as typed."""
        return f"SELECT * FROM ({_union(self._begun(':lines'))}) AS a ORDER BY place, sort_key, number LIMIT :lines"

    def all(self) -> str:
        """A page of all, and how many there are, as far as they are counted."""
        hits = _union([*self._begun(":most"), *self._further(":most")])
        return (
            f"SELECT MIN(place) AS place, sort_key, number, COUNT(*) OVER () AS total FROM ({hits}) AS a "
            "GROUP BY sort_key, number ORDER BY place, sort_key, number LIMIT :lines OFFSET :skipped"
        )

    def count(self) -> str:
        """How many there are; those that do not begin as typed are counted only while the others are few."""
        begun, further = _union(self._begun(":most")), _union(self._further(":most"))
        late = f"(SELECT COUNT(DISTINCT number) FROM ({further}) AS f)" if further else "0"
        return (
            f"SELECT b.hits + CASE WHEN b.hits >= :most THEN 0 ELSE {late} END "
            f"FROM (SELECT COUNT(*) AS hits FROM ({begun}) AS a) AS b"
        )

    def _begun(self, limit: str) -> Iterator[str]:
        driver, others = self._driver, self._others
        all_exact = " AND ".join(word.exact for word in self._words)
        itself = self._text("' '", "t.token", "' '")
        first = f"INSTR(t.words, :begin0) = INSTR(t.words, {itself})"
        if not others:
            level = "CASE WHEN t.token = :word0 THEN '0' ELSE '1' END"
            yield self._read(level, f"{driver.range} AND {first}", limit)
            return
        if self._all_may_be_exact:
            yield self._read("'0'", f"t.token = :word0 AND {all_exact}", limit)
        begin = " AND ".join([driver.range, first, *(word.begin for word in others)])
        yield self._read("'1'", f"{begin} AND NOT ({all_exact})", limit)

    def _further(self, limit: str) -> Iterator[str]:
        driver, others = self._driver, self._others
        found = "".join(f" AND {word.found}" for word in others)
        if others:
            level = self._worst_level()
            late = f" AND NOT ({' AND '.join(word.begin for word in self._words)})"
            yield self._read(level, driver.range + found + late, limit)
        else:
            late = f" AND NOT ({driver.begin})"
        if driver.inside:
            place = (
                self._text(level, "t.token") if others else self._text("'2'", "s.suffix", "' '", "t.token")
            )
            yield (
                f"SELECT * FROM (SELECT {place} AS place, t.sort_key, t.number "
                f"FROM search_suffix s {self._join} search_token t ON t.token = s.token "
                f"WHERE s.suffix >= :word0 AND s.suffix < :end0{found}{late}{self._status} "
                f"ORDER BY s.suffix, s.token LIMIT {limit}) AS i"
            )
        for near, names in driver.near.items():
            name = self._text("'|'", "t.token", "'|'")
            alike = (
                f"t.token IN ({names}) AND INSTR(t.words, {name}) > 0 AND INSTR(t.words, :word0) = 0{found}"
            )
            yield self._read(level if others else f"'{near}'", alike, limit)

    def _condition(self, place: int, word: Sought) -> _Condition:
        self.values |= {
            f"word{place}": word.word,
            f"end{place}": word.word + _LAST,
            f"exact{place}": f" {word.word} ",
            f"begin{place}": f" {word.word}",
        }
        exact, begin = f"INSTR(t.words, :exact{place}) > 0", f"INSTR(t.words, :begin{place}) > 0"
        level = f"WHEN {exact} THEN 0 WHEN {begin} THEN 1"
        found, near = begin, {}
        if word.may_be_inside:
            inside = f"INSTR(t.words, :word{place}) > 0"
            alike = {near: self._alike(place, near, names) for near, names in _by_level(word).items()}
            found = " OR ".join([inside, *(test for test, _ in alike.values())])
            near = {level: names for level, (_, names) in alike.items()}
            others = "".join(f" WHEN {test} THEN {level:d}" for level, (test, _) in alike.items())
            level = f"WHEN {inside} THEN CASE {level} ELSE 2 END{others}"
        return _Condition(
            range=f"t.token >= :word{place} AND t.token < :end{place}",
            exact=exact,
            begin=begin,
            found=f"({found})",
            level=f"CASE {level} END",
            inside=word.may_be_inside and word.inside != 0,
            near=near,
        )

    def _alike(self, place: int, level: Level, names: Sequence[str]) -> tuple[str, str]:
        """Whether one of `names` is the patient's, and the names as a list."""
        listed = {f"near{place}_{level:d}_{i}": name for i, name in enumerate(names)}
        self.values |= listed
        if self._sqlite:
            marked = {f"{key}_": f"|{name}|" for key, name in listed.items()}
            test = f"({' OR '.join(f'INSTR(t.words, :{key}) > 0' for key in marked)})"
        else:
            marked = {f"near{place}_{level:d}": f"[|]({'|'.join(names)})[|]"}
            test = f"t.words REGEXP :near{place}_{level:d}"
        self.values |= marked
        return test, ", ".join(f":{key}" for key in listed)

    def _worst_level(self) -> str:
        return f"{'MAX' if self._sqlite else 'GREATEST'}({', '.join(word.level for word in self._words)})"

    def _read(self, level: str, condition: str, limit: str) -> str:
        return (
            f"SELECT * FROM (SELECT {self._text(level, 't.token')} AS place, t.sort_key, t.number "
            f"FROM search_token t WHERE {condition}{self._status} "
            f"ORDER BY t.token, t.sort_key, t.number LIMIT {limit}) AS r"
        )

    def _text(self, *parts: str) -> str:
        return " || ".join(parts) if self._sqlite else f"CONCAT({', '.join(parts)})"


def _by_level(word: Sought) -> dict[Level, list[str]]:
    levels: dict[Level, list[str]] = {}
    for name, level in sorted(word.near.items(), key=lambda near: (near[1], near[0])):
        levels.setdefault(level, []).append(name)
    return levels


def _union(branches: Iterable[str]) -> str:
    return " UNION ALL ".join(branches)
