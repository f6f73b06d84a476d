"""The gateway's own answers, with every part up and with one of them down."""

import json
import subprocess
import sys
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from .conftest import OpenClinic
from .small_clinic import HEALTH_TOKEN, Clinic, bearer, nobody_listens

FIGURES = {
    "totalPatients": 42,
    "appointmentsToday": 7,
    "othersToday": 1,
    "invoicesThisYear": 130,
    "revenueThisMonth": "1234.50",
}


def tell_figures(clinic: Clinic) -> None:
    clinic.patients.says("/api/stats/patients", {"totalPatients": 42})
    clinic.scheduling.says("/api/stats/appointments", {"appointmentsToday": 7, "othersToday": 1})
    clinic.billing.says("/api/stats/invoices", {"invoicesThisYear": 130, "revenueThisMonth": "1234.50"})


async def test_the_dashboard_gathers_the_figures_of_their_owners(open_clinic: OpenClinic) -> None:
    clinic = open_clinic()
    tell_figures(clinic)
    async with clinic.client() as http:
        answered = await http.get("/api/dashboard/stats", headers=bearer())
    assert answered.json() == FIGURES | {"unavailable": []}
    assert answered.headers["cache-control"] == "no-store"


async def test_owners_are_asked_with_the_callers_own_token_and_trace(open_clinic: OpenClinic) -> None:
    clinic = open_clinic()
    seen: dict[str, str] = {}

    async def remembers(scope: Any, receive: Any, send: Any) -> None:
        seen.update({name.decode(): value.decode() for name, value in scope["headers"]})
        await clinic.patients.tell_back(scope, receive, send)

    clinic.patients.answers["/api/stats/patients"] = remembers
    headers = bearer() | {"X-App-Locale": "en", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    async with clinic.client() as http:
        await http.get("/api/dashboard/stats", headers=headers)
    assert seen["authorization"] == headers["Authorization"]
    assert seen["x-app-locale"] == "en"
    assert seen["traceparent"].split("-")[1] == "a" * 32


async def test_a_part_that_is_down_is_null_and_named(open_clinic: OpenClinic) -> None:
    clinic = open_clinic(billing_url=nobody_listens())
    tell_figures(clinic)
    clinic.scheduling.says("/api/stats/appointments", b"", 500)
    async with clinic.client() as http:
        stats = (await http.get("/api/dashboard/stats", headers=bearer())).json()
    assert stats == dict.fromkeys(FIGURES) | {
        "totalPatients": 42,
        "unavailable": ["scheduling", "billing"],
    }


async def test_what_the_caller_may_not_see_is_null_and_nobodys_fault(open_clinic: OpenClinic) -> None:
    clinic = open_clinic()
    tell_figures(clinic)
    clinic.billing.says("/api/stats/invoices", {"status": 403}, 403)
    async with clinic.client() as http:
        stats = (await http.get("/api/dashboard/stats", headers=bearer("ROLE_PRACTITIONER"))).json()
    assert stats == FIGURES | {"invoicesThisYear": None, "revenueThisMonth": None, "unavailable": []}


def entry(number: int, context: str) -> dict[str, Any]:
    return {"id": f"0199{number:04}-0000-7000-8000-000000000000", "context": context}


def tell_changes(part: Any, *numbers: int, more: bool = False) -> None:
    told = {
        "member": [entry(number, part.name) for number in numbers],
        "totalItems": len(numbers),
        "totalItemsExact": True,
        "view": {"next": "/api/audit-trail?before=x" if more else None},
    }
    part.says("/api/audit-trail", told)


async def test_the_changes_of_all_parts_are_told_in_one_order(open_clinic: OpenClinic) -> None:
    clinic = open_clinic()
    tell_changes(clinic.identity, 7, 1)
    tell_changes(clinic.patients, 9, 8, 2)
    tell_changes(clinic.scheduling)
    tell_changes(clinic.billing, 5)
    asked = "/api/audit-trail?itemsPerPage=4&entityType=Patient"
    async with clinic.client() as http:
        told = (await http.get(asked, headers=bearer("ROLE_ADMIN"))).json()
    assert [(one["context"], one["id"][4:8]) for one in told["member"]] == [
        ("patients", "0009"),
        ("patients", "0008"),
        ("identity", "0007"),
        ("billing", "0005"),
    ]
    assert (told["totalItems"], told["totalItemsExact"], told["unavailable"]) == (6, True, [])
    assert told["view"]["next"] == f"{asked}&before={told['member'][-1]['id']}"


async def test_a_part_that_is_down_leaves_the_other_changes(open_clinic: OpenClinic) -> None:
    clinic = open_clinic(billing_url=nobody_listens())
    for part in (clinic.identity, clinic.patients, clinic.scheduling):
        tell_changes(part, 3, more=part is clinic.patients)
    async with clinic.client() as http:
        told = (await http.get("/api/audit-trail", headers=bearer("ROLE_ADMIN"))).json()
    assert told["unavailable"] == ["billing"]
    assert len(told["member"]) == 3
    assert told["view"]["next"]


async def test_whoever_the_parts_refuse_sees_no_changes(open_clinic: OpenClinic) -> None:
    clinic = open_clinic()
    for part in clinic.parts:
        part.says("/api/audit-trail", {"status": 403}, 403)
    async with clinic.client() as http:
        assert (await http.get("/api/audit-trail", headers=bearer())).status_code == 403
        odd = await http.get("/api/audit-trail?from=yesterday", headers=bearer("ROLE_ADMIN"))
    assert odd.status_code == 422
    assert [one["propertyPath"] for one in odd.json()["violations"]] == ["from"]


async def test_health_is_public(http: httpx.AsyncClient) -> None:
    answered = await http.get("/api/health")
    assert (answered.status_code, answered.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer"}, 401),
        (bearer("ROLE_USER"), 403),
        (bearer("ROLE_ADMIN"), 200),
        ({"Authorization": f"Bearer {HEALTH_TOKEN}"}, 200),
    ],
)
async def test_readiness_is_for_operators_and_admins(
    http: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await http.get("/api/health/ready", headers=headers)).status_code == status


async def test_the_operators_token_opens_nothing_else(http: httpx.AsyncClient) -> None:
    operators = {"Authorization": f"Bearer {HEALTH_TOKEN}"}
    assert (await http.get("/api/patients", headers=operators)).status_code == 401


@pytest.mark.parametrize("unset", [None, ""])
async def test_without_an_operators_token_only_admins_see_the_readiness(
    open_clinic: OpenClinic, unset: str | None
) -> None:
    async with open_clinic(health_check_token=unset).client() as http:
        for guess in ("None", "x", HEALTH_TOKEN):
            answered = await http.get("/api/health/ready", headers={"Authorization": f"Bearer {guess}"})
            assert answered.status_code == 401


async def test_readiness_names_the_part_that_is_not_ready(open_clinic: OpenClinic) -> None:
    clinic = open_clinic(billing_url=nobody_listens())
    clinic.patients.says("/health/ready", {"status": "ok", "database": "ok"})
    clinic.scheduling.says("/health/ready", {"status": "degraded", "redis": "down"}, 503)
    async with clinic.client() as http:
        answered = await http.get("/api/health/ready", headers=bearer("ROLE_ADMIN"))
    assert answered.status_code == 503
    told = answered.json()
    assert told["status"] == "degraded"
    assert told["parts"]["patients"] == {"status": "ok", "database": "ok"}
    assert told["parts"]["scheduling"] == {"status": "degraded", "redis": "down"}
    assert told["parts"]["billing"] == {"status": "unavailable"}


def described(path: str, **schemas: object) -> dict[str, object]:
    refer = {name: {"$ref": f"#/components/schemas/{name}"} for name in schemas}
    return {
        "openapi": "3.1.0",
        "paths": {
            path: {"get": {"x-schemas": refer}},
            "/internal/events": {"get": {}},
            "/health": {"get": {}},
        },
        "components": {"schemas": schemas},
    }


async def test_the_description_of_the_whole_has_every_part_and_nothing_inner(open_clinic: OpenClinic) -> None:
    clinic = open_clinic()
    problem = {"type": "object"}
    clinic.identity.says("/openapi.json", described("/api/me", User={"a": 1}, Problem=problem))
    clinic.patients.says("/openapi.json", described("/api/patients", Line={"a": 1}, Problem=problem))
    clinic.scheduling.says("/openapi.json", described("/api/appointments", Problem=problem))
    holder = {"items": {"$ref": "#/components/schemas/Line"}}
    clinic.billing.says(
        "/openapi.json", described("/api/invoices", Line={"b": 2}, Lines=holder, Problem=problem)
    )
    async with clinic.client() as http:
        whole = (await http.get("/api/docs.json", headers=bearer())).json()
    assert whole["paths"].keys() == {
        "/api/me", "/api/patients", "/api/appointments", "/api/invoices",
        "/api/dashboard/stats", "/api/audit-trail", "/api/health", "/api/health/ready", "/api/docs.json",
    }  # fmt: skip
    schemas = whole["components"]["schemas"]
    assert (schemas["Line"], schemas["BillingLine"]) == ({"a": 1}, {"b": 2})
    assert schemas["Lines"]["items"]["$ref"] == "#/components/schemas/BillingLine"
    assert "BillingProblem" not in schemas


async def test_the_description_is_asked_for_once_when_it_is_whole(open_clinic: OpenClinic) -> None:
    clinic = open_clinic()
    for part in clinic.parts:
        part.says("/openapi.json", described(f"/api/{part.name}"))
    clinic.billing.says("/openapi.json", b"", 500)
    async with clinic.client() as http:
        await http.get("/api/docs.json", headers=bearer())
        clinic.billing.says("/openapi.json", described("/api/invoices"))
        whole = (await http.get("/api/docs.json", headers=bearer())).json()
        assert (await http.get("/api/docs.json", headers=bearer())).json() == whole
    assert "/api/invoices" in whole["paths"]
    assert clinic.patients.asked.count("GET /openapi.json") == 2


@pytest.mark.parametrize("path", ["/api/test/reset-db", "/api/test/reset-db-empty"])
async def test_only_a_clinic_under_test_can_be_reset(
    http: httpx.AsyncClient, open_clinic: OpenClinic, path: str
) -> None:
    assert (await http.post(path)).status_code == 404
    clinic = open_clinic(app_env="test")
    async with clinic.client() as under_test:
        assert (await under_test.post(path)).status_code == 204
        assert [part.asked.count(f"POST {path}") for part in clinic.parts] == [1, 1, 1, 1]
        assert (await under_test.get(path)).status_code == 405
        clinic.billing.says(path, b"", 500)
        assert (await under_test.post(path)).status_code == 503


def test_its_own_description_needs_no_running_clinic() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "gateway.main", "openapi"], check=True, capture_output=True, env={}
    )
    assert json.loads(printed.stdout)["paths"].keys() == {
        "/api/dashboard/stats", "/api/audit-trail", "/api/health", "/api/health/ready", "/api/docs.json"
    }  # fmt: skip


async def test_one_span_a_request_is_named_by_what_was_asked_and_never_by_whom(
    http: httpx.AsyncClient, spans: InMemorySpanExporter
) -> None:
    await http.get("/api/patients/0190a000?search=munoz", headers=bearer())
    await http.post("/api/invitations/secret-token", json={})
    await http.get("/api/visits/secret-token")
    await http.get("/api/calendar-feeds/secret-address.ics")
    await http.get("/api/nothing/here")
    names = [span.name for span in spans.get_finished_spans()]
    assert names == [
        "GET /api/patients",
        "POST /api/invitations",
        "GET /api/visits",
        "GET /api/calendar-feeds",
        "GET /api",
    ]
    told = json.dumps([span.to_json() for span in spans.get_finished_spans()])
    assert not any(word in told for word in ("munoz", "0190a000", "secret-token", "secret-address", "Bearer"))
