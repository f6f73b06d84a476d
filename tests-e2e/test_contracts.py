"""The contracts are sound, and those over HTTP are what the parts answer today."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from testkit.contracts import EVENTS, contract, validator

CONTRACTS = Path(__file__).parents[1] / "contracts" / "http"


def served(part: str) -> dict[str, object]:
    """The contract of a part as its code makes it."""
    main = import_module(f"{part}.main")
    if part == "gateway":
        return main.screens_app().openapi()  # type: ignore[no-any-return]
    settings = getattr(main, f"{part.title()}Settings")
    return main.build_app(settings()).openapi()  # type: ignore[no-any-return]


@pytest.mark.parametrize("part", ["identity", "patients", "scheduling", "billing", "gateway"])
def test_the_committed_contract_is_the_one_that_is_served(part: str) -> None:
    committed = json.loads((CONTRACTS / f"{part}.json").read_text())
    assert json.loads(json.dumps(served(part))) == committed, "run `make contracts`, review the difference"


@pytest.mark.parametrize("name", sorted(path.stem for path in EVENTS.glob("*.json")))
def test_an_event_contract_is_a_schema_that_its_examples_fit_and_a_surprise_does_not(name: str) -> None:
    Draft202012Validator.check_schema(contract(name))
    examples = contract(name)["examples"]
    assert len(examples) >= 2
    for example in examples:
        validator(name).validate(example)
    assert not validator(name).is_valid({**examples[0], "surprise": 1})
