"""Registries of many patients to measure on, loaded once and kept under var/bench for the next run."""

import asyncio
import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, make_url, select
from sqlalchemy.schema import CreateIndex, CreateTable

from demo.loading import Load, run
from demo.people import invent
from patients.adapters.tables import metadata, patients
from patients.domain.search import index_card, spelling_keys, suffixes
from patients.main import PatientsSettings, migrate
from shared_kernel.chassis.database import Database
from testkit.databases import CHARACTERS, run_statements
from testkit.servers import MariaDbServer

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "bench"
SEED = 1

BUFFER_POOL = "4G"
"""A million patients and their index fit in, as they would on the machine of a clinic that has so many."""

_BATCH = 20_000
_DRIFT = 0.05
"""Measuring registers patients too; beyond this share of them the registry is loaded anew."""


class KeptMariaDb(MariaDbServer):
    """A MariaDB as the tests have it, but with room for a million patients and files that stay."""

    def __init__(self) -> None:
        super().__init__()
        self.directory.rmdir()
        self.directory = KEPT / "mariadb"
        self.directory.mkdir(parents=True, exist_ok=True)

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _command(self) -> list[str]:
        return [
            *super()._command(),
            f"--innodb-buffer-pool-size={BUFFER_POOL}",
            "--innodb-log-file-size=1G",
            "--max-allowed-packet=64M",
        ]


@contextmanager
def sqlite_registries() -> Iterator["Registries"]:
    """A file for each size."""
    KEPT.mkdir(parents=True, exist_ok=True)
    yield SqliteRegistries()


@contextmanager
def mariadb_registries() -> Iterator["Registries"]:
    """A schema for each size in one server."""
    with KeptMariaDb() as server:
        yield MariaDbRegistries(server.url, server.process.pid)


class Registries(ABC):
    """Where the registry of each size is. What other code has loaded is removed."""

    pids: tuple[int, ...] = ()
    """The database's own processes."""

    def loaded(self, size: int) -> str:
        """The URL of a registry with that many patients. A load that was broken off is continued."""
        prefix = f"patients_{size}_"
        name = prefix + version()
        self._remove_all_but(name, prefix)
        url = self._url(name)
        present = asyncio.run(_prepared(url))
        if present > size * (1 + _DRIFT):
            self._remove_all_but("", prefix)
            return self.loaded(size)
        if present < size:
            _load(url, size, size - present)
        return url

    @abstractmethod
    def _url(self, name: str) -> str: ...

    @abstractmethod
    def _remove_all_but(self, name: str, prefix: str) -> None: ...


class SqliteRegistries(Registries):
    """Files."""

    def _url(self, name: str) -> str:
        return f"sqlite+aiosqlite:///{KEPT / name}.db"

    def _remove_all_but(self, name: str, prefix: str) -> None:
        for file in KEPT.glob(f"{prefix}*"):
            if not name or not file.name.startswith(name):
                file.unlink()


class MariaDbRegistries(Registries):
    """Schemas."""

    def __init__(self, server_url: str, pid: int) -> None:
        self._server_url = server_url
        self.pids = (pid,)

    def _url(self, name: str) -> str:
        if not (KEPT / "mariadb" / "data" / name).exists():
            run_statements(self._server_url, f"CREATE DATABASE {name} {CHARACTERS}")
        return make_url(self._server_url).set(database=name).render_as_string(hide_password=False)

    def _remove_all_but(self, name: str, prefix: str) -> None:
        for folder in (KEPT / "mariadb" / "data").glob(f"{prefix}*"):
            if folder.name != name:
                run_statements(self._server_url, f"DROP DATABASE {folder.name}")


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
