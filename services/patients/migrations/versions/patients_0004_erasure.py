"""Erasure at the patient's request: since when her data are blocked, and what she wrote."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Instant

revision = "patients_0004_erasure"
down_revision = "patients_0003_corrections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; ordinary lists leave the erased out, so the indexes they read begin with that."""
    op.add_column("patients", sa.Column("erased_at", Instant))
    op.add_column("patients", sa.Column("erasure_reason", sa.String(500)))
    for column in ("created_at", "sort_key"):
        op.drop_index(f"ix_patients_{column}", "patients")
        op.create_index(f"ix_patients_erased_at_{column}", "patients", ["erased_at", column])


def downgrade() -> None:
    """Remove the columns."""
    for column in ("created_at", "sort_key"):
        op.drop_index(f"ix_patients_erased_at_{column}", "patients")
        op.create_index(f"ix_patients_{column}", "patients", [column])
    op.drop_column("patients", "erasure_reason")
    op.drop_column("patients", "erased_at")
