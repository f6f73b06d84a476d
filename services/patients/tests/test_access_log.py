"""Who is shown clinical data is written down before it is shown; admins can read it, and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from httpx import AsyncClient
from sqlalchemy import func, insert, select, text

from patients.adapters.access_log import AccessLog
from patients.adapters.sql import access_row
from patients.adapters.tables import access_log
from patients.domain.access import Access, Opened
from patients.main import MIGRATIONS, PatientsSettings, build_app
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from testkit.service import NOBODY_LISTENS, ServiceClient, migrated, serving
from testkit.statements import statements, statements_of_all
from testkit.things import Asking
from testkit.tokens import SigningKey

LOG = "/api/access-log"
ANA = "01890000-0000-7000-8000-00000000000a"
WRITTEN = {"physiotherapyTreatment": "Masaje"}
ROLES = ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN")


async def entries(service: ServiceClient, **query: Any) -> list[dict[str, Any]]:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.get(LOG, params=query)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()["member"]
    return listed


async def patient_of(client: AsyncClient, **more: Any) -> str:
    made = await client.post("/api/patients", json={"firstName": "Ana", "lastName": "Gil", **more})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest_asyncio.fixture
async def patient(service: ServiceClient) -> str:
    """Registered by the desk, who is shown nothing clinical."""
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        return await patient_of(desk)


async def test_it_is_said_who_was_shown_whose_file_when_and_from_where(
    service: ServiceClient, patient: str
) -> None:
    before = datetime.now(UTC)
    async with service.as_("ROLE_PRACTITIONER", user_id=ANA, name="Ana Ruiz") as ana:
        headers = {"X-Forwarded-For": "192.0.2.7", "User-Agent": "Firefox"}
        assert (await ana.get(f"/api/patients/{patient}", headers=headers)).status_code == 200
    (entry,) = await entries(service)
    assert before <= datetime.fromisoformat(entry.pop("occurredAt")) <= datetime.now(UTC)
    assert UUID(entry.pop("id")).version == 7
    assert entry == {
        "patientId": patient,
        "patientNumber": 1,
        "patientName": "Ana Gil",
        "actorId": ANA,
        "actorName": "Ana Ruiz",
        "what": "patient",
        "recordId": None,
        "ip": "192.0.2.7",
        "userAgent": "Firefox",
    }


async def test_every_answer_with_clinical_data_is_logged(service: ServiceClient) -> None:
    async with service.as_("ROLE_USER") as user:
        patient = await patient_of(user, allergies="Látex")
        path = f"/api/patients/{patient}"
        await user.patch(path, json={"allergies": "Polen"})
        await user.patch(path, json={"allergies": "Polen"})  # changes nothing, but shows it
        await user.put(path, json={"firstName": "Ana", "lastName": "Ros"}, headers={"If-Match": "*"})
        await user.get(path)
        record = (await user.post("/api/records", json=WRITTEN | {"patientId": patient})).json()["id"]
        versions = f"/api/records/{record}/corrections"
        correction = (await user.post(versions, json=WRITTEN | {"reason": "Error"})).json()["id"]
        await user.get("/api/records", params={"patientId": patient})
        await user.get(f"/api/records/{record}")
        await user.get(versions)
    logged = await entries(service)
    assert {entry["patientId"] for entry in logged} == {patient}
    assert [(entry["what"], entry["recordId"]) for entry in logged][::-1] == [
        *[("patient", None)] * 5,
        ("record", record),
        ("record", correction),
        ("records", None),
        ("record", record),
        ("corrections", record),
    ]


async def test_what_shows_nothing_clinical_is_not_logged(service: ServiceClient, patient: str) -> None:
    path = f"/api/patients/{patient}"
    async with service.as_("ROLE_RECEPTIONIST") as desk, service.as_("ROLE_PRACTITIONER") as practitioner:
        await desk.get(path)
        await desk.patch(path, json={"phone": "911234567"})
        await desk.put(path, json={"firstName": "Ana", "lastName": "Ros"}, headers={"If-Match": "*"})
        await desk.get("/api/records", params={"patientId": patient})  # 403
        await practitioner.get("/api/patients")
        await practitioner.get("/api/stats/patients")
        await practitioner.get(f"/api/patients/{uuid4()}")  # 404
        await practitioner.get(f"/api/records/{uuid4()}")
        await practitioner.get("/api/records", params={"patientId": patient})  # there is none yet
        await practitioner.patch(path, json={"allergies": "Látex"}, headers={"If-Match": '"9"'})  # 412
        await practitioner.patch(path, json={"rate": "x"})  # 422
        await practitioner.post("/api/patients", json={"firstName": "Eva"})
    assert await entries(service) == []


async def test_reading_the_log_is_for_admins(service: ServiceClient) -> None:
    async with service.as_() as nobody:
        assert (await nobody.get(LOG)).status_code == 401
    for role in ROLES:
        async with service.as_(role) as caller:
            assert (await caller.get(LOG)).status_code == (200 if role == "ROLE_ADMIN" else 403), role


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/records?patientId={patient}"),
        ("POST", "/api/records"),
        ("GET", "/api/records/{record}"),
        ("GET", "/api/records/{record}/corrections"),
        ("POST", "/api/records/{record}/corrections"),
    ],
)
async def test_records_and_their_versions_are_for_those_who_treat(
    service: ServiceClient, method: str, path: str
) -> None:
    async with service.as_("ROLE_USER") as user:
        patient = await patient_of(user)
        record = (await user.post("/api/records", json=WRITTEN | {"patientId": patient})).json()["id"]
    asked = path.format(patient=patient, record=record)
    bodies = {"/api/records": WRITTEN | {"patientId": patient}}
    body = bodies.get(path, WRITTEN | {"reason": "Error"}) if method == "POST" else None
    async with service.as_() as nobody:
        assert (await nobody.request(method, asked, json=body)).status_code == 401
    for role in ROLES:
        async with service.as_(role) as caller:
            answer = await caller.request(method, asked, json=body)
        if role == "ROLE_RECEPTIONIST":
            assert answer.status_code == 403
            assert "Masaje" not in answer.text
        else:
            assert answer.status_code in (200, 201, 409), (role, answer.text)


async def noted(database: Database, moments: list[datetime], **who: Any) -> list[str]:
    """Entries of these instants, as if they had been made then."""
    origin = Origin(actor_id=who.get("actor_id", ANA), actor_name="Ana Ruiz")
    rows = [access_row(Access(who["patient_id"], Opened.PATIENT), origin, moment) for moment in moments]
    async with database.writing() as connection:
        await connection.execute(insert(access_log), rows)
        await connection.commit()
    return [str(row["id"]) for row in rows]


async def test_it_is_asked_by_patient_by_actor_and_by_days_of_the_clinic(
    database: Database, service: ServiceClient, patient: str
) -> None:
    first_in_madrid = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)  # 29 March 2026 has 23 hours
    last_in_madrid = datetime(2026, 3, 29, 21, 59, 59, 999_000, tzinfo=UTC)
    around = [first_in_madrid - timedelta(milliseconds=1), last_in_madrid + timedelta(milliseconds=1)]
    inside = await noted(database, [first_in_madrid, last_in_madrid], patient_id=UUID(patient))
    outside = await noted(database, around, patient_id=UUID(patient))
    (others,) = await noted(database, [first_in_madrid], patient_id=uuid4(), actor_id=str(uuid4()))

    async def ids(**query: str) -> list[str]:
        return [entry["id"] for entry in await entries(service, **query)]

    day = {"from": "2026-03-29", "to": "2026-03-29"}
    assert await ids(patientId=patient, **day) == inside[::-1]
    assert await ids(patientId=patient) == [outside[1], *inside[::-1], outside[0]]
    assert await ids(patientId=patient, to="2026-03-28") == [outside[0]]
    assert set(await ids(**day)) == {*inside, others}
    assert await ids(actorId=ANA, **{"from": "2026-03-30"}) == [outside[1]]
    assert await ids(**{"from": "2026-03-30", "to": "2026-03-28"}) == []


async def test_the_file_of_somebody_unknown_here_is_listed_without_a_name(
    database: Database, service: ServiceClient
) -> None:
    await noted(database, [datetime.now(UTC)], patient_id=uuid4())
    (entry,) = await entries(service)
    assert (entry["patientNumber"], entry["patientName"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("patientId=7", "patientId"),
        ("actorId=ana", "actorId"),
        ("from=yesterday", "from"),
        ("from=0001-01-01", "from"),
        ("from=946771200", "from"),
        ("to=2026-02-30", "to"),
        ("to=9999-12-31", "to"),
        ("page=0", "page"),
        ("page=9223372036854775808", "page"),
        ("itemsPerPage=201", "itemsPerPage"),
    ],
)
async def test_a_wrong_question_is_named(service: ServiceClient, query: str, named: str) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.get(f"{LOG}?{query}")
        assert answer.status_code == 422, answer.text
        assert [violation["propertyPath"] for violation in answer.json()["violations"]] == [named]


async def test_a_page_of_the_log_takes_two_statements(
    database: Database, service: ServiceClient, patient: str
) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    await noted(database, [begin + timedelta(hours=n) for n in range(40)], patient_id=UUID(patient))
    async with service.as_("ROLE_ADMIN") as admin:
        with statements_of_all(database) as given:
            page = (await admin.get(LOG, params={"page": 2})).json()
        assert len(given) == 2
    assert (len(page["member"]), page["totalItems"]) == (15, 40)
    assert page["view"]["next"] == "/api/access-log?page=3"
    times = [entry["occurredAt"] for entry in page["member"]]
    assert times == sorted(times, reverse=True)


async def test_a_patients_page_takes_two_statements(
    database: Database, service: ServiceClient, patient: str
) -> None:
    async with service.as_("ROLE_PRACTITIONER") as practitioner, service.as_("ROLE_RECEPTIONIST") as desk:
        with statements_of_all(database) as given:
            await practitioner.get(f"/api/patients/{patient}")
        assert len(given) == 2, "one to read, one to note who did"
        with statements_of_all(database) as given:
            await desk.get(f"/api/patients/{patient}")
        assert len(given) == 1


async def count(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(access_log))).scalar_one())


async def test_entries_that_come_together_are_committed_together(database: Database) -> None:
    log, access = AccessLog(database), Access(uuid4(), Opened.PATIENT)
    calling = Asking(origin=Origin(actor_id=ANA, actor_name="Ana Ruiz"))

    async def note() -> None:
        await log.note(calling, access)
        assert await count(database) > 0, "it is there when its caller goes on"

    with statements(database) as given:
        await asyncio.gather(*(note() for _ in range(60)))
    assert await count(database) == 60
    assert sum(statement.startswith("INSERT") for statement, _ in given) < 6


async def test_a_caller_who_gives_up_does_not_take_the_others_entries_along(database: Database) -> None:
    log, access = AccessLog(database), Access(uuid4(), Opened.PATIENT)
    calling = Asking(origin=Origin(actor_id=ANA, actor_name="Ana Ruiz"))
    hasty, patient = [asyncio.create_task(log.note(calling, access)) for _ in range(2)]
    await asyncio.sleep(0)
    hasty.cancel()
    await patient
    assert hasty.cancelled()
    assert await count(database) == 2
    await log.note(calling, access)
    assert await count(database) == 3


@pytest_asyncio.fixture
async def unlogged(
    database_url: str, signing_key: SigningKey, token_for: Any
) -> AsyncIterator[tuple[ServiceClient, str, str]]:
    """A service that cannot write its access log, with a patient and a record from before."""

    async def keys() -> dict[str, object]:
        return dict(signing_key.jwks)

    async with migrated(database_url, MIGRATIONS):
        app = build_app(PatientsSettings(database_url=database_url, redis_url=NOBODY_LISTENS), keys)
        async with serving(app, token_for) as service, service.as_("ROLE_USER") as user:
            patient = await patient_of(user, allergies="Látex")
            written = await user.post("/api/records", json=WRITTEN | {"patientId": patient})
            database = Database(database_url)
            async with database.writing() as connection:
                await connection.execute(text("DROP TABLE access_log"))
                await connection.commit()
            await database.close()
            yield service, patient, written.json()["id"]


async def test_what_cannot_be_logged_is_not_answered_nor_done(
    unlogged: tuple[ServiceClient, str, str],
) -> None:
    service, patient, record = unlogged
    path, versions = f"/api/patients/{patient}", f"/api/records/{record}/corrections"
    async with service.as_("ROLE_USER") as user, service.as_("ROLE_RECEPTIONIST") as desk:
        for asked in (
            user.get(path),
            user.patch(path, json={"medication": "Sintrom"}),
            user.get("/api/records", params={"patientId": patient}),
            user.get(f"/api/records/{record}"),
            user.get(versions),
            user.post(versions, json=WRITTEN | {"reason": "Error"}),
            user.post("/api/records", json=WRITTEN | {"patientId": patient}),
            user.post("/api/patients", json={"firstName": "Eva", "lastName": "Gil"}),
        ):
            answer = await asked
            assert answer.status_code in (500, 503), answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert not any(word in answer.text for word in ("Látex", "Sintrom", "Masaje"))
        assert (await desk.get(path)).json()["version"] == 1, "what could not be answered was not done"
        assert (await desk.get("/api/patients")).json()["totalItems"] == 1
