"""Corrections of records, the access log, what finds duplicates."""

import sqlalchemy as sa
from alembic import op

from patients.domain.duplicates import national_digits, words_in_order
from shared_kernel.chassis.database import Id, Instant

revision = "patients_0003_corrections"
down_revision = "patients_0002_search_index"
branch_labels = None
depends_on = None

_AT_ONCE = 2_000
_PATIENTS = sa.table(
    "patients",
    sa.column("id", Id),
    sa.column("full_name", sa.String),
    sa.column("phone", sa.String),
    sa.column("name_key", sa.String),
    sa.column("phone_key", sa.String),
)


def upgrade() -> None:
    """Every record so far is the first version of itself."""
    with op.batch_alter_table("records") as records:
        records.add_column(sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
        records.add_column(sa.Column("replaces_id", Id))
        records.add_column(sa.Column("correction_reason", sa.String(500)))
        records.create_unique_constraint(
            "uq_records_patient_id_number_revision", ["patient_id", "number", "revision"]
        )
        records.create_unique_constraint("uq_records_replaces_id", ["replaces_id"])
        records.drop_constraint("uq_records_patient_id_number", type_="unique")
    with op.batch_alter_table("records") as records:
        records.alter_column(
            "revision", existing_type=sa.Integer, existing_nullable=False, server_default=None
        )
    op.create_table(
        "access_log",
        sa.Column("id", Id, nullable=False),
        sa.Column("patient_id", Id, nullable=False),
        sa.Column("what", sa.String(12), nullable=False),
        sa.Column("record_id", Id),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor_name", sa.String(150), nullable=False),
        sa.Column("ip", sa.String(45)),
        sa.Column("user_agent", sa.String(255)),
        sa.Column("correlation_id", sa.String(64)),
        sa.Column("occurred_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_patient_id_id", "access_log", ["patient_id", "id"])
    op.create_index("ix_access_log_actor_id_id", "access_log", ["actor_id", "id"])
    op.add_column("patients", sa.Column("name_key", sa.String(151)))
    op.add_column("patients", sa.Column("phone_key", sa.String(50)))
    _recognise_those_registered()
    op.create_index("ix_patients_name_key_date_of_birth", "patients", ["name_key", "date_of_birth"])
    op.create_index("ix_patients_phone_key", "patients", ["phone_key"])
    op.create_index("ix_patients_tax_id", "patients", ["tax_id"])


def downgrade() -> None:
    """Fails, before anything is lost, when something was corrected: no version can be given up."""
    with op.batch_alter_table("records") as records:
        records.create_unique_constraint("uq_records_patient_id_number", ["patient_id", "number"])
        records.drop_constraint("uq_records_replaces_id", type_="unique")
        records.drop_constraint("uq_records_patient_id_number_revision", type_="unique")
        for column in ("correction_reason", "replaces_id", "revision"):
            records.drop_column(column)
    for index in ("tax_id", "phone_key", "name_key_date_of_birth"):
        op.drop_index(f"ix_patients_{index}", "patients")
    with op.batch_alter_table("patients") as patients:
        patients.drop_column("phone_key")
        patients.drop_column("name_key")
    op.drop_table("access_log")


def _recognise_those_registered() -> None:
    columns = (_PATIENTS.c.id, _PATIENTS.c.full_name, _PATIENTS.c.phone)
    page = sa.select(*columns).order_by(_PATIENTS.c.id).limit(_AT_ONCE)
    recognised = (
        sa.update(_PATIENTS)
        .where(_PATIENTS.c.id == sa.bindparam("of"))
        .values(name_key=sa.bindparam("name"), phone_key=sa.bindparam("digits"))
    )
    rows = op.get_bind().execute(page).all()
    while rows:
        keys = [
            {
                "of": row.id,
                "name": words_in_order(row.full_name),
                "digits": national_digits(row.phone or ""),
            }
            for row in rows
        ]
        op.get_bind().execute(recognised, keys)
        rows = op.get_bind().execute(page.where(_PATIENTS.c.id > rows[-1].id)).all()
