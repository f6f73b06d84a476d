"""Patients on the screens: nobody twice by mistake, found in spite of a typo, records that only grow,
and a desk that sees nothing clinical."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
from playwright.async_api import Browser, Locator, Route, expect
from screens import SEATS, Screens, signed_in

from testkit.clinic import RunningClinic

Employ = Callable[..., Any]

ALLERGY = "Alergia al látex, anafilaxia en 2014"
FIRST_REASON = "Dolor lumbar irradiado a la pierna derecha"
CORRECTED_REASON = "Dolor lumbar irradiado a la pierna izquierda"
TREATMENT = "Terapia manual en L4-L5 y punción seca"
NEW_SITUATION = "EVA 2 de 10, camina una hora"
CLINICAL_ROUTES = re.compile(r"/api/(records|access-log|audit-trail)|/(copy|erasure)\b")


async def registered(admin: httpx.AsyncClient, **particulars: object) -> dict[str, Any]:
    answer = await admin.post("/api/patients", json={**particulars, "force": True})
    assert answer.status_code == 201, answer.text
    patient: dict[str, Any] = answer.json()
    return patient


@SEATS
async def test_a_likely_duplicate_is_shown_before_a_second_card_is_made(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    surname = f"Etxeberria Soler {locale}"
    known = await registered(admin, firstName="Iñaki", lastName=surname, dateOfBirth="1979-03-04")
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    async with signed_in(browser, running_clinic, desk, locale, size) as screens:
        page = screens.page
        await screens.show("/patients/new")
        await screens.field("patient.firstName").fill("iñaki")
        await screens.field("patient.lastName").fill(surname.upper())
        await screens.field("patient.dateOfBirth").fill("1979-03-04")
        await screens.button("action.save").click()

        match = page.get_by_role("link", name=known["fullName"])
        await expect(match).to_be_visible()
        await expect(page.get_by_text(screens.t("duplicate.reason.name-and-birth-date"))).to_be_visible()
        await match.click()
        await expect(page.get_by_role("heading", name=known["fullName"])).to_be_visible()

        await page.go_back()
        await expect(screens.field("patient.firstName")).to_have_value("iñaki")
        await screens.button("action.save").click()
        await screens.button("duplicate.force").click()
        await expect(page.get_by_role("heading", name=f"iñaki {surname.upper()}")).to_be_visible()
    listed = (await admin.get("/api/patients", params={"search": f"inaki {surname}"})).json()
    assert listed["totalItems"] == 2


@SEATS
async def test_a_patient_is_found_in_spite_of_a_typo(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    await registered(admin, firstName="Leocadia", lastName="Zubizarreta Vázquez")
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    async with signed_in(browser, running_clinic, desk, locale, size) as screens:
        page = screens.page
        found = page.get_by_role("link", name="Leocadia Zubizarreta Vázquez").first
        await screens.open("nav.patients", "patients.heading")
        await page.keyboard.press("/")
        await page.keyboard.type("Zubisarreta Bázquez")
        await screens.button("patients.nothingFound.tryFuzzy").click()
        await expect(found).to_be_visible()

        await page.get_by_role("searchbox").focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Leocadia Zubizarreta Vázquez")).to_be_visible()

        await page.go_back()
        await expect(page.get_by_role("searchbox")).to_have_value("Zubisarreta Bázquez")
        await expect(found).to_be_focused()
        await page.reload()
        await expect(page.get_by_role("button", name=screens.t("patients.fuzzy"))).to_have_attribute(
            "aria-pressed", "true"
        )


@SEATS
async def test_a_record_is_written_corrected_and_carried_forward(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    patient = await registered(admin, firstName="Amparo", lastName="Climent Bosch", allergies=ALLERGY)
    physio = await employ(admin, "ROLE_PRACTITIONER", practitioner=True)
    async with signed_in(browser, running_clinic, physio, locale, size) as screens:
        await screens.show(f"/patients/{patient['id']}")
        await expect(screens.page.get_by_role("region", name=screens.t("patient.alerts"))).to_contain_text(
            ALLERGY
        )
        await write(screens)
        await correct(screens)
        await carry_forward(screens)
        await read_the_whole_history(screens)

    records = (await admin.get("/api/records", params={"patientId": patient["id"]})).json()["member"]
    assert [(record["number"], record["revision"]) for record in records] == [(2, 1), (1, 2)]
    assert records[0]["currentSituation"] == NEW_SITUATION
    assert records[0]["consultationReason"] == CORRECTED_REASON


def text(screens: Screens, key: str) -> Locator:
    """A text of the record's form; buttons beside it name the field too."""
    return screens.page.get_by_role("textbox", name=re.compile(rf"^{re.escape(screens.t(key))}\s*\*?$"))


async def write(screens: Screens) -> None:
    await screens.link("records.new").click()
    await text(screens, "record.consultationReason").fill(FIRST_REASON)
    await text(screens, "record.physiotherapyTreatment").fill(TREATMENT)
    await screens.button("action.save").click()
    await expect(screens.page.get_by_text(FIRST_REASON)).to_be_visible()


async def correct(screens: Screens) -> None:
    page = screens.page
    await page.get_by_role("link", name=screens.t("record.correct.of").replace("{number}", "1")).click()
    await expect(text(screens, "record.physiotherapyTreatment")).to_have_value(TREATMENT)
    await text(screens, "record.consultationReason").fill(CORRECTED_REASON)
    await screens.button("record.correction.save").click()
    await expect(text(screens, "record.reason")).to_be_focused()
    await text(screens, "record.reason").fill("La otra pierna")
    await screens.button("record.correction.save").click()
    await expect(page.get_by_text(CORRECTED_REASON)).to_be_visible()

    await page.locator("button[aria-expanded=false]").filter(has=page.locator(".lucide-history")).click()
    await expect(page.get_by_text("La otra pierna")).to_be_visible()
    await expect(page.locator("del")).to_have_text("derecha")
    await expect(page.locator("ins")).to_have_text("izquierda")


async def carry_forward(screens: Screens) -> None:
    await screens.link("record.carry").click()
    await expect(text(screens, "record.consultationReason")).to_have_value(CORRECTED_REASON)
    await expect(text(screens, "record.consultationReason")).to_have_accessible_description(re.compile("1$"))
    await text(screens, "record.currentSituation").fill(NEW_SITUATION)
    await screens.button("action.save").click()
    await expect(screens.page.get_by_text(NEW_SITUATION)).to_be_visible()


async def read_the_whole_history(screens: Screens) -> None:
    await screens.link("history.open").click()
    records = screens.page.get_by_role("article").get_by_role("listitem")
    await expect(records).to_have_count(2)
    await expect(records.first).to_contain_text(CORRECTED_REASON)
    await expect(records.last).to_contain_text(NEW_SITUATION)


@SEATS
async def test_a_receptionist_sees_no_clinical_data_in_the_network_answers_neither(
    browser: Browser,
    running_clinic: RunningClinic,
    admin: httpx.AsyncClient,
    employ: Employ,
    locale: str,
    size: tuple[int, int],
) -> None:
    patient = await registered(admin, firstName="Rosa", lastName=f"Giménez Pardo {locale}", allergies=ALLERGY)
    record = {
        "patientId": patient["id"],
        "physiotherapyTreatment": TREATMENT,
        "consultationReason": FIRST_REASON,
    }
    assert (await admin.post("/api/records", json=record)).status_code == 201
    desk = await employ(admin, "ROLE_RECEPTIONIST")
    async with signed_in(browser, running_clinic, desk, locale, size) as screens:
        spoken: dict[str, list[str]] = {}
        await screens.page.route("**/api/**", partial(overhear, spoken))
        seen = [await walk(screens, path) for path in open_to_the_desk(patient["id"])]
        for path in closed_to_the_desk(patient["id"]):
            seen.append(await walk(screens, path))
            await expect(screens.page.get_by_text(screens.t("problem.forbidden"))).to_be_visible()
            await expect(screens.page.get_by_role("navigation")).to_be_visible()
            assert await screens.page.get_by_role("form").count() == 0
        await screens.page.unroute_all(behavior="ignoreErrors")

    assert [url for url in spoken if CLINICAL_ROUTES.search(url)] == []
    answers = [answer for answers in spoken.values() for answer in answers]
    assert any(patient["fullName"] in answer for answer in answers)
    for clinical in (ALLERGY, TREATMENT, FIRST_REASON):
        assert not any(clinical in words for words in [*seen, *answers])
    assert not any('"allergies"' in answer for answer in answers)


def open_to_the_desk(patient_id: str) -> list[str]:
    return [
        "/patients",
        f"/patients/{patient_id}",
        f"/patients/{patient_id}/edit",
        "/patients/new",
        "/calendar",
    ]


def closed_to_the_desk(patient_id: str) -> list[str]:
    return [
        f"/patients/{patient_id}/records/new",
        f"/patients/{patient_id}/history",
        f"/patients/{patient_id}/access-log",
        "/access-log",
    ]


async def walk(screens: Screens, path: str) -> str:
    await screens.show(path)
    await screens.page.wait_for_load_state("networkidle")
    return await screens.page.locator("body").inner_text()


async def overhear(spoken: dict[str, list[str]], route: Route) -> None:
    """Let it pass, and keep what was answered."""
    answer = await route.fetch()
    spoken.setdefault(route.request.url, []).append(await answer.text())
    await route.fulfill(response=answer)
