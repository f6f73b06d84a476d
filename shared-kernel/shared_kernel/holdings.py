"""What a context holds about one person, as it says so itself: for her copy (GDPR art. 15), and what of it
stays and why when she asks to be forgotten (art. 17)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self

Sentence = Mapping[str, str]
"""A text by language: `{"en": …, "es": …}`."""


def said(en: str, es: str) -> Sentence:
    """The same in every language of the clinic."""
    return {"en": en, "es": es}


class Kind(StrEnum):
    """How the values of a field are written for people."""

    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"
    AMOUNT = "amount"
    FLAG = "flag"
    IDENTIFIER = "identifier"
    """Means something to programs alone."""
    CHANGES = "changes"
    """`{field: [before, after]}`."""


@dataclass(frozen=True)
class Field:
    """What a field is called; `choices` are the words for its codes, when it has codes."""

    label: Sentence
    kind: Kind = Kind.TEXT
    choices: Mapping[str, Sentence] = field(default_factory=dict)


@dataclass(frozen=True)
class Law:
    """Why something outlives an erasure: a code, the reason for people, and until when at least."""

    code: str
    reason: Sentence
    until: date | None


@dataclass(frozen=True, kw_only=True)
class Section:
    """Things of one kind: JSON objects whose names are explained by `fields`. Without a `law` all of them go
    with an erasure; with one they stay, and only their `blanked` fields go."""

    name: str
    title: Sentence
    fields: Mapping[str, Field]
    entries: Sequence[Mapping[str, Any]]
    law: Law | None = None
    blanked: Sequence[str] = ()


@dataclass(frozen=True)
class Holdings:
    """All that a context holds. `pending`: appointments to come, which must be settled before an erasure."""

    sections: Sequence[Section]
    pending: int = 0

    def plain(self) -> dict[str, Any]:
        """As it travels between contexts."""
        return asdict(self)

    @classmethod
    def read(cls, travelled: Mapping[str, Any]) -> Self:
        """Back from JSON. Raises KeyError, TypeError or ValueError for what is none."""
        return cls([_section(section) for section in travelled["sections"]], int(travelled["pending"]))


def _section(travelled: Mapping[str, Any]) -> Section:
    fields = {
        name: Field(known["label"], Kind(known["kind"]), known["choices"])
        for name, known in travelled["fields"].items()
    }
    law = travelled["law"]
    until = law and law["until"] and date.fromisoformat(law["until"])
    return Section(
        name=travelled["name"],
        title=travelled["title"],
        fields=fields,
        entries=travelled["entries"],
        law=law and Law(law["code"], law["reason"], until),
        blanked=travelled["blanked"],
    )
