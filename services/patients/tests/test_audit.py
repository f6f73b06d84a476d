"""What admins are told of changes: each field before and after, who, when; nobody else is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from testkit.service import ServiceClient

AUDIT = "/api/audit-trail"


async def asked(service: ServiceClient, **question: object) -> dict[str, Any]:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.get(
            AUDIT, params={name.rstrip("_"): str(value) for name, value in question.items()}
        )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_change_is_told_field_by_field(service: ServiceClient, maria: dict[str, object]) -> None:
    async with service.as_("ROLE_USER", sub="ana", name="Ana Ruiz") as ana:
        patient = (await ana.post("/api/patients", json=maria)).json()
        await ana.patch(
            f"/api/patients/{patient['id']}",
            json={"firstName": "Mª José", "allergies": "Látex"},
            headers={"User-Agent": "Firefox", "X-Forwarded-For": "192.0.2.7"},
        )
    newest, first = (await asked(service, entityId=patient["id"]))["member"]
    assert (first["operation"], newest["operation"]) == ("created", "updated")
    assert newest["changes"]["firstName"] == ["María José", "Mª José"]
    assert newest["changes"]["allergies"] == [None, "Látex"]
    assert "lastName" not in newest["changes"]
    assert (newest["actorId"], newest["actorName"]) == ("ana", "Ana Ruiz")
    assert (newest["ip"], newest["userAgent"]) == ("192.0.2.7", "Firefox")
    assert (newest["context"], newest["entityType"]) == ("patients", "Patient")


async def test_being_shown_clinical_changes_is_logged_as_opening_the_file(service: ServiceClient) -> None:
    async with service.as_("ROLE_USER") as user:
        plain = (await user.post("/api/patients", json={"firstName": "Ana", "lastName": "Ruiz"})).json()
        allergic = {"firstName": "Eva", "lastName": "Soto", "allergies": "Látex"}
        eva = (await user.post("/api/patients", json=allergic)).json()
        written = {"patientId": eva["id"], "physiotherapyTreatment": "Masaje"}
        record = (await user.post("/api/records", json=written)).json()
    await asked(service)
    async with service.as_("ROLE_ADMIN") as admin:
        log = (await admin.get("/api/access-log")).json()["member"]
    seen = {(one["patientId"], one["recordId"]) for one in log if one["what"] == "changes"}
    assert seen == {(eva["id"], None), (eva["id"], record["id"])}
    assert plain["id"] not in {one["patientId"] for one in log if one["what"] == "changes"}


async def test_pages_follow_each_other_without_a_twin_or_a_hole(service: ServiceClient) -> None:
    async with service.as_("ROLE_USER") as desk:
        for n in range(7):
            await desk.post("/api/patients", json={"firstName": f"Ana {n}", "lastName": "Ruiz"})
    seen: list[str] = []
    page = await asked(service, itemsPerPage=3)
    while True:
        assert page["totalItems"] == 7
        seen += [entry["id"] for entry in page["member"]]
        if page["view"]["next"] is None:
            break
        page = await asked(service, itemsPerPage=3, before=seen[-1])
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 7


async def test_the_trail_is_narrowed_by_kind_operation_and_days(service: ServiceClient) -> None:
    today = datetime.now(UTC).date()
    async with service.as_("ROLE_USER") as desk:
        patient = (await desk.post("/api/patients", json={"firstName": "Ana", "lastName": "Ruiz"})).json()
        await desk.patch(f"/api/patients/{patient['id']}", json={"firstName": "Eva"})

    async def count(**question: object) -> int:
        return int((await asked(service, **question))["totalItems"])

    assert await count(entityType="Patient") == 2
    assert await count(entityType="ClinicalRecord") == 0
    assert await count(operation="created") == 1
    assert await count(from_=today - timedelta(days=1), to=today + timedelta(days=1)) == 2
    assert await count(to=today - timedelta(days=2)) == 0
    assert await count(from_=today + timedelta(days=2)) == 0


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"operation": "read"}, "operation"),
        ({"entityId": "7"}, "entityId"),
        ({"from": "2026-02-30"}, "from"),
        ({"before": "x"}, "before"),
        ({"itemsPerPage": "0"}, "itemsPerPage"),
    ],
)
async def test_an_odd_question_names_the_field(
    service: ServiceClient, question: dict[str, str], field: str
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.get(AUDIT, params=question)
    assert answer.status_code == 422
    assert [violation["propertyPath"] for violation in answer.json()["violations"]] == [field]


@pytest.mark.parametrize("role", ["ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER"])
async def test_the_trail_is_for_admins(service: ServiceClient, role: str) -> None:
    async with service.as_() as nobody, service.as_(role) as somebody:
        assert (await nobody.get(AUDIT)).status_code == 401
        assert (await somebody.get(AUDIT)).status_code == 403
