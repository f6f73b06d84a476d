"""Invoices arrive by e-mail with their PDF, whatever the mail server or a process does; who is erased is
forgotten here too."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
import pytest_asyncio
from billing_surroundings import ERASED, MARIA, REGISTERED, Json, made, refused
from httpx import AsyncClient
from pydantic import SecretStr
from sqlalchemy import select

from billing.adapters.courier import DeliveryCourier
from billing.adapters.invoice_page import InvoicePage
from billing.adapters.sql import SqlWork
from billing.adapters.tables import deliveries
from billing.adapters.weasyprint import WeasyPrinter
from billing.domain.delivery import Delivery
from billing.main import BillingSettings, courier
from billing.use_cases.delivering import ask_for_delivery, claim_delivery, retry_delivery
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store, idempotency_keys
from shared_kernel.chassis.typesetting import Typesetter
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.dispatch import MOST_TRIES
from testkit.mailbox import HANG_UP, Mailbox
from testkit.printing import pages_of
from testkit.service import ServiceClient
from testkit.tokens import SigningKey
from testkit.waiting import eventually

Hear = Callable[..., Awaitable[None]]
Run = Callable[[Callable[[SqlWork], Awaitable[Any]]], Awaitable[Any]]
NewCourier = Callable[..., DeliveryCourier]
NewService = Callable[..., AbstractAsyncContextManager[ServiceClient]]
Ask = Callable[..., Awaitable[Delivery]]
Outbox = Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]

ADDRESS = "maria@example.com"
LETTERHEAD: dict[str, Any] = {"company_name": "Fisioterapia Peña", "company_phone": "910 00 00 00"}

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("pango")]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Where letters are handed in."""
    with Mailbox().open() as mailbox:
        yield mailbox


def mailing(mailbox: Mailbox) -> dict[str, Any]:
    """The settings of a clinic that sends."""
    return LETTERHEAD | {
        "mailer_url": SecretStr(mailbox.url),
        "mail_from": "Fisio Peña <facturas@clinic.example>",
        "mail_timeout": 5.0,
    }


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(mailbox: Mailbox) -> BillingSettings:
    return BillingSettings.model_validate(mailing(mailbox))


@pytest.fixture
def new_courier(
    database: Database, settings: BillingSettings, typesetter: Typesetter, clock: Clock
) -> NewCourier:
    """`new_courier()`: one more process that sends invoices."""

    def new_courier(typesetter: Typesetter = typesetter) -> DeliveryCourier:
        transactions = Transactions(database, SqlWork, asyncio.Event())
        page = InvoicePage(settings.letterhead, settings.house.prefixes, None)
        made = courier(settings, database, transactions, WeasyPrinter(page, typesetter), clock)
        assert made is not None
        return made

    return new_courier


@pytest_asyncio.fixture
async def invoice(desk: AsyncClient, session: Json) -> Json:
    """Issued to somebody who has an address."""
    return await made(desk, "/api/invoices", session | {"email": ADDRESS})


@pytest.fixture
def ask(run: Run, settings: BillingSettings, clock: Clock) -> Ask:
    """`await ask(invoice)`: it waits to be sent."""

    async def ask(invoice: Json, to: str | None = None) -> Delivery:
        words = settings.invoice_words
        delivery: Delivery = await run(
            lambda work: ask_for_delivery(
                work,
                UUID(invoice["id"]),
                to,
                lambda issued: words(issued, "es"),
                "Ana Prueba",
                settings.delivery_rules,
                clock.now,
                blocked=False,
            )
        )
        return delivery

    return ask


@pytest.fixture
def outbox(database: Database) -> Outbox:
    """All deliveries, the oldest first."""

    async def outbox() -> Sequence[Mapping[str, Any]]:
        async with database.reading() as connection:
            return (await connection.execute(select(deliveries).order_by(deliveries.c.id))).mappings().all()

    return outbox


def outcomes(row: Mapping[str, Any]) -> list[str]:
    return [attempt["outcome"] for attempt in orjson.loads(row["attempts"])]


def path_of(invoice: Json) -> str:
    return f"/api/invoices/{invoice['id']}/deliveries"


async def sent(desk: AsyncClient, invoice: Json, **wish: object) -> Json:
    answer = await desk.post(path_of(invoice), json=wish, headers={"Idempotency-Key": uuid4().hex})
    assert answer.status_code == 202, answer.text
    delivery: Json = answer.json()
    return delivery


async def log_of(desk: AsyncClient, invoice: Json) -> list[Json]:
    log: list[Json] = (await desk.get(path_of(invoice))).json()["member"]
    return log


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        (
            "es",
            "Factura {} — Fisioterapia Peña",
            ("Le enviamos adjunta su factura {}", "Teléfono: 910 00 00 00", "Un cordial saludo"),
        ),
        (
            "en",
            "Invoice {} — Fisioterapia Peña",
            ("Please find attached your invoice {}", "Telephone: 910 00 00 00", "Kind regards"),
        ),
    ],
)
async def test_a_running_service_sends_the_invoice_with_its_pdf_and_says_so(
    new_service: NewService,
    database: Database,
    session: Json,
    mailbox: Mailbox,
    caplog: pytest.LogCaptureFixture,
    language: str,
    subject: str,
    words: Sequence[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    async with new_service(**mailing(mailbox)) as service, service.as_("ROLE_RECEPTIONIST") as desk:
        desk.headers["X-App-Locale"] = language
        assert (await desk.get("/api/invoices/settings")).json()["mailConfigured"] is True
        invoice = await made(desk, "/api/invoices", session | {"email": ADDRESS})
        asked = await sent(desk, invoice)
        assert (asked["state"], asked["to"], asked["language"]) == ("waiting", ADDRESS, language)
        assert (asked["createdByName"], asked["attempts"]) == ("Ana Prueba", [])

        async def is_sent() -> bool:
            return [each["state"] for each in await log_of(desk, invoice)] == ["sent"]

        await eventually(is_sent, "the letter is sent")
        (logged,) = await log_of(desk, invoice)
    (letter,), (envelope,) = mailbox.letters, mailbox.envelopes
    number = invoice["displayNumber"]
    assert envelope.rcpt_tos == [ADDRESS]
    assert letter["Subject"] == subject.format(number) == logged["subject"]
    assert letter["Message-ID"] == logged["messageId"] == asked["messageId"]
    assert letter["Content-Language"] == language
    plain = letter.get_body(("plain",))
    assert plain is not None
    for said in words:
        assert said.format(number) in plain.get_content()
    assert "María" not in plain.get_content()
    (document,) = letter.iter_attachments()
    assert document.get_filename() == f"invoice-{invoice['number']}.pdf"
    assert document.get_content_type() == "application/pdf"
    (page,) = pages_of(document.get_content())
    assert number in page
    assert "María José Muñoz García" in page
    assert ("Factura" if language == "es" else "Invoice").casefold() in page.casefold()
    assert [attempt["outcome"] for attempt in logged["attempts"]] == ["sent"]
    assert logged["nextAttemptAt"] is None
    assert logged["sentAt"] is not None
    async with database.reading() as connection:
        told = (await connection.execute(select(event_store).order_by(event_store.c.seq))).mappings().all()
        audited = (await connection.execute(select(audit_trail))).mappings().all()
    assert [event["name"] for event in told] == [
        "billing.invoice-issued.v1",
        "billing.invoice-delivered.v1",
    ]
    assert ADDRESS not in str(told)
    ours = [row for row in audited if row["entity_type"] == "Delivery"]
    assert [(row["operation"], row["actor_name"] or row["actor_id"]) for row in ours] == [
        ("created", "Ana Prueba"),
        ("updated", "service:billing"),
    ]
    assert orjson.loads(ours[1]["changes"])["state"] == ["waiting", "sent"]
    lines = [
        f"{record.getMessage()} {vars(record)}"
        for record in caplog.records
        if record.name.startswith("shared")
    ]
    assert any("outcome" in line for line in lines)
    assert not [line for line in lines if ADDRESS in line or "Muñoz" in line]


async def test_without_a_mail_server_it_is_said_that_nothing_is_sent(
    desk: AsyncClient, invoice: Json
) -> None:
    assert (await desk.get("/api/invoices/settings")).json()["mailConfigured"] is False
    asked = await sent(desk, invoice)
    assert (asked["state"], asked["nextAttemptAt"], asked["attempts"]) == ("unsent", None, [])
    assert await log_of(desk, invoice) == [asked]


async def test_each_wish_is_one_delivery_and_the_newest_is_first(desk: AsyncClient, invoice: Json) -> None:
    key = {"Idempotency-Key": "k"}
    wish = {"to": "hija@example.com", "language": "en"}
    first = await desk.post(path_of(invoice), json=wish, headers=key)
    assert (await desk.post(path_of(invoice), json=wish, headers=key)).content == first.content
    other = await sent(desk, invoice)
    assert await log_of(desk, invoice) == [other, first.json()]
    assert (first.json()["to"], first.json()["language"]) == ("hija@example.com", "en")
    assert first.json()["subject"].startswith("Invoice")


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"to": "nobody"}, "to: not-an-email"),
        ({"to": "a@b.example\r\nBcc: c@d.example"}, "to: "),
        ({"to": 7}, "to: "),
        ({"to": "a" * 200 + "@example.com"}, "to: "),
        ({"language": "fr"}, "language: not-a-choice"),
        ({"subject": "x"}, "subject: unknown-field"),
    ],
)
async def test_a_wrong_wish_is_refused_by_its_name_and_nothing_is_kept(
    desk: AsyncClient, invoice: Json, wish: Json, code: str
) -> None:
    status, named = refused(await desk.post(path_of(invoice), json=wish))
    assert (status, named[: len(code)]) == (422, code)
    assert await log_of(desk, invoice) == []


async def test_an_invoice_without_an_address_needs_one(desk: AsyncClient, session: Json) -> None:
    invoice = await made(desk, "/api/invoices", session)
    for wish in ({}, {"to": None}):
        assert refused(await desk.post(path_of(invoice), json=wish)) == (422, "to: required")
    assert (await sent(desk, invoice, to=ADDRESS))["to"] == ADDRESS


async def test_who_may_not_bill_may_not_send(
    service: ServiceClient, desk: AsyncClient, invoice: Json
) -> None:
    delivery = await sent(desk, invoice)
    again = f"{path_of(invoice)}/{delivery['id']}/retry"
    async with service.as_("ROLE_PRACTITIONER", practitioner=True) as practitioner:
        for answer in (
            await practitioner.get(path_of(invoice)),
            await practitioner.post(path_of(invoice), json={}),
            await practitioner.post(again, json={}),
        ):
            assert answer.status_code == 403
    other = {"id": str(uuid4())}
    assert refused(await desk.post(path_of(other), json={})) == (404, "invoice-not-found")
    assert refused(await desk.get(path_of(other))) == (404, "invoice-not-found")


async def test_several_processes_send_each_delivery_once(
    invoice: Json, ask: Ask, new_courier: NewCourier, mailbox: Mailbox, outbox: Outbox
) -> None:
    addresses = [f"p{number}@example.com" for number in range(6)]
    for address in addresses:
        await ask(invoice, address)
    await asyncio.gather(*(new_courier().round() for _ in range(3)))
    await new_courier().round()
    assert sorted(address for letter in mailbox.envelopes for address in letter.rcpt_tos) == addresses
    assert [(row["state"], outcomes(row)) for row in await outbox()] == [("sent", ["sent"])] * 6


async def test_what_a_dead_process_had_in_hand_is_sent_by_another_as_the_same_letter(
    invoice: Json,
    ask: Ask,
    run: Run,
    settings: BillingSettings,
    new_courier: NewCourier,
    mailbox: Mailbox,
    outbox: Outbox,
    clock: Clock,
) -> None:
    delivery, rules = await ask(invoice), settings.delivery_rules
    assert await run(lambda work: claim_delivery(work, delivery.id, rules, clock.now)) is not None
    clock.now += rules.lease - timedelta(microseconds=1)
    await new_courier().round()
    assert mailbox.letters == []
    clock.now += timedelta(microseconds=1)
    mailbox.answers = [HANG_UP]
    await new_courier().round()
    clock.now += timedelta(minutes=5)
    await new_courier().round()
    assert mailbox.message_ids() == [delivery.message_id] * 2
    assert outcomes((await outbox())[0]) == ["interrupted", "postponed", "sent"]


async def test_a_lease_outlives_the_printing_and_the_sending() -> None:
    settings = BillingSettings.model_validate({"mail_timeout": 20.0, "pdf_timeout": 18.0})
    assert settings.delivery_rules.lease > timedelta(seconds=20 + 18)


async def test_what_is_refused_for_good_is_tried_again_only_by_hand(
    desk: AsyncClient,
    run: Run,
    invoice: Json,
    ask: Ask,
    settings: BillingSettings,
    new_courier: NewCourier,
    mailbox: Mailbox,
    clock: Clock,
) -> None:
    mailbox.unknown[ADDRESS] = "550 5.1.1 no such user"
    delivery = await ask(invoice)
    again = f"{path_of(invoice)}/{delivery.id}/retry"
    assert refused(await desk.post(again, json={})) == (409, "delivery-not-failed")
    for _ in range(2):
        await new_courier().round()
        clock.now += timedelta(hours=2)
    (failed,) = await log_of(desk, invoice)
    assert (failed["state"], failed["nextAttemptAt"], len(failed["attempts"])) == ("failed", None, 1)
    assert failed["attempts"][0]["detail"] == "550 5.1.1 no such user"
    stranger = f"{path_of(invoice)}/{uuid4()}/retry"
    assert refused(await desk.post(stranger, json={})) == (404, "delivery-not-found")

    mailbox.unknown.clear()
    invoice_id, rules = UUID(invoice["id"]), settings.delivery_rules
    await run(lambda work: retry_delivery(work, invoice_id, delivery.id, rules, clock.now, blocked=False))
    await new_courier().round()
    (logged,) = await log_of(desk, invoice)
    assert (logged["state"], [each["outcome"] for each in logged["attempts"]]) == (
        "sent",
        ["refused", "sent"],
    )
    assert mailbox.message_ids() == [delivery.message_id]


async def test_retried_by_hand_where_there_is_no_mail_server_any_more_it_is_unsent(
    desk: AsyncClient, invoice: Json, session: Json, ask: Ask, new_courier: NewCourier, mailbox: Mailbox
) -> None:
    mailbox.unknown[ADDRESS] = "550 5.1.1 no such user"
    delivery = await ask(invoice)
    await new_courier().round()
    other = await made(desk, "/api/invoices", session)
    elsewhere = f"{path_of(other)}/{delivery.id}/retry"
    assert refused(await desk.post(elsewhere, json={})) == (404, "delivery-not-found")
    again = await desk.post(f"{path_of(invoice)}/{delivery.id}/retry", json={})
    assert (again.status_code, again.json()["state"]) == (200, "unsent")
    assert await log_of(desk, invoice) == [again.json()]


async def test_refused_for_now_it_is_tried_later_and_later_until_a_person_must_look(
    invoice: Json, ask: Ask, new_courier: NewCourier, mailbox: Mailbox, outbox: Outbox, clock: Clock
) -> None:
    mailbox.unknown[ADDRESS] = "450 4.2.1 greylisted"
    await ask(invoice)
    pauses = []
    for _ in range(MOST_TRIES):
        await new_courier().round()
        (row,) = await outbox()
        if row["state"] != "waiting":
            break
        pauses.append((row["next_attempt_at"] - clock.now).total_seconds())
        clock.now = row["next_attempt_at"]
    assert pauses[:8] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert (row["state"], outcomes(row)) == ("failed", ["postponed"] * MOST_TRIES)


async def test_attempts_that_change_nothing_do_not_fill_the_audit(
    database: Database, invoice: Json, ask: Ask, new_courier: NewCourier, mailbox: Mailbox
) -> None:
    mailbox.unknown[ADDRESS] = "450 4.2.1 greylisted"
    await ask(invoice)
    await new_courier().round()
    async with database.reading() as connection:
        ours = select(audit_trail.c.operation).where(audit_trail.c.entity_type == "Delivery")
        assert list((await connection.execute(ours)).scalars()) == ["created"]


async def test_while_nothing_can_be_printed_the_letter_waits(
    invoice: Json, ask: Ask, new_courier: NewCourier, mailbox: Mailbox, outbox: Outbox, clock: Clock
) -> None:
    await ask(invoice)
    too_slow = Typesetter(1, 0.001)
    async with too_slow.running(prewarm=False):
        await new_courier(too_slow).round()
    (row,) = await outbox()
    assert (row["state"], outcomes(row), mailbox.letters) == ("waiting", ["postponed"], [])
    clock.now += timedelta(minutes=1)
    await new_courier().round()
    assert mailbox.message_ids() == [row["message_id"]]


async def everything(database: Database) -> str:
    """All that is kept beside the invoices and their payers."""
    async with database.reading() as connection:
        tables = (deliveries, audit_trail, idempotency_keys, event_store)
        return str([(await connection.execute(select(table))).all() for table in tables])


async def test_of_an_erased_patient_it_is_kept_that_the_invoice_was_sent_but_no_address(
    desk: AsyncClient,
    admin: AsyncClient,
    database: Database,
    service: ServiceClient,
    signing_key: SigningKey,
    hear: Hear,
    session: Json,
    ask: Ask,
    new_courier: NewCourier,
    mailbox: Mailbox,
    outbox: Outbox,
    clock: Clock,
) -> None:
    await hear(REGISTERED)
    hers = await made(desk, "/api/invoices", session | {"patientId": str(MARIA), "email": ADDRESS})
    others = await made(desk, "/api/invoices", session | {"fullName": "Otra Persona"})
    await ask(hers)
    await ask(others, "otra@example.org")
    await new_courier().round()
    unsent = await sent(desk, hers, to="maria.munoz@example.com")
    await ask(hers, "m.munoz@example.com")
    async with service.as_() as patients:
        patients.headers["Authorization"] = f"Bearer {signing_key.service_token_for('patients')}"
        held = (await patients.get(f"/internal/patients/{MARIA}/holdings")).text
    assert all(address in held for address in (ADDRESS, unsent["to"], "m.munoz@example.com"))
    assert "otra@example.org" not in held

    await hear(ERASED, version=2)
    clock.now += timedelta(hours=1)
    await new_courier().round()
    assert len(mailbox.letters) == 2
    kept = sorted((row["recipient"], row["state"]) for row in await outbox())
    assert kept == [("", "sent"), ("otra@example.org", "sent")]
    left = await everything(database)
    assert "@example.com" not in left
    assert "otra@example.org" in left
    assert refused(await desk.post(path_of(hers), json={})) == (404, "invoice-not-found")
    assert (await desk.get(path_of(hers))).status_code == 404
    assert refused(await admin.post(path_of(hers), json={})) == (409, "invoice-blocked")
    (logged,) = await log_of(admin, hers)
    assert (logged["state"], logged["to"], logged["attempts"]) == ("sent", "", [])


async def test_who_is_erased_while_the_letter_is_in_hand_is_forgotten_all_the_same(
    desk: AsyncClient,
    hear: Hear,
    session: Json,
    ask: Ask,
    new_courier: NewCourier,
    mailbox: Mailbox,
    outbox: Outbox,
) -> None:
    await hear(REGISTERED)
    hers = await made(desk, "/api/invoices", session | {"patientId": str(MARIA), "email": ADDRESS})
    await ask(hers)
    mailbox.attentive.clear()
    sending = asyncio.create_task(new_courier().round())

    async def is_in_hand() -> bool:
        return (await outbox())[0]["claimed_at"] is not None

    await eventually(is_in_hand, "one has it in hand")
    await hear(ERASED, version=2)
    mailbox.attentive.set()
    await sending
    assert await outbox() == []
