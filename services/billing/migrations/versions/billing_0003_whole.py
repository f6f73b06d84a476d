"""Merged customers, drafts, payments, rectifications, packs, and the picture of the appointments."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Cents, Id, Instant, LongText

revision = "billing_0003"
down_revision = "billing_0002"
branch_labels = None
depends_on = None

_ISSUED = ("due_date", "due", "paid", "turnover", "kind", "rectifies_id", "reason")
_LINES = (
    ("concept", sa.String(255), False),
    ("description", LongText, True),
    ("quantity", Cents, False),
    ("unit_price", Cents, False),
    ("amount", Cents, False),
    ("appointment_id", Id, True),
    ("pack_sessions", sa.Integer, True),
)


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.add_column("invoices", sa.Column("due_date", sa.Date, nullable=False, server_default="2000-01-01"))
    for name in ("due", "paid", "turnover"):
        op.add_column("invoices", sa.Column(name, Cents, nullable=False, server_default="0"))
    op.add_column("invoices", sa.Column("kind", sa.String(11), nullable=False, server_default="ordinary"))
    op.add_column("invoices", sa.Column("rectifies_id", Id))
    op.add_column("invoices", sa.Column("reason", sa.String(500)))
    op.create_index("ix_invoices_rectifies_id", "invoices", ["rectifies_id"])
    for order in ("date", "amount"):
        op.drop_index(f"ix_invoices_{order}_number", "invoices")
        op.create_index(f"ix_invoices_{order}_number_series", "invoices", [order, "number", "series"])
    op.execute("UPDATE invoices SET due_date = date, due = amount, turnover = amount")
    op.add_column("invoice_lines", sa.Column("appointment_id", Id))
    op.add_column("invoice_lines", sa.Column("pack_sessions", sa.Integer))
    _create_customers_and_drafts()
    _create_payments()
    _create_packs()


def _create_customers_and_drafts() -> None:
    op.create_table(
        "merged_customers",
        sa.Column("id", Id, nullable=False),
        sa.Column("into_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_merged_customers"),
    )
    op.create_index("ix_merged_customers_into_id", "merged_customers", ["into_id"])
    op.create_table(
        "invoice_drafts",
        sa.Column("id", Id, nullable=False),
        sa.Column("date", sa.Date),
        sa.Column("due_date", sa.Date),
        sa.Column("customer_id", Id),
        sa.Column("patient_id", Id),
        sa.Column("full_name", sa.String(201)),
        sa.Column("tax_id", sa.String(20)),
        sa.Column("address", sa.String(500)),
        sa.Column("phone", sa.String(50)),
        sa.Column("email", sa.String(180)),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", Cents, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_drafts"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_invoice_drafts_customer_id"),
    )
    for column in ("updated_at", "customer_id", "patient_id"):
        op.create_index(f"ix_invoice_drafts_{column}", "invoice_drafts", [column])
    op.create_table(
        "draft_lines",
        sa.Column("draft_id", Id, nullable=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in _LINES),
        sa.PrimaryKeyConstraint("draft_id", "position", name="pk_draft_lines"),
        sa.ForeignKeyConstraint(["draft_id"], ["invoice_drafts.id"], name="fk_draft_lines_draft_id"),
    )


def _create_payments() -> None:
    op.create_table(
        "payments",
        sa.Column("id", Id, nullable=False),
        sa.Column("invoice_id", Id, nullable=False),
        sa.Column("kind", sa.String(7), nullable=False),
        sa.Column("amount", Cents, nullable=False),
        sa.Column("method", sa.String(8), nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payments"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_payments_invoice_id"),
    )
    op.create_index("ix_payments_invoice_id", "payments", ["invoice_id"])
    op.create_index("ix_payments_date", "payments", ["date"])


def _create_packs() -> None:
    op.create_table(
        "packs",
        sa.Column("id", Id, nullable=False),
        sa.Column("patient_id", Id, nullable=False),
        sa.Column("invoice_id", Id, nullable=False),
        sa.Column("concept", sa.String(255), nullable=False),
        sa.Column("sessions", sa.Integer, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.Column("sold_on", sa.Date, nullable=False),
        sa.Column("closed_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_packs"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_packs_invoice_id"),
        sa.CheckConstraint("used >= 0 AND used <= sessions", name="ck_packs_used"),
    )
    op.create_index("ix_packs_patient_id", "packs", ["patient_id"])
    op.create_index("ix_packs_invoice_id", "packs", ["invoice_id"])
    op.create_table(
        "pack_uses",
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("pack_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("appointment_id", name="pk_pack_uses"),
        sa.ForeignKeyConstraint(["pack_id"], ["packs.id"], name="fk_pack_uses_pack_id"),
    )
    op.create_index("ix_pack_uses_pack_id", "pack_uses", ["pack_id"])
    op.create_table(
        "billed_visits",
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("invoice_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("appointment_id", name="pk_billed_visits"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_billed_visits_invoice_id"),
    )
    op.create_index("ix_billed_visits_invoice_id", "billed_visits", ["invoice_id"])
    op.create_table(
        "visits",
        sa.Column("id", Id, nullable=False),
        sa.Column("patient_id", Id),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("treatment", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index("ix_visits_patient_id_day", "visits", ["patient_id", "day"])
    op.create_table(
        "patient_ledgers",
        sa.Column("patient_id", Id, nullable=False),
        sa.Column("v", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("patient_id", name="pk_patient_ledgers"),
    )


def downgrade() -> None:
    """Remove the tables and columns."""
    for table in (
        "patient_ledgers",
        "visits",
        "billed_visits",
        "pack_uses",
        "packs",
        "payments",
        "draft_lines",
        "invoice_drafts",
        "merged_customers",
    ):
        op.drop_table(table)
    op.drop_column("invoice_lines", "pack_sessions")
    op.drop_column("invoice_lines", "appointment_id")
    for order in ("date", "amount"):
        op.drop_index(f"ix_invoices_{order}_number_series", "invoices")
        op.create_index(f"ix_invoices_{order}_number", "invoices", [order, "number"])
    op.drop_index("ix_invoices_rectifies_id", "invoices")
    for column in _ISSUED[::-1]:
        op.drop_column("invoices", column)
