"""Every screen can be read and used by everybody: axe finds nothing on it, and nothing scrolls sideways."""

from collections.abc import Callable
from typing import Any, Literal

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from furnishing import furnished
from playwright.async_api import Browser, Page, expect
from screens import DESKTOP, seated

from testkit.clinic import RunningClinic

NARROW_PHONE = (360, 740)
Seat = tuple[str, tuple[int, int], Literal["light", "dark"]]
SEATS: list[Seat] = [("es", DESKTOP, "light"), ("en", NARROW_PHONE, "dark")]


@pytest.mark.parametrize("seat", SEATS, ids=["es-desktop-light", "en-phone-dark"])
async def test_every_screen_is_accessible(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Callable[..., Any],
    seat: Seat,
) -> None:
    locale, size, colours = seat
    paths = await furnished(admin, (await employ(admin, "ROLE_PRACTITIONER", practitioner=True)).id)
    async with seated(browser, running_clinic, locale, size, colours) as screens:
        await screens.page.goto(running_clinic.base_url)
        await expect(screens.field("login.email")).to_be_visible()
        complaints = await complaints_of(screens.page, "/login")
        await screens.sign_in(running_clinic.admin_email, running_clinic.admin_password)
        for path in paths.values():
            await screens.page.goto(running_clinic.base_url + path)
            await expect(screens.page.get_by_role("heading", level=1)).to_be_visible()
            await screens.page.wait_for_load_state("networkidle")
            complaints += await complaints_of(screens.page, path)
    assert complaints == []


async def test_what_is_not_accessible_is_complained_of(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content("<h1>Agenda</h1><button></button><div style='width: 5000px'>Lunes</div>")
    found = await complaints_of(page, "/planted")
    await page.close()
    assert ["button-name" in found[0], "sideways" in found[1]] == [True, True]


async def complaints_of(page: Page, path: str) -> list[str]:
    found = await Axe().run(page)
    complaints = [f"{path}: {found.generate_report()}"] if found.violations_count else []
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        complaints.append(f"{path}: scrolls sideways")
    return complaints
