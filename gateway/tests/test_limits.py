"""How much one caller may send, and how many may be served at once."""

import asyncio
import threading
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from gateway import limits

from .conftest import OpenClinic
from .small_clinic import Clinic, answer, bearer, raw, signed_in

LONGEST = limits.MAX_BODY_BYTES


async def test_a_body_of_just_the_limit_passes_and_one_byte_more_does_not(
    clinic: Clinic, http: httpx.AsyncClient
) -> None:
    passed = await http.post("/api/patients", headers=bearer(), content=b"x" * LONGEST)
    assert passed.json()["body"] == f"{LONGEST} bytes"
    clinic.patients.asked.clear()
    refused = await http.post("/api/patients", headers=bearer(), content=b"x" * (LONGEST + 1))
    assert refused.status_code == 413
    assert refused.json()["type"] == "/problems/too-large"
    assert clinic.patients.asked == []


async def test_a_body_that_hides_its_length_is_held_to_the_same_limit(clinic: Clinic) -> None:
    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * (LONGEST // 10)

    async with clinic.client() as http:
        passed = await http.post("/api/patients", headers=bearer(), content=chunks(10))
        assert passed.json()["body"] == f"{LONGEST} bytes"
        clinic.patients.asked.clear()
        refused = await http.post("/api/patients", headers=bearer(), content=chunks(11))
    assert refused.status_code == 413
    assert clinic.patients.asked == []


async def test_a_length_that_is_announced_too_large_is_refused_before_the_body_is_sent(
    clinic: Clinic,
) -> None:
    announced = f"POST /api/login HTTP/1.1\r\nHost: c\r\nContent-Length: {LONGEST + 1}\r\n\r\n"
    status, headers, _ = await raw(clinic, announced.encode())
    assert (status, headers["content-type"]) == (413, "application/problem+json")


async def test_half_a_request_never_reaches_a_part(clinic: Clinic) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", clinic.port)
    half = f"POST /api/patients HTTP/1.1\r\nHost: c\r\n{signed_in()}Content-Length: 10\r\n\r\nhalf"
    writer.write(half.encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    async with clinic.client() as http:
        await http.get("/api/patients", headers=bearer())
    assert clinic.patients.asked == ["GET /api/patients"]


async def test_a_body_that_never_comes_is_not_waited_for(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.1)
    status, headers, _ = await raw(
        clinic, b"POST /api/login HTTP/1.1\r\nHost: c\r\nContent-Length: 10\r\n\r\n"
    )
    assert (status, headers["content-type"]) == (400, "application/problem+json")


async def test_beyond_its_bound_the_door_asks_to_come_back_later_and_still_tells_its_health(
    open_clinic: OpenClinic,
) -> None:
    clinic = open_clinic(max_in_flight=2)
    both_inside, may_go_on = threading.Barrier(3), threading.Event()

    async def waits(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(both_inside.wait, 5)
        await asyncio.to_thread(may_go_on.wait, 5)
        await answer(send, {})

    clinic.patients.answers["/api/patients"] = waits
    async with clinic.client() as http:
        inside = [asyncio.create_task(http.get("/api/patients", headers=bearer())) for _ in range(2)]
        await asyncio.to_thread(both_inside.wait, 5)
        refused = await http.get("/api/customers", headers=bearer() | {"Accept-Language": "es"})
        healthy = await http.get("/api/health")
        may_go_on.set()
        assert [(await one).status_code for one in inside] == [200, 200]
        afterwards = await http.get("/api/customers", headers=bearer())
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["type"] == "/problems/overloaded"
    assert healthy.status_code == 200
    assert afterwards.status_code == 200


async def test_bodies_sent_drop_by_drop_keep_nobody_out(open_clinic: OpenClinic) -> None:
    clinic = open_clinic(max_in_flight=1)
    half = b"POST /api/login HTTP/1.1\r\nHost: c\r\nContent-Length: 10\r\n\r\nhalf"
    slow = [await asyncio.open_connection("127.0.0.1", clinic.port) for _ in range(3)]
    for _, writer in slow:
        writer.write(half)
        await writer.drain()
    async with clinic.client() as http:
        assert (await http.get("/api/health")).status_code == 200
        assert (await http.get("/api/patients", headers=bearer())).status_code == 200
    for _, writer in slow:
        writer.close()
        await writer.wait_closed()


async def test_requests_that_fail_give_their_place_back(open_clinic: OpenClinic) -> None:
    clinic = open_clinic(max_in_flight=1)
    async with clinic.client() as http:
        for _ in range(3):
            await http.post("/api/patients", headers=bearer(), content=b"x" * (LONGEST + 1))
        assert (await http.get("/api/patients", headers=bearer())).status_code == 200


async def test_headers_no_browser_sends_are_refused_before_anybody_reads_them(clinic: Clinic) -> None:
    async with clinic.client() as http:
        answered = await http.get("/", headers={"Cookie": f'clinic_locale="{chr(92) * 20_000}"'})
        assert answered.status_code == 431
        assert answered.headers["content-type"] == "application/problem+json"
        usual = await http.get("/api/health", headers={"Cookie": "clinic_locale=es; other=1"})
        assert usual.status_code == 200
