"""The search index."""

revision = "patients_0002_search_index"
down_revision = "patients_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
