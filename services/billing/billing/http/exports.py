"""Routes by which lists of invoices, and the books, leave as files."""

import datetime as dt
from calendar import monthrange
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from sqlalchemy import RowMapping
from starlette.responses import Response, StreamingResponse

from billing.adapters.spreadsheets import Cell, Portions, csv_of, xlsx_of
from billing.http.house import PATH, Billing, House
from billing.http.invoices import invoice_filter
from billing.queries.invoices import InvoiceFilter, InvoiceOrder, portions
from billing.queries.journal import COLUMNS, journal
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS
from shared_kernel.chassis.settings import Locale

Language = Annotated[Locale | None, Query(description="The caller's language when absent.")]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv; charset=utf-8"
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}, _XLSX: {}}, "description": "The file, as it is being written."}
}

_HEADS: Mapping[Locale, Sequence[str]] = {
    "en": (
        "Number",
        "Date",
        "Due date",
        "Customer",
        "Tax ID",
        "Kind",
        "Total",
        "To be paid",
        "Paid",
        "Outstanding",
        "Status",
        "Currency",
    ),
    "es": (
        "Número",
        "Fecha",
        "Vencimiento",
        "Cliente",
        "NIF/CIF",
        "Tipo",
        "Total",
        "A pagar",
        "Pagado",
        "Pendiente",
        "Estado",
        "Moneda",
    ),
}
_SHEET: Mapping[Locale, str] = {"en": "Invoices", "es": "Facturas"}
_WORDS: Mapping[Locale, Mapping[str | None, str]] = {
    "en": {
        "ordinary": "Ordinary",
        "replacement": "Rectifying, by replacement",
        "difference": "Rectifying, by difference",
        "unpaid": "Unpaid",
        "part-paid": "Partly paid",
        "paid": "Paid",
        "overdue": "Overdue",
        "to-refund": "To be refunded",
        "rectified": "Rectified",
        None: "",
    },
    "es": {
        "ordinary": "Ordinaria",
        "replacement": "Rectificativa por sustitución",
        "difference": "Rectificativa por diferencias",
        "unpaid": "Pendiente",
        "part-paid": "Pagada en parte",
        "paid": "Pagada",
        "overdue": "Vencida",
        "to-refund": "A devolver",
        "rectified": "Rectificada",
        None: "",
    },
}


def export_routes(database: Database, house: House) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("exports")
    wanted_by = invoice_filter(house)

    @router.get(PATH + "/export", response_class=Response, responses=_FILES)
    async def export_invoices(
        call: Billing,
        format: Literal["csv", "xlsx"],  # noqa: A002
        wanted: InvoiceFilter = wanted_by,
        order: InvoiceOrder = "date",
        locale: Language = None,
    ) -> Response:
        language = locale or call.locale
        found = portions(database, wanted, house.prefixes, order)
        rows = await _begun(_rows(found, house, wanted.today, language))
        if format == "csv":
            return _file(csv_of(_HEADS[language], rows, language), "invoices.csv", _CSV)
        return _file(xlsx_of(_HEADS[language], rows, _SHEET[language]), "invoices.xlsx", _XLSX)

    @router.get(PATH + "/journal", response_class=Response, responses=_FILES)
    async def export_journal(
        call: Billing,
        year: Annotated[int, Query(ge=2000, le=2999)],
        month: Annotated[int | None, Query(ge=1, le=12)] = None,
        locale: Language = None,
    ) -> Response:
        last_month = month or 12
        first = dt.date(year, month or 1, 1)
        last = dt.date(year, last_month, monthrange(year, last_month)[1])
        entries = journal(database, first, last, house.prefixes, blocked=call.caller.may(ADMINS))
        name = f"journal-{year}.csv" if month is None else f"journal-{year}-{month:02}.csv"
        return _file(csv_of(COLUMNS, await _begun(entries), locale or call.locale), name, _CSV)

    return router


async def _rows(
    found: AsyncIterator[Sequence[RowMapping]], house: House, today: dt.date, language: Locale
) -> Portions:
    words = _WORDS[language]

    def cells(row: Mapping[str, Any]) -> Sequence[Cell]:
        return (
            row["display_number"],
            row["date"],
            row["due_date"],
            row["full_name"],
            row["tax_id"],
            words[row["kind"]],
            row["amount"],
            row["due"],
            row["paid"],
            row["outstanding"],
            words[row["payment_status"]],
            row["currency"],
        )

    async for rows in found:
        yield [cells(house.summary(dict(row), today)) for row in rows]


async def _begun(portions: Portions) -> Portions:
    """The same, the first portion read already: what goes wrong at once is still answered as a problem."""
    first = await anext(portions, None)

    async def all_of_them() -> Portions:
        if first is not None:
            yield first
        async for rows in portions:
            yield rows

    return all_of_them()


def _file(content: AsyncIterator[bytes], name: str, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(content, headers=headers, media_type=media_type)
