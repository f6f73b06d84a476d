"""Time off blocks booking, and what is left can be asked for; on both databases."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from scheduling.adapters.tables import appointments
from scheduling.domain.appointment import Booking, Status
from scheduling.domain.availability import free_starts
from scheduling.domain.diary import SLOT, DiaryRules, Span
from scheduling.domain.people import UnknownPeople
from scheduling.domain.time_off import DuringTimeOff, Leave, TimeOff, TimeOffNotFound
from scheduling.domain.week_grid import PractitionerNotFound
from scheduling.queries import working_hours as queries
from scheduling.use_cases.working_hours import change_time_off
from shared_kernel.chassis.database import Database
from shared_kernel.errors import Invalid, Stale
from shared_kernel.identifiers import new_id
from testkit.statements import statements

Asked = Callable[..., Booking]
Diary = Any
Free = Callable[..., Awaitable[list[str]]]
NewPerson = Callable[..., Awaitable[UUID]]
Sound = Callable[[], Awaitable[None]]

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def free(diary: Diary, database: Database) -> Free:
    """`free(ana, "2026-11-23", "2026-11-24", 60)`: the free starts, on the clinic's wall clock."""

    async def free(practitioner_id: UUID | None, start: str, end: str, minutes: int = 60) -> list[str]:
        async with database.reading() as connection:
            rows = await queries.availability(
                connection,
                practitioner_id,
                diary.window(start, end),
                timedelta(minutes=minutes),
                diary.default,
                diary.rules.clinic_time,
            )
        return [f"{diary.rules.clinic_time.shown(row['starts_at']):%d %H:%M}" for row in rows]

    return free


# --- time off ---


@pytest.mark.parametrize(
    ("starts_at", "minutes", "free"),
    [
        ("2026-12-23T11:00", 60, True),
        ("2026-12-23T11:05", 60, False),
        ("2026-12-23T12:30", 5, False),
        ("2026-12-23T13:55", 60, False),
        ("2026-12-23T14:00", 60, True),
        ("2026-12-23T10:00", 300, False),
    ],
)
async def test_nothing_is_booked_in_time_off_and_touching_it_is_allowed(
    diary: Diary,
    asked: Asked,
    new_practitioner: NewPerson,
    expect_sound: Sound,
    starts_at: str,
    minutes: int,
    free: bool,
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    away = await diary.away(ana, "2026-12-23T12:00", "2026-12-23T14:00", title="Formación")
    if free:
        await diary.book(asked(ana, starts_at, minutes))
    else:
        with pytest.raises(DuringTimeOff) as refusal:
            await diary.book(asked(ana, starts_at, minutes))
        assert refusal.value.facts["conflict"] == {
            "timeOffId": str(away.id),
            "startsAt": "2026-12-23T12:00:00+01:00",
            "endsAt": "2026-12-23T14:00:00+01:00",
            "title": "Formación",
            "with": "practitioner",
        }
    await diary.book(asked(luis, starts_at, minutes))
    await expect_sound()


async def test_a_closed_clinic_is_closed_for_all_on_whole_days(
    diary: Diary, asked: Asked, new_practitioner: NewPerson
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    await diary.away(None, "2026-12-25", "2026-12-27", all_day=True, title="Navidad")
    for who in (ana, luis):
        for starts_at in ("2026-12-24T23:30", "2026-12-25T00:00", "2026-12-26T23:00"):
            with pytest.raises(DuringTimeOff) as refusal:
                await diary.book(asked(who, starts_at))
            assert refusal.value.facts["conflict"]["with"] == "clinic"  # type: ignore[index]
        await diary.book(asked(who, "2026-12-24T23:00"))
        await diary.book(asked(who, "2026-12-27T00:00"))


async def test_what_was_booked_before_stays_and_cannot_be_moved_into_it_but_out_of_it(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    ana = await new_practitioner()
    id_ = (await diary.book(asked(ana, "2026-12-23T12:00"))).appointment.id
    away = await diary.away(ana, "2026-12-23", "2026-12-23", all_day=True)
    await diary.change(id_, title="Otra")
    with pytest.raises(DuringTimeOff):
        await diary.move(id_, "2026-12-23T16:00")
    await diary.move(id_, "2026-12-24T12:00")
    with pytest.raises(DuringTimeOff):
        await diary.move(id_, "2026-12-23T12:00")
    back = await diary.move(id_, "2026-12-23T12:00", overbook="Urgencia")
    assert back.appointment.overbook_reason == "Urgencia"
    await diary.cancel(id_)
    with pytest.raises(DuringTimeOff):
        await diary.change(id_, status=Status.SCHEDULED)
    await diary.back(away.id)
    await diary.change(id_, status=Status.SCHEDULED)
    await expect_sound()


async def test_time_off_is_changed_under_its_version_and_gone_when_deleted(
    diary: Diary, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    away = await diary.away(ana, "2026-12-23", "2026-12-24", all_day=True)

    async def change(version: int | None, **fields: object) -> TimeOff:
        def changed(time_off: TimeOff) -> Leave:
            return Leave(**{**vars(time_off.leave), **fields})

        return await diary.run(
            lambda work: change_time_off(work, away.id, version, changed, diary.rules, NOW)
        )

    assert (await change(1, title="Boda")).version == 2
    assert (await change(2, title="Boda")).version == 2
    with pytest.raises(Stale):
        await change(1, title="Otra")
    with pytest.raises(UnknownPeople):
        await change(None, practitioner_id=UUID(int=0))
    with pytest.raises(UnknownPeople):
        await diary.away(UUID(int=0), "2026-12-23", "2026-12-24")
    await diary.back(away.id)
    with pytest.raises(TimeOffNotFound):
        await change(None)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2026-12-25", "2026-12-25", "25 00:00", "26 00:00"),
        ("2026-12-25", "2026-12-26", "25 00:00", "26 00:00"),
        ("2026-12-25T09:00", "2026-12-26T12:03", "25 00:00", "27 00:00"),
        ("2026-12-25T00:00", "2026-12-28T00:00", "25 00:00", "28 00:00"),
    ],
)
def test_whole_days_are_whole(rules: DiaryRules, start: str, end: str, first: str, last: str) -> None:
    leave = Leave(
        practitioner_id=None,
        title=None,
        all_day=True,
        starts_at=datetime.fromisoformat(start),
        ends_at=datetime.fromisoformat(end),
    ).checked(rules)
    shown = [rules.clinic_time.shown(instant) for instant in (leave.starts_at, leave.ends_at)]
    assert [f"{instant:%d %H:%M}" for instant in shown] == [first, last]
    assert leave.checked(rules) == leave, "what was kept is not changed by being sent again"


@pytest.mark.parametrize(
    ("start", "end", "all_day", "broken"),
    [
        ("2026-12-25T10:00", "2026-12-25T10:00", False, ("endsAt", "ends-before-start")),
        ("2026-12-25", "2026-12-24", True, ("endsAt", "ends-before-start")),
        ("2026-12-25T10:01", "2026-12-25T11:00", False, ("startsAt", "off-the-grid")),
        ("2026-12-25", "2027-12-27", True, ("endsAt", "window-too-long")),
        ("0001-01-01", "2026-12-27", True, ("startsAt", "out-of-calendar")),
        ("2026-03-29T02:30", "2026-12-27", False, ("startsAt", "wall-time-skipped")),
    ],
)
def test_time_off_without_sense_is_refused_by_its_field(
    rules: DiaryRules, start: str, end: str, all_day: bool, broken: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        Leave(
            practitioner_id=None,
            title=None,
            all_day=all_day,
            starts_at=datetime.fromisoformat(start),
            ends_at=datetime.fromisoformat(end),
        ).checked(rules)
    assert [(v.path, v.code) for v in refusal.value.violations] == [broken]


# --- availability ---


async def test_an_empty_day_is_free_where_the_grid_offers_it(free: Free, new_practitioner: NewPerson) -> None:
    ana = await new_practitioner()
    day = "2026-11-23", "2026-11-24"
    assert await free(ana, *day) == [f"23 {hour}:00" for hour in ("09", "10", "11", "12", "14", "15")]
    assert await free(ana, *day, 90) == [f"23 {at}" for at in ("09:00", "10:00", "10:30", "11:00", "14:00")]
    assert await free(ana, *day, 240) == ["23 09:00"]
    assert await free(ana, *day, 245) == []
    assert len(await free(ana, *day, 30)) == 12
    assert await free(ana, "2026-11-21", "2026-11-23") == []
    assert await free(ana, "2026-11-23T10:30", "2026-11-23T14:55") == [
        "23 10:30",
        "23 11:00",
        "23 11:30",
        "23 12:00",
    ]
    assert await free(ana, "2026-11-23T11:51:07", "2026-11-23T13:00") == ["23 11:55", "23 12:00"]


async def test_what_is_booked_and_time_off_are_not_free_and_what_is_cancelled_is(
    free: Free, diary: Diary, asked: Asked, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    day = "2026-11-23", "2026-11-24"
    first = (await diary.book(asked(ana, "2026-11-23T09:00", 30))).appointment.id
    await diary.book(asked(ana, "2026-11-23T09:15", 30), overbook="Urgencia")
    await diary.away(None, "2026-11-23T12:00", "2026-11-23T15:00")
    await diary.away(ana, "2026-11-23T14:00", "2026-11-23T15:30")
    await diary.away(await new_practitioner(name="Luis Gil"), *day, all_day=True)
    assert await free(ana, *day) == [f"23 {at}" for at in ("09:45", "10:00", "10:45", "11:00")]
    assert await free(ana, *day, 30) == [
        *(f"23 {at}" for at in ("09:45", "10:00", "10:15", "10:45", "11:00", "11:15", "15:30"))
    ]
    await diary.cancel(first)
    assert (await free(ana, *day, 15))[:3] == ["23 09:00", "23 09:45", "23 10:00"]


async def test_free_time_goes_on_across_midnight(
    free: Free, diary: Diary, asked: Asked, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    await diary.works(ana, monday=["22:00-24:00"], tuesday=["00:00-02:00"])
    window = "2026-11-23", "2026-11-25"
    assert await free(ana, *window, 180) == ["23 22:00"]
    assert await free(ana, *window) == ["23 22:00", "23 23:00", "24 00:00", "24 01:00"]
    await diary.book(asked(ana, "2026-11-23T23:30", 60))
    assert await free(ana, *window) == ["23 22:00", "24 00:30"]
    assert await free(ana, "2026-11-24", "2026-11-25") == ["24 00:30"]


async def test_without_a_practitioner_everybody_who_can_be_booked_is_asked(
    free: Free, diary: Diary, database: Database, asked: Asked, new_practitioner: NewPerson
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    await new_practitioner(status="disabled")
    await new_practitioner(practitioner=False)
    await diary.works(luis, monday=["10:00-12:00"])
    await diary.book(asked(ana, "2026-11-23T09:00", 180))
    assert await free(None, "2026-11-23", "2026-11-24", 120) == ["23 10:00", "23 14:00"]
    with pytest.raises(PractitionerNotFound):
        await free(UUID(int=0), "2026-11-23", "2026-11-24")
    with statements(database) as heard:
        await free(None, "2026-11-23", "2026-12-21")
    assert len(heard) == 3


async def test_four_weeks_take_three_statements_however_full_the_diary_is(
    free: Free, database: Database, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    begin = datetime(2026, 11, 23, 8, tzinfo=UTC)
    rows = [
        {
            "id": new_id(NOW),
            "practitioner_id": ana,
            "all_day": False,
            "starts_at": begin + number * timedelta(minutes=30),
            "ends_at": begin + number * timedelta(minutes=30) + timedelta(minutes=25),
            "type": "appointment",
            "status": "scheduled",
            "version": 1,
            "created_at": NOW,
            "updated_at": NOW,
        }
        for number in range(48 * 28)
    ]
    async with database.writing() as connection:
        await connection.execute(insert(appointments), rows)
        await connection.commit()
    with statements(database) as heard:
        assert await free(ana, "2026-11-23", "2026-12-21", 10) == []
        assert len(await free(ana, "2026-11-23", "2026-12-21", 5)) == 2 * 4 * 29
    assert len(heard) == 6


FIVES = st.integers(0, 400)
SPANS = st.lists(st.tuples(FIVES, st.integers(1, 60)), max_size=8)


def spans(drawn: list[tuple[int, int]]) -> list[Span]:
    return [Span(NOW + begin * SLOT, NOW + (begin + length) * SLOT) for begin, length in drawn]


@given(grid=SPANS, taken=SPANS, begin=FIVES, length=st.integers(1, 400), slots=st.integers(1, 30))
@settings(deadline=None)
def test_a_start_is_free_exactly_when_every_slot_of_it_is_worked_and_untaken(
    grid: list[tuple[int, int]],
    taken: list[tuple[int, int]],
    begin: int,
    length: int,
    slots: int,
) -> None:
    window = spans([(begin, length)])[0]
    worked = {slot for span in spans(grid) for slot in span.slots()}
    left = worked - {slot for span in spans(taken) for slot in span.slots()}
    inside = set(window.slots())
    starts = free_starts(sorted(spans(grid)), spans(taken), window, slots * SLOT)
    assert starts == sorted(set(starts))
    for start in starts:
        needed = set(Span(start, start + slots * SLOT).slots())
        assert needed <= left & inside
    possible = [
        number for number in sorted(left & inside) if set(range(number, number + slots)) <= left & inside
    ]
    assert bool(starts) == bool(possible), "whoever finds nothing is told so only when there is nothing"
    for span in spans(grid):
        needed = set(Span(span.starts_at, span.starts_at + slots * SLOT).slots())
        assert (span.starts_at in starts) == (needed <= left & inside) or span.starts_at in starts
