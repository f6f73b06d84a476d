"""Numbers changed by hand: the validator's refusals, and gaps that everybody can see."""

import datetime as dt
from collections.abc import Awaitable, Callable

import pytest
from billing_surroundings import MARIA, REGISTERED, Json, made, refused
from httpx import AsyncClient
from sqlalchemy import select, update

from billing.adapters.tables import invoice_counters, invoices
from billing.domain.numbering import DateAgainstNumbers, Neighbourhood, expect_number
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail
from shared_kernel.errors import Invalid

Hear = Callable[..., Awaitable[None]]

DAY = dt.date(2026, 6, 1)


def validated(number: str | None, taken: bool = False, highest: int = 7) -> str:
    """The code of the refusal, or the number."""
    try:
        written = expect_number(number, DAY)
        Neighbourhood(taken, highest, None, None).expect_place(written, DAY)
    except Invalid as refusal:
        return refusal.violations[0].code
    return written


@pytest.mark.parametrize(
    ("number", "taken", "highest", "outcome"),
    [
        (None, False, 7, "invoice_number_required"),
        ("", False, 7, "invoice_number_required"),
        ("   ", False, 7, "invoice_number_required"),
        ("2026", False, 7, "invoice_number_invalid_format"),
        ("202600001", False, 7, "invoice_number_invalid_format"),
        ("20260000001", False, 7, "invoice_number_invalid_format"),
        ("2026000000", False, 7, "invoice_number_invalid_format"),
        ("2025000001", False, 7, "invoice_number_invalid_format"),
        ("2027000001", False, 7, "invoice_number_invalid_format"),
        ("F202600001", False, 7, "invoice_number_invalid_format"),
        ("F2026000001", False, 7, "invoice_number_invalid_format"),
        ("2026-00001", False, 7, "invoice_number_invalid_format"),
        ("+202600001", False, 7, "invoice_number_invalid_format"),
        ("２０２６００００01", False, 7, "invoice_number_invalid_format"),
        ("٢٠٢٦٠٠٠٠٠١", False, 7, "invoice_number_invalid_format"),
        ("2026000003", True, 7, "invoice_number_duplicate"),
        ("2026000007", True, 7, "invoice_number_duplicate"),
        ("2026000009", False, 7, "invoice_number_out_of_sequence"),
        ("2026999999", False, 7, "invoice_number_out_of_sequence"),
        ("2026000002", False, 0, "invoice_number_out_of_sequence"),
        ("2026000001", False, 0, "2026000001"),
        ("2026000003", False, 7, "2026000003"),
        ("2026000008", False, 7, "2026000008"),
        (" 2026000008 ", False, 7, "2026000008"),
    ],
)
def test_the_validator(number: str | None, taken: bool, highest: int, outcome: str) -> None:
    assert validated(number, taken, highest) == outcome


@pytest.mark.parametrize(
    ("before", "after", "fits"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (DAY - dt.timedelta(1), DAY + dt.timedelta(1), True),
        (DAY + dt.timedelta(1), None, False),
        (None, DAY - dt.timedelta(1), False),
    ],
)
def test_a_date_lies_between_those_of_the_neighbouring_numbers(
    before: dt.date | None, after: dt.date | None, fits: bool
) -> None:
    place = Neighbourhood(False, 7, before, after)
    if fits:
        place.expect_place("2026000003", DAY)
    else:
        with pytest.raises(DateAgainstNumbers):
            place.expect_place("2026000003", DAY)


async def issue(client: AsyncClient, session: Json, day: str = "2026-01-07", **more: object) -> Json:
    return await made(client, "/api/invoices", session | {"date": day} | more)


def seen(invoice: Json) -> dict[str, str]:
    return {"If-Match": f'"{invoice["version"]}"'}


async def test_issued_invoices_are_frozen_unless_the_clinic_says_otherwise(
    desk: AsyncClient, admin: AsyncClient, editor: AsyncClient, session: Json
) -> None:
    invoice = await issue(desk, session)
    path = f"/api/invoices/{invoice['id']}"
    assert refused(await admin.put(path, json=session, headers=seen(invoice))) == (409, "invoice-frozen")
    assert (await desk.put(path, json=session, headers=seen(invoice))).status_code == 403
    assert (await admin.patch(path, json={})).status_code == 405
    assert (await admin.get("/api/invoices/settings")).json()["editEnabled"] is False
    assert (await editor.get("/api/invoices/settings")).json() == {
        "editEnabled": True,
        "mailConfigured": False,
        "prefix": "F",
        "rectifyingPrefix": "R",
        "dueDays": 30,
        "currency": "EUR",
    }
    assert (await editor.put(path, json=session)).status_code == 428
    wish = session | {"date": "2026-01-07", "fullName": "María Núñez", "lines": [*session["lines"]] * 2}
    answer = await editor.put(path, json=wish, headers=seen(invoice))
    assert answer.status_code == 200, answer.text
    edited = answer.json()
    assert (edited["fullName"], edited["amount"], edited["due"], edited["number"]) == (
        "María Núñez",
        "120.00",
        "120.00",
        invoice["number"],
    )
    assert (await desk.get(path)).json() == edited
    assert (await editor.put(path, json=wish, headers=seen(invoice))).status_code == 412
    found = (await desk.get("/api/invoices", params={"search": "nunez"})).json()["member"]
    assert [each["id"] for each in found] == [invoice["id"]]
    assert (await desk.get("/api/invoices/totals")).json()["amount"] == "120.00"


async def test_an_edit_is_audited_with_its_lines(
    editor: AsyncClient, database: Database, session: Json
) -> None:
    invoice = await issue(editor, session)
    line = {"concept": "Punción seca", "quantity": "1", "unitPrice": "70"}
    wish = session | {"date": "2026-01-07", "lines": [line]}
    await editor.put(f"/api/invoices/{invoice['id']}", json=wish, headers=seen(invoice))
    async with database.reading() as connection:
        changes = select(audit_trail.c.changes).where(audit_trail.c.operation == "updated")
        told = (await connection.execute(changes)).scalar_one()
    assert '"amount":["60.00","70.00"]' in told
    before, after = '["Sesión de fisioterapia","","1.00","60.00"]', '["Punción seca","","1.00","70.00"]'
    assert f'"lines":[[{before}],[{after}]]' in told


async def test_a_number_is_changed_by_the_rules_and_the_counter_follows(
    editor: AsyncClient, database: Database, session: Json
) -> None:
    first, second, third = [await issue(editor, session) for _ in range(3)]

    async def renumber(invoice: Json, number: object) -> tuple[int, str]:
        wish = session | {"date": "2026-01-07", "number": number}
        path = f"/api/invoices/{invoice['id']}"
        answer = await editor.put(path, json=wish, headers={"If-Match": "*"})
        return (200, answer.json()["number"]) if answer.status_code == 200 else refused(answer)

    assert await renumber(second, "") == (422, "number: invoice_number_required")
    assert await renumber(second, None) == (422, "number: invoice_number_required")
    assert await renumber(second, 7) == (422, "number: not-text")
    assert await renumber(second, "2025000001") == (422, "number: invoice_number_invalid_format")
    assert await renumber(second, first["number"]) == (422, "number: invoice_number_duplicate")
    assert await renumber(second, "2026000005") == (422, "number: invoice_number_out_of_sequence")
    assert await renumber(second, "2026000002") == (200, "2026000002")
    assert await renumber(second, "2026000004") == (200, "2026000004")
    gaps = (await editor.get("/api/invoices/number-gaps", params={"year": "2026"})).json()
    assert gaps == {
        "series": "F",
        "year": 2026,
        "first": "2026000001",
        "last": "2026000004",
        "total": 3,
        "missing": ["2026000002"],
        "missingCount": 1,
    }
    assert (await issue(editor, session))["number"] == "2026000005"
    assert await renumber(third, "2026000002") == (200, "2026000002")
    assert await renumber(third, "2026000003") == (200, "2026000003")
    assert await renumber(second, "2026000002") == (200, "2026000002")
    async with database.reading() as connection:
        assert (await connection.execute(select(invoice_counters.c.last))).scalar_one() == 5


async def test_the_next_number_leaves_no_hole_after_the_last_was_moved_back(
    editor: AsyncClient, database: Database, session: Json
) -> None:
    made_now = [await issue(editor, session) for _ in range(3)]
    wish = session | {"date": "2025-12-31", "number": "2025000001"}
    moved = await editor.put(f"/api/invoices/{made_now[2]['id']}", json=wish, headers=seen(made_now[2]))
    assert moved.status_code == 200, moved.text
    assert (await issue(editor, session))["number"] == "2026000003"
    assert (await issue(editor, session, "2025-12-31"))["number"] == "2025000002"


async def test_dates_and_numbers_of_edited_invoices_rise_together(editor: AsyncClient, session: Json) -> None:
    days = ("2026-01-10", "2026-02-10", "2026-03-10")
    _, second, _ = [await issue(editor, session, day) for day in days]
    path = f"/api/invoices/{second['id']}"
    for day in ("2026-01-09", "2026-03-11"):
        answer = await editor.put(path, json=session | {"date": day}, headers=seen(second))
        assert refused(answer) == (409, "date-against-numbers")
    fits = await editor.put(path, json=session | {"date": "2026-03-10"}, headers=seen(second))
    assert fits.json()["date"] == "2026-03-10"


async def test_what_was_paid_or_rectified_bounds_what_can_be_edited(
    editor: AsyncClient, session: Json
) -> None:
    paid, rectified = [await issue(editor, session) for _ in range(2)]
    await made(editor, f"/api/invoices/{paid['id']}/payments", {"amount": "50", "method": "cash"})
    cheaper = {"lines": [{"concept": "x", "quantity": "1", "unitPrice": "49.99"}]}
    wish = session | {"date": "2026-01-07"} | cheaper
    answer = await editor.put(f"/api/invoices/{paid['id']}", json=wish, headers={"If-Match": "*"})
    assert refused(answer) == (409, "paid-beyond-total")
    less = {
        "kind": "difference",
        "reason": "x",
        "lines": [{"concept": "x", "quantity": "1", "unitPrice": "-1"}],
    }
    correction = await made(editor, f"/api/invoices/{rectified['id']}/rectification", less)
    for invoice in (rectified, correction):
        answer = await editor.put(f"/api/invoices/{invoice['id']}", json=wish, headers={"If-Match": "*"})
        assert refused(answer)[1] in ("already-rectified", "number: invoice_number_invalid_format")


async def test_packs_sold_are_not_edited_away(editor: AsyncClient, session: Json, hear: Hear) -> None:
    await hear(REGISTERED)
    line = {"concept": "Bono", "quantity": "1", "unitPrice": "500", "packSessions": 10}
    sold = session | {"patientId": str(MARIA), "lines": [line]}
    invoice = await issue(editor, sold)
    path = f"/api/invoices/{invoice['id']}"
    for lines in (session["lines"], [line | {"packSessions": 20}], [line, line]):
        wish = sold | {"date": "2026-01-07", "lines": lines}
        answer = await editor.put(path, json=wish, headers=seen(invoice))
        assert refused(answer) == (422, "lines: packs-cannot-change")
    nobodys = await editor.put(
        path, json=sold | {"date": "2026-01-07", "patientId": None}, headers=seen(invoice)
    )
    assert refused(nobodys) == (422, "patientId: pack-needs-patient")
    cheaper = sold | {"date": "2026-01-07", "lines": [line | {"unitPrice": "450"}]}
    assert (await editor.put(path, json=cheaper, headers=seen(invoice))).json()["amount"] == "450.00"


async def test_gaps_are_told_for_each_year_and_series(
    desk: AsyncClient, database: Database, session: Json
) -> None:
    nothing = {"series": "R", "year": 2025, "first": None, "last": None, "total": 0}
    asked = await desk.get("/api/invoices/number-gaps", params={"year": "2025", "series": "R"})
    assert asked.json() == nothing | {"missing": [], "missingCount": 0}
    for _ in range(3):
        await issue(desk, session, "2025-05-05")
    async with database.writing() as connection:
        third = invoices.c.number == "2025000003"
        await connection.execute(update(invoices).where(third).values(number="2025002003"))
        await connection.commit()
    gaps = (await desk.get("/api/invoices/number-gaps", params={"year": "2025"})).json()
    assert (gaps["first"], gaps["last"], gaps["total"]) == ("2025000001", "2025002003", 3)
    assert (len(gaps["missing"]), gaps["missing"][0], gaps["missingCount"]) == (1000, "2025000003", 2000)
    for wrong in ({"year": "x"}, {"year": "1999"}, {"series": "Q"}):
        answer = await desk.get("/api/invoices/number-gaps", params=wrong)
        assert answer.json()["violations"][0]["propertyPath"] == next(iter(wrong))
