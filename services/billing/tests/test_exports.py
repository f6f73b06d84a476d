"""Lists and books as files: all of what was found, in the reader's forms, and harmless to open."""

import csv
import io
import re
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from billing_surroundings import ERASED, MARIA, REGISTERED, Json, keep_invoices, made
from httpx import AsyncClient

from billing.adapters.spreadsheets import csv_of, may_be_formula, xlsx_of
from shared_kernel.chassis.database import Database
from testkit.sheets import read_sheet
from testkit.statements import statements_of_all

Hear = Callable[..., Awaitable[None]]
EXPORT, JOURNAL = "/api/invoices/export", "/api/invoices/journal"


def table(content: bytes, delimiter: str = ";") -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


async def fetched(client: AsyncClient, path: str, **params: object) -> bytes:
    answer = await client.get(path, params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["cache-control"].startswith("private")
    return answer.content


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("=1+1", True),
        ("+34 600", True),
        ("-5", True),
        ("@SUM(A1)", True),
        ("\t=1", True),
        (" =1", True),
        ("\n@x", True),
        ("María", False),
        ("5-3", False),
        ("", False),
        ("'=1", False),
    ],
)
def test_what_a_spreadsheet_might_run(text: str, runs: bool) -> None:
    assert may_be_formula(text) is runs


async def test_the_list_leaves_as_csv_in_the_readers_forms(desk: AsyncClient, session: Json) -> None:
    invoice = await made(desk, "/api/invoices", session | {"date": "2026-01-07", "taxId": "12345678Z"})
    await made(desk, f"/api/invoices/{invoice['id']}/payments", {"amount": "10.5", "method": "cash"})
    head, row = table(await fetched(desk, EXPORT, format="csv", locale="es"))
    assert head[:4] == ["Número", "Fecha", "Vencimiento", "Cliente"]
    assert row[:6] == [
        "F2026000001",
        "2026-01-07",
        "2026-02-06",
        "María José Muñoz García",
        "12345678Z",
        "Ordinaria",
    ]
    assert row[6:] == ["60,00", "60,00", "10,50", "49,50", "Vencida", "EUR"]
    english = table(await fetched(desk, EXPORT, format="csv", locale="en"), ",")
    assert (english[0][0], english[1][6], english[1][10]) == ("Number", "60.00", "Overdue")


async def test_the_list_leaves_as_a_workbook(desk: AsyncClient, session: Json) -> None:
    await made(desk, "/api/invoices", session | {"date": "2026-01-07"})
    content = await fetched(desk, EXPORT, format="xlsx", locale="es")
    head, row = read_sheet(content)
    assert head[0] == "Número"
    assert row[:2] == ["F2026000001", datetime(2026, 1, 7)]
    assert row[3] == "María José Muñoz García"
    assert 60 in row


@pytest.mark.parametrize("lure", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", " =1", '=cmd|"/C calc"!A0'])
async def test_no_cell_of_a_file_runs(desk: AsyncClient, session: Json, lure: str) -> None:
    await made(desk, "/api/invoices", session | {"fullName": lure, "taxId": lure})
    for locale, delimiter in (("es", ";"), ("en", ",")):
        row = table(await fetched(desk, EXPORT, format="csv", locale=locale), delimiter)[1]
        assert row[3] == "'" + lure.strip()
        assert not may_be_formula(row[4])
    assert read_sheet(await fetched(desk, EXPORT, format="xlsx"))[1][3] == lure.strip()


async def test_filters_and_order_are_those_of_the_list(desk: AsyncClient, session: Json) -> None:
    for day, price in (("2025-05-01", "90"), ("2026-01-07", "60"), ("2026-01-08", "70")):
        line = {"concept": "Sesión", "quantity": "1", "unitPrice": price}
        await made(desk, "/api/invoices", session | {"date": day, "lines": [line]})
    asked: list[dict[str, Any]] = [
        {},
        {"year": 2026},
        {"order": "amount"},
        {"search": "F2025"},
        {"from": "2026-01-08"},
        {"paymentStatus": "paid"},
    ]
    for params in asked:
        listed = (await desk.get("/api/invoices", params=params)).json()["member"]
        exported = table(await fetched(desk, EXPORT, format="csv", locale="es", **params))[1:]
        assert [row[0] for row in exported] == [each["displayNumber"] for each in listed], params


@pytest.mark.parametrize("order", ["date", "number", "amount"])
async def test_a_long_list_leaves_whole_and_each_invoice_once(
    desk: AsyncClient, database: Database, order: str
) -> None:
    await keep_invoices(database, 1234)
    with statements_of_all(database) as given:
        rows = table(await fetched(desk, EXPORT, format="csv", locale="es", order=order))[1:]
    reading = [statement for statement, _ in given if "FROM invoices" in statement]
    assert len(reading) == 3, "a portion takes one statement"
    assert len({row[0] for row in rows}) == len(rows) == 1234
    key = {"date": 1, "number": 0, "amount": 6}[order]
    values = [Decimal(row[key].replace(",", ".")) if order == "amount" else row[key] for row in rows]
    assert values == sorted(values, reverse=True)


async def test_the_memory_stays_flat_however_long_the_table() -> None:
    async def portions(count: int) -> Any:
        for _ in range(count):
            yield [["María José Muñoz García " * 4, date(2026, 1, 1), Decimal("60.00")] * 4] * 500

    async def peak(make: Any, count: int) -> int:
        tracemalloc.start()
        async for _ in make(portions(count)):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    for make in (lambda p: csv_of(["a"], p, "es"), lambda p: xlsx_of(["a"], p, "Hoja")):
        await peak(make, 1)
        assert await peak(make, 24) < 2 * await peak(make, 4)


@pytest.mark.parametrize("make", [lambda p: csv_of(["a"], p, "es"), lambda p: xlsx_of(["a"], p, "Hoja")])
async def test_a_file_leaves_while_the_rest_is_still_to_be_read(make: Any) -> None:
    read: list[int] = []

    async def portions() -> Any:
        for number in range(3):
            read.append(number)
            yield [["María", Decimal("60.00")]] * 500

    file = make(portions())
    assert await anext(file)
    assert read == [0]
    await file.aclose()


async def test_a_workbook_shows_all_that_was_written_and_only_that() -> None:
    words = ["<b>&\"'", " spaced ", "Łódź 東京 العربية 😀", "a\x01b\ufffec", "two\nlines", "_x0041_"]

    async def portions() -> Any:
        yield [[*words, None, date(2026, 2, 28), Decimal("-1234567.80")]]
        yield [["=1+1"]]

    written = b"".join([chunk async for chunk in xlsx_of(["Número"] * 9, portions(), "R&D <1>")])
    shown = [*words[:3], "abc", *words[4:], None, datetime(2026, 2, 28), -1234567.8]
    nothing = [None] * 8
    assert read_sheet(written) == [["Número"] * 9, shown, ["=1+1", *nothing]]


async def test_the_journal_has_every_document_and_payment_of_its_time(
    desk: AsyncClient, session: Json
) -> None:
    invoice = await made(desk, "/api/invoices", session | {"date": "2025-05-10", "taxId": "12345678Z"})
    paying = {"amount": "60", "method": "bizum", "date": "2025-06-02"}
    await made(desk, f"/api/invoices/{invoice['id']}/payments", paying)
    less = {"kind": "difference", "reason": "Descuento", "date": "2025-06-01"}
    line = {"concept": "Descuento", "quantity": "1", "unitPrice": "-20"}
    await made(desk, f"/api/invoices/{invoice['id']}/rectification", less | {"lines": [line]})
    back = {"amount": "20", "method": "cash", "date": "2025-06-03", "kind": "refund"}
    await made(desk, f"/api/invoices/{invoice['id']}/payments", back)
    whole = table(await fetched(desk, JOURNAL, year=2025, locale="es"))
    entries = [dict(zip(whole[0], row, strict=True)) for row in whole[1:]]
    assert [(e["entry"], e["date"], e["number"]) for e in entries] == [
        ("invoice", "2025-05-10", "F2025000001"),
        ("invoice", "2025-06-01", "R2025000001"),
        ("payment", "2025-06-02", "F2025000001"),
        ("refund", "2025-06-03", "F2025000001"),
    ]
    first, second, third, fourth = entries
    assert (first["taxable_base"], first["vat_amount"], first["total"]) == ("60,00", "0,00", "60,00")
    assert (first["exemption"], first["tax_id"], first["turnover"]) == ("E1", "12345678Z", "60,00")
    assert (second["total"], second["rectifies"], second["reason"]) == ("-20,00", "F2025000001", "Descuento")
    assert (third["payment_method"], third["payment_amount"]) == ("bizum", "60,00")
    assert (fourth["payment_method"], fourth["payment_amount"], fourth["total"]) == ("cash", "-20,00", "")
    for month, count in ((5, 1), (6, 3), (7, 0)):
        assert len(table(await fetched(desk, JOURNAL, year=2025, month=month, locale="es"))) == 1 + count
    assert re.fullmatch(
        'attachment; filename="journal-2025-06.csv"',
        (await desk.get(JOURNAL, params={"year": "2025", "month": "6"})).headers["content-disposition"],
    )


async def test_the_journal_counts_those_of_erased_patients_and_names_them_to_administrators_alone(
    desk: AsyncClient, admin: AsyncClient, session: Json, hear: Hear
) -> None:
    await hear(REGISTERED)
    invoice = await made(desk, "/api/invoices", session | {"patientId": str(MARIA), "taxId": "12345678Z"})
    await hear(ERASED, version=2)
    year = invoice["date"][:4]
    for client, name in ((desk, ""), (admin, invoice["fullName"])):
        head, row = table(await fetched(client, JOURNAL, year=year, locale="es"))
        entry = dict(zip(head, row, strict=True))
        assert (entry["total"], entry["customer_name"]) == ("60,00", name)
    assert len(table(await fetched(desk, EXPORT, format="csv", locale="es"))) == 1
    assert (await desk.get(EXPORT, params={"format": "csv", "blocked": "true"})).status_code == 403


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (EXPORT, "format"),
        (f"{EXPORT}?format=pdf", "format"),
        (f"{EXPORT}?format=csv&order=x", "order"),
        (f"{EXPORT}?format=csv&from=yesterday", "from"),
        (f"{EXPORT}?format=csv&paymentStatus=x", "paymentStatus"),
        (f"{EXPORT}?format=csv&locale=fr", "locale"),
        (JOURNAL, "year"),
        (f"{JOURNAL}?year=1999", "year"),
        (f"{JOURNAL}?year=2026&month=13", "month"),
    ],
)
async def test_a_wrong_wish_is_named(desk: AsyncClient, path: str, field: str) -> None:
    answer = await desk.get(path)
    assert answer.status_code == 422
    assert [each["propertyPath"] for each in answer.json()["violations"]] == [field]


async def test_lists_and_books_are_not_for_practitioners(service: Any) -> None:
    async with service.as_() as nobody, service.as_("ROLE_PRACTITIONER") as practitioner:
        for path in (f"{EXPORT}?format=csv", f"{JOURNAL}?year=2026"):
            assert (await nobody.get(path)).status_code == 401
            assert (await practitioner.get(path)).status_code == 403
