"""The schema of patients, beside the chassis tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import mysql

from patients.domain.patient import BACKGROUND_FIELDS
from patients.domain.search import SORT_LENGTH, WORD_LENGTH
from shared_kernel.chassis.database import Cents, Id, Instant, LongText
from shared_kernel.chassis.tables import NAMING

metadata = MetaData(naming_convention=NAMING)


def by_code_point(length: int) -> String:
    """Text that both databases put in the same order."""
    collated = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_nopad_bin")
    return String(length).with_variant(collated, "mysql", "mariadb")


Word = by_code_point(WORD_LENGTH)

patients = Table(
    "patients",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("first_name", String(50), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("full_name", String(151), nullable=False),
    Column("sort_key", String(151), nullable=False, info={"audited": False}),
    Column("date_of_birth", Date),
    Column("tax_id", String(15)),
    Column("tax_id_warning", Boolean, nullable=False),
    Column("phone", String(50)),
    Column("email", String(100)),
    Column("email_key", String(300), info={"audited": False}),
    Column("address", String(250)),
    Column("profession", String(250)),
    Column("sports_activity", String(250)),
    Column("rate", Cents),
    Column("notes", LongText),
    *(Column(name, LongText) for name in BACKGROUND_FIELDS),
    Column("status", String(10), nullable=False),
    Column("customer_id", Id),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("name_key", String(151), info={"audited": False}),
    Column("phone_key", String(50), info={"audited": False}),
    Column("erased_at", Instant),
    Column("erasure_reason", String(500)),
    Column("email_reminders", Boolean, nullable=False),
    Column("language", String(2)),
    UniqueConstraint("number"),
    UniqueConstraint("email_key"),
    Index("ix_patients_erased_at_created_at", "erased_at", "created_at"),
    Index("ix_patients_erased_at_sort_key", "erased_at", "sort_key"),
    Index("ix_patients_name_key_date_of_birth", "name_key", "date_of_birth"),
    Index("ix_patients_phone_key", "phone_key"),
    Index("ix_patients_tax_id", "tax_id"),
)

patient_numbers = Table(
    "patient_numbers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("id", Id, primary_key=True),
    Column("patient_id", Id, nullable=False),
    Column("number", Integer, nullable=False),
    Column("date", Date, nullable=False),
    Column("physiotherapy_treatment", LongText, nullable=False),
    Column("consultation_reason", LongText),
    Column("onset", LongText),
    Column("radiology_tests", LongText),
    Column("evolution", LongText),
    Column("current_situation", LongText),
    Column("medical_treatment", LongText),
    Column("home_treatment", LongText),
    Column("notes", LongText),
    Column("sick_leave", Boolean, nullable=False),
    Column("author_id", String(64), nullable=False),
    Column("author_name", String(150), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("replaces_id", Id),
    Column("correction_reason", String(500)),
    UniqueConstraint("patient_id", "number", "revision"),
    UniqueConstraint("replaces_id"),
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", Id, primary_key=True),
    Column("patient_id", Id, nullable=False),
    Column("what", String(12), nullable=False),
    Column("record_id", Id),
    Column("actor_id", String(64), nullable=False),
    Column("actor_name", String(150), nullable=False),
    Column("ip", String(45)),
    Column("user_agent", String(255)),
    Column("correlation_id", String(64)),
    Column("occurred_at", Instant, nullable=False),
    Index("ix_access_log_patient_id_id", "patient_id", "id"),
    Index("ix_access_log_actor_id_id", "actor_id", "id"),
)

search_token = Table(
    "search_token",
    metadata,
    Column("token", Word, primary_key=True),
    Column("sort_key", by_code_point(SORT_LENGTH), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("active", Boolean, nullable=False),
    Column("words", by_code_point(4000), nullable=False),
    sqlite_with_rowid=False,
)

search_vocab = Table(
    "search_vocab",
    metadata,
    Column("token", Word, primary_key=True),
    Column("df", Integer, nullable=False),
    Column("names", Integer, nullable=False),
    sqlite_with_rowid=False,
)

search_suffix = Table(
    "search_suffix",
    metadata,
    Column("suffix", Word, primary_key=True),
    Column("token", Word, primary_key=True),
    sqlite_with_rowid=False,
)

search_delete = Table(
    "search_delete",
    metadata,
    Column("deletion", Word, primary_key=True),
    Column("token", Word, primary_key=True),
    sqlite_with_rowid=False,
)

search_index_version = Table(
    "search_index_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)
