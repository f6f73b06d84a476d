"""What a change costs: how many statements each takes, so that none grows unnoticed."""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from billing_surroundings import MARIA, Diary

from billing.adapters.sql import SqlWork
from billing.domain.customer import CustomerDetails, Kind
from billing.domain.invoice import Invoice, InvoiceKind
from billing.domain.lines import InvoiceContent, InvoiceLine
from billing.domain.payment import Method, Payment, PaymentKind
from billing.use_cases.collecting import receive_payment
from billing.use_cases.issuing import issue_invoice
from billing.use_cases.rectifying import negated, rectify_invoice
from billing.use_cases.registration import change_customer, register_customer
from shared_kernel.chassis.database import Database
from shared_kernel.money import Money
from testkit.statements import statements

NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()
TYPED = {"full_name": "María José Muñoz García", "address": "Calle Mayor 1"}

Run = Callable[[Callable[[SqlWork], Awaitable[Any]]], Awaitable[Any]]


def line(**more: Any) -> InvoiceLine:
    return InvoiceLine(
        concept="Sesión", description=None, quantity=Decimal(1), unit_price=Decimal(60), **more
    )


def content(*lines: InvoiceLine, patient: UUID | None = None) -> InvoiceContent:
    return InvoiceContent(
        date=TODAY, due_date=TODAY, customer_id=None, patient_id=patient, currency="EUR", lines=lines
    )


async def issue(run: Run, *lines: InvoiceLine, patient: UUID | None = None) -> Invoice:
    wish = content(*lines, patient=patient)
    invoice: Invoice = await run(lambda work: issue_invoice(work, TYPED, wish, NOW, TODAY))
    return invoice


async def test_issuing_takes_the_same_few_statements_however_many_lines(run: Run, database: Database) -> None:
    for lines in (1, 200):
        with statements(database) as given:
            await issue(run, *[line()] * lines)
        # counter and place, invoice, lines, audit, head of the log, event, head
        assert len(given) == 8, given


async def test_what_is_billed_and_sold_for_a_patient_takes_a_few_more(
    run: Run, database: Database, diary: Diary
) -> None:
    for _ in range(20):
        await diary.attend(NOW, MARIA)
    attended = await diary.attend(NOW, MARIA)
    with statements(database) as given:
        await issue(run, line(appointment_id=attended), patient=MARIA)
    # besides: the patient, her ledger, the visits, billed or paid before, billed now
    assert len(given) == 8 + 6, given
    with statements(database) as given:
        await issue(run, line(pack_sessions=30), patient=MARIA)
    # besides: the patient, her ledger, the pack, her packs, uses and visits, the pack again, its uses
    assert len(given) == 8 + 8, given


async def test_paying_and_rectifying_take_few_statements(run: Run, database: Database) -> None:
    invoice = await issue(run, *[line()] * 50)
    payment = Payment(
        id=uuid4(),
        kind=PaymentKind.PAYMENT,
        amount=Money(Decimal(5)),
        method=Method.CASH,
        date=TODAY,
        created_at=NOW,
    )
    with statements(database) as given:
        await run(lambda work: receive_payment(work, invoice.id, None, payment, NOW, TODAY, blocked=False))
    # invoice, payments, relatives, lines; invoice, payment, audit, head of the log, event, head
    assert len(given) == 10, given
    with statements(database) as given:
        await run(
            lambda work: rectify_invoice(
                work,
                invoice.id,
                None,
                InvoiceKind.DIFFERENCE,
                "Error",
                lambda said: negated(said, TODAY),
                {},
                NOW,
                TODAY,
            )
        )
    # the four reads; counter and place, invoice, lines; the rectified one; visits and packs given up; the log
    assert len(given) == 4 + 4 + 1 + 2 + 4, given


async def test_a_changed_customer_takes_six_statements(run: Run, database: Database) -> None:
    details = CustomerDetails(
        kind=Kind.PERSON, first_name="Ana", last_name="Gil", tax_id="12345678Z", billing_address="Calle 1"
    )
    customer = await run(lambda work: register_customer(work, details, NOW))
    changed = replace(details, phone="600")
    with statements(database) as given:
        await run(lambda work: change_customer(work, customer.id, 1, lambda _: changed, NOW))
    assert len(given) == 6, given  # read, write, audit, head of the log, event, head
