"""Identity of things: UUIDv7, so that what is made later sorts later."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id(now: datetime) -> UUID:
    """A fresh UUIDv7 (RFC 9562) whose time part is `now` (aware)."""
    return uuid7(nanoseconds=int(now.timestamp() * 1_000_000) * 1_000)


def first_id_at(instant: datetime) -> UUID:
    """Lower than every id made at `instant` (aware, whole milliseconds count) or later."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)
