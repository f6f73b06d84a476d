"""When a signing key signs and when it is published, so that keys change without signing anybody out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ANNOUNCED = timedelta(minutes=2)
"""How long a key is published before it signs: longer than anybody remembers the published keys."""

SLACK = timedelta(minutes=1)
"""For clocks that differ and tokens under way."""


@dataclass(frozen=True)
class KeyAge:
    """A signing key by its number: each new one has the next."""

    number: int
    created_at: datetime


def signing(keys: Sequence[KeyAge], now: datetime) -> KeyAge | None:
    """The key that signs now: the newest that was announced long enough, else the oldest."""
    announced = [key for key in keys if now - key.created_at >= ANNOUNCED]
    return max(announced or keys[:1], key=lambda key: key.number, default=None)


def past(keys: Sequence[KeyAge], token_lifetime: timedelta, now: datetime) -> list[KeyAge]:
    """The keys whose last token has expired: every key that has a successor which signs since long ago.
    `keys` in the order of their numbers."""
    signed_until = [successor.created_at + ANNOUNCED for successor in keys[1:]]
    return [
        key for key, until in zip(keys, signed_until, strict=False) if now > until + token_lifetime + SLACK
    ]
