"""Reminders, what is known of whom to remind, and which appointments were confirmed."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Id, Instant, LongText
from shared_kernel.chassis.event_store import GENESIS

revision = "scheduling_0005"
down_revision = "scheduling_0004"
branch_labels = None
depends_on = "chassis_0001"


def upgrade() -> None:
    """Create the outbox and the columns, and listen to patients from the beginning once more."""
    with op.batch_alter_table("appointments") as appointments:
        appointments.add_column(sa.Column("confirmed_at", Instant))
    with op.batch_alter_table("attendees") as attendees:
        attendees.add_column(sa.Column("email", sa.String(100)))
        attendees.add_column(sa.Column("language", sa.String(2)))
        attendees.add_column(
            sa.Column("email_reminders", sa.Boolean, nullable=False, server_default=sa.false())
        )
    op.create_table(
        "reminders",
        sa.Column("id", Id, nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("patient_id", Id, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("recipient", sa.String(100), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("text", LongText, nullable=False),
        sa.Column("message_id", sa.String(320), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", LongText, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("claimed_at", Instant),
        sa.Column("next_attempt_at", Instant),
        sa.Column("sent_at", Instant),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint("appointment_id", "turn", name="uq_reminders_appointment_id_turn"),
    )
    op.create_index("ix_reminders_state_next_attempt_at", "reminders", ["state", "next_attempt_at"])
    op.create_index("ix_reminders_patient_id", "reminders", ["patient_id"])
    op.create_index("ix_reminders_starts_at", "reminders", ["starts_at"])
    _hear_the_last_of_each_again()


def _hear_the_last_of_each_again() -> None:
    """The picture lacks what its events have said meanwhile. With its version one lower, the last event of
    each patient is newer once more and no earlier one is: nobody is shown under an old name on the way."""
    attendees = sa.table("attendees", sa.column("version", sa.Integer))
    op.execute(attendees.update().values(version=attendees.c.version - 1))
    parked = sa.table("dead_letters", sa.column("source", sa.String))
    op.execute(parked.delete().where(parked.c.source == "patients"))
    heard = sa.table(
        "checkpoints",
        sa.column("source", sa.String),
        sa.column("seq", sa.BigInteger),
        sa.column("hash", sa.String),
    )
    op.execute(heard.update().where(heard.c.source == "patients").values(seq=0, hash=GENESIS))


def downgrade() -> None:
    """Remove them."""
    op.drop_table("reminders")
    with op.batch_alter_table("attendees") as attendees:
        for column in ("email_reminders", "language", "email"):
            attendees.drop_column(column)
    with op.batch_alter_table("appointments") as appointments:
        appointments.drop_column("confirmed_at")
