"""What is forwarded, to whom, with what; and what happens when a part is away."""

import asyncio
import gzip
import json
import threading

import aiohttp
import httpx
import pytest
from starlette.types import Receive, Scope, Send

from gateway import proxy
from tests.conftest import OpenClinic
from tests.small_clinic import Clinic, bearer, nobody_listens, raw, signed_in


def told(headers: list[list[str]], name: str) -> list[str]:
    return [value for known, value in headers if known == name]


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/api/me", "identity"),
        ("/api/users/1", "identity"),
        ("/api/sessions", "identity"),
        ("/api/second-factor", "identity"),
        ("/api/patients", "patients"),
        ("/api/patients/1", "patients"),
        ("/api/records/1/corrections", "patients"),
        ("/api/access-log", "patients"),
        ("/api/stats/patients", "patients"),
        ("/api/practitioners/1/week-grid", "scheduling"),
        ("/api/appointments", "scheduling"),
        ("/api/appointment-gaps/generate", "scheduling"),
        ("/api/availability", "scheduling"),
        ("/api/series", "scheduling"),
        ("/api/waiting-list", "scheduling"),
        ("/api/time-off", "scheduling"),
        ("/api/practitioners/1/calendar-feed", "scheduling"),
        ("/api/calendar-feeds/secret-token.ics", "scheduling"),
        ("/api/stats/appointments", "scheduling"),
        ("/api/customers", "billing"),
        ("/api/invoices/1/export/pdf", "billing"),
        ("/api/invoice-prefill", "billing"),
        ("/api/packs", "billing"),
        ("/api/stats/invoices", "billing"),
    ],
)
async def test_each_path_is_answered_by_its_owner(http: httpx.AsyncClient, path: str, owner: str) -> None:
    assert (await http.get(path, headers=bearer())).json()["part"] == owner


@pytest.mark.parametrize(
    "path",
    [
        "/internal/events",
        "/internal",
        "/metrics",
        "/openapi.json",
        "/health",
        "/health/ready",
        "/api/internal/events",
        "/api/patientsx",
        "/api",
        "/api/",
        "/api/test/reset-db",
        "/.well-known/openid-configuration",
        "/api/patients/../../internal/events",
        "/api/patients/%2e%2e/%2e%2e/internal/events",
        "/api/patients/..%2f..%2finternal%2fevents",
        "//internal/events",
    ],
)
async def test_nothing_inner_and_nothing_unknown_is_ever_forwarded(clinic: Clinic, path: str) -> None:
    status, _, _ = await raw(clinic, f"GET {path} HTTP/1.1\r\nHost: c\r\n{signed_in()}\r\n".encode())
    assert status in (404, 503), path  # 503: the page of a clinic whose screens are not built
    assert [part.asked for part in clinic.parts] == [[], [], [], []]


async def test_an_unknown_path_is_a_problem_in_the_callers_language(http: httpx.AsyncClient) -> None:
    answered = await http.get("/api/nothing", headers={"Accept-Language": "es"})
    assert answered.status_code == 404
    assert answered.headers["content-type"] == "application/problem+json"
    assert answered.json() == {
        "type": "/problems/not-found",
        "title": "No encontrado",
        "status": 404,
        "detail": "No existe.",
        "instance": "/api/nothing",
    }


async def test_method_path_query_and_body_arrive_as_they_were_sent(http: httpx.AsyncClient) -> None:
    path = "/api/patients/a%2Fb%20c?search=Mu%C3%B1oz+maria&order=%26x&empty="
    answered = await http.patch(path, headers=bearer(), content=b'{"firstName":"Mar\xc3\xada"}')
    seen = answered.json()
    assert (seen["method"], seen["path"]) == ("PATCH", "/api/patients/a%2Fb%20c")
    assert seen["query"] == "search=Mu%C3%B1oz+maria&order=%26x&empty="
    assert seen["body"] == '{"firstName":"María"}'


async def test_headers_pass_but_those_of_one_connection_do_not(http: httpx.AsyncClient) -> None:
    sent = bearer() | {
        "If-Match": '"3"',
        "Idempotency-Key": "k-1",
        "X-App-Locale": "es",
        "Connection": "keep-alive, x-only-this-hop",
        "X-Only-This-Hop": "1",
        "TE": "trailers",
        "Upgrade": "h2c",
        "Proxy-Authorization": "Basic eDp5",
    }
    headers = (await http.get("/api/patients", headers=sent)).json()["headers"]
    names = {name for name, _ in headers}
    assert told(headers, "if-match") == ['"3"']
    assert told(headers, "idempotency-key") == ["k-1"]
    assert told(headers, "x-app-locale") == ["es"]
    assert told(headers, "authorization") == [sent["Authorization"]]
    assert not names & {"x-only-this-hop", "te", "upgrade", "proxy-authorization", "transfer-encoding"}


async def test_what_the_caller_did_not_say_is_not_made_up(clinic: Clinic) -> None:
    _, _, body = await raw(
        clinic, f"GET /api/patients HTTP/1.1\r\nHost: clinic.example\r\n{signed_in()}\r\n".encode()
    )
    names = {name for name, _ in json.loads(body)["headers"]}
    assert not names & {"user-agent", "accept", "accept-encoding", "content-type", "cookie"}


async def test_a_caller_cannot_choose_its_own_address(http: httpx.AsyncClient) -> None:
    claimed = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=203.0.113.9",
        "X-Real-IP": "203.0.113.9",
    }
    headers = (await http.post("/api/login", headers=claimed, json={})).json()["headers"]
    assert told(headers, "x-forwarded-for") == ["127.0.0.1"]
    assert told(headers, "x-forwarded-proto") == ["http"]
    assert told(headers, "x-forwarded-host") == [f"127.0.0.1:{http.base_url.port}"]
    assert told(headers, "forwarded") == told(headers, "x-real-ip") == []


async def test_a_trusted_proxy_names_the_caller_and_the_caller_cannot_add_to_it(
    open_clinic: OpenClinic,
) -> None:
    clinic = open_clinic(trusted_proxies="127.0.0.0/8, 10.0.0.0/8")
    claimed = {"X-Forwarded-For": "1.1.1.1, 198.51.100.7, 10.0.0.3", "X-Forwarded-Proto": "https"}
    async with clinic.client() as http:
        answered = await http.post("/api/login", headers=claimed, json={})
    headers = answered.json()["headers"]
    assert told(headers, "x-forwarded-for") == ["198.51.100.7"]
    assert told(headers, "x-forwarded-proto") == ["https"]
    assert "max-age" in answered.headers["strict-transport-security"]


async def test_a_request_has_one_id_and_one_trace_inside_and_out(http: httpx.AsyncClient) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    given = f"00-{trace_id}-00f067aa0ba902b7-01"
    answered = await http.get("/api/patients", headers=bearer() | {"traceparent": given})
    headers = answered.json()["headers"]
    assert told(headers, "x-request-id") == [answered.headers["x-request-id"]]
    [passed_on] = told(headers, "traceparent")
    assert passed_on.split("-")[1] == trace_id
    assert passed_on != given

    anew = (await http.get("/api/patients", headers=bearer())).json()["headers"]
    assert len(told(anew, "traceparent")) == 1
    assert told(anew, "x-request-id") != told(headers, "x-request-id")


async def test_every_cookie_of_an_answer_arrives(clinic: Clinic, http: httpx.AsyncClient) -> None:
    cookies = ((b"Set-Cookie", b"clinic_refresh=a; HttpOnly"), (b"Set-Cookie", b"other=b; Path=/api"))
    clinic.identity.says("/api/login", {"token": "t"}, 200, *cookies)
    answered = await http.post("/api/login", json={})
    assert answered.headers.get_list("set-cookie") == [value.decode() for _, value in cookies]


async def test_a_compressed_answer_passes_untouched_and_a_redirect_is_not_followed(
    clinic: Clinic, http: httpx.AsyncClient
) -> None:
    packed = gzip.compress(b"hello" * 100)
    clinic.patients.says("/api/records/packed", packed, 200, (b"content-encoding", b"gzip"))
    clinic.patients.says("/api/records/moved", b"", 307, (b"location", b"/api/records/packed"))
    answered = await http.get("/api/records/packed", headers=bearer())
    assert answered.headers["content-encoding"] == "gzip"
    assert answered.text == "hello" * 100
    moved = await http.get("/api/records/moved", headers=bearer())
    assert (moved.status_code, moved.headers["location"]) == (307, "/api/records/packed")


async def test_head_and_no_content_pass(clinic: Clinic, http: httpx.AsyncClient) -> None:
    clinic.identity.says("/api/logout", b"", 204)
    assert (await http.post("/api/logout")).status_code == 204
    assert (await http.head("/api/patients", headers=bearer())).status_code == 200


async def test_an_answer_is_handed_on_as_it_arrives(clinic: Clinic) -> None:
    may_go_on = threading.Event()

    async def slowly(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await asyncio.to_thread(may_go_on.wait, 5)
        await send({"type": "http.response.body", "body": b"second"})

    clinic.patients.answers["/api/records/slowly"] = slowly
    async with (
        clinic.client() as http,
        http.stream("GET", "/api/records/slowly", headers=bearer()) as answered,
    ):
        chunks = answered.aiter_bytes()
        assert await anext(chunks) == b"first"
        may_go_on.set()
        assert await anext(chunks) == b"second"


async def test_a_caller_who_leaves_stops_the_work_behind(clinic: Clinic) -> None:
    began, stopped = threading.Event(), threading.Event()

    async def waits(scope: Scope, receive: Receive, send: Send) -> None:
        began.set()
        while (await receive())["type"] != "http.disconnect":
            pass
        stopped.set()

    clinic.patients.answers["/api/records/waits"] = waits
    _, writer = await asyncio.open_connection("127.0.0.1", clinic.port)
    writer.write(f"GET /api/records/waits HTTP/1.1\r\nHost: c\r\n{signed_in()}\r\n".encode())
    assert await asyncio.to_thread(began.wait, 5)
    writer.close()
    assert await asyncio.to_thread(stopped.wait, 5)


async def test_an_answer_that_breaks_off_is_not_passed_off_as_whole(clinic: Clinic) -> None:
    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        length = [(b"content-length", b"100")] if scope["path"].endswith("length") else []
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})

    for path in ("/api/records/breaks-with-length", "/api/records/breaks-in-chunks"):
        clinic.patients.answers[path] = breaks
        async with clinic.client() as http:
            with pytest.raises(httpx.RemoteProtocolError):
                await http.get(path, headers=bearer())


@pytest.mark.parametrize("locale", ["en", "es"])
async def test_a_part_that_is_down_is_a_problem_with_a_time_to_come_back(
    open_clinic: OpenClinic, locale: str
) -> None:
    clinic = open_clinic(billing_url=nobody_listens())
    async with clinic.client() as http:
        answered = await http.get("/api/invoices", headers=bearer() | {"X-App-Locale": locale})
        others = await http.get("/api/patients", headers=bearer())
    assert answered.status_code == 503
    assert int(answered.headers["retry-after"]) > 0
    assert answered.headers["content-type"] == "application/problem+json"
    problem = answered.json()
    assert (problem["type"], problem["part"]) == ("/problems/part-unavailable", "billing")
    assert problem["detail"].startswith({"en": "This part", "es": "Esta parte"}[locale])
    assert others.status_code == 200


async def test_a_part_that_accepts_and_says_nothing_counts_as_down(open_clinic: OpenClinic) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    rude = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{rude.sockets[0].getsockname()[1]}"
    async with rude, open_clinic(patients_url=address).client() as http:
        answered = await http.post("/api/patients", headers=bearer(), json={})
        assert (answered.status_code, answered.json()["part"]) == (503, "patients")


async def test_a_part_that_takes_too_long_counts_as_down(
    open_clinic: OpenClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    clinic = open_clinic()

    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    clinic.patients.answers["/api/patients"] = never
    async with clinic.client() as http:
        assert (await http.get("/api/patients", headers=bearer())).status_code == 503


async def test_methods_that_no_part_knows_are_refused(http: httpx.AsyncClient) -> None:
    answered = await http.request("TRACE", "/api/patients", headers=bearer())
    assert answered.status_code == 405
    assert answered.json()["type"] == "/problems/method-not-allowed"
    assert (await http.delete("/api/health")).status_code == 405


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"GET /api/patients/\xff HTTP/1.1\r\nHost: c\r\n\r\n",
        b"GET /api/patients\x00 HTTP/1.1\r\nHost: c\r\n\r\n",
        b"GET /api/patients HTTP/1.1\r\nHost: c\r\nX-A: \x00\r\n\r\n",
        b"POST /api/login HTTP/1.1\r\nHost: c\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"POST /api/login HTTP/1.1\r\nHost: c\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/login HTTP/1.1\r\nHost: c\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0",
        b"GET /api/patients HTTP/1.1\r\nHost: c\r\nAuthorization: Bearer \xff\xfe\r\n\r\n",
        b"GET /api/patients/%ff%00 HTTP/1.1\r\nHost: c\r\nAuthorization: Bearer x\r\n\r\n",
        b"GET http://[::1/api/patients HTTP/1.1\r\nHost: c\r\n\r\n",
    ],
)
async def test_malformed_requests_are_refused_and_never_break_the_door(
    clinic: Clinic, bytes_sent: bytes
) -> None:
    status, _, _ = await raw(clinic, bytes_sent)
    assert 400 <= status < 500


async def test_odd_bytes_in_what_is_passed_on_break_nothing(clinic: Clinic) -> None:
    sent = f"GET /api/patients/%ff%fe?search=%ff HTTP/1.1\r\nHost: c\r\n{signed_in()}"
    status, _, _ = await raw(clinic, sent.encode() + b"X-Odd: caf\xe9 \xc3\xa9\r\n\r\n")
    assert status == 200


async def test_a_websocket_is_refused(clinic: Clinic) -> None:
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    status, _, _ = await raw(clinic, f"GET /api/patients HTTP/1.1\r\nHost: c\r\n{upgrade}{key}\r\n".encode())
    assert status == 403
