"""Puts the patients service together; the only module that knows all the others."""

from pathlib import Path

from fastapi import FastAPI
from pydantic import Field

from patients.adapters import search_index
from patients.adapters.access_log import AccessLog
from patients.adapters.copy_page import CopyPrinter
from patients.adapters.other_contexts import OtherContextsOverHttp
from patients.adapters.sql import SqlWork
from patients.http.access_log import access_log_routes
from patients.http.changes import note_clinical_changes
from patients.http.data_subject import data_subject_routes, install_refusals
from patients.http.messages import MESSAGES
from patients.http.records import record_routes
from patients.http.registry import registry_routes
from patients.queries.holdings import holdings
from shared_kernel.chassis import command_line, telemetry
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.holdings_feed import holdings_feed
from shared_kernel.chassis.security import FetchKeys
from shared_kernel.chassis.service import Chassis, Hearing
from shared_kernel.chassis.settings import ServiceSettings
from shared_kernel.chassis.typesetting import Typesetter
from shared_kernel.chassis.unit_of_work import Transactions

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"


class PatientsSettings(ServiceSettings):
    """The environment of this service."""

    database_url: str = Field(
        default="sqlite+aiosqlite:///var/patients.db", validation_alias="PATIENTS_DATABASE_URL"
    )
    audit_trail_patient_enabled: bool = True
    audit_trail_clinical_record_enabled: bool = True
    scheduling_url: str = "http://127.0.0.1:8003"
    billing_url: str = "http://127.0.0.1:8004"
    company_name: str = ""
    pdf_timeout: float = Field(default=18.0, gt=0)


def create_app() -> FastAPI:
    """The service as its environment says, with its telemetry begun; what uvicorn starts."""
    settings = PatientsSettings()
    telemetry.start("patients", settings.otel_exporter_otlp_endpoint)
    return build_app(settings)


def build_app(settings: PatientsSettings, fetch_keys: FetchKeys | None = None) -> FastAPI:
    """The service on its adapters; `fetch_keys` stands in for identity's published keys."""
    others = {"scheduling": settings.scheduling_url, "billing": settings.billing_url}
    chassis = Chassis("patients", settings, Hearing(urls=others))
    transactions = Transactions(chassis.database, SqlWork, chassis.committed, is_audited=settings.is_audited)
    accesses = AccessLog(chassis.database)
    typesetter = Typesetter(1, settings.pdf_timeout)
    routers = [
        registry_routes(transactions, chassis.database, accesses, settings.clinic_time),
        record_routes(transactions, chassis.database, accesses, settings.clinic_time),
        access_log_routes(chassis.database, settings.clinic_time),
        data_subject_routes(
            transactions,
            chassis.database,
            OtherContextsOverHttp(chassis.peers),
            accesses,
            CopyPrinter(settings.company_name, settings.clinic_time, typesetter),
            settings.clinic_time,
        ),
        holdings_feed(chassis.database, holdings),
    ]
    app = chassis.app(
        routers,
        MESSAGES,
        lifetime=typesetter.running,
        fetch_keys=fetch_keys,
        audit_shown=note_clinical_changes(chassis.database, accesses),
    )
    install_refusals(app)
    return app


async def migrate() -> None:
    """Bring the schema up to date, and the search index with it."""
    from shared_kernel.chassis import schema  # Alembic: slow to import, and no server needs it

    database = Database(PatientsSettings().database_url)
    await schema.migrate(database, MIGRATIONS)
    async with database.writing() as connection:
        await search_index.rebuild_when_outdated(connection)
        await connection.commit()
    await database.close()


async def rebuild_search() -> dict[str, int]:
    """Build the search index anew; the clinic may be running."""
    database = Database(PatientsSettings().database_url)
    async with database.writing() as connection:
        indexed = await search_index.rebuild(connection)
        await connection.commit()
    await database.close()
    return {"patients": indexed}


if __name__ == "__main__":
    command_line.run(
        PatientsSettings(), MIGRATIONS, build_app, {"migrate": migrate, "rebuild-search": rebuild_search}
    )
