"""Payments: in part, by whatever means, given back, and never more than there is to pay."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from billing_surroundings import Json, made, refused
from httpx import AsyncClient
from sqlalchemy import select

from billing.adapters.tables import payments
from billing.domain.payment import Account, PaymentStatus
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail
from shared_kernel.money import Money

TODAY = date(2026, 11, 23)


def money(amount: str) -> Money:
    return Money(Decimal(amount))


@pytest.mark.parametrize(
    ("due", "paid", "due_in", "rectified", "status"),
    [
        ("60", "0", 0, False, PaymentStatus.UNPAID),
        ("60", "0", 1, False, PaymentStatus.UNPAID),
        ("60", "0", -1, False, PaymentStatus.OVERDUE),
        ("60", "20", 0, False, PaymentStatus.PART_PAID),
        ("60", "59.99", -1, False, PaymentStatus.OVERDUE),
        ("60", "60", -1, False, PaymentStatus.PAID),
        ("0", "0", -1, False, PaymentStatus.PAID),
        ("40", "60", 5, False, PaymentStatus.TO_REFUND),
        ("0", "60", 5, True, PaymentStatus.TO_REFUND),
        ("0", "0", -5, True, PaymentStatus.RECTIFIED),
    ],
)
def test_how_an_invoice_stands(
    due: str, paid: str, due_in: int, rectified: bool, status: PaymentStatus
) -> None:
    account = Account(money(due), money(paid))
    due_date = TODAY + timedelta(days=due_in)
    assert account.status(rectified=rectified, due_date=due_date, today=TODAY) is status


async def pay(desk: AsyncClient, invoice: Json, amount: str, **more: object) -> Json:
    wish = {"amount": amount, "method": "cash", **more}
    return await made(desk, f"/api/invoices/{invoice['id']}/payments", wish)


async def test_an_invoice_is_paid_in_parts_and_given_back(desk: AsyncClient, session: Json) -> None:
    invoice = await made(desk, "/api/invoices", session)
    assert (invoice["paymentStatus"], invoice["outstanding"], invoice["paid"]) == ("unpaid", "60.00", "0.00")
    part = await pay(desk, invoice, "20", method="bizum", date="2026-11-01")
    assert (part["paymentStatus"], part["outstanding"], part["version"]) == ("part-paid", "40.00", 2)
    paid = await pay(desk, invoice, "40.00", method="card")
    assert (paid["paymentStatus"], paid["outstanding"], paid["paid"]) == ("paid", "0.00", "60.00")
    assert [(each["kind"], each["amount"], each["method"]) for each in paid["payments"]] == [
        ("payment", "20.00", "bizum"),
        ("payment", "40.00", "card"),
    ]
    back = await pay(desk, invoice, "60", kind="refund", method="transfer")
    assert (back["paymentStatus"], back["outstanding"]) == ("unpaid", "60.00")
    assert (await desk.get(f"/api/invoices/{invoice['id']}")).json() == back
    listed = (await desk.get(f"/api/invoices/{invoice['id']}/payments")).json()["member"]
    assert listed == back["payments"]
    frozen = ("number", "date", "fullName", "taxId", "address", "lines", "amount", "createdAt")
    assert {name: back[name] for name in frozen} == {name: invoice[name] for name in frozen}


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"amount": "60.01"}, 409, "payment-exceeds-outstanding"),
        ({"amount": "0.01", "kind": "refund"}, 409, "refund-exceeds-paid"),
        ({"amount": "0"}, 422, "amount: not-above"),
        ({"amount": "-1"}, 422, "amount: not-above"),
        ({"amount": "0.001"}, 422, "amount: too-precise"),
        ({"amount": "1e1"}, 422, "amount: not-a-number"),
        ({"amount": None}, 422, "amount: not-a-number"),
        ({"amount": "10000000000"}, 422, "amount: too-big"),
        ({"method": "gold"}, 422, "method: not-a-choice"),
        ({"method": None}, 422, "method: not-a-choice"),
        ({"kind": "gift"}, 422, "kind: not-a-choice"),
        ({"date": "2999-01-01"}, 422, "date: in-the-future"),
        ({"date": "1999-12-31"}, 422, "date: too-small"),
        ({"date": 20260101}, 422, "date: not-a-date"),
        ({"note": "x"}, 422, "note: unknown-field"),
    ],
)
async def test_a_wrong_payment_is_refused_and_nothing_changes(
    desk: AsyncClient, session: Json, wish: Json, status: int, code: str
) -> None:
    invoice = await made(desk, "/api/invoices", session)
    path = f"/api/invoices/{invoice['id']}"
    answer = await desk.post(f"{path}/payments", json={"amount": "1", "method": "cash"} | wish)
    assert refused(answer) == (status, code)
    assert (await desk.get(path)).json() == invoice


async def test_the_refusal_says_how_much_in_the_callers_language(desk: AsyncClient, session: Json) -> None:
    invoice = await made(desk, "/api/invoices", session)
    await pay(desk, invoice, "45")
    path = f"/api/invoices/{invoice['id']}/payments"
    spanish = {"X-App-Locale": "es"}
    too_much = await desk.post(path, json={"amount": "20", "method": "cash"}, headers=spanish)
    assert too_much.json()["detail"] == "Solo quedan 15.00 por pagar."
    back = await desk.post(path, json={"amount": "46", "method": "cash", "kind": "refund"})
    assert "45.00" in back.json()["detail"]


async def test_many_pay_at_once_and_no_more_is_taken_than_is_due(
    desk: AsyncClient, database: Database, session: Json
) -> None:
    invoice = await made(desk, "/api/invoices", session)
    path = f"/api/invoices/{invoice['id']}/payments"
    paying = [desk.post(path, json={"amount": "25", "method": "card"}) for _ in range(10)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*paying))
    assert statuses == [201, 201] + [409] * 8
    async with database.reading() as connection:
        amounts = (await connection.execute(select(payments.c.amount))).scalars()
        assert list(amounts) == [Decimal("25.00")] * 2


async def test_a_payment_under_one_key_is_taken_once(desk: AsyncClient, session: Json) -> None:
    invoice = await made(desk, "/api/invoices", session)
    path, key = f"/api/invoices/{invoice['id']}/payments", {"Idempotency-Key": "k"}
    wish = {"amount": "20", "method": "cash"}
    first = await desk.post(path, json=wish, headers=key)
    assert (await desk.post(path, json=wish, headers=key)).content == first.content
    assert len((await desk.get(path)).json()["member"]) == 1


async def test_a_payment_on_what_somebody_changed_meanwhile_is_refused_when_asked(
    desk: AsyncClient, session: Json
) -> None:
    invoice = await made(desk, "/api/invoices", session)
    await pay(desk, invoice, "1")
    path = f"/api/invoices/{invoice['id']}/payments"
    stale = await desk.post(path, json={"amount": "1", "method": "cash"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    unknown = await desk.post(f"/api/invoices/{uuid4()}/payments", json={"amount": "1", "method": "cash"})
    assert refused(unknown) == (404, "invoice-not-found")


async def test_the_audit_tells_what_was_paid_before_and_after(
    desk: AsyncClient, database: Database, session: Json
) -> None:
    invoice = await made(desk, "/api/invoices", session)
    await pay(desk, invoice, "20")
    async with database.reading() as connection:
        changes = select(audit_trail.c.changes).where(audit_trail.c.operation == "updated")
        assert '"paid":["0.00","20.00"]' in (await connection.execute(changes)).scalar_one()


async def test_lists_are_narrowed_by_how_invoices_stand_and_add_up(desk: AsyncClient, session: Json) -> None:
    today = datetime.now(UTC).date()
    old = {"date": "2025-01-10", "dueDate": "2025-02-10"}
    late = await made(desk, "/api/invoices", session | old)
    late_in_part = await made(desk, "/api/invoices", session | old)
    await pay(desk, late_in_part, "10")
    paid = await made(desk, "/api/invoices", session)
    await pay(desk, paid, "60")
    part = await made(desk, "/api/invoices", session)
    await pay(desk, part, "59.99")
    unpaid = await made(desk, "/api/invoices", session)
    expected = {
        "overdue": {late["id"], late_in_part["id"]},
        "paid": {paid["id"]},
        "part-paid": {part["id"]},
        "unpaid": {unpaid["id"]},
        "open": {late["id"], late_in_part["id"], part["id"], unpaid["id"]},
        "to-refund": set(),
        "rectified": set(),
    }
    for standing, ids in expected.items():
        listed = (await desk.get("/api/invoices", params={"paymentStatus": standing})).json()["member"]
        assert {each["id"] for each in listed} == ids, standing
        assert standing == "open" or {each["paymentStatus"] for each in listed} <= {standing}
    totals = (await desk.get("/api/invoices/totals")).json()
    assert totals == {"count": 5, "amount": "300.00", "unpaid": "170.01", "currency": "EUR"}
    overdue = (await desk.get("/api/invoices/totals", params={"paymentStatus": "overdue"})).json()
    assert overdue == {"count": 2, "amount": "120.00", "unpaid": "110.00", "currency": "EUR"}
    this_year = {"from": f"{today.year}-01-01", "to": f"{today.year}-12-31"}
    assert (await desk.get("/api/invoices/totals", params=this_year)).json()["count"] == 3
    nothing = (await desk.get("/api/invoices/totals", params={"search": "nobody"})).json()
    assert nothing == {"count": 0, "amount": "0.00", "unpaid": "0.00", "currency": "EUR"}
