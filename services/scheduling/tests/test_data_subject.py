"""What the diary holds of a patient, and what is left of it once she was erased."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from httpx import AsyncClient
from sqlalchemy import select

from scheduling.adapters.tables import appointments, attendees, waiting_entries
from scheduling.subscribers import SUBSCRIPTIONS
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store, idempotency_keys
from shared_kernel.holdings import Holdings
from testkit.service import ServiceClient
from testkit.tokens import SigningKey

Json = dict[str, Any]
Hear = Callable[..., Awaitable[UUID]]
NewPerson = Callable[..., Awaitable[UUID]]

PATH = "/api/appointments"
ERASED = {"number": 1, "erasedAt": "2026-11-24T09:00:00+00:00"}
PERSONAL = ("Muñoz", "600 11 22 33", "Rodilla", "llamar", "Enferma")


@pytest_asyncio.fixture
async def desk(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with service.as_("ROLE_RECEPTIONIST") as client:
        yield client


@pytest_asyncio.fixture
async def patients_service(service: ServiceClient, signing_key: SigningKey) -> AsyncIterator[AsyncClient]:
    async with service.as_() as client:
        client.headers["Authorization"] = f"Bearer {signing_key.service_token_for('patients')}"
        yield client


@pytest_asyncio.fixture
async def practitioner(new_practitioner: NewPerson) -> str:
    return str(await new_practitioner())


async def booked(desk: AsyncClient, practitioner: str, patient: UUID, day: str) -> Json:
    visit = {
        "practitionerId": practitioner,
        "patientId": str(patient),
        "startsAt": f"{day}T10:00",
        "endsAt": f"{day}T11:00",
        "title": "Rodilla de Muñoz",
        "notes": "llamar al 600 11 22 33",
    }
    answer = await desk.post(PATH, json=visit, headers={"Idempotency-Key": f"{patient}-{day}"})
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def held(patients_service: AsyncClient, patient: UUID) -> Json:
    answer = await patients_service.get(f"/internal/patients/{patient}/holdings")
    assert answer.status_code == 200, answer.text
    answered: Json = answer.json()
    return answered


def sections(answered: Json) -> dict[str, list[Json]]:
    return {section["name"]: section["entries"] for section in answered["sections"]}


async def test_holdings_are_for_services_alone(
    service: ServiceClient, patients_service: AsyncClient, new_patient: NewPerson
) -> None:
    path = f"/internal/patients/{await new_patient()}/holdings"
    async with service.as_() as nobody, service.as_("ROLE_ADMIN") as admin:
        assert (await nobody.get(path)).status_code == 401
        assert (await admin.get(path)).status_code == 401
    assert (await patients_service.get(path)).status_code == 200
    assert (await patients_service.get("/internal/patients/7/holdings")).status_code == 422


async def test_the_diary_says_all_it_holds_of_a_patient_and_nothing_of_others(
    desk: AsyncClient, patients_service: AsyncClient, practitioner: str, new_patient: NewPerson
) -> None:
    maria, other = await new_patient(), await new_patient(fullName="Otra Persona")
    past = await booked(desk, practitioner, maria, "2026-11-23")
    await desk.post(f"{PATH}/{past['id']}/cancellation", json={"reason": "Enferma"})
    await booked(desk, practitioner, maria, "2199-01-07")
    await booked(desk, practitioner, other, "2199-01-08")
    answered = await held(patients_service, maria)
    found = sections(answered)
    assert [(a["title"], a["notes"], a["status"], a["statusReason"]) for a in found["appointments"]] == [
        ("Rodilla de Muñoz", "llamar al 600 11 22 33", "cancelled", "Enferma"),
        ("Rodilla de Muñoz", "llamar al 600 11 22 33", "scheduled", None),
    ]
    assert {a["practitionerName"] for a in found["appointments"]} == {"Ana Ruiz Peña"}
    assert found["attendee"] == [
        {
            "fullName": "María José Muñoz García",
            "phone": "+34 600 11 22 33",
            "email": None,
            "language": None,
            "emailReminders": False,
            "status": "active",
        }
    ]
    assert [change["operation"] for change in found["changes"]] == ["created", "updated", "created"]
    assert found["changes"][0]["changes"]["startsAt"][1].startswith("2026-11-23")
    assert len(found["events"]) == 3
    assert answered["pending"] == 1
    assert "Otra Persona" not in str(answered)
    for section in Holdings.read(answered).sections:
        named = set(section.fields)
        for entry in section.entries:
            assert set(entry) <= named
            assert set(entry.get("changes", {})) <= named
        for field in section.fields.values():
            assert set(field.label) == {"en", "es"}


async def test_nothing_is_held_of_a_stranger(patients_service: AsyncClient) -> None:
    names = ("appointments", "waiting", "attendee", "reminders", "changes", "events")
    assert {name: [] for name in names} == sections(await held(patients_service, uuid4()))


@pytest.mark.parametrize(
    ("change", "code", "spanish"),
    [
        (("patients.patient-changed.v1", {"status": "inactive"}), "patient-inactive", "Vuelva a activarlo"),
        (("patients.patient-erased.v1", ERASED), "patient-erased", "se suprimieron a petición suya"),
    ],
)
async def test_neither_an_inactive_nor_an_erased_patient_can_be_booked(
    desk: AsyncClient,
    database: Database,
    practitioner: str,
    new_patient: NewPerson,
    hear: Hear,
    maria: Json,
    change: tuple[str, Json],
    code: str,
    spanish: str,
) -> None:
    name, face = change
    about = await new_patient()
    await hear(name, face if face is ERASED else maria | face, about, 2)
    visit = {
        "practitionerId": practitioner,
        "patientId": str(about),
        "startsAt": "2026-11-23T10:00",
        "endsAt": "2026-11-23T11:00",
    }
    refused = await desk.post(PATH, json=visit, headers={"X-App-Locale": "es"})
    assert (refused.status_code, refused.json()["type"]) == (409, f"/problems/{code}")
    assert spanish in refused.json()["detail"]
    async with database.reading() as connection:
        assert (await connection.execute(select(appointments))).first() is None


async def test_a_patient_made_active_again_can_be_booked(
    desk: AsyncClient, practitioner: str, new_patient: NewPerson, hear: Hear, maria: Json
) -> None:
    about = await new_patient(status="inactive")
    await hear("patients.patient-changed.v1", maria, about, 2)
    await booked(desk, practitioner, about, "2026-11-23")


async def texts(database: Database) -> str:
    """All that this context's tables say, but its log."""
    async with database.reading() as connection:
        tables = (appointments, attendees, audit_trail, idempotency_keys)
        return str([(await connection.execute(select(table))).all() for table in tables])


async def test_an_erasure_leaves_the_time_taken_and_no_word_about_the_patient(
    desk: AsyncClient,
    patients_service: AsyncClient,
    database: Database,
    practitioner: str,
    new_patient: NewPerson,
    hear: Hear,
) -> None:
    maria, other = await new_patient(), await new_patient(fullName="Otra Persona")
    first = await booked(desk, practitioner, maria, "2026-11-23")
    await desk.post(f"{PATH}/{first['id']}/cancellation", json={"reason": "Enferma"})
    taken = await booked(desk, practitioner, maria, "2026-11-24")
    theirs = await booked(desk, practitioner, other, "2026-11-25")
    await hear("patients.patient-erased.v1", ERASED, maria, 2)

    shown = (await desk.get(PATH, params={"start": "2026-11-23", "end": "2026-11-25"})).json()["member"]
    assert [(a["title"], a["patientName"], a["notes"], a["statusReason"]) for a in shown] == [
        ("", "", None, None)
    ] * 2
    assert [(a["status"], a["startsAt"]) for a in shown] == [
        ("cancelled", first["startsAt"]),
        ("scheduled", taken["startsAt"]),
    ]
    assert (await desk.get(f"{PATH}/{theirs['id']}")).json() == theirs
    without_theirs = (await texts(database)).replace("Rodilla de Muñoz", "", 2)  # the other's, and its audit
    assert "María" not in without_theirs
    assert "Enferma" not in without_theirs
    found = sections(await held(patients_service, maria))
    assert found["attendee"] == []
    assert not any(word in str(found) for word in PERSONAL)
    assert found["changes"][0]["changes"]["title"] == [None, "[erased]"]
    async with database.reading() as connection:
        log = str((await connection.execute(select(event_store))).all())
    assert not any(word in log for word in PERSONAL)


async def test_an_erasure_reaches_what_was_deleted_given_to_another_or_overbooked(
    desk: AsyncClient, database: Database, practitioner: str, new_patient: NewPerson, hear: Hear
) -> None:
    maria, other = await new_patient(), await new_patient(fullName="Otra Persona")
    deleted, given, over = [await booked(desk, practitioner, maria, f"2026-11-{day}") for day in (23, 24, 25)]
    assert (await desk.delete(f"{PATH}/{deleted['id']}")).status_code == 204
    theirs = {"patientId": str(other), "title": "Revisión", "notes": None}
    assert (await desk.patch(f"{PATH}/{given['id']}", json=theirs)).status_code == 200
    closed = {"startsAt": "2026-11-26", "endsAt": "2026-11-26", "allDay": True}
    assert (await desk.post("/api/time-off", json=closed)).status_code == 201
    urgent = {
        "startsAt": "2026-11-26T10:00",
        "endsAt": "2026-11-26T11:00",
        "overbook": {"reason": "Rodilla hinchada"},
    }
    moved = await desk.patch(f"{PATH}/{over['id']}", json=urgent)
    assert moved.json()["overbookReason"] == "Rodilla hinchada"
    await hear("patients.patient-erased.v1", ERASED, maria, 2)
    left = await texts(database)
    assert [word for word in ("María", "Rodilla", "llamar", "hinchada") if word in left] == []
    assert (await desk.get(f"{PATH}/{given['id']}")).json()["title"] == "Revisión"
    for change in ({"title": "Rodilla"}, {"status": "attended"}):
        refused = await desk.patch(f"{PATH}/{over['id']}", json=change)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/patient-erased")
    assert (await desk.delete(f"{PATH}/{over['id']}")).status_code == 204


async def waits(desk: AsyncClient, patient: UUID, **wish: object) -> Json:
    usual = {
        "patientId": str(patient),
        "weekdays": ["monday", "friday"],
        "from": "09:00",
        "to": "14:00",
        "minutes": 60,
        "notes": "llamar al 600 11 22 33",
    }
    answer = await desk.post(
        "/api/waiting-list", json=usual | wish, headers={"Idempotency-Key": f"{patient}-{len(wish)}"}
    )
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def test_the_diary_says_what_a_patient_waits_for(
    desk: AsyncClient, patients_service: AsyncClient, practitioner: str, new_patient: NewPerson
) -> None:
    maria, other = await new_patient(), await new_patient(fullName="Otra Persona")
    await waits(desk, maria, practitionerId=practitioner, until="2199-01-07")
    await waits(desk, other)
    answered = await held(patients_service, maria)
    (entry,) = sections(answered)["waiting"]
    assert entry["weekdays"] == [{"weekday": "monday"}, {"weekday": "friday"}]
    assert (entry["from"], entry["to"], entry["until"]) == ("09:00", "14:00", "2199-01-07")
    assert (entry["practitionerName"], entry["notes"]) == ("Ana Ruiz Peña", "llamar al 600 11 22 33")
    assert [change["entityType"] for change in sections(answered)["changes"]] == ["WaitingEntry"]
    assert len(sections(answered)["events"]) == 1
    (section,) = (s for s in Holdings.read(answered).sections if s.name == "waiting")
    assert set(entry) <= set(section.fields)
    assert set(sections(answered)["changes"][0]["changes"]) <= set(section.fields)


async def test_an_erasure_ends_the_waiting_and_forgets_what_was_written_about_it(
    desk: AsyncClient,
    patients_service: AsyncClient,
    database: Database,
    new_patient: NewPerson,
    hear: Hear,
) -> None:
    maria, other = await new_patient(), await new_patient(fullName="Otra Persona")
    entry, withdrawn = await waits(desk, maria), await waits(desk, maria, minutes=30)
    assert (await desk.delete(f"/api/waiting-list/{withdrawn['id']}")).status_code == 204
    given = await waits(desk, maria, minutes=30, **{"from": "10:00"})
    theirs = {"patientId": str(other), "notes": None}
    assert (await desk.patch(f"/api/waiting-list/{given['id']}", json=theirs)).status_code == 200
    for _ in range(2):  # a picture built anew hears it again
        await hear("patients.patient-erased.v1", ERASED, maria, 2)
    async with database.reading() as connection:
        kept = (await connection.execute(select(waiting_entries))).mappings().all()
        told = (await connection.execute(select(event_store.c.name).order_by(event_store.c.seq))).scalars()
    assert {(row["status"], row["notes"]) for row in kept if row["patient_id"] == maria} == {
        ("withdrawn", None)
    }
    assert [name for name in told if "withdrawn" in name] == ["scheduling.waiting-entry-withdrawn.v1"] * 2
    assert "llamar" not in str(kept) + await texts(database)
    held_now = sections(await held(patients_service, maria))
    assert not any(word in str(held_now) for word in PERSONAL)
    assert [e["status"] for e in held_now["waiting"]] == ["withdrawn"] * 2
    refused = await desk.patch(f"/api/waiting-list/{entry['id']}", json={"status": "waiting"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/patient-erased")


async def test_what_was_booked_for_later_during_the_erasure_is_called_off(
    desk: AsyncClient, database: Database, practitioner: str, new_patient: NewPerson, hear: Hear
) -> None:
    maria, other = await new_patient(), await new_patient(fullName="Otra Persona")
    over, to_come = [await booked(desk, practitioner, maria, day) for day in ("2026-11-23", "2026-11-25")]
    for _ in range(2):  # a picture built anew hears it again
        await hear("patients.patient-erased.v1", ERASED, maria, 2)
    states = [(await desk.get(f"{PATH}/{one['id']}")).json()["status"] for one in (over, to_come)]
    assert states == ["scheduled", "cancelled"]
    await booked(desk, practitioner, other, "2026-11-25")
    async with database.reading() as connection:
        told = (await connection.execute(select(event_store.c.name).order_by(event_store.c.seq))).scalars()
    assert [name for name in told if "cancelled" in name] == ["scheduling.appointment-cancelled.v1"]


async def test_who_read_an_appointment_before_the_erasure_does_not_write_its_title_back(
    desk: AsyncClient, practitioner: str, new_patient: NewPerson, hear: Hear
) -> None:
    maria = await new_patient()
    seen = await booked(desk, practitioner, maria, "2026-11-24")
    await hear("patients.patient-erased.v1", ERASED, maria, 2)
    cancel = f"{PATH}/{seen['id']}/cancellation"
    late = await desk.post(cancel, json={"reason": "x"}, headers={"If-Match": f'"{seen["version"]}"'})
    assert late.status_code == 412
    assert (await desk.post(cancel, json={"reason": "x"})).json()["title"] == ""


async def test_neither_late_events_nor_a_rebuilding_bring_the_name_back(
    desk: AsyncClient, database: Database, practitioner: str, new_patient: NewPerson, hear: Hear, maria: Json
) -> None:
    about = await new_patient()
    await booked(desk, practitioner, about, "2026-11-23")
    told: tuple[tuple[str, Mapping[str, Any], int], ...] = (
        ("patients.patient-registered.v1", maria, 1),
        ("patients.patient-renamed.v1", maria | {"fullName": "María Muñoz Ibáñez"}, 2),
        ("patients.patient-erased.v1", ERASED, 3),
    )
    for name, face, version in (*told, told[1], told[0]):
        await hear(name, face, about, version)
    assert "Muñoz" not in await texts(database)
    (patients,) = (s for s in SUBSCRIPTIONS if s.source == "patients")
    async with database.writing() as connection:
        await patients.forget(connection)
        await connection.commit()
    for name, face, version in told:
        await hear(name, face, about, version)
    assert "Muñoz" not in await texts(database)
    async with database.reading() as connection:
        picture = (await connection.execute(select(attendees))).mappings().one()
    assert (picture["full_name"], picture["status"], picture["version"]) == ("", "erased", 3)
