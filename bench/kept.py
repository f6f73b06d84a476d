"""Databases to measure on, loaded once and kept under var/bench for the next run."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from testkit.databases import CHARACTERS, run_statements
from testkit.servers import MariaDbServer

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "bench"
SEED = 1

BUFFER_POOL = "4G"
"""A million patients and their index fit in, as they would on the machine of a clinic that has so many."""


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
def kept_in_sqlite() -> Iterator["Kept"]:
    """A file for each."""
    KEPT.mkdir(parents=True, exist_ok=True)
    yield KeptFiles()


@contextmanager
def kept_in_mariadb() -> Iterator["Kept"]:
    """A schema for each in one server."""
    with KeptMariaDb() as server:
        yield KeptSchemas(server.url, server.process.pid)


SERVERS = {"sqlite": kept_in_sqlite, "mariadb": kept_in_mariadb}


class Kept(ABC):
    """Where the databases are, by name."""

    pids: tuple[int, ...] = ()
    """The database's own processes."""

    @abstractmethod
    def url(self, name: str) -> str:
        """Of the database with this name, which is made when there is none."""

    @abstractmethod
    def remove_all_but(self, name: str, prefix: str) -> None:
        """Remove those whose names begin with the prefix, except one."""


class KeptFiles(Kept):
    """Files."""

    def url(self, name: str) -> str:
        return f"sqlite+aiosqlite:///{KEPT / name}.db"

    def remove_all_but(self, name: str, prefix: str) -> None:
        for file in KEPT.glob(f"{prefix}*"):
            if not name or not file.name.startswith(name):
                file.unlink()


class KeptSchemas(Kept):
    """Schemas."""

    def __init__(self, server_url: str, pid: int) -> None:
        self._server_url = server_url
        self.pids = (pid,)

    def url(self, name: str) -> str:
        if not (KEPT / "mariadb" / "data" / name).exists():
            run_statements(self._server_url, f"CREATE DATABASE {name} {CHARACTERS}")
        return make_url(self._server_url).set(database=name).render_as_string(hide_password=False)

    def remove_all_but(self, name: str, prefix: str) -> None:
        for folder in (KEPT / "mariadb" / "data").glob(f"{prefix}*"):
            if folder.name != name:
                run_statements(self._server_url, f"DROP DATABASE {folder.name}")
