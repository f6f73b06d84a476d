"""Billing on the screens: a visit paid, a pack used up, an invoice undone, numbers without a hole, and a list
that opens as a spreadsheet."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import Browser, Download, Locator, expect
from pypdf import PdfReader
from screens import DESKTOP, SEATS, Screens, seated, signed_in
from test_accessibility import complaints_of

from testkit.clinic import RunningClinic
from testkit.mailbox import Mailbox
from testkit.plugin import StartClinic
from testkit.printing import pages_of
from testkit.sheets import read_sheet
from testkit.waiting import eventually

Employ = Callable[..., Any]
SignIn = Callable[..., Any]
MADRID = ZoneInfo("Europe/Madrid")
INVOICE_NUMBER = re.compile(r"F\d{10}")
CORRECTION_NUMBER = re.compile(r"R\d{10}")


async def made(admin: httpx.AsyncClient, path: str, **wish: object) -> dict[str, Any]:
    answer = await admin.post(path, json=wish)
    assert answer.status_code == 201, answer.text
    thing: dict[str, Any] = answer.json()
    return thing


async def registered(admin: httpx.AsyncClient, **particulars: object) -> dict[str, Any]:
    return await made(admin, "/api/patients", **particulars, force=True)


async def attended(
    admin: httpx.AsyncClient, practitioner: Any, patient: dict[str, Any], days_ago: int, hour: int = 10
) -> None:
    """A visit the patient came to."""
    day = (datetime.now(MADRID) - timedelta(days=days_ago)).date()
    visit = await made(
        admin,
        "/api/appointments",
        practitionerId=practitioner.id,
        patientId=patient["id"],
        startsAt=f"{day}T{hour}:00",
        endsAt=f"{day}T{hour + 1}:00",
    )
    answer = await admin.patch(f"/api/appointments/{visit['id']}", json={"status": "attended"})
    assert answer.status_code == 200, answer.text


async def to_be_billed(admin: httpx.AsyncClient, patient: dict[str, Any], visits: int) -> None:
    async def are_offered() -> bool:
        prefill = await admin.get("/api/invoice-prefill", params={"patientId": patient["id"]})
        return len(prefill.json()["lines"]) == visits

    await eventually(are_offered, f"billing offers {visits} visits")


async def used(admin: httpx.AsyncClient, patient: dict[str, Any], sessions: int) -> None:
    async def are_used() -> bool:
        packs = await admin.get("/api/packs", params={"patientId": patient["id"]})
        return [pack["used"] for pack in packs.json()["member"]] == [sessions]

    await eventually(are_used, f"{sessions} sessions of the pack are used")


async def invoiced(admin: httpx.AsyncClient, **particulars: object) -> dict[str, Any]:
    payer = {"fullName": "Begoña Núñez Ágreda", "address": "C/ Mayor 1, 28013 Madrid", "taxId": "12345678Z"}
    line = {"concept": "Sesión de fisioterapia", "quantity": "1", "unitPrice": "45.00"}
    return await made(admin, "/api/invoices", **({**payer, "lines": [line]} | particulars))


def written(amount: str, locale: str) -> str:
    """As the language writes it: 60,00 or 60.00."""
    return amount.replace(".", ",") if locale == "es" else amount


@SEATS
async def test_visits_are_invoiced_from_the_patients_page_and_paid(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    patient = await registered(
        admin, firstName="Nuria", lastName=f"Bauçà Oró {locale}", address="Carrer Nou 2, Palma", rate="30.25"
    )
    physio = await employ(admin, "ROLE_PRACTITIONER", practitioner=True)
    for days_ago in (8, 1):
        await attended(admin, physio, patient, days_ago)
    await to_be_billed(admin, patient, 2)
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    async with signed_in(browser, running_clinic, desk, locale, size) as screens:
        page = screens.page
        await screens.show(f"/patients/{patient['id']}")
        await screens.link("patient.invoices.add").click()
        visits = page.get_by_role("checkbox")
        await expect(visits).to_have_count(2)
        await visits.first.uncheck()
        await visits.first.check()
        await screens.button("invoice.generate").click()
        await screens.button("invoice.confirm").click()
        heading = page.get_by_role("heading", name=INVOICE_NUMBER, level=1)
        await expect(heading).to_be_visible()

        await pay(screens, "20,5", "payment.method.cash")
        await expect(state_of(screens)).to_have_text(screens.t("invoice.state.part-paid"))
        await pay(screens, None, "payment.method.bizum")
        await expect(state_of(screens)).to_have_text(screens.t("invoice.state.paid"))
        await expect(screens.button("payment.add")).to_be_hidden()

        async with page.expect_download() as download:
            await screens.button(f"invoice.downloadPdf.{locale}").click()
        text = await read_pdf(await download.value)
        assert "Bauçà Oró" in text
        assert written("60.50", locale) in text
        paper = page.frame_locator("iframe").get_by_text("Bauçà Oró").first
        await expect(paper).to_be_visible()
    left = (await admin.get("/api/invoice-prefill", params={"patientId": patient["id"]})).json()
    assert left["lines"] == []


async def pay(screens: Screens, amount: str | None, method: str) -> None:
    """What is offered when no amount is named."""
    await screens.button("payment.add").click()
    dialog = screens.page.get_by_role("dialog")
    if amount:
        await screens.field("payment.amount", dialog).fill(amount)
    await dialog.get_by_role("radio", name=screens.t(method)).check()
    await dialog.locator("button[type=submit]").click()
    await expect(dialog).to_be_hidden()


def state_of(screens: Screens) -> Locator:
    return screens.page.locator("header h1 + span")


async def read_pdf(download: Download) -> str:
    return " ".join(page.extract_text() for page in PdfReader(await download.path()).pages)


@SEATS
async def test_a_pack_is_sold_used_and_exhausted(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    patient = await registered(
        admin, firstName="Jordi", lastName=f"Ferré Camí {locale}", address="Rambla 9, Reus", rate="45.00"
    )
    physio = await employ(admin, "ROLE_PRACTITIONER", practitioner=True)
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    async with signed_in(browser, running_clinic, desk, locale, size) as screens:
        page = screens.page
        await screens.show(f"/patients/{patient['id']}")
        await screens.link("pack.sell").click()
        await screens.field("pack.sessions").fill("2")
        await expect(screens.field("invoice.concept")).to_have_value(
            screens.t("pack.concept").replace("{count}", "2")
        )
        await screens.field("invoice.price").fill("80")
        await screens.button("invoice.generate").click()
        await screens.button("invoice.confirm").click()
        await expect(page.get_by_role("heading", name=INVOICE_NUMBER, level=1)).to_be_visible()

        await attended(admin, physio, patient, 0)
        await used(admin, patient, 1)
        await expect_on_page(screens, patient, packs_left(screens, 1, 2))
        await attended(admin, physio, patient, 0, hour=12)
        await used(admin, patient, 2)
        await expect_on_page(screens, patient, screens.t("pack.exhausted"))

        await attended(admin, physio, patient, 0, hour=15)
        await to_be_billed(admin, patient, 1)
        await screens.show(f"/invoices/new?patient={patient['id']}")
        await expect(page.get_by_role("checkbox")).to_have_count(1)
    packs = (await admin.get("/api/packs", params={"patientId": patient["id"]})).json()["member"]
    assert [(pack["sessions"], pack["used"], pack["left"]) for pack in packs] == [(2, 2, 0)]


def packs_left(screens: Screens, left: int, of: int) -> str:
    return screens.t("pack.left").replace("{left}", str(left)).replace("{count}", str(of))


async def expect_on_page(screens: Screens, patient: dict[str, Any], text: str) -> None:
    await screens.show(f"/patients/{patient['id']}")
    await expect(screens.page.get_by_text(text, exact=True)).to_be_visible()


@SEATS
async def test_a_draft_is_kept_gone_on_with_and_issued(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    name = f"Talleres Ibáñez {uuid4().hex[:6]}"
    customer = await made(
        admin,
        "/api/customers",
        kind="company",
        firstName=name,
        taxId=f"FR{uuid4().int % 10**11:011}",
        billingAddress="Avenida de América 5\n28002 Madrid",
    )
    last = (await invoiced(admin, date="2019-05-06"))["date"]  # numbers and dates are each year's own
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    async with signed_in(browser, running_clinic, desk, locale, size) as screens:
        page = screens.page
        await screens.show("/invoices/new")
        await page.get_by_role("combobox", name=screens.t("customer.heading")).fill(name.lower())
        await page.get_by_role("option", name=name).click()
        await expect(screens.field("invoice.fullName")).to_have_value(name)
        await screens.button("drafts.keep").click()

        await page.get_by_role("link", name=name).click()
        await expect(screens.field("patient.address")).to_have_value("Avenida de América 5\n28002 Madrid")
        await screens.field("invoice.concept").fill("Charla de ergonomía")
        await screens.field("invoice.price").fill("150")
        await screens.field("invoice.date").fill("2019-05-02")
        await screens.button("invoice.generate").click()
        await screens.button("invoice.confirm").click()
        await page.get_by_role("button", name=re.compile(screens.t("invoice.date.use").split("{")[0])).click()
        await expect(screens.field("invoice.date")).to_have_value(last)
        await screens.button("invoice.generate").click()
        await screens.button("invoice.confirm").click()
        await expect(page.get_by_role("heading", name=INVOICE_NUMBER, level=1)).to_be_visible()
    billed = (await admin.get("/api/invoices", params={"customerId": customer["id"]})).json()["member"]
    assert [(one["amount"], one["date"]) for one in billed] == [("150.00", last)]
    drafts = (await admin.get("/api/invoices/drafts", params={"customerId": customer["id"]})).json()
    assert drafts["totalItems"] == 0


@SEATS
async def test_of_two_customers_one_stays_with_the_invoices_of_both(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    mark = uuid4().hex[:6]
    company = {"kind": "company", "billingAddress": "Gran Vía 1, 28013 Madrid"}
    stays, goes = [
        await made(admin, "/api/customers", **company, firstName=name, taxId=f"FR{uuid4().int % 10**11:011}")
        for name in (f"Mutua Ñandú {mark}", f"Mutua Nandu {mark}")
    ]
    old = await invoiced(admin, customerId=goes["id"], fullName=goes["fullName"])
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    async with signed_in(browser, running_clinic, desk, locale, size) as screens:
        page = screens.page
        await screens.show(f"/customers/{goes['id']}")
        await screens.button("customer.delete").click()
        await screens.button("customer.delete.confirm").click()
        await page.get_by_role("alert").get_by_role("button").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("combobox").fill(mark)
        await page.get_by_role("option", name=stays["fullName"]).click()
        await dialog.get_by_role("radio", name=stays["fullName"]).check()
        await screens.button("merge.action").click()
        await expect(page.get_by_role("heading", name=stays["fullName"], level=1)).to_be_visible()
        await page.get_by_role("link", name=old["displayNumber"]).click()
        await expect(page.get_by_text(goes["fullName"]).first).to_be_visible()  # as it was issued
    assert (await admin.get(f"/api/customers/{goes['id']}")).json()["id"] == stays["id"]


@SEATS
async def test_an_invoice_is_cancelled_only_by_typing_its_number(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    invoice = await invoiced(admin)
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    async with signed_in(browser, running_clinic, desk, locale, size) as screens:
        page = screens.page
        await screens.show(f"/invoices/{invoice['id']}")
        await screens.link("rectify.open").click()
        await screens.field("rectify.reason").fill("Emitida a la persona equivocada")
        await screens.button("rectify.action").click()
        dialog = page.get_by_role("dialog")
        confirm = screens.t("rectify.confirm").replace("{number}", invoice["displayNumber"])
        number = dialog.get_by_label(confirm)
        await number.fill(invoice["displayNumber"][:-1])
        await dialog.get_by_role("button", name=screens.t("rectify.action")).click()
        await expect(dialog.get_by_text(screens.t("rectify.confirm.wrong"))).to_be_visible()
        await number.fill(invoice["displayNumber"])
        await page.keyboard.press("Enter")

        await expect(page.get_by_role("heading", name=CORRECTION_NUMBER, level=1)).to_be_visible()
        await expect(page.get_by_text("Emitida a la persona equivocada").first).to_be_visible()
        await page.get_by_role("link", name=invoice["displayNumber"]).click()
        await expect(state_of(screens)).to_have_text(screens.t("invoice.state.rectified"))
        await expect(screens.link("rectify.open")).to_be_hidden()
    after = (await admin.get(f"/api/invoices/{invoice['id']}")).json()
    assert (after["status"], after["due"]) == ("rectified", "0.00")


@pytest.fixture(scope="module")
def post(start_clinic: StartClinic) -> Iterator[tuple[RunningClinic, Mailbox]]:
    """A clinic that sends its letters, and who takes them."""
    with Mailbox().open() as mailbox:
        sender = {"MAILER_URL": mailbox.url, "MAIL_FROM": "Fisio Peña <facturas@clinic.example>"}
        clinic = start_clinic({**sender, "COMPANY_NAME": "Fisioterapia Peña"})
        yield clinic, mailbox
        clinic.stop()


@SEATS
async def test_an_invoice_is_sent_by_e_mail_and_arrives_with_its_pdf(
    browser: Browser,
    post: tuple[RunningClinic, Mailbox],
    sign_in: SignIn,
    locale: str,
    size: tuple[int, int],
) -> None:
    (clinic, mailbox), address = post, f"begona-{locale}@example.com"
    mailbox.letters.clear()
    async with sign_in(clinic) as admin, seated(browser, clinic, locale, size) as screens:
        invoice = await invoiced(admin, email="antigua@example.com")
        page = screens.page
        await screens.sign_in(clinic.admin_email, clinic.admin_password)
        await screens.speak(locale)
        await screens.show(f"/invoices/{invoice['id']}")
        await screens.button("delivery.open").click()
        dialog = page.get_by_role("dialog")
        to = screens.field("delivery.to", dialog)
        await expect(to).to_have_value("antigua@example.com")
        await to.fill("nobody")
        await page.keyboard.press("Enter")
        await expect(to).to_have_attribute("aria-invalid", "true")
        assert await complaints_of(page, "the dialog") == []
        await to.fill(address)
        await page.keyboard.press("Enter")
        await expect(dialog).to_be_hidden()

        log = page.get_by_role("list", name=screens.t("deliveries.heading"))
        await expect(log).to_contain_text(address)
        await expect(log).to_contain_text(screens.t("sending.state.sent"), timeout=30_000)
        assert await complaints_of(page, "the log") == []
    (letter,) = mailbox.letters
    (document,) = letter.iter_attachments()
    assert letter["To"] == address
    title = {"es": "Factura", "en": "Invoice"}[locale]
    assert letter["Subject"] == f"{title} {invoice['displayNumber']} — Fisioterapia Peña"
    assert document.get_filename() == f"invoice-{invoice['number']}.pdf"
    text = " ".join(pages_of(document.get_content()))
    assert "Begoña Núñez Ágreda" in text
    assert written("45.00", locale) in text


async def test_a_hole_among_the_numbers_is_seen_and_filled(
    browser: Browser, start_clinic: StartClinic, sign_in: SignIn
) -> None:
    clinic = start_clinic({"INVOICE_EDIT_ENABLED": "true"})
    year = datetime.now(MADRID).year
    async with sign_in(clinic) as admin, seated(browser, clinic, "es", DESKTOP) as screens:
        _, second, _ = [await invoiced(admin) for _ in range(3)]
        page = screens.page
        await screens.sign_in(clinic.admin_email, clinic.admin_password)
        await screens.speak("es")
        await screens.open("nav.invoices", "invoices.heading")
        await screens.link("gaps.heading").click()
        await expect(page.get_by_text("No falta ningún número")).to_be_visible()

        await renumber(screens, second, f"{year}000004")
        await screens.show("/invoices/gaps")
        missing = page.get_by_role("list", name=screens.t("gaps.list"))
        await expect(missing).to_have_text(f"F{year}000002")
        await expect(page.get_by_text("Falta 1 número")).to_be_visible()

        await renumber(screens, second, f"{year}000002")
        await screens.show("/invoices/gaps")
        await expect(page.get_by_text("No falta ningún número")).to_be_visible()


async def renumber(screens: Screens, invoice: dict[str, Any], number: str) -> None:
    await screens.show(f"/invoices/{invoice['id']}/edit")
    await screens.field("invoice.number").fill(number)
    await screens.button("action.save").click()
    await expect(
        screens.page.get_by_role("heading", name=re.compile(rf"F{number}$"), level=1)
    ).to_be_visible()


@SEATS
async def test_a_filtered_list_opens_as_a_spreadsheet(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    name = f"=Ñandú {uuid4().hex[:8]} SL"
    paid, open_one = [await invoiced(admin, fullName=name) for _ in range(2)]
    payments = f"/api/invoices/{paid['id']}/payments"
    assert (await admin.post(payments, json={"amount": "45.00", "method": "card"})).status_code == 201
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    async with signed_in(browser, running_clinic, desk, locale, size) as screens:
        page = screens.page
        await screens.show("/invoices?status=paid")
        await page.get_by_role("searchbox").fill(name[1:])
        await expect(page.locator("li a[href^='/invoices/0'], tr a[href^='/invoices/0']")).to_have_count(1)
        await expect(page.get_by_role("link", name=paid["displayNumber"])).to_be_visible()
        await expect(page.get_by_role("link", name=open_one["displayNumber"])).to_be_hidden()
        await screens.button("export.open").click()
        async with page.expect_download() as download:
            await page.get_by_role("button", name="XLSX").click()
        file = await download.value
        assert file.suggested_filename == f"{screens.t('export.fileName')}.xlsx"
        rows = read_sheet((await file.path()).read_bytes())
    assert len(rows) == 2
    assert rows[1][0] == paid["displayNumber"]
    assert name in rows[1]
