"""What every aggregate is: an identity, a version, and the facts not yet told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

Face = Mapping[str, object]


def kebab(name: str) -> str:
    """`PatientRenamed` → `patient-renamed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


@dataclass(frozen=True)
class DomainEvent:
    """A fact in the past participle. Its `face` is all that a stranger may know of the aggregate,
    as JSON values; never anything clinical. On the wire: `<context>.<kebab-name>.v<schema_version>`."""

    schema_version: ClassVar[int] = 1
    face: Face


@dataclass(kw_only=True)
class Aggregate:
    """A thing with a life of its own. `version` is the stored one: 0 until it is first saved."""

    id: UUID
    version: int = 0
    _untold: list[DomainEvent] = field(default_factory=list, repr=False, compare=False)

    def tell(self, event: DomainEvent) -> None:
        """Remember a fact, to be saved in the transaction that saves the aggregate."""
        self._untold.append(event)

    def told(self) -> list[DomainEvent]:
        """Hand over the facts not yet saved; each is handed over once."""
        events, self._untold = self._untold, []
        return events
