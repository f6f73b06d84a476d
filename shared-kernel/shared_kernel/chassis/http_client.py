"""How services and the gateway ask each other over HTTP: soon or not at all, and never through a proxy."""

import ssl

import httpx

_TLS = ssl.create_default_context()  # loading the machine's certificates takes tens of milliseconds: once
# Uvicorn closes an idle connection after 5 s; the side that asks lets go first.
_LIMITS = httpx.Limits(keepalive_expiry=4)


def inner_client(timeout: httpx.Timeout | float) -> httpx.AsyncClient:
    """A client for calls inside the house; proxies named by the environment are not for these."""
    return httpx.AsyncClient(timeout=timeout, trust_env=False, verify=_TLS, limits=_LIMITS)
