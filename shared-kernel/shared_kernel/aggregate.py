"""What every aggregate is: an identity, a version, and the facts not yet told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from shared_kernel.errors import Stale

Face = Mapping[str, object]


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

    def expect(self, version: int | None) -> None:
        """Refuse when the caller has seen another version than this one; None expects nothing."""
        if version is not None and version != self.version:
            raise Stale(seen=version, current=self.version)

    def tell(self, event: DomainEvent) -> None:
        """Remember a fact, to be saved in the transaction that saves the aggregate."""
        self._untold.append(event)

    def told(self) -> list[DomainEvent]:
        """Hand over the facts not yet saved; each is handed over once."""
        events, self._untold = self._untold, []
        return events
