"""The issuer as printed at the head of an invoice: the clinic's particulars and its logo."""

import base64
from dataclasses import dataclass
from pathlib import Path

_LARGEST_LOGO = 1_000_000


class UnusableLogo(ValueError):
    """The configured logo is absent, too large or no picture; the service refuses to start."""


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What is blank is not printed. `logo` is a `data:` URI, so that a page needs nothing but itself."""

    name: str = ""
    tax_id: str = ""
    address_line1: str = ""
    address_line2: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""
    logo: str | None = None

    @property
    def particulars(self) -> list[str]:
        """The lines below the name and the tax identifier."""
        lines = (self.address_line1, self.address_line2, self.phone, self.email, self.web)
        return [line for line in lines if line]


def read_logo(path: Path) -> str:
    """The picture as a `data:` URI. Raises UnusableLogo."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnusableLogo(f"COMPANY_LOGO_PATH: {path} cannot be read") from error
    kind = _kind(content)
    if kind is None:
        raise UnusableLogo(f"COMPANY_LOGO_PATH: {path} is not a PNG, JPEG or SVG picture")
    if len(content) > _LARGEST_LOGO:
        raise UnusableLogo(f"COMPANY_LOGO_PATH: {path} is larger than {_LARGEST_LOGO:,} bytes")
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _kind(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "svg+xml" if start.startswith((b"<svg", b"<?xml", b"<!--")) and b"<svg" in content else None
