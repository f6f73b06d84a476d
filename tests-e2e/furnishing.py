"""A clinic with something on every screen, and where each screen is found."""

from typing import Any
from uuid import uuid4

import httpx

VIEWS = ("day", "week", "month", "list")


async def furnished(admin: httpx.AsyncClient, practitioner: str) -> dict[str, str]:
    """The addresses of all screens by their names, with something on each."""
    patient = await made(
        admin, "/api/patients", firstName="Begoña", lastName="Núñez Ágreda", allergies="Polen"
    )
    record = await made(
        admin, "/api/records", patientId=patient["id"], physiotherapyTreatment="Terapia manual"
    )
    booked = {"practitionerId": practitioner, "patientId": patient["id"]}
    at = {"startsAt": "2026-03-02T10:00", "endsAt": "2026-03-02T11:00"}
    await made(admin, "/api/appointments", **booked, **at)
    line = {"concept": "Sesión de fisioterapia", "quantity": "1", "unitPrice": "45.00"}
    payer = {
        "patientId": patient["id"],
        "fullName": "Begoña Núñez",
        "address": "C/ Mayor 1",
        "taxId": "12345678Z",
    }
    invoice = await made(admin, "/api/invoices", **payer, lines=[line])
    draft = await made(admin, "/api/invoices/drafts", fullName="Begoña Núñez")
    company = {"kind": "company", "firstName": "Ñandú SL", "billingAddress": "Gran Vía 1, 28013 Madrid"}
    customer = await made(admin, "/api/customers", **company, taxId=f"FR{uuid4().int % 10**11:011}")
    hers = f"/patients/{patient['id']}"
    return {
        "dashboard": "/",
        "patients": "/patients",
        "new patient": "/patients/new",
        "patient": hers,
        "edit patient": f"{hers}/edit",
        "history": f"{hers}/history",
        "patient's access log": f"{hers}/access-log",
        "new record": f"{hers}/records/new",
        "correct record": f"{hers}/records/{record['id']}/correct",
        **{f"calendar {view}": f"/calendar?view={view}&date=2026-03-02" for view in VIEWS},
        "waiting list": "/waiting-list",
        "time off": "/time-off",
        "working hours": "/working-hours",
        "reminders": "/reminders",
        "visit": "/visit/an-old-link",
        "invoices": "/invoices",
        "new invoice": "/invoices/new",
        "invoice": f"/invoices/{invoice['id']}",
        "correct invoice": f"/invoices/{invoice['id']}/rectify",
        "drafts": "/invoices/drafts",
        "draft": f"/invoices/drafts/{draft['id']}",
        "number gaps": "/invoices/gaps",
        "customers": "/customers",
        "new customer": "/customers/new",
        "customer": f"/customers/{customer['id']}",
        "edit customer": f"/customers/{customer['id']}/edit",
        "access log": "/access-log",
        "nowhere": "/nowhere",
    }


async def made(admin: httpx.AsyncClient, path: str, **wish: object) -> dict[str, Any]:
    answer = await admin.post(path, json=wish | ({"force": True} if path == "/api/patients" else {}))
    assert answer.status_code == 201, answer.text
    thing: dict[str, Any] = answer.json()
    return thing
