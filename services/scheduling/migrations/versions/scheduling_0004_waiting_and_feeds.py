"""Who waits for a place, and the calendars that programs subscribe to."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Digest, Id, Instant, LongText

revision = "scheduling_0004"
down_revision = "scheduling_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "waiting_entries",
        sa.Column("id", Id, nullable=False),
        sa.Column("patient_id", Id, nullable=False),
        sa.Column("practitioner_id", Id),
        sa.Column("weekdays", sa.String(70), nullable=False),
        sa.Column("from", sa.String(5), nullable=False),
        sa.Column("to", sa.String(5), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("notes", LongText),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("appointment_id", Id),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_entries"),
    )
    op.create_index("ix_waiting_entries_status_created_at", "waiting_entries", ["status", "created_at"])
    op.create_index("ix_waiting_entries_patient_id", "waiting_entries", ["patient_id"])
    op.create_table(
        "calendar_feeds",
        sa.Column("id", Id, nullable=False),
        sa.Column("address_digest", Digest),
        sa.Column("renewed_at", Instant),
        sa.Column("last_read_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
    )
    op.create_index("uq_calendar_feeds_address_digest", "calendar_feeds", ["address_digest"], unique=True)


def downgrade() -> None:
    """Remove them."""
    for table in ("calendar_feeds", "waiting_entries"):
        op.drop_table(table)
