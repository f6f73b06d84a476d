"""Traces and logs for the operators: ids and timings, never names, queries, bodies or tokens."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from opentelemetry import context, propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOGGED_BY_PYTHON = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

tracer = trace.get_tracer("clinic")


def start(service: str, otlp_endpoint: str | None) -> None:
    """Begin logging as JSON lines on stderr and, when an endpoint is given, exporting traces by OTLP.
    Without one, trace ids are still made and passed on, so that logs and events can be tied together."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines(service))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for taken_over in ("uvicorn", "uvicorn.error"):
        logging.getLogger(taken_over).handlers.clear()
        logging.getLogger(taken_over).propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # its lines would carry search words
    for chatty in ("httpx", "httpcore", "faststream", "alembic.runtime.plugins"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: service}),
        sampler=ALWAYS_ON if otlp_endpoint else ALWAYS_OFF,
    )
    if otlp_endpoint:
        exporter = OTLPSpanExporter(endpoint=f"{otlp_endpoint.rstrip('/')}/v1/traces", timeout=2)
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=500))
    trace.set_tracer_provider(provider)


def current_trace_id() -> str | None:
    """The 32 hex digits that tie logs, events and spans of one action together."""
    span = trace.get_current_span().get_span_context()
    return format(span.trace_id, "032x") if span.is_valid else None


def current_traceparent() -> str | None:
    """The W3C header that lets what comes later join this trace."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def consumer_span(source: str, event: str, traceparent: str | None) -> Iterator[None]:
    """A span for hearing an event, in the trace of the change that caused it."""
    parent = propagate.extract({"traceparent": traceparent} if traceparent else {}, context.Context())
    attributes = {"messaging.system": "redis", "messaging.destination.name": source}
    with tracer.start_as_current_span(
        f"hear {event}", context=parent, kind=SpanKind.CONSUMER, attributes=attributes
    ):
        yield


class Tracing:
    """ASGI middleware: one server span a request, named by method and route, joined to the caller's trace."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Spans requests; everything else passes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        carrier = {
            k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"] if k == b"traceparent"
        }
        method = scope["method"]
        with tracer.start_as_current_span(
            method,
            context=propagate.extract(carrier, context.Context()),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method},
        ) as span:

            async def send_marking(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            await self._app(scope, receive, send_marking)
            route = getattr(scope.get("route"), "path", None)
            if route:
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)


class _JsonLines(logging.Formatter):
    """One JSON object a line. An exception gives its kind and its place, not its message, which may quote
    what people wrote."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
            "traceId": current_trace_id(),
        }
        line |= {k: v for k, v in vars(record).items() if k not in _LOGGED_BY_PYTHON}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__qualname__
            line["at"] = _place(record.exc_info[2])
        return json.dumps(line, default=str)


def _place(traceback: object) -> list[str]:
    frames = []
    while traceback is not None:
        frame = traceback.tb_frame  # type: ignore[attr-defined]
        frames.append(f"{frame.f_code.co_filename}:{traceback.tb_lineno} {frame.f_code.co_name}")  # type: ignore[attr-defined]
        traceback = traceback.tb_next  # type: ignore[attr-defined]
    return frames[-8:]
