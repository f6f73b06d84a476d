"""One action is one trace through every part it touches, and no trace or log tells who it was about."""

import gzip
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from testkit.clinic import RunningClinic
from testkit.waiting import eventually

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
PERSONAL = {
    "firstName": "Zoraida",
    "lastName": "Quintanilla Ñúñez",
    "email": "zoraida.quintanilla@example.com",
    "phone": "+34 655 43 21 98",
    "allergies": "Penicilina sódica",
}
NEW_NAME = "Echevarría Buñuel"
SEARCHED = "quintanilla buscada"
WRITTEN = (
    *PERSONAL.values(),
    NEW_NAME,
    SEARCHED,
    "Quintanilla",
    "zoraida",
    "Buñuel",
    "Echevarr",
    "buscada",
    "Penicilina",
)


@dataclass
class Collector:
    """Takes in spans as Jaeger would."""

    received: list[ExportTraceServiceRequest] = field(default_factory=list)

    def spans(self) -> list[tuple[str, Span]]:
        """Each span with the name of the service it is from."""
        return [
            (attribute.value.string_value, span)
            for request in list(self.received)
            for resource in request.resource_spans
            for attribute in resource.resource.attributes
            if attribute.key == "service.name"
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def trace(self, trace_id: str) -> set[tuple[str, str, str]]:
        """(service, kind, name) of the spans of one trace."""
        return {
            (service, Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"), span.name)
            for service, span in self.spans()
            if span.trace_id.hex() == trace_id
        }


@pytest.fixture(scope="module")
def collector() -> Iterator[tuple[Collector, str]]:
    """It, and its address."""
    collected = Collector()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collected.received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - http.server's
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield collected, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def clinic(
    collector: tuple[Collector, str], start_clinic: Callable[..., RunningClinic]
) -> Iterator[RunningClinic]:
    traced = start_clinic({"OTEL_EXPORTER_OTLP_ENDPOINT": collector[1]})
    yield traced
    traced.stop()


@pytest_asyncio.fixture
async def admin(clinic: RunningClinic, sign_in: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with sign_in(clinic) as client:
        yield client


async def test_a_rename_is_one_trace_from_the_door_to_those_who_hear_of_it(
    collector: tuple[Collector, str], admin: httpx.AsyncClient
) -> None:
    made = await admin.post("/api/patients", json={"firstName": "Ana", "lastName": "Gil"})
    path = made.headers["location"]
    renamed = await admin.patch(path, json={"lastName": "Gil Ruiz"}, headers=TRACEPARENT)
    assert renamed.status_code == 200, renamed.text
    expected = {
        ("gateway", "SERVER", "PATCH /api/patients"),
        ("patients", "SERVER", "PATCH /api/patients/{patient_id}"),
        ("scheduling", "CONSUMER", "hear patients.patient-renamed.v1"),
        ("billing", "CONSUMER", "hear patients.patient-renamed.v1"),
    }

    async def whole() -> bool:
        return collector[0].trace(TRACE) >= expected

    try:
        await eventually(whole, "every part has told of the rename")
    finally:
        print(sorted(collector[0].trace(TRACE)))


async def test_no_trace_and_no_log_holds_what_people_wrote(
    collector: tuple[Collector, str], clinic: RunningClinic, admin: httpx.AsyncClient
) -> None:
    made = await admin.post("/api/patients", json=PERSONAL)
    assert made.status_code == 201, made.text
    path, patient = made.headers["location"], made.json()["id"]
    await admin.patch(path, json={"lastName": NEW_NAME})
    for searched in (SEARCHED, PERSONAL["email"], "%00"):
        assert (await admin.get("/api/patients", params={"search": searched})).status_code == 200
        await admin.get("/api/customers", params={"search": searched})
        await admin.get("/api/invoices", params={"search": searched})
    record = {"patientId": patient, "physiotherapyTreatment": PERSONAL["allergies"]}
    assert (await admin.post("/api/records", json=record)).status_code == 201
    invoice = await admin.post(
        "/api/invoices",
        json={
            "fullName": " ".join((PERSONAL["firstName"], NEW_NAME)),
            "email": PERSONAL["email"],
            "address": "Calle Quintanilla 1",
            "lines": [{"concept": SEARCHED, "quantity": "1", "unitPrice": "1.00"}],
        },
    )
    assert invoice.status_code == 201, invoice.text
    assert (await admin.get(f"{invoice.headers['location']}/export/pdf")).status_code == 200

    for refused in (
        admin.post("/api/patients", json=PERSONAL),  # her e-mail is taken
        admin.post("/api/patients", json={**PERSONAL, "dateOfBirth": NEW_NAME, "Quintanilla": 1}),
        admin.post("/api/patients", content=SEARCHED.encode(), headers={"Content-Type": "text/plain"}),
        admin.post("/api/login", json={"email": PERSONAL["email"], "password": SEARCHED}),
        admin.get(f"/api/patients/{quote(SEARCHED)}"),
        admin.get(f"/api/{quote(SEARCHED)}"),
    ):
        assert (await refused).is_client_error

    last = "1af7651916cd43dd8448eb211c80319c"
    await admin.get(path, headers={"traceparent": f"00-{last}-b7ad6b7169203331-01"})

    async def told() -> bool:
        return {service for service, _, _ in collector[0].trace(last)} >= {"gateway", "patients"}

    await eventually(told, "the last request has been told of")
    clinic.stop()  # every part says the last it has to say

    spans = "\n".join(str(request) for request in collector[0].received)
    logs = {
        file: file.read_text(errors="replace") for file in (*clinic.log_dir.glob("*.log*"), clinic.terminal)
    }
    print(f"{len(collector[0].spans())} spans, {sum(map(len, logs.values()))} characters of logs")
    assert len(collector[0].spans()) > 20
    for written in WRITTEN:
        for form in spellings(written):
            assert form not in spans.lower(), form
            assert not [file for file, said in logs.items() if form in said.lower()], form


def spellings(written: str) -> set[str]:
    """A text as it is, as JSON writes it, in a URL, and as protobuf's text form shows its bytes."""
    escaped = written.encode("unicode_escape").decode()
    octal = "".join(chr(b) if b < 0x80 else f"\\{b:03o}" for b in written.encode())
    return {form.lower() for form in (written, escaped, quote(written), written.replace(" ", "+"), octal)}
