"""Invoices sent by e-mail: the outbox, and the log of each."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Id, Instant, LongText

revision = "billing_0004"
down_revision = "billing_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "deliveries",
        sa.Column("id", Id, nullable=False),
        sa.Column("invoice_id", Id, nullable=False),
        sa.Column("recipient", sa.String(180), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("subject", LongText, nullable=False),
        sa.Column("text", LongText, nullable=False),
        sa.Column("message_id", sa.String(320), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", LongText, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("claimed_at", Instant),
        sa.Column("next_attempt_at", Instant),
        sa.Column("sent_at", Instant),
        sa.Column("created_by_name", sa.String(150)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_deliveries_invoice_id"),
    )
    op.create_index("ix_deliveries_invoice_id", "deliveries", ["invoice_id"])
    op.create_index("ix_deliveries_state_next_attempt_at", "deliveries", ["state", "next_attempt_at"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("deliveries")
