"""What a change of a patient is, under which version, and what is no change at all."""

from typing import Any

import orjson
import pytest
from httpx import AsyncClient
from sqlalchemy import select

from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import event_store
from testkit.service import ServiceClient

PATH = "/api/patients"
MARIA = {
    "firstName": "María José",
    "lastName": "Muñoz García",
    "dateOfBirth": "1985-02-28",
    "taxId": "12345678Z",
    "phone": "+34 600 11 22 33",
    "email": "maria@example.com",
    "rate": "60.00",
    "customerId": "019ab0c4-0000-7000-8000-00000000a001",
    "allergies": "Látex",
}


async def maria_of(client: AsyncClient) -> str:
    made = await client.post(PATH, json=MARIA)
    assert made.status_code == 201, made.text
    return made.headers["location"]


async def told(database: Database) -> list[str]:
    async with database.reading() as connection:
        names = await connection.execute(select(event_store.c.name).order_by(event_store.c.seq))
        return [str(name).removeprefix("patients.patient-") for name in names.scalars()]


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"phone": "+34 600 11 22 33"},
        {"taxId": "12.345.678-z"},
        {"rate": 60},
        {"rate": "60.0", "allergies": " Látex "},
        {"firstName": "Mari\u0301a José", "status": "active", "notes": "", "address": None},
    ],
)
async def test_a_patch_that_changes_nothing_raises_no_version_and_tells_nothing(
    database: Database, service: ServiceClient, same: dict[str, Any]
) -> None:
    async with service.as_("ROLE_USER") as user, service.as_("ROLE_ADMIN") as admin:
        path = await maria_of(user)
        before = (await user.get(path)).json()
        for headers in ({}, {"If-Match": '"1"'}, {"If-Match": "*"}):
            answer = await user.patch(path, json=same, headers=headers)
            assert (answer.status_code, answer.headers["etag"]) == (200, '"1"'), answer.text
            assert answer.json() == before
        trail = await admin.get("/api/audit-trail", params={"entityId": before["id"]})
        assert [entry["operation"] for entry in trail.json()["member"]] == ["created"]
    assert await told(database) == ["registered.v1"]


async def test_a_put_of_the_same_changes_nothing_and_of_less_does(
    database: Database, service: ServiceClient
) -> None:
    async with service.as_("ROLE_USER") as user:
        path = await maria_of(user)
        same = await user.put(path, json=MARIA, headers={"If-Match": '"1"'})
        assert (same.status_code, same.headers["etag"]) == (200, '"1"')
        less = {"firstName": "María José", "lastName": "Muñoz García"}
        blank = await user.put(path, json=less, headers={"If-Match": '"1"'})
        assert (blank.headers["etag"], blank.json()["phone"], blank.json()["allergies"]) == (
            '"2"',
            None,
            None,
        )
    assert await told(database) == ["registered.v1", "changed.v1"]


async def test_changing_nothing_on_an_old_version_is_stale_too(service: ServiceClient) -> None:
    async with service.as_("ROLE_USER") as user:
        path = await maria_of(user)
        await user.patch(path, json={"phone": "911234567"})
        assert (await user.patch(path, json={}, headers={"If-Match": '"1"'})).status_code == 412


async def test_if_match_is_understood_as_rfc_9110_says(service: ServiceClient) -> None:
    async with service.as_("ROLE_USER") as user:
        path = await maria_of(user)
        for method in (user.put, user.patch):
            for refused in ('W/"1"', "1", '"01"', '"9"', "x"):
                assert (await method(path, json=MARIA, headers={"If-Match": refused})).status_code == 412
            assert (await method(path, json=MARIA, headers={"If-Match": "*"})).status_code == 200
            assert (await method(path, json=MARIA, headers={"If-Match": '"1"'})).status_code == 200
        nobody = f"{PATH}/019ab0c4-0000-7000-8000-00000000a001"
        assert (await user.put(nobody, json=MARIA, headers={"If-Match": "*"})).status_code == 404


async def test_a_patient_is_made_inactive_and_active_again(
    database: Database, service: ServiceClient
) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        path = await maria_of_the_desk(desk)
        for status in ("inactive", "active"):
            changed = await desk.patch(path, json={"status": status})
            assert (changed.status_code, changed.json()["status"]) == (200, status)
            listed = await desk.get(PATH, params={"status": status})
            assert listed.json()["totalItems"] == 1
    assert await told(database) == ["registered.v1", "changed.v1", "changed.v1"]


async def maria_of_the_desk(desk: AsyncClient) -> str:
    made = await desk.post(PATH, json={name: MARIA[name] for name in MARIA if name != "allergies"})
    assert made.status_code == 201, made.text
    return made.headers["location"]


async def test_a_patient_cannot_be_deleted(service: ServiceClient) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        assert (await admin.delete(await maria_of(admin))).status_code == 405


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"force": "yes"}, "force", "not-a-boolean"),
        ({"force": 1}, "force", "not-a-boolean"),
        ({"force": None}, "force", "not-a-boolean"),
        ({"rate": "6_0"}, "rate", "not-a-number"),
        ({"rate": "٦٠"}, "rate", "not-a-number"),
        ({"rate": "60."}, "rate", "not-a-number"),
        ({"rate": "1e2"}, "rate", "not-a-number"),
        ({"rate": True}, "rate", "not-a-number"),
        ({"firstName": "\u200b\u200d"}, "firstName", "required"),
        ({"lastName": " \ufeff "}, "lastName", "required"),
    ],
)
async def test_what_only_resembles_a_value_is_refused(
    service: ServiceClient, change: dict[str, Any], path: str, code: str
) -> None:
    async with service.as_("ROLE_USER") as user:
        answer = await user.post(PATH, json=MARIA | change)
        assert answer.status_code == 422, answer.text
        assert [(v["propertyPath"], v["code"]) for v in answer.json()["violations"]] == [(path, code)]


async def test_only_a_registration_can_be_forced(service: ServiceClient) -> None:
    async with service.as_("ROLE_USER") as user:
        path = await maria_of(user)
        for method in (user.put, user.patch):
            answer = await method(path, json=MARIA | {"force": True}, headers={"If-Match": "*"})
            assert [v["propertyPath"] for v in answer.json()["violations"]] == ["force"]


async def test_a_wrong_id_in_the_path_is_named_as_callers_write_it(service: ServiceClient) -> None:
    async with service.as_("ROLE_USER") as user:
        violations = (await user.get(f"{PATH}/7")).json()["violations"]
        assert [(v["propertyPath"], v["code"]) for v in violations] == [("patientId", "not-an-id")]


@pytest.mark.parametrize("tax_id", ["12345678–Z", "１２３４５６７８z", "12345678_Z", "12·345·678/Z"])
async def test_a_tax_id_is_kept_in_one_form_and_a_doubtful_one_is_marked(
    service: ServiceClient, tax_id: str
) -> None:
    async with service.as_("ROLE_USER") as user:
        made = (await user.post(PATH, json=MARIA | {"taxId": tax_id})).json()
        assert (made["taxId"], made["taxIdWarning"]) == ("12345678Z", False)
        doubtful = await user.patch(f"{PATH}/{made['id']}", json={"taxId": "12345678-A"})
        assert (doubtful.json()["taxId"], doubtful.json()["taxIdWarning"]) == ("12345678A", True)


async def test_nobody_is_reminded_by_e_mail_who_did_not_ask_for_it(
    database: Database, service: ServiceClient
) -> None:
    async with service.as_("ROLE_USER") as desk:
        path = await maria_of(desk)
        before = (await desk.get(path)).json()
        assert (before["emailReminders"], before["language"]) == (False, None)
        asked = await desk.patch(path, json={"emailReminders": True, "language": "en"})
        assert (asked.status_code, asked.headers["etag"]) == (200, '"2"'), asked.text
        assert (asked.json()["emailReminders"], asked.json()["language"]) == (True, "en")
        renamed = await desk.patch(path, json={"phone": "1"})
        assert (renamed.json()["emailReminders"], renamed.json()["language"]) == (True, "en")
        less = {"firstName": "María José", "lastName": "Muñoz García"}
        replaced = (await desk.put(path, json=less, headers={"If-Match": "*"})).json()
        assert (replaced["emailReminders"], replaced["language"], replaced["email"]) == (False, None, None)
        without = await desk.patch(path, json={"emailReminders": True})
        assert (without.status_code, without.json()["emailReminders"]) == (200, True), (
            "also without an e-mail"
        )
    async with database.reading() as connection:
        payloads = await connection.execute(select(event_store.c.payload).order_by(event_store.c.seq))
        told = [orjson.loads(payload) for payload in payloads.scalars()]
    assert [(face["emailReminders"], face["language"]) for face in told] == [
        (False, None),
        (True, "en"),
        (True, "en"),
        (False, None),
        (True, None),
    ]


async def test_what_was_asked_is_in_the_history_of_changes(service: ServiceClient) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        path = await maria_of(admin)
        await admin.patch(path, json={"emailReminders": True, "language": "es"})
        about = {"entityId": path.rpartition("/")[2], "operation": "updated"}
        (change,) = (await admin.get("/api/audit-trail", params=about)).json()["member"]
    changes = {name: change["changes"][name] for name in ("emailReminders", "language")}
    assert changes == {"emailReminders": [False, True], "language": [None, "es"]}
