"""The page and its files: in the right language, safely filled, cached as far as is right."""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import httpx
import pytest

from gateway.settings import Settings

from .small_clinic import Clinic, raw

INDEX = """<!doctype html><html><head>
<script type="module" crossorigin src="/assets/index-abc123.js"></script>
<script type="application/json" id="clinic-settings">{}</script>
<script type="application/json" id="clinic-catalogue">{}</script>
</head><body><div id="root"></div></body></html>
"""
SCRIPT = "export const words = 'hola';\n" * 100
SECRET = b"out of bounds"
NASTY = "</script><script>alert(1)</script><!-- & \u2028\u2029"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = tmp_path_factory.mktemp("frontend") / "dist"
    for folder in ("assets", "i18n"):
        (dist / folder).mkdir(parents=True)
    (dist / "index.html").write_text(INDEX)
    (dist / "assets" / "index-abc123.js").write_text(SCRIPT)
    (dist / "assets" / "index-abc123.js.map").write_text("{}")
    (dist / "favicon.svg").write_text("<svg/>")
    (dist / "i18n" / "en.json").write_text(json.dumps({"save": "Save", "nasty": NASTY}))
    (dist / "i18n" / "es.json").write_text(
        json.dumps({"save": "Guardar", "nasty": NASTY}, ensure_ascii=False)
    )
    (dist.parent / "secret.txt").write_bytes(SECRET)
    return dist


@pytest.fixture(scope="module")
def screens(built: Path) -> Iterator[Clinic]:
    with closing(Clinic(spa_dir=built, app_title=f"Clínica {NASTY}")) as clinic:
        yield clinic


@pytest.fixture
async def browser(screens: Clinic) -> Any:
    async with screens.client() as client:
        client.headers.clear()
        yield client


def inside(page: str, script_id: str) -> Any:
    [content] = re.findall(rf'<script type="application/json" id="{script_id}">(.*?)</script>', page, re.S)
    return json.loads(content)


@pytest.mark.parametrize(
    "path", ["/", "/patients", "/patients/0190a000-0000-7000-8000-000000000001", "/apiary"]
)
async def test_every_screen_is_the_same_page_and_is_never_kept_unasked(
    browser: httpx.AsyncClient, path: str
) -> None:
    answered = await browser.get(path)
    assert answered.status_code == 200
    assert answered.headers["content-type"] == "text/html; charset=utf-8"
    assert answered.headers["cache-control"] == "no-cache"
    assert '<div id="root">' in answered.text


async def test_the_page_carries_the_settings_of_the_clinic(browser: httpx.AsyncClient) -> None:
    settings = inside((await browser.get("/")).text, "clinic-settings")
    assert settings["title"] == f"Clínica {NASTY}"
    assert settings["locales"] == ["en", "es"]
    assert settings["defaultLocale"] == "es"
    assert settings["timezone"] == "Europe/Madrid"
    assert settings["calendar"]["colours"].keys() == {"gap", "appointment", "other"}
    assert settings["maxAppointmentHours"] == 10


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        ({}, ["Fisio"]),
        (
            {"company_name": "Fisio, S.L.", "company_address_line1": "Calle Mayor 3", "company_phone": "96"},
            ["Fisio, S.L.", "Calle Mayor 3", "96"],
        ),
        (
            {"company_address_line1": "Mayor 3", "company_address_line2": "València", "company_tax_id": "B1"},
            ["Fisio", "Mayor 3 · València", "B1"],
        ),
    ],
)
def test_what_the_screens_print_carries_the_clinics_head(told: dict[str, str], lines: list[str]) -> None:
    parts = {f"{part}_url": "http://x" for part in ("identity", "patients", "scheduling", "billing")}
    settings = Settings.model_validate(parts | {"app_title": "Fisio"} | told)
    assert settings.for_the_screens["letterhead"] == lines


async def test_nothing_in_settings_or_words_can_leave_its_script(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/")).text
    assert page.count("<script") == page.count("</script>") == 3
    assert "<!--" not in page
    assert "\u2028" not in page
    assert "\u2029" not in page
    assert "&" not in page
    assert inside(page, "clinic-catalogue")["texts"]["nasty"] == NASTY


@pytest.mark.parametrize(
    ("headers", "locale"),
    [
        ({}, "es"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ({"Accept-Language": "fr,en;q=0.3,es;q=0.7"}, "es"),
        ({"Accept-Language": "fr"}, "es"),
        ({"Accept-Language": "en", "Cookie": "clinic_locale=es"}, "es"),
        ({"Cookie": "a=b; clinic_locale=en"}, "en"),
        ({"Cookie": "clinic_locale=../../etc"}, "es"),
        ({"Accept-Language": ";q=,,en;q=x"}, "es"),
    ],
)
async def test_the_page_speaks_the_callers_language(
    browser: httpx.AsyncClient, headers: dict[str, str], locale: str
) -> None:
    answered = await browser.get("/calendar", headers=headers)
    assert inside(answered.text, "clinic-catalogue")["locale"] == locale
    assert {"Accept-Language", "Cookie"} <= set(answered.headers["vary"].split(", "))


async def test_the_other_language_can_be_fetched(browser: httpx.AsyncClient) -> None:
    answered = await browser.get("/i18n/en.json")
    assert answered.json()["save"] == "Save"
    assert answered.headers["cache-control"] == "no-cache"
    assert (await browser.get("/i18n/fr.json")).status_code == 404


async def test_hashed_files_are_kept_for_ever_and_others_are_asked_again(browser: httpx.AsyncClient) -> None:
    script = await browser.get("/assets/index-abc123.js")
    assert script.text == SCRIPT
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    icon = await browser.get("/favicon.svg")
    assert (icon.headers["content-type"], icon.headers["cache-control"]) == ("image/svg+xml", "no-cache")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_files_are_sent_in_the_best_encoding_the_caller_takes(
    screens: Clinic, accepted: str, encoding: str | None
) -> None:
    request = f"GET /assets/index-abc123.js HTTP/1.1\r\nHost: c\r\nAccept-Encoding: {accepted}\r\n\r\n"
    _, headers, body = await raw(screens, request.encode())
    assert headers.get("content-encoding") == encoding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(body).decode() == SCRIPT
    assert headers["vary"] == "Accept-Encoding"


async def test_what_has_not_changed_is_not_sent_again(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/")
    again = await browser.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await browser.get("/", headers={"If-None-Match": first.headers["etag"], "Accept-Language": "en"})
    assert other.status_code == 200


async def test_head_tells_the_length_without_the_content(screens: Clinic) -> None:
    status, headers, _ = await raw(screens, b"GET /assets/index-abc123.js HTTP/1.1\r\nHost: c\r\n\r\n")
    async with screens.client() as client:
        head = await client.head("/assets/index-abc123.js", headers={"Accept-Encoding": "identity"})
    assert (status, head.headers["content-length"]) == (200, headers["content-length"])
    assert head.content == b""


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%5c..%5csecret.txt",
        "//secret.txt",
        "/assets/",
        "/assets/missing.js",
        "/assets/index-abc123.js.map",
        "/assets//etc/passwd",
    ],
)
async def test_no_path_leads_out_of_the_built_files(screens: Clinic, path: str) -> None:
    status, _, body = await raw(screens, f"GET {path} HTTP/1.1\r\nHost: c\r\n\r\n".encode())
    assert SECRET not in body
    assert b"root:" not in body
    assert status == (200 if path == "//secret.txt" else 404)


async def test_the_page_can_only_be_read(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/patients")).status_code == 405


async def test_screens_that_are_not_built_say_how_to_build_them(http: httpx.AsyncClient) -> None:
    answered = await http.get("/")
    assert answered.status_code == 503
    assert "npm run build" in answered.text
