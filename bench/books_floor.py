"""The bare floor of books: Starlette and the fewest statements, without log, audit or anybody's rights.

A number is the counter's next one, a search `LIKE '%word%'`, and a page is set where it is asked for."""

import os
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import orjson
import weasyprint
from sqlalchemy import func, insert, select, update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from weasyprint.text.fonts import FontConfiguration

from billing.adapters.invoice_page import InvoicePage
from billing.adapters.tables import customers, invoice_counters, invoice_lines, invoices
from billing.domain.numbering import Series
from billing.main import BillingSettings
from shared_kernel.chassis.database import Database

PDF = "pdf/a-3a"
_PAGE = 15
_LISTED = [
    invoices.c[name]
    for name in ("id", "number", "date", "due_date", "full_name", "tax_id", "amount", "due", "paid")
]


def create_app() -> Starlette:
    """Reads BILLING_DATABASE_URL, as the service does."""
    database = Database(os.environ["BILLING_DATABASE_URL"])
    page = InvoicePage(BillingSettings().letterhead, {Series.ORDINARY: "F", Series.RECTIFYING: "R"}, None)
    fonts = FontConfiguration()
    printed: dict[UUID, bytes] = {}

    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        yield
        await database.close()

    async def issue(request: Request) -> Response:
        wish = orjson.loads(await request.body())
        async with database.writing() as connection:
            counter = invoice_counters.c.series == "F", invoice_counters.c.year == _today().year
            raised = update(invoice_counters).where(*counter).values(last=invoice_counters.c.last + 1)
            if (await connection.execute(raised)).rowcount == 0:
                first = {"series": "F", "year": _today().year, "last": 1, "last_date": _today()}
                await connection.execute(insert(invoice_counters).values(first))
            last = (await connection.execute(select(invoice_counters.c.last).where(*counter))).scalar_one()
            theirs = select(customers).where(customers.c.id == UUID(wish["customerId"]))
            customer = (await connection.execute(theirs)).mappings().one()
            row, lines = _rows(wish, customer, f"{_today().year}{last:06}")
            await connection.execute(insert(invoices).values(row))
            await connection.execute(insert(invoice_lines), lines)
            await connection.commit()
        return _json({**row, "lines": lines}, 201)

    async def listed(request: Request) -> Response:
        found = select(*_LISTED).where(*_conditions(request.query_params)).limit(_PAGE)
        async with database.reading() as connection:
            rows = (await connection.execute(found.order_by(invoices.c.date.desc()))).all()
        return _json([list(row) for row in rows])

    async def totals(request: Request) -> Response:
        added = select(
            func.count(), func.sum(invoices.c.turnover), func.sum(invoices.c.due - invoices.c.paid)
        )
        async with database.reading() as connection:
            row = (await connection.execute(added.where(*_conditions(request.query_params)))).one()
        return _json(list(row))

    async def pdf(request: Request) -> Response:
        id_ = UUID(request.path_params["id"])
        if id_ not in printed:
            async with database.reading() as connection:
                wanted = select(invoices).where(invoices.c.id == id_)
                invoice = (await connection.execute(wanted)).mappings().one()
                lines = select(invoice_lines).where(invoice_lines.c.invoice_id == id_)
                rows = (await connection.execute(lines)).mappings().all()
            html = page.html({**invoice, "lines": rows, "payments": [], "related": []}, "es")
            printed[id_] = weasyprint.HTML(string=html).write_pdf(font_config=fonts, pdf_variant=PDF)
        return Response(printed[id_], media_type="application/pdf")

    return Starlette(
        routes=[
            Route("/invoices", issue, methods=["POST"]),
            Route("/invoices", listed),
            Route("/totals", totals),
            Route("/invoices/{id}/pdf", pdf),
        ],
        lifespan=lifespan,
    )


def _conditions(asked: Any) -> list[Any]:
    conditions: list[Any] = [
        invoices.c.search_text.contains(word, autoescape=True) for word in asked.get("search", "").split()
    ]
    if year := asked.get("year"):
        conditions.append(invoices.c.date.between(date(int(year), 1, 1), date(int(year), 12, 31)))
    if asked.get("unpaid"):
        conditions += [invoices.c.paid < invoices.c.due, invoices.c.due_date < _today()]
    return conditions


def _rows(
    wish: dict[str, Any], customer: Any, number: str
) -> tuple[dict[str, Any], Sequence[dict[str, Any]]]:
    id_, now = uuid4(), datetime.now(UTC)
    lines = [
        {
            "invoice_id": id_,
            "position": position,
            "concept": line["concept"],
            "quantity": Decimal(line["quantity"]),
            "unit_price": Decimal(line["unitPrice"]),
            "amount": Decimal(line["quantity"]) * Decimal(line["unitPrice"]),
        }
        for position, line in enumerate(wish["lines"])
    ]
    amount = sum((line["amount"] for line in lines), Decimal(0))
    row = {
        "id": id_,
        "series": "F",
        "number": number,
        "date": _today(),
        "due_date": _today() + timedelta(days=30),
        "customer_id": customer["id"],
        "full_name": customer["full_name"],
        "address": customer["billing_address"],
        "search_text": number,
        "currency": "EUR",
        "amount": amount,
        "due": amount,
        "paid": Decimal(0),
        "turnover": amount,
        "kind": "ordinary",
        "status": "issued",
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    return row, lines


def _today() -> date:
    return datetime.now(UTC).date()


def _json(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content, default=str), status, media_type="application/json")
