"""The diary, whose time it takes, and the pictures of practitioners and patients."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Id, Instant, LongText

revision = "scheduling_0001"
down_revision = None
branch_labels = ("scheduling",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "practitioners",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("initials", sa.String(4), nullable=False),
        sa.Column("colour", sa.String(7), nullable=False),
        sa.Column("practises", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_practitioners"),
    )
    op.create_table(
        "attendees",
        sa.Column("id", Id, nullable=False),
        sa.Column("full_name", sa.String(151), nullable=False),
        sa.Column("phone", sa.String(50)),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attendees"),
    )
    op.create_table(
        "appointments",
        sa.Column("id", Id, nullable=False),
        sa.Column("practitioner_id", Id, nullable=False),
        sa.Column("patient_id", Id),
        sa.Column("title", sa.String(255)),
        sa.Column("all_day", sa.Boolean, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("type", sa.String(12), nullable=False),
        sa.Column("notes", LongText),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("status_reason", sa.String(500)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
    )
    op.create_index("ix_appointments_starts_at", "appointments", ["starts_at"])
    op.create_index(
        "ix_appointments_practitioner_id_starts_at", "appointments", ["practitioner_id", "starts_at"]
    )
    op.create_index("ix_appointments_patient_id_starts_at", "appointments", ["patient_id", "starts_at"])
    op.create_table(
        "busy_days",
        sa.Column("resource", Id, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("v", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("resource", "day", name="pk_busy_days"),
    )
    op.create_table(
        "busy_slots",
        sa.Column("resource", Id, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("lane", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("resource", "slot", "lane", name="pk_busy_slots"),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("busy_slots", "busy_days", "appointments", "attendees", "practitioners"):
        op.drop_table(table)
