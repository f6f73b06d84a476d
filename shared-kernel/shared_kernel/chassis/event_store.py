"""The log of a service: gapless, in commit order, each event chained to the one before (architecture §4)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared_kernel.aggregate import DomainEvent
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.tables import event_store, stream_head
from shared_kernel.errors import kebab
from shared_kernel.identifiers import new_id

GENESIS = "0" * 64

Envelope = dict[str, Any]

_HASHED = tuple(str(column.name) for column in event_store.c if column.name != "hash")


@dataclass(frozen=True)
class Fact:
    """A domain event with the aggregate it belongs to, not yet numbered."""

    event: DomainEvent
    aggregate_type: str
    aggregate_id: UUID
    aggregate_version: int


def wire_name(context: str, event: type[DomainEvent]) -> str:
    """`patients`, `PatientRenamed` → `patients.patient-renamed.v1`."""
    return f"{context}.{kebab(event.__name__)}.v{event.schema_version}"


async def append(
    connection: AsyncConnection, context: str, facts: Sequence[Fact], origin: Origin, now: datetime
) -> None:
    """Number and chain the facts. The stream head stays locked until the commit, so this is
    the last statement of a transaction and commit order equals sequence order."""
    if not facts:
        return
    head = (
        (await connection.execute(select(stream_head).where(stream_head.c.id == 1).with_for_update()))
        .mappings()
        .one()
    )
    seq, previous = int(head["seq"]), str(head["hash"])
    rows = []
    for fact in facts:
        seq += 1
        row = _row(context, fact, origin, now) | {"seq": seq, "previous_hash": previous}
        previous = row["hash"] = chain_hash(row)
        rows.append(row)
    await connection.execute(insert(event_store), rows)
    await connection.execute(update(stream_head).values(seq=seq, hash=previous))


def _row(context: str, fact: Fact, origin: Origin, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "name": wire_name(context, type(fact.event)),
        "aggregate_type": fact.aggregate_type,
        "aggregate_id": fact.aggregate_id,
        "aggregate_version": fact.aggregate_version,
        "payload": orjson.dumps(fact.event.face, default=str, option=orjson.OPT_SORT_KEYS).decode(),
        "actor_id": origin.actor_id,
        "ip": origin.ip,
        "user_agent": origin.user_agent,
        "correlation_id": origin.correlation_id,
        "causation_id": origin.causation_id,
        "traceparent": origin.traceparent,
        "occurred_at": now.astimezone(UTC),
        "recorded_at": datetime.now(UTC),
    }


def chain_hash(row: RowMapping | dict[str, Any]) -> str:
    """SHA-256 over every column but the hash itself; `previous_hash` among them makes the chain."""
    columns = {name: row[name] for name in _HASHED}
    columns["seq"] = int(columns["seq"])
    return hashlib.sha256(orjson.dumps(columns, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def first_broken_link(connection: AsyncConnection) -> int | None:
    """The sequence number where the log was changed, cut or reordered; None when it is whole. Others may
    append meanwhile: head and last event are read in one statement, and what comes later is not looked at."""
    last = select(func.max(event_store.c.seq)).scalar_subquery()
    head, head_hash, last_seq = (
        await connection.execute(select(stream_head.c.seq, stream_head.c.hash, last))
    ).one()
    expected_seq, previous = 0, GENESIS
    chain = select(event_store).where(event_store.c.seq <= head).order_by(event_store.c.seq)
    async for row in (await connection.stream(chain)).mappings():
        expected_seq += 1
        if row["seq"] != expected_seq or row["previous_hash"] != previous or row["hash"] != chain_hash(row):
            return expected_seq
        previous = str(row["hash"])
    whole = (head, head_hash, last_seq or 0) == (expected_seq, previous, expected_seq)
    return None if whole else expected_seq + 1


async def head_of(connection: AsyncConnection) -> int:
    """The last sequence number given, 0 for none."""
    return int((await connection.execute(select(stream_head.c.seq))).scalar_one())


async def hash_at(connection: AsyncConnection, seq: int) -> str:
    """The hash of the event `seq`, by which a reader sees whether we share a history; blank for none."""
    if seq == 0:
        return GENESIS
    found = await connection.execute(select(event_store.c.hash).where(event_store.c.seq == seq))
    return str(found.scalar() or "")


async def events_after(connection: AsyncConnection, seq: int, limit: int) -> list[Envelope]:
    """The events behind `seq` as they travel, at most `limit`, in order."""
    rows = await connection.execute(
        select(event_store).where(event_store.c.seq > seq).order_by(event_store.c.seq).limit(limit)
    )
    return [_envelope(row) for row in rows.mappings()]


def _envelope(row: RowMapping) -> Envelope:
    return {
        "seq": int(row["seq"]),
        "id": str(row["id"]),
        "name": row["name"],
        "aggregate": {
            "type": row["aggregate_type"],
            "id": str(row["aggregate_id"]),
            "version": row["aggregate_version"],
        },
        "occurredAt": row["occurred_at"].isoformat(),
        "correlationId": row["correlation_id"],
        "causationId": row["causation_id"],
        "traceparent": row["traceparent"],
        "payload": orjson.loads(row["payload"]),
        "previousHash": row["previous_hash"],
        "hash": row["hash"],
    }
