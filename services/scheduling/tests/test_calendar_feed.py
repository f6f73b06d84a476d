"""The calendar feed: what a program that subscribes is told, at an address that only it knows."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from httpx import AsyncClient, Response
from icalendar import Calendar, Event
from sqlalchemy import select

from scheduling.adapters.calendar_feeds import note_reading
from scheduling.adapters.ical import CalendarEntry, calendar
from scheduling.adapters.tables import calendar_feeds
from scheduling.domain.appointment import Booking, Status
from scheduling.domain.calendar_feed import SecretAddress
from scheduling.http.calendar_feed import CalendarStyle, Pages
from scheduling.main import SchedulingSettings, build_app
from scheduling.queries import calendar_feed as queries
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store, idempotency_keys
from shared_kernel.clinic_time import ClinicTime
from testkit.service import ServiceClient, serving
from testkit.statements import statements, statements_of_all

Asked = Callable[..., Booking]
Diary = Any
Hear = Callable[..., Awaitable[UUID]]
Json = dict[str, Any]
NewPerson = Callable[..., Awaitable[UUID]]
Read = Callable[..., Awaitable[Calendar]]

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
ROLES = ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN")
SOMEONE = "01890000-0000-7000-8000-00000000000a"
SPRING = [date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26), date(2029, 3, 25), date(2030, 3, 31)]
AUTUMN = [date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29), date(2029, 10, 28), date(2030, 10, 27)]
CHANGES = [(day, 23) for day in SPRING] + [(day, 25) for day in AUTUMN]


def path_of(practitioner: UUID | str) -> str:
    return f"/api/practitioners/{practitioner}/calendar-feed"


@pytest_asyncio.fixture
async def admin(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with service.as_("ROLE_ADMIN") as client:
        yield client


@pytest_asyncio.fixture
async def program(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    """A calendar program: it knows an address and nothing else."""
    async with service.as_() as client:
        yield client


@pytest.fixture
def read(database: Database, settings: SchedulingSettings) -> Read:
    """`await read(ana, today, names="full")`: her calendar as it goes out on that day, parsed."""

    async def read(
        practitioner_id: UUID, today: date = MONDAY, names: Any = "full", locale: Any = "es"
    ) -> Calendar:
        style = CalendarStyle(settings.clinic_time, locale, names)
        async with database.reading() as connection:
            rows = await queries.diary_of(connection, practitioner_id, style.window(today))
        return parsed(style.written("Ana Ruiz Peña", today, *rows))

    return read


def parsed(body: bytes) -> Calendar:
    """What a strict reader makes of it; what it would write is what it read."""
    expect_lines(body)
    found = Calendar.from_ical(body)
    found.validate()
    assert found.errors == []
    assert all(component.errors == [] for component in found.walk())
    assert Calendar.from_ical(found.to_ical()) == found
    for event in found.events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "LAST-MODIFIED", "STATUS"} <= set(event)
    assert found.get_missing_tzids() == set()
    return found


def expect_lines(body: bytes) -> None:
    """Lines end with CR LF and have 75 octets at most; no letter is cut in two (RFC 5545 §3.1)."""
    assert body.endswith(b"END:VCALENDAR\r\n")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75, line
        assert b"\n" not in line
        line.decode()


def expect_described(found: Calendar, zone: ZoneInfo, begin: datetime, steps: int, step: timedelta) -> None:
    """The calendar's own description of the zone, not what is known of its name, gives each offset."""
    (described,) = found.timezones
    read = described.to_tz(lookup_tzid=False)
    for number in range(steps):
        instant = begin + number * step
        assert instant.astimezone(read).utcoffset() == instant.astimezone(zone).utcoffset(), instant


def escaped(text: str) -> str:
    """As a TEXT is written (RFC 5545 §3.3.11)."""
    for letter in "\\;,":
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\n", "\\n")


def by_uid(found: Calendar) -> dict[str, Event]:
    return {str(event["UID"]): event for event in found.events}


def of_the_feed(heard: Sequence[tuple[str, Any]]) -> list[str]:
    """Without what the running service does meanwhile, such as telling its events."""
    tables = ("calendar_feeds", "appointments", "times_off")
    return [statement for statement, _ in heard if any(table in statement for table in tables)]


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


# --- the address ---


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_an_address_is_made_and_taken_away_by_an_admin_and_by_the_practitioner_alone(
    service: ServiceClient, new_practitioner: NewPerson, method: str
) -> None:
    ana = await new_practitioner()
    async with service.as_() as nobody:
        assert problem(await nobody.request(method, path_of(ana))) == (401, "not-authenticated")
    for role in (*ROLES, "ROLE_GARDENER"):
        async with service.as_(role) as client:
            answer = await client.request(method, path_of(ana))
            assert (answer.status_code == 403) is (role != "ROLE_ADMIN"), (role, answer.text)
    for role in ROLES:
        async with service.as_(role, user_id=str(ana)) as herself:
            assert (await herself.request(method, path_of(ana))).status_code in (200, 204)


async def test_an_address_is_told_once_and_only_its_digest_is_kept(
    admin: AsyncClient, program: AsyncClient, database: Database, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    nothing = {"practitionerId": str(ana), "createdAt": None, "lastReadAt": None, "names": "initials"}
    assert (await admin.get(path_of(ana))).json() == nothing | {"active": False}
    made = await admin.put(path_of(ana), headers={"Idempotency-Key": "k"})
    assert (made.status_code, made.headers["cache-control"]) == (200, "no-store")
    told = made.json()
    found = re.fullmatch(r"/api/calendar-feeds/([A-Za-z0-9_-]{43})\.ics", told["path"])
    assert found is not None, "256 bits"
    known = (await admin.get(path_of(ana))).json()
    assert known == nothing | {"active": True, "createdAt": told["createdAt"]}
    assert told == {k: known[k] for k in ("practitionerId", "createdAt", "names")} | {"path": told["path"]}
    answer = await program.get(told["path"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    parsed(answer.content)
    assert (await admin.get(path_of(ana))).json()["lastReadAt"] is not None
    tables = (calendar_feeds, event_store, audit_trail, idempotency_keys)
    async with database.reading() as connection:
        kept = [(await connection.execute(select(table))).all() for table in tables]
    assert found[1] not in str(kept)
    assert SecretAddress(found[1]).digest not in str(kept[1:])
    assert len(kept[1]) == len(kept[2]) == 1, "renewing is told and audited; reading is not"


async def test_a_new_address_kills_the_old_one_and_revoking_kills_the_last(
    admin: AsyncClient, program: AsyncClient, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    assert (await admin.delete(path_of(ana))).status_code == 204, "nothing to revoke yet"
    first, second = [(await admin.put(path_of(ana))).json()["path"] for _ in range(2)]
    assert first != second
    assert [(await program.get(path)).status_code for path in (first, second)] == [404, 200]
    for _ in range(2):
        assert (await admin.delete(path_of(ana))).status_code == 204
    assert (await program.get(second)).status_code == 404
    assert (await admin.get(path_of(ana))).json()["active"] is False
    third = (await admin.put(path_of(ana))).json()["path"]
    assert (await program.get(third)).status_code == 200


async def test_whoever_asks_at_a_wrong_address_learns_nothing_but_that(
    admin: AsyncClient, program: AsyncClient, database: Database, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    revoked = (await admin.put(path_of(ana))).json()["path"]
    await admin.delete(path_of(ana))
    malformed = ("x.ics", ".ics", "%00.ics", "%F0%9F%A6%B5.ics", f"{'a' * 5000}.ics", f"{ana}.ics", "%FF.ics")
    wrong = [revoked, f"/api/calendar-feeds/{SecretAddress.fresh().text}.ics"]
    wrong += [f"/api/calendar-feeds/{name}" for name in malformed]
    answers, asked = [], []
    for path in wrong:
        with statements_of_all(database) as heard:
            answers.append(await program.get(path))
        asked.append(of_the_feed(heard))
    for answer in answers:
        body = answer.json()
        assert body.pop("instance") == answer.request.url.path
        assert (answer.status_code, body["type"]) == (404, "/problems/not-found")
        assert body == {k: v for k, v in answers[0].json().items() if k != "instance"}
    assert all(statements == asked[0] for statements in asked if statements), "the same is looked up"
    assert [bool(statements) for statements in asked][:3] == [True] * 3
    for form in ("", "/", f"/{SecretAddress.fresh().text}", "/a/b.ics"):
        assert problem(await program.get(f"/api/calendar-feeds{form}")) == (404, "not-found")
    assert problem(await program.post(revoked))[0] == 405


async def test_the_calendar_of_somebody_who_left_is_closed(
    admin: AsyncClient, program: AsyncClient, hear: Hear, ana: Json, new_practitioner: NewPerson
) -> None:
    about = await new_practitioner()
    address = (await admin.put(path_of(about))).json()["path"]
    await hear("identity.user-changed.v1", ana | {"status": "disabled"}, about, 2)
    assert (await program.get(address)).status_code == 404
    assert problem(await admin.put(path_of(about))) == (404, "practitioner-not-found")
    await hear("identity.user-changed.v1", ana, about, 3)
    assert (await program.get(address)).status_code == 200
    for method in ("GET", "PUT", "DELETE"):
        assert problem(await admin.request(method, path_of(SOMEONE))) == (404, "practitioner-not-found")
        wrong = await admin.request(method, path_of("7"))
        assert (wrong.status_code, wrong.json()["violations"][0]["propertyPath"]) == (422, "practitionerId")


@pytest.mark.slow
async def test_of_addresses_made_at_once_exactly_the_last_is_alive(
    admin: AsyncClient, program: AsyncClient, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    for _ in range(3):
        made = await asyncio.gather(*(admin.put(path_of(ana)) for _ in range(8)))
        assert {answer.status_code for answer in made} <= {200, 503}, "503: tried too often"
        paths = [answer.json()["path"] for answer in made if answer.status_code == 200]
        assert [(await program.get(path)).status_code for path in paths].count(200) == 1


# --- what a program is told ---


async def test_a_visit_is_told_with_its_moments_initials_and_what_became_of_it(
    read: Read,
    diary: Diary,
    asked: Asked,
    new_practitioner: NewPerson,
    new_patient: NewPerson,
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    booking = asked(ana, "2026-11-23T10:00", 45, patient_id=maria, title="Rodilla de Muñoz")
    visit = (await diary.book(booking)).appointment
    (event,) = (await read(ana, names="initials")).events
    assert event.start == datetime(2026, 11, 23, 10, 0, tzinfo=MADRID)
    assert event.end == datetime(2026, 11, 23, 10, 45, tzinfo=MADRID)
    assert event["DTSTART"].params["TZID"] == "Europe/Madrid"
    assert (str(event["UID"]), event["SEQUENCE"]) == (str(visit.id), 0)
    assert (str(event["SUMMARY"]), event["STATUS"], event["TRANSP"]) == ("Cita · MJ", "CONFIRMED", "OPAQUE")
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == NOW
    (event,) = (await read(ana, names="full", locale="en")).events
    assert str(event["SUMMARY"]) == "Appointment · María José Muñoz García"
    await diary.cancel(visit.id)
    (event,) = (await read(ana, names="initials")).events
    assert (str(event["SUMMARY"]), event["STATUS"]) == ("Anulada: Cita · MJ", "CANCELLED")
    assert (event["TRANSP"], event["SEQUENCE"], str(event["UID"])) == ("TRANSPARENT", 1, str(visit.id))
    await diary.delete(visit.id)
    assert (await read(ana)).events == []


async def test_the_sequence_rises_with_each_change_and_the_uid_stays(
    read: Read, diary: Diary, asked: Asked, new_practitioner: NewPerson
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    id_ = (await diary.book(asked(ana, "2026-11-23T10:00"))).appointment.id
    away = await diary.away(ana, "2026-12-23T12:00", "2026-12-23T14:00", title="Operación")
    seen = by_uid(await read(ana))
    for change, sequence in (
        (lambda: diary.move(id_, "2026-11-24T10:00"), 1),
        (lambda: diary.change(id_, title="Otra"), 2),
        (lambda: diary.cancel(id_), 3),
    ):
        await change()
        now = by_uid(await read(ana))
        assert now.keys() == seen.keys() == {str(id_), str(away.id)}
        assert (now[str(id_)]["SEQUENCE"], now[str(away.id)]["SEQUENCE"]) == (sequence, 0)
    await diary.change(id_, status=Status.SCHEDULED, practitioner_id=luis)
    assert by_uid(await read(ana)).keys() == {str(away.id)}
    assert by_uid(await read(luis))[str(id_)]["SEQUENCE"] == 4


async def test_neither_titles_nor_notes_nor_reasons_are_told(
    read: Read, diary: Diary, asked: Asked, new_practitioner: NewPerson, new_patient: NewPerson
) -> None:
    ana, maria = await new_practitioner(), await new_patient()
    await diary.away(ana, "2026-12-23", "2026-12-24", all_day=True, title="Operación")
    await diary.away(None, "2026-12-25", "2026-12-25", all_day=True, title="Navidad")
    over = asked(ana, "2026-12-25T10:00", patient_id=maria, title="Rodilla")
    await diary.book(over, overbook="Urgencia")
    await diary.cancel((await diary.book(asked(ana, "2026-11-24T10:00", title="Formación"))).appointment.id)
    found = await read(ana)
    assert [str(event["SUMMARY"]) for event in found.events] == [
        "Anulada: Cita",
        "Cita · María José Muñoz García",
        "Ausencia",
        "Clínica cerrada",
    ]
    told = found.to_ical().decode()
    written = ("Operación", "Navidad", "Rodilla", "Urgencia", "Formación", "Enferma")
    assert [word for word in written if word in told] == []


async def test_whole_days_are_dates_and_time_off_takes_no_time(
    read: Read, diary: Diary, asked: Asked, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    await diary.book(asked(ana, "2026-11-23T10:00", all_day=True, title="Congreso"))
    await diary.away(ana, "2026-12-23", "2026-12-26", all_day=True)
    await diary.away(ana, "2026-12-28T12:00", "2026-12-28T14:00")
    day, days, hours = (await read(ana)).events
    assert (day.start, day.end) == (date(2026, 11, 23), date(2026, 11, 24))
    assert day["DTSTART"].to_ical() == b"20261123"
    assert day["DTSTART"].params["VALUE"] == "DATE"
    assert (days.start, days.end) == (date(2026, 12, 23), date(2026, 12, 26))
    assert hours.start == datetime(2026, 12, 28, 12, 0, tzinfo=MADRID)
    assert [event["TRANSP"] for event in (day, days, hours)] == ["OPAQUE", "TRANSPARENT", "TRANSPARENT"]


async def test_the_calendar_goes_from_thirty_days_ago_to_a_year_from_now_and_is_one_practitioners(
    read: Read, diary: Diary, asked: Asked, new_practitioner: NewPerson
) -> None:
    ana, luis = await new_practitioner(), await new_practitioner(name="Luis Gil")
    await diary.works(ana, monday=["09:00-10:00"])
    await diary.generate(ana, "2026-11-23", "2026-11-24")
    await diary.book(asked(luis, "2026-11-23T10:00"))
    await diary.away(luis, "2026-11-24", "2026-11-24", all_day=True)
    for when, told in (
        ("2026-10-23T22:00", False),
        ("2026-10-23T23:30", True),
        ("2027-11-23T23:30", True),
        ("2027-11-24T00:30", False),
    ):
        visit = (await diary.book(asked(ana, when))).appointment
        assert (str(visit.id) in by_uid(await read(ana))) is told, when
    assert len((await read(ana)).events) == 2, "neither gaps nor others' appointments"


@pytest.mark.parametrize(
    "name",
    [
        "Peña; Ana, la de \\ la esquina: sí",
        "Zoé 🦵🏽👩‍👩‍👧‍👦 " + "ñandú" * 25,
        "عبد الرحمن بن محمد",
        'Comillas "dobles" y; punto y coma;',
        "Una línea\ny otra, con; todo\\",
    ],
)
def test_what_a_name_may_be_made_of_arrives_as_it_was_written(name: str) -> None:
    entry = CalendarEntry(
        uid=SOMEONE,
        version=1,
        changed_at=NOW,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        all_day=False,
        summary=name,
        cancelled=False,
        takes_time=True,
    )
    body = calendar(name, [entry], MADRID, 2026, 2027)
    found = parsed(body)
    assert str(found.events[0]["SUMMARY"]) == name
    lines = body.decode().replace("\r\n ", "").split("\r\n")
    for about in ("SUMMARY", "NAME", "X-WR-CALNAME"):
        assert f"{about}:{escaped(name)}" in lines


async def test_a_calendar_says_what_it_is_and_when_to_ask_again(
    read: Read, new_practitioner: NewPerson
) -> None:
    found = await read(await new_practitioner())
    assert (found["VERSION"], found["CALSCALE"], str(found["X-WR-CALNAME"])) == (
        "2.0",
        "GREGORIAN",
        "Ana Ruiz Peña",
    )
    assert found["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert found.refresh_interval == timedelta(minutes=15)
    assert found.events == []


# --- clock changes ---


@pytest.mark.parametrize(("day", "hours"), CHANGES)
async def test_around_a_clock_change_every_moment_is_told_as_the_instant_it_is(
    read: Read, diary: Diary, asked: Asked, new_practitioner: NewPerson, day: date, hours: int
) -> None:
    ana, one = await new_practitioner(), timedelta(days=1)
    night = [f"{day}T01:30", f"{day}T03:00", f"{day}T10:00", f"{day - one}T10:00", f"{day + one}T10:00"]
    if hours == 25:
        night += [f"{day}T02:30+02:00", f"{day}T02:30+01:00", f"{day}T02:45+02:00"]
    else:
        night += [f"{day}T01:45+01:00"]
    booked = {}
    for moment in night:
        appointment = (await diary.book(asked(ana, moment, 15))).appointment
        booked[str(appointment.id)] = appointment.booking
    whole = (await diary.book(asked(ana, f"{day + 2 * one}T10:00", all_day=True))).appointment
    whole = (await diary.move(whole.id, f"{day + 3 * one}T10:00")).appointment
    for moved in (f"{day}T23:00", f"{day - one}T23:30"):
        entry = (await diary.book(asked(ana, f"{day + 5 * one}T10:00", 15))).appointment
        entry = (await diary.move(entry.id, moved, 60)).appointment
        booked[str(entry.id)] = entry.booking
    off = await diary.away(ana, str(day), str(day), all_day=True)
    found = await read(ana, day)
    events = by_uid(found)
    assert events.keys() == booked.keys() | {str(whole.id), str(off.id)}
    for uid, booking in booked.items():
        event = events[uid]
        assert event.start.astimezone(UTC) == booking.starts_at
        assert event.end.astimezone(UTC) == booking.ends_at
    assert (events[str(off.id)].start, events[str(off.id)].end) == (day, day + one)
    assert events[str(whole.id)].start == day + 3 * one
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - one
    expect_described(found, MADRID, midnight, 3 * 24 * 4, timedelta(minutes=15))


@pytest.mark.parametrize(
    "zone",
    ["Europe/Madrid", "Atlantic/Canary", "Europe/Dublin", "Africa/Casablanca", "UTC"],
)
def test_the_zone_is_described_as_it_is_at_every_hour_of_the_calendar(zone: str) -> None:
    for year in range(2026, 2031):
        found = Calendar.from_ical(calendar("x", [], ZoneInfo(zone), year, year + 1))
        begin = datetime(year, 1, 1, tzinfo=UTC)
        expect_described(found, ZoneInfo(zone), begin, 2 * 365, timedelta(hours=24))


def test_yearly_clock_changes_are_told_as_the_rule_they_are() -> None:
    (zone,) = Calendar.from_ical(calendar("x", [], MADRID, 2026, 2027)).timezones
    (summer,), (winter,) = zone.daylight, zone.standard
    for part, month, onset in ((summer, 3, "T020000"), (winter, 10, "T030000")):
        assert part["RRULE"].to_ical() == f"FREQ=YEARLY;BYDAY=-1SU;BYMONTH={month}".encode()
        assert part["DTSTART"].to_ical().decode().endswith(onset), "by the clock before the change"
    assert (timedelta(hours=1), timedelta(hours=2)) == (summer.TZOFFSETFROM, summer.TZOFFSETTO)


# --- programs that ask every few minutes ---


async def test_a_program_that_has_the_calendar_is_told_so_until_something_changes(
    admin: AsyncClient,
    program: AsyncClient,
    diary: Diary,
    asked: Asked,
    hear: Hear,
    maria: Json,
    new_practitioner: NewPerson,
    new_patient: NewPerson,
) -> None:
    ana, patient = await new_practitioner(), await new_patient()
    today = datetime.now(MADRID).date()
    visit = (await diary.book(asked(ana, f"{today}T10:00", patient_id=patient, title=None))).appointment
    address = (await admin.put(path_of(ana))).json()["path"]
    first = await program.get(address)
    assert first.headers["cache-control"] == "private, no-cache"
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = await program.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    other = await program.get(address, headers={"If-None-Match": '"x"'})
    assert (other.status_code, other.content) == (200, first.content)
    seen = {etag}
    for change in (
        lambda: diary.move(visit.id, f"{today}T12:00"),
        lambda: diary.away(ana, str(today), str(today), all_day=True),
        lambda: diary.delete(visit.id),
    ):
        await change()
        now = await program.get(address, headers={"If-None-Match": etag})
        assert (now.status_code, now.headers["etag"] in seen) == (200, False)
        etag = now.headers["etag"]
        seen.add(etag)
    await diary.book(asked(await new_practitioner(name="Luis Gil"), f"{today}T10:00"))
    unchanged = await program.get(address, headers={"If-None-Match": etag})
    assert unchanged.status_code == 304, "others' appointments change nothing in hers"


async def test_a_new_name_is_told_as_soon_as_it_is_heard(
    admin: AsyncClient,
    database: Database,
    settings: SchedulingSettings,
    fetch_keys: Any,
    token_for: Callable[..., str],
    owners_url: str,
    identity: Any,
    patients: Any,
    ana: Json,
    maria: Json,
    diary: Diary,
    asked: Asked,
) -> None:
    told = {
        "identity_url": f"{owners_url}/identity",
        "patients_url": f"{owners_url}/patients",
        "calendar_feed_names": "full",
    }
    today = datetime.now(MADRID).date()
    app = build_app(settings.model_copy(update=told), fetch_keys)
    async with serving(app, token_for) as service, service.as_("ROLE_ADMIN") as client:
        practitioner = await identity.say("UserCreated", ana)
        patient = await patients.say("PatientRegistered", maria)
        visit = {
            "practitionerId": str(practitioner),
            "patientId": str(patient),
            "startsAt": f"{today}T10:00",
            "endsAt": f"{today}T11:00",
        }
        made = await client.post("/api/appointments", json=visit)
        assert made.status_code == 201, made.text
        address = (await client.put(path_of(practitioner))).json()["path"]
        assert "Muñoz García" in (await client.get(address)).text.replace("\r\n ", "")
        await patients.say("PatientRenamed", maria | {"fullName": "Eva Gil"}, patient, 2)
        nobody = visit | {"patientId": SOMEONE}
        assert (await client.post("/api/appointments", json=nobody)).status_code == 422, "asks the owners"
        renamed = (await client.get(address)).text
        assert "Eva Gil" in renamed
        assert "Muñoz" not in renamed


async def test_reading_takes_three_statements_and_one_when_nothing_changed(
    admin: AsyncClient,
    program: AsyncClient,
    database: Database,
    diary: Diary,
    asked: Asked,
    new_practitioner: NewPerson,
    new_patient: NewPerson,
) -> None:
    ana = await new_practitioner()
    today = datetime.now(MADRID).date()
    for hour in range(9, 19):
        patient = await new_patient(fullName=f"Paciente {hour}")
        await diary.book(asked(ana, f"{today}T{hour:02}:00", patient_id=patient))
    address = (await admin.put(path_of(ana))).json()["path"]
    counts = []
    for _ in range(3):
        with statements_of_all(database) as heard:
            answer = await program.get(address)
        counts.append(len(of_the_feed(heard)))
    assert len(parsed(answer.content).events) == 10
    assert counts == [4, 1, 1], "whose it is, appointments, time off, and that it was read"


async def test_that_it_was_read_is_written_once_an_hour(
    admin: AsyncClient, program: AsyncClient, database: Database, new_practitioner: NewPerson
) -> None:
    ana = await new_practitioner()
    address = (await admin.put(path_of(ana))).json()["path"]

    async def last_read() -> datetime | None:
        async with database.reading() as connection:
            return (await connection.execute(select(calendar_feeds.c.last_read_at))).scalar_one()

    assert await last_read() is None
    await program.get(address)
    first = await last_read()
    assert first is not None
    await program.get(address)
    with statements(database) as heard:
        await note_reading(database, ana, first, first + timedelta(minutes=59))
    assert (heard, await last_read()) == ([], first)
    await note_reading(database, ana, None, first + timedelta(minutes=59))
    assert await last_read() == first, "another process had told it"
    await note_reading(database, ana, first, first + timedelta(minutes=61))
    assert await last_read() == first + timedelta(minutes=61)
    await admin.put(path_of(ana))
    assert await last_read() is None, "nobody has read the new one"
    await admin.delete(path_of(ana))
    await note_reading(database, ana, None, first)
    assert await last_read() is None


async def test_a_calendar_made_yesterday_is_not_todays(new_practitioner: NewPerson) -> None:
    pages = Pages(CalendarStyle(ClinicTime(MADRID), "es", "initials"))
    found = queries.Subscribed(await new_practitioner(), "Ana", None, ("a", None, "b"))
    page = await pages.made(found, MONDAY, [], [])
    assert pages.kept(found, MONDAY) is page
    assert pages.kept(found, MONDAY + timedelta(days=1)) is None
    later = queries.Subscribed(found.practitioner_id, "Ana", None, ("a", None, "c"))
    assert pages.kept(later, MONDAY) is None
