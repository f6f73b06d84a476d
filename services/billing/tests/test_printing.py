"""The document that is handed over: right to the letter, deaf to hostile text, and soon there."""

import base64
import datetime as dt
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from billing.adapters.invoice_page import InvoicePage, Language
from billing.adapters.letterhead import Letterhead, UnusableLogo, read_logo
from billing.adapters.weasyprint import WeasyPrinter
from billing.domain.numbering import Series
from billing.main import BillingSettings, build_app
from shared_kernel.chassis.typesetting import PangoMissing, Typesetter
from testkit.printing import listening, pages_of
from testkit.service import ServiceClient

Json = dict[str, object]
NewService = Callable[[], AbstractAsyncContextManager[ServiceClient]]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("pango")]

CLINIC = Letterhead(name="Fisio Norte, S.L.", tax_id="B12345674", address_line1="Avenida de la Peña 12")
PREFIXES = {Series.ORDINARY: "F", Series.RECTIFYING: "R"}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def line(concept: str, quantity: str, price: str, description: str | None = None) -> dict[str, Any]:
    amount = (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01"))
    return {
        "concept": concept,
        "description": description,
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
        "amount": amount,
    }


def invoice(*lines: dict[str, Any], number: int = 1) -> dict[str, Any]:
    return {
        "id": UUID(int=number),
        "series": "F",
        "kind": "ordinary",
        "due_date": dt.date(2026, 12, 23),
        "due": sum((line["amount"] for line in lines), Decimal(0)),
        "paid": Decimal(0),
        "rectifies_id": None,
        "reason": None,
        "payments": [],
        "related": [],
        "created_at": dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC),
        "number": f"2026{number:06}",
        "date": dt.date(2026, 11, 23),
        "full_name": "María José Muñoz García",
        "tax_id": "12345678Z",
        "address": "Calle Mayor 1\n28013 Madrid",
        "phone": None,
        "email": "maria@example.com",
        "currency": "EUR",
        "amount": sum((line["amount"] for line in lines), Decimal(0)),
        "lines": lines,
    }


@pytest.fixture
def printer(typesetter: Typesetter) -> WeasyPrinter:
    return printer_for(CLINIC, typesetter)


def printer_for(letterhead: Letterhead, typesetter: Typesetter) -> WeasyPrinter:
    return WeasyPrinter(InvoicePage(letterhead, PREFIXES, None), typesetter)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "es",
            (
                "Factura",
                "F2026000001",
                "23 de noviembre de 2026",
                "Cliente",
                "1,5",
                "823,00 €",
                "1.234,50 €",
                "1.294,50 €",
                "Base imponible",
                "Operación exenta de IVA según el art. 20.Uno.3.º de la Ley 37/1992",
                "Página 1 de 1",
            ),
        ),
        (
            "en",
            (
                "Invoice",
                "F2026000001",
                "23 November 2026",
                "Bill to",
                "1.5",
                "€823.00",
                "€1,234.50",
                "€1,294.50",
                "Taxable base",
                "VAT exempt under article 20.One.3 of the Spanish VAT Act (Ley 37/1992)",
                "Page 1 of 1",
            ),
        ),
    ],
)
async def test_the_pdf_says_what_the_invoice_says_in_the_readers_language(
    printer: WeasyPrinter, language: Language, expected: tuple[str, ...]
) -> None:
    sold = invoice(line("Sesión de fisioterapia", "1", "60"), line("Bono", "1.5", "823", "Diez sesiones"))
    (text,) = pages_of(await printer.pdf(sold, language))
    always = ("María José Muñoz García", "12345678Z", "Calle Mayor 1", "28013 Madrid", "maria@example.com")
    issuer = ("Fisio Norte, S.L.", "B12345674", "Avenida de la Peña 12")
    for words in (*expected, *always, *issuer, "Sesión de fisioterapia", "Bono", "Diez sesiones"):
        assert words.casefold() in text.casefold(), words


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "es",
            (
                "Factura rectificativa",
                "R2026000001",
                "Rectifica la factura F2026000003 del 7 de enero de 2026",
                "Motivo: NIF equivocado <b>",
                "Rectificada por R2026000002",
                "1 de diciembre de 2026 · Bizum · 40,00 €",
                "2 de diciembre de 2026 · efectivo (devolución) · 10,00 €",
                "A pagar hasta el 23 de diciembre de 2026",
                "Pagado 30,00 €",
                "Pendiente 30,00 €",
            ),
        ),
        (
            "en",
            (
                "Rectifying invoice",
                "Rectifies F2026000003 of 7 January 2026",
                "Reason: NIF equivocado <b>",
                "Rectified by R2026000002",
                "1 December 2026 · Bizum · €40.00",
                "2 December 2026 · cash (refund) · €10.00",
                "To be paid by 23 December 2026",
                "Paid €30.00",
                "To be paid €30.00",
            ),
        ),
    ],
)
async def test_what_it_rectifies_and_what_was_paid_is_printed(
    printer: WeasyPrinter, language: Language, expected: tuple[str, ...]
) -> None:
    def related(number: int, series: str) -> dict[str, Any]:
        return {
            "id": UUID(int=number + 100),
            "series": series,
            "number": f"2026{number:06}",
            "kind": "ordinary",
            "date": dt.date(2026, 1, 7),
            "amount": Decimal("60.00"),
        }

    def payment(kind: str, method: str, day: int, amount: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "method": method,
            "date": dt.date(2026, 12, day),
            "amount": Decimal(amount),
        }

    sold = invoice(line("Sesión", "1", "60")) | {
        "series": "R",
        "kind": "replacement",
        "rectifies_id": UUID(int=103),
        "reason": "NIF equivocado <b>",
        "related": [related(3, "F"), related(2, "R")],
        "payments": [payment("payment", "bizum", 1, "40"), payment("refund", "cash", 2, "10")],
        "paid": Decimal("30.00"),
    }
    (text,) = pages_of(await printer.pdf(sold, language))
    for words in expected:
        assert words in text, words
    paid = invoice(line("Sesión", "1", "60")) | {"paid": Decimal("60.00")}
    (text,) = pages_of(await printer.pdf(paid, language))
    assert {"es": "Pagada por completo.", "en": "Paid in full."}[language] in text
    assert {"es": "Pendiente", "en": "To be paid"}[language] not in text


async def test_the_document_is_an_archive_copy_that_can_be_read_aloud(printer: WeasyPrinter) -> None:
    reader = PdfReader(io.BytesIO(await printer.pdf(invoice(line("Sesión", "1", "60")), "es")))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "es"
    assert catalog["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    described = catalog["/Metadata"].get_data().decode()
    assert re.search(r'pdfaid:part(="|>)3', described)
    assert re.search(r'pdfaid:conformance(="|>)A', described)
    assert "Factura F2026000001" in described
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    for font in fonts:
        descendants = font["/DescendantFonts"][0]
        assert (
            "/FontFile2" in descendants["/FontDescriptor"] or "/FontFile3" in descendants["/FontDescriptor"]
        )


async def test_two_hundred_lines_repeat_their_head_and_number_their_pages(printer: WeasyPrinter) -> None:
    sold = invoice(*(line(f"Sesión nº {number}.", "1", "60") for number in range(1, 201)))
    pages = pages_of(await printer.pdf(sold, "es"))
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert f"Página {number} de {len(pages)}" in page
        assert "CONCEPTO" in page.upper()
    for number in range(1, 201):
        assert sum(f"Sesión nº {number}." in page for page in pages) == 1
    assert "12.000,00 €" in pages[-1]


async def test_long_and_unusual_text_is_set_to_its_last_letter(printer: WeasyPrinter) -> None:
    endless = "W" * 1990 + "FIN-1"
    ragged = "x\n" * 990 + "FIN-2"
    foreign = "Łódź, œuvre, ñandú, 5 €"
    arabic = "علاج"
    sold = invoice(
        line("Largo", "1", "60", endless), line("Alto", "1", "60", ragged), line(foreign, "1", "60", arabic)
    )
    text = " ".join(pages_of(await printer.pdf(sold, "es")))
    for words in ("FIN-1", "FIN-2", foreign):
        assert words in text
    letters = unicodedata.normalize("NFKC", text)
    assert arabic in letters or arabic[::-1] in letters


async def test_hostile_text_is_printed_and_fetches_nothing(printer: WeasyPrinter) -> None:
    async with listening() as (port, hits):
        lures = (
            "<script>alert(1)</script>",
            "<link rel=attachment href=file:///etc/passwd>",
            f"<img src=http://127.0.0.1:{port}/image>",
            f"</style><style>p{{background:url(http://127.0.0.1:{port}/style)}}",
            "{{ 7 * 7 }}{% include '/etc/passwd' %}",
        )
        sold = invoice(*(line(lure[:255], "1", "60", lure) for lure in lures))
        sold |= {"full_name": lures[0], "address": lures[1], "email": lures[2]}
        pdf = await printer.pdf(sold, "es")
        text = "".join(pages_of(pdf)).replace(" ", "")
        for lure in lures:
            assert lure.replace(" ", "") in text
        assert "root:" not in text
        assert not PdfReader(io.BytesIO(pdf)).attachments
        assert hits == []


async def test_a_logo_that_points_elsewhere_is_not_followed(typesetter: Typesetter, tmp_path: Path) -> None:
    async with listening() as (port, hits):
        svg = tmp_path / "logo.svg"
        svg.write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9"'
            f' height="9"><image href="http://127.0.0.1:{port}/a.png" width="9" height="9"/>'
            f'<image xlink:href="file://{tmp_path}/b.png" width="9" height="9"/></svg>'
        )
        (tmp_path / "b.png").write_bytes(PIXEL)
        lured = printer_for(Letterhead(name="X", logo=read_logo(svg)), typesetter)
        plain = printer_for(Letterhead(name="X"), typesetter)
        sold = invoice(line("Sesión", "1", "60"))
        assert _images(await lured.pdf(sold, "es")) == _images(await plain.pdf(sold, "es")) == 0
        assert hits == []


def _images(pdf: bytes) -> int:
    return sum(len(page.images) for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_the_logo_is_printed(typesetter: Typesetter, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(PIXEL)
    printer = printer_for(Letterhead(name="Fisio Norte", logo=read_logo(logo)), typesetter)
    assert _images(await printer.pdf(invoice(line("Sesión", "1", "60")), "es")) == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<html></html>", b"root:x:0:0", b"GIF89a"])
def test_a_logo_that_is_no_picture_stops_the_service(tmp_path: Path, content: bytes) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(content)
    for path in (logo, tmp_path / "absent.png", Path("/etc/passwd")):
        with pytest.raises(UnusableLogo, match="COMPANY_LOGO_PATH"):
            build_app(BillingSettings(company_logo_path=str(path)))


async def test_what_was_printed_is_kept(printer: WeasyPrinter) -> None:
    sold = invoice(line("Sesión", "1", "60"), number=77)
    assert await printer.pdf(sold, "es") is await printer.pdf(sold, "es")
    assert await printer.pdf(sold, "en") is not await printer.pdf(sold, "es")


async def test_an_issued_invoice_is_handed_over(service: ServiceClient, session: Json) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        issued = (await desk.post("/api/invoices", json=session)).json()
        export = f"/api/invoices/{issued['id']}/export"
        pdf = await desk.get(f"{export}/pdf", params={"locale": "es"})
        assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
        assert pdf.headers["cache-control"].startswith("private")
        name = f'filename="invoice-{issued["number"]}.pdf"'
        assert pdf.headers["content-disposition"] == f"inline; {name}"
        (text,) = pages_of(pdf.content)
        for words in (
            "María José Muñoz García",
            issued["displayNumber"],
            "Sesión de fisioterapia",
            "60,00 €",
        ):
            assert words in text
        saved = await desk.get(f"{export}/pdf", params={"locale": "es", "download": "1"})
        assert saved.headers["content-disposition"] == f"attachment; {name}"
        assert saved.content == pdf.content


async def test_a_payment_is_on_the_next_copy_and_a_rectification_has_a_name_of_its_own(
    service: ServiceClient, session: Json
) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        path = f"/api/invoices/{(await desk.post('/api/invoices', json=session)).json()['id']}"
        before = await desk.get(f"{path}/export/pdf", params={"locale": "es"})
        await desk.post(f"{path}/payments", json={"amount": "60", "method": "card"})
        after = await desk.get(f"{path}/export/pdf", params={"locale": "es"})
        assert "A pagar hasta el" in pages_of(before.content)[0]
        assert "Pagada por completo" in pages_of(after.content)[0]
        cancelled = await desk.post(f"{path}/rectification", json={"kind": "difference", "reason": "Error"})
        export = f"{cancelled.headers['location']}/export/pdf"
        copy = await desk.get(export, params={"locale": "es"})
        assert f'filename="invoice-R{cancelled.json()["number"]}.pdf"' in copy.headers["content-disposition"]
        assert "-60,00 €" in pages_of(copy.content)[0]


async def test_the_html_runs_no_script_and_takes_nothing_from_elsewhere(
    service: ServiceClient, session: Json
) -> None:
    async with service.as_("ROLE_USER") as user:
        hostile = session | {"fullName": "<script>alert(1)</script>"}
        issued = (await user.post("/api/invoices", json=hostile)).json()
        page = await user.get(f"/api/invoices/{issued['id']}/export/html", params={"locale": "en"})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"].startswith("private")
        assert "<script" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; ")[:-1])
        style = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
        assert policy["default-src"] == "'none'"
        assert policy["style-src"] == f"'sha256-{digest}'"
        assert (len(style), " style=" in page.text) == (1, False)
        assert "script-src" not in policy


@pytest.mark.usefixtures("database")
async def test_without_pango_the_pdf_says_what_to_install_and_the_rest_works(
    new_service: NewService, session: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    monkeypatch.syspath_prepend(tmp_path)  # the printing process searches the same path
    async with new_service() as service, service.as_("ROLE_USER") as user:
        issued = (await user.post("/api/invoices", json=session)).json()
        export = f"/api/invoices/{issued['id']}/export"
        for locale in ("en", "es"):
            pdf = await user.get(f"{export}/pdf", headers={"X-App-Locale": locale})
            assert (pdf.status_code, pdf.json()["type"]) == (503, "/problems/pango-missing")
            assert PangoMissing.INSTALL in pdf.json()["detail"]
            assert "retry-after" in pdf.headers
        assert (await user.get(f"{export}/html")).status_code == 200
