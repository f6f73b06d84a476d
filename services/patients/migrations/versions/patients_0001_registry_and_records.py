"""The registry of patients and their clinical records."""

import sqlalchemy as sa
from alembic import op

from shared_kernel.chassis.database import Cents, Id, Instant, LongText

revision = "patients_0001"
down_revision = None
branch_labels = ("patients",)
depends_on = None

_BACKGROUND = (
    "allergies",
    "medication",
    "systemic_diseases",
    "surgeries",
    "accidents",
    "injuries",
    "bruxism",
    "insoles",
    "others",
)
_TEXTS = (
    "consultation_reason",
    "onset",
    "radiology_tests",
    "evolution",
    "current_situation",
    "medical_treatment",
    "home_treatment",
    "notes",
)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "patients",
        sa.Column("id", Id, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("first_name", sa.String(50), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("full_name", sa.String(151), nullable=False),
        sa.Column("sort_key", sa.String(151), nullable=False),
        sa.Column("search_text", sa.String(600), nullable=False),
        sa.Column("date_of_birth", sa.Date),
        sa.Column("tax_id", sa.String(15)),
        sa.Column("tax_id_warning", sa.Boolean, nullable=False),
        sa.Column("phone", sa.String(50)),
        sa.Column("email", sa.String(100)),
        sa.Column("email_key", sa.String(300)),
        sa.Column("address", sa.String(250)),
        sa.Column("profession", sa.String(250)),
        sa.Column("sports_activity", sa.String(250)),
        sa.Column("rate", Cents),
        sa.Column("notes", LongText),
        *(sa.Column(name, LongText) for name in _BACKGROUND),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("customer_id", Id),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
        sa.UniqueConstraint("number", name="uq_patients_number"),
        sa.UniqueConstraint("email_key", name="uq_patients_email_key"),
    )
    op.create_index("ix_patients_created_at", "patients", ["created_at"])
    op.create_index("ix_patients_sort_key", "patients", ["sort_key"])
    op.create_table(
        "patient_numbers",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patient_numbers"),
    )
    op.create_table(
        "records",
        sa.Column("id", Id, nullable=False),
        sa.Column("patient_id", Id, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("physiotherapy_treatment", LongText, nullable=False),
        *(sa.Column(name, LongText) for name in _TEXTS),
        sa.Column("sick_leave", sa.Boolean, nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("author_name", sa.String(150), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sa.UniqueConstraint("patient_id", "number", name="uq_records_patient_id_number"),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("records")
    op.drop_table("patient_numbers")
    op.drop_table("patients")
