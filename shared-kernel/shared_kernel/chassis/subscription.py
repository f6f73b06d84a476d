"""What a context hears from another one, and how it makes its own picture of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True)
class HeardEvent:
    """An event as it travels; `payload` is the public face of the aggregate at `aggregate_version`."""

    source: str
    seq: int
    name: str
    aggregate_id: UUID
    aggregate_version: int
    payload: Mapping[str, Any]
    correlation_id: str | None
    traceparent: str | None
    previous_hash: str
    hash: str
    envelope: Mapping[str, Any]

    @classmethod
    def read(cls, source: str, envelope: Mapping[str, Any]) -> "HeardEvent":
        """The event in an envelope; KeyError or ValueError when it is none."""
        aggregate = envelope["aggregate"]
        return cls(
            source=source,
            seq=int(envelope["seq"]),
            name=envelope["name"],
            aggregate_id=UUID(aggregate["id"]),
            aggregate_version=int(aggregate["version"]),
            payload=envelope["payload"],
            correlation_id=envelope["correlationId"],
            traceparent=envelope["traceparent"],
            previous_hash=envelope["previousHash"],
            hash=envelope["hash"],
            envelope=envelope,
        )


Effect = Callable[[AsyncConnection, HeardEvent], Awaitable[None]]


@dataclass(frozen=True)
class Subscription:
    """`effects` by event name; names not listed are passed over. `forget` empties the picture so that it can
    be built again from the first event."""

    source: str
    effects: Mapping[str, Effect]
    forget: Callable[[AsyncConnection], Awaitable[None]]
