"""Puts the billing service together; the only module that knows all the others."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self

from fastapi import FastAPI
from pydantic import Field, model_validator

from billing.adapters.courier import DeliveryCourier
from billing.adapters.invoice_page import InvoicePage
from billing.adapters.letterhead import Letterhead, read_logo
from billing.adapters.letters import InvoiceWords
from billing.adapters.sql import SqlWork
from billing.adapters.weasyprint import WeasyPrinter
from billing.domain.delivery import DeliveryRules
from billing.domain.numbering import Series
from billing.http.customers import customer_routes
from billing.http.deliveries import delivery_routes
from billing.http.drafts import draft_routes
from billing.http.exports import export_routes
from billing.http.hearing import Hearers
from billing.http.house import House
from billing.http.invoices import invoice_routes
from billing.http.messages import MESSAGES
from billing.http.numbers import number_routes
from billing.http.packs import pack_routes
from billing.http.payments import payment_routes
from billing.http.prefill import prefill_routes
from billing.http.printing import printing_routes
from billing.http.rectifications import rectification_routes
from billing.ports import InvoicePrinter
from billing.queries.holdings import holdings
from billing.queries.invoices import issued_invoice
from billing.subscribers import PATIENTS, scheduling_heard_by
from shared_kernel.chassis import command_line, telemetry
from shared_kernel.chassis.courier import Clock
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.holdings_feed import holdings_feed
from shared_kernel.chassis.mail_settings import MailSettings
from shared_kernel.chassis.security import FetchKeys
from shared_kernel.chassis.service import Chassis, Hearing, Work
from shared_kernel.chassis.typesetting import Typesetter
from shared_kernel.chassis.unit_of_work import Transactions

MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"


class BillingSettings(MailSettings):
    """The environment of this service."""

    database_url: str = Field(
        default="sqlite+aiosqlite:///var/billing.db", validation_alias="BILLING_DATABASE_URL"
    )
    audit_trail_customer_enabled: bool = True
    audit_trail_invoice_enabled: bool = True
    patients_url: str = "http://127.0.0.1:8002"
    scheduling_url: str = "http://127.0.0.1:8003"
    invoice_prefix: str = Field(default="F", max_length=10)
    rectification_prefix: str = Field(default="R", max_length=10)
    invoice_due_days: int = Field(default=30, ge=0, le=365)
    invoice_edit_enabled: bool = False
    default_currency: str = Field(default="EUR", pattern="^[A-Z]{3}$")
    company_tax_id: str = ""
    company_address_line1: str = ""
    company_address_line2: str = ""
    company_email: str = ""
    company_web: str = ""
    company_logo_path: str = ""
    exemption_text: str = ""
    pdf_workers: int = Field(default=1, ge=1, le=8)
    pdf_timeout: float = Field(default=18.0, gt=0)
    pdf_prewarm: bool = True

    @model_validator(mode="after")
    def _tell_series_apart(self) -> Self:
        if self.invoice_prefix.casefold() == self.rectification_prefix.casefold():
            raise ValueError("INVOICE_PREFIX and RECTIFICATION_PREFIX must differ")
        return self

    @property
    def house(self) -> House:
        """The clinic's ways with invoices."""
        return House(
            prefixes={
                Series.ORDINARY: self.invoice_prefix,
                Series.RECTIFYING: self.rectification_prefix,
            },
            currency=self.default_currency,
            clinic_time=self.clinic_time,
            due_days=self.invoice_due_days,
            edit_enabled=self.invoice_edit_enabled,
            sends_mail=self.mail_server is not None,
        )

    @property
    def delivery_rules(self) -> DeliveryRules:
        """How invoices are sent; a lease outlives the printing too."""
        return DeliveryRules(
            sends=self.mail_server is not None,
            lease=self.mail_lease + timedelta(seconds=self.pdf_timeout),
            domain=self.mail_domain,
        )

    @property
    def invoice_words(self) -> InvoiceWords:
        """What is written to whoever gets an invoice."""
        return InvoiceWords(self.clinic_name, self.company_phone, self.house.prefixes)

    @property
    def letterhead(self) -> Letterhead:
        """The issuer of the invoices. Raises UnusableLogo."""
        return Letterhead(
            name=self.company_name,
            tax_id=self.company_tax_id,
            address_line1=self.company_address_line1,
            address_line2=self.company_address_line2,
            phone=self.company_phone,
            email=self.company_email,
            web=self.company_web,
            logo=read_logo(Path(self.company_logo_path)) if self.company_logo_path else None,
        )


def create_app() -> FastAPI:
    """The service as its environment says, with its telemetry begun; what uvicorn starts."""
    settings = BillingSettings()
    telemetry.start("billing", settings.otel_exporter_otlp_endpoint)
    return build_app(settings)


def build_app(settings: BillingSettings, fetch_keys: FetchKeys | None = None) -> FastAPI:
    """The service on its adapters; `fetch_keys` stands in for identity's published keys."""
    heard = [PATIENTS, scheduling_heard_by(settings.clinic_time)]
    urls = {"patients": settings.patients_url, "scheduling": settings.scheduling_url}
    chassis = Chassis("billing", settings, Hearing(heard, urls))
    transactions = Transactions(chassis.database, SqlWork, chassis.committed, is_audited=settings.is_audited)
    database, house = chassis.database, settings.house
    hearers = Hearers(
        database=database,
        hear_of_patients=chassis.consumers["patients"].catch_up,
        hear_of_appointments=chassis.consumers["scheduling"].catch_up,
    )
    page = InvoicePage(settings.letterhead, house.prefixes, settings.exemption_text or None)
    typesetter = Typesetter(settings.pdf_workers, settings.pdf_timeout)
    printer = WeasyPrinter(page, typesetter)
    routers = [
        customer_routes(transactions, database),
        draft_routes(transactions, database, house, hearers),
        number_routes(database, house),
        export_routes(database, house),
        invoice_routes(transactions, database, house, hearers),
        payment_routes(transactions, database, house),
        rectification_routes(transactions, house, hearers),
        pack_routes(database, house),
        prefill_routes(database, house, hearers),
        printing_routes(database, printer),
        delivery_routes(transactions, database, settings.invoice_words, settings.delivery_rules),
        holdings_feed(database, holdings),
    ]
    delivering = courier(settings, database, transactions, printer, lambda: datetime.now(UTC))
    background: list[Work] = [delivering.run] if delivering else []
    return chassis.app(
        routers,
        MESSAGES,
        lifetime=lambda: typesetter.running(settings.pdf_prewarm),
        fetch_keys=fetch_keys,
        background=background,
    )


def courier(
    settings: BillingSettings,
    database: Database,
    transactions: Transactions[SqlWork],
    printer: InvoicePrinter,
    clock: Clock,
) -> DeliveryCourier | None:
    """What sends the invoices, where there is a mail server; `clock` tells the time in UTC."""
    notifier = settings.notifier
    if notifier is None:
        return None
    read = partial(issued_invoice, blocked=False)
    return DeliveryCourier(database, transactions, settings.delivery_rules, read, printer, notifier, clock)


if __name__ == "__main__":
    command_line.run(BillingSettings(), MIGRATIONS, build_app)
