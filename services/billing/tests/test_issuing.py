"""Numbers without a hole: whatever fails midway and whoever races, what is issued is 1…N."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from sqlalchemy import select

from billing.adapters.sql import SqlWork
from billing.adapters.tables import invoice_counters, invoice_lines, invoices
from billing.domain.invoice import Invoice
from billing.domain.lines import InvoiceContent, InvoiceLine
from billing.domain.numbering import DateBeforeLastInvoice
from billing.use_cases.issuing import issue_invoice
from shared_kernel.chassis.database import Database

CLIENTS, EACH = 20, 10
NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()
Run = Callable[[Callable[[SqlWork], Awaitable[Invoice]]], Awaitable[Invoice]]
MARIA = {"full_name": "María José Muñoz García", "address": "Calle Mayor 1, 28013 Madrid"}


class PowerCut(Exception):
    """What happens in this test between taking the number and the commit."""


class CutShort:
    """A transaction whose end never comes: number taken, invoice and lines written, nothing committed."""

    def __init__(self, work: SqlWork) -> None:
        self.customers = work.customers
        self.invoices = work.invoices
        self.visits = work.visits
        self.packs = work.packs

    async def commit(self, result: object) -> None:
        assert isinstance(result, Invoice)
        assert result.number
        raise PowerCut


def content(day: dt.date = TODAY) -> InvoiceContent:
    line = InvoiceLine(concept="Sesión", description=None, quantity=Decimal(1), unit_price=Decimal("60"))
    return InvoiceContent(
        date=day, due_date=day, customer_id=None, patient_id=None, currency="EUR", lines=[line, line]
    )


async def issue(run: Run, day: dt.date = TODAY) -> str:
    invoice = await run(lambda work: issue_invoice(work, MARIA, content(day), NOW, TODAY))
    return invoice.number


async def issue_cut_short(run: Run) -> None:
    with pytest.raises(PowerCut):
        await run(lambda work: issue_invoice(CutShort(work), MARIA, content(), NOW, TODAY))


@pytest.mark.slow
async def test_twenty_clients_at_once_leave_no_hole_and_no_twin_though_every_tenth_fails(
    run: Run, database: Database
) -> None:
    acknowledged: list[str] = []

    async def client(number: int) -> None:
        for turn in range(EACH):
            if (number + turn) % 10 == 0:
                await issue_cut_short(run)
            else:
                acknowledged.append(await issue(run))

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    issued = CLIENTS * EACH * 9 // 10
    expected = [f"2026{sequence:06}" for sequence in range(1, issued + 1)]
    assert sorted(acknowledged) == expected
    async with database.reading() as connection:
        kept = (await connection.execute(select(invoices.c.number).order_by(invoices.c.number))).scalars()
        assert list(kept) == expected
        lines = (await connection.execute(select(invoice_lines.c.invoice_id))).all()
        assert len(lines) == 2 * issued
        counter = (await connection.execute(select(invoice_counters))).mappings().one()
        assert (counter["year"], counter["last"], counter["last_date"]) == (2026, issued, TODAY)


async def test_each_year_counts_from_one(run: Run) -> None:
    assert await issue(run, dt.date(2025, 12, 31)) == "2025000001"
    assert await issue(run, dt.date(2026, 1, 1)) == "2026000001"
    assert await issue(run, dt.date(2025, 12, 31)) == "2025000002"
    assert await issue(run, dt.date(2026, 1, 1)) == "2026000002"


async def test_dates_rise_with_the_numbers_of_their_year(run: Run) -> None:
    await issue(run, dt.date(2026, 3, 5))
    with pytest.raises(DateBeforeLastInvoice) as refusal:
        await issue(run, dt.date(2026, 3, 4))
    assert refusal.value.facts == {"last": {"date": "2026-03-05"}}
    assert await issue(run, dt.date(2025, 7, 1)) == "2025000001"
    assert await issue(run, dt.date(2026, 3, 5)) == "2026000002"
    assert await issue(run, dt.date(2026, 3, 6)) == "2026000003"


async def test_racing_dates_never_run_against_the_numbers(run: Run, database: Database) -> None:
    days = [dt.date(2026, 5, 1) + dt.timedelta(days=n * 7 % 30) for n in range(60)]
    outcomes = await asyncio.gather(*(issue(run, day) for day in days), return_exceptions=True)
    assert all(isinstance(o, str | DateBeforeLastInvoice) for o in outcomes)
    async with database.reading() as connection:
        in_order = select(invoices.c.number, invoices.c.date).order_by(invoices.c.number)
        kept = (await connection.execute(in_order)).all()
    assert [row.date for row in kept] == sorted(row.date for row in kept)
    assert [row.number for row in kept] == [f"2026{n:06}" for n in range(1, len(kept) + 1)]
