"""Customers and invoices over HTTP: who may, what is refused, what is answered."""

from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import func, select

from billing.adapters.tables import customers, invoice_counters, invoices, payers
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import event_store
from testkit.service import ServiceClient

Json = dict[str, object]

SOME_ID = "01890000-0000-7000-8000-0000000000aa"
ROUTES = (
    ("GET", "/api/customers"),
    ("POST", "/api/customers"),
    ("GET", f"/api/customers/{SOME_ID}"),
    ("PUT", f"/api/customers/{SOME_ID}"),
    ("PATCH", f"/api/customers/{SOME_ID}"),
    ("DELETE", f"/api/customers/{SOME_ID}"),
    ("POST", f"/api/customers/{SOME_ID}/merge"),
    ("GET", f"/api/invoice-prefill?patientId={SOME_ID}"),
    ("GET", "/api/invoices"),
    ("POST", "/api/invoices"),
    ("GET", f"/api/invoices/{SOME_ID}"),
    ("GET", f"/api/invoices/{SOME_ID}/export/pdf"),
    ("GET", f"/api/invoices/{SOME_ID}/export/html"),
    ("GET", "/api/stats/invoices"),
    ("GET", "/api/invoices/totals"),
    ("GET", "/api/invoices/settings"),
    ("GET", "/api/invoices/number-gaps"),
    ("GET", "/api/invoices/drafts"),
    ("POST", "/api/invoices/drafts"),
    ("GET", f"/api/invoices/drafts/{SOME_ID}"),
    ("PUT", f"/api/invoices/drafts/{SOME_ID}"),
    ("DELETE", f"/api/invoices/drafts/{SOME_ID}"),
    ("POST", f"/api/invoices/drafts/{SOME_ID}/issue"),
    ("GET", f"/api/invoices/{SOME_ID}/payments"),
    ("POST", f"/api/invoices/{SOME_ID}/payments"),
    ("POST", f"/api/invoices/{SOME_ID}/rectification"),
    ("GET", f"/api/packs?patientId={SOME_ID}"),
)


async def nothing_was_written(database: Database) -> bool:
    async with database.reading() as connection:
        for table in (customers, invoices, invoice_counters, event_store):
            if (await connection.execute(select(func.count()).select_from(table))).scalar_one():
                return False
    return True


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_a_token_nothing_is_answered(service: ServiceClient, method: str, path: str) -> None:
    async with service.as_() as nobody:
        answer = await nobody.request(method, path)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("role", ["ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN"])
async def test_practitioners_alone_are_kept_out(
    service: ServiceClient, role: str, method: str, path: str
) -> None:
    async with service.as_(role) as caller:
        status = (await caller.request(method, path)).status_code
        assert (status == 403) == (role == "ROLE_PRACTITIONER")
        assert status != 401


async def test_a_registered_customer_is_found_without_accents(service: ServiceClient, maria: Json) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        made = await desk.post("/api/customers", json=maria)
        assert made.status_code == 201, made.text
        assert made.headers["etag"] == '"1"'
        assert made.json()["taxId"] == "12345678Z"
        assert made.json()["taxIdWarning"] is False
        assert made.json()["email"] is None
        assert made.json()["fullName"] == "María José Muñoz García"
        assert (await desk.get(made.headers["location"])).json() == made.json()
        for search in ("munoz maria", "12345678z", "600112233", "600 11"):
            found = (await desk.get("/api/customers", params={"search": search})).json()
            assert [c["id"] for c in found["member"]] == [made.json()["id"]], search
        for search in ("%", "_", "mu%oz", "lopez"):
            assert (await desk.get("/api/customers", params={"search": search})).json()["member"] == []


async def test_two_customers_cannot_have_one_tax_id(service: ServiceClient, maria: Json) -> None:
    async with service.as_("ROLE_USER") as user:
        await user.post("/api/customers", json=maria)
        twin = await user.post("/api/customers", json=maria | {"firstName": "Otra", "taxId": "12345678-Z"})
        assert (twin.status_code, twin.json()["type"]) == (409, "/problems/tax-id-taken")
        assert (await user.get("/api/customers")).json()["totalItems"] == 1


async def test_a_wrong_check_letter_warns_and_a_foreign_id_passes(
    service: ServiceClient, maria: Json
) -> None:
    async with service.as_("ROLE_USER") as user:
        for tax_id, warning in (("12345678A", True), ("B12345674", False), ("FR-40303265045", False)):
            made = await user.post("/api/customers", json=maria | {"taxId": tax_id})
            assert made.json()["taxIdWarning"] is warning, tax_id


async def test_an_issued_invoice_is_answered_as_it_is_kept(service: ServiceClient, session: Json) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        made = await desk.post("/api/invoices", json=session)
        assert made.status_code == 201, made.text
        invoice = made.json()
        year = invoice["date"][:4]
        assert (invoice["number"], invoice["displayNumber"]) == (f"{year}000001", f"F{year}000001")
        assert (invoice["amount"], invoice["currency"], invoice["status"]) == ("60.00", "EUR", "issued")
        assert invoice["lines"] == [
            {
                "concept": "Sesión de fisioterapia",
                "description": None,
                "quantity": "1.00",
                "unitPrice": "60.00",
                "amount": "60.00",
                "appointmentId": None,
                "packSessions": None,
            }
        ]
        kept = await desk.get(made.headers["location"])
        assert kept.json() == invoice
        assert kept.headers["etag"] == made.headers["etag"] == '"1"'
        listed = (await desk.get("/api/invoices")).json()["member"]
        assert listed == [{name: invoice[name] for name in listed[0]}]
        more = {"address", "phone", "email", "lines", "payments", "related", "reason", "version", "updatedAt"}
        assert set(invoice) - set(listed[0]) == more


async def test_an_invoice_to_a_customer_copies_what_is_not_typed(
    service: ServiceClient, maria: Json, session: Json
) -> None:
    async with service.as_("ROLE_USER") as user:
        customer = (await user.post("/api/customers", json=maria)).json()
        sent = {"customerId": customer["id"], "lines": session["lines"]}
        copied = (await user.post("/api/invoices", json=sent)).json()
        assert copied["fullName"] == customer["fullName"]
        assert copied["address"] == customer["billingAddress"]
        assert (copied["taxId"], copied["phone"]) == (customer["taxId"], customer["phone"])
        typed = await user.post("/api/invoices", json=sent | {"fullName": "M. J. Muñoz", "phone": None})
        assert (typed.json()["fullName"], typed.json()["phone"]) == ("M. J. Muñoz", None)
        prefill = (await user.get("/api/invoice-prefill", params={"customerId": customer["id"]})).json()
        assert prefill == {
            "patientId": None,
            "customerId": customer["id"],
            "fullName": customer["fullName"],
            "taxId": "12345678Z",
            "address": customer["billingAddress"],
            "phone": customer["phone"],
            "email": None,
            "rate": None,
            "packBalance": 0,
            "lines": [],
        }


async def test_the_same_key_issues_one_invoice(service: ServiceClient, session: Json) -> None:
    async with service.as_("ROLE_USER") as user:
        key = {"Idempotency-Key": "a-key"}
        first = await user.post("/api/invoices", json=session, headers=key)
        again = await user.post("/api/invoices", json=session, headers=key)
        assert (again.status_code, again.content) == (201, first.content)
        other = await user.post("/api/invoices", json=session | {"phone": "1"}, headers=key)
        assert other.status_code == 422
        assert (await user.get("/api/invoices")).json()["totalItems"] == 1


async def test_a_date_before_the_last_invoice_is_refused_and_takes_no_number(
    service: ServiceClient, session: Json
) -> None:
    async with service.as_("ROLE_USER") as user:
        await user.post("/api/invoices", json=session | {"date": "2025-06-10"})
        early = await user.post("/api/invoices", json=session | {"date": "2025-06-09"})
        assert (early.status_code, early.json()["type"]) == (409, "/problems/date-before-last-invoice")
        assert early.json()["last"] == {"date": "2025-06-10"}
        assert "2025-06-10" in early.json()["detail"]
        same_day = await user.post("/api/invoices", json=session | {"date": "2025-06-10"})
        assert same_day.json()["number"] == "2025000002"


async def test_stats_count_the_year_and_add_the_month(service: ServiceClient, session: Json) -> None:
    async with service.as_("ROLE_USER") as user:
        assert (await user.get("/api/stats/invoices")).json() == {
            "invoicesThisYear": 0,
            "revenueThisMonth": "0.00",
        }
        await user.post("/api/invoices", json=session | {"date": "2025-06-10"})
        lines = [{"concept": "Bono", "quantity": "2", "unitPrice": "617.25"}]
        today = (await user.post("/api/invoices", json=session | {"lines": lines})).json()["date"]
        assert today >= "2026"
        assert (await user.get("/api/stats/invoices")).json() == {
            "invoicesThisYear": 1,
            "revenueThisMonth": "1234.50",
        }


LINE: Json = {"concept": "Sesión", "quantity": "1", "unitPrice": "60.00"}


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"fullName": ""}, "fullName", "required"),
        ({"fullName": None}, "fullName", "required"),
        ({"fullName": 7}, "fullName", "not-text"),
        ({"fullName": "x" * 202}, "fullName", "too-long"),
        ({"fullName": "a\x00b"}, "fullName", "control-character"),
        ({"address": "  "}, "address", "required"),
        ({"date": "2026-02-29"}, "date", "not-a-date"),
        ({"date": "2999-01-01"}, "date", "in-the-future"),
        ({"date": "0026-01-01"}, "date", "too-small"),
        ({"email": "nobody"}, "email", "not-an-email"),
        ({"customerId": 7}, "customerId", "not-an-id"),
        ({"customerId": str(uuid4())}, "customerId", "unknown"),
        ({"patientId": "x"}, "patientId", "not-an-id"),
        ({"number": "2026000001"}, "number", "unknown-field"),
        ({"lines": []}, "lines", "too-few"),
        ({"lines": None}, "lines", "not-a-list"),
        ({"lines": [LINE] * 201}, "lines", "too-many"),
        ({"lines": [7]}, "lines.0", "not-an-object"),
        ({"lines": [LINE, LINE | {"concept": " "}]}, "lines.1.concept", "required"),
        ({"lines": [LINE | {"concept": "x" * 256}]}, "lines.0.concept", "too-long"),
        ({"lines": [LINE | {"description": "x" * 2001}]}, "lines.0.description", "too-long"),
        ({"lines": [LINE | {"description": "\x1b[0m"}]}, "lines.0.description", "control-character"),
        ({"lines": [LINE | {"quantity": "0"}]}, "lines.0.quantity", "not-above"),
        ({"lines": [LINE | {"quantity": "-1"}]}, "lines.0.quantity", "not-above"),
        ({"lines": [LINE | {"quantity": "10000.01"}]}, "lines.0.quantity", "too-big"),
        ({"lines": [LINE | {"quantity": "0.005"}]}, "lines.0.quantity", "too-precise"),
        ({"lines": [LINE | {"quantity": "NaN"}]}, "lines.0.quantity", "not-a-number"),
        ({"lines": [LINE | {"quantity": "1e999"}]}, "lines.0.quantity", "not-a-number"),
        ({"lines": [LINE | {"quantity": 2**63}]}, "lines.0.quantity", "too-big"),
        ({"lines": [LINE | {"quantity": True}]}, "lines.0.quantity", "not-a-number"),
        ({"lines": [LINE | {"unitPrice": "-0.01"}]}, "lines.0.unitPrice", "too-small"),
        ({"lines": [LINE | {"unitPrice": "1000000"}]}, "lines.0.unitPrice", "too-big"),
        ({"lines": [LINE | {"unitPrice": None}]}, "lines.0.unitPrice", "not-a-number"),
        ({"lines": [LINE | {"vat": "21"}]}, "lines.0.vat", "unknown-field"),
        (
            {"lines": [LINE | {"quantity": "10000", "unitPrice": "999999.99"}] * 2},
            "lines",
            "total-too-high",
        ),
    ],
)
async def test_a_wrong_invoice_is_named_and_nothing_is_written(
    service: ServiceClient, database: Database, session: Json, change: Json, path: str, code: str
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.post("/api/invoices", json=session | change)
        assert answer.status_code == 422, answer.text
        assert [(v["propertyPath"], v["code"]) for v in answer.json()["violations"]] == [(path, code)]
    assert await nothing_was_written(database)


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"kind": "robot"}, "kind", "not-a-choice"),
        ({"firstName": None}, "firstName", "not-text"),
        ({"firstName": "x" * 101}, "firstName", "too-long"),
        ({"lastName": None}, "lastName", "required"),
        ({"kind": "company"}, "lastName", "company-has-no-last-name"),
        ({"taxId": ""}, "taxId", "required"),
        ({"taxId": " .- "}, "taxId", "required"),
        ({"taxId": "x" * 21}, "taxId", "too-long"),
        ({"email": "a@b"}, "email", "not-an-email"),
        ({"phone": "\u0007"}, "phone", "control-character"),
        ({"billingAddress": "\n"}, "billingAddress", "required"),
        ({"billingAddress": ["x"]}, "billingAddress", "not-text"),
        ({"version": 7}, "version", "unknown-field"),
    ],
)
async def test_a_wrong_customer_is_named_and_nothing_is_written(
    service: ServiceClient, database: Database, maria: Json, change: Json, path: str, code: str
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.post("/api/customers", json=maria | change)
        assert answer.status_code == 422, answer.text
        assert [(v["propertyPath"], v["code"]) for v in answer.json()["violations"]] == [(path, code)]
    assert await nothing_was_written(database)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"fullName": NaN}', "application/json", 422),
        (b'{"fullName": "\\ud800"}', "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b'{"lines": [{"quantity": 1e999}]}', "application/json", 422),
        (b"[]", "application/json", 422),
        (b"", "application/json", 422),
        (b"fullName=x", "application/x-www-form-urlencoded", 415),
        (b'{"address": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
    ],
)
@pytest.mark.parametrize("path", ["/api/customers", "/api/invoices"])
async def test_what_is_no_json_is_refused(
    service: ServiceClient, database: Database, path: str, body: bytes, kind: str, status: int
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.post(path, content=body, headers={"Content-Type": kind})
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert await nothing_was_written(database)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/customers/7", "customerId"),
        ("/api/customers?order=age", "order"),
        ("/api/customers?page=0", "page"),
        (f"/api/customers?page={2**63}", "page"),
        (f"/api/customers?search={'x' * 201}", "search"),
        ("/api/invoices/%00", "invoiceId"),
        ("/api/invoices?order=", "order"),
        ("/api/invoices?year=0", "year"),
        ("/api/invoices?year=MMXXVI", "year"),
        ("/api/invoices?customerId=x", "customerId"),
        ("/api/invoices?patientId=x", "patientId"),
        ("/api/invoices?itemsPerPage=201", "itemsPerPage"),
        ("/api/invoices/x/export/pdf", "invoiceId"),
        (f"/api/invoices/{SOME_ID}/export/pdf?locale=fr", "locale"),
        (f"/api/invoices/{SOME_ID}/export/pdf?download=perhaps", "download"),
        (f"/api/invoices/{SOME_ID}/export/html?locale=", "locale"),
        ("/api/invoice-prefill?patientId=x", "patientId"),
        ("/api/invoice-prefill?customerId=x", "customerId"),
        ("/api/invoice-prefill", "patientId"),
        (f"/api/invoice-prefill?customerId={SOME_ID}&patientId={SOME_ID}", "patientId"),
    ],
)
async def test_a_wrong_parameter_is_named(service: ServiceClient, path: str, field: str) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.get(path)
        assert answer.status_code == 422, answer.text
        assert [v["propertyPath"] for v in answer.json()["violations"]] == [field]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"/api/customers/{SOME_ID}", "customer-not-found"),
        (f"/api/invoices/{SOME_ID}", "invoice-not-found"),
        (f"/api/invoices/{SOME_ID}/export/pdf", "invoice-not-found"),
        (f"/api/invoices/{SOME_ID}/export/html", "invoice-not-found"),
        (f"/api/invoice-prefill?customerId={SOME_ID}", "customer-not-found"),
    ],
)
async def test_what_does_not_exist_is_not_found(service: ServiceClient, path: str, code: str) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        answer = await admin.get(path, headers={"X-App-Locale": "es"})
        assert (answer.status_code, answer.json()["type"]) == (404, f"/problems/{code}")
        assert answer.json()["detail"].startswith("No existe")


async def test_a_patient_nobody_can_vouch_for_now_is_to_be_asked_for_again(
    service: ServiceClient, database: Database, session: Json
) -> None:
    async with service.as_("ROLE_ADMIN") as admin:
        prefill = await admin.get("/api/invoice-prefill", params={"patientId": SOME_ID})
        issued = await admin.post("/api/invoices", json=session | {"patientId": SOME_ID})
        for answer in (prefill, issued):
            assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    assert await nothing_was_written(database)


async def test_a_patients_prefill_prefers_the_customer_she_names(
    service: ServiceClient, database: Database, maria: Json
) -> None:
    async with service.as_("ROLE_USER") as user:
        company = {"kind": "company", "lastName": None, "firstName": "Mutua Sol", "taxId": "B12345674"}
        insurer = (await user.post("/api/customers", json=maria | company)).json()
        await _known_payer(database, customer_id=None)
        assert (await _prefill(user))["customerId"] is None
        assert (await _prefill(user))["fullName"] == "María José Muñoz García"
        herself = (await user.post("/api/customers", json=maria | {"firstName": "M. J."})).json()
        assert (await _prefill(user))["customerId"] == herself["id"]
        assert (await _prefill(user))["fullName"] == "M. J. Muñoz García"
        await _known_payer(database, customer_id=UUID(insurer["id"]))
        assert (await _prefill(user))["fullName"] == "Mutua Sol"
        assert (await _prefill(user))["patientId"] == SOME_ID


async def _prefill(user: httpx.AsyncClient) -> Json:
    answer: Json = (await user.get("/api/invoice-prefill", params={"patientId": SOME_ID})).json()
    return answer


async def _known_payer(database: Database, customer_id: UUID | None) -> None:
    async with database.writing() as connection:
        await connection.execute(payers.delete())
        await connection.execute(
            payers.insert().values(
                id=UUID(SOME_ID),
                full_name="María José Muñoz García",
                tax_id="12345678Z",
                customer_id=customer_id,
                version=1,
            )
        )
        await connection.commit()


@pytest.mark.parametrize("date", [946771200, "946771200", "2026-11-02T00:00:00+01:00", 0, True])
async def test_an_invoice_is_dated_by_a_written_day_and_by_nothing_else(
    service: ServiceClient, session: dict[str, object], date: object
) -> None:
    async with service.as_("ROLE_USER") as user:
        answer = await user.post("/api/invoices", json=session | {"date": date})
        assert answer.status_code == 422
        assert [v["propertyPath"] for v in answer.json()["violations"]] == ["date"]
        assert (await user.get("/api/invoices")).json()["totalItems"] == 0
