"""When two registrations are probably one person."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from patients.domain.patient import Particulars, Patient
from patients.domain.search import name_words
from shared_kernel.errors import Refusal

MOST_SHOWN = 5
LONGEST_NAME = 151
_PHONE = re.compile(r"\d(?:[\s().·\-\u2010-\u2015\u2212]*\d){6,}")
_SPAIN, _SPANISH_LENGTH = "34", 9


class PatientLikelyDuplicate(Refusal):
    """Somebody very like this is registered already; only on purpose is there a second one."""


class Reason(StrEnum):
    """What two patients have in common, the strongest first."""

    TAX_ID = "tax-id"
    NAME_AND_BIRTH_DATE = "name-and-birth-date"
    PHONE = "phone"


@dataclass(frozen=True)
class Traits:
    """By what a person is recognised, in the one form in which it is compared."""

    name: str
    date_of_birth: date | None
    phone: str | None
    tax_id: str | None

    @classmethod
    def of(cls, particulars: Particulars) -> Self:
        """The traits of somebody with these particulars, which are checked ones."""
        return cls(
            name=words_in_order(particulars.full_name),
            date_of_birth=particulars.date_of_birth,
            phone=national_digits(particulars.phone or ""),
            tax_id=particulars.tax_id,
        )

    def in_common(self, other: Self) -> Sequence[Reason]:
        """Why these may be the traits of one person, the strongest reason first."""
        shared = {
            Reason.TAX_ID: self.tax_id is not None and self.tax_id == other.tax_id,
            Reason.NAME_AND_BIRTH_DATE: self.date_of_birth is not None
            and (self.name, self.date_of_birth) == (other.name, other.date_of_birth),
            Reason.PHONE: self.phone is not None and self.phone == other.phone,
        }
        return [reason for reason, holds in shared.items() if holds]


def words_in_order(full_name: str) -> str:
    """The same however a name is written, its surnames first or last: `Mª José Muñoz-García` →
    `garcia jose maria munoz`."""
    return " ".join(sorted(name_words(full_name)))[:LONGEST_NAME]


def national_digits(phone: str) -> str | None:
    """The first number in `phone` as dialled at home: `+34 600-11-22-33 (madre)` → `600112233`. One of
    another country keeps its prefix. None when there is no number of at least seven digits."""
    found = _PHONE.search(phone)
    if found is None:
        return None
    digits = "".join(str(unicodedata.decimal(c)) for c in found[0] if c.isdecimal()).removeprefix("00")
    is_spanish = digits.startswith(_SPAIN) and len(digits) == len(_SPAIN) + _SPANISH_LENGTH
    return digits[len(_SPAIN) :] if is_spanish else digits


def refuse_likely_duplicate(newcomer: Patient, others: Iterable[Patient]) -> None:
    """Raises PatientLikelyDuplicate with the likeliest of `others`, if any is likely at all."""
    traits = Traits.of(newcomer.particulars)
    alike = [(traits.in_common(Traits.of(other.particulars)), other) for other in others]
    likely = sorted((pair for pair in alike if pair[0]), key=lambda pair: (_rank(pair[0]), pair[1].number))
    if likely:
        raise PatientLikelyDuplicate(matches=[_match(*pair) for pair in likely[:MOST_SHOWN]])


def _rank(reasons: Sequence[Reason]) -> Sequence[int]:
    """Sorts a stronger reason before weaker ones, and more reasons before fewer."""
    order = list(Reason)
    return [*(order.index(reason) for reason in reasons), len(order)]


def _match(reasons: Sequence[Reason], patient: Patient) -> dict[str, object]:
    particulars = patient.particulars
    return {
        "id": patient.id,
        "number": patient.number,
        "fullName": particulars.full_name,
        "dateOfBirth": particulars.date_of_birth,
        "phone": particulars.phone,
        "taxId": particulars.tax_id,
        "email": particulars.email,
        "status": particulars.status,
        "reasons": list(reasons),
    }
