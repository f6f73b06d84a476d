"""The schema of billing, beside the chassis tables."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
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

merged_customers = Table(
    "merged_customers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("into_id", Id, nullable=False),
    Index("ix_merged_customers_into_id", "into_id"),
)
"""Ids that customers once had, and whose they are now."""

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
    Column("due_date", Date, nullable=False),
    Column("due", Cents, nullable=False),
    Column("paid", Cents, nullable=False),
    Column("turnover", Cents, nullable=False),
    Column("kind", String(11), nullable=False),
    Column("rectifies_id", Id),
    Column("reason", String(500)),
    UniqueConstraint("number", "series"),
    Index("ix_invoices_date_number_series", "date", "number", "series"),
    Index("ix_invoices_amount_number_series", "amount", "number", "series"),
    Index("ix_invoices_customer_id", "customer_id"),
    Index("ix_invoices_patient_id", "patient_id"),
    Index("ix_invoices_blocked_for", "blocked_for"),
    Index("ix_invoices_rectifies_id", "rectifies_id"),
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
    Column("appointment_id", Id),
    Column("pack_sessions", Integer),
)

invoice_drafts = Table(
    "invoice_drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("date", Date),
    Column("due_date", Date),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("patient_id", Id),
    Column("full_name", String(201)),
    Column("tax_id", String(20)),
    Column("address", String(500)),
    Column("phone", String(50)),
    Column("email", String(180)),
    Column("currency", String(3), nullable=False),
    Column("amount", Cents, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_invoice_drafts_updated_at", "updated_at"),
    Index("ix_invoice_drafts_customer_id", "customer_id"),
    Index("ix_invoice_drafts_patient_id", "patient_id"),
)

draft_lines = Table(
    "draft_lines",
    metadata,
    Column("draft_id", Id, ForeignKey("invoice_drafts.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("concept", String(255), nullable=False),
    Column("description", LongText),
    Column("quantity", Cents, nullable=False),
    Column("unit_price", Cents, nullable=False),
    Column("amount", Cents, nullable=False),
    Column("appointment_id", Id),
    Column("pack_sessions", Integer),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("invoice_id", Id, ForeignKey("invoices.id"), nullable=False),
    Column("kind", String(7), nullable=False),
    Column("amount", Cents, nullable=False),
    Column("method", String(8), nullable=False),
    Column("date", Date, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_payments_invoice_id", "invoice_id"),
    Index("ix_payments_date", "date"),
)
"""Of a replaced invoice they are the replacement's."""

packs = Table(
    "packs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("patient_id", Id, nullable=False),
    Column("invoice_id", Id, ForeignKey("invoices.id"), nullable=False),
    Column("concept", String(255), nullable=False),
    Column("sessions", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("sold_on", Date, nullable=False),
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("used >= 0 AND used <= sessions", name="ck_packs_used"),
    Index("ix_packs_patient_id", "patient_id"),
    Index("ix_packs_invoice_id", "invoice_id"),
)

pack_uses = Table(
    "pack_uses",
    metadata,
    Column("appointment_id", Id, primary_key=True),
    Column("pack_id", Id, ForeignKey("packs.id"), nullable=False),
    Index("ix_pack_uses_pack_id", "pack_id"),
)
"""The primary key lets no visit be paid twice."""

billed_visits = Table(
    "billed_visits",
    metadata,
    Column("appointment_id", Id, primary_key=True),
    Column("invoice_id", Id, ForeignKey("invoices.id"), nullable=False),
    Index("ix_billed_visits_invoice_id", "invoice_id"),
)
"""The visits that invoices in force bill; the primary key lets none be billed twice."""

visits = Table(
    "visits",
    metadata,
    Column("id", Id, primary_key=True),
    Column("patient_id", Id),
    Column("starts_at", Instant, nullable=False),
    Column("day", Date, nullable=False),
    Column("treatment", Boolean, nullable=False),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_visits_patient_id_day", "patient_id", "day"),
)
"""The picture of the appointments; `day` is the clinic's."""

patient_ledgers = Table(
    "patient_ledgers",
    metadata,
    Column("patient_id", Id, primary_key=True),
    Column("v", Integer, nullable=False),
)
"""A row to lock, so that what is attended and what is sold of one patient are settled one after the other."""

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
