"""The tables every service's schema has: its log, its audit, its memory of what it answered and heard."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

from shared_kernel.chassis.database import Digest, Id, Instant, LongText

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}

chassis_metadata = MetaData(naming_convention=NAMING)

event_store = Table(
    "event_store",
    chassis_metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Id, nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("aggregate_type", String(60), nullable=False),
    Column("aggregate_id", Id, nullable=False),
    Column("aggregate_version", Integer, nullable=False),
    Column("payload", LongText, nullable=False),
    Column("actor_id", String(64)),
    Column("ip", String(45)),
    Column("user_agent", String(255)),
    Column("correlation_id", String(64)),
    Column("causation_id", String(64)),
    Column("traceparent", String(64)),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("previous_hash", Digest, nullable=False),
    Column("hash", Digest, nullable=False),
    Index("ix_event_store_aggregate_id", "aggregate_id"),
)

stream_head = Table(
    "stream_head",
    chassis_metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Digest, nullable=False),
)

audit_trail = Table(
    "audit_trail",
    chassis_metadata,
    Column("id", Id, primary_key=True),
    Column("entity_type", String(60), nullable=False),
    Column("entity_id", Id, nullable=False),
    Column("operation", String(10), nullable=False),
    Column("changes", LongText, nullable=False),
    Column("actor_id", String(64)),
    Column("actor_name", String(150)),
    Column("ip", String(45)),
    Column("user_agent", String(255)),
    Column("correlation_id", String(64)),
    Column("occurred_at", Instant, nullable=False),
    Index("ix_audit_trail_entity_id_occurred_at", "entity_id", "occurred_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    chassis_metadata,
    Column("actor_id", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("fingerprint", Digest, nullable=False),
    Column("status", Integer),
    Column("headers", LongText),
    Column("body", LongText),
    Column("created_at", Instant, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    chassis_metadata,
    Column("source", String(40), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Digest, nullable=False),
)

dead_letters = Table(
    "dead_letters",
    chassis_metadata,
    Column("source", String(40), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("aggregate_id", Id, nullable=False),
    Column("name", String(120), nullable=False),
    Column("envelope", LongText, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("parked_at", Instant, nullable=False),
    Index("ix_dead_letters_aggregate_id", "aggregate_id"),
)
