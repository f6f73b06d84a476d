"""`make run` as its owner meets it: starting, stopping, starting again, and what it says when it cannot."""

import os
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from testkit.clinic import START, ClinicDidNotStart, RunningClinic
from testkit.servers import free_port
from testkit.waiting import wait_until

PARTS = ("redis", "identity", "patients", "scheduling", "billing", "gateway")


@pytest.fixture(scope="module")
def clinic(start_clinic: Callable[..., RunningClinic]) -> RunningClinic:
    return start_clinic()


def _start(clinic: RunningClinic, **changed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, START],
        env={**clinic.environment, **changed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _sign_in(clinic: RunningClinic, password: str) -> httpx.Response:
    credentials = {"email": clinic.admin_email, "password": password}
    return httpx.post(f"{clinic.base_url}/api/login", json=credentials, trust_env=False)


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_every_part_is_a_process_of_its_own(clinic: RunningClinic) -> None:
    assert sorted(clinic.pids()) == sorted(PARTS)


def test_the_admin_whose_password_was_given_signs_in(clinic: RunningClinic) -> None:
    assert _sign_in(clinic, clinic.admin_password).status_code == 200


def test_a_changed_event_is_found_by_the_verifier(clinic: RunningClinic) -> None:
    assert _verify(clinic) == (0, 4)
    with sqlite3.connect(clinic.data_dir / "identity.db") as identity:
        kept = identity.execute("SELECT payload FROM event_store WHERE seq = 1").fetchone()
        identity.execute("UPDATE event_store SET payload = '{}' WHERE seq = 1")
        identity.commit()
        assert _verify(clinic) == (1, 3)
        identity.execute("UPDATE event_store SET payload = ? WHERE seq = 1", kept)
        identity.commit()
    assert _verify(clinic) == (0, 4)


def _verify(clinic: RunningClinic) -> tuple[int, int]:
    """How the command ended, and how many logs it found whole."""
    verified = subprocess.run(
        [sys.executable, START.with_name("verify.py")],
        env=clinic.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return verified.returncode, verified.stdout.count('"whole": true')


def test_a_second_clinic_on_the_same_data_is_refused(clinic: RunningClinic) -> None:
    second = _start(clinic, PORT=str(free_port()))
    assert second.returncode == 1
    assert f"{clinic.data_dir} is in use by a clinic that runs already" in second.stdout


def test_a_port_in_use_is_named(clinic: RunningClinic, tmp_path: Path) -> None:
    second = _start(clinic, DATA_DIR=str(tmp_path))
    assert second.returncode == 1
    assert f"port {clinic.port} of 127.0.0.1: Address already in use" in second.stdout


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_named(clinic: RunningClinic, tmp_path: Path, port: str) -> None:
    refused = _start(clinic, DATA_DIR=str(tmp_path), PORT=port)
    assert refused.returncode == 1
    assert f"not '{port}'" in refused.stdout


def test_the_secrets_are_for_the_owners_eyes_only(clinic: RunningClinic) -> None:
    assert stat.S_IMODE((clinic.data_dir / "secrets.env").stat().st_mode) == 0o600
    assert all(len(secret) >= 32 for secret in clinic.secrets.values())


def test_no_log_holds_a_secret_or_a_password(clinic: RunningClinic) -> None:
    said = clinic.log_tails(characters=1_000_000)
    assert clinic.admin_password not in said
    assert not [name for name, secret in clinic.secrets.items() if secret in said]


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back_by_itself(clinic: RunningClinic, part: str) -> None:
    killed = clinic.kill(part)
    wait_until(lambda: clinic.pids().get(part, killed) != killed, f"{part} runs again")
    clinic.wait_until_ready()


def test_two_clinics_run_side_by_side(
    clinic: RunningClinic, start_clinic: Callable[..., RunningClinic]
) -> None:
    other = start_clinic()
    assert clinic.is_ready()
    assert other.is_ready()
    assert set(clinic.pids().values()).isdisjoint(other.pids().values())
    other.stop()


def test_stopping_ends_every_process_and_starting_again_keeps_users_and_secrets(
    clinic: RunningClinic,
) -> None:
    pids, secrets = clinic.pids(), clinic.secrets
    clinic.stop()
    assert clinic.process.returncode == 0
    assert all(_gone(pid) for pid in pids.values())

    clinic.start()
    assert clinic.secrets == secrets
    assert _sign_in(clinic, clinic.admin_password).status_code == 200


def test_nothing_outlives_a_killed_start(clinic: RunningClinic) -> None:
    pids = clinic.pids()
    clinic.process.kill()
    clinic.process.wait()
    wait_until(lambda: all(_gone(pid) for pid in pids.values()), "every part has ended")
    clinic.start()


def test_the_first_start_shows_a_one_time_password_and_keeps_it_nowhere(
    start_clinic: Callable[..., RunningClinic],
) -> None:
    clinic = start_clinic({"ADMIN_PASSWORD": ""})
    shown = re.search(r"One-time password: +(\S+)", clinic.terminal.read_text())
    assert shown
    assert _sign_in(clinic, shown[1]).status_code == 200
    kept = [file for file in clinic.data_dir.rglob("*") if file.is_file() and file != clinic.terminal]
    assert not [file for file in kept if shown[1].encode() in file.read_bytes()]
    clinic.stop()


def test_a_part_that_cannot_start_has_the_last_word(start_clinic: Callable[..., RunningClinic]) -> None:
    with pytest.raises(ClinicDidNotStart, match=r"(?s)app_accent_colour.*gateway did not get ready"):
        start_clinic({"APP_ACCENT_COLOUR": "reddish"})


def test_a_database_that_cannot_be_had_is_named(start_clinic: Callable[..., RunningClinic]) -> None:
    nowhere = f"mariadb+asyncmy://nobody@127.0.0.1:{free_port()}/billing"
    with pytest.raises(ClinicDidNotStart, match="billing: the database could not be prepared"):
        start_clinic({"BILLING_DATABASE_URL": nowhere})
