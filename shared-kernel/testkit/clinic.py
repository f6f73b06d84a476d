"""The whole clinic, started for tests just as `make run` starts it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from xmlrpc.client import ServerProxy

import httpx
from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

from testkit.servers import LOOPBACK, free_port
from testkit.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
START = ROOT / "deploy" / "start.py"
SCREENS = ROOT / "frontend" / "dist" / "index.html"
START_SECONDS = 240
STOP_SECONDS = 30
MACHINE_NAMES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


class ClinicDidNotStart(RuntimeError):
    """Carries the end of what start.py and every part had to say."""


class RunningClinic:
    """One clinic on a free port; the environment given is its whole configuration, nothing leaks in."""

    admin_email = "admin@clinic.test"
    admin_password = "a long password for tests"

    def __init__(self, data_dir: Path, environment: Mapping[str, str] | None = None) -> None:
        if not SCREENS.exists():
            raise ClinicDidNotStart("the screens are not built: run `make setup` first")
        self.data_dir = data_dir
        self.port = free_port()
        self.base_url = f"http://{LOOPBACK}:{self.port}"
        self.environment = {name: os.environ[name] for name in MACHINE_NAMES if name in os.environ} | {
            "PORT": str(self.port),
            "DATA_DIR": str(data_dir),
            "ADMIN_EMAIL": self.admin_email,
            "ADMIN_PASSWORD": self.admin_password,
            **(environment or {}),
        }
        self.start()

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "log"

    @property
    def secrets(self) -> dict[str, str]:
        """What start.py generated: HEALTH_CHECK_TOKEN and the others by name."""
        lines = (self.data_dir / "secrets.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def start(self) -> None:
        """Start and return once every part is ready; also used to start again on the same files."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.terminal.open("ab") as terminal:
            self.process = subprocess.Popen(
                [sys.executable, str(START)],
                env=self.environment,
                stdout=terminal,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until(self._started, "the clinic is ready", seconds=START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """What Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(STOP_SECONDS)

    def pids(self) -> dict[str, int]:
        """The process of each part: redis, identity, patients, scheduling, billing, gateway."""
        return {name: part["pid"] for name, part in self._parts().items() if part["pid"]}

    def kill(self, part: str) -> int:
        """kill -9 one part; answers the process id that is no more."""
        pid = self.pids()[part]
        os.kill(pid, signal.SIGKILL)
        return pid

    def take_down(self, part: str) -> None:
        """kill -9 one part, which its supervisor has been told to leave down."""
        known = self._parts()[part]
        with self._supervisor() as supervisor:
            supervisor.supervisor.stopProcess(f"{known['group']}:{part}", False)
        with suppress(ProcessLookupError):
            os.kill(known["pid"], signal.SIGKILL)
        wait_until(lambda: part not in self.pids(), f"{part} is down")

    def bring_back(self, part: str) -> None:
        """Start a part that was taken down, and return once every part is ready."""
        with self._supervisor() as supervisor:
            supervisor.supervisor.startProcess(f"{self._parts()[part]['group']}:{part}")
        self.wait_until_ready()

    def is_ready(self) -> bool:
        """Every part says so, through the front door."""
        token = self.secrets["HEALTH_CHECK_TOKEN"]
        try:
            reply = httpx.get(
                f"{self.base_url}/api/health/ready",
                headers={"Authorization": f"Bearer {token}"},
                timeout=5,
                trust_env=False,
            )
        except httpx.TransportError:
            return False
        return reply.is_success

    def wait_until_ready(self) -> None:
        wait_until(self.is_ready, "every part is ready again", seconds=START_SECONDS)

    def log_tails(self, characters: int = 2000) -> str:
        files = [self.terminal, *sorted(self.log_dir.glob("*.log"))]
        return "\n".join(
            f"--- {file.name}\n{file.read_text(errors='replace')[-characters:]}"
            for file in files
            if file.exists()
        )

    @property
    def terminal(self) -> Path:
        """What the person at the terminal has seen."""
        return self.data_dir / "terminal.txt"

    def _parts(self) -> dict[str, dict[str, Any]]:
        with self._supervisor() as supervisor:
            parts = cast("list[dict[str, Any]]", supervisor.supervisor.getAllProcessInfo())
        return {part["name"]: part for part in parts}

    def _supervisor(self) -> Any:
        transport = SupervisorTransport(None, None, self._running["supervisor"])
        return ServerProxy("http://supervisor", transport=transport)

    @property
    def _running_file(self) -> Path:
        return self.data_dir / "running.json"

    @property
    def _running(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self._running_file.read_text()))

    def _started(self) -> bool:
        if self.process.poll() is not None:
            raise ClinicDidNotStart(self.log_tails())
        return self._running_file.exists() and self._running["pid"] == self.process.pid
