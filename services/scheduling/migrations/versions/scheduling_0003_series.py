"""Appointments that were booked together."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Id

revision = "scheduling_0003"
down_revision = "scheduling_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the series to the appointments."""
    with op.batch_alter_table("appointments") as appointments:
        appointments.add_column(sa.Column("series_id", Id))
    op.create_index("ix_appointments_series_id", "appointments", ["series_id"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index("ix_appointments_series_id", "appointments")
    with op.batch_alter_table("appointments") as appointments:
        appointments.drop_column("series_id")
