"""The diary against a model: whatever is done in whatever order, both say the same."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from scheduling.adapters.sql import SqlWork
from scheduling.domain.appointment import (
    AppointmentNotFound,
    AppointmentNotScheduled,
    AppointmentOverlaps,
    Booking,
    Kind,
    Status,
)
from scheduling.domain.gap import GapsInTheWay
from scheduling.domain.series import Alteration, SeriesNotFound, SeriesNotFree
from scheduling.domain.time_off import DuringTimeOff, TimeOffNotFound
from scheduling.queries.appointments import GAP, calendar_in_window
from scheduling.use_cases.series import book_series, cancel_series, change_series
from shared_kernel.chassis import schema
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.errors import Invalid, Refusal
from shared_kernel.identifiers import new_id

HALF = timedelta(minutes=30)
DAY = datetime(2026, 11, 22, 23, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WINDOW = DAY - timedelta(days=2), DAY + timedelta(days=9)
DAYS = 2

HOURS = st.tuples(st.integers(0, DAYS - 1), st.integers(17, 27))
LENGTHS = st.integers(1, 5)
WHOM = st.integers(0, 1)
PATIENT = st.sampled_from([None, 0, 1])
SESSIONS = st.lists(HOURS, min_size=2, max_size=3, unique=True)
WEEK = [
    [(18, 2), (20, 2), (22, 2), (24, 2), (28, 2), (30, 2)],
    [(18, 2), (20, 2), (22, 2), (30, 2), (32, 2)],
]
"""The default grid of Monday and Tuesday, in half hours from midnight."""


@dataclass(frozen=True)
class Visit:
    """What the model knows of an appointment."""

    practitioner: int
    patient: int | None
    begins: int
    ends: int
    status: Status = Status.SCHEDULED
    overbooked: bool = False

    @property
    def live(self) -> bool:
        return self.status is not Status.CANCELLED

    def shares(self, other: "Visit") -> bool:
        together = self.practitioner == other.practitioner or (
            self.patient is not None and self.patient == other.patient
        )
        return together and self.begins < other.ends and other.begins < self.ends


class DiaryMachine(RuleBasedStateMachine):
    """Half hours from the first midnight stand for time, 0 and 1 for people."""

    visits = Bundle("visits")
    leaves = Bundle("leaves")
    plans = Bundle("plans")

    def __init__(self, url: str, people: Any, check: Any, make: Callable[[Database], Any]) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.database = Database(url)
        self.check = check
        self.diary = make(self.database)
        self.loop.run(schema.empty(self.database))
        self.practitioners, self.patients = self.loop.run(people(self.database))
        self.known: dict[UUID, Visit] = {}
        self.away: dict[UUID, tuple[int | None, int, int]] = {}
        self.gaps: set[tuple[int, int, int]] = set()
        self.series: dict[UUID, list[UUID]] = {}

    def teardown(self) -> None:
        self.loop.run(self.database.close())
        self.loop.close()

    def outcome(self, doing: Any) -> Any:
        """What it returns, or the kind of refusal."""
        try:
            return self.loop.run(doing)
        except Refusal as refusal:
            return type(refusal)

    def refusal_of(self, wanted: Visit, *but: UUID) -> type[Refusal] | None:
        """What the model expects to be in the way."""
        others = (visit for id_, visit in self.known.items() if id_ not in but and visit.live)
        if any(wanted.shares(visit) for visit in others):
            return AppointmentOverlaps
        for who, begins, ends in self.away.values():
            if who in (None, wanted.practitioner) and begins < wanted.ends and wanted.begins < ends:
                return DuringTimeOff
        return None

    @initialize()
    def offer_what_can_be_consumed(self) -> None:
        for who in (0, 1):
            self.generate(who, 0, DAYS)

    @rule(target=visits, who=WHOM, patient=PATIENT, at=HOURS, length=LENGTHS, overbook=st.booleans())
    def book(self, who: int, patient: int | None, at: tuple[int, int], length: int, overbook: bool) -> Any:
        begins = at[0] * 48 + at[1]
        wanted = Visit(who, patient, begins, begins + length)
        got = self.outcome(self.diary.book(self.asked(wanted), "Urgencia" if overbook else None))
        expected = self.refusal_of(wanted)
        if expected and not overbook:
            assert got is expected
            return multiple()
        self.known[got.appointment.id] = replace(wanted, overbooked=expected is not None)
        return got.appointment.id

    @rule(id_=visits, who=WHOM, patient=PATIENT, at=HOURS, length=LENGTHS, overbook=st.booleans())
    def move(
        self, id_: UUID, who: int, patient: int | None, at: tuple[int, int], length: int, overbook: bool
    ) -> None:
        begins = at[0] * 48 + at[1]
        there = {"practitioner": who, "patient": patient, "begins": begins, "ends": begins + length}
        self.become(id_, overbook, **there)

    @rule(id_=visits, length=LENGTHS)
    def resize(self, id_: UUID, length: int) -> None:
        if id_ in self.known:
            self.become(id_, ends=self.known[id_].begins + length)

    @rule(id_=visits, status=st.sampled_from(Status))
    def tell_what_became_of_it(self, id_: UUID, status: Status) -> None:
        self.become(id_, status=status)

    def become(self, id_: UUID, overbook: bool = False, **changes: Any) -> None:
        seen = self.known.get(id_)
        wanted = replace(seen, **changes) if seen else Visit(0, None, 40, 42)
        asked = self.asked(wanted)
        fields = {
            name: getattr(asked, name) for name in ("practitioner_id", "patient_id", "starts_at", "ends_at")
        }
        reason = "Enferma" if wanted.status is Status.CANCELLED else None
        got = self.outcome(
            self.diary.change(
                id_, overbook="Urgencia" if overbook else None, status=wanted.status, reason=reason, **fields
            )
        )
        expected = self.forbidden(seen, wanted)
        if expected is not None or seen is None:
            assert got is expected
            return
        takes_time = wanted.live and (replace(seen, status=wanted.status) != wanted or not seen.live)
        in_the_way = self.refusal_of(wanted, id_) if takes_time else None
        if in_the_way and not overbook:
            assert got is in_the_way
            return
        assert got.appointment.status is wanted.status
        over = in_the_way is not None if takes_time else seen.overbooked
        self.known[id_] = replace(wanted, overbooked=over)

    def forbidden(self, seen: Visit | None, wanted: Visit) -> type[Refusal] | None:
        if seen is None:
            return AppointmentNotFound
        moves = replace(seen, status=wanted.status) != wanted
        undone = wanted.status is Status.SCHEDULED
        if moves and not undone and seen.status is not Status.SCHEDULED:
            return AppointmentNotScheduled
        crossed = wanted.status is not seen.status and Status.CANCELLED in (seen.status, wanted.status)
        if crossed and not undone and seen.status is not Status.SCHEDULED:
            return AppointmentNotScheduled
        return None

    @rule(id_=visits)
    def cancel(self, id_: UUID) -> None:
        got = self.outcome(self.diary.cancel(id_))
        seen = self.known.get(id_)
        if seen is None:
            assert got is AppointmentNotFound
        elif seen.status is not Status.SCHEDULED:
            assert got is AppointmentNotScheduled
        else:
            self.known[id_] = replace(seen, status=Status.CANCELLED)

    @rule(id_=consumes(visits))
    def delete(self, id_: UUID) -> None:
        got = self.outcome(self.diary.delete(id_))
        assert got is (None if self.known.pop(id_, None) else AppointmentNotFound)

    @rule(target=plans, who=WHOM, patient=PATIENT, at=SESSIONS, length=LENGTHS)
    def book_plan(self, who: int, patient: int | None, at: list[tuple[int, int]], length: int) -> Any:
        starts = sorted(day * 48 + begins for day, begins in at)
        wanted = [Visit(who, patient, begins, begins + length) for begins in starts]
        asked = [self.asked(visit) for visit in wanted]
        got = self.outcome(
            self.diary.run(lambda work: book_series(work, asked, self.diary.default, self.diary.rules, NOW))
        )
        new = dict(zip((new_id(NOW) for _ in wanted), wanted, strict=True))
        if expected := self.lie_over_each_other(wanted) or self.taken(new):
            assert got is expected
            return multiple()
        self.series[got.id] = [entry.appointment.id for entry in got.entries]
        self.known |= dict(zip(self.series[got.id], wanted, strict=True))
        return got.id

    @rule(id_=plans, since=st.integers(-1, 2), at=st.none() | st.integers(17, 27), length=LENGTHS)
    def alter_plan(self, id_: UUID, since: int, at: int | None, length: int) -> None:
        first, rest = self.rest_of(id_, since)
        clock = None if at is None else time(at // 2, at % 2 * 30)
        alteration = Alteration(None, None, None, None, clock, length * HALF)
        got = self.outcome(
            self.diary.run(
                lambda work: change_series(
                    work, id_, first, alteration, self.diary.default, self.diary.rules, NOW
                )
            )
        )
        if not rest:
            assert got is SeriesNotFound
            return
        wanted = {}
        for visit_id, visit in rest.items():
            begins = visit.begins if at is None else visit.begins // 48 * 48 + at
            wanted[visit_id] = replace(visit, begins=begins, ends=begins + length)
        moved = {visit_id: visit for visit_id, visit in wanted.items() if visit != rest[visit_id]}
        if expected := self.lie_over_each_other(list(wanted.values())) or self.taken(moved):
            assert got is expected
        else:
            assert [entry.appointment.id for entry in got.entries] == list(rest)
            self.known |= {visit_id: replace(visit, overbooked=False) for visit_id, visit in moved.items()}

    @rule(id_=plans, since=st.integers(-1, 2))
    def call_plan_off(self, id_: UUID, since: int) -> None:
        first, rest = self.rest_of(id_, since)
        got = self.outcome(self.diary.run(lambda work: cancel_series(work, id_, first, "Alta", NOW)))
        if not rest:
            assert got is SeriesNotFound
        self.known |= {visit_id: replace(visit, status=Status.CANCELLED) for visit_id, visit in rest.items()}

    def rest_of(self, series_id: UUID, since: int) -> tuple[UUID | None, dict[UUID, Visit]]:
        """An appointment of the series, none for all of it, and what is still scheduled from there on."""
        there = {id_: self.known[id_] for id_ in self.series[series_id] if id_ in self.known}
        ever = self.series[series_id]
        first = None if since < 0 else ever[min(since, len(ever) - 1)]
        if first is not None and first not in there:
            return first, {}
        begins = 0 if first is None else there[first].begins
        rest = sorted(
            (
                (id_, visit)
                for id_, visit in there.items()
                if visit.status is Status.SCHEDULED and visit.begins >= begins
            ),
            key=lambda entry: (entry[1].begins, entry[0].hex),
        )
        return first, dict(rest)

    def lie_over_each_other(self, sessions: list[Visit]) -> type[Refusal] | None:
        spans = sorted((visit.begins, visit.ends) for visit in sessions)
        return Invalid if any(one[1] > other[0] for one, other in pairwise(spans)) else None

    def taken(self, sessions: dict[UUID, Visit]) -> type[Refusal] | None:
        taken = any(self.refusal_of(visit, *sessions) for visit in sessions.values())
        return SeriesNotFree if taken else None

    @rule(who=WHOM, first=st.integers(0, DAYS - 1), days=st.integers(1, DAYS))
    def generate(self, who: int, first: int, days: int) -> None:
        last = min(first + days, DAYS)
        begins, ends = first * 48, last * 48
        got = self.outcome(
            self.diary.generate(self.practitioners[who], str(self.day(first)), str(self.day(last)))
        )
        window = Visit(who, None, begins, ends)
        mine = [visit for visit in self.known.values() if visit.live and visit.practitioner == who]
        if any(window.shares(visit) for visit in mine):
            assert got is AppointmentOverlaps
            return
        if any(gap[0] == who and gap[1] < ends and begins < gap[2] for gap in self.gaps):
            assert got is GapsInTheWay
            return
        slots = {
            (who, day * 48 + at, day * 48 + at + length)
            for day in range(first, last)
            for at, length in WEEK[day]
        }
        kept = {gap for gap in slots if not self.is_away(who, gap[1], gap[2])}
        assert got == len(kept)
        self.gaps |= kept

    @rule(who=WHOM, first=st.integers(0, DAYS - 1), begins=st.integers(0, 30), length=st.integers(1, 60))
    def clear(self, who: int, first: int, begins: int, length: int) -> None:
        begins += first * 48
        ends = begins + length
        moments = [(DAY + at * HALF).isoformat() for at in (begins, ends)]
        got = self.outcome(self.diary.clear(self.practitioners[who], *moments))
        gone = {
            gap
            for gap in self.gaps
            if gap[0] == who and begins <= gap[1] and gap[2] <= ends and not self.is_consumed(gap)
        }
        assert got == len(gone)
        self.gaps -= gone

    @rule(target=leaves, who=PATIENT, at=HOURS, length=LENGTHS)
    def go_away(self, who: int | None, at: tuple[int, int], length: int) -> UUID:
        begins = at[0] * 48 + at[1]
        whom = None if who is None else self.practitioners[who]
        moments = [(DAY + half * HALF).isoformat() for half in (begins, begins + length)]
        got = self.outcome(self.diary.away(whom, *moments))
        self.away[got.id] = (who, begins, begins + length)
        return got.id  # type: ignore[no-any-return]

    @rule(id_=consumes(leaves))
    def come_back(self, id_: UUID) -> None:
        assert self.outcome(self.diary.back(id_)) is None
        del self.away[id_]
        assert self.outcome(self.diary.back(id_)) is TimeOffNotFound

    @invariant()
    def the_calendar_shows_what_the_model_knows(self) -> None:
        async def shown() -> Any:
            async with self.database.reading() as connection:
                return await calendar_in_window(connection, *WINDOW, None)

        rows = self.loop.run(shown())
        at = {person: number for number, person in enumerate(self.practitioners)}
        offered = {
            (at[row["practitioner_id"]], (row["starts_at"] - DAY) // HALF, (row["ends_at"] - DAY) // HALF)
            for row in rows
            if row["type"] == GAP
        }
        assert offered == {gap for gap in self.gaps if not self.is_consumed(gap) and not self.is_away(*gap)}
        assert {row["id"]: row["status"] for row in rows if row["type"] != GAP} == {
            id_: visit.status.value for id_, visit in self.known.items()
        }
        assert {row["id"] for row in rows if row["status"] != "cancelled" and row["overbook_reason"]} == {
            id_ for id_, visit in self.known.items() if visit.live and visit.overbooked
        }
        self.loop.run(self.check(self.database))

    def is_consumed(self, gap: tuple[int, int, int]) -> bool:
        window = Visit(gap[0], None, gap[1], gap[2])
        return any(
            window.shares(visit)
            for visit in self.known.values()
            if visit.live and visit.practitioner == gap[0]
        )

    def is_away(self, who: int, begins: int, ends: int) -> bool:
        return any(
            whom in (None, who) and starts < ends and begins < until
            for whom, starts, until in self.away.values()
        )

    def day(self, number: int) -> date:
        return date(2026, 11, 23) + timedelta(days=number)

    def asked(self, visit: Visit) -> Booking:
        return Booking(
            practitioner_id=self.practitioners[visit.practitioner],
            patient_id=None if visit.patient is None else self.patients[visit.patient],
            title="Visita",
            all_day=False,
            starts_at=DAY + visit.begins * HALF,
            ends_at=DAY + visit.ends * HALF,
            kind=Kind.APPOINTMENT,
            notes=None,
        )


def explore(schema_url: str, diary_on: Any, people: Any, check: Any, examples: int, steps: int) -> None:
    def machine() -> DiaryMachine:
        return DiaryMachine(
            schema_url, people, check, lambda db: diary_on(Transactions(db, SqlWork, asyncio.Event()))
        )

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_diary_does_what_the_model_says(
    schema_url: str, diary_on: Any, two_of_each: Any, check: Any
) -> None:
    explore(schema_url, diary_on, two_of_each, check, examples=12, steps=20)


@pytest.mark.slow
def test_the_diary_does_what_the_model_says_for_long(
    schema_url: str, diary_on: Any, two_of_each: Any, check: Any
) -> None:
    explore(schema_url, diary_on, two_of_each, check, examples=30, steps=50)
