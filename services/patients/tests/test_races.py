"""Whatever many people do to one patient at once, nothing anybody was told is lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import orjson
import pytest
import pytest_asyncio
from httpx import AsyncClient, Response
from sqlalchemy import select

from patients.adapters.tables import access_log
from patients.main import PatientsSettings, build_app
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store
from testkit.service import NOBODY_LISTENS, ServiceClient, serving
from testkit.tokens import SigningKey

pytestmark = pytest.mark.slow

PATH = "/api/patients"
MARIA = {"firstName": "María", "lastName": "Gil", "dateOfBirth": "1985-02-28"}
WRITTEN = {"physiotherapyTreatment": "Masaje"}


@pytest_asyncio.fixture
async def desks(
    service: ServiceClient, schema_url: str, signing_key: SigningKey, token_for: Callable[..., str]
) -> AsyncIterator[list[AsyncClient]]:
    """Two services on one database, as when one is scaled: each with connections of its own."""

    async def keys() -> dict[str, object]:
        return dict(signing_key.jwks)

    settings = PatientsSettings(database_url=schema_url, redis_url=NOBODY_LISTENS)
    async with (
        serving(build_app(settings, keys), token_for) as other,
        service.as_("ROLE_USER") as one,
        other.as_("ROLE_USER") as two,
    ):
        yield [one, two]


async def at_once(calls: list[Awaitable[Response]]) -> list[Response]:
    return list(await asyncio.gather(*calls))


async def registered(desk: AsyncClient) -> str:
    made = await desk.post(PATH, json=MARIA)
    assert made.status_code == 201, made.text
    return made.headers["location"]


async def test_of_a_hundred_editors_of_one_version_one_wins_time_after_time(
    database: Database, desks: list[AsyncClient]
) -> None:
    path = await registered(desks[0])
    for version in range(1, 6):
        seen = {"If-Match": f'"{version}"'}
        answers = await at_once(
            [
                desks[n % 2].patch(path, json={"notes": f"de {n} sobre {version}"}, headers=seen)
                for n in range(100)
            ]
        )
        assert Counter(a.status_code for a in answers) == {200: 1, 412: 99}
        (winner,) = (a.json() for a in answers if a.status_code == 200)
        assert winner["version"] == version + 1
        assert (await desks[1].get(path)).json() == winner
    assert await versions_told(database) == [1, 2, 3, 4, 5, 6]
    await expect_chain(database, "notes", 6)


async def test_editors_who_read_again_when_refused_all_get_their_turn(
    database: Database, desks: list[AsyncClient]
) -> None:
    path = await registered(desks[0])

    async def add_a_line(n: int) -> None:
        desk = desks[n % 2]
        while True:
            seen = await desk.get(path)
            line = f"{seen.json()['notes'] or ''}{n};"
            answer = await desk.patch(path, json={"notes": line}, headers={"If-Match": seen.headers["etag"]})
            if answer.status_code == 200:
                return
            assert answer.status_code == 412, answer.text

    await asyncio.gather(*(add_a_line(n) for n in range(40)))
    last = (await desks[0].get(path)).json()
    assert last["version"] == 41
    assert sorted(map(int, last["notes"].split(";")[:-1])) == list(range(40)), "no line was lost"
    assert await versions_told(database) == list(range(1, 42))
    await expect_chain(database, "notes", 41)


async def test_writers_who_expect_no_version_are_never_refused_and_lose_nothing(
    database: Database, desks: list[AsyncClient]
) -> None:
    path = await registered(desks[0])
    fields = ("phone", "address", "profession", "notes")
    answers = await at_once([desks[n % 2].patch(path, json={fields[n % 4]: f"de {n}"}) for n in range(100)])
    assert Counter(a.status_code for a in answers) == {200: 100}
    assert sorted(a.json()["version"] for a in answers) == list(range(2, 102))
    last = (await desks[0].get(path)).json()
    assert all(last[field] is not None for field in fields)
    for field in fields:
        await expect_chain(database, field, 26)


async def test_of_simultaneous_registrations_of_one_person_one_is_made(
    database: Database, desks: list[AsyncClient]
) -> None:
    answers = await at_once([desks[n % 2].post(PATH, json=MARIA) for n in range(30)])
    assert Counter(a.status_code for a in answers) == {201: 1, 409: 29}
    (made,) = (a.json() for a in answers if a.status_code == 201)
    for refused in (a.json() for a in answers if a.status_code == 409):
        assert refused["type"] == "/problems/patient-likely-duplicate"
        assert [match["id"] for match in refused["matches"]] == [made["id"]]
    following = await desks[0].post(PATH, json=MARIA | {"force": True})
    assert following.json()["number"] == 2, "those who were refused have taken no number"


async def test_of_simultaneous_corrections_of_one_version_one_is_made(desks: list[AsyncClient]) -> None:
    patient = (await registered(desks[0])).rsplit("/", 1)[1]
    written = await desks[0].post("/api/records", json=WRITTEN | {"patientId": patient})
    versions = f"{written.headers['location']}/corrections"
    answers = await at_once(
        [desks[n % 2].post(versions, json=WRITTEN | {"reason": f"de {n}"}) for n in range(30)]
    )
    assert Counter(a.status_code for a in answers) == {201: 1, 409: 29}
    (made,) = (a.json() for a in answers if a.status_code == 201)
    assert {a.json()["latestId"] for a in answers if a.status_code == 409} == {made["id"]}
    listed = (await desks[1].get(versions)).json()["member"]
    assert [version["revision"] for version in listed] == [2, 1]


async def test_correctors_who_take_the_latest_when_refused_make_one_chain(desks: list[AsyncClient]) -> None:
    patient = (await registered(desks[0])).rsplit("/", 1)[1]
    first = (await desks[0].post("/api/records", json=WRITTEN | {"patientId": patient})).json()["id"]

    async def insist(n: int) -> str:
        version = first
        while True:
            body = WRITTEN | {"reason": f"de {n}"}
            answer = await desks[n % 2].post(f"/api/records/{version}/corrections", json=body)
            if answer.status_code == 201:
                return str(answer.json()["id"])
            version = answer.json()["latestId"]

    made = await asyncio.gather(*(insist(n) for n in range(20)))
    page = {"itemsPerPage": 200}
    listed = (await desks[0].get(f"/api/records/{first}/corrections", params=page)).json()["member"]
    assert [version["revision"] for version in listed] == list(range(21, 0, -1))
    assert {version["id"] for version in listed} == {first, *made}
    assert [version["replacesId"] for version in listed] == [*(v["id"] for v in listed[1:]), None]
    assert [version["latest"] for version in listed] == [True, *[False] * 20]


async def test_records_written_at_once_are_numbered_without_twin_or_hole(desks: list[AsyncClient]) -> None:
    patient = (await registered(desks[0])).rsplit("/", 1)[1]
    answers = await at_once(
        [desks[n % 2].post("/api/records", json=WRITTEN | {"patientId": patient}) for n in range(40)]
    )
    assert sorted(a.json()["number"] for a in answers) == list(range(1, 41))


async def test_a_file_opened_by_many_at_once_is_logged_for_each(
    database: Database, desks: list[AsyncClient]
) -> None:
    path = await registered(desks[0])
    answers = await at_once([desks[n % 2].get(path) for n in range(200)])
    assert {a.status_code for a in answers} == {200}
    async with database.reading() as connection:
        logged = (await connection.execute(select(access_log.c.what))).scalars().all()
    assert len(logged) == 201


async def versions_told(database: Database) -> list[int]:
    async with database.reading() as connection:
        query = select(event_store.c.aggregate_version).order_by(event_store.c.seq)
        return list((await connection.execute(query)).scalars())


async def expect_chain(database: Database, field: str, length: int) -> None:
    """Each change of the field began where the one before it ended."""
    async with database.reading() as connection:
        query = select(audit_trail.c.changes).where(audit_trail.c.operation == "updated")
        rows: list[Any] = [orjson.loads(changes) for changes in (await connection.execute(query)).scalars()]
    steps = dict(row[field] for row in rows if field in row)
    value, seen = None, 1
    while value in steps:
        value, seen = steps.pop(value), seen + 1
    assert (seen, steps) == (length, {})
