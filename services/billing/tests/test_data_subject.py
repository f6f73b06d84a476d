"""What billing holds of a patient, and what is left of it once she was erased."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest_asyncio
from billing_surroundings import ERASED, MARIA, REGISTERED, RENAMED, Diary, Json, made
from httpx import AsyncClient
from sqlalchemy import select

from billing.adapters.tables import customers, invoice_drafts, invoices, payers
from billing.subscribers import PATIENTS
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store, idempotency_keys
from shared_kernel.holdings import Holdings
from testkit.service import ServiceClient
from testkit.tokens import SigningKey

Hear = Callable[..., Awaitable[None]]

CHILD = UUID("019ab2f0-7c1e-7d3a-9c55-0b7a4e1d2f02")
PERSONAL = ("Muñoz", "12345678Z", "600 11 22 33", "600112233", "Calle Mayor")


@pytest_asyncio.fixture
async def patients_service(service: ServiceClient, signing_key: SigningKey) -> AsyncIterator[AsyncClient]:
    async with service.as_() as client:
        client.headers["Authorization"] = f"Bearer {signing_key.service_token_for('patients')}"
        yield client


async def held(patients_service: AsyncClient, patient: UUID = MARIA) -> Holdings:
    answer = await patients_service.get(f"/internal/patients/{patient}/holdings")
    assert answer.status_code == 200, answer.text
    return Holdings.read(answer.json())


def entries(found: Holdings) -> dict[str, Any]:
    return {section.name: section.entries for section in found.sections}


async def names(client: AsyncClient, path: str, **params: str) -> list[str]:
    return [row["fullName"] for row in (await client.get(path, params=params)).json()["member"]]


async def test_holdings_are_for_services_alone(
    service: ServiceClient, patients_service: AsyncClient, admin: AsyncClient
) -> None:
    path = f"/internal/patients/{MARIA}/holdings"
    async with service.as_() as nobody:
        assert (await nobody.get(path)).status_code == 401
    assert (await admin.get(path)).status_code == 401
    assert (await patients_service.get(path)).status_code == 200


async def test_billing_says_all_it_holds_of_a_patient_in_fields_that_have_names(
    desk: AsyncClient, patients_service: AsyncClient, hear: Hear, maria: Json, session: Json
) -> None:
    mother = await made(desk, "/api/customers", maria | {"firstName": "Pilar", "taxId": "87654321X"})
    await hear(REGISTERED, customerId=mother["id"])
    card = await made(desk, "/api/customers", maria)
    for_her = await made(desk, "/api/invoices", session | {"patientId": str(MARIA)})
    to_her = await made(desk, "/api/invoices", session | {"taxId": "12345678Z"})
    await made(desk, "/api/invoices", session | {"fullName": "Otra Persona"})
    found = await held(patients_service)
    held_now = entries(found)
    assert [invoice["id"] for invoice in held_now["invoices"]] == [for_her["id"], to_her["id"]]
    assert held_now["invoices"][0]["lines"][0]["concept"] == "Sesión de fisioterapia"
    assert held_now["payer"][0]["customerName"] == "Pilar Muñoz García"
    assert [customer["id"] for customer in held_now["customer"]] == [card["id"]]
    assert len(held_now["changes"]) == len(held_now["events"]) == 3
    assert "Otra Persona" not in str(found)
    assert "87654321X" not in str(found)
    laws = {section.name: section.law and (section.law.code, section.law.until) for section in found.sections}
    year = int(for_her["date"][:4])
    books = ("books", datetime(year + 6, 12, 31, tzinfo=UTC).date())
    assert laws["invoices"] == books
    assert (laws["payer"], laws["customer"]) == (None, None)
    for section in found.sections:
        known = set(section.fields)
        for entry in section.entries:
            assert set(entry) <= known
            assert set(entry.get("changes", {})) <= known, section.name
            assert all(set(line) <= known for line in entry.get("lines", []))
        assert all(set(field.label) == {"en", "es"} for field in section.fields.values())


async def test_an_erased_patients_invoices_stay_for_administrators_alone_and_still_count(
    desk: AsyncClient, admin: AsyncClient, hear: Hear, session: Json, patients_service: AsyncClient
) -> None:
    await hear(REGISTERED)
    issued = await made(desk, "/api/invoices", session | {"patientId": str(MARIA)})
    figures = (await desk.get("/api/stats/invoices")).json()
    await hear(ERASED, version=2)
    path = f"/api/invoices/{issued['id']}"
    for hidden in (path, f"{path}/export/html", f"{path}/export/pdf"):
        assert (await desk.get(hidden)).status_code == 404
    for search in ("", "munoz", issued["number"]):
        for client in (desk, admin):
            assert await names(client, "/api/invoices", search=search) == []
    assert await names(desk, "/api/invoices", patientId=str(MARIA)) == []
    assert (await desk.get("/api/invoices", params={"blocked": "true"})).status_code == 403
    assert await names(admin, "/api/invoices", blocked="true", search="munoz") == [issued["fullName"]]
    assert (await admin.get(path)).json() == issued
    assert (await desk.get("/api/stats/invoices")).json() == figures
    kept = entries(await held(patients_service))
    assert [invoice["number"] for invoice in kept["invoices"]] == [issued["number"]]
    assert (kept["payer"], kept["customer"]) == ([], [])


async def test_what_is_billed_for_a_patient_while_her_erasure_is_on_its_way_is_blocked_with_the_rest(
    desk: AsyncClient, hear: Hear, session: Json
) -> None:
    await hear(REGISTERED)
    erased_at = datetime.now(UTC).isoformat()
    for_her = await made(desk, "/api/invoices", session | {"patientId": str(MARIA)})
    to_her = await made(desk, "/api/invoices", session | {"taxId": "12345678Z"})
    await hear(ERASED, version=2, erasedAt=erased_at)
    assert (await desk.get(f"/api/invoices/{for_her['id']}")).status_code == 404
    listed = (await desk.get("/api/invoices")).json()["member"]
    assert [invoice["id"] for invoice in listed] == [to_her["id"]], "somebody new may have the same tax id"


async def test_nothing_is_billed_for_an_erased_patient_and_it_is_said_why(
    desk: AsyncClient, database: Database, hear: Hear, session: Json
) -> None:
    await hear(REGISTERED)
    await hear(ERASED, version=2)
    spanish = {"X-App-Locale": "es"}
    asked = await desk.get("/api/invoice-prefill", params={"patientId": str(MARIA)}, headers=spanish)
    sent = await desk.post("/api/invoices", json=session | {"patientId": str(MARIA)}, headers=spanish)
    for refused in (asked, sent):
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/patient-erased")
        assert "se suprimieron a petición suya" in refused.json()["detail"]
    async with database.reading() as connection:
        assert (await connection.execute(select(invoices))).first() is None


async def everything(database: Database) -> str:
    """All that this context's tables say, its log too."""
    async with database.reading() as connection:
        tables = (customers, invoice_drafts, payers, audit_trail, idempotency_keys, event_store)
        return str([(await connection.execute(select(table))).all() for table in tables])


async def test_a_customer_who_is_the_patient_and_was_never_billed_is_gone(
    desk: AsyncClient, database: Database, hear: Hear, maria: Json
) -> None:
    await hear(REGISTERED)
    card = await made(desk, "/api/customers", maria)
    await hear(ERASED, version=2)
    assert (await desk.get(f"/api/customers/{card['id']}")).status_code == 404
    left = await everything(database)
    assert not [word for word in PERSONAL if word in left]
    await made(desk, "/api/customers", maria)  # she comes back


async def test_a_customer_who_is_the_patient_and_was_billed_is_an_empty_record(
    desk: AsyncClient, admin: AsyncClient, database: Database, hear: Hear, maria: Json, session: Json
) -> None:
    await hear(REGISTERED)
    card = await made(desk, "/api/customers", maria)
    billed = session | {"customerId": card["id"], "patientId": str(MARIA)}
    issued = await made(desk, "/api/invoices", billed)
    await hear(ERASED, version=2)
    for client in (desk, admin):
        assert (await client.get(f"/api/customers/{card['id']}")).status_code == 404
        assert await names(client, "/api/customers") == []
        prefill = await client.get("/api/invoice-prefill", params={"customerId": card["id"]})
        assert prefill.status_code == 404
    again = await desk.post("/api/invoices", json=session | {"customerId": card["id"]})
    assert again.json()["violations"][0]["propertyPath"] == "customerId"
    assert (await admin.get(f"/api/invoices/{issued['id']}")).json() == issued
    async with database.reading() as connection:
        row = str((await connection.execute(select(customers))).all())
    assert not [word for word in PERSONAL if word in row]
    returned = await made(desk, "/api/customers", maria)
    assert await names(desk, "/api/customers") == [returned["fullName"]]


async def test_a_customer_who_pays_for_others_too_stays(
    desk: AsyncClient, patients_service: AsyncClient, hear: Hear, maria: Json
) -> None:
    card = await made(desk, "/api/customers", maria)
    await hear(REGISTERED)
    await hear(REGISTERED, CHILD, fullName="Ana Gil Muñoz", taxId=None, customerId=card["id"])
    found = await held(patients_service)
    assert [section.law for section in found.sections if section.name == "customer-of-others"]
    assert entries(found)["customer"] == []
    await hear(ERASED, version=2)
    assert (await desk.get(f"/api/customers/{card['id']}")).json() == card


async def test_who_paid_for_her_and_is_somebody_else_stays(
    desk: AsyncClient, hear: Hear, maria: Json
) -> None:
    mother = await made(desk, "/api/customers", maria | {"firstName": "Pilar", "taxId": "87654321X"})
    await hear(REGISTERED, customerId=mother["id"])
    await hear(ERASED, version=2)
    assert (await desk.get(f"/api/customers/{mother['id']}")).json() == mother


async def test_neither_late_events_nor_a_rebuilding_bring_anything_back_nor_take_more(
    desk: AsyncClient, database: Database, hear: Hear, maria: Json, session: Json
) -> None:
    at = (datetime.now(UTC) + timedelta(milliseconds=1)).isoformat()
    told = (
        (REGISTERED, 1, {}),
        (RENAMED, 2, {"fullName": "María Muñoz Ibáñez"}),
        (ERASED, 3, {"erasedAt": at}),
    )
    for name, version, changes in (*told, told[1], told[0]):
        await hear(name, MARIA, version, **changes)
    returned = await made(desk, "/api/customers", maria)  # somebody new, as far as billing can know
    later = await made(desk, "/api/invoices", session | {"taxId": "12345678Z"})
    async with database.writing() as connection:
        await PATIENTS.forget(connection)
        await connection.commit()
    for name, version, changes in told:
        await hear(name, MARIA, version, **changes)
    async with database.reading() as connection:
        (picture,) = (await connection.execute(select(payers))).mappings().all()
    assert (picture["full_name"], picture["tax_id"], picture["version"]) == ("", None, 3)
    assert (await desk.get(f"/api/customers/{returned['id']}")).json() == returned
    assert (await desk.get(f"/api/invoices/{later['id']}")).json() == later


LINE = {"concept": "Sesión", "quantity": "1", "unitPrice": "60"}
DRAFT: Json = {"address": "Calle Mayor 1", "lines": [LINE]}


async def test_billing_says_what_was_drafted_paid_sold_and_attended_too(
    desk: AsyncClient, patients_service: AsyncClient, hear: Hear, diary: Diary, session: Json
) -> None:
    await hear(REGISTERED)
    line = {"concept": "Bono", "quantity": "1", "unitPrice": "500", "packSessions": 5}
    sold = await made(desk, "/api/invoices", session | {"patientId": str(MARIA), "lines": [line]})
    await made(desk, f"/api/invoices/{sold['id']}/payments", {"amount": "20", "method": "bizum"})
    asked = {"to": "maria@example.com"}
    assert (await desk.post(f"/api/invoices/{sold['id']}/deliveries", json=asked)).status_code == 202
    await made(desk, "/api/invoices/drafts", DRAFT | {"patientId": str(MARIA), "fullName": "María"})
    await made(desk, "/api/invoices/drafts", DRAFT | {"taxId": "12345678Z"})
    await made(desk, "/api/invoices/drafts", DRAFT | {"fullName": "Otra Persona"})
    appointment = await diary.attend(datetime.now(UTC))
    found = await held(patients_service)
    held_now = entries(found)
    (payment,) = held_now["invoices"][0]["payments"]
    assert (payment["amount"], payment["method"]) == ("20.00", "bizum")
    (delivery,) = held_now["invoices"][0]["deliveries"]
    assert (delivery["recipient"], delivery["state"]) == ("maria@example.com", "unsent")
    assert [draft["fullName"] for draft in held_now["drafts"]] == ["María", None]
    assert held_now["drafts"][0]["lines"][0]["concept"] == "Sesión"
    assert [(pack["sessions"], pack["used"]) for pack in held_now["packs"]] == [(5, 1)]
    assert [visit["id"] for visit in held_now["visits"]] == [str(appointment)]
    assert "Otra Persona" not in str(found)
    laws = {section.name: section.law and section.law.code for section in found.sections}
    assert (laws["drafts"], laws["visits"], laws["packs"]) == (None, None, "books")
    for section in found.sections:
        for entry in section.entries:
            told = (entry, entry.get("changes", {}), *entry.get("lines", []), *entry.get("payments", []))
            told = (*told, *entry.get("deliveries", []))
            assert all(set(each) <= set(section.fields) for each in told), section.name


async def test_the_drafts_of_an_erased_patient_are_gone_wherever_they_were_written(
    desk: AsyncClient, database: Database, hear: Hear
) -> None:
    await hear(REGISTERED)
    hers = DRAFT | {"patientId": str(MARIA), "fullName": "María José Muñoz García"}
    thrown_away = await made(desk, "/api/invoices/drafts", hers)
    await desk.delete(f"/api/invoices/drafts/{thrown_away['id']}")
    await made(desk, "/api/invoices/drafts", hers)
    to_her = {"taxId": "12345678Z", "fullName": "María José Muñoz García"}
    await made(desk, "/api/invoices/drafts", DRAFT | to_her)
    other = await made(desk, "/api/invoices/drafts", {"fullName": "Otra Persona"})
    await hear(ERASED, version=2)
    listed = (await desk.get("/api/invoices/drafts")).json()["member"]
    assert [draft["id"] for draft in listed] == [other["id"]]
    left = await everything(database)
    assert not [word for word in PERSONAL if word in left]


async def test_a_customer_of_hers_that_was_deleted_or_merged_before_is_forgotten_too(
    desk: AsyncClient, database: Database, hear: Hear, maria: Json
) -> None:
    await hear(REGISTERED)
    deleted = await made(desk, "/api/customers", maria)
    assert (await desk.delete(f"/api/customers/{deleted['id']}")).status_code == 204
    merged = await made(desk, "/api/customers", maria)
    other = await made(desk, "/api/customers", maria | {"taxId": "87654321X", "firstName": "Pilar"})
    await desk.post(f"/api/customers/{merged['id']}/merge", json={"into": other["id"]})
    await hear(ERASED, version=2)
    assert "12345678Z" not in await everything(database)
    assert (await desk.get(f"/api/customers/{other['id']}")).json()["firstName"] == "Pilar"


async def test_a_draft_to_who_is_the_patient_and_came_back_keeps_an_empty_record(
    desk: AsyncClient, hear: Hear, maria: Json
) -> None:
    await hear(REGISTERED)
    card = await made(desk, "/api/customers", maria)
    erased_at = datetime.now(UTC).isoformat()
    await made(desk, "/api/invoices/drafts", {"customerId": card["id"]})
    await hear(ERASED, version=2, erasedAt=erased_at)
    assert (await desk.get(f"/api/customers/{card['id']}")).status_code == 404
    assert len((await desk.get("/api/invoices/drafts")).json()["member"]) == 1
