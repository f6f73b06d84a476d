"""Customers, invoices with their counters and lines, and the picture of the patients."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Cents, Id, Instant, LongText

revision = "billing_0001"
down_revision = None
branch_labels = ("billing",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "customers",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100)),
        sa.Column("full_name", sa.String(201), nullable=False),
        sa.Column("sort_key", sa.String(201), nullable=False),
        sa.Column("search_text", sa.String(800), nullable=False),
        sa.Column("tax_id", sa.String(20), nullable=False),
        sa.Column("tax_id_warning", sa.Boolean, nullable=False),
        sa.Column("email", sa.String(180)),
        sa.Column("phone", sa.String(50)),
        sa.Column("billing_address", sa.String(500), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("tax_id", name="uq_customers_tax_id"),
    )
    op.create_index("ix_customers_sort_key", "customers", ["sort_key"])
    op.create_table(
        "invoice_counters",
        sa.Column("series", sa.String(1), nullable=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("last_date", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name="pk_invoice_counters"),
    )
    op.create_table(
        "invoices",
        sa.Column("id", Id, nullable=False),
        sa.Column("series", sa.String(1), nullable=False),
        sa.Column("number", sa.String(10), nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("customer_id", Id),
        sa.Column("patient_id", Id),
        sa.Column("full_name", sa.String(201), nullable=False),
        sa.Column("tax_id", sa.String(20)),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("phone", sa.String(50)),
        sa.Column("email", sa.String(180)),
        sa.Column("search_text", sa.String(500), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", Cents, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.UniqueConstraint("number", "series", name="uq_invoices_number_series"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_invoices_customer_id"),
    )
    op.create_index("ix_invoices_date_number", "invoices", ["date", "number"])
    op.create_index("ix_invoices_amount_number", "invoices", ["amount", "number"])
    op.create_index("ix_invoices_customer_id", "invoices", ["customer_id"])
    op.create_index("ix_invoices_patient_id", "invoices", ["patient_id"])
    op.create_table(
        "invoice_lines",
        sa.Column("invoice_id", Id, nullable=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("concept", sa.String(255), nullable=False),
        sa.Column("description", LongText),
        sa.Column("quantity", Cents, nullable=False),
        sa.Column("unit_price", Cents, nullable=False),
        sa.Column("amount", Cents, nullable=False),
        sa.PrimaryKeyConstraint("invoice_id", "position", name="pk_invoice_lines"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_invoice_lines_invoice_id"),
    )
    op.create_table(
        "payers",
        sa.Column("id", Id, nullable=False),
        sa.Column("full_name", sa.String(151), nullable=False),
        sa.Column("tax_id", sa.String(15)),
        sa.Column("address", sa.String(250)),
        sa.Column("phone", sa.String(50)),
        sa.Column("email", sa.String(100)),
        sa.Column("rate", Cents),
        sa.Column("customer_id", Id),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payers"),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("payers", "invoice_lines", "invoices", "invoice_counters", "customers"):
        op.drop_table(table)
