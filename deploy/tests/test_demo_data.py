"""A loaded registry is in every respect as if its people had been registered one by one."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select

import scheduling.main
from demo.loading import Load, Progress, RealPatients, refuse_real_patients, run
from patients.adapters import search_index
from patients.adapters.tables import (
    patients,
    records,
    search_delete,
    search_suffix,
    search_token,
    search_vocab,
)
from patients.main import MIGRATIONS, PatientsSettings, build_app
from scheduling.adapters.tables import attendees
from scheduling.subscribers import SUBSCRIPTIONS
from shared_kernel.chassis import event_store, schema
from shared_kernel.chassis.consumer import Consumer, Page
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail
from testkit.clinic import ROOT
from testkit.databases import fresh_file
from testkit.service import NOBODY_LISTENS, ServiceClient, emptied, migrated, serving
from testkit.tokens import SigningKey

pytestmark = pytest.mark.slow

SEARCH_TABLES = (search_token, search_vocab, search_suffix, search_delete)


@pytest_asyncio.fixture(scope="module")
async def schema_url(fresh_database: Callable[[], AbstractContextManager[str]]) -> AsyncIterator[str]:
    with fresh_database() as url:
        async with migrated(url, MIGRATIONS) as ready:
            yield ready


@pytest_asyncio.fixture
async def database(schema_url: str) -> AsyncIterator[Database]:
    """Empty at first; at the end its log must be whole."""
    async with emptied(schema_url) as empty:
        yield empty


@pytest_asyncio.fixture(scope="module")
async def running_service(
    schema_url: str, signing_key: SigningKey, token_for: Callable[..., str]
) -> AsyncIterator[ServiceClient]:
    async def keys() -> dict[str, object]:
        return dict(signing_key.jwks)

    settings = PatientsSettings(database_url=schema_url, redis_url=NOBODY_LISTENS)
    async with serving(build_app(settings, keys), token_for) as client:
        yield client


@pytest.fixture
def service(database: Database, running_service: ServiceClient) -> ServiceClient:
    return running_service


async def _load(
    database: Database,
    count: int,
    batch: int = 40,
    audited: bool = True,
    progress: Progress = lambda loaded, seconds: None,
) -> None:
    url = database.url.render_as_string(hide_password=False)
    clinic_time = PatientsSettings().clinic_time
    load = Load(url, count, 1, datetime.now(UTC), clinic_time, audited, batch)
    await asyncio.to_thread(run, load, progress)


async def _register(service: ServiceClient, last_name: str) -> dict[str, Any]:
    async with service.as_("ROLE_USER") as client:
        answer = await client.post("/api/patients", json={"firstName": "Zoila", "lastName": last_name})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def _found(service: ServiceClient, search: str) -> list[str]:
    async with service.as_("ROLE_USER") as client:
        answer = await client.get("/api/patients", params={"search": search, "itemsPerPage": 200})
    return [member["fullName"] for member in answer.json()["member"]]


async def _rows(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(select(*columns).order_by(*columns))]


async def test_numbers_have_no_hole(database: Database) -> None:
    await _load(database, 100)
    assert await _rows(database, patients.c.number) == [(number,) for number in range(1, 101)]


async def test_who_is_registered_afterwards_gets_the_next_number_and_is_found(
    database: Database, service: ServiceClient
) -> None:
    await _load(database, 60)
    assert (await _register(service, "Ybarrondo"))["number"] == 61
    assert await _found(service, "ybarron") == ["Zoila Ybarrondo"]


async def test_everyone_loaded_is_found_by_name(database: Database, service: ServiceClient) -> None:
    await _load(database, 60)
    for (name,) in await _rows(database, patients.c.full_name):
        assert name in await _found(service, name)


async def test_the_search_index_is_the_one_that_building_it_anew_gives(database: Database) -> None:
    await _load(database, 200, batch=70)
    loaded = [await _rows(database, *table.c) for table in SEARCH_TABLES]
    async with database.writing() as connection:
        await search_index.rebuild(connection)
        await connection.commit()
    assert loaded == [await _rows(database, *table.c) for table in SEARCH_TABLES]
    assert all(loaded)


async def test_every_row_is_audited_unless_the_clinic_audits_nothing(database: Database) -> None:
    await _load(database, 50)
    kept = len(await _rows(database, patients.c.id)) + len(await _rows(database, records.c.id))
    assert len(await _rows(database, audit_trail.c.id)) == kept
    await _load(database, 50, audited=False)
    assert len(await _rows(database, audit_trail.c.id)) == kept


async def test_a_load_that_was_broken_off_goes_on_where_it_ended(database: Database) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(loaded: int, seconds: float) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        await _load(database, 80, batch=10, progress=interrupt)
    loaded = len(await _rows(database, patients.c.id))
    assert loaded in range(10, 80, 10)
    await _load(database, 80 - loaded)
    columns = patients.c.number, patients.c.full_name, patients.c.email, patients.c.tax_id
    broken_off = await _rows(database, *columns)
    await schema.empty(database)
    await _load(database, 80)
    assert await _rows(database, *columns) == broken_off


async def test_a_clinic_with_patients_of_its_own_is_told_from_one_of_invented_people(
    database: Database, service: ServiceClient
) -> None:
    await _load(database, 10)
    await refuse_real_patients(database)
    await _register(service, "Real")
    with pytest.raises(RealPatients):
        await refuse_real_patients(database)


async def test_people_are_registered_while_others_are_loaded(
    database: Database, service: ServiceClient
) -> None:
    loading = asyncio.create_task(_load(database, 400, batch=20))
    registered = 0
    while not loading.done():
        await _register(service, "Presente")
        registered += 1
    await loading
    assert registered
    assert await _found(service, "presente")
    assert await _rows(database, patients.c.number) == [(number,) for number in range(1, 401 + registered)]


async def test_other_contexts_hear_of_everyone(database: Database, tmp_path: Path) -> None:
    async def pull(source: str, after: int, limit: int) -> Page:
        async with database.reading() as connection:
            return Page(
                await event_store.head_of(connection),
                await event_store.hash_at(connection, after),
                await event_store.events_after(connection, after, limit),
            )

    await _load(database, 1_100, batch=600)
    subscription = next(s for s in SUBSCRIPTIONS if s.source == "patients")
    with fresh_file(tmp_path) as url:
        async with migrated(url, scheduling.main.MIGRATIONS):
            diary = Database(url)
            await Consumer(subscription, diary, pull).catch_up()
            heard = await _rows(diary, attendees.c.id)
            await diary.close()
    assert heard == await _rows(database, patients.c.id)


async def test_registrations_are_spread_over_the_years_in_the_order_of_the_numbers(
    database: Database,
) -> None:
    await _load(database, 100)
    first, last = (await _rows(database, func.min(patients.c.created_at), func.max(patients.c.created_at)))[0]
    assert last - first > timedelta(days=3_000)
    by_number = await _rows(database, patients.c.number, patients.c.created_at)
    assert sorted(by_number, key=lambda row: row[1]) == by_number


def test_the_command_fills_a_new_clinic_and_says_how_fast(tmp_path: Path) -> None:
    def demo_data(**told: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, ROOT / "deploy" / "demo_data.py"],
            env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **told},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    filled = demo_data(PATIENTS="30")
    assert filled.returncode == 0, filled.stderr
    assert "30 of 30 patients, " in filled.stdout
    assert (tmp_path / "patients.db").exists()
    again = demo_data(PATIENTS="20")
    assert "20 of 20 patients, " in again.stdout
    refused = demo_data(PATIENTS="many")
    assert refused.returncode == 1
    assert "not 'many'" in refused.stderr
