"""The schema of billing, beside the chassis tables."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from shared_kernel.chassis.database import Cents, Id, Instant, LongText
from shared_kernel.chassis.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

customers = Table(
    "customers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100)),
    Column("full_name", String(201), nullable=False),
    Column("sort_key", String(201), nullable=False, info={"audited": False}),
    Column("search_text", String(800), nullable=False, info={"audited": False}),
    Column("tax_id", String(20), nullable=False),
    Column("tax_id_warning", Boolean, nullable=False),
    Column("email", String(180)),
    Column("phone", String(50)),
    Column("billing_address", String(500), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("erased_at", Instant, info={"audited": False}),
    UniqueConstraint("tax_id"),
    Index("ix_customers_sort_key", "sort_key"),
)

invoice_counters = Table(
    "invoice_counters",
    metadata,
    Column("series", String(1), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("last_date", Date, nullable=False),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("series", String(1), nullable=False),
    Column("number", String(10), nullable=False),
    Column("date", Date, nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("patient_id", Id),
    Column("full_name", String(201), nullable=False),
    Column("tax_id", String(20)),
    Column("address", String(500), nullable=False),
    Column("phone", String(50)),
    Column("email", String(180)),
    Column("search_text", String(500), nullable=False, info={"audited": False}),
    Column("currency", String(3), nullable=False),
    Column("amount", Cents, nullable=False),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("blocked_for", Id, info={"audited": False}),
    UniqueConstraint("number", "series"),
    Index("ix_invoices_date_number", "date", "number"),
    Index("ix_invoices_amount_number", "amount", "number"),
    Index("ix_invoices_customer_id", "customer_id"),
    Index("ix_invoices_patient_id", "patient_id"),
    Index("ix_invoices_blocked_for", "blocked_for"),
)

invoice_lines = Table(
    "invoice_lines",
    metadata,
    Column("invoice_id", Id, ForeignKey("invoices.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("concept", String(255), nullable=False),
    Column("description", LongText),
    Column("quantity", Cents, nullable=False),
    Column("unit_price", Cents, nullable=False),
    Column("amount", Cents, nullable=False),
)

payers = Table(
    "payers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("full_name", String(151), nullable=False),
    Column("tax_id", String(15)),
    Column("address", String(250)),
    Column("phone", String(50)),
    Column("email", String(100)),
    Column("rate", Cents),
    Column("customer_id", Id),
    Column("version", Integer, nullable=False),
    Column("erased_at", Instant),
)
"""The picture of the patients; of one who was erased only that she was."""
