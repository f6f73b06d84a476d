"""Puts the scheduling service together; the only module that knows all the others."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError

from scheduling.adapters.sql import SqlWork
from scheduling.domain import DiaryRules
from scheduling.http.appointments import CatchUp, appointment_routes
from scheduling.http.messages import MESSAGES
from scheduling.http.practitioners import practitioner_routes
from scheduling.queries.holdings import holdings
from scheduling.subscribers import SUBSCRIPTIONS
from shared_kernel.chassis import command_line, telemetry
from shared_kernel.chassis.consumer import Consumer
from shared_kernel.chassis.holdings_feed import holdings_feed
from shared_kernel.chassis.security import FetchKeys
from shared_kernel.chassis.service import Chassis, Hearing
from shared_kernel.chassis.settings import ServiceSettings
from shared_kernel.chassis.unit_of_work import Transactions

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"

logger = logging.getLogger(__name__)


class SchedulingSettings(ServiceSettings):
    """The environment of this service. `max_appointment_duration` is in hours."""

    database_url: str = Field(
        default="sqlite+aiosqlite:///var/scheduling.db", validation_alias="SCHEDULING_DATABASE_URL"
    )
    patients_url: str = "http://127.0.0.1:8002"
    max_appointment_duration: float = Field(default=10, gt=0, le=24)

    @property
    def rules(self) -> DiaryRules:
        """What the clinic has decided, as the word the domain speaks."""
        return DiaryRules(self.clinic_time, timedelta(hours=self.max_appointment_duration))


def create_app() -> FastAPI:
    """The service as its environment says, with its telemetry begun; what uvicorn starts."""
    settings = SchedulingSettings()
    telemetry.start("scheduling", settings.otel_exporter_otlp_endpoint)
    return build_app(settings)


def build_app(settings: SchedulingSettings, fetch_keys: FetchKeys | None = None) -> FastAPI:
    """The service on its adapters; `fetch_keys` stands in for identity's published keys."""
    owners = {"identity": settings.identity_url, "patients": settings.patients_url}
    chassis = Chassis("scheduling", settings, Hearing(SUBSCRIPTIONS, owners))
    transactions = Transactions(
        chassis.database, SqlWork, chassis.committed, audited=settings.audit_trail_enabled
    )
    routers = [
        practitioner_routes(chassis.database),
        appointment_routes(transactions, chassis.database, settings.rules, _catching_up(chassis)),
        holdings_feed(chassis.database, holdings),
    ]
    return chassis.app(routers, MESSAGES, fetch_keys=fetch_keys)


def _catching_up(chassis: Chassis) -> CatchUp:
    async def level(consumer: Consumer) -> None:
        try:
            await consumer.catch_up()
        except (httpx.HTTPError, SQLAlchemyError) as error:
            source = consumer.subscription.source
            logger.warning("owner away", extra={"source": source, "reason": type(error).__name__})

    async def catch_up() -> None:
        await asyncio.gather(*(level(consumer) for consumer in chassis.consumers.values()))

    return catch_up


if __name__ == "__main__":
    command_line.run(SchedulingSettings(), MIGRATIONS, build_app)
