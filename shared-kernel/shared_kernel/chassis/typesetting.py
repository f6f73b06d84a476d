"""Pages of HTML as PDF by WeasyPrint, in processes of their own: setting a page burns CPU, and must neither
hold up the service nor outlive it."""

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from functools import cache
from multiprocessing.connection import wait
from typing import Any, ClassVar

_WAITING_PER_WORKER = 16
_NICENESS = 10
_ARCHIVED = "pdf/a-3a"
"""ISO 19005-3, accessible: tagged, its fonts and colours inside it, still to be read in decades."""

logger = logging.getLogger(__name__)


class PrintingUnavailable(Exception):
    """No PDF can be made now: the printer is down or too busy (HTTP 503)."""

    code: ClassVar[str] = "printing-unavailable"


class PangoMissing(PrintingUnavailable):
    """The machine lacks the library that sets text; `INSTALL` mends it on Debian."""

    code = "pango-missing"
    INSTALL: ClassVar[str] = (
        "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
    )


class Typesetter:
    """At most `workers` pages are set at once, each for at most `seconds`; beyond a bounded queue it is too
    busy. Nothing is fetched but pictures written into the page."""

    def __init__(self, workers: int, seconds: float) -> None:
        self._workers = workers
        self._seconds = seconds
        self._pool: ProcessPoolExecutor | None = None
        self._waiting = 0

    @asynccontextmanager
    async def running(self, prewarm: bool = False) -> AsyncIterator[None]:
        """Brackets the service's life. With `prewarm` the workers load WeasyPrint and its fonts meanwhile."""
        warming = asyncio.create_task(self._warm_up()) if prewarm else None
        try:
            yield
        finally:
            if warming:
                warming.cancel()
            if self._pool:
                await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def pdf(self, page: str) -> bytes:
        """The page, set. Raises PrintingUnavailable."""
        if self._waiting >= self._workers * _WAITING_PER_WORKER:
            raise PrintingUnavailable
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                return await self._printed(page)
        except TimeoutError as error:
            raise PrintingUnavailable from error
        finally:
            self._waiting -= 1

    async def _printed(self, page: str) -> bytes:
        for _ in range(2):  # a worker that died takes its whole pool along: once more on a new one
            pool = self._pool = self._pool or _pool(self._workers)
            try:
                return await asyncio.wrap_future(pool.submit(_typeset, page, self._seconds))
            except BrokenProcessPool:
                logger.warning("a printing process died")
                if self._pool is pool:
                    self._pool = None
                pool.shutdown(wait=False)
        raise PrintingUnavailable

    async def _warm_up(self) -> None:
        sample = "<p>Ññ <b>€</b></p>"
        try:
            await asyncio.gather(*(self.pdf(sample) for _ in range(self._workers)))
        except PangoMissing:
            logger.error("no PDF can be made: Pango is missing; install it with: %s", PangoMissing.INSTALL)
        except PrintingUnavailable:
            logger.warning("printing could not be warmed up")


def _pool(workers: int) -> ProcessPoolExecutor:
    """`spawn`, because a forked worker would keep the service's port and connections."""
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """In the worker: people who wait for a list go before paper. Ctrl-C is for the service, which then ends
    its workers; they never outlive it."""
    os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_service, daemon=True).start()


def _end_with_the_service() -> None:
    service = multiprocessing.parent_process()
    if service is not None:
        wait([service.sentinel])
    os._exit(1)


def _typeset(page: str, seconds: float) -> bytes:
    """In the worker: the page as PDF. A page that takes too long ends the process by SIGALRM."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        weasyprint, fetcher, fonts = _weasyprint()
        document = weasyprint.HTML(string=page, url_fetcher=fetcher)
        printed: bytes = document.write_pdf(font_config=fonts, pdf_variant=_ARCHIVED)
        return printed
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@cache
def _weasyprint() -> tuple[Any, Any, Any]:
    """The library, a fetcher that only reads pictures written into the page, and the fonts, loaded once."""
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise PangoMissing from error

    class InlinePicturesOnly(URLFetcher):  # type: ignore[misc]
        """No file, no network: WeasyPrint's own would embed local files."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith("data:image/"):
                raise ValueError("refused")
            return super().fetch(url, headers)

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # its warnings quote the page
    return weasyprint, InlinePicturesOnly(), FontConfiguration()
