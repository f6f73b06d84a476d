"""A gap: a free slot on offer, which a booking over it consumes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from scheduling.domain.diary import Span
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Refusal
from shared_kernel.identifiers import new_id

LONGEST_GENERATION = timedelta(days=31)


class GapsInTheWay(Refusal):
    """There are gaps in that time already."""

    def __init__(self, gap: "Gap", clinic_time: ClinicTime) -> None:
        starts_at, ends_at = (clinic_time.shown(i) for i in (gap.span.starts_at, gap.span.ends_at))
        super().__init__(
            starts=f"{starts_at:%d/%m/%Y %H:%M}",
            ends=f"{ends_at:%H:%M}",
            conflict={
                "gapId": str(gap.id),
                "startsAt": starts_at.isoformat(),
                "endsAt": ends_at.isoformat(),
                "with": "practitioner",
            },
        )


class GapOffered(DomainEvent):
    """A free slot is on offer."""


class GapConsumed(DomainEvent):
    """An appointment lies over it."""


class GapRestored(DomainEvent):
    """Nothing lies over it any more: it is on offer again."""


class GapDeleted(DomainEvent):
    """It is on offer no longer."""


@dataclass(frozen=True)
class Taken:
    """Time that a live appointment takes."""

    appointment_id: UUID
    span: Span


@dataclass(kw_only=True)
class Gap(Aggregate):
    """A free slot of a practitioner. It is on offer exactly while no live appointment of hers shares time
    with it; `consumed_by` is one that does."""

    practitioner_id: UUID
    span: Span
    consumed_by: UUID | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def offer(cls, practitioner_id: UUID, span: Span, now: datetime) -> Self:
        """A new gap."""
        gap = cls(
            id=new_id(now),
            practitioner_id=practitioner_id,
            span=span,
            consumed_by=None,
            created_at=now,
            updated_at=now,
        )
        gap.tell(GapOffered(gap.face()))
        return gap

    def settle(self, taken: Sequence[Taken], now: datetime) -> bool:
        """Be consumed by what lies over it, or on offer again when nothing does; whether that is a change."""
        over = [other.appointment_id for other in taken if other.span.overlaps(self.span)]
        if self.consumed_by in over or (self.consumed_by is None and not over):
            return False
        self.consumed_by = over[0] if over else None
        self.updated_at = now
        self.tell(GapConsumed(self.face()) if over else GapRestored(self.face()))
        return True

    def delete(self) -> None:
        """It goes, and its last face stays in the log."""
        self.tell(GapDeleted(self.face()))

    def face(self) -> Face:
        """All that other contexts may know."""
        return {
            "practitionerId": str(self.practitioner_id),
            "startsAt": self.span.starts_at.isoformat(),
            "endsAt": self.span.ends_at.isoformat(),
            "appointmentId": None if self.consumed_by is None else str(self.consumed_by),
        }
