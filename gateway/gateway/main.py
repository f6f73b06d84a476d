"""Puts the gateway together: settings → parts → the one application that everybody meets."""

import json
import logging
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from uuid import uuid4

from fastapi import FastAPI
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from gateway import screens
from gateway.edge import Answer, Networks, Visit, visit_of
from gateway.limits import ClientLeft, InFlight, whole_body
from gateway.openapi import WholeApi
from gateway.parts import Parts
from gateway.proxy import AnswerBroken, Proxy
from gateway.refusals import REFUSED, SENTENCES, HeadersTooLarge, NoSuchPath, UnknownMethod, problem
from gateway.routes import Destination, Entry, RouteTable
from gateway.session import Session
from gateway.settings import Settings
from gateway.spa import Spa
from shared_kernel.chassis import telemetry
from shared_kernel.chassis.problems import Problems
from shared_kernel.chassis.security import TokenVerifier, keys_at
from shared_kernel.chassis.settings import Locale

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
_CLIENT_LEFT = 499
_MOST_HEADER_BYTES = 16_384
_ARRIVING_PER_PLACE = 4

log = logging.getLogger(__name__)


class Gateway:
    """The door: finds whose a path is, lets the caller in or not, and has it answered."""

    def __init__(
        self,
        routes: RouteTable,
        session: Session,
        arriving: InFlight,
        in_flight: InFlight,
        proxy: Proxy,
        own_screens: ASGIApp,
        spa: ASGIApp,
        trusted_proxies: Networks,
        default_locale: Locale,
    ) -> None:
        self._routes = routes
        self._session = session
        self._arriving = arriving
        self._in_flight = in_flight
        self._proxy = proxy
        self._own_screens = own_screens
        self._spa = spa
        self._trusted_proxies = trusted_proxies
        self._default_locale = default_locale

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._own_screens(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        route = self._routes.find(scope["path"])
        visit = visit_of(scope, route, self._trusted_proxies, uuid4().hex)
        answer = Answer(send, visit)
        try:
            await self._pass(visit, scope, receive, answer)
        except REFUSED as refusal:
            await problem(refusal, scope, self._default_locale)(scope, receive, answer)
        except ClientLeft:
            answer.status = _CLIENT_LEFT
        except AnswerBroken:
            # The connection is closed on an unfinished answer, which is all that can still be said.
            log.warning("answer broken", extra={"route": route.path})
        except Exception as fault:
            log.exception("unexpected", extra={"route": route.path})
            if answer.status is None:
                await problem(fault, scope, self._default_locale)(scope, receive, answer)
        finally:
            scope["route"] = route
            _log_access(scope["method"], visit, answer.status, began)

    async def _pass(self, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
        route = visit.route
        if sum(len(name) + len(value) for name, value in scope["headers"]) > _MOST_HEADER_BYTES:
            raise HeadersTooLarge
        if route.destination is Destination.NOWHERE:
            raise NoSuchPath
        if route.destination is Destination.SPA:
            await self._spa(scope, receive, send)
            return
        if scope["method"] not in _METHODS:
            raise UnknownMethod
        if route.entry is Entry.SIGNED_IN:
            await self._session.caller(scope)
        elif route.entry is Entry.OPERATORS:
            await self._session.allow_operators(scope)
        if route.destination is Destination.OWN:
            with self._room(visit):
                await self._own_screens(scope, receive, send)
            return
        with self._arriving.one():  # a body sent drop by drop takes no place from those that are whole
            body = await whole_body(scope["headers"], receive)
        with self._in_flight.one():
            await self._proxy.forward(route.destination, scope, body, receive, send, visit.headers)

    def _room(self, visit: Visit) -> AbstractContextManager[None]:
        """The health of a clinic that has no room left is still told."""
        return nullcontext() if visit.route.is_probe else self._in_flight.one()


def _log_access(method: str, visit: Visit, status: int | None, began: float) -> None:
    log.info(
        "request",
        extra={
            "method": method,
            "route": visit.route.path,
            "status": status,
            "milliseconds": round((time.perf_counter() - began) * 1000, 1),
            "requestId": visit.request_id,
        },
    )


def screens_app(default_locale: Locale = "es", lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """The gateway's own answers; everything else it only passes on."""
    app = FastAPI(title="Clinic", version="1", openapi_url=None, lifespan=lifespan, redirect_slashes=False)
    app.include_router(screens.router)
    app.include_router(screens.test_router)
    Problems(SENTENCES, default_locale).install(app)
    return app


def gateway(settings: Settings) -> ASGIApp:
    """The whole gateway. Its connections are made when the server starts it and given back when it stops."""
    routes = RouteTable(with_test_routes=settings.app_env == "test")
    parts = Parts(settings.parts)
    proxy = Proxy(settings.parts, settings.max_in_flight)

    @asynccontextmanager
    async def connections(app: FastAPI) -> AsyncIterator[None]:
        await proxy.open()
        yield
        await proxy.close()
        await parts.close()

    own_screens = screens_app(settings.default_locale, connections)
    own_screens.state.parts = parts
    own_screens.state.whole_api = WholeApi(parts, own_screens.openapi(), routes)
    verifier = TokenVerifier(
        keys_at(settings.parts[Destination.IDENTITY]), settings.jwt_issuer, settings.jwt_audience
    )
    health_token = settings.health_check_token
    return telemetry.Tracing(
        Gateway(
            routes,
            Session(verifier, health_token.get_secret_value() if health_token else None),
            InFlight(_ARRIVING_PER_PLACE * settings.max_in_flight),
            InFlight(settings.max_in_flight),
            proxy,
            own_screens,
            Spa(settings.spa_dir, settings.for_the_screens, settings.default_locale),
            settings.trusted_proxies,
            settings.default_locale,
        )
    )


def create_app() -> ASGIApp:
    """For `uvicorn --factory`: the gateway as the environment describes it."""
    settings = Settings()
    telemetry.start("gateway", settings.otel_exporter_otlp_endpoint)
    return gateway(settings)


if __name__ == "__main__":
    if sys.argv[1:] != ["openapi"]:
        sys.exit("usage: python -m gateway.main openapi")
    json.dump(screens_app().openapi(), sys.stdout, indent=2, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")
