"""Who is told of which appointment, when, in which words; and who is not."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from scheduling.adapters.courier import KEPT, ReminderCourier
from scheduling.adapters.tables import appointments, attendees, reminders
from scheduling.domain.appointment import Booking, Kind, Status
from scheduling.domain.visit import VisitLinks
from scheduling.queries.holdings import holdings
from shared_kernel.chassis.database import Database
from shared_kernel.identifiers import new_id
from testkit.mailbox import Mailbox
from testkit.statements import statements

Asked = Callable[..., Booking]
Clock = Any
Diary = Any
Hear = Callable[..., Awaitable[UUID]]
NewCourier = Callable[..., ReminderCourier]
NewPerson = Callable[..., Awaitable[UUID]]
Outbox = Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]

VISIT = "2026-11-24T10:00+01:00"
DAY_BEFORE = "2026-11-23T10:00+01:00"


@pytest.fixture
def book(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, new_expectant: NewPerson
) -> Callable[..., Awaitable[UUID]]:
    """`await book()`: Ana expects María then, who asked to be reminded."""

    async def book(
        starts_at: str = VISIT, patient: UUID | None = None, ana: UUID | None = None, **told: Any
    ) -> UUID:
        ana, patient = ana or await new_practitioner(), patient or await new_expectant()
        booking = asked(ana, starts_at, patient_id=patient, title="Rodilla de Muñoz", **told)
        entry = await diary.book(booking)
        return UUID(str(entry.appointment.id))

    return book


def said(mailbox: Mailbox) -> list[str]:
    """The plain text of each letter."""
    bodies = [letter.get_body(("plain",)) for letter in mailbox.letters]
    return [body.get_content().replace("\r\n", "\n") for body in bodies if body is not None]


def states(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [row["state"] for row in rows]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-11-23T09:59:59.999999+01:00", False),
        (DAY_BEFORE, True),
        ("2026-11-24T09:59:59+01:00", True),
        (VISIT, False),
        ("2026-11-24T10:30+01:00", False),
    ],
)
async def test_a_patient_is_told_from_a_day_before_until_it_begins(
    book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox, now: str, told: bool
) -> None:
    await book()
    clock.show(now)
    await new_courier().round()
    assert len(mailbox.letters) == (1 if told else 0)


async def test_how_long_before_is_the_clinics_choice(
    book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox, outbox: Outbox
) -> None:
    await book()
    clock.show("2026-11-22T09:00+01:00")
    await new_courier(reminder_hours_before=48).round()
    assert mailbox.letters == []
    clock.show("2026-11-22T10:00+01:00")
    await new_courier(reminder_hours_before=48).round()
    assert len(mailbox.letters) == 1
    assert (await outbox())[0]["due_at"] == clock.now


async def test_each_is_told_once_however_often_one_looks(
    book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox, outbox: Outbox
) -> None:
    await book()
    clock.show(DAY_BEFORE)
    for _ in range(3):
        await new_courier().round()
        clock.now += timedelta(hours=3)
    assert len(mailbox.letters) == 1
    (row,) = await outbox()
    assert (row["state"], row["sent_at"] is not None, row["next_attempt_at"]) == ("sent", True, None)
    assert mailbox.message_ids() == [row["message_id"]]


@pytest.mark.parametrize(
    "face",
    [
        {"emailReminders": False},
        {"email": None},
        {"email": None, "emailReminders": False},
    ],
    ids=str,
)
async def test_who_did_not_ask_or_has_no_e_mail_is_not_told(
    book: Any,
    new_expectant: NewPerson,
    new_courier: NewCourier,
    clock: Clock,
    outbox: Outbox,
    face: dict[str, object],
) -> None:
    await book(patient=await new_expectant(**face))
    clock.show(DAY_BEFORE)
    await new_courier().round()
    assert await outbox() == []


async def test_what_was_said_before_there_were_reminders_asks_for_none(
    book: Any, hear: Hear, maria: dict[str, Any], new_courier: NewCourier, clock: Clock, outbox: Outbox
) -> None:
    patient = await hear("patients.patient-registered.v1", maria | {"email": "maria@example.com"})
    await book(patient=patient)
    clock.show(DAY_BEFORE)
    await new_courier().round()
    assert await outbox() == []
    asked = {"email": "maria@example.com", "emailReminders": True, "language": None}
    await hear("patients.patient-changed.v1", maria | asked, patient, 2)
    await new_courier().round()
    assert states(await outbox()) == ["sent"]


async def test_only_treatments_that_are_still_to_come_are_told_of(
    diary: Diary,
    asked: Asked,
    book: Any,
    new_practitioner: NewPerson,
    new_expectant: NewPerson,
    new_courier: NewCourier,
    clock: Clock,
    outbox: Outbox,
) -> None:
    ana, maria = await new_practitioner(), await new_expectant()
    await diary.book(asked(ana, "2026-11-24T08:00+01:00", patient_id=maria, kind=Kind.OTHER))
    await diary.book(asked(ana, "2026-11-24T09:00+01:00"))
    for hour, status in ((11, Status.CANCELLED), (12, Status.ATTENDED), (13, Status.MISSED)):
        id_ = await book(f"2026-11-24T{hour}:00+01:00", maria, ana)
        await diary.change(id_, status=status, reason=None if status is Status.ATTENDED else "Así fue")
    deleted = await book("2026-11-24T14:00+01:00", maria, ana)
    await diary.delete(deleted)
    clock.show(DAY_BEFORE)
    await new_courier().round()
    assert await outbox() == []


@pytest.mark.parametrize(
    ("language", "default", "subject", "words"),
    [
        (
            "es",
            "en",
            "Recordatorio de su cita: martes, 24 de noviembre de 2026, a las 10:00",
            "Le recordamos",
        ),
        (
            "en",
            "es",
            "Reminder of your appointment: Tuesday, 24 November 2026, at 10:00",
            "This is a reminder",
        ),
        (
            None,
            "es",
            "Recordatorio de su cita: martes, 24 de noviembre de 2026, a las 10:00",
            "Le recordamos",
        ),
        (
            None,
            "en",
            "Reminder of your appointment: Tuesday, 24 November 2026, at 10:00",
            "This is a reminder",
        ),
    ],
)
async def test_it_is_said_in_the_patients_language_else_the_clinics_and_by_the_clinics_clock(
    book: Any,
    new_expectant: NewPerson,
    new_courier: NewCourier,
    clock: Clock,
    mailbox: Mailbox,
    language: str | None,
    default: str,
    subject: str,
    words: str,
) -> None:
    id_ = await book("2026-11-24T09:00+00:00", patient=(maria := await new_expectant(language=language)))
    clock.show(DAY_BEFORE)
    await new_courier(default_locale=default, service_secret="x").round()
    (letter,), (text,) = mailbox.letters, said(mailbox)
    assert str(letter["Subject"]) == subject
    assert str(letter["From"]) == "Fisio Peña <citas@clinic.example>"
    assert str(letter["Content-Language"]) == (language or default)
    for word in (words, "24", "2026", "10:00", "Ana Ruiz Peña", "Fisioterapia Peña", "910 00 00 00"):
        assert word in text, word
    for word in ("Rodilla", "Muñoz", "María"):
        assert word not in letter.as_string(), word
    link = next(line for line in text.splitlines() if line.startswith("https://clinic.example/visit/"))
    visit = VisitLinks(b"x").read(link.rpartition("/")[2], clock.now)
    assert (visit.appointment_id, visit.patient_id) == (id_, maria)
    html = letter.get_body(("html",))
    assert html is not None
    assert f'<a href="{link}">' in html.get_content()


async def test_a_clinic_that_is_not_reachable_from_outside_gives_no_link(
    book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox
) -> None:
    await book()
    clock.show(DAY_BEFORE)
    await new_courier(public_url="", company_phone="", company_name="", app_title="Clínica <b>").round()
    (text,) = said(mailbox)
    assert "http" not in text
    assert "Teléfono" not in text
    assert "Clínica <b>" in text
    html = mailbox.letters[0].get_body(("html",))
    assert html is not None
    assert "Clínica &lt;b&gt;" in html.get_content()


async def test_of_a_whole_day_no_hour_is_said(
    diary: Diary,
    asked: Asked,
    new_practitioner: NewPerson,
    new_expectant: NewPerson,
    new_courier: NewCourier,
    clock: Clock,
    mailbox: Mailbox,
) -> None:
    ana, maria = await new_practitioner(), await new_expectant()
    await diary.book(asked(ana, "2026-11-24", 24 * 60, patient_id=maria, all_day=True))
    clock.show("2026-11-23T00:00+01:00")
    await new_courier().round()
    assert str(mailbox.letters[0]["Subject"]) == "Recordatorio de su cita: martes, 24 de noviembre de 2026"
    assert ":00" not in said(mailbox)[0].partition("https")[0]


async def test_a_moved_appointment_is_told_again_when_its_new_time_is_near(
    diary: Diary, book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox, outbox: Outbox
) -> None:
    id_ = await book()
    clock.show(DAY_BEFORE)
    await new_courier().round()
    await diary.move(id_, "2026-11-27T12:00+01:00")
    await new_courier().round()
    assert len(mailbox.letters) == 1
    clock.show("2026-11-26T12:00+01:00")
    await new_courier().round()
    assert [letter["Subject"].rpartition(" ")[2] for letter in mailbox.letters] == ["10:00", "12:00"]
    assert len(set(mailbox.message_ids())) == 2
    assert [(row["turn"], row["state"]) for row in await outbox()] == [(1, "sent"), (2, "sent")]


async def test_what_changes_nothing_about_when_is_not_told_again(
    diary: Diary, book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox
) -> None:
    id_ = await book()
    clock.show(DAY_BEFORE)
    await new_courier().round()
    await diary.move(id_, VISIT, minutes=90)
    await diary.change(id_, title="Hombro")
    await diary.cancel(id_)
    await new_courier().round()
    await diary.change(id_, status=Status.SCHEDULED)
    await new_courier().round()
    assert len(mailbox.letters) == 1


async def test_moved_and_moved_back_is_told_again_only_if_the_other_time_was_told(
    diary: Diary, book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox
) -> None:
    id_ = await book()
    clock.show(DAY_BEFORE)
    await new_courier().round()
    await diary.move(id_, "2026-11-24T09:00+01:00")
    await diary.move(id_, VISIT)
    await new_courier().round()
    assert len(mailbox.letters) == 1, "nobody heard of the other time"
    await diary.move(id_, "2026-11-24T09:00+01:00")
    await new_courier().round()
    await diary.move(id_, VISIT)
    await new_courier().round()
    assert [letter["Subject"].rpartition(" ")[2] for letter in mailbox.letters] == ["10:00", "09:00", "10:00"]


async def test_what_was_written_of_a_time_that_is_over_is_dropped_and_the_newest_sent_once(
    diary: Diary, book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox, outbox: Outbox
) -> None:
    id_ = await book()
    clock.show(DAY_BEFORE)
    mailbox.answers = ["450 later"] * 2
    await new_courier().round()
    await diary.move(id_, "2026-11-24T09:00+01:00")
    await new_courier().round()
    await diary.move(id_, VISIT)
    clock.now += timedelta(hours=1)
    await new_courier().round()
    assert [letter["Subject"].rpartition(" ")[2] for letter in mailbox.letters] == ["10:00"]
    assert sorted(states(await outbox())) == ["dropped", "dropped", "sent"]


async def test_given_to_another_patient_it_is_told_to_her(
    diary: Diary,
    book: Any,
    new_expectant: NewPerson,
    new_courier: NewCourier,
    clock: Clock,
    mailbox: Mailbox,
) -> None:
    id_ = await book()
    clock.show(DAY_BEFORE)
    await new_courier().round()
    await diary.change(id_, patient_id=await new_expectant(email="inaki@example.com", language="en"))
    await new_courier().round()
    assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == [
        ["maria@example.com"],
        ["inaki@example.com"],
    ]


@pytest.mark.parametrize(
    "change",
    [{"emailReminders": False}, {"email": None}, {"email": "nueva@example.com"}],
    ids=["opted out", "no e-mail", "another e-mail"],
)
async def test_what_is_wanted_is_looked_at_again_just_before_sending(
    book: Any,
    hear: Hear,
    maria: dict[str, Any],
    new_expectant: NewPerson,
    new_courier: NewCourier,
    clock: Clock,
    mailbox: Mailbox,
    outbox: Outbox,
    change: dict[str, Any],
) -> None:
    await book(patient=(patient := await new_expectant()))
    clock.show(DAY_BEFORE)
    mailbox.answers = ["451 not now"]
    await new_courier().round()
    asked = {"email": "maria@example.com", "emailReminders": True, "language": "es"}
    await hear("patients.patient-changed.v1", maria | asked | change, patient, 2)
    clock.now += timedelta(hours=1)
    for _ in range(2):
        await new_courier().round()
    sent_to = [envelope.rcpt_tos for envelope in mailbox.envelopes]
    assert sent_to == ([["nueva@example.com"]] if change.get("email") else [])
    assert states(await outbox())[0] == "dropped"


async def test_cancelled_or_begun_before_it_could_be_sent_it_is_dropped(
    diary: Diary, book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox, outbox: Outbox
) -> None:
    cancelled, begun = await book(), await book("2026-11-24T09:00+01:00")
    clock.show(DAY_BEFORE)
    mailbox.answers = ["451 not now"] * 10
    for _ in range(2):
        await new_courier().round()
    await diary.cancel(cancelled)
    clock.show("2026-11-24T09:00+01:00")
    mailbox.answers.clear()
    for _ in range(2):
        await new_courier().round()
    assert states(await outbox()) == ["dropped", "dropped"]
    assert mailbox.letters == []
    assert begun != cancelled


async def test_without_a_mail_server_it_is_shown_what_would_have_been_sent_and_told_once_there_is_one(
    book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox, outbox: Outbox
) -> None:
    await book()
    clock.show(DAY_BEFORE)
    for _ in range(2):
        await new_courier(mailer_url="", mail_from="").round()
    (row,) = await outbox()
    assert (row["state"], row["recipient"], row["next_attempt_at"]) == ("unsent", "maria@example.com", None)
    assert "martes, 24 de noviembre" in row["text"].lower()
    assert mailbox.letters == []
    await new_courier().round()
    assert len(mailbox.letters) == 1
    await new_courier().round()
    assert sorted(states(await outbox())) == ["sent", "unsent"]


SPRING = ("2026-03-29", "2027-03-28", "2028-03-26", "2029-03-25", "2030-03-31")
AUTUMN = ("2026-10-25", "2027-10-31", "2028-10-29", "2029-10-28", "2030-10-27")


@pytest.mark.parametrize(("day", "hours"), [(d, 23) for d in SPRING] + [(d, 25) for d in AUTUMN])
async def test_a_day_before_is_24_hours_whatever_the_clocks_do_and_the_hour_said_is_the_clinics(
    book: Any, new_courier: NewCourier, clock: Clock, mailbox: Mailbox, day: str, hours: int
) -> None:
    await book(f"{day}T10:00")
    before = datetime.fromisoformat(f"{day}T10:00") - timedelta(days=1)
    begins = datetime.fromisoformat(f"{day}T{8 if hours == 23 else 9:02}:00+00:00")
    clock.now = begins - timedelta(hours=24, microseconds=1)
    await new_courier().round()
    assert mailbox.letters == []
    clock.now += timedelta(microseconds=1)
    wall_clock = "09:00" if hours == 23 else "11:00"
    assert f"{diary_time(clock.now):%Y-%m-%d %H:%M}" == f"{before:%Y-%m-%d} {wall_clock}"
    await new_courier().round()
    subject = str(mailbox.letters[0]["Subject"])
    assert subject.endswith("a las 10:00")
    assert "domingo" in subject


def diary_time(instant: datetime) -> datetime:
    from zoneinfo import ZoneInfo

    return instant.astimezone(ZoneInfo("Europe/Madrid"))


async def test_an_erasure_forgets_what_was_told_and_tells_nothing_more(
    book: Any, hear: Hear, new_expectant: NewPerson, new_courier: NewCourier, clock: Clock, database: Database
) -> None:
    await book(patient=(maria := await new_expectant()))
    await book("2026-11-25T10:00+01:00", maria)
    clock.show(DAY_BEFORE)
    await new_courier().round()
    async with database.reading() as connection:
        held = await holdings(connection, maria, clock.now)
    sections = {section.name: section for section in held.sections}
    (told,) = sections["reminders"].entries
    assert (told["recipient"], told["state"], told["language"]) == ("maria@example.com", "sent", "es")
    assert "Le recordamos su cita" in told["text"]
    assert sections["reminders"].law is None, "it goes with an erasure"
    assert sections["attendee"].entries[0]["email"] == "maria@example.com"
    for section in held.sections:
        for entry in section.entries:
            assert set(entry) <= set(section.fields)
    await hear("patients.patient-erased.v1", {"number": 1, "erasedAt": clock.now.isoformat()}, maria, 2)
    clock.show("2026-11-24T10:00+01:00")
    await new_courier().round()
    async with database.reading() as connection:
        assert (await connection.execute(select(reminders))).all() == []
        kept = (await connection.execute(select(attendees))).mappings().one()
    assert (kept["email"], kept["language"], kept["email_reminders"]) == (None, None, False)


async def test_what_was_told_long_ago_is_forgotten(
    book: Any, new_courier: NewCourier, clock: Clock, outbox: Outbox
) -> None:
    await book()
    clock.show(DAY_BEFORE)
    await new_courier().round()
    clock.now = datetime.fromisoformat(VISIT).astimezone(UTC) + KEPT
    await new_courier().prune()
    assert len(await outbox()) == 1
    clock.now += timedelta(seconds=1)
    await new_courier().prune()
    assert await outbox() == []


async def test_with_nothing_to_do_two_statements_look_and_none_writes(
    book: Any, new_courier: NewCourier, clock: Clock, database: Database
) -> None:
    await book()
    clock.show(DAY_BEFORE)
    courier = new_courier()
    await courier.round()
    with statements(database) as heard:
        await courier.round()
    assert [statement.split()[0] for statement, _ in heard] == ["SELECT", "SELECT"]


async def test_looking_reads_no_further_than_the_time_ahead(
    new_practitioner: NewPerson,
    new_expectant: NewPerson,
    new_courier: NewCourier,
    clock: Clock,
    database: Database,
) -> None:
    ana, maria = await new_practitioner(), await new_expectant()
    clock.show(DAY_BEFORE)
    await many_appointments(database, ana, maria, clock.now - timedelta(days=400), 2000)
    with statements(database) as heard:
        await new_courier().round()
    first, parameters = heard[0]
    async with database.reading() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN {_explainable(database)} {first}", parameters)
        told = str(plan.all())
    assert "ix_appointments_starts_at" in told, told


def _explainable(database: Database) -> str:
    return "QUERY PLAN" if database.is_sqlite else ""


async def many_appointments(database: Database, ana: UUID, maria: UUID, first: datetime, count: int) -> None:
    rows = [
        {
            "id": new_id(first),
            "practitioner_id": ana,
            "patient_id": maria,
            "title": "Visita",
            "all_day": False,
            "starts_at": first + timedelta(hours=4 * number),
            "ends_at": first + timedelta(hours=4 * number + 1),
            "type": "appointment",
            "status": "attended",
            "version": 1,
            "created_at": first,
            "updated_at": first,
        }
        for number in range(count)
    ]
    async with database.writing() as connection:
        await connection.execute(insert(appointments), rows)
        await connection.commit()
        if not database.is_sqlite:
            await connection.exec_driver_sql("ANALYZE TABLE appointments")
