"""What a typed word may mean, by the vocabulary of the search index."""

# ruff: noqa: S608 - the texts of statements are put together from our own words; what was typed is a value

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.domain.search import (
    INFIX_LENGTH,
    TWO_EDITS_LENGTH,
    compared,
    may_be_misspelled,
    misspelling_keys,
    sound,
)

AFTER = "\U0010ffff"
"""Sorts after whatever may follow a word in the index."""

_LOOKED_AT = 200
_NOT_LOOKED_AT = 50
"""Where a word may mean very many others, the first are looked at and taken for so many times as many."""


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
    begins_many: bool = False
    inside: int | None = None
    nearby: int = 0
    near: dict[str, Level] = field(default_factory=dict)

    @property
    def may_be_inside(self) -> bool:
        return len(self.word) >= INFIX_LENGTH and "." not in self.word

    @property
    def elsewhere(self) -> int | None:
        """How many have it not at the beginning of a word; None when the vocabulary was not asked."""
        return None if self.inside is None else self.inside + self.nearby

    @property
    def patients(self) -> int:
        others = (self.begun - self.exact) * (_NOT_LOOKED_AT if self.begins_many else 1)
        return self.exact + others + (self.inside or 0) + self.nearby


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


async def look_up(connection: AsyncConnection, words: Sequence[Sought], fuzzy: bool) -> None:
    """Ask the vocabulary about all words at once."""
    for word in words:
        word.inside = 0  # a short one stays so
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
                word.begun, word.begins_many = int(df), some == _LOOKED_AT
            case "inside":
                word.inside = int(df) * (_NOT_LOOKED_AT if some == _LOOKED_AT else 1)
            case _ if word.word not in token and token not in word.near:
                level = level_of_spelling(word.word, token)
                if level is not None:
                    word.near[token] = level
                    word.nearby += df


def _questions(word: Sought, place: int, fuzzy: bool, values: dict[str, Any]) -> Iterable[str]:
    first, end = f":first{place}", f":end{place}"
    values |= {f"first{place}": word.word, f"end{place}": word.word + AFTER}
    vocabulary = (
        f"FROM search_vocab WHERE token >= {first} AND token < {end} ORDER BY token LIMIT {_LOOKED_AT}"
    )
    yield f"SELECT {place}, 'exact', token, 1, df FROM search_vocab WHERE token = {first}"
    yield (
        f"SELECT {place}, 'begun', '', COUNT(*), COALESCE(SUM(df), 0) "
        f"FROM (SELECT df {vocabulary}) AS v{place}"
    )
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
