"""Patients who were erased: who of the payers, whose customer's record, whose invoices are blocked."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Id, Instant

revision = "billing_0002"
down_revision = "billing_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("payers", sa.Column("erased_at", Instant))
    op.add_column("customers", sa.Column("erased_at", Instant))
    op.add_column("invoices", sa.Column("blocked_for", Id))
    op.create_index("ix_invoices_blocked_for", "invoices", ["blocked_for"])


def downgrade() -> None:
    """Remove the columns."""
    op.drop_index("ix_invoices_blocked_for", "invoices")
    op.drop_column("invoices", "blocked_for")
    op.drop_column("customers", "erased_at")
    op.drop_column("payers", "erased_at")
