"""Clinic time: how wall clocks in the clinic and instants in UTC meet, clock changes included."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared_kernel.errors import Invalid, Violation


@dataclass(frozen=True)
class ClinicTime:
    """The clinic's zone, e.g. `ClinicTime(ZoneInfo("Europe/Madrid"))`."""

    zone: ZoneInfo

    def today(self, now: datetime) -> date:
        """The clinic's calendar date at the instant `now`."""
        return now.astimezone(self.zone).date()

    def shown(self, instant: datetime) -> datetime:
        """The instant with the clinic's offset, as screens and answers show it."""
        return instant.astimezone(self.zone)

    def instant(self, moment: datetime, field: str) -> datetime:
        """`moment` in UTC. Without an offset it is a wall-clock time of the clinic: one that the clock change
        skips is refused under `field`, one that happens twice is the first (RFC 5545 §3.3.5)."""
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        instant = moment.replace(tzinfo=self.zone).astimezone(UTC)
        if instant.astimezone(self.zone).replace(tzinfo=None) != moment:
            raise Invalid(Violation(field, "wall-time-skipped"))
        return instant

    def day(self, day: date) -> tuple[datetime, datetime]:
        """The half-open span in UTC of a clinic day; 23, 24 or 25 hours long."""
        return self._midnight(day), self._midnight(day + timedelta(days=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
