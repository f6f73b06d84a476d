"""Customers put right: changed, deleted while nothing was billed, merged when they are one and the same."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from billing_surroundings import MARIA, REGISTERED, Json, made, refused
from httpx import AsyncClient
from sqlalchemy import select

from billing.adapters.tables import customers
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store

Hear = Callable[..., Awaitable[None]]

PATH = "/api/customers"


def seen(thing: Json) -> dict[str, str]:
    return {"If-Match": f'"{thing["version"]}"'}


async def names(client: AsyncClient, **params: str) -> list[str]:
    return [row["fullName"] for row in (await client.get(PATH, params=params)).json()["member"]]


async def said(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list(
            (await connection.execute(select(event_store.c.name).order_by(event_store.c.seq))).scalars()
        )


async def test_a_change_is_found_told_and_audited(desk: AsyncClient, database: Database, maria: Json) -> None:
    before = await made(desk, PATH, maria)
    wanted = maria | {"lastName": "Núñez", "taxId": "x-1234567-l", "email": "maria@example.com"}
    answer = await desk.put(f"{PATH}/{before['id']}", json=wanted, headers=seen(before))
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert (after["fullName"], after["taxId"], after["version"]) == ("María José Núñez", "X1234567L", 2)
    assert answer.headers["etag"] == '"2"'
    assert await names(desk, search="nunez x1234567l maria@") == ["María José Núñez"]
    assert await names(desk, search="munoz") == []
    assert await said(database) == ["billing.customer-registered.v1", "billing.customer-changed.v1"]
    async with database.reading() as connection:
        changes = select(audit_trail.c.changes).where(audit_trail.c.operation == "updated")
        assert '"last_name":["Muñoz García","Núñez"]' in (await connection.execute(changes)).scalar_one()


async def test_a_patch_changes_what_is_sent_and_nothing_else(desk: AsyncClient, maria: Json) -> None:
    before = await made(desk, PATH, maria)
    answer = await desk.patch(f"{PATH}/{before['id']}", json={"phone": None})
    kept = {"phone": None, "version": 2, "updatedAt": answer.json()["updatedAt"]}
    assert answer.json() == before | kept
    company = {"kind": "company", "firstName": "Mutua Sol", "lastName": None}
    assert (await desk.patch(f"{PATH}/{before['id']}", json=company)).json()["fullName"] == "Mutua Sol"


async def test_a_change_needs_the_version_that_was_seen(desk: AsyncClient, maria: Json) -> None:
    before = await made(desk, PATH, maria)
    path = f"{PATH}/{before['id']}"
    assert (await desk.put(path, json=maria)).status_code == 428
    assert (await desk.put(path, json=maria | {"phone": "1"}, headers=seen(before))).status_code == 200
    for stale in (
        await desk.put(path, json=maria, headers=seen(before)),
        await desk.patch(path, json={"phone": "2"}, headers=seen(before)),
        await desk.delete(path, headers=seen(before)),
        await desk.post(f"{path}/merge", json={"into": str(uuid4())}, headers=seen(before)),
    ):
        assert stale.status_code in (412, 422)
    assert (await desk.get(path)).json()["phone"] == "1"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lastName": None}, "lastName: required"),
        ({"kind": "company"}, "lastName: company-has-no-last-name"),
        ({"taxId": " - "}, "taxId: required"),
        ({"firstName": ""}, "firstName: required"),
        ({"billingAddress": None}, "billingAddress: not-text"),
        ({"email": "maria"}, "email: not-an-email"),
        ({"id": "x"}, "id: unknown-field"),
    ],
)
async def test_a_wrong_change_is_named(desk: AsyncClient, maria: Json, change: Json, code: str) -> None:
    before = await made(desk, PATH, maria)
    path = f"{PATH}/{before['id']}"
    assert refused(await desk.patch(path, json=change)) == (422, code)
    assert refused(await desk.put(path, json=maria | change, headers=seen(before))) == (422, code)
    assert (await desk.get(path)).json() == before


async def test_nobody_takes_the_tax_id_of_another(desk: AsyncClient, maria: Json) -> None:
    await made(desk, PATH, maria)
    other = await made(desk, PATH, maria | {"taxId": "87654321X"})
    taken = await desk.patch(f"{PATH}/{other['id']}", json={"taxId": "12345678 z"})
    assert refused(taken) == (409, "tax-id-taken")
    racing = [desk.post(PATH, json=maria | {"taxId": "00000000T"}) for _ in range(8)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*racing))
    assert statuses == [201] + [409] * 7


async def test_who_was_never_billed_can_be_deleted_and_who_was_cannot(
    desk: AsyncClient, database: Database, maria: Json, session: Json
) -> None:
    never = await made(desk, PATH, maria)
    billed = await made(desk, PATH, maria | {"taxId": "87654321X"})
    drafted = await made(desk, PATH, maria | {"taxId": "00000000T"})
    await made(desk, "/api/invoices", session | {"customerId": billed["id"]})
    await made(desk, "/api/invoices/drafts", {"customerId": drafted["id"]})
    for customer in (billed, drafted):
        answer = await desk.delete(f"{PATH}/{customer['id']}")
        assert refused(answer) == (409, "customer-has-invoices")
    gone = await desk.delete(f"{PATH}/{never['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    for path in (f"{PATH}/{never['id']}", f"/api/invoice-prefill?customerId={never['id']}"):
        assert (await desk.get(path)).status_code == 404
    assert (await desk.delete(f"{PATH}/{never['id']}")).status_code == 404
    assert len(await names(desk)) == 2
    assert (await said(database))[-1] == "billing.customer-deleted.v1"
    await made(desk, PATH, maria)  # her tax id is free again


async def test_a_customer_is_not_deleted_while_an_invoice_is_issued_to_it(
    desk: AsyncClient, maria: Json, session: Json
) -> None:
    for number in range(8):
        customer = await made(desk, PATH, maria | {"taxId": f"FR-{number}"})
        wish = session | {"customerId": customer["id"]}
        issued, deleted = await asyncio.gather(
            desk.post("/api/invoices", json=wish), desk.delete(f"{PATH}/{customer['id']}")
        )
        assert (issued.status_code, deleted.status_code) in ((201, 409), (422, 204))


async def test_merged_customers_are_one_and_invoices_keep_what_they_say(
    desk: AsyncClient, database: Database, maria: Json, session: Json, hear: Hear
) -> None:
    old = await made(desk, PATH, maria | {"firstName": "Mª José", "taxId": "12345678A"})
    kept = await made(desk, PATH, maria)
    issued = await made(desk, "/api/invoices", {"customerId": old["id"], "lines": session["lines"]})
    draft = await made(desk, "/api/invoices/drafts", {"customerId": old["id"]})
    answer = await desk.post(f"{PATH}/{old['id']}/merge", json={"into": kept["id"]})
    assert (answer.status_code, answer.json()) == (200, kept)
    after = (await desk.get(f"/api/invoices/{issued['id']}")).json()
    assert after == issued | {"customerId": kept["id"], "version": 2}
    assert after["fullName"] == "Mª José Muñoz García"
    assert (await desk.get(f"/api/invoices/drafts/{draft['id']}")).json()["customerId"] == kept["id"]
    assert await names(desk) == ["María José Muñoz García"]
    assert (await desk.get(f"{PATH}/{old['id']}")).json() == kept
    by_old_id = (await desk.get("/api/invoices", params={"customerId": old["id"]})).json()["member"]
    assert [invoice["id"] for invoice in by_old_id] == [issued["id"]]
    await hear(REGISTERED, customerId=old["id"], taxId=None)
    prefill = (await desk.get("/api/invoice-prefill", params={"patientId": str(MARIA)})).json()
    assert (prefill["customerId"], prefill["fullName"]) == (kept["id"], "María José Muñoz García")
    later = await made(desk, "/api/invoices", {"customerId": old["id"], "lines": session["lines"]})
    assert (later["customerId"], later["fullName"]) == (kept["id"], "María José Muñoz García")
    assert "billing.customer-merged.v1" in await said(database)


async def test_merging_goes_on_through_several(desk: AsyncClient, maria: Json) -> None:
    first, second, third = [await made(desk, PATH, maria | {"taxId": f"FR{n}"}) for n in range(3)]
    for gone, into in ((first, second), (second, third)):
        await desk.post(f"{PATH}/{gone['id']}/merge", json={"into": into["id"]})
    for each in (first, second, third):
        assert (await desk.get(f"{PATH}/{each['id']}")).json() == third
    again = await desk.post(f"{PATH}/{first['id']}/merge", json={"into": third["id"]})
    assert refused(again) == (404, "customer-not-found")


async def test_a_customer_is_merged_into_another_that_there_is(desk: AsyncClient, maria: Json) -> None:
    customer = await made(desk, PATH, maria)
    path = f"{PATH}/{customer['id']}/merge"
    assert refused(await desk.post(path, json={"into": customer["id"]})) == (422, "into: merge-with-itself")
    assert refused(await desk.post(path, json={"into": str(uuid4())})) == (422, "into: unknown")
    assert refused(await desk.post(path, json={})) == (422, "into: required")
    nobody = await desk.post(f"{PATH}/{uuid4()}/merge", json={"into": customer["id"]})
    assert refused(nobody) == (404, "customer-not-found")


async def test_two_merged_into_each_other_at_once_leave_one(
    desk: AsyncClient, database: Database, maria: Json
) -> None:
    for number in range(5):
        one, other = [await made(desk, PATH, maria | {"taxId": f"FR{number}-{n}"}) for n in range(2)]
        answers = await asyncio.gather(
            desk.post(f"{PATH}/{one['id']}/merge", json={"into": other["id"]}),
            desk.post(f"{PATH}/{other['id']}/merge", json={"into": one["id"]}),
        )
        assert sorted(answer.status_code for answer in answers) in ([200, 404], [200, 422])
    async with database.reading() as connection:
        assert len((await connection.execute(select(customers.c.id))).all()) == 5


async def test_the_list_is_narrowed_to_people_or_companies(desk: AsyncClient, maria: Json) -> None:
    company = {"kind": "company", "lastName": None, "firstName": "Ópticas Núñez", "taxId": "B12345674"}
    await made(desk, PATH, maria)
    await made(desk, PATH, maria | company)
    assert await names(desk, kind="person") == ["María José Muñoz García"]
    assert await names(desk, kind="company", search="opticas") == ["Ópticas Núñez"]
    assert await names(desk, kind="person", search="opticas") == []
    assert refused(await desk.get(PATH, params={"kind": "robot"})) == (422, "kind: not-a-choice")
