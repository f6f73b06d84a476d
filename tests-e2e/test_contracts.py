"""What is committed under contracts/http is what the parts answer today."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CONTRACTS = Path(__file__).parents[1] / "contracts" / "http"


@pytest.mark.parametrize("part", ["identity", "patients", "scheduling", "billing", "gateway"])
def test_the_committed_contract_is_the_one_that_is_served(part: str) -> None:
    exported = subprocess.run(
        [sys.executable, "-m", f"{part}.main", "openapi"], capture_output=True, text=True, check=True
    )
    committed = json.loads((CONTRACTS / f"{part}.json").read_text())
    assert json.loads(exported.stdout) == committed, "run `make contracts` and review the difference"
