"""The rights of whom the data are about: a copy of everything or none, and an erasure within the law."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import Table, select

from patients.adapters import search_index
from patients.adapters.other_contexts import OtherContextsOverHttp
from patients.adapters.tables import access_log, patients, records, search_token, search_vocab
from patients.domain.erasure import years_after
from patients.main import PatientsSettings, build_app
from patients.ports import HoldingsUnavailable
from patients.queries.holdings import holdings
from shared_kernel.chassis.answers import to_json
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.peers import Peers
from shared_kernel.chassis.tables import audit_trail, event_store, idempotency_keys
from shared_kernel.holdings import Field, Holdings, Kind, Law, Section
from testkit.printing import listening, pages_of
from testkit.servers import LOOPBACK, free_port
from testkit.service import NOBODY_LISTENS, ServiceClient, serving
from testkit.tokens import SigningKey
from testkit.waiting import eventually

Json = dict[str, Any]

NOBODY_ANSWERS = "http://127.0.0.1:1"
REASON = {"reason": "Lo pide por escrito"}
WORDS = {"en": "Word", "es": "Palabra"}
BOOKS = Law("books", {"en": "The books need them.", "es": "Los libros las necesitan."}, date(2032, 12, 31))


def section(name: str, entries: list[Json], **more: Any) -> Section:
    title = {"en": f"The {name}", "es": f"Las {name}"}
    fields = {"title": Field(WORDS), "startsAt": Field(WORDS, Kind.INSTANT), "lines": Field(WORDS)}
    return Section(name=name, title=title, fields=fields, entries=entries, **more)


@dataclass
class Neighbours:
    """Stand where identity, scheduling and billing stand: they answer what a test has them hold."""

    url: str
    held: dict[str, Holdings] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, UUID]] = field(default_factory=list)

    def reset(self) -> None:
        visit = {"title": "Rodilla de Muñoz", "startsAt": "2026-11-23T09:00:00+00:00"}
        self.held = {
            "scheduling": Holdings([section("appointments", [visit], law=BOOKS, blanked=["title"])]),
            "billing": Holdings(
                [
                    section("invoices", [{"lines": [{"title": "Sesión"}]}], law=BOOKS),
                    section("payer", [visit]),
                ]
            ),
        }
        self.status, self.asked = {}, []


@pytest_asyncio.fixture(scope="session")
async def running_neighbours() -> AsyncIterator[Neighbours]:
    app, port = FastAPI(), free_port()
    neighbours = Neighbours(f"http://{LOOPBACK}:{port}")

    @app.post("/internal/service-token")
    async def service_token(asked: Json) -> Json:
        return {"token": f"token of {asked['service']}", "expiresIn": 900}

    @app.get("/{context}/internal/patients/{patient_id}/holdings")
    async def held(context: str, patient_id: UUID) -> Any:
        from starlette.responses import Response as Answer

        neighbours.asked.append((context, patient_id))
        plain = neighbours.held[context].plain() if context in neighbours.held else {"sections": 7}
        return Answer(to_json(plain), neighbours.status.get(context, 200), media_type="application/json")

    server = uvicorn.Server(uvicorn.Config(app, LOOPBACK, port, log_config=None, ws="none"))
    running = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started, "the neighbours answer")
    yield neighbours
    server.should_exit = True
    await running


@pytest.fixture
def neighbours(running_neighbours: Neighbours) -> Neighbours:
    running_neighbours.reset()
    return running_neighbours


@pytest_asyncio.fixture(scope="session")
async def connected_service(
    schema_url: str, signing_key: SigningKey, token_for: Callable[..., str], running_neighbours: Neighbours
) -> AsyncIterator[ServiceClient]:
    async def keys() -> Json:
        return dict(signing_key.jwks)

    settings = PatientsSettings(
        database_url=schema_url,
        redis_url=NOBODY_LISTENS,
        identity_url=running_neighbours.url,
        scheduling_url=f"{running_neighbours.url}/scheduling",
        billing_url=f"{running_neighbours.url}/billing",
        company_name="Fisio Ñandú, S.L.",
    )
    async with serving(build_app(settings, keys), token_for) as client:
        yield client


@pytest.fixture
def clinic(database: Database, connected_service: ServiceClient, neighbours: Neighbours) -> ServiceClient:
    """The service among its neighbours, on a database emptied for this test."""
    return connected_service


@pytest_asyncio.fixture
async def admin(clinic: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with clinic.as_("ROLE_ADMIN", name="Olga Admin") as client:
        yield client


@pytest.fixture
def full() -> Json:
    return {
        "firstName": "María José",
        "lastName": "Muñoz García",
        "dateOfBirth": "1985-02-28",
        "taxId": "12345678Z",
        "phone": "+34 600 11 22 33",
        "email": "maria@example.com",
        "address": "Calle de la Peña 3",
        "profession": "Carpintera",
        "sportsActivity": "Escalada",
        "rate": "61.50",
        "notes": "Prefiere las tardes",
        "emailReminders": True,
        "language": "en",
        "allergies": "Látex",
        "medication": "Sintrom",
    }


ALWAYS_GO = ("600 11 22 33", "600112233", "maria@", "Peña", "Carpintera", "Escalada", "61.50", "tardes")
WITHOUT_RECORDS_GO = (
    *ALWAYS_GO,
    "María",
    "Muñoz",
    "1985, 2, 28",
    "1985-02-28",
    "12345678Z",
    "Látex",
    "Sintrom",
)


async def registered(admin: AsyncClient, body: Mapping[str, Any]) -> Json:
    answer = await admin.post("/api/patients", json=dict(body), headers={"Idempotency-Key": uuid4().hex})
    assert answer.status_code == 201, answer.text
    patient: Json = answer.json()
    return patient


async def documented(admin: AsyncClient, patient: str, **findings: str) -> Json:
    written = {"patientId": patient, "date": "2024-02-29", "physiotherapyTreatment": "Masaje\ncervical"}
    answer = await admin.post("/api/records", json=written | findings)
    assert answer.status_code == 201, answer.text
    record: Json = answer.json()
    return record


async def erased(admin: AsyncClient, patient: Json, **headers: str) -> Response:
    version = {"If-Match": f'"{patient["version"]}"'} | headers
    return await admin.post(f"/api/patients/{patient['id']}/erasure", json=REASON, headers=version)


async def said(database: Database, *tables: Table) -> str:
    """All that the tables say."""
    async with database.reading() as connection:
        return str([(await connection.execute(select(table))).all() for table in tables])


def listed(outcome: Json, kind: str) -> dict[tuple[str, str], Json]:
    return {(thing["context"], thing["what"]): thing for thing in outcome[kind]}


async def test_the_data_subjects_routes_are_for_administrators_alone(
    clinic: ServiceClient, admin: AsyncClient, maria: Json, neighbours: Neighbours
) -> None:
    path = f"/api/patients/{(await registered(admin, maria))['id']}"
    routes = (("GET", "copy"), ("GET", "copy/pdf"), ("GET", "erasure"), ("POST", "erasure"))
    async with AsyncExitStack() as stack:
        nobody = await stack.enter_async_context(clinic.as_())
        for method, route in routes:
            assert (await nobody.request(method, f"{path}/{route}")).status_code == 401
        for role in ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER"):
            colleague = await stack.enter_async_context(clinic.as_(role))
            for method, route in routes:
                refused = await colleague.request(method, f"{path}/{route}", json=REASON)
                assert refused.status_code == 403, (role, route)
            assert (await colleague.get("/api/patients", params={"status": "erased"})).status_code == 403
    assert neighbours.asked == []
    unknown = f"/api/patients/{uuid4()}"
    for method, route in routes:
        missing = await admin.request(method, f"{unknown}/{route}", json=REASON, headers={"If-Match": "*"})
        assert (missing.status_code, missing.json()["type"]) == (404, "/problems/patient-not-found")


async def test_what_this_context_holds_is_for_services_alone(
    clinic: ServiceClient, admin: AsyncClient, signing_key: SigningKey, maria: Json
) -> None:
    path = f"/internal/patients/{(await registered(admin, maria))['id']}/holdings"
    assert (await admin.get(path)).status_code == 401
    async with clinic.as_() as billing:
        assert (await billing.get(path)).status_code == 401
        billing.headers["Authorization"] = f"Bearer {signing_key.service_token_for('billing')}"
        answer = await billing.get(path)
    assert [s.name for s in Holdings.read(answer.json()).sections][:2] == ["registry", "clinical-background"]


async def test_a_copy_has_everything_from_every_context_and_is_logged(
    admin: AsyncClient, full: Json, neighbours: Neighbours
) -> None:
    patient = await registered(admin, full)
    other = await registered(admin, {"firstName": "Otra", "lastName": "Persona"})
    await documented(admin, other["id"])
    first = await documented(admin, patient["id"])
    correction = {"physiotherapyTreatment": "Masaje lumbar", "reason": "Era lumbar"}
    corrected = await admin.post(f"/api/records/{first['id']}/corrections", json=correction)
    assert corrected.status_code == 201, corrected.text
    path = f"/api/patients/{patient['id']}"
    await admin.patch(path, json={"phone": "911 22 33 44"})

    answer = await admin.get(f"{path}/copy", headers={"X-App-Locale": "es"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    copy = answer.json()
    assert copy["patient"] == {"id": patient["id"], "number": 1, "fullName": "María José Muñoz García"}
    assert datetime.fromisoformat(copy["generatedAt"]).utcoffset() is not None
    found = {(s["context"], s["name"]): s for s in copy["sections"]}
    assert [key[0] for key in found] == ["patients"] * 6 + ["scheduling", "billing", "billing"]
    assert found["patients", "registry"]["title"] == "Datos del registro"
    registry = found["patients", "registry"]["entries"][0]
    assert full | {"phone": "911 22 33 44"} == {
        name: (registry | found["patients", "clinical-background"]["entries"][0])[name] for name in full
    }
    versions = found["patients", "records"]["entries"]
    assert [(r["number"], r["revision"], r["correctionReason"]) for r in versions] == [
        (1, 1, None),
        (1, 2, "Era lumbar"),
    ]
    opened = found["patients", "access-log"]["entries"]
    assert {(a["actorName"], a["what"]) for a in opened} >= {
        ("Olga Admin", "patient"),
        ("Olga Admin", "record"),
    }
    changes = found["patients", "changes"]["entries"]
    assert {"phone": ["+34 600 11 22 33", "911 22 33 44"]}.items() <= changes[-1]["changes"].items()
    assert len(found["patients", "events"]["entries"]) == 4
    assert found["scheduling", "appointments"]["entries"][0]["title"] == "Rodilla de Muñoz"
    assert "Persona" not in answer.text
    assert sorted(neighbours.asked) == [("billing", UUID(patient["id"])), ("scheduling", UUID(patient["id"]))]
    log = (await admin.get("/api/access-log", params={"patientId": patient["id"]})).json()["member"]
    assert (log[0]["what"], log[0]["actorName"]) == ("copy", "Olga Admin")


async def test_every_field_that_is_held_has_a_name_in_both_languages(
    admin: AsyncClient, database: Database, full: Json
) -> None:
    patient = await registered(admin, full)
    record = await documented(admin, patient["id"], notes="x", evolution="y")
    await admin.post(
        f"/api/records/{record['id']}/corrections", json={"physiotherapyTreatment": "z", "reason": "r"}
    )
    await erased(admin, patient)
    async with database.reading() as connection:
        found = await holdings(connection, UUID(patient["id"]), datetime.now(UTC))
    for held in found.sections:
        for entry in held.entries:
            assert set(entry) <= set(held.fields), held.name
            assert set(entry.get("changes", {})) <= set(held.fields), held.name
            for name, known in held.fields.items():
                if known.choices and entry.get(name) is not None:
                    assert entry[name] in known.choices, (held.name, name)
        assert all(set(known.label) == {"en", "es"} for known in held.fields.values())
        assert set(held.title) == {"en", "es"}


@pytest.mark.parametrize("context", ["scheduling", "billing"])
@pytest.mark.parametrize("trouble", ["fails", "talks nonsense"])
async def test_while_a_context_cannot_answer_there_is_neither_half_a_copy_nor_an_erasure(
    admin: AsyncClient, full: Json, neighbours: Neighbours, context: str, trouble: str
) -> None:
    patient = await registered(admin, full)
    if trouble == "fails":
        neighbours.status[context] = 500
    else:
        del neighbours.held[context]
    path = f"/api/patients/{patient['id']}"
    answers = [await admin.get(f"{path}/{what}") for what in ("copy", "copy/pdf", "erasure")]
    answers.append(await erased(admin, patient))
    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/holdings-unavailable")
        assert answer.json()["part"] == context
        assert int(answer.headers["retry-after"]) > 0
    assert (await admin.get(path)).json()["erasedAt"] is None
    log = (await admin.get("/api/access-log", params={"patientId": patient["id"]})).json()["member"]
    assert "copy" not in [access["what"] for access in log]


@pytest.mark.usefixtures("database")
async def test_a_context_that_is_down_is_not_waited_for(
    schema_url: str,
    signing_key: SigningKey,
    token_for: Callable[..., str],
    neighbours: Neighbours,
    maria: Json,
) -> None:
    async def keys() -> Json:
        return dict(signing_key.jwks)

    settings = PatientsSettings(
        database_url=schema_url,
        redis_url=NOBODY_LISTENS,
        identity_url=neighbours.url,
        scheduling_url=f"{neighbours.url}/scheduling",
        billing_url=NOBODY_ANSWERS,
    )
    async with serving(build_app(settings, keys), token_for) as service, service.as_("ROLE_ADMIN") as admin:
        patient = await registered(admin, maria)
        answer = await admin.get(f"/api/patients/{patient['id']}/copy")
        assert (answer.status_code, answer.json()["part"]) == (503, "billing")


async def test_a_context_that_never_answers_is_given_up(neighbours: Neighbours) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    frozen = await asyncio.start_server(say_nothing, LOOPBACK, 0)
    urls = {
        "scheduling": f"http://{LOOPBACK}:{frozen.sockets[0].getsockname()[1]}",
        "billing": f"{neighbours.url}/billing",
    }
    peers = Peers("patients", neighbours.url, "secret", urls)
    async with frozen:
        with pytest.raises(HoldingsUnavailable, match="scheduling"):
            await OtherContextsOverHttp(peers, seconds=0.3).holdings(uuid4())
        await peers.close()


@pytest.mark.slow
@pytest.mark.usefixtures("pango")
async def test_the_pdf_says_what_the_copy_says_in_the_readers_language(
    admin: AsyncClient, full: Json
) -> None:
    patient = await registered(admin, full)
    await documented(admin, patient["id"])
    await admin.patch(f"/api/patients/{patient['id']}", json={"lastName": "Núñez Ibáñez"})
    path = f"/api/patients/{patient['id']}/copy/pdf"
    for locale, words in {
        "es": (
            "Copia de sus datos personales",
            "Derecho de acceso, artículo 15",
            "Paciente: María José Núñez Ibáñez · Número 1",
            "Datos del registro",
            "Fecha de nacimiento: 28 feb 1985",
            "DNI/NIE: 12345678Z",
            "Tarifa: 61,50",
            "Antecedentes clínicos",
            "Alergias: Látex",
            "29 feb 2024",
            "Quién ha consultado los datos clínicos",
            "Historia clínica",
            "Muñoz García Núñez Ibáñez",
            "Citas",
            "23 nov 2026, 10:00:00",
            "Sesión",
        ),
        "en": (
            "Copy of your personal data",
            "Patient: María José Núñez Ibáñez · Number 1",
            "Registry data",
            "Date of birth: 28 Feb 1985",
            "Tax ID: 12345678Z",
            "Rate: 61.50",
            "Allergies: Látex",
            "29 Feb 2024",
            "Who opened the clinical data",
            "Muñoz García Núñez Ibáñez",
            "Appointments",
            "23 Nov 2026, 10:00:00",
        ),
    }.items():
        answer = await admin.get(path, params={"locale": locale})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
        assert answer.headers["content-disposition"] == 'inline; filename="patient-1.pdf"'
        assert answer.headers["cache-control"] == "private, no-store"
        pages = pages_of(answer.content)
        text = " ".join(pages)
        for expected in (*words, "Fisio Ñandú, S.L.", "Masaje cervical", "Calle de la Peña 3"):
            assert expected in text, (locale, expected, text)
        assert patient["id"] not in text.replace(" ", "")
        page, of = ("Página", "de") if locale == "es" else ("Page", "of")
        for number, words_of_page in enumerate(pages, 1):
            assert f"{page} {number} {of} {len(pages)}" in words_of_page
    saved = await admin.get(path, params={"download": "1"}, headers={"X-App-Locale": "es"})
    assert saved.headers["content-disposition"] == 'attachment; filename="patient-1.pdf"'
    assert "Copia de sus datos personales" in pages_of(saved.content)[0]
    log = (await admin.get("/api/access-log", params={"patientId": patient["id"]})).json()["member"]
    assert [access["what"] for access in log[:3]] == ["copy"] * 3


@pytest.mark.slow
@pytest.mark.usefixtures("pango")
async def test_hostile_text_is_printed_and_fetches_nothing(
    admin: AsyncClient, neighbours: Neighbours
) -> None:
    async with listening() as (port, hits):
        lures = (
            "<script>alert(1)</script>",
            "<link rel=attachment href=file:///etc/passwd>",
            f"<img src=http://127.0.0.1:{port}/image>",
            f"</style><style>p{{background:url(http://127.0.0.1:{port}/style)}}",
            "{{ 7 * 7 }}{% include '/etc/passwd' %}",
        )
        patient = await registered(admin, {"firstName": lures[0], "lastName": "X", "notes": " ".join(lures)})
        neighbours.held["scheduling"] = Holdings(
            [section("appointments", [{"title": lure} for lure in lures])]
        )
        answer = await admin.get(f"/api/patients/{patient['id']}/copy/pdf")
        text = "".join(pages_of(answer.content)).replace(" ", "")
        for lure in lures:
            assert text.count(lure.replace(" ", "")) >= 2, lure
        assert "root:" not in text
        assert hits == []


async def test_without_clinical_records_everything_but_the_number_goes(
    admin: AsyncClient, database: Database, full: Json
) -> None:
    patient = await registered(admin, full)
    path = f"/api/patients/{patient['id']}"
    patient = (await admin.patch(path, json={"lastName": "Muñoz Ibáñez"})).json()
    spanish = {"X-App-Locale": "es"}
    preview = (await admin.get(f"{path}/erasure", headers=spanish)).json()
    assert preview["erasedAt"] is None
    assert (await admin.get(path)).json()["firstName"] == "María José"

    answer = await erased(admin, patient, **spanish)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{patient["version"] + 1}"'
    outcome = answer.json()
    assert outcome["erasedAt"] is not None
    assert outcome["erased"] == preview["erased"]
    assert listed(outcome, "kept").keys() == listed(preview, "kept").keys()
    gone, kept = listed(outcome, "erased"), listed(outcome, "kept")
    assert gone["patients", "registry"]["title"] == "Datos del registro"
    assert gone["patients", "clinical-background"]["count"] == 1
    assert gone["billing", "payer"]["count"] == 1
    assert gone["scheduling", "appointments"]["title"] == "Las appointments: palabra"
    assert kept["scheduling", "appointments"]["until"] == "2032-12-31"
    assert kept["billing", "invoices"]["reason"] == "Los libros las necesitan."
    assert "encadenados" in kept["patients", "events"]["reason"]
    assert kept["patients", "events"]["until"] is None
    today = datetime.fromisoformat(outcome["erasedAt"]).date()
    assert kept["patients", "changes"]["until"] == years_after(today, 3).isoformat()
    assert ("patients", "records") not in kept

    left = await said(database, patients, records, audit_trail, search_token, search_vocab)
    left += await said(database, idempotency_keys)
    for word in WITHOUT_RECORDS_GO:
        assert word not in left, word
    assert "Muñoz" in await said(database, event_store)
    shown = (await admin.get(path)).json()
    assert (shown["number"], shown["fullName"], shown["status"]) == (1, "", "inactive")
    assert shown["erasedAt"] == outcome["erasedAt"]


async def test_with_clinical_records_identity_and_clinical_data_stay_and_the_rest_goes(
    admin: AsyncClient, database: Database, full: Json
) -> None:
    patient = await registered(admin, full)
    await documented(admin, patient["id"])
    outcome = (await erased(admin, patient)).json()
    gone, kept = listed(outcome, "erased"), listed(outcome, "kept")
    assert gone["patients", "registry"]["title"].startswith("Registry data: address, customer, e-mail")
    for what in ("registry", "clinical-background", "records"):
        assert kept["patients", what]["until"] == "2029-03-01"
        assert "Ley 41/2002" in kept["patients", what]["reason"]
    left = await said(database, patients, audit_trail, search_token, search_vocab, idempotency_keys)
    for word in ALWAYS_GO:
        assert word not in left, word
    for word in ("María", "1985, 2, 28", "12345678Z", "Látex"):
        assert word in left, word
    assert "María" not in await said(database, search_token, search_vocab)
    shown = (await admin.get(f"/api/patients/{patient['id']}")).json()
    assert (shown["fullName"], shown["dateOfBirth"], shown["taxId"]) == (
        "María José Muñoz García",
        "1985-02-28",
        "12345678Z",
    )
    assert (shown["phone"], shown["email"], shown["rate"], shown["allergies"]) == (None, None, None, "Látex")
    assert (shown["emailReminders"], shown["language"]) == (False, None)


async def test_the_audit_says_which_fields_were_erased_by_whom_and_not_what_they_were(
    admin: AsyncClient, full: Json
) -> None:
    patient = await registered(admin, full)
    await erased(admin, patient)
    trail = await admin.get("/api/audit-trail", params={"entityId": patient["id"]})
    last, first = trail.json()["member"]
    assert last["actorName"] == "Olga Admin"
    assert last["changes"]["phone"] == ["[erased]", None]
    assert last["changes"]["fullName"] == ["[erased]", ""]
    assert last["changes"]["emailReminders"] == ["[erased]", False]
    assert last["changes"]["erasureReason"] == [None, REASON["reason"]]
    assert first["changes"]["phone"] == [None, "[erased]"]
    assert first["changes"]["number"] == [None, 1]


async def test_an_erased_patient_is_in_no_list_and_no_search_and_only_administrators_see_what_is_blocked(
    clinic: ServiceClient, admin: AsyncClient, database: Database, full: Json
) -> None:
    patient = await registered(admin, full)
    record = await documented(admin, patient["id"])
    await registered(admin, {"firstName": "Otra", "lastName": "Muñoz"})
    await erased(admin, patient)
    path, written = f"/api/patients/{patient['id']}", f"/api/records/{record['id']}"
    async with database.writing() as connection:
        assert await search_index.rebuild(connection) == 1
        await connection.commit()
    async with clinic.as_("ROLE_PRACTITIONER") as practitioner, clinic.as_("ROLE_RECEPTIONIST") as desk:
        for client in (desk, practitioner, admin):
            for asked in (
                {},
                {"search": "munoz"},
                {"status": "all"},
                {"status": "inactive"},
                {"search": "#1"},
            ):
                found = (await client.get("/api/patients", params=asked)).json()
                assert patient["id"] not in [row["id"] for row in found["member"]], asked
            assert (await client.get("/api/stats/patients")).json() == {"totalPatients": 1}
        for client in (desk, practitioner):
            assert (await client.get(path)).status_code == 404
        for hidden in (written, f"{written}/corrections"):
            assert (await practitioner.get(hidden)).status_code == 404
        of_her = {"patientId": patient["id"]}
        assert (await practitioner.get("/api/records", params=of_her)).json()["member"] == []
        assert len((await admin.get("/api/records", params=of_her)).json()["member"]) == 1
    assert (await admin.get(written)).status_code == 200
    blocked = (await admin.get("/api/patients", params={"status": "erased"})).json()["member"]
    assert [row["id"] for row in blocked] == [patient["id"]]
    again = (await admin.get(f"{path}/erasure")).json()
    assert again["erased"] == []
    assert ("patients", "records") in listed(again, "kept")
    assert (await admin.get(f"{path}/copy")).json()["patient"]["fullName"] == "María José Muñoz García"


async def test_nothing_is_written_about_an_erased_patient_any_more(
    clinic: ServiceClient, admin: AsyncClient, database: Database, full: Json
) -> None:
    patient = await registered(admin, full)
    record = await documented(admin, patient["id"])
    assert (await erased(admin, patient)).status_code == 200
    path = f"/api/patients/{patient['id']}"
    before = await said(database, patients, records, event_store)
    name = {"firstName": "María", "lastName": "Muñoz"}
    findings = {"physiotherapyTreatment": "x"}
    async with clinic.as_("ROLE_USER") as user:
        for client in (user, admin):
            refusals = (
                await client.patch(path, json={"phone": "1"}),
                await client.put(path, json=name, headers={"If-Match": "*"}),
                await client.post("/api/records", json=findings | {"patientId": patient["id"]}),
                await client.post(
                    f"/api/records/{record['id']}/corrections", json=findings | {"reason": "y"}
                ),
            )
            for refused in refusals:
                assert (refused.status_code, refused.json()["type"]) == (409, "/problems/patient-erased")
    twice = await erased(admin, patient | {"version": patient["version"] + 1})
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/patient-erased")
    assert await said(database, patients, records, event_store) == before


async def test_who_comes_back_is_somebody_new(clinic: ServiceClient, admin: AsyncClient, full: Json) -> None:
    patient = await registered(admin, full)
    await documented(admin, patient["id"])
    await erased(admin, patient)
    returned = await registered(admin, full)
    assert (returned["number"], returned["email"]) == (2, "maria@example.com")


async def test_who_is_still_expected_is_not_erased_and_it_is_said_how_often(
    admin: AsyncClient, full: Json, neighbours: Neighbours
) -> None:
    patient = await registered(admin, full)
    neighbours.held["scheduling"] = Holdings([], pending=2)
    refused = await erased(admin, patient, **{"X-App-Locale": "es"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/patient-has-appointments")
    assert refused.json()["detail"] == "Citas pendientes: 2. Anúlelas antes."
    assert refused.json()["appointments"] == {"count": 2}
    assert (await admin.get(f"/api/patients/{patient['id']}")).json()["phone"] == full["phone"]


async def test_an_erasure_needs_a_reason_and_the_version_that_was_seen(
    admin: AsyncClient, full: Json
) -> None:
    patient = await registered(admin, full)
    path = f"/api/patients/{patient['id']}/erasure"
    assert (await admin.post(path, json=REASON)).status_code == 428
    for body in ({}, {"reason": " "}, {"reason": "x" * 501}, {"reason": None}):
        refused = await admin.post(path, json=body, headers={"If-Match": '"1"'})
        assert refused.status_code == 422
        assert refused.json()["violations"][0]["propertyPath"] == "reason"
    await admin.patch(f"/api/patients/{patient['id']}", json={"phone": "1"})
    assert (await erased(admin, patient)).status_code == 412


async def test_a_repeated_erasure_is_told_the_same(admin: AsyncClient, full: Json) -> None:
    patient = await registered(admin, full)
    key = {"Idempotency-Key": "erase"}
    first, again = await erased(admin, patient, **key), await erased(admin, patient, **key)
    assert (again.status_code, again.content) == (200, first.content)


async def test_a_record_and_an_erasure_at_once_never_leave_a_record_of_nobody(
    admin: AsyncClient, full: Json
) -> None:
    for attempt in range(6):
        patient = await registered(admin, full | {"email": None, "force": True})
        findings = {"patientId": patient["id"], "physiotherapyTreatment": "x"}
        writing = admin.post("/api/records", json=findings)
        pair = (writing, erased(admin, patient)) if attempt % 2 else (erased(admin, patient), writing)
        answers = await asyncio.gather(*pair)
        wrote, forgot = answers if attempt % 2 else answers[::-1]
        shown = (await admin.get(f"/api/patients/{patient['id']}")).json()
        if wrote.status_code == 201:
            assert shown["fullName"] == "María José Muñoz García"
            assert forgot.status_code in (200, 412)
        else:
            assert (wrote.status_code, forgot.status_code, shown["fullName"]) == (409, 200, "")


async def test_who_opened_the_file_is_kept(admin: AsyncClient, database: Database, full: Json) -> None:
    patient = await registered(admin, full)
    await erased(admin, patient)
    assert "Olga Admin" in await said(database, access_log)
