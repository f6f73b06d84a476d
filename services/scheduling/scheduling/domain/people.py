"""The people of the diary, as far as other contexts tell of them."""

from dataclasses import dataclass
from uuid import UUID

from shared_kernel.errors import Invalid


class UnknownPeople(Invalid):
    """The practitioner or the patient is not one that this context has heard of."""


@dataclass(frozen=True)
class Practitioner:
    """A user of identity who treats patients, or did. `active` ones can be booked."""

    id: UUID
    active: bool


@dataclass(frozen=True)
class Attendee:
    """A patient as the diary knows her."""

    id: UUID
    full_name: str


def initials(name: str) -> str:
    """Two letters for a narrow column: `Ana de la Cruz` → `AC`."""
    words = name.split()
    proper = [word for word in words if word[0].isupper()] or words
    return "".join(word[0] for word in proper[:2]).upper()[:4]
