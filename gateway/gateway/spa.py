"""Serves the screens: the built files from memory, and the page with its settings and words inside."""

import gzip
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from shared_kernel.chassis.language import LOCALES, negotiate
from shared_kernel.chassis.settings import Locale

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
NOT_BUILT = (
    "The screens have not been built yet.\n\n"
    "Run `make run`, or `npm ci && npm run build` in frontend/, and start the gateway again.\n"
)
_TEXT_TYPES = ("text/", "application/javascript", "application/json", "application/manifest", "image/svg")
_WORTH_COMPRESSING_BYTES = 600
# Python's own reader of cookies takes quadratic time on backslashes.
_CHOSEN_LOCALE = re.compile(r"(?:^|;\s*)clinic_locale=(\w\w)(?:;|$)")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in every encoding it may be asked for; `variants` is in order of preference."""

    media_type: str
    caching: str
    etag: str
    variants: Mapping[str, bytes]


def script_json(value: object) -> str:
    """JSON that may stand inside a script element: it cannot close it, open a comment or end a line."""
    text = orjson.dumps(value).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


class Spa:
    def __init__(self, built: Path, settings: Mapping[str, object], default_locale: Locale) -> None:
        self._default_locale = default_locale
        self._assets = {f"/{name}": _asset(name, content) for name, content in _files(built)}
        self._pages = _pages(built, settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        path = request.scope["path"]
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method Not Allowed", 405, {"allow": "GET, HEAD"})
        if path in self._assets:
            return _serve(self._assets[path], request, vary="Accept-Encoding")
        if path.startswith(("/assets/", "/i18n/")):
            return PlainTextResponse("Not Found", 404)
        if not self._pages:
            return PlainTextResponse(NOT_BUILT, 503, {"retry-after": "30"})
        return _serve(
            self._pages[self._locale(request)], request, vary="Accept-Encoding, Accept-Language, Cookie"
        )

    def _locale(self, request: Request) -> str:
        chosen = _CHOSEN_LOCALE.search(request.headers.get("cookie", ""))
        if chosen and chosen[1] in LOCALES:
            return chosen[1]
        return negotiate(request.headers, self._default_locale)


def _files(built: Path) -> Iterator[tuple[str, bytes]]:
    """Every built file but the page itself and the encodings made beside it at build time."""
    for path in sorted(built.rglob("*")):
        if path.is_file() and path.suffix not in (".gz", ".br", ".map") and path != built / "index.html":
            yield path.relative_to(built).as_posix(), path.read_bytes()


def _pages(built: Path, settings: Mapping[str, object]) -> dict[str, Asset]:
    """The page once per language, with the clinic's settings and that language's words in it."""
    index = built / "index.html"
    if not index.is_file():
        return {}
    empty = index.read_text(encoding="utf-8")
    pages: dict[str, Asset] = {}
    for locale in LOCALES:
        texts = orjson.loads((built / "i18n" / f"{locale}.json").read_bytes())
        page = _filled(empty, "clinic-settings", settings)
        page = _filled(page, "clinic-catalogue", {"locale": locale, "texts": texts})
        pages[locale] = _encoded("text/html; charset=utf-8", REVALIDATE, page.encode())
    return pages


def _filled(page: str, script_id: str, value: object) -> str:
    script = re.compile(rf'(<script\b[^>]*\bid="{script_id}"[^>]*>)[^<]*(</script>)')
    filled, found = script.subn(lambda tag: f"{tag[1]}{script_json(value)}{tag[2]}", page)
    if found != 1:
        raise ValueError(f"the built index.html must have one script {script_id}, it has {found}")
    return filled


def _asset(name: str, content: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    return _encoded(media_type, IMMUTABLE if name.startswith("assets/") else REVALIDATE, content)


def _encoded(media_type: str, caching: str, content: bytes) -> Asset:
    variants = {"identity": content}
    if media_type.startswith(_TEXT_TYPES) and len(content) >= _WORTH_COMPRESSING_BYTES:
        variants = {
            "br": brotli.compress(content, quality=9),
            "gzip": gzip.compress(content, compresslevel=9, mtime=0),
            "identity": content,
        }
    return Asset(media_type, caching, sha256(content).hexdigest()[:20], variants)


def _serve(asset: Asset, request: Request, *, vary: str) -> Response:
    encoding = _encoding(request.headers.get("accept-encoding", ""), asset.variants)
    etag = f'"{asset.etag}-{encoding}"'
    headers = {"cache-control": asset.caching, "etag": etag, "vary": vary}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if encoding != "identity":
        headers["content-encoding"] = encoding
    content = asset.variants[encoding]
    if request.method == "HEAD":
        return Response(headers=headers | {"content-length": str(len(content))}, media_type=asset.media_type)
    return Response(content, headers=headers, media_type=asset.media_type)


def _encoding(accepted: str, variants: Mapping[str, bytes]) -> str:
    wishes = (part.partition(";q=") for part in accepted.lower().replace(" ", "").split(","))
    offered = {name for name, _, weight in wishes if weight.strip("0.") or not weight}
    return next((name for name in variants if name in offered), "identity")
