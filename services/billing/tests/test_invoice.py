"""The rules of customers and invoices, as sentences."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.domain.customer import Customer, CustomerDetails, Kind
from billing.domain.invoice import Invoice
from billing.domain.lines import BillTo, InvoiceContent, InvoiceLine
from billing.domain.numbering import DateBeforeLastInvoice, Series, SeriesPlace
from shared_kernel.errors import Invalid

NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()

quantities = st.decimals("0.01", "10000", places=2)
prices = st.decimals("0", "999999.99", places=2)
lines = st.builds(
    InvoiceLine,
    concept=st.just("Sesión"),
    description=st.none(),
    quantity=quantities,
    unit_price=prices,
)


def line(quantity: str, unit_price: str) -> InvoiceLine:
    return InvoiceLine(
        concept="Sesión", description=None, quantity=Decimal(quantity), unit_price=Decimal(unit_price)
    )


def content(*of: InvoiceLine, date: dt.date = TODAY) -> InvoiceContent:
    return InvoiceContent(
        date=date, due_date=date, customer_id=None, patient_id=None, currency="EUR", lines=of
    )


def bill_to() -> BillTo:
    return BillTo.written(full_name="María José Muñoz García", address="Calle Mayor 1", tax_id="12.345.678-z")


@given(st.lists(lines, min_size=1, max_size=200))
def test_the_total_is_the_sum_of_the_rounded_lines_to_the_cent(of: list[InvoiceLine]) -> None:
    cents = [int((line.quantity * line.unit_price * 100).quantize(Decimal(1), ROUND_HALF_UP)) for line in of]
    assert content(*of).amount.amount == Decimal(sum(cents)) / 100


@pytest.mark.parametrize(
    ("quantity", "unit_price", "amount"),
    [
        ("1", "60", "60.00"),
        ("0.5", "0.01", "0.01"),
        ("0.49", "0.01", "0.00"),
        ("1.5", "33.33", "50.00"),
        ("0.33", "0.50", "0.17"),
        ("1", "-0", "0.00"),
        ("10000", "999999.99", "9999999900.00"),
    ],
)
def test_a_line_is_rounded_half_up(quantity: str, unit_price: str, amount: str) -> None:
    assert str(line(quantity, unit_price).amount("EUR")) == amount


def test_an_invoice_is_not_dated_in_the_future() -> None:
    with pytest.raises(Invalid) as refusal:
        content(line("1", "60"), date=TODAY + dt.timedelta(days=1)).checked(TODAY)
    assert [(v.path, v.code) for v in refusal.value.violations] == [("date", "in-the-future")]


def test_a_total_that_cannot_be_kept_is_refused() -> None:
    highest = [line("10000", "999999.99"), line("1", "99.99")]
    assert content(*highest).checked(TODAY)
    with pytest.raises(Invalid) as refusal:
        content(*highest, line("1", "0.01")).checked(TODAY)
    assert [v.path for v in refusal.value.violations] == ["lines"]


def test_a_number_is_the_year_and_six_digits() -> None:
    assert SeriesPlace(Series.ORDINARY, 2026, 1, TODAY).number == "2026000001"
    assert SeriesPlace(Series.ORDINARY, 2027, 123456, TODAY).number == "2027123456"


def test_an_invoice_is_not_dated_before_the_last_of_its_series() -> None:
    place = SeriesPlace(Series.ORDINARY, 2026, 8, TODAY)
    assert Invoice.issue(place, bill_to(), content(line("1", "60")), NOW).number == "2026000008"
    with pytest.raises(DateBeforeLastInvoice):
        Invoice.issue(place, bill_to(), content(line("1", "60"), date=TODAY - dt.timedelta(days=1)), NOW)


def test_the_addressee_needs_name_and_address() -> None:
    with pytest.raises(Invalid) as refusal:
        BillTo.written(full_name=None, tax_id="12345678Z")
    assert [v.path for v in refusal.value.violations] == ["fullName", "address"]
    assert bill_to().tax_id == "12345678Z"


def test_what_an_invoice_tells_has_no_names() -> None:
    invoice = Invoice.issue(
        SeriesPlace(Series.ORDINARY, 2026, 8, TODAY), bill_to(), content(line("1", "60")), NOW
    )
    (event,) = invoice.told()
    assert "Muñoz" not in str(event.face)
    assert event.face["amount"] == "60.00"
    assert invoice.id != uuid4()


def details(**changed: object) -> CustomerDetails:
    usual = {
        "kind": Kind.PERSON,
        "first_name": "Íñigo",
        "last_name": "Pérez",
        "tax_id": "X-1234567-L",
        "billing_address": "Gran Vía 2",
    }
    return CustomerDetails(**(usual | changed))  # type: ignore[arg-type]


def test_a_person_has_a_last_name_and_a_company_none() -> None:
    company = details(kind=Kind.COMPANY, first_name="Fisio Norte, S.L.", last_name=None)
    assert Customer.register(company, NOW).details.full_name == "Fisio Norte, S.L."
    for wrong in (details(last_name=None), details(kind=Kind.COMPANY)):
        with pytest.raises(Invalid) as refusal:
            Customer.register(wrong, NOW)
        assert [v.path for v in refusal.value.violations] == ["lastName"]


def test_a_wrong_check_letter_is_a_doubt_and_no_refusal() -> None:
    assert not Customer.register(details(), NOW).has_doubtful_tax_id()
    assert Customer.register(details(tax_id="X1234567A"), NOW).has_doubtful_tax_id()
    assert not Customer.register(details(tax_id="DE 811 569 869"), NOW).has_doubtful_tax_id()


def test_what_a_customer_tells_is_neither_name_nor_tax_id() -> None:
    (event,) = Customer.register(details(), NOW).told()
    assert event.face == {"kind": "person"}
