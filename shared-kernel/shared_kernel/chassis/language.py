"""Which of the clinic's languages an answer is given in."""

from collections.abc import Mapping

from shared_kernel.chassis.settings import Locale

LOCALES: tuple[Locale, ...] = ("en", "es")


def negotiate(headers: Mapping[str, str], default: Locale) -> Locale:
    """`X-App-Locale`, else the best of `Accept-Language` (RFC 9110 §12.5.4), else the default."""
    chosen = headers.get("x-app-locale", "").lower()[:2]
    if chosen in LOCALES:
        return chosen
    wishes = [_wish(part) for part in headers.get("accept-language", "").split(",")]
    known = [(quality, locale) for quality, locale in wishes if locale in LOCALES and quality > 0]
    return max(known, key=lambda wish: wish[0])[1] if known else default


def _wish(part: str) -> tuple[float, str]:
    tag, _, parameter = part.strip().partition(";")
    try:
        quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        quality = 0.0
    return quality, tag[:2].lower()
