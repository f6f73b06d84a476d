"""Routes that hand an invoice over as a document: PDF and HTML."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from billing.adapters.invoice_page import CONTENT_SECURITY_POLICY
from billing.domain.numbering import Series
from billing.http.house import PATH, Billing
from billing.ports import InvoicePrinter
from billing.queries import invoices as queries
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS
from shared_kernel.chassis.settings import Locale

Language = Annotated[Locale | None, Query(description="The caller's language when absent.")]
Download = Annotated[bool, Query(description="As an attachment.")]


def printing_routes(database: Database, printer: InvoicePrinter) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("invoices")

    @router.get(
        PATH + "/{invoice_id}/export/pdf",
        response_class=Response,
        responses={200: {"content": {"application/pdf": {}}}},
    )
    async def export_pdf(
        invoice_id: UUID, call: Billing, locale: Language = None, download: Download = False
    ) -> Response:
        async with database.reading() as connection:
            invoice = await queries.issued_invoice(connection, invoice_id, blocked=call.caller.may(ADMINS))
        printed = await printer.pdf(invoice, locale or call.locale)
        headers = _as_file(_name(invoice, "pdf"), download)
        return Response(printed, headers=headers, media_type="application/pdf")

    @router.get(
        PATH + "/{invoice_id}/export/html",
        response_class=Response,
        responses={200: {"content": {"text/html": {}}}},
    )
    async def export_html(
        invoice_id: UUID, call: Billing, locale: Language = None, download: Download = False
    ) -> Response:
        async with database.reading() as connection:
            invoice = await queries.issued_invoice(connection, invoice_id, blocked=call.caller.may(ADMINS))
        headers = _as_file(_name(invoice, "html"), download)
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return Response(printer.html(invoice, locale or call.locale), headers=headers, media_type="text/html")

    return router


def _name(invoice: Mapping[str, Any], ending: str) -> str:
    """`invoice-2026000001.pdf`; of a rectifying one `invoice-R2026000001.pdf`."""
    series = "" if invoice["series"] == Series.ORDINARY else invoice["series"]
    return f"invoice-{series}{invoice['number']}.{ending}"


def _as_file(name: str, download: bool) -> dict[str, str]:
    disposition = "attachment" if download else "inline"
    return {
        "Content-Disposition": f'{disposition}; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
