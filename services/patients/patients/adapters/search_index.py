"""Keeps the search index beside the patients, in their own transactions (docs/decisions/0006)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Dialect, Insert, RowMapping, Table, delete, insert, select, tuple_
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters.tables import (
    patient_numbers,
    patients,
    search_delete,
    search_index_version,
    search_suffix,
    search_token,
    search_vocab,
)
from patients.domain.patient import Particulars, Status
from patients.domain.search import IndexCard, index_card, spelling_keys, suffixes
from shared_kernel.chassis.upsert import upsert

VERSION = 1
"""To be raised when the words of a patient are made in another way: `migrate` then builds the index anew."""

_A_STATEMENT = 500
_A_BATCH = 5_000

T = TypeVar("T")


async def index_patients(connection: AsyncConnection, cards: Iterable[IndexCard]) -> None:
    """Make patients who are not in the index found. Several thousand at once go fastest."""
    await _exchange(connection, [], list(cards))


async def reindex_patient(connection: AsyncConnection, card: IndexCard) -> None:
    """Make a patient, whose row the transaction has locked, found by what is on the card and nothing else."""
    before = await _indexed(connection, card.number)
    if before != [card]:
        await _exchange(connection, before, [card])


async def forget_patient(connection: AsyncConnection, number: int) -> None:
    """Let no search find the patient any more, whose row the transaction has locked."""
    await _exchange(connection, await _indexed(connection, number), [])


async def rebuild(connection: AsyncConnection) -> int:
    """Build the index anew from the patients; how many there are. Searches see the old one until the
    commit; nobody registers or changes a patient meanwhile."""
    await connection.execute(select(patient_numbers.c.last).with_for_update())
    await connection.execute(select(patients.c.number).with_for_update())
    for table in (search_token, search_vocab, search_suffix, search_delete):
        await connection.execute(delete(table))
    last, indexed = 0, 0
    while rows := await _patients_after(connection, last):
        await index_patients(connection, [_card(row) for row in rows])
        last, indexed = rows[-1]["number"], indexed + len(rows)
    made = {"version": VERSION}
    await upsert(connection, search_index_version, ["id"], {"id": 1, **made}, made)
    return indexed


async def rebuild_when_outdated(connection: AsyncConnection) -> None:
    """Build the index anew if its words are not made as they are today."""
    if (await connection.execute(select(search_index_version.c.version))).scalar() != VERSION:
        await rebuild(connection)


async def _indexed(connection: AsyncConnection, number: int) -> list[IndexCard]:
    """The card of a patient, who is always found by the short number; none of one who is not in the index."""
    row = select(search_token).where(search_token.c.token == str(number), search_token.c.number == number)
    return [_card_of(*found[1:]) for found in await connection.execute(row)]


def _text(card: IndexCard) -> str:
    """All words of the patient, so that a row answers a search of several: ` 54 jose munoz |jose|munoz|`.
    They are in the order of the index; those joined by dots come last, their parts before."""
    words = sorted(card.words, key=lambda word: ("." in word, word))
    return f" {' '.join(words)} |{'|'.join(sorted(card.names))}|"


def _card_of(sort_key: str, number: int, active: bool, text: str) -> IndexCard:
    words, names = text.split(" |")
    return IndexCard(
        number, sort_key, active, frozenset(words.split()), frozenset(filter(None, names.split("|")))
    )


def _rows_of(cards: Iterable[IndexCard]) -> list[tuple[str, str, int, bool, str]]:
    rows = []
    for card in cards:
        text = _text(card)
        rows += [(word, card.sort_key, card.number, card.active, text) for word in card.words]
    return sorted(rows)


async def _exchange(
    connection: AsyncConnection, gone: Iterable[IndexCard], come: Iterable[IndexCard]
) -> None:
    """Everything in the order of its key, so that concurrent changes never wait in a ring."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for cards, step in ((gone, -1), (come, 1)):
        for card in cards:
            for word in card.words:
                counts[word][0] += step
            for word in card.names:
                counts[word][1] += step
    key = tuple_(search_token.c.token, search_token.c.sort_key, search_token.c.number)
    for some in _slices(_rows_of(gone)):
        await connection.execute(delete(search_token).where(key.in_([row[:3] for row in some])))
    await _insert(connection, search_token, _rows_of(come))
    await _count(connection, {word: counts[word] for word in sorted(counts) if any(counts[word])})


async def _count(connection: AsyncConnection, changed: dict[str, list[int]]) -> None:
    if not changed:
        return
    await _many(
        connection, _raise_counts, search_vocab, [(word, df, names) for word, (df, names) in changed.items()]
    )
    born: list[str] = []
    dead: list[str] = []
    named: list[str] = []
    unnamed: list[str] = []
    for some in _slices(list(changed)):
        counted = select(search_vocab).where(search_vocab.c.token.in_(some))
        for word, df, names in await connection.execute(counted):
            if df == 0:
                dead.append(word)
            elif df == changed[word][0]:
                born.append(word)
            if names == 0 > changed[word][1]:
                unnamed.append(word)
            elif names == changed[word][1] > 0:
                named.append(word)
    await _insert(connection, search_suffix, _rows(suffixes, born))
    await _insert(connection, search_delete, _rows(spelling_keys, named))
    for some in _slices(dead):
        await connection.execute(delete(search_vocab).where(search_vocab.c.token.in_(some)))
    await _remove(connection, search_suffix, _rows(suffixes, dead))
    await _remove(connection, search_delete, _rows(spelling_keys, unnamed))


def _rows(keys: Callable[[str], set[str]], words: Iterable[str]) -> list[tuple[str, str]]:
    return sorted((key, word) for word in words for key in keys(word))


Statement = Callable[[Table, str], Insert]
"""(table, name of the dialect) → what is to be done with each row."""


def _raise_counts(vocab: Table, dialect: str) -> Insert:
    if dialect == "sqlite":
        row = sqlite.insert(vocab)
        counts = {name: vocab.c[name] + row.excluded[name] for name in ("df", "names")}
        return row.on_conflict_do_update(index_elements=["token"], set_=counts)
    line = mysql.insert(vocab)
    return line.on_duplicate_key_update(
        {name: vocab.c[name] + line.inserted[name] for name in ("df", "names")}
    )


def _add(table: Table, dialect: str) -> Insert:
    return insert(table)


async def _insert(connection: AsyncConnection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    await _many(connection, _add, table, rows)


@cache
def _compiled(statement: Statement, table: Table, dialect: Dialect) -> str:
    columns = [str(column.name) for column in table.columns]
    return str(statement(table, dialect.name).compile(dialect=dialect, column_keys=columns))


async def _many(
    connection: AsyncConnection, statement: Statement, table: Table, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Straight to the driver: SQLAlchemy would take longer over each row than the database."""
    text = _compiled(statement, table, connection.dialect)
    for some in _slices(rows, _A_BATCH):
        await connection.exec_driver_sql(text, list(some))


async def _remove(connection: AsyncConnection, table: Table, rows: Sequence[tuple[str, str]]) -> None:
    for some in _slices(rows):
        await connection.execute(delete(table).where(tuple_(*table.c).in_(some)))


def _slices(rows: Sequence[T], size: int = _A_STATEMENT) -> Iterator[Sequence[T]]:
    return (rows[first : first + size] for first in range(0, len(rows), size))


_PARTICULARS = tuple(field.name for field in fields(Particulars))


async def _patients_after(connection: AsyncConnection, number: int) -> Sequence[RowMapping]:
    columns = [patients.c.number, *(patients.c[name] for name in _PARTICULARS)]
    some = select(*columns).where(patients.c.number > number, patients.c.erased_at.is_(None))
    batch = some.order_by(patients.c.number).limit(_A_BATCH)
    return (await connection.execute(batch)).mappings().all()


def _card(row: RowMapping) -> IndexCard:
    particulars = {name: row[name] for name in _PARTICULARS} | {"status": Status(row["status"])}
    return index_card(row["number"], Particulars(**particulars))
