"""The statements that find patients in the search index."""

# ruff: noqa: S608 - the texts of statements are put together from our own words; what was typed is a value

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from patients.domain.patient import Status
from patients.queries.search_words import AFTER, Level, Sought

_BY_WORD = "t.token, t.sort_key, t.number"
_OF_ONE_WORD = "t.sort_key, t.number"
"""MariaDB sorts when it is asked for the order of what it knows to be one value."""


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


class Statements:
    """The statements of one search. A hit is (place, sort_key, number); `place` is the level and then the
    word that was found, so hits are in order by these three.

    Rows of the first word, which drives, are read in the order of the index and only as far as needed; each
    holds all words of its patient, so the other words are looked for in the row itself."""

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
        self._may_be_exact = all(word.exact for word in words)
        self._may_be_elsewhere = any(word.inside != 0 or word.near for word in words)
        self.may_begin = len(words) == 1 or all(word.begun for word in words)
        self.may_go_on = len(list(self._branches(""))) > 1

    def first(self) -> str:
        """The best: of several words those who have all, or when nobody can, those in whom all begin."""
        best = next(self._branches(":lines"))
        return f"{best} ORDER BY place, sort_key, number LIMIT :lines"

    def rest(self) -> str:
        """The best of all others."""
        return self._ranked(list(self._branches(":most"))[1:])

    def any(self) -> str:
        """A later page."""
        return self._ranked(self._branches(":most"))

    def count(self, *, everywhere: bool) -> str:
        """How many patients there are among the rows looked at, and how many rows these are; `everywhere`
        or only where a word begins as the driver."""
        found = _and(*(word.found for word in self._others)) if self._others else "1 = 1"
        sources = [(f"search_token t WHERE {self._driver.range}", "", _BY_WORD)]
        if everywhere:
            sources += self._elsewhere()
        looked_at = _all_of(
            f"SELECT * FROM (SELECT t.number, {found} AS found FROM {rows}{self._status} "
            f"ORDER BY {order} LIMIT :looked) AS r"
            for rows, _, order in sources
        )
        return (
            "SELECT COUNT(DISTINCT CASE WHEN found THEN number END) AS hits, COUNT(*) AS found "
            f"FROM ({looked_at}) AS c"
        )

    def _ranked(self, branches: Iterable[str]) -> str:
        return (
            "SELECT MIN(place) AS place, sort_key, number, "
            "COUNT(*) OVER () AS hits, SUM(COUNT(*)) OVER () AS found "
            f"FROM ({_all_of(branches)}) AS a GROUP BY sort_key, number "
            "ORDER BY place, sort_key, number LIMIT :lines OFFSET :skipped"
        )

    def _branches(self, limit: str) -> Iterator[str]:
        """The best first. Who has several words that begin as the driver is read at the first of them."""
        itself = self._text("' '", "t.token", "' '")
        first = f"(t.token = :word0 OR INSTR(t.words, :begin0) = INSTR(t.words, {itself}))"
        if self._others:
            exact = _and("t.token = :word0", *(word.exact for word in self._others))
            if self._may_be_exact:
                yield self._read("'0'", exact, limit, _OF_ONE_WORD)
            begin = _and(*(word.begin for word in self._others))
            yield self._read("'1'", _and(self._driver.range, begin, first, f"NOT ({exact})"), limit)
            if self._may_be_elsewhere:
                within = _and(self._found_by(self._driver.range), f"NOT ({begin})")
                yield self._read(self._level(), within, limit)
        else:
            level = "CASE WHEN t.token = :word0 THEN '0' ELSE '1' END"
            yield self._read(level, _and(self._driver.range, first), limit)
        for rows, place, order in self._elsewhere():
            yield self._hits(place, self._found_by(rows), order, limit)

    def _elsewhere(self) -> Iterator[tuple[str, str, str]]:
        """Rows of those whom the driver finds by the inside or the spelling of a word, place and order."""
        if self._driver.inside:
            inside = ("'2'", "s.suffix", "' '", "t.token")
            place = self._text(self._level(), "t.token") if self._others else self._text(*inside)
            within = f"s.suffix >= :word0 AND s.suffix < :end0 AND NOT ({self._driver.begin})"
            joined = f"search_suffix s {self._join} search_token t ON t.token = s.token WHERE {within}"
            yield joined, place, "s.suffix, s.token"
        for level, names in self._driver.near.items():
            name = self._text("'|'", "t.token", "'|'")
            alike = f"t.token IN ({names}) AND INSTR(t.words, {name}) > 0 AND INSTR(t.words, :word0) = 0"
            place = self._text(self._level() if self._others else f"'{level:d}'", "t.token")
            yield f"search_token t WHERE {alike}", place, _BY_WORD if "," in names else _OF_ONE_WORD

    def _found_by(self, driver: str) -> str:
        return _and(driver, *(word.found for word in self._others))

    def _level(self) -> str:
        worst = "MAX" if self._sqlite else "GREATEST"
        return f"{worst}({', '.join(word.level for word in self._words)})"

    def _condition(self, place: int, word: Sought) -> _Condition:
        self.values |= {
            f"word{place}": word.word,
            f"end{place}": word.word + AFTER,
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

    def _read(self, level: str, condition: str, limit: str, order: str = _BY_WORD) -> str:
        return self._hits(self._text(level, "t.token"), f"search_token t WHERE {condition}", order, limit)

    def _hits(self, place: str, rows: str, order: str, limit: str) -> str:
        return (
            f"SELECT * FROM (SELECT {place} AS place, t.sort_key, t.number FROM {rows}{self._status} "
            f"ORDER BY {order} LIMIT {limit}) AS r"
        )

    def _text(self, *parts: str) -> str:
        return " || ".join(parts) if self._sqlite else f"CONCAT({', '.join(parts)})"


def _by_level(word: Sought) -> dict[Level, list[str]]:
    levels: dict[Level, list[str]] = {}
    for name, level in sorted(word.near.items(), key=lambda near: (near[1], near[0])):
        levels.setdefault(level, []).append(name)
    return levels


def _all_of(branches: Iterable[str]) -> str:
    return " UNION ALL ".join(branches)


def _and(*conditions: str) -> str:
    return " AND ".join(conditions)
