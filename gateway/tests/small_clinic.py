"""A clinic made of small real servers, so that the gateway is tested over real sockets."""

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.main import gateway
from gateway.settings import Settings
from testkit.tokens import SigningKey
from testkit.waiting import wait_until

HEALTH_TOKEN = "the-operators-token"
KEY = SigningKey()

Body = bytes | dict[str, Any]
Answer = Callable[[Scope, Receive, Send], Awaitable[None]]


def bearer(*roles: str, key: SigningKey = KEY) -> dict[str, str]:
    return {"Authorization": f"Bearer {key.token_for(roles or ('ROLE_USER',))}"}


async def whole_body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def answer(
    send: Send, body: Body, status: int = 200, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    media_type = b"text/plain" if isinstance(body, bytes) else b"application/json"
    length = str(len(content)).encode()
    started = [(b"content-type", media_type), (b"content-length", length), *headers]
    await send({"type": "http.response.start", "status": status, "headers": started})
    await send({"type": "http.response.body", "body": content})


class Part:
    """A part of the clinic that tells back what it was asked, unless a path has an answer of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def says(self, path: str, body: Body, status: int = 200, *headers: tuple[bytes, bytes]) -> None:
        async def fixed(scope: Scope, receive: Receive, send: Send) -> None:
            await answer(send, body, status, headers)

        self.answers[path] = fixed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(f"{scope['method']} {scope['path']}")
        own = self.answers.get(scope["path"])
        if own is not None:
            await own(scope, receive, send)
        else:
            await self.tell_back(scope, receive, send)

    async def tell_back(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await whole_body(receive)
        told = {
            "part": self.name,
            "method": scope["method"],
            "path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [[name.decode(), value.decode("latin-1")] for name, value in scope["headers"]],
            "body": body.decode("utf-8", "replace") if len(body) < 1000 else f"{len(body)} bytes",
        }
        await answer(send, told)


class Serving:
    """The app behind a real server on a free port of this machine, from now until `stop`."""

    def __init__(self, app: ASGIApp, lifespan: Literal["on", "off"] = "off") -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                app, log_config=None, lifespan=lifespan, access_log=False, proxy_headers=False,
                server_header=False, timeout_graceful_shutdown=1,
            )
        )  # fmt: skip
        self._running = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]})
        self._running.start()
        wait_until(lambda: self._server.started or not self._running.is_alive(), "the server answers")

    def ask_to_stop(self) -> None:
        self._server.should_exit = True

    def stop(self) -> None:
        self.ask_to_stop()
        self._running.join()
        self._listening.close()


class Clinic:
    """Four parts, each behind its own server, and the gateway in front of them."""

    def __init__(self, **settings: object) -> None:
        self.identity, self.patients = Part("identity"), Part("patients")
        self.scheduling, self.billing = Part("scheduling"), Part("billing")
        self.parts = (self.identity, self.patients, self.scheduling, self.billing)
        self.begin_anew()
        self._servers = [Serving(part) for part in self.parts]
        told = {f"{part.name}_url": one.url for part, one in zip(self.parts, self._servers, strict=True)}
        told |= {"health_check_token": HEALTH_TOKEN, "spa_dir": "/nonexistent"}
        self._servers.append(Serving(gateway(Settings.model_validate(told | settings)), "on"))
        self.url = self._servers[-1].url
        self.port = int(self.url.rsplit(":", 1)[1])

    def close(self) -> None:
        for server in self._servers:
            server.ask_to_stop()
        for server in self._servers:
            server.stop()

    def begin_anew(self) -> None:
        for part in self.parts:
            part.answers.clear()
            part.asked.clear()
        self.identity.says("/.well-known/jwks.json", KEY.jwks)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, trust_env=False)


_REFUSING = socket.socket()
_REFUSING.bind(("127.0.0.1", 0))  # bound and never listening: refused, and nobody else can get the port


def nobody_listens() -> str:
    """An address of this machine where every connection is refused."""
    return f"http://127.0.0.1:{_REFUSING.getsockname()[1]}"


def signed_in() -> str:
    """The header line of somebody who may pass, for requests written by hand."""
    return f"Authorization: {bearer()['Authorization']}\r\n"


async def raw(clinic: Clinic, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Sends bytes as they are; the status, headers and body of the first answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", clinic.port)
    writer.write(request)
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = await asyncio.wait_for(reader.readexactly(int(headers.get("content-length", 0))), 5)
    writer.close()
    await writer.wait_closed()
    return int(head[0].split()[1]), headers, body
