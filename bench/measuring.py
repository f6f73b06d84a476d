"""How long requests took and how much processor time, in the words of a benchmark's table."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Times:
    """Seconds that each request took, and seconds of processor time that the servers spent on it."""

    taken: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)


Measured = Mapping[tuple[str, str], Times]
"""(operation, place) → its times."""


@dataclass(frozen=True)
class Place:
    """A server to ask, where it tells that it runs, and the processes whose processor time it takes."""

    name: str
    url: str
    alive: str
    pids: tuple[int, ...]


def processor_seconds(pids: Sequence[int]) -> float:
    """Used so far by all threads of these processes, to the microsecond (Linux)."""
    counters = [counter for pid in pids for counter in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    return sum(map(_nanoseconds, counters)) / 1e9


def _nanoseconds(counter: Path) -> int:
    """0 of a thread that has ended meanwhile: MariaDB ends those it has no work for."""
    try:
        return int(counter.read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def quantile(seconds: Sequence[float], share: float) -> float:
    """Milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] * 1000


def pair(seconds: Sequence[float]) -> str:
    """p50 / p95, in milliseconds."""
    return f"{quantile(seconds, 0.5):.1f} / {quantile(seconds, 0.95):.1f}"


def ratios(after: Sequence[float], before: Sequence[float]) -> str:
    """How much more p50 and p95 are than they were."""
    return ", ".join(f"{quantile(after, share) / quantile(before, share):.2f}" for share in (0.5, 0.95))
