"""Every rule of this context has its sentence in both languages, and no sentence is for nobody."""

import re
from pathlib import Path

import pytest

import billing
from billing.http.messages import MESSAGES
from shared_kernel.chassis.messages import PROBLEMS, VIOLATIONS
from shared_kernel.errors import Refusal

SOURCES = "\n".join(path.read_text() for path in Path(billing.__file__).parent.rglob("*.py"))
BROKEN = {kind.code() for kind in Refusal.__subclasses__() if kind.__module__.startswith("billing.")} | {
    deeper.code()
    for kind in Refusal.__subclasses__()
    for deeper in kind.__subclasses__()
    if deeper.__module__.startswith("billing.")
}
NAMED = set(re.findall(r'Violation\(\s*f?"?[^,()]*(?:\([^()]*\))?[^,]*,\s*"([^"]+)"', SOURCES))


def test_there_are_rules_to_look_for() -> None:
    assert {"tax-id-taken", "invoice-frozen", "draft-not-found"} <= BROKEN
    assert {"due-before-date", "invoice_number_duplicate", "required", "merge-with-itself"} <= NAMED


@pytest.mark.parametrize("code", sorted(BROKEN))
def test_a_refusal_has_its_sentence(code: str) -> None:
    assert set((MESSAGES | PROBLEMS)[code]) == {"en", "es"}


@pytest.mark.parametrize("code", sorted(NAMED))
def test_a_violation_has_its_sentence(code: str) -> None:
    assert set((MESSAGES | VIOLATIONS)[code]) == {"en", "es"}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_a_sentence_is_for_a_rule_and_says_the_same_facts_in_both_languages(code: str) -> None:
    assert code in BROKEN | NAMED | set(PROBLEMS)
    english, spanish = (re.findall(r"\{[^}]*\}", MESSAGES[code][locale]) for locale in ("en", "es"))
    assert sorted(english) == sorted(spanish)
