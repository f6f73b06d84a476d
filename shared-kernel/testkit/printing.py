"""PDFs as tests read them, and a server that pages may try to lure the printer to."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, its spaces single."""
    assert pdf.startswith(b"%PDF-")
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [re.sub(r"[\s\u00a0]+", " ", page.extract_text()) for page in pages]


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that somebody might be lured to: its port, and whatever it was asked."""
    hits: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], hits
