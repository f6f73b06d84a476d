"""Refusals: the rules that can be broken, each under its own name, for people to act on."""

import re
from functools import cache


@cache
def kebab(name: str) -> str:
    """`PatientRenamed` → `patient-renamed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class Refusal(Exception):
    """A rule stands in the way (HTTP 409). `facts` fill the sentence shown to the caller;
    the problem's type is `/problems/<kebab-class-name>`."""

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code())
        self.facts = facts

    @classmethod
    def code(cls) -> str:
        """`AppointmentOverlaps` → `appointment-overlaps`."""
        return kebab(cls.__name__)


class NotFound(Refusal):
    """No such thing, or none that the caller may know of (HTTP 404)."""


class NotAllowed(Refusal):
    """The caller's roles do not permit this (HTTP 403)."""


class Stale(Refusal):
    """Somebody changed it since the caller read it (HTTP 412)."""


class Violation:
    """One field and the rule it breaks. `path` as the caller wrote it, e.g. `lines.0.quantity`."""

    def __init__(self, path: str, code: str, **facts: object) -> None:
        self.path = path
        self.code = code
        self.facts = facts


class Invalid(Refusal):
    """The input breaks rules of its fields (HTTP 422); every one of them is named."""

    def __init__(self, *violations: Violation) -> None:
        super().__init__()
        self.violations = violations
