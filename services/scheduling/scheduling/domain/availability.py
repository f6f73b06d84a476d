"""When a practitioner could still be booked: the week grid without what is taken and without time off."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from scheduling.domain.diary import Span, next_slot


def free_starts(
    grid: Sequence[Span], taken: Iterable[Span], window: Span, length: timedelta
) -> list[datetime]:
    """Each instant at which `length` fits: where a slot of the grid begins, and one `length` after the other
    from where free time begins. `grid` is in order; slots that touch are one stretch of work."""
    begins = [slot.starts_at for slot in grid]
    starts: set[datetime] = set()
    for stretch in _without(_joined(grid), _joined(sorted(taken))):
        first = next_slot(max(stretch.starts_at, window.starts_at))
        last = min(stretch.ends_at, window.ends_at) - length
        starts.update(begins[bisect_left(begins, first) : bisect_right(begins, last)])
        while first <= last:
            starts.add(first)
            first += length
    return sorted(starts)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.starts_at <= joined[-1].ends_at:
            joined[-1] = Span(joined[-1].starts_at, max(joined[-1].ends_at, span.ends_at))
        else:
            joined.append(span)
    return joined


def _without(stretches: Iterable[Span], taken: Iterable[Span]) -> Iterator[Span]:
    """What is left of the stretches; both are in order, and neither touches its own neighbours."""
    rest = iter(taken)
    other = next(rest, None)
    for stretch in stretches:
        begins = stretch.starts_at
        while other and other.starts_at < stretch.ends_at:
            if begins < other.starts_at:
                yield Span(begins, other.starts_at)
            begins = max(begins, other.ends_at)
            if other.ends_at > stretch.ends_at:
                break
            other = next(rest, None)
        if begins < stretch.ends_at:
            yield Span(begins, stretch.ends_at)
