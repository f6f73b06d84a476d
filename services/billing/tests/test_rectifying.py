"""Undoing an invoice: only by another one that names it, in its own series, and the money follows."""

import asyncio
from typing import Any

import pytest
from billing_surroundings import ERASED, MARIA, REGISTERED, Json, made, refused
from httpx import AsyncClient

DIFFERENCE = {"kind": "difference", "reason": "Precio equivocado"}
LESS = {"concept": "Descuento", "quantity": "1", "unitPrice": "-20"}
SESSION = {"concept": "Sesión de fisioterapia", "quantity": "1", "unitPrice": "45.50"}
REPLACEMENT = {"kind": "replacement", "reason": "NIF equivocado", "lines": [SESSION]}


async def rectify(desk: AsyncClient, invoice: Json, wish: Json) -> Json:
    return await made(desk, f"/api/invoices/{invoice['id']}/rectification", wish)


async def pay(desk: AsyncClient, invoice: Json, amount: str, **more: object) -> Json:
    wish = {"amount": amount, "method": "card", **more}
    return await made(desk, f"/api/invoices/{invoice['id']}/payments", wish)


async def now(desk: AsyncClient, invoice: Json) -> Json:
    shown: Json = (await desk.get(f"/api/invoices/{invoice['id']}")).json()
    return shown


def standing(invoice: Json) -> tuple[Any, ...]:
    return tuple(invoice[name] for name in ("status", "paymentStatus", "due", "paid", "outstanding"))


async def test_a_difference_changes_what_is_to_be_paid_and_nothing_that_was_said(
    desk: AsyncClient, session: Json
) -> None:
    invoice = await made(desk, "/api/invoices", session)
    less = await rectify(desk, invoice, DIFFERENCE | {"lines": [LESS]})
    assert (less["series"], less["displayNumber"][0], less["number"][4:]) == ("R", "R", "000001")
    assert (less["kind"], less["amount"], less["rectifiesId"]) == ("difference", "-20.00", invoice["id"])
    assert (less["reason"], less["fullName"]) == ("Precio equivocado", invoice["fullName"])
    assert (less["paymentStatus"], less["due"], less["outstanding"]) == (None, "0.00", "0.00")
    assert less["related"] == [
        {
            "id": invoice["id"],
            "series": "F",
            "number": invoice["number"],
            "displayNumber": invoice["displayNumber"],
            "kind": "ordinary",
            "date": invoice["date"],
            "amount": "60.00",
        }
    ]
    assert await now(desk, less) == less
    after = await now(desk, invoice)
    assert standing(after) == ("issued", "unpaid", "40.00", "0.00", "40.00")
    assert [each["id"] for each in after["related"]] == [less["id"]]
    changed = ("due", "outstanding", "related", "version", "updatedAt")
    assert {n: v for n, v in after.items() if n not in changed} == {
        n: v for n, v in invoice.items() if n not in changed
    }
    more = await rectify(desk, invoice, DIFFERENCE | {"lines": [LESS | {"unitPrice": "5"}]})
    assert more["number"][4:] == "000002"
    assert (await now(desk, invoice))["due"] == "45.00"


async def test_a_difference_without_lines_takes_all_of_it_back(desk: AsyncClient, session: Json) -> None:
    invoice = await made(desk, "/api/invoices", session)
    await pay(desk, invoice, "25")
    cancelling = await rectify(desk, invoice, DIFFERENCE)
    assert [line["unitPrice"] for line in cancelling["lines"]] == ["-60.00"]
    assert standing(await now(desk, invoice)) == ("rectified", "to-refund", "0.00", "25.00", "-25.00")
    refunded = await pay(desk, invoice, "25", kind="refund")
    assert standing(refunded) == ("rectified", "rectified", "0.00", "0.00", "0.00")
    listed = (await desk.get("/api/invoices", params={"paymentStatus": "rectified"})).json()["member"]
    assert [each["id"] for each in listed] == [invoice["id"]]
    assert (await desk.get("/api/invoices/totals")).json()["amount"] == "0.00"


async def test_a_replacement_says_it_anew_and_has_the_payments(desk: AsyncClient, session: Json) -> None:
    invoice = await made(desk, "/api/invoices", session)
    paid = await pay(desk, invoice, "60")
    instead = await rectify(desk, invoice, REPLACEMENT | {"taxId": "12345678-z"})
    assert (instead["kind"], instead["amount"], instead["taxId"]) == ("replacement", "45.50", "12345678Z")
    assert (instead["fullName"], instead["address"]) == (invoice["fullName"], invoice["address"])
    assert standing(instead) == ("issued", "to-refund", "45.50", "60.00", "-14.50")
    assert instead["payments"] == paid["payments"]
    assert await now(desk, instead) == instead
    replaced = await now(desk, invoice)
    assert standing(replaced) == ("rectified", "rectified", "0.00", "0.00", "0.00")
    assert (replaced["payments"], replaced["amount"]) == ([], "60.00")
    totals = (await desk.get("/api/invoices/totals")).json()
    assert totals == {"count": 2, "amount": "45.50", "unpaid": "0.00", "currency": "EUR"}
    assert (await desk.get("/api/stats/invoices")).json()["revenueThisMonth"] == "45.50"
    again = await rectify(desk, instead, REPLACEMENT | {"lines": [SESSION | {"unitPrice": "60"}]})
    assert standing(again) == ("issued", "paid", "60.00", "60.00", "0.00")


async def test_a_replacement_after_a_difference_counts_what_was_in_force(
    desk: AsyncClient, session: Json
) -> None:
    invoice = await made(desk, "/api/invoices", session)
    await rectify(desk, invoice, DIFFERENCE | {"lines": [LESS]})
    await rectify(desk, invoice, REPLACEMENT)
    assert (await desk.get("/api/invoices/totals")).json()["amount"] == "45.50"


async def test_a_replacement_may_be_for_another_customer(
    desk: AsyncClient, session: Json, maria: Json
) -> None:
    customer = await made(desk, "/api/customers", maria)
    invoice = await made(desk, "/api/invoices", session | {"fullName": "Otra"})
    instead = await rectify(desk, invoice, REPLACEMENT | {"customerId": customer["id"]})
    assert (instead["customerId"], instead["fullName"]) == (customer["id"], customer["fullName"])


async def test_each_series_counts_on_its_own(desk: AsyncClient, session: Json) -> None:
    first, second = [await made(desk, "/api/invoices", session) for _ in range(2)]
    await rectify(desk, first, DIFFERENCE)
    third = await made(desk, "/api/invoices", session)
    await rectify(desk, second, REPLACEMENT)
    assert third["number"][4:] == "000003"
    year = third["date"][:4]
    for series, total in (("F", 3), ("R", 2)):
        gaps = (await desk.get("/api/invoices/number-gaps", params={"series": series})).json()
        assert (gaps["first"], gaps["last"], gaps["total"]) == (f"{year}000001", f"{year}00000{total}", total)
        listed = (await desk.get("/api/invoices", params={"series": series})).json()["member"]
        assert len(listed) == total
    found = (await desk.get("/api/invoices", params={"search": f"R{year}"})).json()["member"]
    assert {each["series"] for each in found} == {"R"}
    assert (await desk.get("/api/invoices", params={"search": year})).json()["totalItems"] == 5


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        (DIFFERENCE | {"lines": [LESS | {"unitPrice": "-60.01"}]}, 409, "rectified-below-nothing"),
        (DIFFERENCE | {"date": "2025-01-01"}, 422, "date: before-rectified"),
        (DIFFERENCE | {"date": "2999-01-01"}, 422, "date: in-the-future"),
        (DIFFERENCE | {"reason": " "}, 422, "reason: required"),
        (DIFFERENCE | {"reason": "x" * 501}, 422, "reason: too-long"),
        (DIFFERENCE | {"fullName": "Otra"}, 422, "fullName: difference-keeps-addressee"),
        (DIFFERENCE | {"lines": []}, 422, "lines: too-few"),
        (DIFFERENCE | {"lines": [LESS | {"unitPrice": "-1000000"}]}, 422, "lines.0.unitPrice: too-small"),
        (DIFFERENCE | {"lines": [LESS | {"packSessions": 5}]}, 422, "lines.0.packSessions: unknown-field"),
        (
            DIFFERENCE | {"lines": [LESS | {"appointmentId": str(MARIA)}]},
            422,
            "lines.0.appointmentId: difference-bills-no-visit",
        ),
        ({"kind": "replacement", "reason": "x"}, 422, "lines: required"),
        (REPLACEMENT | {"lines": [SESSION, LESS]}, 422, "lines.1.unitPrice: too-small"),
        (REPLACEMENT | {"address": ""}, 422, "address: required"),
        (REPLACEMENT | {"customerId": str(MARIA)}, 422, "customerId: unknown"),
        (REPLACEMENT | {"dueDate": "2025-01-01"}, 422, "dueDate: due-before-date"),
        ({"kind": "ordinary", "reason": "x"}, 422, "kind: not-a-choice"),
        ({}, 422, "kind: required, reason: required"),
    ],
)
async def test_a_wrong_rectification_is_refused_and_takes_no_number(
    desk: AsyncClient, session: Json, wish: Json, status: int, code: str
) -> None:
    invoice = await made(desk, "/api/invoices", session)
    answer = await desk.post(f"/api/invoices/{invoice['id']}/rectification", json=wish)
    assert refused(answer) == (status, code)
    assert await now(desk, invoice) == invoice
    gaps = (await desk.get("/api/invoices/number-gaps", params={"series": "R"})).json()
    assert (gaps["total"], gaps["first"]) == (0, None)


async def test_what_is_undone_is_not_undone_again(desk: AsyncClient, session: Json) -> None:
    cancelled, replaced = [await made(desk, "/api/invoices", session) for _ in range(2)]
    correction = await rectify(desk, cancelled, DIFFERENCE)
    await rectify(desk, replaced, REPLACEMENT)
    for invoice in (cancelled, replaced, correction):
        for wish in (DIFFERENCE, REPLACEMENT):
            answer = await desk.post(f"/api/invoices/{invoice['id']}/rectification", json=wish)
            assert refused(answer) == (409, "already-rectified")


async def test_nothing_issued_is_deleted(desk: AsyncClient, admin: AsyncClient, session: Json) -> None:
    invoice = await made(desk, "/api/invoices", session)
    for client in (desk, admin):
        assert (await client.delete(f"/api/invoices/{invoice['id']}")).status_code == 405
    assert await now(desk, invoice) == invoice


async def test_many_replace_one_at_once_and_one_does(desk: AsyncClient, session: Json) -> None:
    for _ in range(3):
        invoice = await made(desk, "/api/invoices", session)
        path = f"/api/invoices/{invoice['id']}/rectification"
        statuses = [
            a.status_code
            for a in await asyncio.gather(*(desk.post(path, json=REPLACEMENT) for _ in range(6)))
        ]
        assert sorted(statuses) == [201] + [409] * 5
    gaps = (await desk.get("/api/invoices/number-gaps", params={"series": "R"})).json()
    assert (gaps["total"], gaps["missing"]) == (3, [])


async def test_dates_of_rectifications_rise_with_their_numbers(desk: AsyncClient, session: Json) -> None:
    first, second = [await made(desk, "/api/invoices", session | {"date": "2025-01-10"}) for _ in range(2)]
    await rectify(desk, first, DIFFERENCE | {"date": "2025-03-01"})
    path = f"/api/invoices/{second['id']}/rectification"
    early = await desk.post(path, json=DIFFERENCE | {"date": "2025-02-01"})
    assert refused(early) == (409, "date-before-last-invoice")


async def test_what_was_issued_to_somebody_erased_is_not_rectified(
    desk: AsyncClient, admin: AsyncClient, session: Json, hear: Any
) -> None:
    await hear(REGISTERED)
    invoice = await made(desk, "/api/invoices", session | {"patientId": str(MARIA)})
    await hear(ERASED, version=2)
    for client in (desk, admin):
        answer = await client.post(f"/api/invoices/{invoice['id']}/rectification", json=DIFFERENCE)
        assert answer.status_code == 404
    paying = {"amount": "60", "method": "transfer"}
    assert (await desk.post(f"/api/invoices/{invoice['id']}/payments", json=paying)).status_code == 404
    late = await admin.post(f"/api/invoices/{invoice['id']}/payments", json=paying)
    assert late.json()["paymentStatus"] == "paid"
