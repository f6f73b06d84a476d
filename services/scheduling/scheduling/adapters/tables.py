"""The schema of scheduling, beside the chassis tables."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from scheduling.domain.week_grid import WEEKDAYS
from shared_kernel.chassis.database import Digest, Id, Instant, LongText
from shared_kernel.chassis.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

practitioners = Table(
    "practitioners",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(150), nullable=False),
    Column("initials", String(4), nullable=False),
    Column("colour", String(7), nullable=False),
    Column("practises", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
"""The picture of identity's users. All of them are kept, so that what is heard late is known to be old."""

attendees = Table(
    "attendees",
    metadata,
    Column("id", Id, primary_key=True),
    Column("full_name", String(151), nullable=False),
    Column("phone", String(50)),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("email", String(100)),
    Column("language", String(2)),
    Column("email_reminders", Boolean, nullable=False),
)
"""The picture of the patients."""

appointments = Table(
    "appointments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("practitioner_id", Id, nullable=False),
    Column("patient_id", Id),
    Column("title", String(255)),
    Column("all_day", Boolean, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("type", String(12), nullable=False),
    Column("notes", LongText),
    Column("status", String(10), nullable=False),
    Column("status_reason", String(500)),
    Column("overbook_reason", String(500)),
    Column("series_id", Id),
    Column("confirmed_at", Instant),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_appointments_starts_at", "starts_at"),
    Index("ix_appointments_practitioner_id_starts_at", "practitioner_id", "starts_at"),
    Index("ix_appointments_patient_id_starts_at", "patient_id", "starts_at"),
    Index("ix_appointments_series_id", "series_id"),
)

busy_days = Table(
    "busy_days",
    metadata,
    Column("resource", Id, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("v", Integer, nullable=False),
)
"""What is locked before anybody's time is looked at: the person and the UTC day."""

busy_slots = Table(
    "busy_slots",
    metadata,
    Column("resource", Id, primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("lane", SmallInteger, primary_key=True, autoincrement=False),
    Column("appointment_id", Id, nullable=False),
)
"""Each 5 minutes of a person's time can be taken once in a lane: the primary key makes it so. Lanes
beyond the first are for what is overbooked on purpose."""

gaps = Table(
    "gaps",
    metadata,
    Column("id", Id, primary_key=True),
    Column("practitioner_id", Id, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("consumed_by", Id),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_gaps_starts_at", "starts_at"),
    Index("ix_gaps_practitioner_id_starts_at", "practitioner_id", "starts_at"),
)

times_off = Table(
    "times_off",
    metadata,
    Column("id", Id, primary_key=True),
    Column("practitioner_id", Id),
    Column("title", String(255)),
    Column("all_day", Boolean, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_times_off_ends_at", "ends_at"),
)
"""Without a practitioner it is the whole clinic's."""

working_weeks = Table(
    "working_weeks",
    metadata,
    Column("id", Id, primary_key=True),
    *(Column(weekday, String(600), nullable=False) for weekday in WEEKDAYS),
    Column("version", Integer, nullable=False),
)
"""The week grids that practitioners have of their own, by the practitioner's id; a day as `09:00-10:00,…`."""

reminders = Table(
    "reminders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("appointment_id", Id, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("patient_id", Id, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("recipient", String(100), nullable=False),
    Column("language", String(2), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("text", LongText, nullable=False),
    Column("message_id", String(320), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", LongText, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("claimed_at", Instant),
    Column("next_attempt_at", Instant),
    Column("sent_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("appointment_id", "turn"),
    Index("ix_reminders_state_next_attempt_at", "state", "next_attempt_at"),
    Index("ix_reminders_patient_id", "patient_id"),
    Index("ix_reminders_starts_at", "starts_at"),
)
"""What patients are told of their appointments: the outbox. `attempts` is a list in JSON, the oldest
first."""

waiting_entries = Table(
    "waiting_entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("patient_id", Id, nullable=False),
    Column("practitioner_id", Id),
    Column("weekdays", String(70), nullable=False),
    Column("from", String(5), nullable=False),
    Column("to", String(5), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("until", Date),
    Column("notes", LongText),
    Column("status", String(10), nullable=False),
    Column("appointment_id", Id),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_waiting_entries_status_created_at", "status", "created_at"),
    Index("ix_waiting_entries_patient_id", "patient_id"),
)
"""Weekdays as `monday,tuesday`, hours as the clock shows them. Without a practitioner anybody will do."""

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address_digest", Digest, info={"audited": False}),
    Column("renewed_at", Instant),
    Column("last_read_at", Instant, info={"audited": False}),
    Column("version", Integer, nullable=False),
    Index("uq_calendar_feeds_address_digest", "address_digest", unique=True),
)
"""By the practitioner's id. Of the secret address only the digest is kept, and nothing once it is revoked."""
