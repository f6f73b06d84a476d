"""Erasure at the patient's request: since when her data are blocked, and what she wrote."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Instant

revision = "patients_0004_erasure"
down_revision = "patients_0003_corrections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("patients", sa.Column("erased_at", Instant))
    op.add_column("patients", sa.Column("erasure_reason", sa.String(500)))


def downgrade() -> None:
    """Remove the columns."""
    op.drop_column("patients", "erasure_reason")
    op.drop_column("patients", "erased_at")
