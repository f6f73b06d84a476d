"""Gives the tests a small clinic with real servers."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from .small_clinic import Clinic

SPANS = InMemorySpanExporter()

OpenClinic = Callable[..., Clinic]


@pytest.fixture(scope="session", autouse=True)
def traced() -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(SPANS))
    trace.set_tracer_provider(provider)


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """The spans finished since the test began."""
    SPANS.clear()
    return SPANS


@pytest.fixture(scope="session")
def running() -> Iterator[Clinic]:
    with closing(Clinic()) as running:
        yield running


@pytest.fixture
def clinic(running: Clinic) -> Clinic:
    """A clinic with everything up, which has not been asked anything yet."""
    running.begin_anew()
    return running


@pytest.fixture
def open_clinic() -> Iterator[OpenClinic]:
    """Opens a clinic with settings of its own for one test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(closing(Clinic(**settings)))


@pytest.fixture
async def http(clinic: Clinic) -> AsyncIterator[httpx.AsyncClient]:
    async with clinic.client() as client:
        yield client
