"""Stands where identity and patients stand for a service that is tried: keys, and logs that are empty."""

import os

import orjson
from starlette.types import Receive, Scope, Send

from gateway_overhead import JWKS_VARIABLE
from shared_kernel.chassis.event_store import GENESIS

_NOTHING = {"token": "-", "expiresIn": 86_400, "head": 0, "hashBehind": GENESIS, "events": []}


async def part(scope: Scope, receive: Receive, send: Send) -> None:
    """The published keys, or what a service token and an empty log are like."""
    keys = scope["path"].endswith("jwks.json")
    body = os.environ[JWKS_VARIABLE].encode() if keys else orjson.dumps(_NOTHING)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
