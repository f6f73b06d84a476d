"""Registries of many patients to measure on."""

import asyncio
import hashlib
import os
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.schema import CreateIndex, CreateTable

from demo.loading import Load, run
from demo.people import invent
from kept import SEED, Kept
from patients.adapters.tables import metadata, patients
from patients.domain.search import index_card, spelling_keys, suffixes
from patients.main import PatientsSettings, migrate
from shared_kernel.chassis.database import Database

_BATCH = 20_000
_DRIFT = 0.05
"""Measuring registers patients too; beyond this share of them the registry is loaded anew."""


def registry(kept: Kept, size: int) -> str:
    """The URL of a registry with that many patients. A load that was broken off is continued; what other
    code has loaded is removed."""
    prefix = f"patients_{size}_"
    name = prefix + version()
    kept.remove_all_but(name, prefix)
    url = kept.url(name)
    present = asyncio.run(_prepared(url))
    if present > size * (1 + _DRIFT):
        kept.remove_all_but("", prefix)
        return registry(kept, size)
    if present < size:
        _load(url, size, size - present)
    return url


def _load(url: str, size: int, missing: int) -> None:
    def progress(loaded: int, seconds: float) -> None:
        there = size - missing + loaded
        print(f"\rloading {size:,}: {there:,}, {loaded / seconds:,.0f} per second ", end="", flush=True)

    load = Load(url, missing, SEED, datetime.now(UTC), PatientsSettings().clinic_time, batch=_BATCH)
    run(load, progress)
    print()


async def _prepared(url: str) -> int:
    """How many patients there are, once the schema is up to date."""
    os.environ["PATIENTS_DATABASE_URL"] = url
    await migrate()
    database = Database(url)
    async with database.reading() as connection:
        count = int((await connection.execute(select(func.count()).select_from(patients))).scalar_one())
    await database.close()
    return count


def version() -> str:
    """Changes with the tables, the people and what the search keeps of them: then the registry is another."""
    digest = hashlib.sha256()
    for table in metadata.sorted_tables:
        digest.update(str(CreateTable(table)).encode())
        digest.update(repr(sorted(str(CreateIndex(index)) for index in table.indexes)).encode())
    for number in range(1, 500):
        person = invent(SEED, number, date(2020, 1, 1), date(2026, 1, 1)).particulars
        card = index_card(number, person)
        kept = [(word, sorted(suffixes(word)), sorted(spelling_keys(word))) for word in sorted(card.words)]
        digest.update(repr((person, card.sort_key, kept, sorted(card.names))).encode())
    return digest.hexdigest()[:8]
