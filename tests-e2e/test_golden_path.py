"""The clinic's day in a real browser: from the first sign-in to the paid-for name on the calendar."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, expect
from pypdf import PdfReader
from screens import DESKTOP, PHONE, Screens, seated

from testkit.clinic import RunningClinic
from testkit.plugin import StartClinic

MADRID = ZoneInfo("Europe/Madrid")
NAME = "María José Muñoz García"
NEW_NAME = "María José Muñoz Iglesias"


@pytest.fixture(scope="module", params=[("es", DESKTOP), ("en", PHONE)], ids=["es-desktop", "en-phone"])
def seat(request: pytest.FixtureRequest) -> tuple[str, tuple[int, int]]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def fresh_clinic(seat: object, start_clinic: StartClinic) -> RunningClinic:
    """A clinic of its own for each seat: the first patient, the first invoice."""
    return start_clinic()


async def test_from_the_first_sign_in_to_the_invoice_and_a_new_name(
    browser: Browser, fresh_clinic: RunningClinic, seat: tuple[str, tuple[int, int]]
) -> None:
    locale, size = seat
    async with seated(browser, fresh_clinic, locale, size) as screens:
        await screens.sign_in(fresh_clinic.admin_email, fresh_clinic.admin_password)
        await screens.speak(locale)
        await register(screens)
        await find(screens, "munoz maria")
        await book_for_tomorrow(screens)
        await see_on_the_calendar(screens, NAME)
        await invoice_from_her_page(screens)
        await download_and_read(screens, locale)
        await rename(screens)
        await see_on_the_calendar(screens, NEW_NAME)
        await screens.open("nav.invoices", "invoices.heading")
        await expect(screens.page.get_by_text(NAME).first).to_be_visible()
        assert await screens.page.get_by_text(NEW_NAME).count() == 0


async def register(screens: Screens) -> None:
    await screens.open("nav.patients", "patients.heading")
    await screens.link("patients.new").first.click()
    await screens.field("patient.firstName").fill("María José")
    await screens.field("patient.lastName").fill("Muñoz García")
    await screens.field("patient.phone").fill("+34 600 11 22 33")
    await screens.field("patient.address").fill("Carrer de Colón 1, 46004 València")
    await screens.button("action.save").click()
    await expect(screens.page.get_by_role("heading", name=NAME)).to_be_visible()


async def find(screens: Screens, typed: str) -> None:
    await screens.open("nav.patients", "patients.heading")
    await screens.page.get_by_role("searchbox").fill(typed)
    await screens.page.get_by_role("link", name=NAME).first.click()
    await expect(screens.page.get_by_role("heading", name=NAME)).to_be_visible()


async def book_for_tomorrow(screens: Screens) -> None:
    await screens.open("nav.calendar", "calendar.heading")
    await screens.button("booking.heading").first.click()
    dialog = screens.page.get_by_role("dialog")
    await screens.field("booking.patient", dialog).fill("munoz")
    await screens.page.get_by_role("option", name=NAME).click()
    await screens.field("booking.date", dialog).fill(tomorrow().date().isoformat())
    await screens.field("booking.start", dialog).fill("10:00")
    await screens.field("booking.end", dialog).fill("11:00")
    await dialog.get_by_role("button", name=screens.t("action.save"), exact=True).click()
    await expect(dialog).to_be_hidden()


def tomorrow() -> datetime:
    return datetime.now(MADRID) + timedelta(days=1)


async def see_on_the_calendar(screens: Screens, name: str) -> None:
    await screens.open("nav.calendar", "calendar.heading")
    event = screens.page.get_by_text(name).first
    if not await appears(event):  # tomorrow may be beyond the week or the day that is shown
        await screens.button("calendar.next").click()
    await expect(event).to_be_visible()
    await expect(screens.page.get_by_text("10:00").first).to_be_visible()


async def appears(event: object) -> bool:
    try:
        await expect(event).to_be_visible(timeout=3000)  # type: ignore[arg-type]
    except AssertionError:
        return False
    return True


async def invoice_from_her_page(screens: Screens) -> None:
    await find(screens, "munoz")
    await screens.link("patient.invoices.add").first.click()
    await expect(screens.field("invoice.fullName")).to_have_value(NAME)
    await screens.field("invoice.concept").fill("Fisioterapia")
    await screens.field("invoice.price").fill("60.00")
    await screens.button("invoice.generate").click()
    await screens.button("invoice.confirm").click()
    await expect(screens.page.get_by_role("heading", name=number())).to_be_visible()


def number() -> str:
    return f"F{datetime.now(MADRID).year}000001"


async def download_and_read(screens: Screens, locale: str) -> None:
    await screens.open("nav.invoices", "invoices.heading")
    await expect(screens.page.get_by_text(number()).first).to_be_visible()
    await screens.page.get_by_role("link", name=number()).first.click()
    async with screens.page.expect_download() as download:
        await screens.button(f"invoice.downloadPdf.{locale}").click()
    file = await download.value
    assert file.suggested_filename == f"invoice-{number()[1:]}.pdf"
    text = " ".join(page.extract_text() for page in PdfReader(await file.path()).pages)
    assert NAME in text
    assert number() in text
    assert ("60,00" if locale == "es" else "60.00") in text


async def rename(screens: Screens) -> None:
    await find(screens, "munoz")
    await screens.link("action.edit").click()
    await screens.field("patient.lastName").fill("Muñoz Iglesias")
    await screens.button("action.save").click()
    await expect(screens.page.get_by_role("heading", name=NEW_NAME)).to_be_visible()
