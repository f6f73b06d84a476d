"""The rights of whom the data are about, from one end of the clinic to the other."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from pypdf import PdfReader

from testkit.clinic import RunningClinic
from testkit.waiting import eventually

MADRID = ZoneInfo("Europe/Madrid")
NAME = "Casilda Urruticoechea"
WHO = {
    "firstName": "Casilda",
    "lastName": "Urruticoechea Peña",
    "taxId": "11111111H",
    "phone": "600 98 76 54",
    "address": "Calle Mayor 3, 28013 Madrid",
    "allergies": "Látex",
}


async def made(client: httpx.AsyncClient, path: str, **body: object) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    thing: dict[str, Any] = answer.json()
    return thing


async def test_a_patient_has_her_copy_and_is_then_forgotten_wherever_her_name_was_shown(
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    sign_in: Any,
    employ: Callable[..., Awaitable[Any]],
) -> None:
    practitioner = await employ(admin, "ROLE_PRACTITIONER", practitioner=True)
    receptionist = await employ(admin, "ROLE_RECEPTIONIST")
    patient = await made(admin, "/api/patients", **WHO)
    path = f"/api/patients/{patient['id']}"
    await made(admin, "/api/records", patientId=patient["id"], physiotherapyTreatment="Masaje")

    async def book(days: int) -> httpx.Response:
        begin = datetime.combine(datetime.now(MADRID).date() + timedelta(days=days), time(10), MADRID)
        visit = {
            "practitionerId": practitioner.id,
            "patientId": patient["id"],
            "startsAt": begin.isoformat(),
            "endsAt": (begin + timedelta(hours=1)).isoformat(),
            "title": f"Rodilla de {NAME}",
        }
        return await admin.post("/api/appointments", json=visit)

    async def erase() -> httpx.Response:
        version = {"If-Match": f'"{patient["version"]}"'}
        return await admin.post(f"{path}/erasure", json={"reason": "Lo pide por escrito"}, headers=version)

    past, coming = await book(-2), await book(2)
    assert (past.status_code, coming.status_code) == (201, 201)
    details = {"firstName": WHO["firstName"], "lastName": WHO["lastName"], "taxId": WHO["taxId"]}
    customer = await made(admin, "/api/customers", kind="person", billingAddress=WHO["address"], **details)
    session = {"concept": "Sesión de fisioterapia", "quantity": "1", "unitPrice": "60.00"}
    invoice = await made(
        admin, "/api/invoices", patientId=patient["id"], customerId=customer["id"], lines=[session]
    )

    async def copied() -> dict[tuple[str, str], list[dict[str, Any]]]:
        answer = await admin.get(f"{path}/copy")
        assert answer.status_code == 200, answer.text
        return {(s["context"], s["name"]): s["entries"] for s in answer.json()["sections"]}

    async def is_known_everywhere() -> bool:
        found = await copied()
        return bool(found["scheduling", "attendee"]) and bool(found["billing", "customer"])

    await eventually(is_known_everywhere, "every context knows her")
    found = await copied()
    assert found["patients", "clinical-background"] == [{"allergies": "Látex"}]
    assert [record["physiotherapyTreatment"] for record in found["patients", "records"]] == ["Masaje"]
    assert [a["title"] for a in found["scheduling", "appointments"]] == [f"Rodilla de {NAME}"] * 2
    assert [issued["number"] for issued in found["billing", "invoices"]] == [invoice["number"]]
    printed = await admin.get(f"{path}/copy/pdf", params={"locale": "es"})
    assert printed.status_code == 200, printed.text
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(printed.content)).pages)
    assert "Copia de sus datos personales" in text
    for words in (NAME, "Masaje", "Sesión de fisioterapia", "Rodilla de"):
        assert words in text

    refused = await erase()
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/patient-has-appointments")
    cancelled = await admin.post(
        f"/api/appointments/{coming.json()['id']}/cancellation", json={"reason": f"{NAME} no vuelve"}
    )
    assert cancelled.status_code == 200, cancelled.text
    outcome = await erase()
    assert outcome.status_code == 200, outcome.text
    kept = {(thing["context"], thing["what"]): thing for thing in outcome.json()["kept"]}
    assert {("patients", "records"), ("scheduling", "appointments"), ("billing", "invoices")} <= set(kept)
    assert all(thing["reason"] for thing in kept.values())

    async with sign_in(running_clinic, receptionist.email, receptionist.password) as desk:
        week = {
            "start": (datetime.now(MADRID) - timedelta(days=4)).isoformat(),
            "end": (datetime.now(MADRID) + timedelta(days=4)).isoformat(),
        }
        shown: list[tuple[str, dict[str, str]]] = [
            ("/api/patients", {}),
            ("/api/patients", {"search": "urruticoechea"}),
            ("/api/appointments", week),
            ("/api/appointments", {"patientId": patient["id"]}),
            ("/api/customers", {"search": "casilda"}),
            ("/api/invoices", {"search": "casilda"}),
            ("/api/invoices", {"patientId": patient["id"]}),
        ]

        async def nobody_sees_her() -> bool:
            answers = [await client.get(p, params=q) for client in (desk, admin) for p, q in shown]
            assert all(answer.status_code == 200 for answer in answers)
            return not any("Urruticoechea" in answer.text for answer in answers)

        await eventually(nobody_sees_her, "no list, no search and no calendar shows her name")
        assert (await desk.get(path)).status_code == 404
        assert (await desk.get(f"/api/invoices/{invoice['id']}")).status_code == 404
        billed = await desk.post(
            "/api/invoices",
            json={"patientId": patient["id"], "fullName": "X", "address": "Y", "lines": [session]},
        )
        for answer in (await book(3), billed):
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/patient-erased")
    assert (await admin.get(f"/api/invoices/{invoice['id']}")).json()["fullName"] == patient["fullName"]
    left = await copied()
    assert (left["scheduling", "attendee"], left["billing", "payer"]) == ([], [])
    assert len(left["patients", "records"]) == 1
