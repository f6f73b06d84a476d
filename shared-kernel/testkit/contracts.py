"""The event contracts as tests hold them against what is said and heard."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from shared_kernel.aggregate import DomainEvent
from shared_kernel.chassis.event_store import wire_name

EVENTS = Path(__file__).parents[2] / "contracts" / "events"


def contract(name: str) -> dict[str, Any]:
    """The schema of `patients.patient-renamed.v1`, say."""
    schema: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return schema


def validator(name: str) -> Draft202012Validator:
    """Checks payloads of that name; formats count."""
    return Draft202012Validator(contract(name), format_checker=Draft202012Validator.FORMAT_CHECKER)


def expect_in_contract(context: str, event: DomainEvent) -> None:
    """What the event's face says, as it travels, is what the contract allows."""
    validator(wire_name(context, type(event))).validate(json.loads(json.dumps(event.face)))


def expect_contracts_of(context: str, said: Sequence[type[DomainEvent]]) -> None:
    """Every event that is said has a contract, and every contract an event."""
    assert sorted(path.stem for path in EVENTS.glob(f"{context}.*.json")) == sorted(
        wire_name(context, event) for event in said
    )
