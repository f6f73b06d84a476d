"""What the clinic must settle and keep when a patient asks to be forgotten.

The right to erasure (Regulation (EU) 2016/679, GDPR, art. 17.1) ends where a law makes the clinic keep
something (art. 17.3.b), where public health needs it (17.3.c with 9.2.h) and where claims are to be answered
(17.3.e). What is kept is blocked (Ley Orgánica 3/2018, LOPDGDD, art. 32): nobody works with it, it waits for
courts and authorities."""

from dataclasses import dataclass
from datetime import date

from shared_kernel.errors import Refusal

CLINICAL_YEARS = 5
"""Ley 41/2002 art. 17.1: clinical documentation is kept at least five years from the discharge of each care
process. Some regions ask for longer; nothing here is removed when the time is over."""

ACCOUNTABILITY_YEARS = 3
"""LOPDGDD art. 72: the gravest infringements lapse after three years. So long it may have to be shown who did
what with the data (GDPR art. 5.2)."""


class PatientHasAppointments(Refusal):
    """Somebody who is still expected cannot be forgotten: her appointments are cancelled first."""


@dataclass(frozen=True, kw_only=True)
class ErasureRequest:
    """What the admin asks for, and how many clinical records and appointments to come she was shown."""

    reason: str
    records: int
    appointments: int


def years_after(day: date, years: int) -> date:
    """The same day `years` later; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
