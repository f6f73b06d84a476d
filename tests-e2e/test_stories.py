"""The clinic's days, told over HTTP through the front door by those who live them."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from pypdf import PdfReader

from testkit.clinic import RunningClinic
from testkit.waiting import eventually

MADRID = ZoneInfo("Europe/Madrid")
MARIA = {"firstName": "María José", "lastName": "Muñoz García", "address": "Calle Mayor 3, 28013 Madrid"}
ONE_SESSION = [{"concept": "Sesión de fisioterapia", "quantity": "1", "unitPrice": "60.00"}]

ROLES = ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN")
NOBODY, ALL = frozenset[str](), frozenset(ROLES)
CLINICAL = ALL - {"ROLE_RECEPTIONIST"}
BILLING = ALL - {"ROLE_PRACTITIONER"}
ADMIN = frozenset({"ROLE_ADMIN"})

WHO_SEES = [
    ("/api/me", ALL),
    ("/api/sessions", ALL),
    ("/api/users", ADMIN),
    ("/api/patients", ALL),
    ("/api/patients/{patient}", ALL),
    ("/api/stats/patients", ALL),
    ("/api/records?patientId={patient}", CLINICAL),
    ("/api/access-log", ADMIN),
    ("/api/practitioners", ALL),
    ("/api/appointments?patientId={patient}", ALL),
    ("/api/stats/appointments", ALL),
    ("/api/customers", BILLING),
    ("/api/invoices", BILLING),
    ("/api/invoices/{invoice}", BILLING),
    ("/api/invoices/{invoice}/export/html", BILLING),
    ("/api/invoice-prefill?patientId={patient}", BILLING),
    ("/api/stats/invoices", BILLING),
    ("/api/invoices/totals", BILLING),
    ("/api/invoices/settings", BILLING),
    ("/api/invoices/drafts", BILLING),
    ("/api/invoices/number-gaps", BILLING),
    ("/api/invoices/export?format=csv", BILLING),
    ("/api/invoices/journal?year=2026", BILLING),
    ("/api/invoices/{invoice}/payments", BILLING),
    ("/api/packs?patientId={patient}", BILLING),
    ("/api/dashboard/stats", ALL),
    ("/api/audit-trail", ADMIN),
    ("/api/docs.json", ALL),
    ("/api/health/ready", ADMIN),
    ("/api/patients/{patient}/copy", ADMIN),
    ("/api/patients/{patient}/copy/pdf", ADMIN),
    ("/api/patients/{patient}/erasure", ADMIN),
    ("/internal/patients/{patient}/holdings", NOBODY),
    ("/internal/events", NOBODY),
    ("/api/internal/events", NOBODY),
    ("/metrics", NOBODY),
    ("/openapi.json", NOBODY),
]
FOR_ANYBODY = ["/api/health", "/.well-known/jwks.json"]


@pytest_asyncio.fixture
async def practitioner(admin: httpx.AsyncClient, employ: Callable[..., Awaitable[Any]]) -> str:
    """Somebody whose diary is still empty."""
    colleague = await employ(admin, "ROLE_PRACTITIONER", practitioner=True)
    return str(colleague.id)


@pytest_asyncio.fixture
async def desk(
    running_clinic: RunningClinic, admin: httpx.AsyncClient, sign_in: Any, employ: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A receptionist, signed in."""
    receptionist = await employ(admin, "ROLE_RECEPTIONIST")
    async with sign_in(running_clinic, receptionist.email, receptionist.password) as client:
        yield client


def at(day: date, hour: int) -> str:
    return datetime.combine(day, time(hour), MADRID).isoformat()


def tomorrow() -> date:
    return datetime.now(MADRID).date() + timedelta(days=1)


async def made(client: httpx.AsyncClient, path: str, **body: object) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    thing: dict[str, Any] = answer.json()
    return thing


async def booked(desk: httpx.AsyncClient, practitioner: str, patient: str, hour: int) -> dict[str, Any]:
    return await made(
        desk,
        "/api/appointments",
        practitionerId=practitioner,
        patientId=patient,
        startsAt=at(tomorrow(), hour),
        endsAt=at(tomorrow(), hour + 1),
        type="appointment",
    )


async def on_the_calendar(client: httpx.AsyncClient, practitioner: str) -> list[dict[str, Any]]:
    window = {
        "start": at(tomorrow(), 0),
        "end": at(tomorrow() + timedelta(days=1), 0),
        "practitionerId": practitioner,
    }
    answer = await client.get("/api/appointments", params=window)
    assert answer.status_code == 200, answer.text
    shown: list[dict[str, Any]] = answer.json()["member"]
    return shown


async def prefilled(client: httpx.AsyncClient, patient: str) -> dict[str, Any]:
    answer = await client.get("/api/invoice-prefill", params={"patientId": patient})
    assert answer.status_code == 200, answer.text
    form: dict[str, Any] = answer.json()
    return form


async def invoiced(desk: httpx.AsyncClient, patient: str) -> dict[str, Any]:
    form = await prefilled(desk, patient)
    known = {name: form[name] for name in ("fullName", "taxId", "phone", "email")}
    address = form["address"] or MARIA["address"]
    return await made(desk, "/api/invoices", patientId=patient, lines=ONE_SESSION, address=address, **known)


async def printed(desk: httpx.AsyncClient, invoice: str, locale: str = "es") -> str:
    answer = await desk.get(f"/api/invoices/{invoice}/export/pdf", params={"locale": locale})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


async def test_from_the_first_call_to_the_issued_invoice(desk: httpx.AsyncClient, practitioner: str) -> None:
    maria = await made(desk, "/api/patients", **MARIA)
    found = (await desk.get("/api/patients", params={"search": "munoz maria"})).json()["member"]
    assert maria["id"] in [patient["id"] for patient in found]

    appointment = await booked(desk, practitioner, maria["id"], 10)
    shown = await on_the_calendar(desk, practitioner)
    assert [(a["id"], a["patientName"], a["startsAt"]) for a in shown] == [
        (appointment["id"], "María José Muñoz García", at(tomorrow(), 10))
    ]

    invoice = await invoiced(desk, maria["id"])
    assert (invoice["status"], invoice["amount"]) == ("issued", "60.00")
    assert invoice["displayNumber"] == f"F{invoice['date'][:4]}{invoice['number'][4:]}"
    listed = (await desk.get("/api/invoices", params={"patientId": maria["id"]})).json()["member"]
    assert [i["number"] for i in listed] == [invoice["number"]]
    spanish, english = [await printed(desk, invoice["id"], locale) for locale in ("es", "en")]
    for text in (spanish, english):
        assert "María José Muñoz García" in text
        assert "Sesión de fisioterapia" in text
        assert invoice["displayNumber"] in text
    assert "60,00" in spanish
    assert "60.00" in english


async def test_a_patient_changes_her_name_everywhere_but_on_what_was_issued(
    desk: httpx.AsyncClient, practitioner: str
) -> None:
    maria = await made(desk, "/api/patients", **MARIA)
    await booked(desk, practitioner, maria["id"], 10)
    invoice = await invoiced(desk, maria["id"])

    renamed = await desk.patch(
        f"/api/patients/{maria['id']}",
        json={"lastName": "Núñez Ibáñez"},
        headers={"If-Match": f'"{maria["version"]}"'},
    )
    assert renamed.status_code == 200, renamed.text

    async def calendar_shows_it() -> bool:
        names = [a["patientName"] for a in await on_the_calendar(desk, practitioner)]
        return names == ["María José Núñez Ibáñez"]

    async def prefill_has_it() -> bool:
        return (await prefilled(desk, maria["id"]))["fullName"] == "María José Núñez Ibáñez"

    await eventually(calendar_shows_it, "the calendar shows the new name", seconds=2)
    await eventually(prefill_has_it, "the next invoice would be to the new name", seconds=2)
    kept = (await desk.get(f"/api/invoices/{invoice['id']}")).json()
    assert kept["fullName"] == "María José Muñoz García"
    assert "María José Muñoz García" in await printed(desk, invoice["id"])


async def test_two_receptionists_want_one_slot_and_one_is_told_what_is_in_the_way(
    desk: httpx.AsyncClient, admin: httpx.AsyncClient, practitioner: str
) -> None:
    patients = [await made(desk, "/api/patients", **MARIA) for _ in range(2)]

    def book(client: httpx.AsyncClient, patient: dict[str, Any]) -> Awaitable[httpx.Response]:
        wish = {
            "practitionerId": practitioner,
            "patientId": patient["id"],
            "startsAt": at(tomorrow(), 12),
            "endsAt": at(tomorrow(), 13),
            "type": "appointment",
        }
        return client.post("/api/appointments", json=wish)

    answers = await asyncio.gather(book(desk, patients[0]), book(admin, patients[1]))
    taken, refused = sorted(answers, key=lambda answer: answer.status_code)
    assert (taken.status_code, refused.status_code) == (201, 409)
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert problem["type"] == "/problems/appointment-overlaps"
    assert problem["conflict"]["appointmentId"] == taken.json()["id"]
    assert problem["conflict"]["with"] == "practitioner"
    assert len(await on_the_calendar(desk, practitioner)) == 1

    freed = await desk.post(
        f"/api/appointments/{taken.json()['id']}/cancellation", json={"reason": "Enferma"}
    )
    assert freed.status_code == 200, freed.text
    again = await book(desk, patients[0])
    assert again.status_code == 201, again.text


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_sees_its_own(
    role: str, running_clinic: RunningClinic, admin: httpx.AsyncClient, sign_in: Any, employ: Any
) -> None:
    patient = (await made(admin, "/api/patients", **MARIA, allergies="Látex"))["id"]
    invoice = (await invoiced(admin, patient))["id"]
    colleague = await employ(admin, role)
    async with sign_in(running_clinic, colleague.email, colleague.password) as client:
        for path, seeing in WHO_SEES:
            answer = await client.get(path.format(patient=patient, invoice=invoice))
            refused = 403 if seeing else 404
            assert answer.status_code == (200 if role in seeing else refused), (role, path, answer.text)
            if answer.is_error:
                assert answer.headers["content-type"] == "application/problem+json", path

        seen = (await client.get(f"/api/patients/{patient}")).json()
        assert ("allergies" in seen) == (role in CLINICAL)
        written = await client.patch(f"/api/patients/{patient}", json={"allergies": "Polen"})
        assert (written.status_code == 403) == (role not in CLINICAL), written.text

        figures = (await client.get("/api/dashboard/stats")).json()
        assert figures["totalPatients"] >= 1
        assert (figures["invoicesThisYear"] is None) == (role not in BILLING)
        assert figures["unavailable"] == []


async def test_without_a_token_only_the_public_paths_answer(
    running_clinic: RunningClinic, admin: httpx.AsyncClient
) -> None:
    patient = (await made(admin, "/api/patients", **MARIA))["id"]
    invoice = (await invoiced(admin, patient))["id"]
    async with httpx.AsyncClient(base_url=running_clinic.base_url, trust_env=False) as stranger:
        for path, seeing in WHO_SEES:
            answer = await stranger.get(path.format(patient=patient, invoice=invoice))
            assert answer.status_code == (401 if seeing else 404), (path, answer.text)
        for path in FOR_ANYBODY:
            assert (await stranger.get(path)).status_code == 200, path


async def test_while_a_context_is_down_the_others_work_and_all_is_well_when_it_is_back(
    running_clinic: RunningClinic, desk: httpx.AsyncClient, practitioner: str
) -> None:
    maria = await made(desk, "/api/patients", **MARIA)
    await booked(desk, practitioner, maria["id"], 16)
    await asyncio.to_thread(running_clinic.take_down, "scheduling")
    try:
        refused = await desk.get("/api/practitioners")
        assert refused.status_code == 503
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["part"] == "scheduling"
        assert int(refused.headers["retry-after"]) > 0

        figures = (await desk.get("/api/dashboard/stats")).json()
        assert figures["unavailable"] == ["scheduling"]
        assert (figures["appointmentsToday"], figures["othersToday"]) == (None, None)
        assert figures["totalPatients"] >= 1
        assert figures["invoicesThisYear"] is not None

        renamed = await desk.patch(f"/api/patients/{maria['id']}", json={"firstName": "Carmen"})
        assert renamed.status_code == 200, renamed.text
        assert "Muñoz García" in (await invoiced(desk, maria["id"]))["fullName"]
    finally:
        await asyncio.to_thread(running_clinic.bring_back, "scheduling")

    async def caught_up() -> bool:
        names = [a["patientName"] for a in await on_the_calendar(desk, practitioner)]
        return names == ["Carmen Muñoz García"]

    await eventually(caught_up, "scheduling has heard what it missed")
    assert (await desk.get("/api/dashboard/stats")).json()["unavailable"] == []


async def test_a_context_that_hangs_is_told_as_unavailable_and_not_waited_for(
    running_clinic: RunningClinic, desk: httpx.AsyncClient
) -> None:
    hanging = running_clinic.pids()["billing"]
    os.kill(hanging, signal.SIGSTOP)
    try:
        figures = (await desk.get("/api/dashboard/stats", timeout=10)).json()
        assert figures["unavailable"] == ["billing"]
        assert (figures["invoicesThisYear"], figures["revenueThisMonth"]) == (None, None)
        assert (await desk.get("/api/patients", timeout=10)).status_code == 200
    finally:
        os.kill(hanging, signal.SIGCONT)

    async def whole() -> bool:
        return (await desk.get("/api/dashboard/stats")).json()["unavailable"] == []

    await eventually(whole, "billing answers again")
