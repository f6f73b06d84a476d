"""What every request is given when it comes in, and every answer when it goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.types import Message, Scope, Send

from gateway.routes import Route

Networks = Sequence[IPv4Network | IPv6Network]

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ALWAYS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-robots-tag", b"noindex"),
)
_UNDER_TLS = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)
_FOR_THE_API = ((b"cache-control", b"no-store"),)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as the door sees it. `address` is the caller's, past the proxies that we trust."""

    route: Route
    address: str
    scheme: str
    host: str
    request_id: str

    @property
    def headers(self) -> dict[str, str]:
        """What a part is told about the caller."""
        return {
            "x-forwarded-for": self.address,
            "x-forwarded-proto": self.scheme,
            "x-forwarded-host": self.host,
            "x-request-id": self.request_id,
        }


def visit_of(scope: Scope, route: Route, trusted: Networks, request_id: str) -> Visit:
    address, scheme = _caller(scope, trusted)
    host = _header(scope, b"host")
    return Visit(route, address, scheme, host, request_id)


def _caller(scope: Scope, trusted: Networks) -> tuple[str, str]:
    """The caller's address and scheme; what a stranger claims about itself counts for nothing."""
    address = scope["client"][0] if scope.get("client") else "unknown"
    scheme = scope["scheme"]
    if not _is_trusted(address, trusted):
        return address, scheme
    for hop in reversed(_header(scope, b"x-forwarded-for").split(",")):
        if not _is_address(hop.strip()):
            break
        address = hop.strip()
        if not _is_trusted(address, trusted):
            break
    told = _header(scope, b"x-forwarded-proto")
    return address, told if told in ("http", "https") else scheme


def _is_trusted(address: str, trusted: Networks) -> bool:
    return bool(trusted) and _is_address(address) and any(ip_address(address) in net for net in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _header(scope: Scope, wanted: bytes) -> str:
    """All values of one header, in their order."""
    return ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == wanted)


class Answer:
    """Wraps `send`: adds what every answer carries, unless a part said it itself; remembers how it went."""

    def __init__(self, send: Send, visit: Visit) -> None:
        self._send = send
        self.status: int | None = None
        self._added = [
            *_ALWAYS,
            *(_UNDER_TLS if visit.scheme == "https" else ()),
            *(_FOR_THE_API if visit.route.path.startswith("/api") else ()),
            (b"x-request-id", visit.request_id.encode()),
        ]

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            said = {name for name, _ in headers}
            headers += [(name, value) for name, value in self._added if name not in said]
            message = {**message, "headers": headers}
        await self._send(message)
