"""The waiting list: who is matched to which free time, in which order, and what may become of whom."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from scheduling.domain.appointment import AppointmentOverlaps, Booking, DiaryEntry
from scheduling.domain.diary import DiaryRules, Span
from scheduling.domain.people import PatientErased, PatientInactive, UnknownPeople
from scheduling.domain.time_off import DuringTimeOff
from scheduling.domain.waiting import (
    NotWaiting,
    Opening,
    WaitingEntry,
    WaitingEntryBooked,
    WaitingEntryChanged,
    WaitingEntryRestored,
    WaitingStatus,
    Wish,
)
from scheduling.domain.week_grid import WEEKDAYS
from scheduling.queries import waiting as queries
from scheduling.use_cases.waiting import (
    Waiter,
    add_to_waiting_list,
    book_from_waiting_list,
    change_waiting,
    withdraw,
)
from shared_kernel.chassis.database import Database
from shared_kernel.errors import Invalid, Stale
from testkit.statements import statements

Asked = Callable[..., Booking]
Diary = Any
NewPerson = Callable[..., Awaitable[UUID]]
Offered = Callable[[UUID], Awaitable[list[str]]]
Sound = Callable[[], Awaitable[None]]

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ANA, LUIS, MARIA = UUID(int=1), UUID(int=2), UUID(int=3)
HOUR = timedelta(hours=1)


def wished(**changes: Any) -> Wish:
    """Mondays from nine to two, one hour with anybody; `at="22:00-24:00"`, `on="monday tuesday"`."""
    starts, ends = changes.pop("at", "09:00-14:00").split("-")
    weekdays = frozenset(WEEKDAYS.index(name) for name in changes.pop("on", "monday").split())
    usual = Wish(
        patient_id=MARIA,
        practitioner_id=None,
        weekdays=weekdays,
        starts=_moment(starts),
        ends=_moment(ends),
        minutes=60,
        until=None,
        notes=None,
    )
    return replace(usual, **changes)


def _moment(clock: str) -> timedelta:
    hours, minutes = clock.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def opening(rules: DiaryRules, start: str, end: str, practitioner_id: UUID = ANA) -> Opening:
    span = Span(*(rules.instant(datetime.fromisoformat(m), "") for m in (start, end)))
    return Opening.at(practitioner_id, span, rules.clinic_time)


class List:
    """The use cases of the waiting list, each in a transaction of its own."""

    def __init__(self, diary: Diary, database: Database) -> None:
        self._diary = diary
        self._database = database

    async def add(self, patient_id: UUID, now: datetime = NOW, **wish: Any) -> UUID:
        wanted = wished(patient_id=patient_id, **wish)
        waiter = await self._diary.run(lambda work: add_to_waiting_list(work, wanted, self._diary.rules, now))
        return UUID(str(waiter.entry.id))

    async def change(
        self, entry_id: UUID, version: int | None = None, again: bool = False, **wish: Any
    ) -> WaitingEntry:
        waiter: Waiter = await self._diary.run(
            lambda work: change_waiting(
                work, entry_id, version, lambda seen: replace(seen, **wish), again, self._diary.rules, NOW
            )
        )
        return waiter.entry

    async def withdraw(self, entry_id: UUID) -> None:
        await self._diary.run(lambda work: withdraw(work, entry_id, None, NOW))

    async def book(
        self, entry_id: UUID, practitioner_id: UUID, starts_at: str, now: datetime = NOW
    ) -> DiaryEntry:
        booked: DiaryEntry = await self._diary.run(
            lambda work: book_from_waiting_list(
                work,
                entry_id,
                None,
                practitioner_id,
                datetime.fromisoformat(starts_at),
                self._diary.rules,
                now,
            )
        )
        return booked

    async def status(self, entry_id: UUID) -> str:
        async with self._database.reading() as connection:
            return str((await queries.waiting_entry(connection, entry_id))["status"])

    async def matches(self, practitioner_id: UUID, start: str, end: str, now: datetime = NOW) -> list[UUID]:
        free = opening(self._diary.rules, start, end, practitioner_id)
        async with self._database.reading() as connection:
            rows = await queries.matches(connection, free, self._diary.rules.clinic_time.today(now))
        return [row["id"] for row in rows]


@pytest.fixture
def waiting(diary: Diary, database: Database) -> List:
    return List(diary, database)


# --- the rule: which free time suits whom ---


@pytest.mark.parametrize(
    ("wish", "start", "end", "suits"),
    [
        ({}, "2026-11-23T10:00", "2026-11-23T11:00", True),
        ({}, "2026-11-23T09:00", "2026-11-23T14:00", True),
        ({}, "2026-11-23T08:55", "2026-11-23T10:00", False),
        ({}, "2026-11-23T13:05", "2026-11-23T14:05", False),
        ({}, "2026-11-24T10:00", "2026-11-24T11:00", False),
        ({"on": "tuesday"}, "2026-11-24T10:00", "2026-11-24T11:00", True),
        ({}, "2026-11-23T10:00", "2026-11-23T10:55", False),
        ({"minutes": 30}, "2026-11-23T10:00", "2026-11-23T10:30", True),
        ({"practitioner_id": ANA}, "2026-11-23T10:00", "2026-11-23T11:00", True),
        ({"practitioner_id": LUIS}, "2026-11-23T10:00", "2026-11-23T11:00", False),
        ({"until": date(2026, 11, 23)}, "2026-11-23T10:00", "2026-11-23T11:00", True),
        ({"until": date(2026, 11, 22)}, "2026-11-23T10:00", "2026-11-23T11:00", False),
        # Over midnight each day is asked by itself; a clock's 24:00 is the next day's 00:00.
        ({"at": "00:00-24:00"}, "2026-11-23T23:30", "2026-11-24T00:30", False),
        ({"at": "00:00-24:00", "on": "monday tuesday"}, "2026-11-23T23:30", "2026-11-24T00:30", True),
        ({"at": "22:00-24:00", "on": "monday tuesday"}, "2026-11-23T23:30", "2026-11-24T00:30", False),
        ({"at": "22:00-24:00"}, "2026-11-23T23:00", "2026-11-24T00:00", True),
        ({"at": "00:00-01:00", "on": "tuesday"}, "2026-11-24T00:00", "2026-11-24T01:00", True),
        # The clock is put forward from two to three: half past one to half past three is one hour.
        ({"at": "01:30-03:30", "on": "sunday"}, "2026-03-29T01:30", "2026-03-29T03:30", True),
        ({"at": "01:30-03:30", "on": "sunday", "minutes": 65}, "2026-03-29T01:30", "2026-03-29T03:30", False),
        ({"at": "01:00-03:00", "on": "sunday"}, "2026-03-29T01:30", "2026-03-29T03:30", False),
        # And back from three to two: two to three o'clock is two hours, and shows nothing else.
        ({"at": "02:00-03:00", "on": "sunday"}, "2026-10-25T02:00", "2026-10-25T03:00", True),
        ({"at": "02:30-03:00", "on": "sunday"}, "2026-10-25T02:30", "2026-10-25T02:30+01:00", False),
        ({"at": "02:00-02:30", "on": "sunday"}, "2026-10-25T02:00", "2026-10-25T02:30+01:00", False),
        ({"at": "02:30-03:00", "on": "sunday", "minutes": 5}, "2026-10-25T02:30", "2026-10-25T02:55", True),
    ],
)  # fmt: skip
def test_free_time_suits_by_the_clock_on_the_wall(
    rules: DiaryRules, wish: dict[str, Any], start: str, end: str, suits: bool
) -> None:
    assert wished(**wish).suits(opening(rules, start, end)) is suits


@pytest.mark.parametrize(
    "day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 22), date(2027, 3, 28)]
)
def test_every_moment_of_an_opening_is_asked(rules: DiaryRules, day: date) -> None:
    """The span of each weekday's moments is no wider than they are: checked moment by moment."""
    first = rules.clinic_time.day(day)[0]
    for begin in range(0, 26 * 12, 5):
        for length in (5, 30, 60, 125):
            starts_at = first + timedelta(minutes=5 * begin)
            span = Span(starts_at, starts_at + timedelta(minutes=length))
            shown = [rules.clinic_time.shown(starts_at + timedelta(minutes=m)) for m in range(0, length, 5)]
            free = Opening.at(ANA, span, rules.clinic_time)
            for at in ("00:00-24:00", "01:00-03:00", "02:00-02:30", "02:30-03:00", "22:00-24:00"):
                for on in ("sunday", "saturday sunday monday"):
                    wish = wished(at=at, on=on, minutes=5)
                    expected = all(
                        moment.weekday() in wish.weekdays
                        and wish.starts <= timedelta(hours=moment.hour, minutes=moment.minute) < wish.ends
                        for moment in shown
                    )
                    assert wish.suits(free) is expected, (span, at, on)


@pytest.mark.parametrize(
    ("wish", "path", "code"),
    [
        ({"at": "14:00-09:00"}, "to", "ends-before-start"),
        ({"at": "09:00-09:00"}, "to", "ends-before-start"),
        ({"minutes": 33}, "minutes", "off-the-grid"),
        ({"at": "00:00-24:00", "minutes": 605}, "minutes", "lasts-too-long"),
        ({"minutes": 305}, "minutes", "longer-than-hours"),
        ({"until": date(2026, 11, 19)}, "until", "day-is-past"),
    ],
)
def test_what_can_never_be_is_refused(rules: DiaryRules, wish: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        WaitingEntry.add(wished(**wish), rules, NOW)
    assert [(v.path, v.code) for v in refusal.value.violations] == [(path, code)]


def test_what_becomes_of_an_entry_is_told_once(rules: DiaryRules) -> None:
    entry = WaitingEntry.add(wished(), rules, NOW)
    entry.told()
    entry.change(entry.wish, False, rules, NOW)
    entry.change(entry.wish, True, rules, NOW)
    assert entry.told() == [], "nothing changed"
    entry.change(replace(entry.wish, minutes=30), False, rules, NOW)
    entry.book(UUID(int=9), rules, NOW)
    with pytest.raises(NotWaiting):
        entry.book(UUID(int=9), rules, NOW)
    with pytest.raises(NotWaiting):
        entry.withdraw(NOW)
    with pytest.raises(NotWaiting):
        entry.change(wished(), False, rules, NOW)
    entry.change(wished(notes="Otra vez"), True, rules, NOW)
    assert [type(event) for event in entry.told()] == [
        WaitingEntryChanged,
        WaitingEntryBooked,
        WaitingEntryRestored,
    ]
    assert (entry.status, entry.appointment_id) == (WaitingStatus.WAITING, None)


def test_whose_last_day_is_past_is_not_booked_but_may_be_given_another_day(rules: DiaryRules) -> None:
    entry = WaitingEntry.add(wished(until=date(2026, 11, 20)), rules, NOW)
    entry.expect_waiting(rules, datetime(2026, 11, 20, 22, 59, tzinfo=UTC))
    midnight = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    with pytest.raises(NotWaiting):
        entry.book(UUID(int=9), rules, midnight)
    entry.change(replace(entry.wish, notes="Sigue"), False, rules, midnight)
    entry.change(replace(entry.wish, until=date(2026, 11, 21)), False, rules, midnight)
    entry.book(UUID(int=9), rules, midnight)


# --- matches ---


async def test_those_whom_free_time_suits_are_matched_longest_waiting_first(
    waiting: List, new_practitioner: NewPerson, new_patient: NewPerson
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    maria, jose, eva = [await new_patient(fullName=name) for name in ("María", "José", "Eva")]
    later = await waiting.add(maria, NOW + HOUR)
    first = await waiting.add(jose, NOW - HOUR, practitioner_id=ana)
    await waiting.add(jose, NOW, practitioner_id=luis)
    again = await waiting.add(maria, NOW, minutes=30)
    await waiting.add(eva, NOW - 2 * HOUR, on="tuesday")
    monday = ("2026-11-23T10:00", "2026-11-23T11:00")
    assert await waiting.matches(ana, *monday) == [first, again, later]
    assert len(await waiting.matches(luis, *monday)) == 3
    assert await waiting.matches(ana, "2026-11-23T10:00", "2026-11-23T10:30") == [again]


async def test_nobody_is_matched_who_cannot_be_booked_or_has_something_else(
    waiting: List,
    diary: Diary,
    asked: Asked,
    hear: Any,
    maria: dict[str, Any],
    new_practitioner: NewPerson,
    new_patient: NewPerson,
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    people = [await new_patient(fullName=name) for name in ("A", "B", "C", "D", "E")]
    ids = [await waiting.add(who, NOW + n * HOUR) for n, who in enumerate(people)]
    inactive, busy = people[:2]
    await hear("patients.patient-changed.v1", maria | {"status": "inactive"}, inactive, 2)
    visit = await diary.book(asked(luis, "2026-11-23T10:55", patient_id=busy))
    await waiting.withdraw(ids[2])
    await waiting.book(ids[3], luis, "2026-11-23T13:00")
    monday = (ana, "2026-11-23T10:00", "2026-11-23T11:00")
    assert await waiting.matches(*monday) == [ids[4]]
    await diary.cancel(visit.appointment.id)
    await hear("patients.patient-changed.v1", maria, inactive, 3)
    assert await waiting.matches(*monday) == [ids[0], ids[1], ids[4]]


async def test_nobody_is_matched_after_the_last_day(
    waiting: List, new_practitioner: NewPerson, new_patient: NewPerson
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    until = await waiting.add(maria, until=date(2026, 11, 23))
    for week, found in (("2026-11-23", [until]), ("2026-11-30", [])):
        assert await waiting.matches(ana, f"{week}T10:00", f"{week}T11:00") == found
    past = datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert await waiting.matches(ana, "2026-11-23T10:00", "2026-11-23T11:00", past) == []


async def test_matches_are_one_statement_however_many_wait(
    waiting: List, database: Database, new_practitioner: NewPerson, new_patient: NewPerson
) -> None:
    ana = await new_practitioner()
    for number in range(12):
        await waiting.add(await new_patient(fullName=f"Paciente {number}"))
    with statements(database) as heard:
        found = await waiting.matches(ana, "2026-11-23T10:00", "2026-11-23T11:00")
    assert (len(found), len(heard)) == (12, 1)


# --- booking from the list ---


async def test_booking_from_the_list_is_a_booking_and_ends_the_waiting(
    waiting: List,
    diary: Diary,
    new_practitioner: NewPerson,
    new_patient: NewPerson,
    offered: Offered,
    expect_sound: Sound,
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    await diary.works(ana, monday=["10:00-11:00", "11:00-12:00"])
    await diary.generate(ana, "2026-11-23", "2026-11-24")
    entry = await waiting.add(maria, minutes=90)
    booked = await waiting.book(entry, ana, "2026-11-23T10:00")
    booking = booked.appointment.booking
    assert (booked.title, booking.patient_id) == ("María José Muñoz García", maria)
    assert booking.ends_at - booking.starts_at == timedelta(minutes=90)
    assert await waiting.status(entry) == "booked"
    assert await offered(ana) == [], "the gaps under it are consumed"
    with pytest.raises(NotWaiting):
        await waiting.book(entry, ana, "2026-11-30T10:00")
    await diary.cancel(booked.appointment.id)
    assert await waiting.status(entry) == "booked", "a cancellation puts nobody back by itself"
    assert (await waiting.change(entry, again=True)).status is WaitingStatus.WAITING
    await waiting.book(entry, ana, "2026-11-23T10:00")
    await expect_sound()


async def test_what_booking_refuses_leaves_the_patient_waiting(
    waiting: List,
    diary: Diary,
    asked: Asked,
    hear: Any,
    maria: dict[str, Any],
    new_practitioner: NewPerson,
    new_patient: NewPerson,
    expect_sound: Sound,
) -> None:
    ana, jose = await new_practitioner(), await new_patient()
    entry = await waiting.add(jose)
    await diary.book(asked(ana, "2026-11-23T10:00"))
    await diary.away(ana, "2026-11-24", "2026-11-24", all_day=True)
    refusals: list[tuple[UUID, str, type[Exception]]] = [
        (ana, "2026-11-23T09:30", AppointmentOverlaps),
        (ana, "2026-11-24T09:30", DuringTimeOff),
        (uuid4(), "2026-11-25T09:30", UnknownPeople),
        (ana, "2026-11-25T09:33", Invalid),
        (ana, "2026-03-29T02:30", Invalid),
    ]
    for who, when, refused in refusals:
        with pytest.raises(refused):
            await waiting.book(entry, who, when)
    await hear("patients.patient-changed.v1", maria | {"status": "inactive"}, jose, 2)
    with pytest.raises(PatientInactive):
        await waiting.book(entry, ana, "2026-11-25T10:00")
    assert await waiting.status(entry) == "waiting"
    await expect_sound()


# --- changing ---


async def test_an_entry_is_changed_under_its_version_and_for_people_who_are_known(
    waiting: List, hear: Any, maria: dict[str, Any], new_practitioner: NewPerson, new_patient: NewPerson
) -> None:
    ana, jose, eva = await new_practitioner(), await new_patient(), await new_patient(fullName="Eva")
    entry = await waiting.add(jose)
    assert (await waiting.change(entry, 1, practitioner_id=ana)).version == 2
    with pytest.raises(Stale):
        await waiting.change(entry, 1, practitioner_id=None)
    assert (await waiting.change(entry, 2)).version == 2, "nothing changed"
    for unknown in ({"practitioner_id": uuid4()}, {"patient_id": uuid4()}):
        with pytest.raises(UnknownPeople):
            await waiting.change(entry, **unknown)
    await hear("patients.patient-changed.v1", maria | {"status": "inactive"}, jose, 2)
    assert (await waiting.change(entry, notes="Ya no viene")).version == 3
    with pytest.raises(PatientInactive):
        await waiting.add(jose)
    assert (await waiting.change(entry, patient_id=eva)).wish.patient_id == eva
    await waiting.withdraw(entry)
    with pytest.raises(PatientInactive):
        await waiting.change(entry, again=True, patient_id=jose)
    erased = {"number": 1, "erasedAt": "2026-11-24T09:00:00+00:00"}
    await hear("patients.patient-erased.v1", erased, eva, 2)
    with pytest.raises(PatientErased):
        await waiting.change(entry, again=True)
    with pytest.raises(PatientErased):
        await waiting.add(eva)
