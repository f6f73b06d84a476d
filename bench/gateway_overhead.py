"""What the door costs: a hello through the gateway against the same hello asked directly, in one run.

Prints ratios only; bare times say more about the machine than about the gateway.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import orjson
from starlette.types import Receive, Scope, Send

from testkit.servers import free_port
from testkit.tokens import SigningKey

ROUNDS = 20
REQUESTS_A_ROUND = 150
HELLO = "/api/patients"
JWKS_VARIABLE = "BENCH_JWKS"


async def part(scope: Scope, receive: Receive, send: Send) -> None:
    """The smallest part there can be: it says hello, and its keys."""
    body = os.environ[JWKS_VARIABLE].encode() if scope["path"].endswith("jwks.json") else b'{"hello":"world"}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def serving(*app: str, **environment: str) -> Iterator[tuple[str, int]]:
    """A server process; gives its address and process id."""
    port = free_port()
    flags = ["--no-access-log", "--no-server-header", "--no-proxy-headers", "--log-level", "warning"]
    flags += ["--timeout-keep-alive", "75"]  # as deployed
    flags += ["--app-dir", str(Path(__file__).parent)]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", *app, "--port", str(port), *flags],
        env=os.environ | environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def cpu_seconds(pid: int) -> float:
    """Processor time used so far, of the process and the kernel on its behalf."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def answers(client: aiohttp.ClientSession, url: str) -> None:
    while True:
        try:
            async with client.get(url) as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)


async def ask(client: aiohttp.ClientSession, url: str) -> list[float]:
    times = []
    for _ in range(REQUESTS_A_ROUND):
        began = time.perf_counter()
        async with client.get(url) as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{url} answered {answer.status}")
        times.append(time.perf_counter() - began)
    return times


async def compare(direct: str, through: str, token: str, pids: tuple[int, int]) -> None:
    """Rounds of both by turns, so that whatever else the machine does hits both alike."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as client:
        for url in (direct, through):
            await answers(client, url)
            await ask(client, url)
        times: dict[str, list[float]] = {direct: [], through: []}
        used = {direct: 0.0, through: 0.0}
        for _ in range(ROUNDS):
            for url in (direct, through):
                before = sum(map(cpu_seconds, pids))
                times[url] += await ask(client, url)
                used[url] += sum(map(cpu_seconds, pids)) - before
    print(f"p50, through the gateway / direct: {ratio(times, through, direct, 0.5):.2f}")
    print(f"p95, through the gateway / direct: {ratio(times, through, direct, 0.95):.2f}")
    print(f"server CPU, gateway and part / part alone: {used[through] / used[direct]:.2f}")


def ratio(times: dict[str, list[float]], above: str, below: str, quantile: float) -> float:
    cut = round(quantile * 100) - 1
    return statistics.quantiles(times[above], n=100)[cut] / statistics.quantiles(times[below], n=100)[cut]


def main() -> None:
    key = SigningKey()
    with serving("gateway_overhead:part", **{JWKS_VARIABLE: orjson.dumps(key.jwks).decode()}) as (url, pid):
        urls = {f"{name}_URL": url for name in ("IDENTITY", "PATIENTS", "SCHEDULING", "BILLING")}
        with serving("--factory", "gateway.main:create_app", **urls) as (door, door_pid):
            token = key.token_for("ROLE_USER")
            asyncio.run(compare(url + HELLO, door + HELLO, token, (pid, door_pid)))


if __name__ == "__main__":
    main()
