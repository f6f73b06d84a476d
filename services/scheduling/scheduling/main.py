"""Puts the scheduling service together; the only module that knows all the others."""

import asyncio
import logging
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI
from pydantic import Field, field_validator, model_validator
from sqlalchemy.exc import SQLAlchemyError

from scheduling.adapters.courier import ReminderCourier
from scheduling.adapters.letters import Clinic, ReminderWords
from scheduling.adapters.sql import SqlWork
from scheduling.domain.diary import DiaryRules
from scheduling.domain.reminder import ReminderRules
from scheduling.domain.visit import VisitLinks
from scheduling.domain.week_grid import WEEKDAYS, WeekGrid
from scheduling.http.appointments import CatchUp, appointment_routes
from scheduling.http.calendar import calendar_routes
from scheduling.http.calendar_feed import CalendarStyle, Names, calendar_feed_routes, public_feed_routes
from scheduling.http.gaps import gap_routes
from scheduling.http.messages import MESSAGES
from scheduling.http.practitioners import practitioner_routes
from scheduling.http.reminders import reminder_routes
from scheduling.http.series import series_routes
from scheduling.http.visits import visit_routes
from scheduling.http.waiting import waiting_list_routes, waiting_routes
from scheduling.http.working_hours import availability_routes, time_off_routes, week_grid_routes
from scheduling.queries.holdings import holdings
from scheduling.subscribers import SUBSCRIPTIONS
from shared_kernel.chassis import command_line, telemetry
from shared_kernel.chassis.consumer import Consumer
from shared_kernel.chassis.courier import Clock
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.holdings_feed import holdings_feed
from shared_kernel.chassis.mail_settings import MailSettings
from shared_kernel.chassis.security import FetchKeys
from shared_kernel.chassis.service import Chassis, Hearing, Work, daily
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.errors import Invalid

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"

logger = logging.getLogger(__name__)


def _hours(*hours: int) -> str:
    """`_hours(9, 10)`: `09:00-10:00,10:00-11:00`."""
    return ",".join(f"{hour:02}:00-{hour + 1:02}:00" for hour in hours)


def _entries(slots: str) -> list[str]:
    return [entry.strip() for entry in slots.split(",")] if slots.strip() else []


class SchedulingSettings(MailSettings):
    """The environment of this service. `max_appointment_duration` is in hours, `default_appointment_duration`
    in minutes, and a day's slots are `09:00-10:00,10:00-11:00`, nothing for closed."""

    database_url: str = Field(
        default="sqlite+aiosqlite:///var/scheduling.db", validation_alias="SCHEDULING_DATABASE_URL"
    )
    audit_trail_appointment_enabled: bool = True
    patients_url: str = "http://127.0.0.1:8002"
    max_appointment_duration: float = Field(default=10, gt=0, le=24)

    default_appointment_duration: int = Field(default=60, ge=5, le=1440, multiple_of=5)
    calendar_feed_names: Names = "initials"
    calendar_slots_monday: str = _hours(9, 10, 11, 12, 14, 15)
    calendar_slots_tuesday: str = _hours(9, 10, 11, 15, 16)
    calendar_slots_wednesday: str = _hours(9, 10, 11, 12, 14, 15, 16)
    calendar_slots_thursday: str = _hours(9, 10, 11, 15)
    calendar_slots_friday: str = _hours(9, 10, 11, 12, 14, 15, 16)
    calendar_slots_saturday: str = ""
    calendar_slots_sunday: str = ""

    reminder_hours_before: float = Field(default=24, ge=0, le=720)
    public_url: str = ""

    @field_validator("public_url")
    @classmethod
    def _sound_address(cls, address: str) -> str:
        parts = urlsplit(address)
        if address and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
            raise ValueError("must be like https://clinic.example")
        return address.rstrip("/")

    @property
    def mail_domain(self) -> str:
        """Without a sender, that of the clinic's address."""
        return super().mail_domain if self.mail_server else urlsplit(self.public_url).hostname or "localhost"

    @property
    def reminder_rules(self) -> ReminderRules:
        """What the clinic has decided of reminders."""
        return ReminderRules(
            ahead=timedelta(hours=self.reminder_hours_before),
            sends=self.mail_server is not None,
            lease=self.mail_lease,
        )

    @property
    def clinic(self) -> Clinic:
        """How the clinic shows itself to patients."""
        return Clinic(
            self.clinic_name, self.company_phone, self.public_url, self.default_locale, self.clinic_time
        )

    @model_validator(mode="after")
    def _sound_week(self) -> Self:
        try:
            self.week_grid  # noqa: B018 - built once here, so that a malformed one refuses to start
        except Invalid as refusal:
            named = (
                f"CALENDAR_SLOTS_{violation.path.partition('.')[0].upper()}: "
                f"{violation.facts.get('entry')!r} {MESSAGES[violation.code]['en']}"
                for violation in refusal.violations
            )
            raise ValueError("; ".join(named)) from refusal
        return self

    @property
    def week_grid(self) -> WeekGrid:
        """The hours a practitioner offers who has none of her own. Raises Invalid."""
        told = {day: getattr(self, f"calendar_slots_{day}") for day in WEEKDAYS}
        return WeekGrid.build({day: _entries(slots) for day, slots in told.items()})

    @property
    def calendar_style(self) -> CalendarStyle:
        """How the calendars are written that programs subscribe to."""
        return CalendarStyle(self.clinic_time, self.default_locale, self.calendar_feed_names)

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
    transactions = Transactions(chassis.database, SqlWork, chassis.committed, is_audited=settings.is_audited)
    database, rules, default = chassis.database, settings.rules, settings.week_grid
    routers = [
        practitioner_routes(database),
        calendar_routes(database, rules),
        appointment_routes(transactions, rules, _catching_up(chassis)),
        series_routes(transactions, default, rules, _catching_up(chassis)),
        waiting_list_routes(database, rules),
        waiting_routes(transactions, rules, _catching_up(chassis)),
        calendar_feed_routes(transactions, database, settings.calendar_style),
        public_feed_routes(database, settings.calendar_style),
        gap_routes(transactions, default, rules),
        week_grid_routes(transactions, database, default),
        time_off_routes(transactions, database, rules),
        availability_routes(database, default, rules, settings.default_appointment_duration),
        holdings_feed(database, holdings),
    ]
    links, hours = visit_links(settings), settings.reminder_hours_before
    routers += [
        reminder_routes(transactions, database, settings.reminder_rules, settings.clinic_time),
        visit_routes(transactions, database, links, settings.clinic_time, settings.default_locale),
    ]
    reminding = courier(settings, database, transactions, links, lambda: datetime.now(UTC))
    background: list[Work] = [daily(reminding.prune), *([reminding.run] if hours else [])]
    return chassis.app(routers, MESSAGES, fetch_keys=fetch_keys, background=background)


def visit_links(settings: SchedulingSettings) -> VisitLinks:
    """Without a secret of the clinic's (tests) the links are good as long as the process lives."""
    return VisitLinks(settings.service_secret.get_secret_value().encode() or secrets.token_bytes(32))


def courier(
    settings: SchedulingSettings,
    database: Database,
    transactions: Transactions[SqlWork],
    links: VisitLinks,
    clock: Clock,
) -> ReminderCourier:
    """What writes and sends the reminders; `clock` tells the time in UTC."""
    return ReminderCourier(
        database,
        transactions,
        settings.reminder_rules,
        ReminderWords(settings.clinic, links),
        settings.notifier,
        settings.mail_domain,
        clock,
    )


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
