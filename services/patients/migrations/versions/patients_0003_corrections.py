"""Corrections of records, the access log, what finds duplicates."""

revision = "patients_0003_corrections"
down_revision = "patients_0002_search_index"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
