"""A diary as iCalendar (RFC 5545), for the programs that subscribe to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur, vText

_PRODUCT = "-//Clinic//Scheduling//EN"
_ASKED_AGAIN = timedelta(minutes=15)
_END = b"END:VCALENDAR\r\n"
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class CalendarEntry:
    """One thing in the calendar, from an instant to another. `version` counts its changes from 1; what is
    `cancelled` stays and says so; what does not take time lets others be put beside it."""

    uid: str
    version: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    summary: str
    cancelled: bool
    takes_time: bool


def calendar(name: str, entries: Iterable[CalendarEntry], zone: ZoneInfo, first: int, last: int) -> bytes:
    """The entries, which lie in the years `first` to `last`."""
    head = Calendar()
    head.add("PRODID", _PRODUCT)
    head.add("VERSION", "2.0")
    head.add("CALSCALE", "GREGORIAN")
    head.add("NAME", vText(name))  # the library takes properties that it does not know for escaped already
    head.add("X-WR-CALNAME", vText(name))
    head.add("X-WR-TIMEZONE", zone.key)
    head.add("REFRESH-INTERVAL", _ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    head.add("X-PUBLISHED-TTL", "PT15M")
    head.add_component(_timezone(zone, first, last))
    begun = bytes(head.to_ical()).removesuffix(_END)
    return begun + b"".join(_event(each, zone) for each in entries) + _END


@lru_cache(maxsize=20_000)
def _event(entry: CalendarEntry, zone: ZoneInfo) -> bytes:
    """Kept, because most of a calendar is as it was when it was asked for before."""
    event = Event()
    event.add("UID", entry.uid)
    event.add("DTSTAMP", entry.changed_at)
    event.add("LAST-MODIFIED", entry.changed_at)
    event.add("SEQUENCE", entry.version - 1)
    starts_at, ends_at = _bounds(entry, zone)
    event.add("DTSTART", starts_at)
    event.add("DTEND", ends_at)
    event.add("SUMMARY", entry.summary)
    event.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("TRANSP", "OPAQUE" if entry.takes_time else "TRANSPARENT")
    return bytes(event.to_ical())


def _bounds(entry: CalendarEntry, zone: ZoneInfo) -> tuple[date, date]:
    """Days; or moments on the clinic's clock, in UTC where the clock shows a moment for the second time: by
    its name it would be the first (§3.3.5)."""
    shown = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    if entry.all_day:
        return shown[0].date(), shown[1].date()
    if any(moment.fold for moment in shown):
        return entry.starts_at.astimezone(UTC), entry.ends_at.astimezone(UTC)
    return shown


@dataclass(frozen=True)
class _Change:
    """The clock is put from one offset to another, when it shows `onset`."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def kind(self) -> tuple[timedelta, timedelta, str]:
        return self.before, self.after, self.name


@lru_cache(maxsize=16)
def _timezone(zone: ZoneInfo, first: int, last: int) -> Timezone:
    """The rules of the zone from the year before to the year after: what is yearly as a rule, all else by
    its dates. (The library's own `Timezone.from_tzinfo` takes an onset in spring for an hour later.)"""
    years = range(first - 1, last + 2)
    begin = datetime(years[0], 1, 1, tzinfo=UTC)
    changes = sorted(_changes(zone, begin, datetime(years[-1] + 1, 1, 1, tzinfo=UTC)), key=_kind_of)
    described = Timezone()
    described.add("TZID", zone.key)
    rules = [(kind, list(some)) for kind, some in groupby(changes, key=_kind_of)]
    if not rules or any(_yearly(some, years) is None for _, some in rules):
        described.add_component(_observance([_as_it_was(zone, begin)], None))
    for _, some in rules:
        described.add_component(_observance(some, _yearly(some, years)))
    return described


def _kind_of(change: _Change) -> tuple[timedelta, timedelta, str]:
    return change.kind


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterable[_Change]:
    instant = begin
    while instant < end:
        if _offset(zone, instant) != _offset(zone, instant + _DAY):
            yield _change_within(zone, instant, instant + _DAY)
        instant += _DAY


def _change_within(zone: ZoneInfo, earlier: datetime, later: datetime) -> _Change:
    """Between two instants with different offsets; clocks are put on whole minutes."""
    before, after = _offset(zone, earlier), _offset(zone, later)
    while later - earlier > _MINUTE:
        middle = earlier + (later - earlier) / 2 // _MINUTE * _MINUTE
        if _offset(zone, middle) == before:
            earlier = middle
        else:
            later = middle
    return _Change((later + before).replace(tzinfo=None), before, after, _name(zone, later))


def _as_it_was(zone: ZoneInfo, begin: datetime) -> _Change:
    offset = _offset(zone, begin)
    return _Change((begin + offset).replace(tzinfo=None), offset, offset, _name(zone, begin))


def _name(zone: ZoneInfo, instant: datetime) -> str:
    return instant.astimezone(zone).tzname() or zone.key


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _yearly(changes: Sequence[_Change], years: range) -> vRecur | None:
    """The rule when it is one: each year the same weekday, from the month's end or from its beginning."""
    onsets = [change.onset for change in changes]
    same = {(onset.month, onset.weekday(), onset.time()) for onset in onsets}
    if [onset.year for onset in onsets] != list(years) or len(same) != 1:
        return None
    for places in ({_from_the_end(onset) for onset in onsets}, {(onset.day + 6) // 7 for onset in onsets}):
        if len(places) == 1:
            weekday = f"{places.pop()}{_WEEKDAYS[onsets[0].weekday()]}"
            return vRecur({"FREQ": "YEARLY", "BYMONTH": onsets[0].month, "BYDAY": weekday})
    return None


def _from_the_end(onset: datetime) -> int:
    """-1 for the last such weekday of its month."""
    weeks = 1
    while (onset + weeks * 7 * _DAY).month == onset.month:
        weeks += 1
    return -weeks


def _observance(changes: Sequence[_Change], rule: vRecur | None) -> TimezoneStandard | TimezoneDaylight:
    first = changes[0]
    observance = TimezoneDaylight() if first.after > first.before else TimezoneStandard()
    observance.add("DTSTART", first.onset)
    observance.add("TZOFFSETFROM", first.before)
    observance.add("TZOFFSETTO", first.after)
    observance.add("TZNAME", first.name)
    if rule is not None:
        observance.add("RRULE", rule)
    elif len(changes) > 1:
        observance.add("RDATE", [change.onset for change in changes[1:]])
    return observance
