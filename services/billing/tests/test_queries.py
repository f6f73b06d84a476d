"""What the lists find, in which order, and with how few statements."""

import datetime as dt
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from billing_surroundings import keep_invoices

from billing.adapters.invoices import read_related
from billing.adapters.sql import SqlWork
from billing.domain.customer import Customer, CustomerDetails, Kind
from billing.domain.invoice import Invoice
from billing.domain.lines import InvoiceContent, InvoiceLine
from billing.domain.numbering import Series
from billing.queries import invoices as queries
from billing.queries.customers import listed_customers
from billing.queries.invoices import InvoiceFilter, InvoiceOrder
from billing.use_cases.issuing import issue_invoice
from billing.use_cases.registration import register_customer
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.pagination import PageWish
from testkit.statements import statements

NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
PATIENT = UUID("019ab2f0-7c1e-7d3a-9c55-0b7a4e1d2f01")
WISH = PageWish(1, 15)
PREFIXES = {Series.ORDINARY: "F", Series.RECTIFYING: "R"}

Run = Callable[[Callable[[SqlWork], Awaitable[object]]], Awaitable[Invoice]]

ISSUED = (
    ("María José Muñoz García", "12345678Z", dt.date(2025, 5, 2), "60.00", PATIENT),
    ("Íñigo Pérez", None, dt.date(2026, 1, 7), "1234.50", None),
    ("Fisio Norte, S.L.", "F12345674", dt.date(2026, 1, 7), "60.00", None),
    ("100 % Salud_Total", None, dt.date(2026, 11, 2), "9.99", PATIENT),
)


@pytest_asyncio.fixture
async def issued(run: Run) -> None:
    for name, tax_id, day, price, patient in ISSUED:
        line = InvoiceLine(concept="Sesión", description=None, quantity=Decimal(1), unit_price=Decimal(price))
        content = InvoiceContent(
            date=day, due_date=day, customer_id=None, patient_id=patient, currency="EUR", lines=[line] * 2
        )
        typed = {"full_name": name, "tax_id": tax_id, "address": "Calle Mayor 1"}
        await run(lambda work, t=typed, c=content: issue_invoice(work, t, c, NOW, NOW.date()))


def wanted(**wishes: Any) -> InvoiceFilter:
    return InvoiceFilter(today=NOW.date(), **wishes)


async def numbers(database: Database, sought: InvoiceFilter, order: InvoiceOrder = "date") -> list[str]:
    async with database.reading() as connection:
        listed = await queries.listed_invoices(connection, sought, PREFIXES, order, WISH)
    return [row["number"] for row in listed.rows]


@pytest.mark.usefixtures("issued")
@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("2025000001", ["2025000001"]),
        ("F2025000001", ["2025000001"]),
        ("f2025", ["2025000001"]),
        ("F 2025000001", ["2025000001"]),
        ("000002", ["2026000002"]),
        ("munoz maria", ["2025000001"]),
        ("INIGO", ["2026000001"]),
        ("12345678z", ["2025000001"]),
        ("F12345674", ["2026000002"]),
        ("100 %", ["2026000003"]),
        ("%", ["2026000003"]),
        ("_", ["2026000003"]),
        ("m_noz", []),
        ("lopez", []),
        ("  ", ["2026000003", "2026000002", "2026000001", "2025000001"]),
    ],
)
async def test_an_invoice_is_found_by_number_name_and_tax_id(
    database: Database, search: str, expected: list[str]
) -> None:
    assert await numbers(database, wanted(search=search)) == expected


@pytest.mark.usefixtures("issued")
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("date", ["2026000003", "2026000002", "2026000001", "2025000001"]),
        ("number", ["2026000003", "2026000002", "2026000001", "2025000001"]),
        ("amount", ["2026000001", "2026000002", "2025000001", "2026000003"]),
    ],
)
async def test_the_newest_or_the_highest_comes_first(
    database: Database, order: InvoiceOrder, expected: list[str]
) -> None:
    assert await numbers(database, wanted(), order) == expected


@pytest.mark.usefixtures("issued")
async def test_filters_narrow_the_list(database: Database) -> None:
    assert await numbers(database, wanted(year=2025)) == ["2025000001"]
    assert await numbers(database, wanted(year=2024)) == []
    assert await numbers(database, wanted(patient_id=PATIENT)) == ["2026000003", "2025000001"]
    assert await numbers(database, wanted(patient_id=PATIENT, year=2026)) == ["2026000003"]
    assert await numbers(database, wanted(customer_id=PATIENT)) == []


@pytest.mark.usefixtures("issued")
async def test_a_page_takes_one_statement_and_its_count_another(database: Database) -> None:
    async with database.reading() as connection:
        with statements(database) as given:
            await queries.listed_invoices(connection, wanted(), PREFIXES, "date", WISH)
        assert len(given) == 1
        with statements(database) as given:
            listed = await queries.listed_invoices(connection, wanted(), PREFIXES, "date", PageWish(1, 2))
        assert len(given) == 2
        assert (listed.total, listed.has_next, len(listed.rows)) == (4, True, 2)


@pytest.mark.usefixtures("issued")
async def test_an_invoice_with_all_that_is_shown_of_it_takes_four_statements(
    database: Database,
) -> None:
    async with database.reading() as connection:
        listed = await queries.listed_invoices(connection, wanted(), PREFIXES, "date", WISH)
        with statements(database) as given:
            invoice = await queries.issued_invoice(connection, listed.rows[0]["id"], blocked=False)
        assert len(given) == 4
        assert [line["amount"] for line in invoice["lines"]] == [Decimal("9.99")] * 2
        assert invoice["amount"] == Decimal("19.98")


@pytest.mark.usefixtures("issued")
async def test_stats_take_the_clinics_year_and_month(database: Database) -> None:
    async with database.reading() as connection:
        november = await queries.invoice_stats(connection, dt.date(2026, 11, 23))
        assert november == {"invoicesThisYear": 3, "revenueThisMonth": "19.98"}
        december = await queries.invoice_stats(connection, dt.date(2026, 12, 1))
        assert december == {"invoicesThisYear": 3, "revenueThisMonth": "0.00"}
        last_year = await queries.invoice_stats(connection, dt.date(2025, 5, 31))
        assert last_year == {"invoicesThisYear": 1, "revenueThisMonth": "120.00"}


async def test_customers_are_ordered_as_the_desk_asks(run: Run, database: Database) -> None:
    people = (
        ("Ángela", "Zorrilla", "00000003A", "Beta@example.com"),
        ("Óscar", "Álvarez", "00000002B", None),
        ("Íñigo", "ávila", "00000001C", "alfa@example.com"),
    )
    for first, last, tax_id, email in people:
        details = CustomerDetails(
            kind=Kind.PERSON,
            first_name=first,
            last_name=last,
            tax_id=tax_id,
            email=email,
            billing_address="Calle Mayor 1",
        )
        customer = await run(lambda work, d=details: register_customer(work, d, NOW))
        assert isinstance(customer, Customer)
    expected = {
        "name": ["Óscar", "Íñigo", "Ángela"],
        "taxId": ["Íñigo", "Óscar", "Ángela"],
        "email": ["Íñigo", "Ángela", "Óscar"],
    }
    async with database.reading() as connection:
        with statements(database) as given:
            for order, names in expected.items():
                listed = await listed_customers(connection, "", None, order, WISH)  # type: ignore[arg-type]
                assert [row["first_name"] for row in listed.rows] == names, order
        assert len(given) == 3


@pytest.mark.parametrize("order", ["date", "number", "amount"])
async def test_a_page_is_read_in_the_order_of_an_index_and_sorts_nothing(
    database: Database, order: InvoiceOrder
) -> None:
    await keep_invoices(database, 5000)
    async with database.reading() as connection:
        with statements(database) as given:
            await queries.listed_invoices(connection, wanted(), PREFIXES, order, WISH)
        statement, parameters = given[0]
        if not database.is_sqlite:  # whose statistics follow only when there is time
            await connection.exec_driver_sql("ANALYZE TABLE invoices")
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plan = str((await connection.exec_driver_sql(explain + statement, parameters)).all())
    assert "TEMP B-TREE" not in plan
    assert "filesort" not in plan


@pytest.mark.parametrize("rectifies", [None, UUID(int=7)])
async def test_what_an_invoice_has_to_do_with_others_is_found_without_reading_them_all(
    database: Database, rectifies: UUID | None
) -> None:
    await keep_invoices(database, 1000)
    async with database.reading() as connection:
        with statements(database) as given:
            related = await read_related(connection, UUID(int=1), rectifies)
        assert [each["id"] for each in related] == ([rectifies] if rectifies else [])
        ((statement, parameters),) = given
        if not database.is_sqlite:  # whose statistics follow only when there is time
            await connection.exec_driver_sql("ANALYZE TABLE invoices")
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plan = (await connection.exec_driver_sql(explain + statement, parameters)).all()
    assert "SCAN" not in str(plan)
    assert not {"ALL", "index"} & set(map(str, plan[0]))
