"""Turns what the door itself refuses into problem documents in the caller's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from gateway.limits import BodyTooLarge, BodyTooSlow, TooBusy
from gateway.proxy import PartUnavailable
from shared_kernel.chassis.language import negotiate
from shared_kernel.chassis.messages import Messages
from shared_kernel.chassis.problems import problem_response
from shared_kernel.chassis.security import KeysAway, NotAuthenticated
from shared_kernel.chassis.settings import Locale
from shared_kernel.errors import NotAllowed

SENTENCES: Messages = {
    "overloaded": {
        "en": "The clinic is answering too many requests at once. Try again in a moment.",
        "es": "La clínica atiende demasiadas peticiones a la vez. Inténtelo de nuevo en unos instantes.",
    },
    "headers-too-large": {
        "en": "The request's headers are too large. Clear this site's cookies and try again.",
        "es": "Las cabeceras de la petición son demasiado grandes. Borre las cookies e inténtelo de nuevo.",
    },
    "part-unavailable": {
        "en": "This part of the clinic does not answer right now. Try again in a moment.",
        "es": "Esta parte de la clínica no responde en este momento. Inténtelo de nuevo en unos instantes.",
    },
    "too-slow": {
        "en": "The request took too long to arrive. Send it again.",
        "es": "La petición ha tardado demasiado en llegar. Envíela de nuevo.",
    },
}


class NoSuchPath(Exception):
    """Nothing here, or nothing for people outside."""


class HeadersTooLarge(Exception):
    """More headers than any browser sends; reading them alone takes long."""


class UnknownMethod(Exception):
    """A method that no part of the clinic knows."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: int
    code: str
    headers: Mapping[str, str] = field(default_factory=dict)


_LATER = {"Retry-After": "2"}
_REFUSALS: Mapping[type[Exception], _Refusal] = {
    NotAuthenticated: _Refusal(401, "not-authenticated", {"WWW-Authenticate": "Bearer"}),
    NotAllowed: _Refusal(403, "not-allowed"),
    NoSuchPath: _Refusal(404, "not-found"),
    UnknownMethod: _Refusal(405, "method-not-allowed", {"Allow": "GET, HEAD, POST, PUT, PATCH, DELETE"}),
    BodyTooSlow: _Refusal(400, "too-slow"),
    BodyTooLarge: _Refusal(413, "too-large"),
    HeadersTooLarge: _Refusal(431, "headers-too-large"),
    TooBusy: _Refusal(503, "overloaded", _LATER),
    KeysAway: _Refusal(503, "part-unavailable", _LATER),
    PartUnavailable: _Refusal(503, "part-unavailable", _LATER),
}
REFUSED = tuple(_REFUSALS)
_BROKEN = _Refusal(500, "internal-error")


def problem(error: Exception, scope: Scope, default_locale: Locale) -> Response:
    """The answer to a refusal; an error that is none of ours is a 500 that says nothing more."""
    refusal = _REFUSALS.get(type(error), _BROKEN)
    locale = negotiate(Headers(scope=scope), default_locale)
    sentence = SENTENCES.get(refusal.code)
    return problem_response(
        refusal.status,
        refusal.code,
        locale,
        detail=sentence[locale] if sentence else None,
        instance=scope["path"],
        headers=refusal.headers,
        more={"part": error.part} if isinstance(error, PartUnavailable) else None,
    )
