"""Who asked to be reminded of appointments by e-mail, and in which language one writes to her."""

import sqlalchemy as sa
from alembic import op

revision = "patients_0005_reminders"
down_revision = "patients_0004_erasure"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nobody has asked yet."""
    op.add_column(
        "patients", sa.Column("email_reminders", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("patients", sa.Column("language", sa.String(2)))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("patients", "language")
    op.drop_column("patients", "email_reminders")
