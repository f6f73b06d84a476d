"""The desk lives on the calendar: everything is moved, undone, refused with a reason and booked there,
by hand, by key and by thumb."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from screens import DESKTOP, SEATS, Screens, seated

from testkit.clinic import RunningClinic

MADRID = ZoneInfo("Europe/Madrid")
NARROW_PHONE = (360, 740)
Employ = Callable[..., Any]
Sit = Callable[..., AbstractAsyncContextManager[Screens]]


def wednesday() -> date:
    """Of next week: nothing on it is past, and the clinic works on it."""
    today = datetime.now(MADRID).date()
    return today + timedelta(days=9 - today.weekday())


def at(hour: int, minute: int = 0, day: date | None = None) -> str:
    return datetime.combine(day or wednesday(), time(hour, minute), MADRID).isoformat()


class Desk:
    """A receptionist's morning: her calendar, and what she finds booked on it."""

    def __init__(self, admin: httpx.AsyncClient, receptionist: Any, practitioners: list[str]) -> None:
        self.admin = admin
        self.receptionist = receptionist
        self.practitioners = practitioners

    async def booked(self, title: str, hour: int, minutes: int = 60, column: int = 0) -> dict[str, Any]:
        begins = datetime.combine(wednesday(), time(hour), MADRID)
        answer = await self.admin.post(
            "/api/appointments",
            json={
                "practitionerId": self.practitioners[column],
                "title": title,
                "startsAt": begins.isoformat(),
                "endsAt": (begins + timedelta(minutes=minutes)).isoformat(),
                "type": "appointment",
            },
        )
        assert answer.status_code == 201, answer.text
        appointment: dict[str, Any] = answer.json()
        return appointment

    async def found(self, appointment: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.admin.get(f"/api/appointments/{appointment['id']}")).json()
        return answer

    async def gaps(self) -> list[str]:
        """When the first practitioner's gaps of the day begin."""
        window = {"start": at(0), "end": at(0, day=wednesday() + timedelta(days=1))}
        listed = await self.admin.get(
            "/api/appointments", params={**window, "practitionerId": self.practitioners[0]}
        )
        return [entry["startsAt"] for entry in listed.json()["member"] if entry["type"] == "gap"]

    def address(self, view: str = "day") -> str:
        return f"/calendar?view={view}&date={wednesday()}&shown={','.join(self.practitioners)}"


@pytest_asyncio.fixture
async def desk(admin: httpx.AsyncClient, employ: Employ) -> Desk:
    receptionist = await employ(admin, "ROLE_RECEPTIONIST")
    practitioners = [await employ(admin, "ROLE_PRACTITIONER", practitioner=True) for _ in range(2)]
    return Desk(admin, receptionist, [colleague.id for colleague in practitioners])


@pytest.fixture
def sit(browser: Browser, running_clinic: RunningClinic, desk: Desk) -> Sit:
    """`async with sit("es", DESKTOP) as screens`: the receptionist before her calendar's day."""

    @asynccontextmanager
    async def seated_there(locale: str, size: tuple[int, int], view: str = "day") -> AsyncIterator[Screens]:
        async with seated(browser, running_clinic, locale, size) as screens:
            await screens.sign_in(desk.receptionist.email, desk.receptionist.password)
            await screens.speak(locale)
            await screens.page.goto(screens.base_url + desk.address(view))
            await expect(
                screens.page.get_by_role("region", name=screens.t("calendar.heading"))
            ).to_be_visible()
            yield screens

    return seated_there


def event(page: Page, title: str) -> Locator:
    return page.locator("[data-event]").filter(has_text=title)


async def middle(locator: Locator) -> tuple[float, float]:
    box = await locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 12)


async def drag(page: Page, grabbed: Locator, right: float = 0, down: float = 0) -> None:
    x, y = await middle(grabbed)
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + right / 2, y + down / 2, steps=8)
    await page.mouse.move(x + right, y + down, steps=8)
    await page.mouse.up()


async def an_hour(page: Page) -> float:
    """How high an hour is on the calendar."""
    slots = [page.locator(f"[data-time='{hour}:00:00']").first for hour in ("10", "11")]
    ten, eleven = [await slot.bounding_box() for slot in slots]
    assert ten
    assert eleven
    return eleven["y"] - ten["y"]


async def test_dragged_to_another_hour_and_brought_back(desk: Desk, sit: Sit) -> None:
    visit = await desk.booked("Primera visita", 9)
    async with sit("es", DESKTOP) as screens:
        page = screens.page
        shown = event(page, "Primera visita")
        await drag(page, shown, down=await an_hour(page) * 2)
        await expect(page.get_by_text(screens.t("appointment.moved"))).to_be_visible()
        await expect(shown).to_contain_text("11:00")
        assert (await desk.found(visit))["startsAt"] == at(11)

        await screens.button("action.undo").click()
        await expect(page.get_by_text(screens.t("action.undone"))).to_be_visible()
        await expect(shown).to_contain_text("9:00")
        assert (await desk.found(visit))["startsAt"] == at(9)

        await drag(page, shown, down=await an_hour(page))
        await expect(shown).to_contain_text("10:00")
        await expect(page.get_by_text(screens.t("appointment.moved"))).to_be_visible()
        await page.keyboard.press("Control+z")
        await expect(shown).to_contain_text("9:00")
    assert (await desk.found(visit))["startsAt"] == at(9)


async def test_what_is_in_the_way_puts_it_back_and_says_what_can_be_done(desk: Desk, sit: Sit) -> None:
    moved = await desk.booked("Quien se mueve", 9)
    await desk.booked("Quien estaba", 11)
    async with sit("es", DESKTOP) as screens:
        page = screens.page
        await drag(page, event(page, "Quien se mueve"), down=await an_hour(page) * 2)
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("alert")).to_contain_text("Quien estaba")
        await expect(event(page, "Quien se mueve")).to_contain_text("9:00")

        await dialog.get_by_role("button", name=screens.t("booking.conflict.open")).click()
        await expect(page.get_by_role("dialog", name="Quien estaba")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()

        await drag(page, event(page, "Quien se mueve"), down=await an_hour(page) * 2)
        nearest = screens.t("booking.conflict.take").replace("{when}", "12:00")
        await dialog.get_by_role("button", name=nearest, exact=True).click()
        await expect(event(page, "Quien se mueve")).to_contain_text("12:00")
        await expect(page.get_by_text(screens.t("appointment.moved"))).to_be_visible()
        assert (await desk.found(moved))["startsAt"] == at(12)

        await drag(page, event(page, "Quien se mueve"), down=-await an_hour(page))
        await dialog.get_by_role("button", name=screens.t("booking.overbook")).click()
        await screens.field("booking.overbook.reason", dialog).fill("Dolor agudo")
        await dialog.get_by_role("button", name=screens.t("booking.overbook.confirm"), exact=True).click()
        await expect(dialog).to_be_hidden()
        await expect(event(page, "Quien se mueve")).to_contain_text(screens.t("appointment.overbooked"))
    found = await desk.found(moved)
    assert (found["startsAt"], found["overbookReason"]) == (at(11), "Dolor agudo")


async def test_gaps_are_generated_booked_over_and_back_when_that_is_cancelled(desk: Desk, sit: Sit) -> None:
    desk.practitioners.pop()
    async with sit("es", DESKTOP) as screens:
        page = screens.page
        gaps = page.locator("[data-event].clinic-gap")
        await screens.button("calendar.gaps.generate").click()
        await expect(gaps).to_have_count(7)
        generate = screens.button("calendar.gaps.generate")
        await expect(generate).to_have_attribute("aria-disabled", "true")
        await expect(generate).to_have_accessible_description(screens.t("calendar.gaps.notEmpty"))

        await gaps.first.click()
        dialog = page.get_by_role("dialog")
        await expect(screens.field("booking.start", dialog)).to_have_value("09:00")
        await screens.field("booking.title", dialog).fill("Sobre un hueco")
        await dialog.get_by_role("button", name=screens.t("action.save"), exact=True).click()
        await expect(event(page, "Sobre un hueco")).to_be_visible()
        await expect(gaps).to_have_count(6)
        assert at(9) not in await desk.gaps()

        await event(page, "Sobre un hueco").click()
        await dialog.get_by_role("button", name=screens.t("appointment.cancel"), exact=True).click()
        await screens.field("appointment.reason", dialog).fill("Está enferma")
        await dialog.get_by_role("button", name=screens.t("appointment.cancel.confirm")).click()
        await expect(gaps).to_have_count(7)
        await expect(event(page, "Sobre un hueco")).to_have_class(re.compile("clinic-cancelled"))
        assert at(9) in await desk.gaps()

        await screens.button("calendar.gaps.delete").click()
        await expect(gaps).to_have_count(0)
        await page.get_by_role("button", name=screens.t("action.undo")).first.click()
        await expect(gaps).to_have_count(7)
    assert len(await desk.gaps()) == 7


async def test_two_practitioners_side_by_side_and_a_patient_goes_from_one_to_the_other(
    desk: Desk, sit: Sit
) -> None:
    visit = await desk.booked("Cambia de manos", 10)
    await desk.booked("Del otro", 12, column=1)
    async with sit("es", DESKTOP) as screens:
        page = screens.page
        shown, others = event(page, "Cambia de manos"), event(page, "Del otro")
        distance = (await middle(others))[0] - (await middle(shown))[0]
        assert abs(distance) > 200
        await drag(page, shown, right=distance)
        await expect(page.get_by_text(screens.t("appointment.moved"))).to_be_visible()
        await expect(shown).to_have_count(1)
        assert abs((await middle(shown))[0] - (await middle(others))[0]) < 5
        moved = await desk.found(visit)
        assert (moved["practitionerId"], moved["startsAt"]) == (desk.practitioners[1], at(10))

        await screens.button("action.undo").click()
        await expect(page.get_by_text(screens.t("action.undone"))).to_be_visible()
    assert (await desk.found(visit))["practitionerId"] == desk.practitioners[0]


@SEATS
async def test_the_whole_of_booking_by_keyboard_only(
    desk: Desk, sit: Sit, locale: str, size: tuple[int, int]
) -> None:
    name = f"Ximena Aldecoa {locale}"
    first, last = name.split(" ", 1)
    patient = {"firstName": first, "lastName": last, "force": True}
    assert (await desk.admin.post("/api/patients", json=patient)).status_code == 201
    async with sit(locale, size) as screens:
        page, press = screens.page, screens.page.keyboard.press
        dialog = page.get_by_role("dialog")
        await press("n")
        await expect(dialog).to_be_visible()
        await tab_to(page, screens.field("booking.patient", dialog))
        await page.keyboard.type("ximena")
        await expect(page.get_by_role("option", name=name)).to_be_visible()
        await press("Enter")
        free = dialog.get_by_role("radio").first
        await expect(free).to_be_attached()
        await tab_to(page, free)
        for _ in range(3):
            await press("ArrowRight")
        await expect(screens.field("booking.start", dialog)).to_have_value("12:00")
        await press("Enter")
        await expect(dialog).to_be_hidden()

        shown = event(page, name)
        await expect(shown).to_be_focused()
        await press("Alt+ArrowDown")
        await press("Alt+ArrowDown")
        await expect(page.get_by_text(screens.t("appointment.moved"))).to_be_visible()
        await expect(shown).to_contain_text("13:00")
        await expect(shown).to_be_focused()

        await press("Enter")
        await expect(page.get_by_role("dialog", name=name)).to_be_visible()
        await press("Escape")
        await expect(shown).to_be_focused()

        await press("?")
        switch = page.get_by_label(screens.t("calendar.keys.on"))
        await expect(page.locator("[role=dialog]:focus, [role=dialog] :focus")).to_be_attached()
        await tab_to(page, switch)
        await press("Space")
        await press("Escape")
        await press("n")
        await expect(dialog).to_be_hidden()
    found = (await desk.admin.get("/api/patients", params={"search": name})).json()["member"][0]
    booked = (await desk.admin.get("/api/appointments", params={"patientId": found["id"]})).json()["member"]
    assert [visit["startsAt"] for visit in booked] == [at(13)]


async def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(30):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("never reached by Tab")


async def test_on_a_phone_the_day_is_moved_by_a_long_press_or_by_a_button(desk: Desk, sit: Sit) -> None:
    visit = await desk.booked("Con el pulgar", 9)
    async with sit("en", NARROW_PHONE) as screens:
        page = screens.page
        await page.goto(f"{screens.base_url}/calendar?date={wednesday()}&shown={desk.practitioners[0]}")
        day = page.get_by_role("button", name=screens.t("calendar.view.day"), exact=True)
        await expect(day).to_have_attribute("aria-pressed", "true")
        shown = event(page, "Con el pulgar")
        await expect(shown).to_be_visible()
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")

        await long_press_and_drag(page, shown, down=await an_hour(page))
        await expect(page.get_by_text(screens.t("appointment.moved"))).to_be_visible()
        await expect(shown).to_contain_text("10:00")

        await shown.click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name=screens.t("appointment.move")).click()
        await screens.field("booking.start", dialog).fill("12:00")
        save = dialog.get_by_role("button", name=screens.t("appointment.move.confirm"), exact=True)
        box = await save.bounding_box()
        assert box
        assert box["height"] >= 44
        await save.click()
        await expect(dialog).to_be_hidden()
        await expect(shown).to_contain_text("12:00")
    found = await desk.found(visit)
    assert (found["startsAt"], found["endsAt"]) == (at(12), at(13))


async def long_press_and_drag(page: Page, grabbed: Locator, down: float) -> None:
    x, y = await middle(grabbed)
    touch = await page.context.new_cdp_session(page)

    async def finger(kind: str, *points: tuple[float, float]) -> None:
        touched = [{"x": px, "y": py} for px, py in points]
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    await finger("touchStart", (x, y))
    await expect(page.locator(".clinic-lifted")).to_be_visible()
    for step in range(1, 9):
        await finger("touchMove", (x, y + down * step / 8))
    await finger("touchEnd")
