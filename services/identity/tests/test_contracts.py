"""What identity says fits the contracts it gave."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from identity.domain.users import Profile, Role, Status, User, UserChanged, UserCreated
from shared_kernel.aggregate import DomainEvent
from shared_kernel.chassis.event_store import wire_name

CONTRACTS = Path(__file__).parents[3] / "contracts" / "events"
SCHEMAS = sorted(CONTRACTS.glob("identity.*.json"))
SAID = (UserChanged, UserCreated)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def expect_in_contract(event: DomainEvent) -> None:
    schema: Any = json.loads((CONTRACTS / f"{wire_name('identity', type(event))}.json").read_text())
    Draft202012Validator(schema).validate(json.loads(json.dumps(event.face)))


def test_every_event_has_a_contract_and_every_contract_an_event() -> None:
    assert [path.stem for path in SCHEMAS] == sorted(wire_name("identity", event) for event in SAID)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_contract_is_a_schema_whose_examples_fit_it(path: Path) -> None:
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert len(schema["examples"]) >= 2
    for example in schema["examples"]:
        validator.validate(example)
    assert not validator.is_valid({**schema["examples"][0], "email": "ana@clinica.es"})


def test_what_is_said_of_a_user_fits_and_tells_neither_email_nor_password() -> None:
    profile = Profile(name="Begoña Núñez", roles=frozenset(Role), locale="en", colour="#1D4ED8")
    user = User.create("begona@clinica.es", profile, "$argon2id$secret", NOW)
    user.change(replace(profile, status=Status.DISABLED, practitioner=True), NOW)
    events = user.told()
    assert [type(event) for event in events] == [UserCreated, UserChanged]
    for event in events:
        expect_in_contract(event)
        assert "begona@" not in str(event.face)
        assert "argon2" not in str(event.face)
