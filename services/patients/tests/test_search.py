"""Whom the desk finds by what it types, and in which order; the same on both databases."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import select

from patients.adapters import search_index, tables
from patients.adapters.sql import SqlWork
from patients.domain.patient import ClinicalBackground, Particulars, Patient, Status
from patients.main import MIGRATIONS
from patients.queries.search import COUNTED, found_patients
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.pagination import Listed, PageWish
from testkit.service import ServiceClient, migrated
from testkit.statements import statements

NOW = datetime(2026, 1, 7, 9, tzinfo=UTC)


def person(first: str, last: str, **others: object) -> Particulars:
    return Particulars(first_name=first, last_name=last, **others)  # type: ignore[arg-type]


REGISTRY = {
    "jose": person(
        "José", "Gómez Núñez", phone="600 11 22 33", tax_id="12.345.678-Z", email="jose.gomez@example.com"
    ),
    "mjose": person("Mª José", "Muñoz García", phone="+34 600 112 234", email="mj_munoz82@gmail.com"),
    "maria": person("María José", "Muñoz Gracia", phone="0034 600 112 235"),
    "carmen": person("M.ª del Carmen", "Sáez de la Hoz", phone="(91) 122 33 44"),
    "dors": person("Eugeni", "d'Ors i Rovira", email="eugeni.dors@example.cat"),
    "sinead": person("Sinéad", "O’Connor", phone="+353 1 234 5678", tax_id="PA-123456"),
    "torre": person("Ana", "de la Torre Núñez-Ortiz", tax_id="87654321X"),
    "fran": person("Françoise", "Peña Calçada", phone="+33 6 12 34 56 78"),
    "laura": person("Laura", "Vázquez Jiménez", phone="655–123–456", tax_id="X-1234567-L"),
    "hernan": person("Hernán", "Hernández Fernández", email="hhf@hernandez.es"),
    "ana": person("Ana", "García López", phone="722 33 44 55"),
    "anabel": person("Anabel", "García Lopera", email="anabel@lopera.org"),
    "mariana": person("Mariana", "López Garcilaso"),
    "joan": person("Joan", "Puigdomènech Gal·la"),
    "lukasz": person("Łukasz", "Wałęsa-Øster", tax_id="ZK 123/456"),
    "jesus": person("Jesús", "Chávez Llera", status=Status.INACTIVE),
    "benito": person("Benito", "Vergara Valle", phone="911 22 33 55 / 600 99 88 77", status=Status.INACTIVE),
    "percent": person("Ana_Belén", "Cien%", email="100%@example.com"),
    "arab": person("محمد", "العربي"),
    "goico": person("Covadonga", "Goicoechea Etxeberria"),
    "li": person("Li", "Wu"),
    "martin": person("Martín", "Martínez Marín"),
    "marta": person("Marta", "Martín Gil", phone="600112233 madre"),
    "zoe": person("Zoë", "Straße Weiß"),
    "ximena": person("Ximena", "Hoyos Zurita", tax_id="B-12345674"),
}
KEYS = dict(enumerate(REGISTRY, 1))

AS_TYPED = [
    ("jose", "jose mjose maria"),
    ("JOSÉ", "jose mjose maria"),
    ("josé gómez", "jose"),
    ("gomez jose", "jose"),
    ("gómez núñez josé", "jose"),
    ("nunez", "torre jose"),
    ("nuñez", "torre jose"),
    ("NUÑEZ", "torre jose"),
    ("nun", "torre jose"),
    ("unez", "torre jose"),
    ("muñoz", "mjose maria"),
    ("munoz", "mjose maria"),
    ("muñoz garcia", "mjose"),
    ("garcia muñoz", "mjose"),
    ("mª jose", "mjose maria"),
    ("m.ª josé", "mjose maria"),
    ("maria jose", "mjose maria"),
    ("Mª", "mjose maria carmen mariana"),
    ("ma jose", "mjose maria"),
    ("ma", "mjose maria carmen mariana martin marta"),
    ("maria del carmen", "carmen"),
    ("m.ª carmen", "carmen"),
    ("carmen", "carmen"),
    ("de la hoz", "carmen"),
    ("de la", "torre carmen"),
    ("hoz de", "carmen"),
    ("saez hoz", "carmen"),
    ("d'ors", "dors"),
    ("d’ors", "dors"),
    ("dors", "dors"),
    ("d´ors", "dors"),
    ("ors", "dors"),
    ("d ors", "dors"),
    ("rovira dors", "dors"),
    ("eugeni i", "dors"),
    ("o'connor", "sinead"),
    ("o’connor", "sinead"),
    ("oconnor", "sinead"),
    ("o connor", "sinead"),
    ("connor", "sinead"),
    ("onno", "sinead"),
    ("torre", "torre"),
    ("de la torre", "torre"),
    ("la torre ana", "torre"),
    ("nunez-ortiz", "torre"),
    ("nuñez ortiz", "torre"),
    ("ortiz", "torre"),
    ("nunezortiz", ""),
    ("peña", "fran"),
    ("pena", "fran"),
    ("calçada", "fran"),
    ("calcada", "fran"),
    ("calz", ""),
    ("françoise", "fran"),
    ("francoise peña", "fran"),
    ("oise", "fran"),
    ("vazquez", "laura"),
    ("vázquez jiménez", "laura"),
    ("jimenez laura", "laura"),
    ("lau vaz", "laura"),
    ("hernan", "hernan"),
    ("hernandez", "hernan"),
    ("hernan hernandez", "hernan"),
    ("hern fern", "hernan"),
    ("nandez", "hernan"),
    ("ernan", "hernan"),
    ("ana", "percent torre ana anabel mariana"),
    ("ana garcia", "ana anabel"),
    ("garcia ana", "ana anabel"),
    ("ana g", "ana anabel mariana"),
    ("an", "percent torre ana anabel"),
    ("lop", "anabel ana mariana"),
    ("lopez", "ana mariana"),
    ("lopera", "anabel"),
    ("garc", "anabel ana mjose mariana"),
    ("arci", "anabel ana mjose mariana"),
    ("garcia lop", "anabel ana"),
    ("puigdomenech", "joan"),
    ("puigdomènech", "joan"),
    ("galla", "joan"),
    ("gal·la", "joan"),
    ("gal la", ""),
    ("lukasz", "lukasz"),
    ("łukasz", "lukasz"),
    ("walesa", "lukasz"),
    ("wałęsa", "lukasz"),
    ("oster", "lukasz"),
    ("øster", "lukasz"),
    ("walesa-oster", "lukasz"),
    ("chavez", "jesus"),
    ("llera", "jesus"),
    ("vergara", "benito"),
    ("strasse", "zoe"),
    ("straße", "zoe"),
    ("weiss", "zoe"),
    ("WEISS", "zoe"),
    ("zoe", "zoe"),
    ("zoë", "zoe"),
    ("محمد", "arab"),
    ("العربي", "arab"),
    ("li", "li"),
    ("wu", "li"),
    ("li wu", "li"),
    ("wu li", "li"),
    ("l", "torre carmen laura li jesus anabel ana mariana lukasz"),
    ("mart", "marta martin"),
    ("martin", "marta martin"),
    ("marin", "martin"),
    ("martin martinez", "martin"),
    ("gil martin", "marta"),
    ("600112233", "jose marta"),
    ("600 11 22 33", "jose marta"),
    ("600-11-22-33", "jose marta"),
    ("+34 600 11 22 33", "jose marta"),
    ("+34600112233", "jose marta"),
    ("0034600112233", "jose marta"),
    ("34600112233", "jose marta"),
    ("(600) 112233", "jose marta"),
    ("600.112.233", "jose marta"),
    ("600 112 2", "jose marta mjose maria"),
    ("6001122", "jose marta mjose maria"),
    ("112233", "jose marta carmen benito"),
    ("911223344", "carmen"),
    ("91 122 33 44", "carmen"),
    ("+34 911 22 33 55", "benito"),
    ("600998877", "benito"),
    ("655123456", "laura"),
    ("655 12 34 56", "laura"),
    ("655–123–456", "laura"),
    ("+34 655‑123‑456", "laura"),
    ("655·123·456", "laura"),
    ("600 99 88", "benito"),
    ("12345678", "jose fran sinead"),
    ("+33 612345678", "fran"),
    ("33 6 12 34 56 78", "fran"),
    ("612345678", "fran"),
    ("+353 1 234 5678", "sinead"),
    ("12345678z", "jose"),
    ("12345678-Z", "jose"),
    ("12.345.678-Z", "jose"),
    ("12.345.678 z", "jose"),
    ("12345678 z", "jose"),
    ("12.345", "jose laura sinead lukasz ximena fran"),
    ("x1234567l", "laura"),
    ("X-1234567-L", "laura"),
    ("x 1234567 l", "laura"),
    ("x-1234", "laura"),
    ("1234567", "jose ximena fran sinead laura"),
    ("b12345674", "ximena"),
    ("b-12345674", "ximena"),
    ("pa123456", "sinead"),
    ("pa-123456", "sinead"),
    ("zk123456", "lukasz"),
    ("zk 123 456", "lukasz"),
    ("87654321x", "torre"),
    ("5", "dors"),
    ("#5", "dors"),
    ("#12", "anabel jose"),
    ("12", "anabel jose"),
    ("25", "ximena"),
    ("26", ""),
    ("jose.gomez@example.com", "jose"),
    ("jose.gomez@", "jose"),
    ("gomez@example", "jose"),
    ("gomez", "jose"),
    ("mj_munoz82@gmail.com", "mjose"),
    ("mj.munoz82@gmail.com", "mjose"),
    ("munoz82", "mjose"),
    ("unoz82", "mjose"),
    ("munoz82@gm", "mjose"),
    ("@gmail.com", "mjose"),
    ("gmail", "mjose"),
    ("example.com", "percent jose"),
    ("example", "percent dors jose"),
    ("@example.cat", "dors"),
    ("hhf@hernandez.es", "hernan"),
    ("anabel@", "anabel"),
    ("anabel@lopera.org", "anabel"),
    ("%", ""),
    ("_", ""),
    ("mu%oz", ""),
    ("%ana%", "percent torre ana anabel mariana"),
    ("ana_belen", "percent"),
    ("ana belen", "percent"),
    ("cien%", "percent"),
    ("cien", "percent"),
    ("100%", "percent"),
    ("100%@example.com", "percent"),
    ("'", ""),
    ('"', ""),
    (";drop", ""),
    ("  ana   garcia  ", "ana anabel"),
    ("ANA GARCÍA", "ana anabel"),
    ("jose xyz", ""),
    ("xyz", ""),
    ("zz", ""),
    ("a", "percent torre ana anabel"),
    ("maria 600", "mjose maria"),
    ("garcia 722", "ana"),
    ("ana 87654321x", "torre"),
    ("muñoz 234", "mjose"),
    ("600 muñoz", "mjose maria"),
    ("weis stras", "zoe"),
    ("gomez 12345678z", "jose"),
    ("goicoechea etxeberria covadonga", "goico"),
    ("gracia", "maria"),
    ("graci", "maria"),
    ("maria gracia", "maria"),
    ("rci", "anabel ana mjose mariana"),
    ("aci", "maria"),
    ("600", "jose marta mjose maria benito"),
    ("600 112", "jose marta mjose maria"),
    ("+34 677", ""),
    ("+34 6", "sinead jose marta mjose maria benito laura"),
    ("+34", ""),
    ("0034 91", "carmen benito"),
    ("112 234", "mjose"),
]
MISSPELLED = [
    ("%", ""),
    ("' _", ""),
    ("goms", "jose"),
    ("gomes", "jose"),
    ("gomz", "jose"),
    ("gmez", "jose"),
    ("gomezz", "jose"),
    ("ogmez", "jose"),
    ("Garica", "anabel ana mjose"),
    ("garcai", "anabel ana mjose"),
    ("gracia", "maria anabel ana mjose"),
    ("garzia", "anabel ana mjose maria"),
    ("carcia", "anabel ana mjose"),
    ("Bázquez", "laura"),
    ("basques", "laura"),
    ("vasquez", "laura"),
    ("vazqez", "laura"),
    ("vazquezz", "laura"),
    ("bazques laura", "laura"),
    ("Muños", "mjose maria"),
    ("munnoz", "mjose maria"),
    ("munos garcia", "mjose maria"),
    ("ernandez", "hernan"),
    ("hernandes", "hernan"),
    ("fernandes", "hernan"),
    ("fernndez", "hernan"),
    ("hernadez", "hernan"),
    ("jimenes", "laura"),
    ("gimenez", "laura"),
    ("jimenz", "laura"),
    ("lopes", "ana mariana"),
    ("lopec", "ana mariana"),
    ("martines", "martin marta"),
    ("martim", "marta martin"),
    ("yera", "jesus"),
    ("llera", "jesus"),
    ("chabes", "jesus"),
    ("havez", "jesus"),
    ("saes", "carmen"),
    ("ois", "fran"),
    ("hoyos", "ximena"),
    ("oyos", "ximena"),
    ("goicoetxea", "goico"),
    ("goikoechea", "goico"),
    ("goicochea", "goico"),
    ("etxeverria", "goico"),
    ("echeverria", "goico"),
    ("etxebarria", "goico"),
    ("covandonga", "goico"),
    ("kobadonga", "goico"),
    ("jos", "jose mjose maria"),
    ("jsoe", "jose mjose maria zoe"),
    ("ana", "percent torre ana anabel mariana"),
    ("anna", "percent torre ana"),
    ("wu", "li"),
    ("liu", ""),
    ("600112234", "mjose"),
    ("600112239", ""),
    ("benito bergara", "benito"),
    ("vergara baye", "benito"),
    ("peña fransoise", "fran"),
    ("conor", "sinead"),
    ("oconor", "sinead"),
    ("o'conor", "sinead"),
    ("dorss", "dors"),
    ("torrre ana", "torre"),
    ("ana tore", "torre"),
    ("laura vaskez", ""),
    ("garica ana", "anabel ana"),
    ("anabel garica lopera", "anabel"),
    ("hernandes hernan", "hernan"),
    ("straße", "zoe"),
    ("strase", "zoe"),
    ("محمدد", "arab"),
    ("xyzw", ""),
]
"""What is typed, and who is found in this order."""


async def register(database: Database, *people: Particulars) -> None:
    async with database.writing() as connection:
        work = SqlWork(connection, Origin(), NOW)
        for one in people:
            number = await work.patients.next_number()
            new = Patient.register(number, one, ClinicalBackground(), NOW, NOW.date())
            await work.patients.add(new)
        await work.commit()


async def found(
    database: Database,
    search: str,
    *,
    fuzzy: bool = False,
    status: Status | None = None,
    page: int = 1,
    size: int = 50,
) -> Listed:
    async with database.reading() as connection:
        return await found_patients(connection, search, fuzzy, status, PageWish(page, size))


def keys(listed: Listed) -> str:
    return " ".join(KEYS[row["number"]] for row in listed.rows)


@pytest_asyncio.fixture(scope="module")
async def registry(
    fresh_database: Callable[[], AbstractContextManager[str]],
) -> AsyncIterator[Database]:
    with fresh_database() as url:
        async with migrated(url, MIGRATIONS):
            database = Database(url)
            await register(database, *REGISTRY.values())
            yield database
            await database.close()


@pytest.mark.parametrize(("typed", "expected"), AS_TYPED)
async def test_the_desk_finds_what_it_types(registry: Database, typed: str, expected: str) -> None:
    listed = await found(registry, typed)
    assert keys(listed) == expected
    assert (listed.total, listed.total_exact) == (len(expected.split()), True)


@pytest.mark.parametrize(("typed", "expected"), MISSPELLED)
async def test_the_desk_finds_what_it_misspells(registry: Database, typed: str, expected: str) -> None:
    assert keys(await found(registry, typed, fuzzy=True)) == expected


@pytest.mark.parametrize("typed", ["goms", "Garica", "Bázquez", "laura vaskes", "etxeverria"])
async def test_a_misspelling_finds_nobody_unless_asked_for(registry: Database, typed: str) -> None:
    assert keys(await found(registry, typed)) == ""


@pytest.mark.parametrize(
    ("typed", "status", "expected"),
    [
        ("600", Status.ACTIVE, "jose marta mjose maria"),
        ("600", Status.INACTIVE, "benito"),
        ("vergara valle", Status.ACTIVE, ""),
        ("vergara valle", Status.INACTIVE, "benito"),
        ("lera", Status.INACTIVE, "jesus"),
        ("bergara", Status.INACTIVE, "benito"),
        ("bergara", Status.ACTIVE, ""),
    ],
)
async def test_a_status_is_asked_for(registry: Database, typed: str, status: Status, expected: str) -> None:
    assert keys(await found(registry, typed, fuzzy=True, status=status)) == expected


@pytest.mark.parametrize(
    "typed", ["a", "ma", "ana", "arci", "maria", "garcia ana", "600", "mar 600", "gracia"]
)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_pages_put_together_are_the_whole(registry: Database, typed: str, size: int) -> None:
    whole = await found(registry, typed, fuzzy=True)
    numbers, page, more = [], 0, True
    while more:
        page += 1
        listed = await found(registry, typed, fuzzy=True, page=page, size=size)
        assert (listed.total, listed.total_exact) == (whole.total, True)
        numbers += [row["number"] for row in listed.rows]
        more = listed.has_next
    assert numbers == [row["number"] for row in whole.rows]
    beyond = await found(registry, typed, fuzzy=True, page=page + 1, size=size)
    assert (list(beyond.rows), beyond.has_next, beyond.total) == ([], False, whole.total)


async def test_a_page_no_search_reaches_is_empty(registry: Database) -> None:
    listed = await found(registry, "ana", page=1_000_000, size=200)
    assert (list(listed.rows), listed.has_next, listed.total) == ([], False, 5)


@pytest.mark.parametrize("typed", [typed for typed, _ in AS_TYPED[::9]])
@pytest.mark.parametrize(("page", "size"), [(1, 1), (1, 15), (2, 2), (9, 15)])
async def test_a_search_takes_three_statements_at_most(
    registry: Database, typed: str, page: int, size: int
) -> None:
    with statements(registry) as given:
        await found(registry, typed, fuzzy=True, page=page, size=size)
    assert len(given) <= 3


async def test_many_are_counted_only_so_far(database: Database) -> None:
    await register(database, *(person("Ana", f"Gil {n}") for n in range(COUNTED + 1)))
    for typed in ("ana", "gil ana", "an gi"):
        listed = await found(database, typed, size=2)
        assert (listed.total, listed.total_exact, listed.has_next) == (COUNTED, False, True)
    last = await found(database, "ana", page=COUNTED + 1, size=1)
    assert (last.rows[0]["full_name"], last.has_next) == (f"Ana Gil {99}", False)


async def test_a_change_is_found_at_once_and_what_was_before_is_not(service: ServiceClient) -> None:
    async with service.as_("ROLE_USER") as user:
        path = (await user.post("/api/patients", json={"firstName": "Ana", "lastName": "Gómez"})).headers[
            "location"
        ]

        async def names(**asked: object) -> list[str]:
            answer = await user.get("/api/patients", params=asked)
            return [patient["fullName"] for patient in answer.json()["member"]]

        assert await names(search="goms", fuzzy=True) == ["Ana Gómez"]
        await user.patch(path, json={"lastName": "Vázquez", "status": "inactive"})
        assert await names(search="bazques", fuzzy=True) == ["Ana Vázquez"]
        for gone in ("gomez", "ome"):
            assert await names(search=gone) == []
        assert await names(search="gomes", fuzzy=True) == []
        assert await names(search="vaz", status="active") == []
        assert await names(search="vaz", status="inactive") == ["Ana Vázquez"]


async def index_of(database: Database) -> list[list[tuple[object, ...]]]:
    """All rows of the index."""
    kept = (tables.search_token, tables.search_vocab, tables.search_suffix, tables.search_delete)
    async with database.reading() as connection:
        return [sorted(map(tuple, await connection.execute(select(table)))) for table in kept]


async def rebuilt(database: Database) -> int:
    async with database.writing() as connection:
        patients = await search_index.rebuild(connection)
        await connection.commit()
    return patients


async def test_a_rebuilt_index_is_the_one_there_was(database: Database) -> None:
    await register(database, *REGISTRY.values())
    kept = await index_of(database)
    assert await rebuilt(database) == len(REGISTRY)
    assert await index_of(database) == kept
    assert await rebuilt(database) == len(REGISTRY)
    assert await index_of(database) == kept


async def test_a_lost_index_is_built_when_the_service_is_migrated(database: Database) -> None:
    await register(database, *REGISTRY.values())
    kept = await index_of(database)
    async with database.writing() as connection:
        await connection.execute(tables.search_token.delete())
        await search_index.rebuild_when_outdated(connection)
        await connection.commit()
    assert (await index_of(database))[0] == kept[0]
    async with database.writing() as connection:
        await connection.execute(tables.search_token.delete())
        await search_index.rebuild_when_outdated(connection)
        await connection.commit()
    assert (await index_of(database))[0] == []


@pytest.mark.slow
async def test_changes_at_once_leave_a_whole_index(database: Database, service: ServiceClient) -> None:
    chosen = random.Random(3)  # noqa: S311 - the same changes each time
    names = ["Ana", "José", "Mª Luz", "García", "Muñoz", "d'Ors", "de la O", "Zurita"]

    def name() -> dict[str, str]:
        return {"firstName": chosen.choice(names), "lastName": " ".join(chosen.sample(names, 2))}

    async with service.as_("ROLE_USER") as user:
        made = await asyncio.gather(
            *(user.post("/api/patients", json=name() | {"force": True}) for _ in range(12))
        )
        paths = [answer.headers["location"] for answer in made]
        for _ in range(4):
            answers = await asyncio.gather(
                *(user.patch(path, json=name()) for path in paths for _ in range(2))
            )
            assert {answer.status_code for answer in answers} == {200}
    kept = await index_of(database)
    assert await rebuilt(database) == len(paths)
    assert await index_of(database) == kept


SURNAMES = [
    "García",
    "Rodríguez",
    "González",
    "Fernández",
    "López",
    "Martínez",
    "Sánchez",
    "Pérez",
    "Gómez",
    "Martín",
    "Jiménez",
    "Ruiz",
    "Hernández",
    "Díaz",
    "Moreno",
    "Muñoz",
    "Álvarez",
    "Romero",
    "Alonso",
    "Gutiérrez",
    "Navarro",
    "Torres",
    "Domínguez",
    "Vázquez",
    "Ramos",
    "Gil",
    "Ramírez",
    "Serrano",
]
FORENAMES = [
    "María",
    "Antonio",
    "José",
    "Manuel",
    "Francisco",
    "Carmen",
    "Juan",
    "Ana",
    "David",
    "Javier",
    "Isabel",
    "Laura",
    "Pilar",
    "Cristina",
]


def misspelled(word: str, chosen: random.Random) -> str:
    at, letter = chosen.randrange(len(word) - 1), chosen.choice("abcdefghijklmnopqrstuvwxyz")
    wrong, missing = word[:at] + letter + word[at + 1 :], word[:at] + word[at + 1 :]
    doubled, swapped = word[:at] + word[at] + word[at:], word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return chosen.choice([wrong, missing, doubled, swapped])


@pytest.mark.slow
async def test_who_is_misspelled_is_among_the_first_five(database: Database) -> None:
    chosen = random.Random(5)  # noqa: S311 - the same people each time
    names = [(chosen.choice(FORENAMES), *chosen.sample(SURNAMES, 2)) for _ in range(200)]
    await register(database, *(person(first, f"{one} {other}") for first, one, other in names))
    hits = 0
    for name in names:
        at = chosen.choice([place for place, word in enumerate(name) if len(word) >= 4])
        typed = " ".join([*name[:at], misspelled(name[at], chosen), *name[at + 1 :]])
        listed = await found(database, typed, fuzzy=True, size=5)
        hits += " ".join(name) in [row["full_name"] for row in listed.rows]
    assert hits >= 0.95 * len(names)
