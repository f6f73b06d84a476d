"""Records are corrected by versions that take the place of others; every version can be seen."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select

from patients.adapters.tables import records
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store
from testkit.service import ServiceClient
from testkit.statements import statements_of_all

RECORDS = "/api/records"
FINDINGS = {"physiotherapyTreatment": "Masaje", "evolution": "Igual", "date": "2026-01-05"}
CORRECTED = {"physiotherapyTreatment": "Masaje cervical", "reason": "Faltaba la zona"}


async def patient_of(client: AsyncClient) -> str:
    made = await client.post("/api/patients", json={"firstName": "Ana", "lastName": "Gil"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def written(client: AsyncClient, **more: Any) -> dict[str, Any]:
    patient = more.pop("patientId", None) or await patient_of(client)
    answer = await client.post(RECORDS, json=FINDINGS | {"patientId": patient, **more})
    assert answer.status_code == 201, answer.text
    record: dict[str, Any] = answer.json()
    return record


async def correct(client: AsyncClient, record: dict[str, Any], **more: Any) -> Response:
    return await client.post(f"{RECORDS}/{record['id']}/corrections", json=CORRECTED | more)


async def members(client: AsyncClient, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()["member"]
    return listed


async def test_a_correction_takes_the_place_of_what_it_corrects(service: ServiceClient) -> None:
    async with (
        service.as_("ROLE_PRACTITIONER", name="Ana Ruiz") as ana,
        service.as_("ROLE_USER", user_id=str(uuid4()), name="Eva Gil") as eva,
    ):
        first = await written(ana)
        assert (first["revision"], first["latest"]) == (1, True)
        assert (first["replacesId"], first["correctionReason"]) == (None, None)
        answer = await correct(eva, first)
        assert answer.status_code == 201, answer.text
        second = answer.json()
        assert answer.headers["location"] == f"{RECORDS}/{second['id']}"
        assert second | {"id": None, "authorId": None, "createdAt": None} == {
            **dict.fromkeys(first),
            "patientId": first["patientId"],
            "number": 1,
            "revision": 2,
            "date": "2026-01-05",
            "physiotherapyTreatment": "Masaje cervical",
            "sickLeave": False,
            "authorName": "Eva Gil",
            "replacesId": first["id"],
            "correctionReason": "Faltaba la zona",
            "latest": True,
        }
        assert await members(ana, RECORDS, patientId=first["patientId"]) == [second]
        assert (await ana.get(f"{RECORDS}/{first['id']}")).json() == first | {"latest": False}
        assert (await ana.get(answer.headers["location"])).json() == second


async def test_all_versions_are_listed_from_any_of_them_the_newest_first(service: ServiceClient) -> None:
    async with service.as_("ROLE_PRACTITIONER") as ana:
        first = await written(ana)
        await written(ana, patientId=first["patientId"])  # another record is no version of this one
        second = (await correct(ana, first, date="2025-12-30")).json()
        third = (await correct(ana, second, reason="Otra vez")).json()
        assert third["date"] == "2025-12-30", "the date is that of the version corrected"
        for version in (first, second, third):
            listed = await ana.get(f"{RECORDS}/{version['id']}/corrections")
            assert [(v["revision"], v["id"], v["latest"]) for v in listed.json()["member"]] == [
                (3, third["id"], True),
                (2, second["id"], False),
                (1, first["id"], False),
            ]
            assert listed.json()["totalItems"] == 3
        page = await ana.get(f"{RECORDS}/{first['id']}/corrections", params={"itemsPerPage": 2})
        assert len(page.json()["member"]) == 2
        assert page.json()["view"]["next"].endswith("/corrections?itemsPerPage=2&page=2")


async def test_the_timeline_shows_the_latest_version_of_each_by_its_date(service: ServiceClient) -> None:
    async with service.as_("ROLE_PRACTITIONER") as ana:
        old = await written(ana, date="2026-01-05")
        new = await written(ana, patientId=old["patientId"], date="2026-02-05")
        moved = (await correct(ana, old, date="2026-03-05")).json()
        listed = await members(ana, RECORDS, patientId=old["patientId"])
        assert [(r["id"], r["number"]) for r in listed] == [(moved["id"], 1), (new["id"], 2)]
        later = await written(ana, patientId=old["patientId"])
        assert later["number"] == 3, "a correction takes no number"


async def test_only_the_latest_version_is_corrected(service: ServiceClient) -> None:
    async with service.as_("ROLE_PRACTITIONER") as ana:
        first = await written(ana)
        second = (await correct(ana, first)).json()
        third = (await correct(ana, second)).json()
        for replaced in (first, second):
            refused = await correct(ana, replaced)
            assert (refused.status_code, refused.json()["type"]) == (
                409,
                "/problems/record-already-corrected",
            )
            assert refused.json()["latestId"] == third["id"]
        assert len(await members(ana, f"{RECORDS}/{first['id']}/corrections")) == 3


async def test_a_repeated_correction_answers_the_same_version(service: ServiceClient) -> None:
    async with service.as_("ROLE_PRACTITIONER") as ana:
        path = f"{RECORDS}/{(await written(ana))['id']}/corrections"
        key = {"Idempotency-Key": "a-correction"}
        once = await ana.post(path, json=CORRECTED, headers=key)
        again = await ana.post(path, json=CORRECTED, headers=key)
        assert (again.status_code, again.content) == (201, once.content)
        assert len(await members(ana, path)) == 2


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"reason": None}, "reason", "not-text"),
        ({"reason": " \n\u200b"}, "reason", "required"),
        ({"reason": "x" * 501}, "reason", "too-long"),
        ({"reason": "a\x00b"}, "reason", "control-character"),
        ({"date": "2999-01-01"}, "date", "in-the-future"),
        ({"date": "2026-02-30"}, "date", "not-a-date"),
        ({"physiotherapyTreatment": ""}, "physiotherapyTreatment", "required"),
        ({"evolution": "x" * 20_001}, "evolution", "too-long"),
        ({"sickLeave": "yes"}, "sickLeave", "not-a-boolean"),
        ({"sickLeave": None}, "sickLeave", "not-a-boolean"),
        ({"patientId": str(uuid4())}, "patientId", "unknown-field"),
        ({"number": 2}, "number", "unknown-field"),
        ({"replacesId": str(uuid4())}, "replacesId", "unknown-field"),
    ],
)
async def test_a_wrong_correction_is_named_and_nothing_is_written(
    service: ServiceClient, change: dict[str, Any], path: str, code: str
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        record = await written(admin)
        answer = await correct(admin, record, **change)
        assert answer.status_code == 422, answer.text
        assert [(v["propertyPath"], v["code"]) for v in answer.json()["violations"]] == [(path, code)]
        assert len(await members(admin, f"{RECORDS}/{record['id']}/corrections")) == 1


async def test_a_correction_without_treatment_or_reason_names_both(service: ServiceClient) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        path = f"{RECORDS}/{(await written(admin))['id']}/corrections"
        violations = (await admin.post(path, json={})).json()["violations"]
        assert {v["propertyPath"] for v in violations} == {"physiotherapyTreatment", "reason"}


async def test_versions_nobody_wrote_are_not_found(service: ServiceClient) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        nowhere = f"{RECORDS}/{uuid4()}"
        for method, path in (
            ("GET", nowhere),
            ("GET", f"{nowhere}/corrections"),
            ("POST", f"{nowhere}/corrections"),
        ):
            answer = await admin.request(method, path, json=CORRECTED if method == "POST" else None)
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/record-not-found"), path
        for path in (f"{RECORDS}/7", f"{RECORDS}/7/corrections"):
            violations = (await admin.get(path)).json()["violations"]
            assert [(v["propertyPath"], v["code"]) for v in violations] == [("recordId", "not-an-id")]


async def test_a_correction_is_audited_field_by_field_against_what_it_replaces(
    database: Database, service: ServiceClient
) -> None:
    async with service.as_("ROLE_PRACTITIONER", name="Ana Ruiz") as ana, service.as_("ROLE_ADMIN") as admin:
        first = await written(ana)
        second = (await correct(ana, first, evolution="Mejor")).json()
        trail = await members(admin, "/api/audit-trail", entityId=second["id"])
        assert [(e["entityType"], e["operation"], e["actorName"]) for e in trail] == [
            ("ClinicalRecord", "created", "Ana Ruiz")
        ]
        changes = trail[0]["changes"]
        assert changes.pop("createdAt")[0] is not None
        assert changes == {
            "physiotherapyTreatment": ["Masaje", "Masaje cervical"],
            "evolution": ["Igual", "Mejor"],
            "revision": [1, 2],
            "replacesId": [None, first["id"]],
            "correctionReason": [None, "Faltaba la zona"],
        }
    async with database.reading() as connection:
        audited = (await connection.execute(select(audit_trail.c.operation))).scalars().all()
    assert audited == ["created"] * 3, "the patient, the record and its correction"


async def test_that_a_record_was_corrected_is_told_but_not_what_it_says(
    database: Database, service: ServiceClient
) -> None:
    async with service.as_("ROLE_PRACTITIONER") as ana:
        await correct(ana, await written(ana))
    async with database.reading() as connection:
        query = select(event_store.c.name, event_store.c.payload).order_by(event_store.c.seq)
        told = (await connection.execute(query)).all()
    assert [name for name, _ in told][1:] == [
        "patients.clinical-record-written.v1",
        "patients.clinical-record-corrected.v1",
    ]
    assert not any(word in payload for _, payload in told for word in ("Masaje", "Igual", "Faltaba"))


async def test_a_row_once_written_is_never_touched_again(database: Database, service: ServiceClient) -> None:
    async with service.as_("ROLE_PRACTITIONER") as ana:
        first = await written(ana)
        async with database.reading() as connection:
            before = (await connection.execute(select(records))).all()
        with statements_of_all(database) as given:
            second = (await correct(ana, first)).json()
            await correct(ana, first)
            await correct(ana, second)
        assert not [s for s, _ in given if s.startswith(("UPDATE records", "DELETE FROM records"))]
    async with database.reading() as connection:
        after = (await connection.execute(select(records).order_by(records.c.revision))).all()
    assert after[:1] == before
    assert len(after) == 3


async def test_a_page_of_records_takes_two_statements_at_most_however_many_there_are(
    database: Database, service: ServiceClient
) -> None:
    async with service.as_("ROLE_PRACTITIONER") as ana:
        first = await written(ana)
        for _ in range(3):
            other = await written(ana, patientId=first["patientId"])
            await correct(ana, other)
        for path in (f"{RECORDS}?patientId={first['patientId']}", f"{RECORDS}/{first['id']}/corrections"):
            with statements_of_all(database) as given:
                assert (await ana.get(path)).status_code == 200
            reads = [s for s, _ in given if s.startswith("SELECT")]
            assert len(reads) == 1, reads
            assert len(given) == 2, "one to read, one to note who did"
