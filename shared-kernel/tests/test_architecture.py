"""The rules of the house are seen to bite: planted violations are caught, and the tree itself has none."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTEXTS = ("patients", "scheduling", "billing", "identity")
PACKAGES = {
    "shared_kernel": ROOT / "shared-kernel" / "shared_kernel",
    "testkit": ROOT / "shared-kernel" / "testkit",
    "gateway": ROOT / "gateway" / "gateway",
    **{context: ROOT / "services" / context / context for context in CONTEXTS},
}
BANNED_MODULES = {"utils", "common", "helpers", "managers", "schemas", "dto", "mappers"}
BANNED_IN_CLASSES = re.compile(r"Manager|Helper|Util|Common|Base|Impl|Data(?!base)|Info|Service$")

PLANTED = {
    "Inside a service": ("patients/ports.py", "import patients.adapters.sql"),
    "Contexts and the gateway": ("billing/main.py", "import patients.domain"),
    "Domain, ports and use cases": ("patients/domain/patient.py", "import sqlalchemy"),
    "The kernel knows no service": ("shared_kernel/chassis/service.py", "import patients.domain"),
    "The kernel's words": ("shared_kernel/money.py", "import shared_kernel.chassis.database"),
    "The product never": ("gateway/main.py", "import testkit.tokens"),
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("house")
    for name, folder in PACKAGES.items():
        shutil.copytree(folder, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def lint(folder: Path) -> str:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout + result.stderr


def test_each_planted_violation_is_caught(copied: Path) -> None:
    assert "0 broken" in lint(copied)
    for file, line in PLANTED.values():
        with (copied / file).open("a") as module:
            module.write(f"\n{line}\n")
    report = lint(copied)
    for contract in PLANTED:
        assert re.search(rf"^{re.escape(contract)}.* BROKEN", report, re.MULTILINE), report


def test_a_stray_module_is_caught(copied: Path) -> None:
    (copied / "patients" / "managers.py").write_text('"""Stray."""\n')
    assert "managers" in lint(copied)


def modules() -> Iterator[Path]:
    for folder in PACKAGES.values():
        yield from folder.rglob("*.py")


def test_no_module_is_named_after_nothing() -> None:
    assert [m for m in modules() if m.stem in BANNED_MODULES or m.parent.name in BANNED_MODULES] == []


def test_no_class_is_named_after_nothing() -> None:
    named = [
        f"{module.name}: {node.name}"
        for module in modules()
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.ClassDef) and BANNED_IN_CLASSES.search(node.name)
    ]
    assert named == []
