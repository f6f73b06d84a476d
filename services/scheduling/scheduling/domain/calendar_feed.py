"""The calendar feed: a practitioner's diary at a secret address, for calendar programs to subscribe to."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from shared_kernel.aggregate import Aggregate, DomainEvent, Face


@dataclass(frozen=True)
class SecretAddress:
    """What a calendar program knows: 256 random bits, of which we keep only the digest."""

    text: str = field(repr=False)

    @classmethod
    def fresh(cls) -> Self:
        """One that nobody has seen."""
        return cls(secrets.token_urlsafe(32))

    @property
    def digest(self) -> str:
        """SHA-256, in hex. The address is as random as a key, so nothing slower is needed."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


class CalendarFeedRenewed(DomainEvent):
    """The calendar has a new address; the old one, if there was one, is dead."""


class CalendarFeedRevoked(DomainEvent):
    """The calendar has no address any more."""


@dataclass(kw_only=True)
class CalendarFeed(Aggregate):
    """Under the practitioner's id. Version 0: there never was an address."""

    address_digest: str | None = field(default=None, repr=False)
    renewed_at: datetime | None = None

    def renew(self, address: SecretAddress, now: datetime) -> None:
        """Be found under this address only."""
        self.address_digest, self.renewed_at = address.digest, now
        self.tell(CalendarFeedRenewed(self.face()))

    def revoke(self) -> None:
        """Be found no more."""
        self.address_digest = self.renewed_at = None
        self.tell(CalendarFeedRevoked(self.face()))

    def face(self) -> Face:
        """All that other contexts may know: not even the digest."""
        return {
            "practitionerId": str(self.id),
            "renewedAt": None if self.renewed_at is None else self.renewed_at.isoformat(),
        }
