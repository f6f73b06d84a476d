"""What every answer carries, and what the log may know."""

import logging

import httpx
import pytest

from gateway.routes import PARTS
from gateway.settings import Settings
from testkit.waiting import eventually

from .conftest import OpenClinic
from .small_clinic import Clinic, bearer

EVERYWHERE = [
    "/",
    "/api/health",
    "/api/patients",
    "/api/nothing",
    "/api/me",
    "/metrics",
    "/assets/missing.js",
]


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_answer_is_safe_to_show_in_a_browser(http: httpx.AsyncClient, path: str) -> None:
    headers = (await http.get(path, headers=bearer() if path == "/api/me" else {})).headers
    policy = {
        name: sources
        for name, _, sources in (
            part.strip().partition(" ") for part in headers["content-security-policy"].split(";")
        )
    }
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers
    assert "strict-transport-security" not in headers


async def test_answers_of_the_api_are_not_stored_unless_their_owner_says_so(
    clinic: Clinic, http: httpx.AsyncClient
) -> None:
    clinic.billing.says(
        "/api/invoices/1/export/pdf", b"%PDF", 200, (b"cache-control", b"private, max-age=60")
    )
    assert (await http.get("/api/patients", headers=bearer())).headers["cache-control"] == "no-store"
    assert (await http.get("/api/patients")).headers["cache-control"] == "no-store"
    kept = await http.get("/api/invoices/1/export/pdf", headers=bearer())
    assert kept.headers.get_list("cache-control") == ["private, max-age=60"]


async def test_an_owner_may_say_a_policy_of_its_own_for_its_page(
    clinic: Clinic, http: httpx.AsyncClient
) -> None:
    own = b"default-src 'none'; style-src 'unsafe-inline'"
    clinic.billing.says("/api/invoices/1/export/html", b"", 200, (b"content-security-policy", own))
    answered = await http.get("/api/invoices/1/export/html", headers=bearer())
    assert answered.headers.get_list("content-security-policy") == [own.decode()]


async def test_an_owners_server_and_date_are_not_repeated(clinic: Clinic, http: httpx.AsyncClient) -> None:
    clinic.patients.says("/api/records/1", b"", 200, (b"server", b"inner"), (b"date", b"yesterday"))
    headers = (await http.get("/api/records/1", headers=bearer())).headers
    assert "server" not in headers
    assert len(headers.get_list("date")) == 1


async def test_the_log_knows_what_was_asked_and_never_by_whom_or_for_whom(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def all_is_logged() -> bool:
        return [record.getMessage() for record in caplog.records].count("request") == 6

    with caplog.at_level(logging.INFO, "gateway"):
        await http.get("/api/patients/0190a000?search=munoz", headers=bearer())
        await http.post("/api/invitations/secret-token", json={"password": "hunter2"})
        await http.post("/api/visits/secret-token/confirmation")
        await http.get("/visit/secret-token")
        await http.get("/api/calendar-feeds/secret-address.ics")
        await http.get("/patients?search=garcia")
        await eventually(all_is_logged, "the last answer is logged, which is done once it was sent")
    lines = [record for record in caplog.records if record.getMessage() == "request"]
    assert [(line.method, line.route, line.status) for line in lines] == [  # type: ignore[attr-defined]
        ("GET", "/api/patients", 200),
        ("POST", "/api/invitations", 200),
        ("POST", "/api/visits", 200),
        ("GET", "/", 503),
        ("GET", "/api/calendar-feeds", 200),
        ("GET", "/", 503),
    ]
    told = str([vars(record) for record in caplog.records])
    assert not any(
        word in told
        for word in ("munoz", "0190a000", "secret-token", "secret-address", "hunter2", "Bearer", "Ana")
    )


async def test_an_error_of_our_own_is_a_problem_that_tells_nothing_inner(
    open_clinic: OpenClinic, caplog: pytest.LogCaptureFixture
) -> None:
    clinic = open_clinic()
    clinic.patients.says("/api/stats/patients", {"totalPatients": {"not": "a number"}})
    async with clinic.client() as http:
        answered = await http.get("/api/dashboard/stats", headers=bearer())
    assert answered.status_code == 500
    assert answered.json()["type"] == "/problems/internal-error"
    assert "number" not in answered.text


def test_settings_that_cannot_be_right_stop_the_start() -> None:
    right = {f"{part}_url": "http://127.0.0.1:1" for part in PARTS}
    assert Settings.model_validate(right)
    for wrong in (
        {"billing_url": "not an address"},
        {"trusted_proxies": "everyone"},
        {"max_in_flight": 0},
        {"default_locale": "fr"},
        {"clinic_timezone": "Nowhere/Land"},
        {"calendar_scroll_time": "25:00"},
        {"app_accent_colour": "red; background: url(x)"},
    ):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Settings.model_validate(right | wrong)
