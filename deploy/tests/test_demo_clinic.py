"""`make run DEMO=1`: a new clinic that looks as if it had been at work for weeks, and only a new one."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from testkit.clinic import RunningClinic

pytestmark = [pytest.mark.slow, pytest.mark.servers]

Json = dict[str, Any]


@pytest.fixture(scope="module")
def clinic(start_clinic: Callable[..., RunningClinic]) -> RunningClinic:
    return start_clinic({"DEMO": "1"})


@pytest.fixture
def admin(clinic: RunningClinic) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=clinic.base_url, timeout=30, trust_env=False) as client:
        credentials = {"email": clinic.admin_email, "password": clinic.admin_password}
        client.headers["Authorization"] = (
            f"Bearer {client.post('/api/login', json=credentials).json()['token']}"
        )
        yield client


def calendar(admin: httpx.Client, weeks_ahead: int) -> list[Json]:
    today = datetime.now(ZoneInfo("Europe/Madrid")).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks_ahead)
    week = {"start": str(monday), "end": str(monday + timedelta(days=7))}
    return list(admin.get("/api/appointments", params=week).json()["member"])


def test_weeks_are_full_behind_and_filling_ahead(admin: httpx.Client) -> None:
    booked = [
        sum(each["type"] != "gap" and each["status"] != "cancelled" for each in calendar(admin, weeks))
        for weeks in (-1, 0, 1)
    ]
    assert booked[0] > 60
    assert booked[1] > 50
    assert 25 < booked[2] < booked[1]
    assert any(each["type"] == "gap" for each in calendar(admin, 1))
    assert any(each["type"] == "other" for each in calendar(admin, 0))
    assert any(each["seriesId"] for each in calendar(admin, 0))
    last_week = {each["status"] for each in calendar(admin, -1) if each["type"] == "appointment"}
    assert last_week == {"attended", "missed"}


@pytest.mark.parametrize(
    ("path", "at_least"),
    [
        ("/api/practitioners", 4),
        ("/api/time-off", 2),
        ("/api/patients", 36),
        ("/api/invoices", 12),
    ],
)
def test_there_is_something_on_every_screen(admin: httpx.Client, path: str, at_least: int) -> None:
    assert admin.get(path).json()["totalItems"] >= at_least


def test_sessions_are_written_up(admin: httpx.Client) -> None:
    attended = next(each for each in calendar(admin, -1) if each["status"] == "attended")
    known = {each["patientId"] for each in calendar(admin, -1) if each["patientId"]}
    records = [admin.get("/api/records", params={"patientId": id_}).json()["totalItems"] for id_ in known]
    assert attended["patientId"] in known
    assert sum(records) > 20


def test_the_staff_sign_in_as_the_terminal_says(clinic: RunningClinic) -> None:
    said = clinic.terminal.read_text()
    password = said.split("Their password:")[1].split()[0]
    for account in ("lucia", "ana", "luis", "carme"):
        assert f"{account}@clinica.example" in said
        credentials = {"email": f"{account}@clinica.example", "password": password}
        answer = httpx.post(f"{clinic.base_url}/api/login", json=credentials, trust_env=False)
        assert answer.status_code == 200


def test_a_clinic_that_has_been_filled_stays_as_it_is(clinic: RunningClinic, admin: httpx.Client) -> None:
    before = admin.get("/api/patients").json()["totalItems"]
    clinic.stop()
    clinic.start()
    assert "stays as it is" in clinic.terminal.read_text()
    credentials = {"email": clinic.admin_email, "password": clinic.admin_password}
    token = admin.post("/api/login", json=credentials).json()["token"]
    again = admin.get("/api/patients", headers={"Authorization": f"Bearer {token}"})
    assert again.json()["totalItems"] == before
