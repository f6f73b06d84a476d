"""Refusals of signing in, as the answers that HTTP has for them."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI, Request
from starlette.responses import Response

from identity.domain.sessions import InvalidCredentials, SessionEnded, TooManyAttempts
from identity.http.messages import MESSAGES
from shared_kernel.chassis import problems
from shared_kernel.chassis.calls import locale_of
from shared_kernel.chassis.security import NotAuthenticated


@contextmanager
def answered() -> Iterator[None]:
    """429 for too many attempts, 401 for a session that is over."""
    try:
        yield
    except TooManyAttempts as refusal:
        raise problems.TooManyAttempts(refusal.code(), refusal.seconds) from refusal
    except SessionEnded as refusal:
        raise NotAuthenticated from refusal


def install(app: FastAPI) -> None:
    """401 for wrong credentials, which says so."""
    app.add_exception_handler(InvalidCredentials, _invalid_credentials)


async def _invalid_credentials(request: Request, error: Exception) -> Response:
    locale = locale_of(request)
    code = InvalidCredentials.code()
    return problems.problem_response(
        401,
        code,
        locale,
        detail=MESSAGES[code][locale],
        instance=request.url.path,
        headers={"WWW-Authenticate": "Bearer"},
    )
