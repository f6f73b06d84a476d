"""Every refusal as a problem document (RFC 9457) in the caller's language; nothing inner shows."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic.alias_generators import to_camel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared_kernel.chassis.language import negotiate
from shared_kernel.chassis.messages import PROBLEMS, TITLES, VIOLATIONS, Messages
from shared_kernel.chassis.security import KeysAway, NotAuthenticated
from shared_kernel.chassis.settings import Locale
from shared_kernel.chassis.typesetting import PrintingUnavailable
from shared_kernel.chassis.unit_of_work import Busy, IdempotencyKeyReused
from shared_kernel.errors import Invalid, NotAllowed, NotFound, Refusal, Stale, Violation

_MOST_LISTED = 100

_RETRY_AFTER = {"Retry-After": "2"}

_STATUS: Sequence[tuple[type[Refusal], int]] = (
    (Invalid, 422),
    (NotFound, 404),
    (NotAllowed, 403),
    (Stale, 412),
    (IdempotencyKeyReused, 422),
)

_FOR_PROGRAMS = (Mapping, list, UUID)
"""Facts of these kinds are members of the problem; all others only fill its sentence."""

_STATUS_CODES = {
    400: "bad-request",
    401: "not-authenticated",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    503: "busy",
}

logger = logging.getLogger(__name__)


class VersionRequired(Exception):
    """A PUT without If-Match (HTTP 428)."""


class UnsupportedMediaType(Exception):
    """A body that is not JSON (HTTP 415)."""


class TooManyAttempts(Exception):
    """Try again after `seconds` (HTTP 429)."""

    def __init__(self, code: str, seconds: int) -> None:
        super().__init__(code)
        self.code = code
        self.seconds = seconds


def problem_response(
    status: int,
    code: str,
    locale: Locale,
    *,
    detail: str | None = None,
    instance: str | None = None,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """The problem `/problems/<code>`; without `detail`, the chassis' own sentence for the code."""
    body = {
        "type": f"/problems/{code}",
        "title": TITLES[status][locale],
        "status": status,
        "detail": detail or PROBLEMS[code][locale],
        "instance": instance,
        **(more or {}),
    }
    return Response(
        orjson.dumps(body, default=str),
        status,
        dict(headers or {}) | {"Content-Language": locale},
        "application/problem+json",
    )


class Problems:
    """Turns what went wrong into answers, with the sentences of the chassis and of one context."""

    def __init__(self, messages: Messages, default_locale: Locale) -> None:
        self._messages = {**PROBLEMS, **messages}
        self._violations = {**VIOLATIONS, **messages}
        self._default_locale = default_locale

    def install(self, app: FastAPI) -> None:
        """Answer for everything that routes may raise."""
        app.add_exception_handler(Refusal, self._refusal)
        app.add_exception_handler(RequestValidationError, self._bad_request)
        app.add_exception_handler(HTTPException, self._http)
        app.add_exception_handler(NotAuthenticated, self._not_authenticated)
        app.add_exception_handler(VersionRequired, self._fixed(428, "version-required"))
        app.add_exception_handler(UnsupportedMediaType, self._fixed(415, "unsupported-media-type"))
        app.add_exception_handler(TooManyAttempts, self._too_many)
        app.add_exception_handler(PrintingUnavailable, self._no_printing)
        for away in (Busy, KeysAway, PoolTimeout, TimeoutError):
            app.add_exception_handler(away, self._fixed(503, "busy", _RETRY_AFTER))
        app.add_exception_handler(DBAPIError, self._database)
        app.add_exception_handler(Exception, self._unexpected)

    def _problem(
        self,
        request: Request,
        status: int,
        code: str,
        facts: Mapping[str, object] | None = None,
        violations: Sequence[Violation] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        locale = negotiate(request.headers, self._default_locale)
        more: dict[str, Any] = {} if violations is None else {"violations": self._listed(violations, locale)}
        shown = {k: v for k, v in (facts or {}).items() if isinstance(v, _FOR_PROGRAMS)}
        return problem_response(
            status,
            code,
            locale,
            detail=_sentence(self._messages, code, locale, facts or {}),
            instance=request.url.path,
            headers=headers,
            more=more | shown,
        )

    def _listed(self, violations: Sequence[Violation], locale: Locale) -> list[dict[str, str]]:
        return [
            {
                "propertyPath": violation.path,
                "message": _sentence(self._violations, violation.code, locale, violation.facts),
                "code": violation.code,
            }
            for violation in violations
        ]

    async def _refusal(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)  # noqa: S101 - registered for it
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 409)
        code = _code(error)
        violations = error.violations if isinstance(error, Invalid) else None
        return self._problem(request, status, code, error.facts, violations)

    async def _bad_request(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
        return self._problem(
            request,
            422,
            "invalid",
            violations=[_violation(e) for e in _one_per_field(error.errors()[:_MOST_LISTED])],
        )

    async def _http(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        status = error.status_code if error.status_code in _STATUS_CODES else 400
        return self._problem(request, status, _STATUS_CODES[status], headers=error.headers)

    async def _not_authenticated(self, request: Request, error: Exception) -> Response:
        return self._problem(request, 401, "not-authenticated", headers={"WWW-Authenticate": "Bearer"})

    async def _too_many(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, TooManyAttempts)  # noqa: S101 - registered for it
        facts = {"minutes": -(-error.seconds // 60)}
        return self._problem(request, 429, error.code, facts, headers={"Retry-After": str(error.seconds)})

    async def _no_printing(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, PrintingUnavailable)  # noqa: S101 - registered for it
        return self._problem(request, 503, error.code, headers={"Retry-After": "5"})

    async def _database(self, request: Request, error: Exception) -> Response:
        logger.error("database", exc_info=error)
        away = isinstance(error, DBAPIError) and (error.connection_invalidated or _is_operational(error))
        if away:
            return self._problem(request, 503, "busy", headers=_RETRY_AFTER)
        return self._problem(request, 500, "internal-error")

    async def _unexpected(self, request: Request, error: Exception) -> Response:
        logger.error("unexpected", exc_info=error)
        return self._problem(request, 500, "internal-error")

    def _fixed(self, status: int, code: str, headers: Mapping[str, str] | None = None) -> Any:
        async def answer(request: Request, error: Exception) -> Response:
            return self._problem(request, status, code, headers=headers)

        return answer


def _code(error: Refusal) -> str:
    """The code of the rule; the plain kinds (not found, stale, …) keep theirs under subclasses too."""
    for kind in (Invalid, NotAllowed, Stale):
        if isinstance(error, kind):
            return kind.code()
    return error.code()


def _is_operational(error: DBAPIError) -> bool:
    return type(error).__name__ in ("OperationalError", "InterfaceError")


def _sentence(messages: Messages, code: str, locale: Locale, facts: Mapping[str, object]) -> str:
    sentence = messages.get(code) or messages["invalid"]
    return sentence[locale].format_map(facts)


def _one_per_field(errors: Sequence[Any]) -> list[Any]:
    """The first error of each field."""
    return list({_path(error["loc"]): error for error in reversed(errors)}.values())[::-1]


def _path(location: Sequence[str | int]) -> str:
    """`("body", "lines", 0, "quantity")` → `lines.0.quantity`; a query or path parameter by its name:
    `("path", "patient_id")` → `patientId`."""
    parts = location[1:] if location and location[0] in ("body", "query", "path", "header") else location
    path = ".".join(str(part) for part in parts)
    return to_camel(path) if location and location[0] == "path" else path


_KINDS: Mapping[str, str] = {
    "missing": "required",
    "extra_forbidden": "unknown-field",
    "string_type": "not-text",
    "string_unicode": "not-text",
    "bool_type": "not-a-boolean",
    "bool_parsing": "not-a-boolean",
    "int_type": "not-a-number",
    "int_parsing": "not-a-number",
    "int_parsing_size": "not-a-number",
    "int_from_float": "not-a-number",
    "float_type": "not-a-number",
    "float_parsing": "not-a-number",
    "finite_number": "not-a-number",
    "decimal_type": "not-a-number",
    "decimal_parsing": "not-a-number",
    "uuid_type": "not-an-id",
    "uuid_parsing": "not-an-id",
    "uuid_version": "not-an-id",
    "list_type": "not-a-list",
    "dict_type": "not-an-object",
    "model_type": "not-an-object",
    "model_attributes_type": "not-an-object",
    "json_invalid": "not-json",
}


_LIMITS: Mapping[str, tuple[str, str, str]] = {
    "string_too_long": ("too-long", "max", "max_length"),
    "too_long": ("too-many", "max", "max_length"),
    "too_short": ("too-few", "min", "min_length"),
    "greater_than_equal": ("too-small", "min", "ge"),
    "greater_than": ("not-above", "min", "gt"),
    "less_than_equal": ("too-big", "max", "le"),
    "decimal_max_digits": ("too-many-digits", "digits", "max_digits"),
    "decimal_whole_digits": ("too-many-digits", "digits", "whole_digits"),
    "decimal_max_places": ("too-precise", "places", "decimal_places"),
    "literal_error": ("not-a-choice", "expected", "expected"),
    "enum": ("not-a-choice", "expected", "expected"),
}
"""Pydantic's kind of error → our code, the fact its sentence names, and where pydantic keeps it."""

_FAMILIES = (("datetime", "not-a-datetime"), ("timezone", "not-a-datetime"), ("date", "not-a-date"))


def _violation(error: Any) -> Violation:
    path, kind, context = _path(error["loc"]), str(error["type"]), error.get("ctx", {})
    if kind == "json_invalid":
        return Violation("", "not-json")
    if kind in _KINDS:
        return Violation(path, _KINDS[kind])
    if kind == "string_too_short":
        shortest = context["min_length"]
        return Violation(path, "required") if shortest == 1 else Violation(path, "too-short", min=shortest)
    if kind in _LIMITS:
        code, fact, key = _LIMITS[kind]
        return Violation(path, code, **{fact: str(context[key]).replace(" or ", ", ")})
    for family, code in _FAMILIES:
        if kind.startswith(family):
            return Violation(path, code)
    return Violation(path, kind if kind in VIOLATIONS else "invalid")
