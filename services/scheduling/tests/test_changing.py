"""Changing what was booked: moved, attended, missed, taken back, deleted, overbooked; on both databases."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling.adapters.tables import appointments, busy_slots
from scheduling.domain.appointment import (
    AppointmentNotFound,
    AppointmentNotScheduled,
    AppointmentOverlaps,
    Booking,
    Kind,
    Status,
    TooManyAtOnce,
)
from scheduling.domain.people import UnknownPeople
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store
from shared_kernel.errors import Invalid, Stale
from testkit.statements import statements

Asked = Callable[..., Booking]
Diary = Any
NewPerson = Callable[..., Awaitable[UUID]]
Sound = Callable[[], Awaitable[None]]


async def told(database: Database) -> list[str]:
    """The names of all events, in order."""
    async with database.reading() as connection:
        names = await connection.execute(select(event_store.c.name).order_by(event_store.c.seq))
        return [name.removeprefix("scheduling.").removesuffix(".v1") for name in names.scalars()]


async def test_a_moved_appointment_frees_its_old_time_and_takes_the_new(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, new_patient: NewPerson, expect_sound: Sound
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    id_ = (await diary.book(asked(ana, "2026-11-23T10:00", patient_id=maria))).appointment.id
    moved = await diary.move(id_, "2026-11-25T12:00", version=1)
    assert moved.appointment.version == 2
    assert moved.appointment.booking.starts_at == datetime(2026, 11, 25, 11, tzinfo=UTC)
    await expect_sound()
    await diary.book(asked(ana, "2026-11-23T10:00", patient_id=maria))
    for practitioner, patient in ((ana, None), (await new_practitioner(), maria)):
        with pytest.raises(AppointmentOverlaps):
            await diary.book(asked(practitioner, "2026-11-25T12:30", patient_id=patient))
    await expect_sound()


@pytest.mark.parametrize(
    ("starts_at", "minutes", "free"),
    [
        ("2026-11-23T10:30", 60, True),
        ("2026-11-23T10:00", 120, True),
        ("2026-11-23T10:00", 5, True),
        ("2026-11-23T11:00", 60, True),
        ("2026-11-23T10:00", 125, False),
        ("2026-11-23T11:30", 60, False),
        ("2026-11-23T12:30", 10, False),
        ("2026-11-23T13:00", 60, True),
    ],
)
async def test_it_may_be_moved_over_itself_but_not_over_another(
    diary: Diary,
    asked: Asked,
    new_practitioner: NewPerson,
    expect_sound: Sound,
    starts_at: str,
    minutes: int,
    free: bool,
) -> None:
    ana = await new_practitioner()
    id_ = (await diary.book(asked(ana, "2026-11-23T10:00"))).appointment.id
    other = (await diary.book(asked(ana, "2026-11-23T12:00"))).appointment.id
    if free:
        await diary.move(id_, starts_at, minutes)
    else:
        with pytest.raises(AppointmentOverlaps) as refusal:
            await diary.move(id_, starts_at, minutes)
        assert refusal.value.facts["conflict"]["appointmentId"] == str(other)  # type: ignore[index]
    await expect_sound()


async def test_given_to_another_practitioner_or_patient_it_takes_their_time_instead(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, new_patient: NewPerson, expect_sound: Sound
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    maria, pepe = await new_patient(), await new_patient(fullName="Pepe Gil")
    id_ = (await diary.book(asked(ana, "2026-11-23T10:00", patient_id=maria, title=None))).appointment.id
    entry = await diary.change(id_, practitioner_id=luis, patient_id=pepe)
    assert (entry.title, entry.patient_name) == ("Pepe Gil", "Pepe Gil")
    await diary.book(asked(ana, "2026-11-23T10:00", patient_id=maria))
    for practitioner, patient, who in ((luis, maria, "practitioner"), (ana, pepe, "practitioner")):
        with pytest.raises(AppointmentOverlaps) as refusal:
            await diary.book(asked(practitioner, "2026-11-23T10:30", patient_id=patient))
        assert refusal.value.facts["conflict"]["with"] == who  # type: ignore[index]
    without = await diary.change(id_, patient_id=None, title="Reunión", kind=Kind.OTHER)
    assert (without.title, without.patient_name) == ("Reunión", None)
    await expect_sound()


async def test_a_title_that_repeats_the_patients_name_is_none_of_its_own(
    diary: Diary, asked: Asked, hear: Any, maria: dict[str, Any], new_practitioner: NewPerson
) -> None:
    ana, patient = await new_practitioner(), await hear("patients.patient-registered.v1", maria)
    entry = await diary.book(asked(ana, "2026-11-23T10:00", patient_id=patient, title=maria["fullName"]))
    assert entry.appointment.booking.title is None
    await hear("patients.patient-renamed.v1", maria | {"fullName": "María José Núñez"}, patient, 2)
    again = await diary.change(entry.appointment.id, title="María José Núñez")
    assert (again.title, again.appointment.version) == ("María José Núñez", 1)
    typed = await diary.change(entry.appointment.id, title="Revisión")
    assert (typed.title, typed.appointment.version) == ("Revisión", 2)


async def test_each_change_is_told_once_and_what_changes_nothing_is_not_told(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, database: Database
) -> None:
    ana = await new_practitioner()
    id_ = (await diary.book(asked(ana, "2026-11-23T10:00"))).appointment.id
    assert (await diary.change(id_)).appointment.version == 1
    await diary.change(id_, title="Otra")
    await diary.move(id_, "2026-11-23T12:00")
    await diary.change(id_, status=Status.MISSED, reason="No vino")
    await diary.change(id_, status=Status.ATTENDED)
    await diary.change(id_, status=Status.SCHEDULED, title="Tercera")
    await diary.cancel(id_)
    await diary.change(id_, status=Status.SCHEDULED)
    await diary.delete(id_)
    assert await told(database) == [
        "appointment-booked",
        "appointment-changed",
        "appointment-moved",
        "appointment-missed",
        "appointment-attended",
        "appointment-restored",
        "appointment-cancelled",
        "appointment-restored",
        "appointment-deleted",
    ]
    async with database.reading() as connection:
        audited = (await connection.execute(select(audit_trail))).mappings().all()
    assert sorted(row["operation"] for row in audited) == ["created", "deleted", *["updated"] * 7]
    assert sum('"status_reason":[null,"No vino"]' in row["changes"] for row in audited) == 1


ALLOWED = {
    "scheduled": {"scheduled", "attended", "missed", "cancelled"},
    "attended": {"scheduled", "attended", "missed"},
    "missed": {"scheduled", "attended", "missed"},
    "cancelled": {"scheduled", "cancelled"},
}


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("after", list(Status))
async def test_whatever_became_of_it_can_be_taken_back_and_nothing_else_is_skipped(
    diary: Diary,
    asked: Asked,
    new_practitioner: NewPerson,
    expect_sound: Sound,
    before: Status,
    after: Status,
) -> None:
    reasons = {Status.CANCELLED: "Enferma", Status.MISSED: "No vino"}
    id_ = (await diary.book(asked(await new_practitioner(), "2026-11-23T10:00"))).appointment.id
    await diary.change(id_, status=before, reason=reasons.get(before))
    if after in ALLOWED[before]:
        changed = (await diary.change(id_, status=after, reason=reasons.get(after))).appointment
        assert (changed.status, changed.status_reason) == (after, reasons.get(after))
    else:
        with pytest.raises(AppointmentNotScheduled):
            await diary.change(id_, status=after, reason=reasons.get(after))
    await expect_sound()


async def test_only_what_is_scheduled_is_moved(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    id_ = (await diary.book(asked(await new_practitioner(), "2026-11-23T10:00"))).appointment.id
    for status in (Status.ATTENDED, Status.MISSED):
        await diary.change(id_, status=status)
        with pytest.raises(AppointmentNotScheduled):
            await diary.move(id_, "2026-11-23T12:00")
    await diary.move(id_, "2026-11-23T12:00", status=Status.SCHEDULED)
    await diary.cancel(id_)
    with pytest.raises(AppointmentNotScheduled):
        await diary.move(id_, "2026-11-23T16:00")
    await diary.change(id_, notes="Avisó por teléfono")
    await diary.move(id_, "2026-11-23T16:00", status=Status.SCHEDULED)
    await expect_sound()


async def test_a_cancelled_one_comes_back_only_to_a_free_hour(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, database: Database, expect_sound: Sound
) -> None:
    ana = await new_practitioner()
    id_ = (await diary.book(asked(ana, "2026-11-23T10:00"))).appointment.id
    await diary.cancel(id_)
    other = (await diary.book(asked(ana, "2026-11-23T10:55"))).appointment.id
    with pytest.raises(AppointmentOverlaps):
        await diary.change(id_, status=Status.SCHEDULED)
    await diary.cancel(other)
    restored = (await diary.change(id_, status=Status.SCHEDULED)).appointment
    assert (restored.status, restored.status_reason) == (Status.SCHEDULED, None)
    await expect_sound()


async def test_a_reason_belongs_to_what_was_cancelled_or_missed(
    diary: Diary, asked: Asked, new_practitioner: NewPerson
) -> None:
    id_ = (await diary.book(asked(await new_practitioner(), "2026-11-23T10:00"))).appointment.id
    for status, reason, code in (
        (Status.CANCELLED, None, "required"),
        (Status.ATTENDED, "Vino", "reason-without-need"),
        (Status.SCHEDULED, "Vendrá", "reason-without-need"),
    ):
        with pytest.raises(Invalid) as refusal:
            await diary.change(id_, status=status, reason=reason)
        assert [(v.path, v.code) for v in refusal.value.violations] == [("statusReason", code)]


async def test_a_deleted_one_is_gone_with_its_time_and_stays_in_the_log(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, database: Database, expect_sound: Sound
) -> None:
    ana = await new_practitioner()
    ids = [(await diary.book(asked(ana, f"2026-11-23T{hour}:00"))).appointment.id for hour in (10, 12)]
    await diary.cancel(ids[1])
    with pytest.raises(Stale):
        await diary.delete(ids[0], version=7)
    for id_ in ids:
        await diary.delete(id_)
        with pytest.raises(AppointmentNotFound):
            await diary.delete(id_)
    async with database.reading() as connection:
        for table in (appointments, busy_slots):
            assert (await connection.execute(select(table))).first() is None
    assert (await told(database))[-2:] == ["appointment-deleted"] * 2
    await diary.book(asked(ana, "2026-11-23T10:00"))
    await expect_sound()


async def test_a_stale_change_is_refused_and_leaves_everything_as_it_was(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    id_ = (await diary.book(asked(await new_practitioner(), "2026-11-23T10:00"))).appointment.id
    await diary.move(id_, "2026-11-23T12:00", version=1)
    with pytest.raises(Stale):
        await diary.move(id_, "2026-11-23T15:00", version=1)
    with pytest.raises(Stale):
        await diary.cancel(id_, version=1)
    assert (await diary.change(id_)).appointment.booking.starts_at.hour == 11
    await expect_sound()


async def test_nobody_unknown_or_gone_takes_over_but_what_is_theirs_may_still_be_told(
    diary: Diary, asked: Asked, hear: Any, ana: dict[str, Any], new_practitioner: NewPerson
) -> None:
    leaving = await hear("identity.user-created.v1", ana)
    ids = [(await diary.book(asked(leaving, f"2026-11-23T{hour}:00"))).appointment.id for hour in (10, 12)]
    await hear("identity.user-changed.v1", ana | {"status": "disabled"}, leaving, 2)
    with pytest.raises(UnknownPeople):
        await diary.move(ids[0], "2026-11-24T10:00")
    await diary.change(ids[0], title="Otra", status=Status.ATTENDED)
    await diary.cancel(ids[1])
    with pytest.raises(UnknownPeople):
        await diary.change(ids[1], status=Status.SCHEDULED)
    with pytest.raises(UnknownPeople) as refusal:
        await diary.change(
            (await diary.book(asked(await new_practitioner(), "2026-11-23T10:00"))).appointment.id,
            patient_id=UUID(int=0),
        )
    assert [v.path for v in refusal.value.violations] == ["patientId"]
    await diary.delete(ids[0])


async def test_who_overbooks_says_why_and_it_is_kept_as_long_as_it_lies_over_another(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, new_patient: NewPerson, expect_sound: Sound
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    below = (await diary.book(asked(ana, "2026-11-23T10:00", patient_id=maria), overbook="?")).appointment
    assert below.overbook_reason is None, "there was nothing in the way"
    over = (await diary.book(asked(ana, "2026-11-23T10:30"), overbook="Urgencia")).appointment
    assert over.overbook_reason == "Urgencia"
    await expect_sound()
    for hour in ("10:30", "11:00"):
        with pytest.raises(AppointmentOverlaps):
            await diary.book(asked(ana, f"2026-11-23T{hour}"))
    assert (await diary.change(over.id, title="Otra")).appointment.overbook_reason == "Urgencia"
    with pytest.raises(AppointmentOverlaps):
        await diary.move(over.id, "2026-11-23T10:45")
    longer = await diary.move(over.id, "2026-11-23T10:45", overbook="Otra urgencia")
    assert longer.appointment.overbook_reason == "Otra urgencia"
    await expect_sound()
    assert (await diary.move(over.id, "2026-11-23T11:00")).appointment.overbook_reason is None
    await expect_sound()


async def test_what_was_overbooked_still_takes_its_time_when_the_first_is_gone(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    ana = await new_practitioner()
    first = (await diary.book(asked(ana, "2026-11-23T10:00"))).appointment.id
    second = (await diary.book(asked(ana, "2026-11-23T10:30"), overbook="Urgencia")).appointment.id
    await diary.delete(first)
    with pytest.raises(AppointmentOverlaps) as refusal:
        await diary.book(asked(ana, "2026-11-23T10:00"))
    assert refusal.value.facts["conflict"]["appointmentId"] == str(second)  # type: ignore[index]
    await diary.cancel(second)
    await diary.book(asked(ana, "2026-11-23T10:00"))
    await expect_sound()


async def test_overbooking_without_end_is_taken_for_a_mistake(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, expect_sound: Sound
) -> None:
    ana = await new_practitioner()
    for _ in range(10):
        await diary.book(asked(ana, "2026-11-23T10:00"), overbook="Grupo")
    with pytest.raises(TooManyAtOnce):
        await diary.book(asked(ana, "2026-11-23T10:00"), overbook="Grupo")
    await expect_sound()


async def test_a_move_takes_as_many_statements_however_long_it_is(
    diary: Diary, asked: Asked, database: Database, new_practitioner: NewPerson, new_patient: NewPerson
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    id_ = (await diary.book(asked(ana, "2026-11-23T10:00", 10, patient_id=maria))).appointment.id
    counts = []
    for starts_at, minutes in (("2026-11-23T10:05", 10), ("2026-11-25T22:00", 600)):
        with statements(database) as heard:
            await diary.move(id_, starts_at, minutes)
        counts.append(len(heard))
    assert counts[0] == counts[1]
    assert counts[0] <= 16, "it 1, people 3, lock, free, look, slots, time off, row, gaps 7, audit 1, log 3"
