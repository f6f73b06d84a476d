"""What billing says fits the contracts it gave, and it understands every example of what it hears."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from billing.adapters.tables import payers, visits
from billing.domain.customer import (
    Customer,
    CustomerChanged,
    CustomerDeleted,
    CustomerDetails,
    CustomerMerged,
    CustomerRegistered,
    Kind,
)
from billing.domain.draft import Draft, DraftChanged, DraftContent, DraftDeleted, InvoiceDrafted
from billing.domain.invoice import (
    Invoice,
    InvoiceEdited,
    InvoiceIssued,
    InvoiceRectified,
    PaymentReceived,
    PaymentRefunded,
)
from billing.domain.lines import BillTo, InvoiceContent, InvoiceLine
from billing.domain.numbering import Series, SeriesPlace
from billing.domain.pack import Pack, PackClosed, PackGivenBack, PackSold, PackUsed, Visit
from billing.domain.payment import Method, Payment, PaymentKind
from billing.subscribers import PATIENTS, scheduling_heard_by
from shared_kernel.aggregate import Aggregate, DomainEvent
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import GENESIS
from shared_kernel.chassis.subscription import HeardEvent
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.money import Money
from testkit.contracts import contract, expect_contracts_of, expect_in_contract

SAID = (
    CustomerRegistered,
    CustomerChanged,
    CustomerDeleted,
    CustomerMerged,
    InvoiceDrafted,
    DraftChanged,
    DraftDeleted,
    InvoiceIssued,
    InvoiceRectified,
    InvoiceEdited,
    PaymentReceived,
    PaymentRefunded,
    PackSold,
    PackUsed,
    PackGivenBack,
    PackClosed,
)
HEARD = [
    pytest.param(name, number, id=f"{name}-{number}")
    for name in PATIENTS.effects
    if name != "patients.patient-erased.v1"
    for number in range(len(contract(name)["examples"]))
]

SCHEDULING = scheduling_heard_by(ClinicTime(ZoneInfo("Europe/Madrid")))
APPOINTMENTS = [
    pytest.param(name, number, id=f"{name}-{number}")
    for name in SCHEDULING.effects
    for number in range(len(contract(name)["examples"]))
]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def test_every_event_has_a_contract_and_every_contract_an_event() -> None:
    expect_contracts_of("billing", SAID)


def expect_said(aggregate: Aggregate, *kinds: type[DomainEvent]) -> None:
    """These events were told, in this order, each as its contract says."""
    events = aggregate.told()
    assert [type(event) for event in events] == list(kinds)
    for event in events:
        expect_in_contract("billing", event)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_said_of_a_customer_fits(kind: Kind) -> None:
    details = CustomerDetails(
        kind=kind,
        first_name="Muñoz",
        last_name="García" if kind is Kind.PERSON else None,
        tax_id="12345678Z",
        billing_address="Calle Mayor 1",
    )
    customer, other = Customer.register(details, NOW), Customer.register(details, NOW)
    customer.change(details, NOW)
    customer.change(replace(details, first_name="Núñez"), NOW)
    customer.merge_into(other)
    customer.delete()
    expect_said(customer, CustomerRegistered, CustomerChanged, CustomerMerged, CustomerDeleted)


def content(price: str, other_id: UUID | None = None) -> InvoiceContent:
    line = InvoiceLine(concept="Sesión", description=None, quantity=Decimal(1), unit_price=Decimal(price))
    return InvoiceContent(
        date=TODAY, due_date=TODAY, customer_id=other_id, patient_id=other_id, currency="EUR", lines=[line]
    )


def payment(amount: str, kind: PaymentKind) -> Payment:
    paid = Money(Decimal(amount))
    return Payment(id=UUID(int=9), kind=kind, amount=paid, method=Method.BIZUM, date=TODAY, created_at=NOW)


@pytest.mark.parametrize("other_id", [None, UUID(int=7)])
@pytest.mark.parametrize("price", ["0.02", "60", "999999.99"])
def test_what_is_said_of_an_invoice_fits(other_id: UUID | None, price: str) -> None:
    bill_to = BillTo.written(full_name="María José Muñoz García", address="Calle Mayor 1")
    ordinary = SeriesPlace(Series.ORDINARY, 2026, 1, TODAY)
    rectifying = SeriesPlace(Series.RECTIFYING, 2026, 1, TODAY)
    invoice = Invoice.issue(ordinary, bill_to, content(price, other_id), NOW)
    invoice.receive(payment("0.02", PaymentKind.PAYMENT), NOW)
    invoice.receive(payment("0.01", PaymentKind.REFUND), NOW)
    invoice.edit("2026000002", bill_to, content(price, other_id), NOW)
    less = invoice.correct(rectifying, content("-0.01", other_id), "Error", NOW)
    instead = invoice.replace(rectifying, bill_to, content(price, other_id), "Otro error", NOW)
    expect_said(
        invoice,
        InvoiceIssued,
        PaymentReceived,
        PaymentRefunded,
        InvoiceEdited,
        InvoiceRectified,
        InvoiceRectified,
    )
    expect_said(less, InvoiceIssued)
    expect_said(instead, InvoiceIssued)


@pytest.mark.parametrize("other_id", [None, UUID(int=7)])
def test_what_is_said_of_a_draft_fits(other_id: UUID | None) -> None:
    written = DraftContent(
        date=None,
        due_date=None,
        customer_id=other_id,
        patient_id=other_id,
        currency="EUR",
        addressee={"full_name": "María José Muñoz García"},
        lines=content("60").lines if other_id else [],
    )
    draft = Draft.begin(written, NOW)
    draft.change(written, NOW)
    draft.delete()
    expect_said(draft, InvoiceDrafted, DraftChanged, DraftDeleted)


def test_what_is_said_of_a_pack_fits() -> None:
    visit = Visit(UUID(int=1), UUID(int=2), NOW, TODAY)
    pack = Pack.sell(visit.patient_id, UUID(int=3), "Bono", 10, TODAY, NOW)
    pack.use(visit, NOW)
    pack.give_back(visit.appointment_id, NOW)
    pack.close(NOW)
    expect_said(pack, PackSold, PackUsed, PackGivenBack, PackClosed)


@pytest.mark.parametrize(("name", "number"), HEARD)
async def test_every_example_of_what_is_heard_makes_its_picture(
    database: Database, name: str, number: int
) -> None:
    face = contract(name)["examples"][number]
    event = HeardEvent(
        source="patients",
        seq=1,
        name=name,
        aggregate_id=UUID(int=1),
        aggregate_version=4,
        payload=face,
        correlation_id=None,
        traceparent=None,
        previous_hash=GENESIS,
        hash=GENESIS,
        envelope={},
    )
    async with database.writing() as connection:
        await PATIENTS.effects[name](connection, event)
        picture = dict((await connection.execute(select(payers))).mappings().one())
    assert picture == {
        "id": UUID(int=1),
        "full_name": face["fullName"],
        "tax_id": face["taxId"],
        "address": face["address"],
        "phone": face["phone"],
        "email": face["email"],
        "rate": face["rate"] and Decimal(face["rate"]),
        "customer_id": face["customerId"] and UUID(face["customerId"]),
        "version": 4,
        "erased_at": None,
    }


async def test_every_example_of_an_erasure_leaves_only_that_it_was_done(database: Database) -> None:
    name = "patients.patient-erased.v1"
    for number, face in enumerate(contract(name)["examples"], 1):
        event = HeardEvent(
            source="patients",
            seq=number,
            name=name,
            aggregate_id=UUID(int=number),
            aggregate_version=4,
            payload=face,
            correlation_id=None,
            traceparent=None,
            previous_hash=GENESIS,
            hash=GENESIS,
            envelope={},
        )
        async with database.writing() as connection:
            await PATIENTS.effects[name](connection, event)
            picture = dict((await connection.execute(select(payers))).mappings().one())
        left = {column: value for column, value in picture.items() if value is not None}
        erased_at = datetime.fromisoformat(face["erasedAt"])
        assert left == {"id": UUID(int=number), "full_name": "", "version": 4, "erased_at": erased_at}


@pytest.mark.parametrize(("name", "number"), APPOINTMENTS)
async def test_every_example_of_an_appointment_of_a_patient_makes_its_picture(
    database: Database, name: str, number: int
) -> None:
    face = contract(name)["examples"][number]
    event = HeardEvent("scheduling", 1, name, UUID(int=1), 4, face, None, None, GENESIS, GENESIS, {})
    async with database.writing() as connection:
        await SCHEDULING.effects[name](connection, event)
        picture = (await connection.execute(select(visits))).mappings().first()
    if face["patientId"] is None:
        assert picture is None
        return
    starts_at = datetime.fromisoformat(face["startsAt"])
    assert picture == {
        "id": UUID(int=1),
        "patient_id": UUID(face["patientId"]),
        "starts_at": starts_at,
        "day": starts_at.astimezone(ZoneInfo("Europe/Madrid")).date(),
        "treatment": face["type"] == "appointment",
        "status": "deleted" if "deleted" in name else face["status"],
        "version": 4,
    }
