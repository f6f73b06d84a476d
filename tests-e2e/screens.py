"""The words on the screens and the ways through them, for stories told in a real browser."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from testkit.clinic import RunningClinic

CATALOGUES = Path(__file__).parents[1] / "frontend" / "src" / "i18n"
SEEN_LAST = Path(__file__).parent / "screenshots"
DESKTOP = (1440, 900)
PHONE = (390, 844)
PATIENCE_MS = 15_000
"""The browser shares the machine with all servers: what takes long is not wrong."""

expect.set_options(timeout=PATIENCE_MS)
SEATS = pytest.mark.parametrize(
    ("locale", "size"), [("es", DESKTOP), ("en", PHONE)], ids=["es-desktop", "en-phone"]
)


class Screens:
    """One person at one browser, in one language. `t` finds the words of the catalogue."""

    def __init__(self, page: Page, base_url: str, locale: str) -> None:
        self.page = page
        self.base_url = base_url
        self._texts = _catalogue(locale)

    async def speak(self, locale: str) -> None:
        """Choose the language in the user's menu, on the dashboard; the user keeps it from then on."""
        menu = re.compile("|".join(_catalogue(known)["shell.userMenu"] for known in ("en", "es")))
        await self.page.get_by_role("button", name=menu).click()
        await self.page.get_by_role("menuitem", name={"en": "English", "es": "Español"}[locale]).click()
        self._texts = _catalogue(locale)
        await expect(self.page.get_by_role("heading", name=self.t("dashboard.heading"))).to_be_visible()

    def t(self, key: str) -> str:
        return self._texts[key]

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.t(key), exact=True)

    def link(self, key: str) -> Locator:
        return self.page.get_by_role("link", name=self.t(key), exact=True)

    def field(self, key: str, within: Locator | None = None) -> Locator:
        """By its label; the star of a required field is not part of its name."""
        label = re.compile(rf"^{re.escape(self.t(key))}\s*\*?$")
        return (within or self.page).get_by_label(label)

    async def sign_in(self, email: str, password: str) -> None:
        await self.page.goto(self.base_url)
        await self.field("login.email").fill(email)
        await self.field("login.password").fill(password)
        await self.button("login.action").click()
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        await expect(self.field("login.password")).to_be_hidden()

    async def show(self, path: str) -> None:
        """Go to a screen by its address."""
        await self.page.goto(self.base_url + path)
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    async def open(self, nav_key: str, heading_key: str) -> None:
        """Go to a screen by the navigation."""
        await self.link(nav_key).first.click()
        await expect(self.page.get_by_role("heading", name=self.t(heading_key), level=1)).to_be_visible()


def _catalogue(locale: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((CATALOGUES / f"{locale}.json").read_text())
    return texts


@asynccontextmanager
async def seated(
    browser: Browser,
    clinic: RunningClinic,
    locale: str,
    size: tuple[int, int],
    colours: Literal["light", "dark"] = "light",
) -> AsyncIterator[Screens]:
    """A fresh browser context; whatever it complains about in its console fails the story."""
    complaints: list[str] = []
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale={"en": "en-GB", "es": "es-ES"}[locale],
        timezone_id="America/New_York",  # the clinic's time is shown, wherever the screen stands
        has_touch=size == PHONE,
        color_scheme=colours,
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    try:
        yield Screens(page, clinic.base_url, locale)
    except BaseException:
        SEEN_LAST.mkdir(exist_ok=True)
        await page.screenshot(path=SEEN_LAST / f"{locale}-{size[0]}.png")
        raise
    finally:
        await context.close()
    assert complaints == []


@asynccontextmanager
async def signed_in(
    browser: Browser, clinic: RunningClinic, person: Any, locale: str, size: tuple[int, int]
) -> AsyncIterator[Screens]:
    """A colleague at a browser of her own, in her language."""
    async with seated(browser, clinic, locale, size) as screens:
        await screens.sign_in(person.email, person.password)
        await screens.speak(locale)
        yield screens
