"""What the clinic means by a patient, and the rules it keeps."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

from shared_kernel import tax_id as tax_ids
from shared_kernel.aggregate import Aggregate, DomainEvent, Face
from shared_kernel.errors import Invalid, NotFound, Refusal, Violation
from shared_kernel.identifiers import new_id
from shared_kernel.money import CENT


class PatientNotFound(NotFound):
    """There is no patient with this id."""


class EmailTaken(Refusal):
    """Another patient has this e-mail address."""


class AlreadyErased(Refusal):
    """The patient has been forgotten at her request: what is left of her is blocked."""

    @classmethod
    def code(cls) -> str:
        """The event has the name already."""
        return "patient-erased"


class Status(StrEnum):
    """A patient is never deleted, only made inactive."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class Language(StrEnum):
    """In which the clinic can write to a patient."""

    ENGLISH = "en"
    SPANISH = "es"


@dataclass(frozen=True, kw_only=True)
class ClinicalBackground:
    """What a practitioner must know before touching the patient; reception never sees it."""

    allergies: str | None = None
    medication: str | None = None
    systemic_diseases: str | None = None
    surgeries: str | None = None
    accidents: str | None = None
    injuries: str | None = None
    bruxism: str | None = None
    insoles: str | None = None
    others: str | None = None


BACKGROUND_FIELDS = tuple(field.name for field in fields(ClinicalBackground))


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """The registry data of a patient, as the desk writes it. `rate` is the price of a session in EUR.
    `email_reminders`: she asked to be reminded of her appointments; without a `language`, in the clinic's."""

    first_name: str
    last_name: str
    date_of_birth: date | None = None
    tax_id: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    profession: str | None = None
    sports_activity: str | None = None
    rate: Decimal | None = None
    notes: str | None = None
    status: Status = Status.ACTIVE
    customer_id: UUID | None = None
    email_reminders: bool = False
    language: Language | None = None

    def checked(self, today: date) -> Self:
        """The same, normalised. Refuses a birth in the future."""
        if self.date_of_birth and self.date_of_birth > today:
            raise Invalid(Violation("dateOfBirth", "in-the-future"))
        tax_id = tax_ids.normalise(self.tax_id) if self.tax_id else None
        rate = None if self.rate is None else self.rate.quantize(CENT) + 0  # no minus zero
        return replace(self, tax_id=tax_id or None, rate=rate)

    @property
    def full_name(self) -> str:
        """`María José Muñoz García`."""
        return f"{self.first_name} {self.last_name}".strip()


class PatientRegistered(DomainEvent):
    """A new patient is known to the clinic."""


class PatientRenamed(DomainEvent):
    """The patient's name is another one."""


class PatientChanged(DomainEvent):
    """Something of the registry data changed, but not the name."""


class PatientErased(DomainEvent):
    """The patient asked to be forgotten: whoever keeps a picture of her blanks it. Its face is all that may
    still be known."""


_WHOSE_RECORDS = frozenset({"first_name", "last_name", "date_of_birth", "tax_id"})


def forgettable(*, documented: bool) -> frozenset[str]:
    """The fields that an erasure blanks. Where there are clinical records (`documented`), whose they are and
    the clinical background stay with them; else nothing but the number does."""
    registry = frozenset(field.name for field in fields(Particulars)) - {"status"}
    return registry - _WHOSE_RECORDS if documented else registry | set(BACKGROUND_FIELDS)


@dataclass(kw_only=True)
class Patient(Aggregate):
    """A person who is or was treated here. `number` is the short one for people."""

    number: int
    particulars: Particulars
    background: ClinicalBackground
    created_at: datetime
    updated_at: datetime
    erased_at: datetime | None = None
    erasure_reason: str | None = None

    @classmethod
    def register(
        cls, number: int, particulars: Particulars, background: ClinicalBackground, now: datetime, today: date
    ) -> Self:
        """A new patient; `today` is the clinic's date."""
        patient = cls(
            id=new_id(now),
            number=number,
            particulars=particulars.checked(today),
            background=background,
            created_at=now,
            updated_at=now,
        )
        patient.tell(PatientRegistered(patient.face()))
        return patient

    def change(
        self, particulars: Particulars, background: ClinicalBackground, now: datetime, today: date
    ) -> bool:
        """Take over what the desk or the practitioner wrote; a new name is told as a renaming. False when it
        is what was there before: then nothing has happened. Raises AlreadyErased."""
        self.refuse_if_erased()
        before = self.particulars
        particulars = particulars.checked(today)
        if (particulars, background) == (before, self.background):
            return False
        self.particulars = particulars
        self.background = background
        self.updated_at = now
        renamed = self.particulars.full_name != before.full_name
        self.tell(PatientRenamed(self.face()) if renamed else PatientChanged(self.face()))
        return True

    def erase(self, reason: str, *, documented: bool, now: datetime) -> frozenset[str]:
        """Forget what is `forgettable`, and answer which fields that was. `reason` is what the admin wrote
        about it. Raises AlreadyErased."""
        self.refuse_if_erased()
        forgotten = forgettable(documented=documented)
        if not documented:
            self.background = ClinicalBackground()
        blank = vars(Particulars(first_name="", last_name=""))
        remaining = {
            name: blank[name] if name in forgotten else value
            for name, value in vars(self.particulars).items()
        }
        self.particulars = Particulars(**(remaining | {"status": Status.INACTIVE}))
        self.erased_at = self.updated_at = now
        self.erasure_reason = reason
        self.tell(PatientErased({"number": self.number, "erasedAt": now.isoformat()}))
        return forgotten

    def refuse_if_erased(self) -> None:
        """Raises AlreadyErased."""
        if self.erased_at is not None:
            raise AlreadyErased

    def has_doubtful_tax_id(self) -> bool:
        """True for a DNI or NIE whose check letter is wrong: accepted, but worth a second look."""
        return bool(self.particulars.tax_id) and tax_ids.has_wrong_check(self.particulars.tax_id or "")

    def face(self) -> Face:
        """All that other contexts may know: nothing clinical, and nothing the desk noted for itself."""
        particulars = self.particulars
        return {
            "number": self.number,
            "firstName": particulars.first_name,
            "lastName": particulars.last_name,
            "fullName": particulars.full_name,
            "taxId": particulars.tax_id,
            "phone": particulars.phone,
            "email": particulars.email,
            "address": particulars.address,
            "rate": None if particulars.rate is None else str(particulars.rate),
            "status": particulars.status.value,
            "customerId": None if particulars.customer_id is None else str(particulars.customer_id),
            "emailReminders": particulars.email_reminders,
            "language": None if particulars.language is None else particulars.language.value,
        }
