"""Users, their sessions, failed sign-ins and the signing keys."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Digest, Id, Instant, LongText

revision = "identity_0001"
down_revision = None
branch_labels = ("identity",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "users",
        sa.Column("id", Id, nullable=False),
        sa.Column("email", sa.String(180), nullable=False),
        sa.Column("email_key", sa.String(360), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("practitioner", sa.Boolean, nullable=False),
        sa.Column("colour", sa.String(7), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("password_changed_at", Instant, nullable=False),
        sa.Column("sort_key", sa.String(120), nullable=False),
        sa.Column("search_text", sa.String(600), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
    )
    op.create_index("ix_users_sort_key", "users", ["sort_key"])
    op.create_table(
        "sessions",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("ip", sa.String(45)),
        sa.Column("user_agent", sa.String(255)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("renewed_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", Digest, nullable=False),
        sa.Column("session_id", Id, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_refresh_tokens"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_refresh_tokens_session_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"])
    op.create_table(
        "login_failures",
        sa.Column("email_digest", Digest, nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", Instant),
        sa.PrimaryKeyConstraint("email_digest", "address", name="pk_login_failures"),
    )
    op.create_index("ix_login_failures_last_at", "login_failures", ["last_at"])
    op.create_table(
        "signing_keys",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("private_pem", LongText, nullable=False),
        sa.Column("public_jwk", LongText, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_signing_keys"),
        sa.UniqueConstraint("kid", name="uq_signing_keys_kid"),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("signing_keys")
    op.drop_table("login_failures")
    op.drop_table("refresh_tokens")
    op.drop_table("sessions")
    op.drop_table("users")
