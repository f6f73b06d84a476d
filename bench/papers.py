"""How lists of invoices leave as files, and how many pages are set, beside nothing but WeasyPrint."""

import asyncio
import multiprocessing
import statistics
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp

from ledgers import LAST_YEAR, Ledger
from measuring import pair, quantile
from testkit.tokens import SigningKey

WORKERS = 2
EXPORTED = 10_000
_EXPORTS = 5
_ROUNDS = 4
_PAGES_A_ROUND = 40
_STORM_CLIENTS = 8
_STORM_LISTS = 200
_PDF = "pdf/a-3a"


@dataclass(frozen=True)
class Papers:
    """Who asks, and the invoices that nobody has printed yet."""

    session: aiohttp.ClientSession
    key: SigningKey
    books: Ledger
    unprinted: Iterator[str]

    @property
    def headers(self) -> dict[str, str]:
        """Of a receptionist who has just signed in."""
        return {"Authorization": f"Bearer {self.key.token_for('ROLE_RECEPTIONIST')}"}

    async def get(self, url: str) -> bytes:
        """The answer, which is the one wanted."""
        async with self.session.get(url, headers=self.headers) as answer:
            content = await answer.read()
            answer.raise_for_status()
        return content

    async def print_one(self, url: str) -> None:
        """One more page than there was."""
        content = await self.get(f"{url}/api/invoices/{next(self.unprinted)}/export/pdf")
        if not content.startswith(b"%PDF"):
            raise RuntimeError("that is no PDF")


@dataclass(frozen=True)
class _Export:
    """Seconds to its first byte and to its last, its bytes, and by how many the service grew meanwhile."""

    first: float
    whole: float
    size: int
    growth: int


async def print_exports(papers: Papers, urls: Mapping[str, str], service_pid: int) -> None:
    """The first one ever is among them: it is what loads modules and makes room."""
    wanted = f"&year={LAST_YEAR}" if papers.books.size > EXPORTED else ""
    rows = papers.books.a_year if wanted else papers.books.size
    print(f"\nexport of {rows:,} invoices; goals: first byte < 300 ms, growth of the service < 150 MB")
    columns = ("first byte, ms", "whole, ms", "file, MB", "growth, MB")
    print(f"{'':<24}" + "".join(f"{column:>18}" for column in columns))
    for format_ in ("csv", "xlsx"):
        for place, url in urls.items():
            path = f"{url}/api/invoices/export?format={format_}{wanted}"
            done = [await _export(papers, path, service_pid) for _ in range(_EXPORTS)]
            cells = (
                pair([each.first for each in done]),
                pair([each.whole for each in done]),
                f"{done[0].size / 1e6:.2f}",
                f"{max(each.growth for each in done) / 1e6:.1f}",
            )
            print(f"{f'{format_}, {place}':<24}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


async def _export(papers: Papers, url: str, service_pid: int) -> _Export:
    before = _forget_peak(service_pid)
    began = perf_counter()
    async with papers.session.get(url, headers=papers.headers) as answer:
        answer.raise_for_status()
        size = len(await answer.content.readany())
        first = perf_counter() - began
        async for chunk in answer.content.iter_any():
            size += len(chunk)
        whole = perf_counter() - began
    return _Export(first, whole, size, _memory(service_pid, "VmHWM") - before)


def _forget_peak(pid: int) -> int:
    """What the process has now, which is its peak from now on (Linux)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _memory(pid, "VmRSS")


def _memory(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


async def print_throughput(papers: Papers, url: str) -> None:
    """Rounds by turns: the service, asked for pages as fast as it gives them, and as many bare processes,
    which only set the same pages and have nobody to answer."""
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as bare:
        served, alone = [], []
        for number in range(_ROUNDS + 1):
            some = list(islice(papers.unprinted, _PAGES_A_ROUND))
            html = [(await papers.get(f"{url}/api/invoices/{id_}/export/html")).decode() for id_ in some]
            began = perf_counter()
            await _print_all(papers, url, some)
            between = perf_counter()
            halves = [html[worker::WORKERS] for worker in range(WORKERS)]
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(bare, _set_all, half) for half in halves))
            if number:
                served.append(_PAGES_A_ROUND / (between - began))
                alone.append(_PAGES_A_ROUND / (perf_counter() - between))
    ratio = statistics.median(mine / theirs for mine, theirs in zip(served, alone, strict=True))
    print(
        f"\nPDF with {WORKERS} workers: {statistics.median(served):.1f} per second; as many bare WeasyPrint"
        f" processes: {statistics.median(alone):.1f}; ratio {ratio:.2f} (goal 0.9)",
        flush=True,
    )


async def _print_all(papers: Papers, url: str, invoices: Sequence[str]) -> None:
    mine = Papers(papers.session, papers.key, papers.books, iter(invoices))

    async def client() -> None:
        for _ in range(len(invoices) // (2 * WORKERS)):
            await mine.print_one(url)

    await asyncio.gather(*(client() for _ in range(2 * WORKERS)))


def _set_all(pages: Sequence[str]) -> int:
    """In a process of its own."""
    weasyprint, fonts = _weasyprint()
    return sum(
        len(weasyprint.HTML(string=page).write_pdf(font_config=fonts, pdf_variant=_PDF)) for page in pages
    )


@cache
def _weasyprint() -> tuple[Any, Any]:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    return weasyprint, FontConfiguration()


async def print_storm(papers: Papers, url: str) -> None:
    """Lists through the gateway, one after the other, in calm and while many print without a pause."""
    calm = await _lists(papers, url)
    over = asyncio.Event()

    async def printer() -> None:
        while not over.is_set():
            await papers.print_one(url)

    printers = [asyncio.create_task(printer()) for _ in range(_STORM_CLIENTS)]
    stormy = await _lists(papers, url)
    over.set()
    await asyncio.gather(*printers)
    print(
        f"lists of invoices, ms p50 / p95: {pair(calm)} in calm, {pair(stormy)} while {_STORM_CLIENTS}"
        f" clients print; p99 {quantile(stormy, 0.99):.1f} (goal: p95 < 50)",
        flush=True,
    )


async def _lists(papers: Papers, url: str) -> list[float]:
    taken = []
    for _ in range(_STORM_LISTS):
        began = perf_counter()
        await papers.get(f"{url}/api/invoices")
        taken.append(perf_counter() - began)
        await asyncio.sleep(0.02)
    return taken
