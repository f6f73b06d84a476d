"""The invoice as a page of HTML that needs nothing but itself, in the language and forms of its reader."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from billing.adapters.letterhead import Letterhead
from billing.domain.invoice import InvoiceKind
from billing.domain.numbering import Series

Language = Literal["en", "es"]

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = (_TEMPLATES / "invoice.css").read_text(encoding="utf-8")
_FORMS: Mapping[Language, str] = {"en": "en_GB", "es": "es_ES"}

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "invoice": "Invoice",
        "date": "Date",
        "number": "Number",
        "bill_to": "Bill to",
        "tax_id": "Tax ID",
        "phone": "Phone",
        "concept": "Concept",
        "quantity": "Quantity",
        "unit_price": "Price",
        "amount": "Amount",
        "base": "Taxable base",
        "vat": "VAT",
        "exempt": "Exempt",
        "total": "Total",
        "exemption": "VAT exempt under article 20.One.3 of the Spanish VAT Act (Ley 37/1992)",
        "rectifying": "Rectifying invoice",
        "due_date": "Due date",
        "rectifies": "Rectifies",
        "of_day": "of",
        "reason": "Reason",
        "rectified_by": "Rectified by",
        "paid": "Paid",
        "outstanding": "To be paid",
        "to_refund": "To be refunded",
        "is_paid": "Paid in full.",
        "is_due": "To be paid by",
        "cash": "cash",
        "card": "card",
        "transfer": "transfer",
        "bizum": "Bizum",
        "refund": "refund",
        "page": "Page",
        "of": "of",
    },
    "es": {
        "invoice": "Factura",
        "date": "Fecha",
        "number": "Número",
        "bill_to": "Cliente",
        "tax_id": "NIF/CIF",
        "phone": "Teléfono",
        "concept": "Concepto",
        "quantity": "Cantidad",
        "unit_price": "Precio",
        "amount": "Importe",
        "base": "Base imponible",
        "vat": "IVA",
        "exempt": "Exento",
        "total": "Total",
        "exemption": "Operación exenta de IVA según el art. 20.Uno.3.º de la Ley 37/1992",
        "rectifying": "Factura rectificativa",
        "due_date": "Vencimiento",
        "rectifies": "Rectifica la factura",
        "of_day": "del",
        "reason": "Motivo",
        "rectified_by": "Rectificada por",
        "paid": "Pagado",
        "outstanding": "Pendiente",
        "to_refund": "A devolver",
        "is_paid": "Pagada por completo.",
        "is_due": "A pagar hasta el",
        "cash": "efectivo",
        "card": "tarjeta",
        "transfer": "transferencia",
        "bizum": "Bizum",
        "refund": "devolución",
        "page": "Página",
        "of": "de",
    },
}

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "sandbox",
    )
)
"""For the page in a browser: nothing but its own style and the logo inside it."""


class InvoicePage:
    """Fills the template. Everything that people wrote is escaped; `exemption` replaces the usual text."""

    def __init__(self, letterhead: Letterhead, prefixes: Mapping[Series, str], exemption: str | None) -> None:
        self._letterhead = letterhead
        self._prefixes = prefixes
        self._exemption = exemption
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("invoice.html.j2")

    def html(self, invoice: Mapping[str, Any], language: Language) -> str:
        """The page for the row that `queries.issued_invoice` reads."""
        forms, currency = _FORMS[language], invoice["currency"]

        def money(amount: Decimal) -> str:
            return format_currency(amount, currency, locale=forms)

        def quantity(number: Decimal) -> str:
            return format_decimal(number, "#,##0.##", locale=forms)

        def day(written: date) -> str:
            return format_date(written, "long", locale=forms)

        def displayed(document: Mapping[str, Any]) -> str:
            return f"{self._prefixes[Series(document['series'])]}{document['number']}"

        words = _WORDS[language]
        related = invoice["related"]
        page: str = self._template.render(
            style=Markup(_STYLE),  # noqa: S704 - our own file
            language=language,
            words=words,
            exemption=self._exemption or words["exemption"],
            letterhead=self._letterhead,
            title=words["invoice" if invoice["kind"] == InvoiceKind.ORDINARY else "rectifying"],
            displayed=displayed,
            rectified=next((each for each in related if each["id"] == invoice["rectifies_id"]), None),
            rectified_by=[each for each in related if each["id"] != invoice["rectifies_id"]],
            outstanding=invoice["due"] - invoice["paid"],
            is_payable=invoice["kind"] != InvoiceKind.DIFFERENCE and (invoice["due"] or invoice["paid"]),
            invoice=invoice,
            money=money,
            quantity=quantity,
            day=day,
        )
        return page
