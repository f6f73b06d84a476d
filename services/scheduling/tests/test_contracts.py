"""What scheduling says fits the contracts it gave; it understands every example of what it hears."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from scheduling.adapters.tables import attendees, practitioners
from scheduling.domain import Appointment, AppointmentBooked, AppointmentCancelled, Booking, DiaryRules, Kind
from scheduling.subscribers import SUBSCRIPTIONS
from shared_kernel.chassis.database import Database
from testkit.contracts import contract, expect_contracts_of, expect_in_contract

SAID = (AppointmentBooked, AppointmentCancelled)
HEARD = sorted(name for subscription in SUBSCRIPTIONS for name in subscription.effects)

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def test_every_event_has_a_contract_and_every_contract_an_event() -> None:
    expect_contracts_of("scheduling", SAID)


@pytest.mark.parametrize("all_day", [False, True])
@pytest.mark.parametrize("patient_id", [None, UUID(int=2)])
@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_said_fits(
    asked: Callable[..., Booking], rules: DiaryRules, all_day: bool, patient_id: UUID | None, kind: Kind
) -> None:
    booking = asked(UUID(int=1), "2026-11-23T10:00", patient_id=patient_id, all_day=all_day, kind=kind)
    appointment = Appointment.book(booking, rules, NOW)
    appointment.cancel("Enferma", NOW)
    events = appointment.told()
    assert [type(event) for event in events] == list(SAID)
    for event in events:
        expect_in_contract("scheduling", event)


@pytest.mark.parametrize(
    "name", [name for name in HEARD if name.startswith("patients.") and not name.endswith("erased.v1")]
)
async def test_every_example_of_a_patient_becomes_an_attendee(
    hear: Callable[..., Awaitable[UUID]], database: Database, name: str
) -> None:
    for example in contract(name)["examples"]:
        about = await hear(name, example)
        async with database.reading() as connection:
            found = await connection.execute(select(attendees).where(attendees.c.id == about))
        picture = found.mappings().one()
        assert picture["full_name"] == example["fullName"]
        assert (picture["phone"], picture["status"]) == (example["phone"], example["status"])


async def test_every_example_of_an_erasure_leaves_an_attendee_without_a_name(
    hear: Callable[..., Awaitable[UUID]], database: Database
) -> None:
    for example in contract("patients.patient-erased.v1")["examples"]:
        about = await hear("patients.patient-erased.v1", example)
        async with database.reading() as connection:
            found = await connection.execute(select(attendees).where(attendees.c.id == about))
        picture = found.mappings().one()
        assert (picture["full_name"], picture["phone"], picture["status"]) == ("", None, "erased")


@pytest.mark.parametrize("name", [name for name in HEARD if name.startswith("identity.")])
async def test_every_example_of_a_user_becomes_a_practitioner_if_she_practises(
    hear: Callable[..., Awaitable[UUID]], database: Database, name: str
) -> None:
    for example in contract(name)["examples"]:
        about = await hear(name, example)
        async with database.reading() as connection:
            found = await connection.execute(select(practitioners).where(practitioners.c.id == about))
        picture = found.mappings().one()
        assert (picture["name"], picture["colour"]) == (example["name"], example["colour"])
        assert picture["practises"] == example["practitioner"]
        assert picture["active"] == (example["practitioner"] and example["status"] == "active")
