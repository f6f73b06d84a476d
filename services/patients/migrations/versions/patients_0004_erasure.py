"""Erasure at the patient's request."""

revision = "patients_0004_erasure"
down_revision = "patients_0003_corrections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
