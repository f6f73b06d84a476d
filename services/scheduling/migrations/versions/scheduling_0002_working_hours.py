"""Gaps, week grids, time off, and why something was overbooked."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Id, Instant

revision = "scheduling_0002"
down_revision = "scheduling_0001"
branch_labels = None
depends_on = None

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def upgrade() -> None:
    """Create the tables, and the column beside the status."""
    with op.batch_alter_table("appointments") as appointments:
        appointments.add_column(sa.Column("overbook_reason", sa.String(500)))
    op.create_table(
        "gaps",
        sa.Column("id", Id, nullable=False),
        sa.Column("practitioner_id", Id, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("consumed_by", Id),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
    op.create_index("ix_gaps_starts_at", "gaps", ["starts_at"])
    op.create_index("ix_gaps_practitioner_id_starts_at", "gaps", ["practitioner_id", "starts_at"])
    op.create_table(
        "times_off",
        sa.Column("id", Id, nullable=False),
        sa.Column("practitioner_id", Id),
        sa.Column("title", sa.String(255)),
        sa.Column("all_day", sa.Boolean, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_times_off"),
    )
    op.create_index("ix_times_off_ends_at", "times_off", ["ends_at"])
    op.create_table(
        "working_weeks",
        sa.Column("id", Id, nullable=False),
        *(sa.Column(weekday, sa.String(600), nullable=False) for weekday in _WEEKDAYS),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_working_weeks"),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("working_weeks", "times_off", "gaps"):
        op.drop_table(table)
    with op.batch_alter_table("appointments") as appointments:
        appointments.drop_column("overbook_reason")
