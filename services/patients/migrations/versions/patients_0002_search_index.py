"""The search index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "patients_0002_search_index"
down_revision = "patients_0001"
branch_labels = None
depends_on = None


def _by_code_point(length: int) -> sa.String:
    collated = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_nopad_bin")
    return sa.String(length).with_variant(collated, "mysql", "mariadb")


def upgrade() -> None:
    """Create the tables, which `migrate` then fills; what was searched before goes."""
    op.create_table(
        "search_token",
        sa.Column("token", _by_code_point(40), nullable=False),
        sa.Column("sort_key", _by_code_point(60), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("words", _by_code_point(4000), nullable=False),
        sa.PrimaryKeyConstraint("token", "sort_key", "number", name="pk_search_token"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_vocab",
        sa.Column("token", _by_code_point(40), nullable=False),
        sa.Column("df", sa.Integer, nullable=False),
        sa.Column("names", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_search_vocab"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_suffix",
        sa.Column("suffix", _by_code_point(40), nullable=False),
        sa.Column("token", _by_code_point(40), nullable=False),
        sa.PrimaryKeyConstraint("suffix", "token", name="pk_search_suffix"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_delete",
        sa.Column("deletion", _by_code_point(40), nullable=False),
        sa.Column("token", _by_code_point(40), nullable=False),
        sa.PrimaryKeyConstraint("deletion", "token", name="pk_search_delete"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_index_version",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_index_version"),
    )
    op.drop_column("patients", "search_text")


def downgrade() -> None:
    """Remove them; the registry is searched as before once each patient is saved again."""
    op.add_column("patients", sa.Column("search_text", sa.String(600), nullable=False, server_default=""))
    for table in ("search_index_version", "search_delete", "search_suffix", "search_vocab", "search_token"):
        op.drop_table(table)
