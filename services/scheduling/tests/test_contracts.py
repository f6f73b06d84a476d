"""What scheduling says fits the contracts it gave; it understands every example of what it hears."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from scheduling.adapters.tables import attendees, practitioners
from scheduling.domain import Appointment, AppointmentBooked, AppointmentCancelled, Booking, DiaryRules, Kind
from scheduling.subscribers import SUBSCRIPTIONS
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import wire_name

CONTRACTS = Path(__file__).parents[3] / "contracts" / "events"
SCHEMAS = sorted(CONTRACTS.glob("scheduling.*.json"))
SAID = (AppointmentBooked, AppointmentCancelled)
HEARD = sorted(name for subscription in SUBSCRIPTIONS for name in subscription.effects)

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def schema_of(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((CONTRACTS / f"{name}.json").read_text())
    return schema


def validator_of(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_every_event_has_a_contract_and_every_contract_an_event() -> None:
    assert [path.stem for path in SCHEMAS] == sorted(wire_name("scheduling", event) for event in SAID)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_contract_is_a_schema_whose_examples_fit_it(path: Path) -> None:
    schema = schema_of(path.stem)
    Draft202012Validator.check_schema(schema)
    assert len(schema["examples"]) >= 2
    for example in schema["examples"]:
        validator_of(schema).validate(example)
    assert not validator_of(schema).is_valid({**schema["examples"][0], "notes": "x"})


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
        schema = schema_of(wire_name("scheduling", type(event)))
        validator_of(schema).validate(json.loads(json.dumps(event.face)))


@pytest.mark.parametrize("name", [name for name in HEARD if name.startswith("patients.")])
async def test_every_example_of_a_patient_becomes_an_attendee(
    hear: Callable[..., Awaitable[UUID]], database: Database, name: str
) -> None:
    for example in schema_of(name)["examples"]:
        about = await hear(name, example)
        async with database.reading() as connection:
            found = await connection.execute(select(attendees).where(attendees.c.id == about))
        picture = found.mappings().one()
        assert picture["full_name"] == example["fullName"]
        assert (picture["phone"], picture["status"]) == (example["phone"], example["status"])


@pytest.mark.parametrize("name", [name for name in HEARD if name.startswith("identity.")])
async def test_every_example_of_a_user_becomes_a_practitioner_if_she_practises(
    hear: Callable[..., Awaitable[UUID]], database: Database, name: str
) -> None:
    for example in schema_of(name)["examples"]:
        about = await hear(name, example)
        async with database.reading() as connection:
            found = await connection.execute(select(practitioners).where(practitioners.c.id == about))
        picture = found.mappings().one()
        assert (picture["name"], picture["colour"]) == (example["name"], example["colour"])
        assert picture["practises"] == example["practitioner"]
        assert picture["active"] == (example["practitioner"] and example["status"] == "active")
