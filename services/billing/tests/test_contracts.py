"""What billing says fits the contracts it gave, and it understands every example of what it hears."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from billing.adapters.tables import payers
from billing.domain.customer import Customer, CustomerDetails, CustomerRegistered, Kind
from billing.domain.invoice import (
    BillTo,
    Invoice,
    InvoiceContent,
    InvoiceIssued,
    InvoiceLine,
    SeriesPlace,
)
from billing.subscribers import PATIENTS
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import GENESIS
from shared_kernel.chassis.subscription import HeardEvent
from testkit.contracts import contract, expect_contracts_of, expect_in_contract

SAID = (CustomerRegistered, InvoiceIssued)
HEARD = [
    pytest.param(name, number, id=f"{name}-{number}")
    for name in PATIENTS.effects
    if name != "patients.patient-erased.v1"
    for number in range(len(contract(name)["examples"]))
]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def test_every_event_has_a_contract_and_every_contract_an_event() -> None:
    expect_contracts_of("billing", SAID)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_said_of_a_customer_fits(kind: Kind) -> None:
    details = CustomerDetails(
        kind=kind,
        first_name="Muñoz",
        last_name="García" if kind is Kind.PERSON else None,
        tax_id="12345678Z",
        billing_address="Calle Mayor 1",
    )
    (event,) = Customer.register(details, NOW).told()
    expect_in_contract("billing", event)


@pytest.mark.parametrize("other_id", [None, UUID(int=7)])
@pytest.mark.parametrize("price", ["0", "60", "999999.99"])
def test_what_is_said_of_an_invoice_fits(other_id: UUID | None, price: str) -> None:
    line = InvoiceLine(concept="Sesión", description=None, quantity=Decimal(1), unit_price=Decimal(price))
    content = InvoiceContent(
        date=TODAY, customer_id=other_id, patient_id=other_id, currency="EUR", lines=[line]
    )
    bill_to = BillTo.written(full_name="María José Muñoz García", address="Calle Mayor 1")
    (event,) = Invoice.issue(SeriesPlace(2026, 1, TODAY), bill_to, content, NOW).told()
    expect_in_contract("billing", event)


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
