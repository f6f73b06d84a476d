"""The registry over HTTP: who may, what is refused, what is answered."""

import pytest

from testkit.service import ServiceClient

ROLES = ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN")
Json = dict[str, object]


async def test_without_a_token_nothing_is_answered(service: ServiceClient) -> None:
    async with service.as_() as nobody:
        for method, path in (("GET", "/api/patients"), ("POST", "/api/patients"), ("GET", "/api/records")):
            answer = await nobody.request(method, path)
            assert answer.status_code == 401, path
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_registered_patient_is_found_without_accents(service: ServiceClient, maria: Json) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        made = await desk.post("/api/patients", json=maria)
        assert made.status_code == 201, made.text
        assert made.headers["etag"] == '"1"'
        assert made.json()["number"] == 1
        assert made.json()["fullName"] == "María José Muñoz García"
        found = await desk.get("/api/patients", params={"search": "munoz maria"})
        assert [p["id"] for p in found.json()["member"]] == [made.json()["id"]]
        assert found.json()["totalItems"] == 1
        assert (await desk.get(made.headers["location"])).json()["lastName"] == "Muñoz García"


async def test_percent_and_underscore_are_ordinary_characters(service: ServiceClient, maria: Json) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        await desk.post("/api/patients", json=maria)
        for search in ("%", "_", "mu%oz"):
            assert (await desk.get("/api/patients", params={"search": search})).json()["member"] == []


async def test_reception_neither_receives_nor_writes_clinical_fields(
    service: ServiceClient, maria: Json
) -> None:
    async with service.as_("ROLE_PRACTITIONER") as practitioner, service.as_("ROLE_RECEPTIONIST") as desk:
        made = (await practitioner.post("/api/patients", json=maria | {"allergies": "Látex"})).json()
        assert made["allergies"] == "Látex"
        path = f"/api/patients/{made['id']}"
        assert "allergies" not in (await desk.get(path)).json()
        assert (await desk.patch(path, json={"allergies": None})).status_code == 403
        replaced = await desk.put(path, json=maria | {"phone": "1"}, headers={"If-Match": '"1"'})
        assert replaced.status_code == 200
        assert "allergies" not in replaced.json()
        assert (await practitioner.get(path)).json()["allergies"] == "Látex"
        assert (await desk.get("/api/records", params={"patientId": made["id"]})).status_code == 403


async def test_a_write_on_an_old_version_is_refused(service: ServiceClient, maria: Json) -> None:
    async with service.as_("ROLE_USER") as user:
        path = (await user.post("/api/patients", json=maria)).headers["location"]
        assert (await user.put(path, json=maria)).status_code == 428
        renamed = await user.patch(path, json={"lastName": "Núñez"}, headers={"If-Match": '"1"'})
        assert (renamed.status_code, renamed.headers["etag"]) == (200, '"2"')
        assert renamed.json()["fullName"] == "María José Núñez"
        assert renamed.json()["phone"] == "+34 600 11 22 33"
        assert (await user.patch(path, json={"phone": "1"}, headers={"If-Match": '"1"'})).status_code == 412


async def test_the_same_key_answers_the_same_once_and_for_all(service: ServiceClient, maria: Json) -> None:
    async with service.as_("ROLE_USER") as user:
        key = {"Idempotency-Key": "a-key"}
        first = await user.post("/api/patients", json=maria, headers=key)
        again = await user.post("/api/patients", json=maria, headers=key)
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["location"] == first.headers["location"]
        other = await user.post("/api/patients", json=maria | {"phone": "1"}, headers=key)
        assert other.status_code == 422
        assert (await user.get("/api/patients")).json()["totalItems"] == 1


async def test_two_patients_cannot_have_one_email(service: ServiceClient, maria: Json) -> None:
    async with service.as_("ROLE_USER") as user:
        await user.post("/api/patients", json=maria | {"email": "Maria@example.com"})
        twin = await user.post("/api/patients", json=maria | {"email": "maria@EXAMPLE.com"})
        assert (twin.status_code, twin.json()["type"]) == (409, "/problems/email-taken")


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"firstName": ""}, "firstName", "required"),
        ({"firstName": None}, "firstName", "not-text"),
        ({"firstName": "x" * 51}, "firstName", "too-long"),
        ({"firstName": "a\x00b"}, "firstName", "control-character"),
        ({"dateOfBirth": "2023-02-29"}, "dateOfBirth", "not-a-date"),
        ({"dateOfBirth": "2999-01-01"}, "dateOfBirth", "in-the-future"),
        ({"email": "nobody"}, "email", "not-an-email"),
        ({"rate": 2**63}, "rate", "too-many-digits"),
        ({"rate": 1_000_000}, "rate", "too-many-digits"),
        ({"rate": "-1"}, "rate", "too-small"),
        ({"rate": "1.005"}, "rate", "too-precise"),
        ({"status": "gone"}, "status", "not-a-choice"),
        ({"customerId": 7}, "customerId", "not-an-id"),
        ({"emailReminders": "yes"}, "emailReminders", "not-a-boolean"),
        ({"emailReminders": None}, "emailReminders", "not-a-boolean"),
        ({"language": "fr"}, "language", "not-a-choice"),
        ({"language": "ES"}, "language", "not-a-choice"),
        ({"surprise": 1}, "surprise", "unknown-field"),
        ({"first_name": "x"}, "first_name", "unknown-field"),
        ({"dateOfBirth": 0}, "dateOfBirth", "not-a-date"),
        ({"dateOfBirth": "946771200"}, "dateOfBirth", "not-a-date"),
        ({"notes": "a" + "\u0301" * 1000}, "notes", "control-character"),
        ({"notes": "a" * 900_000}, "notes", "too-long"),
    ],
)
async def test_bad_input_is_named_and_nothing_is_written(
    service: ServiceClient, maria: Json, change: Json, path: str, code: str
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.post("/api/patients", json=maria | change)
        assert answer.status_code == 422, answer.text
        assert [(v["propertyPath"], v["code"]) for v in answer.json()["violations"]] == [(path, code)]
        assert (await admin.get("/api/patients")).json()["totalItems"] == 0


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"firstName": NaN}', "application/json", 422),
        (b'{"firstName": "\\ud800"}', "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b'{"rate": 1e999}', "application/json", 422),
        (b"[]", "application/json", 422),
        (b"", "application/json", 422),
        (b"firstName=x", "application/x-www-form-urlencoded", 415),
        (b'{"notes": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
    ],
)
async def test_what_is_no_json_is_refused(
    service: ServiceClient, body: bytes, kind: str, status: int
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.post("/api/patients", content=body, headers={"Content-Type": kind})
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


async def test_problems_speak_the_callers_language(service: ServiceClient) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.post("/api/patients", json={}, headers={"X-App-Locale": "es"})
        assert answer.json()["violations"][0]["message"] == "Este campo es obligatorio."


async def test_a_record_is_numbered_within_its_patient_and_listed_newest_first(
    service: ServiceClient, maria: Json
) -> None:
    async with service.as_("ROLE_PRACTITIONER", name="Ana Ruiz") as practitioner:
        patient = (await practitioner.post("/api/patients", json=maria)).json()["id"]
        for date in ("2026-01-05", "2025-12-01"):
            written = await practitioner.post(
                "/api/records",
                json={"patientId": patient, "date": date, "physiotherapyTreatment": "Masaje\ncervical"},
            )
            assert written.status_code == 201, written.text
        listed = (await practitioner.get("/api/records", params={"patientId": patient})).json()
        assert [(r["number"], r["date"]) for r in listed["member"]] == [(1, "2026-01-05"), (2, "2025-12-01")]
        assert listed["member"][0]["authorName"] == "Ana Ruiz"
        future = await practitioner.post(
            "/api/records",
            json={"patientId": patient, "date": "2999-01-01", "physiotherapyTreatment": "x"},
        )
        assert future.json()["violations"][0]["code"] == "in-the-future"


async def test_pages_tell_their_neighbours(service: ServiceClient, maria: Json) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        for number in range(3):
            await admin.post("/api/patients", json={"firstName": f"P{number}", "lastName": "Gil"})
        page = await admin.get("/api/patients", params={"itemsPerPage": 2, "order": "alpha"})
        assert page.json()["view"]["next"] == "/api/patients?itemsPerPage=2&order=alpha&page=2"
        assert page.json()["totalItems"] == 3
        last = (await admin.get(page.json()["view"]["next"])).json()
        assert (len(last["member"]), last["view"]["next"]) == (1, None)
        assert (await admin.get("/api/patients", params={"page": 2**63})).status_code == 422
