"""The people of the diary, as far as other contexts tell of them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared_kernel.errors import Invalid, Refusal


class UnknownPeople(Invalid):
    """The practitioner or the patient is not one that this context has heard of."""


class PatientInactive(Refusal):
    """The patient is not treated any more; made active again she can be booked."""


class PatientErased(Refusal):
    """The patient was forgotten at her request: nothing is written about her any more."""


@dataclass(frozen=True)
class Practitioner:
    """A user of identity who treats patients, or did. `active` ones can be booked."""

    id: UUID
    active: bool


class Standing(StrEnum):
    """Whether a patient can be booked. An erased one has no name any more."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ERASED = "erased"


@dataclass(frozen=True)
class Attendee:
    """A patient as the diary knows her."""

    id: UUID
    full_name: str
    standing: Standing
    phone: str | None

    def expect_bookable(self) -> None:
        """Raises PatientInactive, PatientErased."""
        self.expect_remembered()
        if self.standing is Standing.INACTIVE:
            raise PatientInactive

    def expect_remembered(self) -> None:
        """Raises PatientErased."""
        if self.standing is Standing.ERASED:
            raise PatientErased


def initials(name: str) -> str:
    """Two letters for a narrow column: `Ana de la Cruz` → `AC`."""
    words = name.split()
    proper = [word for word in words if word[0].isupper()] or words
    return "".join(word[0] for word in proper[:2]).upper()[:4]
