"""The rules of the diary, as far as one appointment shows them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.appointment import (
    Appointment,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentNotScheduled,
    Booking,
    DiaryEntry,
    Kind,
    Status,
)
from scheduling.domain.diary import SLOT, DiaryRules
from scheduling.domain.people import initials
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid

MADRID = ZoneInfo("Europe/Madrid")
RULES = DiaryRules(ClinicTime(MADRID), timedelta(hours=10))
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

SPRING = [date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26), date(2029, 3, 25), date(2030, 3, 31)]
AUTUMN = [date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29), date(2029, 10, 28), date(2030, 10, 27)]


def booking(starts_at: str, ends_at: str, **others: object) -> Booking:
    asked = {
        "practitioner_id": UUID(int=1),
        "patient_id": None,
        "title": "Visita",
        "all_day": False,
        "starts_at": datetime.fromisoformat(starts_at),
        "ends_at": datetime.fromisoformat(ends_at),
        "kind": Kind.APPOINTMENT,
        "notes": None,
    }
    return Booking(**asked | others)


def broken(asked: Booking) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        asked.checked(RULES)
    return [(violation.path, violation.code) for violation in refusal.value.violations]


def test_a_wall_clock_time_means_the_clinics_zone() -> None:
    checked = booking("2026-11-23T10:00", "2026-11-23T11:00").checked(RULES)
    assert checked.starts_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert booking("2026-07-01T10:00", "2026-07-01T11:00").checked(RULES).starts_at.hour == 8


def test_a_time_with_an_offset_is_that_instant() -> None:
    checked = booking("2026-11-23T10:00-05:00", "2026-11-23T16:30+01:00").checked(RULES)
    assert checked.starts_at == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert checked.ends_at == datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "violations"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00", [("endsAt", "ends-before-start")]),
        ("2026-11-23T10:00", "2026-11-23T09:00", [("endsAt", "ends-before-start")]),
        ("2026-11-23T10:00", "2026-11-23T20:05", [("endsAt", "lasts-too-long")]),
        ("2026-11-23T10:01", "2026-11-23T11:00", [("startsAt", "off-the-grid")]),
        ("2026-11-23T10:00", "2026-11-23T11:00:01", [("endsAt", "off-the-grid")]),
        ("2026-11-23T10:00", "2026-11-23T11:00:00.000001", [("endsAt", "off-the-grid")]),
        ("2026-03-29T02:30", "2026-03-29T03:30", [("startsAt", "wall-time-skipped")]),
        ("2026-03-29T01:30", "2026-03-29T02:30", [("endsAt", "wall-time-skipped")]),
        ("0001-01-01T00:00", "0001-01-01T01:00", [("startsAt", "out-of-calendar")]),
        ("9999-12-31T23:00", "9999-12-31T23:30-10:00", [("startsAt", "out-of-calendar")]),
    ],
)
def test_what_no_diary_could_hold_is_refused_by_the_field(
    starts_at: str, ends_at: str, violations: list[tuple[str, str]]
) -> None:
    assert broken(booking(starts_at, ends_at)) == violations


def test_ten_hours_are_not_too_long() -> None:
    assert len(booking("2026-11-23T10:00", "2026-11-23T20:00").checked(RULES).span.slots()) == 120


def test_a_title_may_be_empty_only_with_a_patient() -> None:
    assert broken(booking("2026-11-23T10:00", "2026-11-23T11:00", title=None)) == [
        ("title", "title-or-patient")
    ]
    with_patient = booking("2026-11-23T10:00", "2026-11-23T11:00", title=None, patient_id=UUID(int=2))
    assert with_patient.checked(RULES).title is None


def test_the_patients_name_is_shown_unless_a_title_was_typed() -> None:
    untitled = booking("2026-11-23T10:00", "2026-11-23T11:00", title=None, patient_id=UUID(int=2))
    titled = booking("2026-11-23T10:00", "2026-11-23T11:00", title="Revisión", patient_id=UUID(int=2))
    assert DiaryEntry(Appointment.book(untitled, RULES, NOW), "María José").title == "María José"
    assert DiaryEntry(Appointment.book(titled, RULES, NOW), "María José").title == "Revisión"


@pytest.mark.parametrize(
    ("day", "hours"), [(d, 23) for d in SPRING] + [(d, 25) for d in AUTUMN] + [(date(2026, 11, 23), 24)]
)
def test_a_whole_day_is_the_clinics_day_whatever_its_length(day: date, hours: int) -> None:
    checked = booking(f"{day}T11:00", f"{day}T12:00", all_day=True).checked(RULES)
    assert checked.ends_at - checked.starts_at == timedelta(hours=hours)
    for bound, expected in ((checked.starts_at, day), (checked.ends_at, day + timedelta(days=1))):
        shown = RULES.clinic_time.shown(bound)
        assert (shown.date(), shown.hour, shown.minute) == (expected, 0, 0)
    assert len(checked.span.slots()) == hours * 12


def test_a_whole_day_may_end_at_its_own_start_or_at_midnight_but_not_later() -> None:
    for ends_at in ("2026-11-23T00:00", "2026-11-24T00:00"):
        whole = booking("2026-11-23T00:00", ends_at, all_day=True).checked(RULES)
        assert whole.ends_at - whole.starts_at == timedelta(hours=24)
    late = booking("2026-11-23T00:00", "2026-11-24T00:05", all_day=True)
    assert broken(late) == [("endsAt", "more-than-a-day")]
    early = booking("2026-11-23T00:00", "2026-11-22T23:00", all_day=True)
    assert broken(early) == [("endsAt", "ends-before-start")]


@pytest.mark.parametrize("day", SPRING)
def test_in_spring_the_skipped_hour_is_refused_and_an_appointment_over_it_is_an_hour_shorter(
    day: date,
) -> None:
    assert broken(booking(f"{day}T02:00", f"{day}T04:00")) == [("startsAt", "wall-time-skipped")]
    over = booking(f"{day}T01:00", f"{day}T04:00").checked(RULES)
    assert over.ends_at - over.starts_at == timedelta(hours=2)


@pytest.mark.parametrize("day", AUTUMN)
def test_in_autumn_the_repeated_hour_is_the_first_unless_an_offset_says_the_second(day: date) -> None:
    first = booking(f"{day}T02:00", f"{day}T02:30").checked(RULES)
    second = booking(f"{day}T02:00+01:00", f"{day}T02:30+01:00").checked(RULES)
    assert second.starts_at - first.starts_at == timedelta(hours=1)
    assert not first.span.overlaps(second.span)
    over = booking(f"{day}T01:00", f"{day}T04:00").checked(RULES)
    assert over.ends_at - over.starts_at == timedelta(hours=4)
    assert broken(booking(f"{day}T00:00", f"{day}T10:00")) == [("endsAt", "lasts-too-long")]


GRID = st.integers(min_value=0, max_value=5 * 366 * 288).map(
    lambda number: datetime(2026, 1, 1, tzinfo=UTC) + number * SLOT
)
LENGTH = st.integers(min_value=1, max_value=120).map(lambda slots: slots * SLOT)
NEAR = st.integers(min_value=-150, max_value=150).map(lambda slots: slots * SLOT)


def spanning(start: datetime, length: timedelta) -> Booking:
    return booking(start.isoformat(), (start + length).isoformat()).checked(RULES)


@given(start=GRID, length=LENGTH, distance=NEAR, other_length=LENGTH)
def test_overlapping_is_mutual_and_means_sharing_a_slot(
    start: datetime, length: timedelta, distance: timedelta, other_length: timedelta
) -> None:
    one, other = spanning(start, length), spanning(start + distance, other_length)
    assert one.span.overlaps(other.span) == other.span.overlaps(one.span)
    assert one.span.overlaps(other.span) == bool(set(one.span.slots()) & set(other.span.slots()))
    if one.span.overlaps(other.span):
        assert set(one.span.days()) & set(other.span.days()), "who shares time must meet at a locked day"


@given(start=GRID, length=LENGTH, other_length=LENGTH)
def test_touching_is_not_overlapping(start: datetime, length: timedelta, other_length: timedelta) -> None:
    one, next_one = spanning(start, length), spanning(start + length, other_length)
    assert not one.span.overlaps(next_one.span)
    assert not next_one.span.overlaps(one.span)
    assert one.span.overlaps(one.span)


@given(day=st.dates(date(2026, 1, 1), date(2030, 12, 31)), slot=st.integers(0, 287))
def test_a_wall_clock_time_is_kept_or_refused_as_skipped(day: date, slot: int) -> None:
    wall = f"{day}T{slot // 12:02}:{slot % 12 * 5:02}"
    if day in SPRING and slot // 12 == 2:
        with pytest.raises(Invalid):
            RULES.instant(datetime.fromisoformat(wall), "startsAt")
    else:
        shown = RULES.clinic_time.shown(RULES.instant(datetime.fromisoformat(wall), "startsAt"))
        assert f"{shown:%Y-%m-%dT%H:%M}" == wall


def test_a_booking_is_told_without_its_title_and_notes() -> None:
    secret = booking("2026-11-23T10:00", "2026-11-23T11:00", title="Lumbalgia", notes="Operada")
    appointment = Appointment.book(secret, RULES, NOW)
    (event,) = appointment.told()
    assert isinstance(event, AppointmentBooked)
    assert event.face["startsAt"] == "2026-11-23T09:00:00+00:00"
    assert not {"Lumbalgia", "Operada"}.intersection(map(str, event.face.values()))


def test_a_cancelled_appointment_keeps_its_reason_and_cannot_be_cancelled_again() -> None:
    appointment = Appointment.book(booking("2026-11-23T10:00", "2026-11-23T11:00"), RULES, NOW)
    appointment.told()
    appointment.cancel("Enferma", NOW + timedelta(hours=1))
    (event,) = appointment.told()
    assert isinstance(event, AppointmentCancelled)
    assert (appointment.status, appointment.status_reason) == (Status.CANCELLED, "Enferma")
    assert appointment.updated_at > appointment.created_at
    with pytest.raises(AppointmentNotScheduled):
        appointment.cancel("Otra vez", NOW)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Ruiz Peña", "AR"),
        ("Ana de la Cruz", "AC"),
        ("íñigo", "Í"),
        ("Ana", "A"),
        ("ana ruiz", "AR"),
        ("علي حسن", "عح"),
    ],
)
def test_initials_are_those_of_the_first_two_proper_names(name: str, letters: str) -> None:
    assert initials(name) == letters
