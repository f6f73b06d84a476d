"""HTML becomes PDF soon or not at all: in processes that are bounded, replaced, ended, and fetch nothing."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from pypdf import PdfReader

from shared_kernel.chassis.typesetting import PangoMissing, PrintingUnavailable, Typesetter
from testkit.printing import listening, pages_of
from testkit.waiting import eventually, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("pango")]

SHORT = "<p>Ñandú, 5 €</p>"
LONG = "<table>" + "".join(f"<tr><td>Fila {number}.</td></tr>" for number in range(400)) + "</table>"


@pytest_asyncio.fixture(scope="module")
async def typesetter() -> AsyncIterator[Typesetter]:
    typesetter = Typesetter(1, 60)
    async with typesetter.running(prewarm=True):
        yield typesetter


def workers() -> list[int]:
    return [process.pid for process in multiprocessing.active_children() if process.pid]


async def test_a_page_is_set_with_its_accents(typesetter: Typesetter) -> None:
    assert pages_of(await typesetter.pdf(SHORT)) == ["Ñandú, 5 €"]


async def test_neither_files_nor_the_network_are_read(typesetter: Typesetter, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    async with listening() as (port, hits):
        lures = (
            f'<link rel="attachment" href="file://{secret}">',
            f'<link rel="stylesheet" href="http://127.0.0.1:{port}/style.css">',
            f'<img src="http://127.0.0.1:{port}/image.png"><img src="file://{secret}">',
            f"<style>p {{ background: url(http://127.0.0.1:{port}/style) }}</style>",
            f'<iframe src="http://127.0.0.1:{port}/frame"></iframe>',
        )
        pdf = await typesetter.pdf("".join(lures) + SHORT)
        assert pages_of(pdf) == ["Ñandú, 5 €"]
        assert not PdfReader(BytesIO(pdf)).attachments
        assert hits == []


async def test_a_killed_worker_is_replaced_and_its_page_printed_all_the_same() -> None:
    others = set(workers())
    typesetter = Typesetter(1, 60)
    async with typesetter.running():
        await typesetter.pdf(SHORT)
        (worker,) = set(workers()) - others
        printing = asyncio.create_task(typesetter.pdf(LONG))
        await asyncio.sleep(0)
        os.kill(worker, signal.SIGKILL)
        assert len(pages_of(await printing)) > 3
        assert worker not in workers()


async def test_a_page_that_takes_too_long_is_given_up_and_its_worker_ended() -> None:
    others = set(workers())
    typesetter = Typesetter(1, 0.2)
    async with typesetter.running():
        with pytest.raises(PrintingUnavailable):
            await typesetter.pdf(LONG)

        async def ended() -> bool:
            return not set(workers()) - others

        await eventually(ended, "the worker ended")


async def test_more_than_can_wait_are_turned_away_at_once(typesetter: Typesetter) -> None:
    outcomes = await asyncio.gather(*(typesetter.pdf(SHORT) for _ in range(20)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [bytes] * 16 + [PrintingUnavailable] * 4


async def test_without_pango_it_is_said_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    monkeypatch.syspath_prepend(tmp_path)  # the printing process searches the same path
    typesetter = Typesetter(1, 60)
    async with typesetter.running():
        with pytest.raises(PangoMissing):
            await typesetter.pdf(SHORT)


def test_workers_end_with_a_killed_service() -> None:
    program = (
        "import asyncio, multiprocessing, os, signal\n"
        "from shared_kernel.chassis.typesetting import Typesetter\n"
        "async def main():\n"
        "    async with Typesetter(1, 60).running(prewarm=True):\n"
        "        while not multiprocessing.active_children():\n"
        "            await asyncio.sleep(0.01)\n"
        "        print(multiprocessing.active_children()[0].pid, flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    service = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert service.returncode == -signal.SIGKILL, service.stderr
    worker = Path("/proc", service.stdout.strip())
    wait_until(lambda: _is_gone(worker), "the worker ended")


def _is_gone(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
