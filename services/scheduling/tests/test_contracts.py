"""What scheduling says fits the contracts it gave; it understands every example of what it hears."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling.adapters.tables import attendees, practitioners
from scheduling.domain.appointment import (
    Appointment,
    AppointmentAttended,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentConfirmed,
    AppointmentDeleted,
    AppointmentMissed,
    AppointmentMoved,
    AppointmentRestored,
    Booking,
    Kind,
    Revision,
    Status,
)
from scheduling.domain.calendar_feed import (
    CalendarFeed,
    CalendarFeedRenewed,
    CalendarFeedRevoked,
    SecretAddress,
)
from scheduling.domain.diary import DiaryRules, Span
from scheduling.domain.gap import Gap, GapConsumed, GapDeleted, GapOffered, GapRestored, Taken
from scheduling.domain.time_off import Leave, TimeOff, TimeOffChanged, TimeOffDeleted, TimeOffPlanned
from scheduling.domain.waiting import (
    WaitingEntry,
    WaitingEntryAdded,
    WaitingEntryBooked,
    WaitingEntryChanged,
    WaitingEntryRestored,
    WaitingEntryWithdrawn,
    Wish,
)
from scheduling.domain.week_grid import WeekGrid, WeekGridChanged, WorkingWeek
from scheduling.subscribers import SUBSCRIPTIONS
from shared_kernel.chassis.database import Database
from testkit.contracts import contract, expect_contracts_of, expect_in_contract

SAID = (
    AppointmentBooked,
    AppointmentMoved,
    AppointmentChanged,
    AppointmentMissed,
    AppointmentAttended,
    AppointmentRestored,
    AppointmentCancelled,
    AppointmentDeleted,
    GapOffered,
    GapConsumed,
    GapRestored,
    GapDeleted,
    TimeOffPlanned,
    TimeOffChanged,
    TimeOffDeleted,
    WeekGridChanged,
    WaitingEntryAdded,
    WaitingEntryChanged,
    WaitingEntryBooked,
    WaitingEntryRestored,
    WaitingEntryWithdrawn,
    CalendarFeedRenewed,
    CalendarFeedRevoked,
    AppointmentConfirmed,
)
HEARD = sorted(name for subscription in SUBSCRIPTIONS for name in subscription.effects)

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_every_event_has_a_contract_and_every_contract_an_event() -> None:
    expect_contracts_of("scheduling", SAID)


@pytest.mark.parametrize("all_day", [False, True])
@pytest.mark.parametrize("patient_id", [None, UUID(int=2)])
@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_said_fits(
    asked: Callable[..., Booking], rules: DiaryRules, all_day: bool, patient_id: UUID | None, kind: Kind
) -> None:
    booking = asked(UUID(int=1), "2026-11-23T10:00", patient_id=patient_id, all_day=all_day, kind=kind)
    appointment = Appointment.book(booking, rules, NOW)
    later = replace(booking, starts_at=booking.starts_at + 25 * HOUR, ends_at=booking.ends_at + 25 * HOUR)
    for asked_for, status, reason in (
        (later, Status.SCHEDULED, None),
        (replace(later, title="Otra"), Status.SCHEDULED, None),
        (replace(later, title="Otra"), Status.MISSED, "No vino"),
        (replace(later, title="Otra"), Status.ATTENDED, None),
        (replace(later, title="Otra"), Status.SCHEDULED, None),
    ):
        appointment.revise(Revision(asked_for, status, reason), rules, NOW)
    appointment.cancel("Enferma", NOW)
    appointment.delete()
    events = appointment.told()
    assert [type(event) for event in events] == list(SAID[:8])
    for event in events:
        expect_in_contract("scheduling", event)


def test_what_is_said_of_a_confirmation_fits(rules: DiaryRules) -> None:
    for example in contract("scheduling.appointment-confirmed.v1")["examples"]:
        booking = Booking(
            practitioner_id=UUID(example["practitionerId"]),
            patient_id=UUID(example["patientId"]),
            title="Rodilla",
            all_day=example["allDay"],
            starts_at=datetime.fromisoformat(example["startsAt"]),
            ends_at=datetime.fromisoformat(example["endsAt"]),
            kind=Kind.APPOINTMENT,
            notes="Sintrom",
        )
        appointment = Appointment.book(booking, rules, NOW)
        appointment.told()
        assert appointment.confirm(NOW)
        assert not appointment.confirm(NOW), "saying so twice is saying it once"
        (event,) = appointment.told()
        assert event.face == example
        expect_in_contract("scheduling", event)


def test_what_is_said_of_gaps_fits() -> None:
    span = Span(NOW, NOW + HOUR)
    gap = Gap.offer(UUID(int=1), span, NOW)
    gap.settle([Taken(UUID(int=2), span)], NOW)
    gap.settle([], NOW)
    gap.delete()
    events = gap.told()
    assert [type(event) for event in events] == list(SAID[8:12])
    for event in events:
        expect_in_contract("scheduling", event)


@pytest.mark.parametrize("practitioner_id", [None, UUID(int=1)])
def test_what_is_said_of_time_off_fits(rules: DiaryRules, practitioner_id: UUID | None) -> None:
    leave = Leave(
        practitioner_id=practitioner_id, title="Boda", all_day=True, starts_at=NOW, ends_at=NOW + HOUR
    )
    time_off = TimeOff.plan(leave, rules, NOW)
    time_off.change(replace(leave, all_day=False), rules, NOW)
    time_off.delete()
    events = time_off.told()
    assert [type(event) for event in events] == list(SAID[12:15])
    for event in events:
        expect_in_contract("scheduling", event)
        assert "Boda" not in event.face.values()


def test_what_is_said_of_a_week_grid_fits() -> None:
    week = WorkingWeek(id=UUID(int=1), grid=WeekGrid.build({}))
    week.change(WeekGrid.build({"saturday": ["22:00-24:00", "09:00-09:05"]}))
    (event,) = week.told()
    assert event.face["saturday"] == ["09:00-09:05", "22:00-24:00"]
    expect_in_contract("scheduling", event)


@pytest.mark.parametrize("practitioner_id", [None, UUID(int=1)])
@pytest.mark.parametrize("until", [None, date(2026, 12, 18)])
def test_what_is_said_of_who_waits_fits(
    rules: DiaryRules, practitioner_id: UUID | None, until: date | None
) -> None:
    wish = Wish(
        patient_id=UUID(int=2),
        practitioner_id=practitioner_id,
        weekdays=frozenset({4, 0}),
        starts=0 * HOUR,
        ends=24 * HOUR,
        minutes=60,
        until=until,
        notes="Rodilla",
    )
    entry = WaitingEntry.add(wish, rules, NOW)
    entry.change(replace(wish, minutes=30), False, rules, NOW)
    entry.book(UUID(int=3), rules, NOW)
    entry.change(entry.wish, True, rules, NOW)
    entry.withdraw(NOW)
    events = entry.told()
    assert [type(event) for event in events] == list(SAID[16:21])
    for event in events:
        assert event.face["weekdays"] == ["monday", "friday"]
        assert "Rodilla" not in event.face.values()
        expect_in_contract("scheduling", event)


def test_what_is_said_of_a_calendars_address_fits_and_does_not_say_it() -> None:
    feed, address = CalendarFeed(id=UUID(int=1)), SecretAddress.fresh()
    feed.renew(address, NOW)
    feed.revoke()
    events = feed.told()
    assert [type(event) for event in events] == list(SAID[21:23])
    for event in events:
        expect_in_contract("scheduling", event)
        assert not {address.text, address.digest} & set(event.face.values())


@pytest.mark.parametrize(
    "name", [name for name in HEARD if name.startswith("patients.") and not name.endswith("erased.v1")]
)
async def test_every_example_of_a_patient_becomes_an_attendee(
    hear: Callable[..., Awaitable[UUID]], database: Database, name: str
) -> None:
    for example in contract(name)["examples"]:
        about = await hear(name, example)
        async with database.reading() as connection:
            found = await connection.execute(select(attendees).where(attendees.c.id == about))
        picture = found.mappings().one()
        assert picture["full_name"] == example["fullName"]
        assert (picture["phone"], picture["status"]) == (example["phone"], example["status"])
        assert (picture["email"], picture["language"]) == (example["email"], example.get("language"))
        assert picture["email_reminders"] is example.get("emailReminders", False)


async def test_every_example_of_an_erasure_leaves_an_attendee_without_a_name(
    hear: Callable[..., Awaitable[UUID]], database: Database
) -> None:
    for example in contract("patients.patient-erased.v1")["examples"]:
        about = await hear("patients.patient-erased.v1", example)
        async with database.reading() as connection:
            found = await connection.execute(select(attendees).where(attendees.c.id == about))
        picture = found.mappings().one()
        assert (picture["full_name"], picture["phone"], picture["status"]) == ("", None, "erased")
        assert (picture["email"], picture["language"], picture["email_reminders"]) == (None, None, False)


@pytest.mark.parametrize("name", [name for name in HEARD if name.startswith("identity.")])
async def test_every_example_of_a_user_becomes_a_practitioner_if_she_practises(
    hear: Callable[..., Awaitable[UUID]], database: Database, name: str
) -> None:
    for example in contract(name)["examples"]:
        about = await hear(name, example)
        async with database.reading() as connection:
            found = await connection.execute(select(practitioners).where(practitioners.c.id == about))
        picture = found.mappings().one()
        assert (picture["name"], picture["colour"]) == (example["name"], example["colour"])
        assert picture["practises"] == example["practitioner"]
        assert picture["active"] == (example["practitioner"] and example["status"] == "active")
