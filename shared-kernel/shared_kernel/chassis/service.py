"""Puts a service together: its routes, its relay, its ears, its readiness; the same for every context."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from shared_kernel.chassis import redis_client, telemetry
from shared_kernel.chassis.answers import json_response, to_json
from shared_kernel.chassis.audit import Shown, audit_routes
from shared_kernel.chassis.calls import services_only
from shared_kernel.chassis.consumer import Consumer
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_feed import event_feed
from shared_kernel.chassis.listening import Listening
from shared_kernel.chassis.messages import Messages
from shared_kernel.chassis.openapi import DocumentedApp
from shared_kernel.chassis.peers import Peers
from shared_kernel.chassis.problems import Problems
from shared_kernel.chassis.relay import Relay
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import SERVICE_AUDIENCE, FetchKeys, TokenVerifier, keys_at
from shared_kernel.chassis.settings import ServiceSettings
from shared_kernel.chassis.subscription import Subscription
from shared_kernel.chassis.tables import dead_letters, idempotency_keys

_KEYS_KEPT = timedelta(days=2)
_ASK_AGAIN_SECONDS = 0.5
_DAY_SECONDS = 86_400.0

logger = logging.getLogger(__name__)

Lifetime = Callable[[], AbstractAsyncContextManager[None]]
Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Hearing:
    """What a context subscribes to, and where the others are whom it asks."""

    subscriptions: Sequence[Subscription] = ()
    urls: Mapping[str, str] = field(default_factory=dict)


class Chassis:
    """The running parts of one service. `committed` is rung by every commit, for the relay to hear."""

    def __init__(self, context: str, settings: ServiceSettings, hearing: Hearing | None = None) -> None:
        self.context = context
        self.settings = settings
        self.database = Database(settings.database_url)
        self.committed = asyncio.Event()
        hearing = hearing or Hearing()
        self.peers = Peers(
            context,
            settings.identity_url,
            settings.service_secret.get_secret_value(),
            dict(hearing.urls),
        )
        self.consumers = {
            s.source: Consumer(s, self.database, self.peers.pull) for s in hearing.subscriptions
        }

    def app(
        self,
        routers: Sequence[APIRouter],
        messages: Messages,
        lifetime: Lifetime | None = None,
        fetch_keys: FetchKeys | None = None,
        audit_shown: Shown | None = None,
        background: Sequence[Work] = (),
    ) -> FastAPI:
        """The ASGI application. `lifetime` brackets what the context itself keeps running, `background` is
        what it does for ever beside the requests, begun again when it breaks; `fetch_keys` replaces
        identity's published keys where they can be had without asking; `audit_shown` is told which changes
        an admin is shown."""
        app = DocumentedApp(
            title=self.context,
            version="1",
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=self._lifespan(lifetime, background),
            telemetry={"tracing": False, "metrics": False, "logs": False},  # it would record search words
            generate_unique_id_function=lambda route: route.name,
        )
        app.state.request_timeout = self.settings.request_timeout
        app.state.default_locale = self.settings.default_locale
        fetch = fetch_keys or keys_at(self.settings.identity_url)
        app.state.verifier = TokenVerifier(fetch, self.settings.jwt_issuer, self.settings.jwt_audience)
        app.state.service_verifier = TokenVerifier(fetch, self.settings.jwt_issuer, SERVICE_AUDIENCE)
        Problems(messages, self.settings.default_locale).install(app)
        for router in routers:
            app.include_router(router)
        app.include_router(audit_routes(self.context, self.database, self.settings.clinic_time, audit_shown))
        app.include_router(event_feed(self.database), dependencies=[Depends(services_only)])
        app.include_router(self._health())
        app.add_middleware(telemetry.Tracing)
        return app

    def _lifespan(self, lifetime: Lifetime | None, background: Sequence[Work]) -> Callable[[FastAPI], Any]:
        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            await self.database.refuse_unless_durable()
            relay = Relay(self.context, self.database, self.settings.redis_url, self.committed)
            works = (relay.run, daily(self._forget_old_keys), *background)
            running = [self._keep(work) for work in works]
            if self.consumers:
                listening = Listening(self.settings.redis_url, list(self.consumers.values()))
                running.append(self._keep(listening.run))
            try:
                async with lifetime() if lifetime else _nothing():
                    yield
            finally:
                await ended(running)
                await self.peers.close()
                await self.database.close()

        return lifespan

    def _keep(self, work: Work) -> asyncio.Task[None]:
        """Runs `work` for ever: what it did not expect is logged, and it is begun again."""

        async def keep() -> None:
            while True:
                try:
                    await work()
                except Exception:
                    logger.exception("restarted")
                await asyncio.sleep(1.0)

        return asyncio.create_task(keep())

    async def _forget_old_keys(self) -> None:
        async with self.database.writing() as connection:
            old = datetime.now(UTC) - _KEYS_KEPT
            await connection.execute(delete(idempotency_keys).where(idempotency_keys.c.created_at < old))
            await connection.commit()

    def _health(self) -> APIRouter:
        router = routes("health")

        @router.get("/health", include_in_schema=False)
        async def live() -> Response:
            return json_response({"status": "ok"})

        @router.get("/health/ready", include_in_schema=False)
        async def ready(request: Request) -> Response:
            parts = await self._readiness()
            down = parts["database"] != "ok"
            return Response(
                to_json({"status": "down" if down else "ok", **parts}),
                503 if down else 200,
                media_type="application/json",
            )

        return router

    async def _readiness(self) -> dict[str, Any]:
        try:
            async with self.database.reading() as connection:
                parked = await connection.execute(select(func.count()).select_from(dead_letters))
                database, dead = "ok", int(parked.scalar_one())
            checkpoints = {source: await c.checkpoint() for source, c in self.consumers.items()}
        except (SQLAlchemyError, OSError):
            database, dead, checkpoints = "down", None, {}
        return {
            "database": database,
            "redis": await redis_client.state(self.settings.redis_url),
            "deadLetters": dead,
            "checkpoints": checkpoints,
        }


def daily(work: Work) -> Work:
    """The work, done now and then once a day for ever."""

    async def for_ever() -> None:
        while True:
            await work()
            await asyncio.sleep(_DAY_SECONDS)

    return for_ever


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Returns when all have ended. Who does not is asked again: redis-py waits by asyncio.wait_for, which
    swallows a cancellation now and then (before Python 3.12)."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_ASK_AGAIN_SECONDS)


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield
