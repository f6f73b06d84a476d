"""Starts the whole clinic on this machine and stops it again: what `make run` and the tests call."""

import argparse
import ctypes
import fcntl
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any, cast
from xmlrpc.client import Fault, ServerProxy

from dotenv import dotenv_values
from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
LOOPBACK = "127.0.0.1"
SERVICES = ("identity", "patients", "scheduling", "billing")
SECRETS = ("SERVICE_SECRET", "JWT_KEY_PASSPHRASE", "HEALTH_CHECK_TOKEN")
RUNNING = "running.json"
READY_SECONDS = 180
STOP_SECONDS = 25

# Below the range from which outgoing connections take theirs: nobody takes a port while its owner restarts.
PORTS = range(20_000, 32_000)

# No access log: addresses carry what was searched for. Connections outlive the gateway's own patience
# with them, so that it never sends a request into one that is just being closed.
UVICORN_OPTIONS = "--no-access-log --no-server-header --timeout-keep-alive 75 --timeout-graceful-shutdown 8"

PRINTING_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PRINTING_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class CannotRun(Exception):
    """The reason, in words for the person at the terminal."""


def main() -> int:
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, signal.default_int_handler)
    try:
        run_clinic(told_by_the_environment())
    except KeyboardInterrupt:
        say("The clinic has stopped.")
    except CannotRun as reason:
        say(f"The clinic cannot run: {reason}")
        return 1
    return 0


def run_clinic(told: dict[str, str]) -> None:
    """Returns only by an exception: the person's Ctrl-C or what went wrong."""
    data_dir = Path(told.get("DATA_DIR") or ROOT / "var").absolute()
    for folder in (data_dir, data_dir / "log", data_dir / "redis"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with sole_use_of(data_dir) as lock, supervisor_socket() as control:
        (data_dir / RUNNING).unlink(missing_ok=True)
        environment = settings(told, data_dir) | {"SUPERVISOR_SOCKET": str(control)}
        address = free_address(environment["HOST"], environment["PORT"])
        warn_of_missing_printing_libraries()
        say("Preparing the databases ...")
        admin = prepare_databases(environment)
        say("Starting ...")
        with supervised(environment, lock) as supervisord:
            wait_until_ready(supervisord, environment, address)
            staff = fill_demo(environment, address, admin) if told.get("DEMO") else ""
            with announced(data_dir, address, control):
                greet(address, admin, data_dir, chosen_password=bool(told.get("ADMIN_PASSWORD")), staff=staff)
                supervisord.wait()
                raise CannotRun(f"its supervisor ended; see {data_dir / 'log'}")


def settings(told: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """What the parts are told: what we were told, and defaults for the rest."""
    ports = dict(zip(("redis", *SERVICES), free_ports(1 + len(SERVICES)), strict=True))
    defaults = {
        "PORT": "8080",
        "HOST": LOOPBACK,
        "REDIS_URL": f"redis://{LOOPBACK}:{ports['redis']}/0",
        **database_urls(data_dir),
        **kept_secrets(data_dir / "secrets.env"),
    }
    ours = {
        "DATA_DIR": str(data_dir),
        "OWN_REDIS": "false" if told.get("REDIS_URL") else "true",
        "UVICORN_OPTIONS": UVICORN_OPTIONS,
        "LEASH": " ".join(leash()),
        "PATH": os.pathsep.join([str(PROGRAMS), told.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
        **{f"{name.upper()}_PORT": str(port) for name, port in ports.items()},
        **{f"{name.upper()}_URL": f"http://{LOOPBACK}:{ports[name]}" for name in SERVICES},
    }
    return {**told, **{name: told.get(name) or value for name, value in defaults.items()}, **ours}


def database_urls(data_dir: Path) -> dict[str, str]:
    """Where each service keeps its data unless the environment says otherwise."""
    return {f"{name.upper()}_DATABASE_URL": f"sqlite+aiosqlite:///{data_dir / name}.db" for name in SERVICES}


def kept_secrets(file: Path) -> dict[str, str]:
    """Generated at the first start; the keys in the databases are worth nothing without them."""
    if not file.exists():
        lines = "".join(f"{name}={secrets.token_urlsafe(32)}\n" for name in SECRETS)
        _write_whole(file, lines)
    return {name: value for name, value in dotenv_values(file).items() if value}


@contextmanager
def sole_use_of(data_dir: Path) -> Iterator[IO[str]]:
    """Two clinics on the same files would undo each other's work."""
    with (data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                f"{data_dir} is in use by a clinic that runs already."
                " Stop that one, or give this one its own data: make run DATA_DIR=... PORT=..."
            ) from None
        yield lock


@contextmanager
def supervisor_socket() -> Iterator[Path]:
    """In a folder of its own: such a path may have 107 characters at most, and DATA_DIR may have more."""
    with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
        yield Path(folder) / "supervisor.sock"


def free_address(host: str, port: str) -> str:
    """The address people use; refused when it is somebody else's."""
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise CannotRun(f"PORT must be a number from 1 to 65535, not {port!r}")
    try:
        _listen(host, int(port)).close()
    except OSError as refused:
        reason = os.strerror(refused.errno) if refused.errno else str(refused)
        raise CannotRun(f"port {port} of {host}: {reason}. Choose another: make run PORT=8081") from None
    return f"http://{LOOPBACK if ip_address(host).is_unspecified else host}:{port}"


def free_ports(count: int) -> list[int]:
    held: list[socket.socket] = []
    for port in random.sample(PORTS, len(PORTS)):
        try:
            held.append(_listen(LOOPBACK, port))
        except OSError:
            continue
        if len(held) == count:
            break
    ports = [listener.getsockname()[1] for listener in held]
    for listener in held:
        listener.close()
    return ports


def _listen(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port))


def leash() -> list[str]:
    """Makes a process end with the one that started it (Linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def warn_of_missing_printing_libraries() -> None:
    try:
        for library in PRINTING_LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        say(
            "Pango is missing, so no PDF can be made; everything else works. Install it with:\n"
            f"    sudo apt-get install -y {PRINTING_PACKAGES}"
        )


def prepare_databases(environment: Mapping[str, str]) -> dict[str, str]:
    """Answers the first admin when one was made just now."""
    outcome = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "prepare.py")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode != 0:
        raise CannotRun(f"\n{(outcome.stdout + outcome.stderr)[-4000:]}")
    return cast("dict[str, str]", json.loads(outcome.stdout.splitlines()[-1]))


@contextmanager
def supervised(environment: Mapping[str, str], lock: IO[str]) -> Iterator[subprocess.Popen[bytes]]:
    """The parts under their supervisor, out of reach of the terminal's Ctrl-C: we end them, in order.

    It holds the lock too, as its standard input: should we be killed, the data stays ours until it has ended.
    """
    supervisord = subprocess.Popen(
        [
            *leash(),
            sys.executable,
            "-m",
            "supervisor.supervisord",
            "-c",
            str(ROOT / "deploy" / "supervisord.conf"),
        ],
        env={name: value for name, value in environment.items() if name != "ADMIN_PASSWORD"},
        stdin=lock,
        start_new_session=True,
    )
    try:
        yield supervisord
    finally:
        for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(end, signal.SIG_IGN)
        supervisord.terminate()
        try:
            supervisord.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            supervisord.kill()
            supervisord.wait()


def wait_until_ready(
    supervisord: subprocess.Popen[bytes], environment: Mapping[str, str], address: str
) -> None:
    """A part that ends while it starts will not do better the next time: its last words are shown at once."""
    deadline = time.monotonic() + READY_SECONDS
    while not _all_ready(address, environment["HEALTH_CHECK_TOKEN"]):
        failed = _failed_parts(environment["SUPERVISOR_SOCKET"])
        if failed or supervisord.poll() is not None or time.monotonic() > deadline:
            say(_last_words(Path(environment["DATA_DIR"]) / "log", failed))
            raise CannotRun(f"{', '.join(failed) or 'not every part'} did not get ready, see above.")
        time.sleep(0.2)


def _all_ready(address: str, token: str) -> bool:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/api/health/ready", headers={"Authorization": f"Bearer {token}"})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _failed_parts(control: str) -> list[str]:
    try:
        with ServerProxy(
            "http://supervisor", SupervisorTransport(None, None, f"unix://{control}")
        ) as supervisor:
            parts = cast("list[dict[str, Any]]", supervisor.supervisor.getAllProcessInfo())
    except (OSError, Fault):
        return []
    return [part["name"] for part in parts if part["statename"] in ("BACKOFF", "EXITED", "FATAL")]


def _last_words(log_dir: Path, failed: list[str]) -> str:
    files = [log_dir / f"{name}.log" for name in failed] or sorted(log_dir.glob("*.log"))
    return "\n".join(
        f"--- {file}\n{file.read_text(errors='replace')[-3000:]}" for file in files if file.exists()
    )


def fill_demo(environment: Mapping[str, str], address: str, admin: Mapping[str, str]) -> str:
    """Fills a clinic that was made just now; answers how its staff sign in."""
    if not admin:
        say("DEMO fills a new clinic only; this one stays as it is.")
        return ""
    say("Filling the demo clinic ...")
    outcome = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "demo_clinic.py")],
        env={
            **environment,
            "ADDRESS": address,
            "ADMIN_EMAIL": admin["email"],
            "ADMIN_PASSWORD": environment.get("ADMIN_PASSWORD") or admin["password"],
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode != 0:
        raise CannotRun(f"the demo clinic was not filled:\n{outcome.stderr[-4000:]}")
    return outcome.stdout


@contextmanager
def announced(data_dir: Path, address: str, control: Path) -> Iterator[None]:
    """`running.json` tells other programs that all is ready, where, and who supervises it."""
    file = data_dir / RUNNING
    _write_whole(
        file, json.dumps({"address": address, "supervisor": f"unix://{control}", "pid": os.getpid()})
    )
    try:
        yield
    finally:
        file.unlink()


def greet(
    address: str, admin: Mapping[str, str], data_dir: Path, *, chosen_password: bool, staff: str
) -> None:
    lines = [f"The clinic is running at  {address}"]
    if admin:
        lines.append(f"First sign-in:            {admin['email']}")
        if not chosen_password:
            lines.append(f"One-time password:        {admin['password']}   (shown only this once)")
    lines += staff.splitlines()
    lines.append(f"Its data: {data_dir}   Ctrl-C stops it.")
    say("\n" + "\n".join(f"  {line}" for line in lines) + "\n")


def _write_whole(file: Path, text: str) -> None:
    """For our eyes only, and never seen half-written."""
    draft = file.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.rename(file)


def say(words: str) -> None:
    print(words, flush=True)


def told_by_the_environment() -> dict[str, str]:
    """The environment, and behind it the file that `--env-file` names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env-file", type=Path, help="names and values used where the environment has none")
    file = parser.parse_args().env_file
    written = (
        {name: value for name, value in dotenv_values(file).items() if value is not None} if file else {}
    )
    return {**written, **os.environ}


if __name__ == "__main__":
    sys.exit(main())
