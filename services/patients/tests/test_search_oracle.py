"""Search against the plainest reading of its rules: everybody's every word compared with every typed one."""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from patients.adapters import search_index, tables
from patients.adapters.sql import SqlWork
from patients.domain.patient import ClinicalBackground, Particulars, Patient, Status
from patients.domain.search import IndexCard, index_card, words_sought
from patients.queries.search import found_patients
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.pagination import PageWish

NOW = datetime(2026, 1, 7, 9, tzinfo=UTC)
Place = tuple[Any, ...]

FIRST = [
    "Ana",
    "Anna",
    "Mariana",
    "Mª José",
    "José María",
    "Joan",
    "Hernán",
    "Bernardo",
    "Fernando",
    "Yolanda",
]
LAST = [
    "García",
    "Garica",
    "Gracia",
    "Vázquez",
    "Bázquez",
    "Hernández",
    "Fernández",
    "Fernandes",
    "d'Ors",
    "de la O",
]
LAST += [
    "López",
    "Lopes",
    "Llorente",
    "Yorente",
    "Jiménez",
    "Giménez",
    "Núñez-Ortiz",
    "Ñíguez",
    "Wałęsa",
    "Anaana",
]
PHONES = [None, "600 11 22 33", "+34 600 112 234", "911223344", "+33 600112233"]
PIECES = [*FIRST, *LAST, "de la O", "Ñíguez", "100%", "_", "1"]
TAX_IDS = [None, "12345678Z", "X1234567L", "87654321X"]
MAILS = [None, "ana.garcia@example.com", "jose_lopez82@gmail.com", "lgarcia@ana.es", "600@x.es", "o.o@o.o"]


def sounds(word: str) -> str:
    """Spanish ears, letter by letter."""
    heard, i = "", 0
    silent = "".join(c for n, c in enumerate(word) if c != "h" or (n and word[n - 1] == "c"))
    while i < len(silent):
        two, c = silent[i : i + 2], silent[i]
        if two == "ll":
            heard, i = heard + "y", i + 2
            continue
        soft = two[1:] in ("e", "i")
        heard += {"v": "b", "z": "s", "c": "s" if soft else "c", "g": "j" if soft else "g"}.get(c, c)
        i += 1
    return heard


def edits(one: str, other: str) -> int:
    """Wrong, missing, extra or swapped letters between two words."""
    table = [[max(i, j) if not (i and j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def places(typed: str, word: str, is_name: bool, fuzzy: bool) -> list[Place]:
    """Each way in which a word is what was typed; the smallest is the best."""
    if word == typed:
        return [(0, word)]
    if word.startswith(typed):
        return [(1, word)]
    if typed in word:
        starts = [match.start() for match in re.finditer(f"(?={re.escape(typed)})", word)]
        plain = len(typed) >= 3 and "." not in word
        return [(2, word[start:], word) for start in starts if plain]
    if not (fuzzy and is_name and len(typed) >= 4 and typed.isalpha()):
        return []
    if sounds(typed[:20]) == sounds(word[:20]):
        return [(3, word)]
    wrong = min(edits(typed[:20], word[:20]), edits(sounds(typed[:20]), sounds(word[:20])))
    if wrong == 1 or (wrong == 2 and len(typed) >= 8 and len(word) >= 6):
        return [(3 + wrong, word)]
    return []


def best(typed: str, card: IndexCard, fuzzy: bool) -> Place | None:
    return min(
        (p for word in card.words for p in places(typed, word, word in card.names, fuzzy)), default=None
    )


class Oracle:
    """The registry as a list."""

    def __init__(self, cards: Sequence[IndexCard]) -> None:
        self._cards = cards

    def found(self, typed: str, fuzzy: bool, status: Status | None) -> dict[int, tuple[int, Place]]:
        """Level and place in the order of a search of one word, by short number."""
        hits: dict[int, tuple[int, Place]] = {}
        words = words_sought(typed)
        for card in self._cards:
            if status is not None and card.active != (status is Status.ACTIVE):
                continue
            matches = [best(word, card, fuzzy) for word in words]
            if matches and None not in matches:
                level = max(match[0] for match in matches if match)
                hits[card.number] = (level, (matches[0], card.sort_key, card.number))
        return hits


letters = st.text("abcgjhlsvyzñ' ", min_size=1, max_size=9).filter(str.strip)
people = st.builds(
    Particulars,
    first_name=st.sampled_from(FIRST) | letters,
    last_name=st.lists(st.sampled_from(LAST) | letters, min_size=1, max_size=3).map(" ".join),
    phone=st.sampled_from(PHONES),
    tax_id=st.sampled_from(TAX_IDS),
    email=st.sampled_from(MAILS),
    status=st.sampled_from(Status),
)


@st.composite
def searches(draw: st.DrawFn) -> str:
    """A piece of what somebody is called, maybe misspelled; or of two."""
    words = []
    for _ in range(draw(st.integers(1, 3))):
        word = draw(
            st.sampled_from([*FIRST, *LAST, *filter(None, [*PHONES, *TAX_IDS, *MAILS]), "100%", "_", "1"])
        )
        start = draw(st.sampled_from([0, 0, 0, 1, 2]))
        word = word[start : draw(st.sampled_from([None, None, start + 2, start + 4]))]
        at = draw(st.integers(0, len(word)))
        letter = draw(st.sampled_from("abgjvhz"))
        misspelled = [word, word, word[:at] + word[at + 1 :], word[:at] + letter + word[at + 1 :]]
        misspelled += [word[:at] + letter + word[at:], word[:at] + word[at : at + 2][::-1] + word[at + 2 :]]
        words.append(draw(st.sampled_from(misspelled)))
    return " ".join(words)


def examples(number: int) -> Callable[[Any], Any]:
    calm = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(
        max_examples=number,
        phases=[Phase.generate],  # what fails is small enough to be read
        deadline=None,
        suppress_health_check=calm,
        derandomize=True,
    )


async def in_a_transaction(database: Database, look: Callable[[SqlWork], Awaitable[None]]) -> None:
    """What is registered meanwhile is gone afterwards."""
    async with database.writing() as connection:
        await look(SqlWork(connection, Origin(), NOW))


async def register(work: SqlWork, particulars: Particulars) -> Patient:
    """Two people never share an address."""
    number = await work.patients.next_number()
    mail = f"{number}{particulars.email}" if particulars.email else None
    taken = Particulars(**(vars(particulars) | {"email": mail}))
    patient = Patient.register(number, taken, ClinicalBackground(), NOW, NOW.date())
    await work.patients.add(patient)
    return patient


@examples(25)
@given(
    registry=st.lists(people, min_size=1, max_size=12),
    typed=st.lists(searches(), min_size=4, max_size=8),
    fuzzy=st.booleans(),
    status=st.sampled_from([None, None, *Status]),
)
async def test_a_search_finds_whom_the_oracle_finds_as_well_as_it_does(
    database: Database, registry: list[Particulars], typed: list[str], fuzzy: bool, status: Status | None
) -> None:
    async def look(work: SqlWork) -> None:
        patients = [await register(work, one) for one in registry]
        oracle = Oracle([index_card(one.number, one.particulars) for one in patients])
        for search in typed:
            listed = await found_patients(work.connection, search, fuzzy, status, PageWish(1, 50))
            numbers = [row["number"] for row in listed.rows]
            expected = oracle.found(search, fuzzy, status)
            assert sorted(numbers) == sorted(expected), search
            levels = [expected[number][0] for number in numbers]
            assert levels == sorted(levels), search
            if len(words_sought(search)) == 1:
                assert numbers == sorted(expected, key=lambda number: expected[number][1]), search
            assert (listed.total, listed.total_exact, listed.has_next) == (len(expected), True, False)

    await in_a_transaction(database, look)


async def index(connection: AsyncConnection) -> list[list[tuple[object, ...]]]:
    kept = (tables.search_token, tables.search_vocab, tables.search_suffix, tables.search_delete)
    return [sorted(map(tuple, await connection.execute(select(table)))) for table in kept]


@examples(20)
@given(
    registry=st.lists(people, min_size=1, max_size=6),
    changes=st.lists(st.tuples(st.integers(0, 5), people | st.none()), max_size=12),
)
async def test_whatever_was_changed_the_index_is_as_if_built_anew(
    database: Database, registry: list[Particulars], changes: list[tuple[int, Particulars | None]]
) -> None:
    async def look(work: SqlWork) -> None:
        patients = {place: await register(work, one) for place, one in enumerate(registry)}
        for place, new in changes:
            patient = patients.get(place)
            if patient is None:
                continue
            if new is None:
                await search_index.forget_patient(work.connection, patient.number)
                gone = tables.patients.c.id == patient.id
                await work.connection.execute(tables.patients.delete().where(gone))
                del patients[place]
            else:
                changed = Particulars(**(vars(new) | {"email": None}))
                patient.change(changed, patient.background, NOW, NOW.date())
                await work.patients.save(patient)
        kept = await index(work.connection)
        assert await search_index.rebuild(work.connection) == len(patients)
        assert await index(work.connection) == kept

    await in_a_transaction(database, look)


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [("goms", "gomes", 1), ("garica", "garcia", 1), ("ab", "ba", 1), ("kitten", "sitting", 3), ("a", "", 1)],
)
def test_the_oracle_counts_wrong_letters(one: str, other: str, wrong: int) -> None:
    assert edits(one, other) == edits(other, one) == wrong
