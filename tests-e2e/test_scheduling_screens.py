"""The screens beside the calendar: a series repaired date by date, working hours, time off, and who waits
for what somebody else gave back."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect
from screens import SEATS, Screens, seated

from testkit.clinic import RunningClinic
from testkit.waiting import eventually

MADRID = ZoneInfo("Europe/Madrid")
Employ = Callable[..., Any]
Sit = Callable[..., AbstractAsyncContextManager[Screens]]
PHONE_OF_THE_CLINIC = "+34 912 345 678"
TUESDAY = {"es": "martes", "en": "Tuesday"}


def tuesday(weeks: int = 0) -> date:
    """Of next week, or later: nothing on it is past, and the clinic works on it."""
    today = datetime.now(MADRID).date()
    return today + timedelta(days=8 - today.weekday(), weeks=weeks)


def at(day: date, hour: int) -> str:
    return datetime.combine(day, time(hour), MADRID).isoformat()


class House:
    """A receptionist, a practitioner whose diary is empty, and a patient."""

    def __init__(
        self, admin: httpx.AsyncClient, desk: Any, practitioner: Any, patient: dict[str, Any]
    ) -> None:
        self.admin = admin
        self.desk = desk
        self.practitioner = practitioner
        self.patient = patient

    async def register(self, first_name: str, **particulars: object) -> dict[str, Any]:
        body = {"firstName": first_name, "lastName": "Ibarra Llorente", "force": True, **particulars}
        return await self.made("/api/patients", **body)

    async def made(self, path: str, **body: object) -> dict[str, Any]:
        answer = await self.admin.post(path, json=body)
        assert answer.status_code == 201, answer.text
        thing: dict[str, Any] = answer.json()
        return thing

    async def try_booking(
        self, day: date, hour: int, patient: dict[str, Any] | None = None
    ) -> httpx.Response:
        body = {
            "practitionerId": self.practitioner.id,
            "patientId": None if patient is None else patient["id"],
            "title": None if patient else "Reunión de equipo",
            "startsAt": at(day, hour),
            "endsAt": at(day, hour + 1),
            "type": "appointment",
        }
        return await self.admin.post("/api/appointments", json=body)

    async def booked(self, day: date, hour: int, patient: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await self.try_booking(day, hour, patient)
        assert answer.status_code == 201, answer.text
        appointment: dict[str, Any] = answer.json()
        return appointment

    async def found(self, appointment: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.admin.get(f"/api/appointments/{appointment['id']}")).json()
        return answer

    async def appointments_of(self, patient: dict[str, Any]) -> list[dict[str, Any]]:
        listed = await self.admin.get("/api/appointments", params={"patientId": patient["id"]})
        return sorted(listed.json()["member"], key=lambda appointment: str(appointment["startsAt"]))


@pytest.fixture(scope="module")
def writing_clinic(start_clinic: Callable[..., RunningClinic]) -> RunningClinic:
    """One whose patients can be sent a link: it knows its own address."""
    return start_clinic({"PUBLIC_URL": "https://clinic.test", "COMPANY_PHONE": PHONE_OF_THE_CLINIC})


@pytest_asyncio.fixture
async def house(admin: httpx.AsyncClient, employ: Employ) -> House:
    return await housed(admin, employ)


async def housed(admin: httpx.AsyncClient, employ: Employ) -> House:
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    practitioner = await employ(admin, "ROLE_PRACTITIONER", practitioner=True)
    house = House(admin, desk, practitioner, {})
    house.patient = await house.register("Begoña")
    return house


@pytest.fixture
def sit(browser: Browser, running_clinic: RunningClinic) -> Sit:
    """`async with sit(colleague, "es", DESKTOP, "/time-off") as screens`."""

    @asynccontextmanager
    async def seated_there(who: Any, locale: str, size: tuple[int, int], path: str) -> AsyncIterator[Screens]:
        async with seated(browser, running_clinic, locale, size) as screens:
            await screens.sign_in(who.email, who.password)
            await screens.speak(locale)
            await screens.page.goto(screens.base_url + path)
            await expect(screens.page.get_by_role("heading", level=1)).to_be_visible()
            yield screens

    return seated_there


def said(screens: Screens, key: str, **values: object) -> str:
    """A text of the catalogue with its placeholders filled in."""
    text = screens.t(key)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


async def plan(screens: Screens, dialog: Locator, house: House, locale: str) -> None:
    """Three Tuesdays at ten."""
    await screens.field("booking.practitioner", dialog).select_option(house.practitioner.id)
    await dialog.get_by_role("button", name=TUESDAY[locale], exact=True).click()
    await screens.field("series.at", dialog).fill("10:00")
    await screens.field("series.count", dialog).fill("3")
    await screens.field("series.first", dialog).fill(tuesday().isoformat())


@SEATS
async def test_a_series_with_one_date_in_the_way_is_repaired_and_taken_back(
    house: House, sit: Sit, locale: str, size: tuple[int, int]
) -> None:
    await house.booked(tuesday(1), 10)
    async with sit(house.desk, locale, size, f"/patients/{house.patient['id']}") as screens:
        await screens.button("series.heading").click()
        dialog = screens.page.get_by_role("dialog")
        await plan(screens, dialog, house, locale)
        sessions = dialog.get_by_role("list").get_by_role("listitem")
        await expect(sessions).to_have_count(3)
        await expect(sessions.nth(1)).to_contain_text("Reunión de equipo")
        await expect(sessions.nth(0)).to_contain_text(screens.t("series.free"))

        await screens.page.reload()
        await screens.button("series.heading").click()
        await expect(sessions.nth(1)).to_contain_text("Reunión de equipo")

        await sessions.nth(1).get_by_role("button", name=screens.t("series.take").split(" {")[0]).click()
        await expect(dialog.get_by_text(screens.t("series.allFree"))).to_be_visible()
        await dialog.locator("button[type=submit]").click()
        await expect(dialog).to_be_hidden()
        kept = await house.appointments_of(house.patient)
        assert [appointment["startsAt"] for appointment in kept] == [
            at(tuesday(), 10),
            at(tuesday(1), 9),
            at(tuesday(2), 10),
        ]

        await screens.button("action.undo").click()
        await expect(screens.page.get_by_text(screens.t("series.undone"))).to_be_visible()
    kept = await house.appointments_of(house.patient)
    assert {appointment["status"] for appointment in kept} == {"cancelled"}


@SEATS
async def test_a_practitioner_changes_her_week_and_the_desk_reads_it(
    house: House, sit: Sit, locale: str, size: tuple[int, int]
) -> None:
    address = f"/working-hours?practitioner={house.practitioner.id}"
    async with sit(house.practitioner, locale, size, address) as screens:
        page = screens.page
        day = page.get_by_role("group", name=TUESDAY[locale])
        await expect(page.get_by_text(screens.t("workingHours.default"))).to_be_visible()
        starts = day.get_by_label(said(screens, "workingHours.from", day=TUESDAY[locale]))
        await expect(starts.first).to_be_visible()
        before = await starts.count()
        await day.get_by_role(
            "button", name=said(screens, "workingHours.add.to", day=TUESDAY[locale])
        ).click()
        await expect(starts).to_have_count(before + 1)
        await starts.last.fill("930")
        await screens.button("action.save").click()
        await expect(day.get_by_text("09:30")).to_be_visible()  # the refusal, at its day
        assert await starts.last.get_attribute("aria-invalid") == "true"

        await starts.last.fill("18")
        await day.get_by_label(said(screens, "workingHours.to", day=TUESDAY[locale])).last.fill("19")
        await screens.button("action.save").click()
        await expect(page.get_by_text(screens.t("workingHours.saved"))).to_be_visible()
        await expect(page.get_by_text(screens.t("workingHours.default"))).to_be_hidden()
    week = (await house.admin.get(f"/api/practitioners/{house.practitioner.id}/week-grid")).json()
    assert week["tuesday"][-1] == "18:00-19:00"

    async with sit(house.desk, locale, size, address) as screens:
        await expect(screens.page.get_by_text("18:00–19:00")).to_be_visible()
        await expect(screens.button("action.save")).to_have_count(0)


@SEATS
async def test_nothing_is_booked_during_time_off_until_it_is_taken_back(
    house: House, sit: Sit, locale: str, size: tuple[int, int]
) -> None:
    async with sit(house.desk, locale, size, "/time-off") as screens:
        await screens.button("timeOff.new").first.click()
        dialog = screens.page.get_by_role("dialog")
        await screens.field("timeOff.who", dialog).select_option(house.practitioner.id)
        await screens.field("timeOff.title", dialog).fill(f"Congreso {locale}")
        await screens.field("timeOff.firstDay", dialog).fill(tuesday().isoformat())
        await screens.field("timeOff.lastDay", dialog).fill(tuesday().isoformat())
        await screens.button("action.save").click()
        await expect(screens.page.get_by_text(f"Congreso {locale}")).to_be_visible()
        refused = await house.try_booking(tuesday(), 10)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/during-time-off")

        await screens.button("action.undo").click()
        await expect(screens.page.get_by_text(f"Congreso {locale}")).to_be_hidden()
    await house.booked(tuesday(), 10)


@SEATS
async def test_a_cancelled_hour_is_given_to_who_waits_for_it(
    house: House, sit: Sit, locale: str, size: tuple[int, int]
) -> None:
    name = {"es": "Casilda", "en": "Guiomar"}[locale]  # the stories share one clinic
    waiting = await house.register(name, phone="699 111 222")
    visit = await house.booked(tuesday(), 10, house.patient)
    async with sit(house.desk, locale, size, "/waiting-list") as screens:
        page = screens.page
        await screens.button("waiting.new").first.click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("combobox", name=screens.t("booking.patient")).fill(f"{name} Ibarra")
        await page.get_by_role("option", name=re.compile(name)).first.click()
        await screens.field("booking.practitioner", dialog).select_option(house.practitioner.id)
        await screens.button("action.save").click()
        await expect(dialog).to_be_hidden()
        entry = page.get_by_role("listitem").filter(has_text=name).last
        await expect(entry).to_be_visible()

        answer = await house.admin.post(
            f"/api/appointments/{visit['id']}/cancellation", json={"reason": "Está enferma"}
        )
        assert answer.status_code == 200, answer.text
        await page.reload()
        book = page.get_by_role("button", name=said(screens, "waiting.book.of", name=name).split(":")[0])
        await book.first.click()
        await expect(page.get_by_text(screens.t("waiting.booked"))).to_be_visible()
    kept = await house.appointments_of(waiting)
    assert [(each["startsAt"], each["status"]) for each in kept] == [(at(tuesday(), 10), "scheduled")]


@SEATS
async def test_a_patient_confirms_and_cancels_by_the_link_in_her_reminder(
    browser: Browser,
    writing_clinic: RunningClinic,
    sign_in: Any,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    other = {"es": "en", "en": "es"}[locale]  # the language is the patient's, whatever the browser's
    async with (
        sign_in(writing_clinic) as admin,
        seated(browser, writing_clinic, other, size) as screens,
    ):
        house = await housed(admin, employ)
        wish = {"email": f"{house.practitioner.id}@casa.test", "emailReminders": True, "language": locale}
        reminded = await house.register("Eulalia", **wish)
        soon = datetime.now(MADRID).replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
        visit = await house.booked(soon.date(), soon.hour, reminded)

        page = screens.page
        words = Screens(page, screens.base_url, locale)
        await page.goto(screens.base_url + await link_of(house, reminded))
        await expect(page.get_by_text(said(words, "visit.call", phone=PHONE_OF_THE_CLINIC))).to_be_visible()
        await words.button("visit.confirm").click()
        await expect(page.get_by_role("heading", name=words.t("visit.confirmed"))).to_be_visible()
        assert (await house.found(visit))["confirmedAt"] is not None

        await words.button("visit.cancel").click()
        await words.field("visit.reason").fill("Viaje inesperado")
        await words.button("visit.cancel.confirm").click()
        await expect(page.get_by_text(words.t("visit.cancelled.text"))).to_be_visible()
        seen = await house.found(visit)
    assert (seen["status"], seen["statusReason"]) == ("cancelled", "Viaje inesperado")


async def link_of(house: House, patient: dict[str, Any]) -> str:
    """The path in the one reminder that was written to the patient, as soon as it is."""
    found: list[str] = []

    async def is_written() -> bool:
        listed = await house.admin.get("/api/reminders", params={"patientId": patient["id"]})
        texts = [reminder["text"] for reminder in listed.json()["member"]]
        found.extend(path for text in texts for path in re.findall(r"/visit/\S+", text))
        return found != []

    await eventually(is_written, "the reminder is written", seconds=60)
    return found[0]
