"""What the tables of every service hold of somebody besides the state itself: read for her copy, and
forgotten for her. Of the event log nothing can be forgotten: each event is chained to the one before."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared_kernel.chassis.answers import camel
from shared_kernel.chassis.tables import audit_trail, event_store, idempotency_keys
from shared_kernel.chassis.unit_of_work import ERASED

_AT_ONCE = 500


async def changes_of(connection: AsyncConnection, entities: Sequence[UUID]) -> list[dict[str, Any]]:
    """The audit trail of the entities, the oldest first, as JSON objects with camelCase names."""
    rows = []
    for some in _portions(entities):
        found = await connection.execute(select(audit_trail).where(audit_trail.c.entity_id.in_(some)))
        rows += [
            {
                "occurredAt": row["occurred_at"],
                "operation": row["operation"],
                "entityType": row["entity_type"],
                "changes": camel(orjson.loads(row["changes"])),
                "actorName": row["actor_name"],
            }
            for row in found.mappings()
        ]
    return sorted(rows, key=lambda row: row["occurredAt"])


async def events_of(connection: AsyncConnection, aggregates: Sequence[UUID]) -> list[dict[str, Any]]:
    """What the log says of the aggregates, in its order."""
    rows: list[dict[str, Any]] = []
    for some in _portions(aggregates):
        found = await connection.execute(select(event_store).where(event_store.c.aggregate_id.in_(some)))
        rows += [
            {
                "seq": row["seq"],
                "occurredAt": row["occurred_at"],
                "name": row["name"],
                **orjson.loads(row["payload"]),
            }
            for row in found.mappings()
        ]
    return sorted(rows, key=lambda row: int(row["seq"]))


async def forget_changes(
    connection: AsyncConnection, entities: Sequence[UUID], columns: Collection[str]
) -> None:
    """Blank the values of the columns in the audit trail of the entities; that they changed, when and by
    whom stays."""
    for some in _portions(entities):
        found = await connection.execute(
            select(audit_trail.c.id, audit_trail.c.changes).where(audit_trail.c.entity_id.in_(some))
        )
        for row in found.all():
            written = orjson.loads(row.changes)
            blanked = {name: _blanked(pair) if name in columns else pair for name, pair in written.items()}
            if blanked != written:
                changed = update(audit_trail).where(audit_trail.c.id == row.id)
                await connection.execute(changed.values(changes=orjson.dumps(blanked).decode()))


def _blanked(pair: Sequence[Any]) -> list[str | None]:
    return [None if value is None else ERASED for value in pair]


async def forget_answers(connection: AsyncConnection, mentioned: UUID) -> None:
    """Drop the answers kept for repeated requests that mention the id."""
    mentions = idempotency_keys.c.body.contains(str(mentioned))
    await connection.execute(delete(idempotency_keys).where(mentions))


def _portions(ids: Sequence[UUID]) -> Sequence[Sequence[UUID]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
