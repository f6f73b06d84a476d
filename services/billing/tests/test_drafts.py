"""Drafts: written bit by bit, thrown away or issued, and in no books before that."""

import asyncio
from uuid import uuid4

import pytest
from billing_surroundings import Json, made, refused
from httpx import AsyncClient
from sqlalchemy import func, select

from billing.adapters.tables import draft_lines, invoice_drafts, invoices
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import event_store

PATH = "/api/invoices/drafts"
LINE = {"concept": "Sesión", "quantity": "1.5", "unitPrice": "33.33"}


async def counted(database: Database) -> tuple[int, int, int]:
    async with database.reading() as connection:
        tables = (invoice_drafts, draft_lines, invoices)
        counts = [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables
        ]
        return counts[0], counts[1], counts[2]


async def test_a_draft_may_say_next_to_nothing_and_has_no_number(
    desk: AsyncClient, database: Database
) -> None:
    empty = await made(desk, PATH, {})
    assert (empty["date"], empty["fullName"], empty["amount"], empty["lines"]) == (None, None, "0.00", [])
    assert "number" not in empty
    assert (await desk.get(f"{PATH}/{empty['id']}")).json() == empty
    assert (await desk.get(f"/api/invoices/{empty['id']}")).status_code == 404
    assert (await desk.get("/api/invoices")).json()["totalItems"] == 0
    assert (await desk.get("/api/invoices/number-gaps")).json()["total"] == 0


async def test_a_draft_is_written_over_and_listed_by_its_last_change(
    desk: AsyncClient, database: Database
) -> None:
    first = await made(desk, PATH, {"fullName": "Ana", "lines": [LINE, LINE]})
    second = await made(desk, PATH, {"fullName": "Bea"})
    assert first["amount"] == "100.00"
    wish = {"fullName": "Ana Gil", "dueDate": "2026-12-01", "lines": [LINE]}
    path = f"{PATH}/{first['id']}"
    assert (await desk.put(path, json=wish)).status_code == 428
    changed = await desk.put(path, json=wish, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json() == (await desk.get(path)).json()
    assert (changed.json()["amount"], changed.json()["dueDate"]) == ("50.00", "2026-12-01")
    assert (await desk.put(path, json=wish, headers={"If-Match": '"1"'})).status_code == 412
    listed = (await desk.get(PATH)).json()["member"]
    assert [draft["id"] for draft in listed] == [first["id"], second["id"]]
    assert listed[0] == {name: value for name, value in changed.json().items() if name != "lines"}
    assert await counted(database) == (2, 1, 0)


async def test_a_draft_thrown_away_is_gone(desk: AsyncClient, database: Database) -> None:
    draft = await made(desk, PATH, {"lines": [LINE]})
    path = f"{PATH}/{draft['id']}"
    assert (await desk.delete(path, headers={"If-Match": '"7"'})).status_code == 412
    assert (await desk.delete(path)).status_code == 204
    assert refused(await desk.get(path)) == (404, "draft-not-found")
    assert refused(await desk.delete(path)) == (404, "draft-not-found")
    assert await counted(database) == (0, 0, 0)


async def test_an_issued_draft_is_an_invoice_like_any_other(
    desk: AsyncClient, database: Database, maria: Json
) -> None:
    customer = await made(desk, "/api/customers", maria)
    wish = {"customerId": customer["id"], "phone": "600", "date": "2026-01-07", "lines": [LINE]}
    draft = await made(desk, PATH, wish)
    answer = await desk.post(f"{PATH}/{draft['id']}/issue", json={})
    assert answer.status_code == 201, answer.text
    invoice = answer.json()
    assert answer.headers["location"] == f"/api/invoices/{invoice['id']}"
    assert (await desk.get(answer.headers["location"])).json() == invoice
    assert (invoice["number"], invoice["date"], invoice["dueDate"]) == (
        "2026000001",
        "2026-01-07",
        "2026-02-06",
    )
    assert (invoice["fullName"], invoice["phone"]) == (customer["fullName"], "600")
    assert (await desk.get(f"{PATH}/{draft['id']}")).status_code == 404
    assert refused(await desk.post(f"{PATH}/{draft['id']}/issue", json={})) == (404, "draft-not-found")
    assert await counted(database) == (0, 0, 1)
    async with database.reading() as connection:
        names = (await connection.execute(select(event_store.c.name).order_by(event_store.c.seq))).scalars()
        assert list(names)[1:] == ["billing.invoice-drafted.v1", "billing.invoice-issued.v1"]


async def test_the_day_is_said_when_it_is_issued(desk: AsyncClient) -> None:
    complete = {"fullName": "Ana", "address": "Calle Mayor 1", "lines": [LINE]}
    dated = await made(desk, PATH, complete | {"date": "2025-03-01"})
    other = {"date": "2025-04-01", "dueDate": "2025-04-15"}
    invoice = (await desk.post(f"{PATH}/{dated['id']}/issue", json=other)).json()
    assert (invoice["date"], invoice["dueDate"]) == ("2025-04-01", "2025-04-15")
    early = await made(desk, PATH, complete | {"date": "2025-03-01"})
    answer = await desk.post(f"{PATH}/{early['id']}/issue", json={})
    assert refused(answer) == (409, "date-before-last-invoice")
    assert answer.json()["last"] == {"date": "2025-04-01"}
    assert (await desk.post(f"{PATH}/{early['id']}/issue", json={"date": "2025-04-01"})).status_code == 201


@pytest.mark.parametrize(
    ("draft", "issue", "code"),
    [
        ({"lines": [LINE]}, {}, "fullName: required, address: required"),
        ({"fullName": "Ana", "lines": [LINE]}, {}, "address: required"),
        ({"fullName": "Ana", "address": "Calle 1"}, {}, "lines: too-few"),
        ({"fullName": "Ana", "address": "C", "lines": [LINE]}, {"date": "2999-01-01"}, "date: in-the-future"),
        (
            {"fullName": "Ana", "address": "C", "lines": [LINE], "dueDate": "2020-01-01"},
            {},
            "dueDate: due-before-date",
        ),
        ({"fullName": "Ana", "address": "C", "lines": [LINE]}, {"date": "x"}, "date: not-a-date"),
        (
            {"fullName": "Ana", "address": "C", "lines": [LINE | {"packSessions": 10}]},
            {},
            "patientId: pack-needs-patient",
        ),
    ],
)
async def test_what_is_missing_is_named_and_the_draft_stays(
    desk: AsyncClient, database: Database, draft: Json, issue: Json, code: str
) -> None:
    begun = await made(desk, PATH, draft)
    answer = await desk.post(f"{PATH}/{begun['id']}/issue", json=issue)
    assert refused(answer) == (422, code)
    assert (await desk.get(f"{PATH}/{begun['id']}")).json() == begun
    assert (await desk.get("/api/invoices/number-gaps")).json()["total"] == 0


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"lines": [LINE | {"quantity": "0"}]}, "lines.0.quantity: not-above"),
        ({"lines": [LINE | {"unitPrice": "-1"}]}, "lines.0.unitPrice: too-small"),
        ({"lines": [LINE | {"packSessions": 0}]}, "lines.0.packSessions: too-small"),
        ({"lines": [LINE | {"packSessions": 201}]}, "lines.0.packSessions: too-big"),
        ({"lines": [LINE | {"packSessions": "10"}]}, "lines.0.packSessions: not-a-number"),
        ({"lines": [LINE | {"appointmentId": "x"}]}, "lines.0.appointmentId: not-an-id"),
        ({"lines": None}, "lines: not-a-list"),
        ({"lines": [LINE] * 201}, "lines: too-many"),
        ({"customerId": str(uuid4())}, "customerId: unknown"),
        ({"dueDate": "3000-01-01"}, "dueDate: too-big"),
        ({"number": "2026000001"}, "number: unknown-field"),
        ({"status": "issued"}, "status: unknown-field"),
        (
            {"lines": [LINE | {"quantity": "10000", "unitPrice": "999999.99"}] * 2},
            "lines: total-too-high",
        ),
    ],
)
async def test_a_wrong_draft_is_named_and_not_kept(
    desk: AsyncClient, database: Database, wish: Json, code: str
) -> None:
    assert refused(await desk.post(PATH, json=wish)) == (422, code)
    assert await counted(database) == (0, 0, 0)


async def test_a_draft_issued_by_many_at_once_is_one_invoice(desk: AsyncClient, database: Database) -> None:
    for _ in range(4):
        draft = await made(desk, PATH, {"fullName": "Ana", "address": "Calle 1", "lines": [LINE]})
        asking = [desk.post(f"{PATH}/{draft['id']}/issue", json={}) for _ in range(6)]
        statuses = sorted(answer.status_code for answer in await asyncio.gather(*asking))
        assert statuses == [201] + [404] * 5
    gaps = (await desk.get("/api/invoices/number-gaps")).json()
    assert (gaps["total"], gaps["missing"]) == (4, [])


async def test_issuing_again_under_one_key_is_answered_alike(desk: AsyncClient, database: Database) -> None:
    draft = await made(desk, PATH, {"fullName": "Ana", "address": "Calle 1", "lines": [LINE]})
    key = {"Idempotency-Key": "again"}
    first = await desk.post(f"{PATH}/{draft['id']}/issue", json={}, headers=key)
    again = await desk.post(f"{PATH}/{draft['id']}/issue", json={}, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert await counted(database) == (0, 0, 1)
