"""What a reminder says, in the patient's language and the clinic's hour; nothing of why she comes."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.dates import format_date

from scheduling.domain.reminder import Expected
from scheduling.domain.visit import Visit, VisitLinks
from shared_kernel.chassis.settings import Locale
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.dispatch import Wording

_FORMS: Mapping[str, str] = {"en": "en_GB", "es": "es_ES"}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "subject": "Recordatorio de su cita: {when}",
        "at": "{day}, a las {hour}",
        "reminder": "Hola:\n\nLe recordamos su cita en {clinic}:",
        "practitioner": "con {practitioner}",
        "link": "Para confirmarla o anularla:\n{link}",
        "otherwise": "Si no puede venir, avísenos cuanto antes, por favor.",
        "phone": "Teléfono: {phone}",
        "why": "Recibe este mensaje automático porque pidió que le recordáramos sus citas. "
        "Si ya no lo desea, díganoslo en la clínica.",
    },
    "en": {
        "subject": "Reminder of your appointment: {when}",
        "at": "{day}, at {hour}",
        "reminder": "Hello,\n\nThis is a reminder of your appointment at {clinic}:",
        "practitioner": "with {practitioner}",
        "link": "To confirm or cancel it:\n{link}",
        "otherwise": "If you cannot come, please let us know as soon as you can.",
        "phone": "Telephone: {phone}",
        "why": "You receive this automatic message because you asked to be reminded of your appointments. "
        "If you no longer want it, tell us at the clinic.",
    },
}


@dataclass(frozen=True)
class Clinic:
    """How the clinic shows itself to patients. Without a `public_url` (no slash at the end) it gives no
    links."""

    name: str
    phone: str
    public_url: str
    locale: Locale
    time: ClinicTime


class ReminderWords:
    """Writes reminders of one clinic."""

    def __init__(self, clinic: Clinic, links: VisitLinks) -> None:
        self._clinic = clinic
        self._links = links

    def __call__(self, expected: Expected) -> Wording:
        """Subject and text."""
        known = expected.language is not None and expected.language in _WORDS
        language = str(expected.language) if known else self._clinic.locale
        words = _WORDS[language]
        when = self._when(expected, language)
        facts = {
            "clinic": self._clinic.name,
            "practitioner": expected.practitioner_name,
            "phone": self._clinic.phone,
            "link": self._link(expected),
        }
        visit = when[0].upper() + when[1:]
        if expected.practitioner_name:
            visit += "\n" + words["practitioner"].format_map(facts)
        parts = [
            words["reminder"].format_map(facts),
            visit,
            words["link"].format_map(facts) if facts["link"] else "",
            "\n".join([words["otherwise"], *([words["phone"].format_map(facts)] if facts["phone"] else [])]),
            words["why"],
        ]
        text = "\n\n".join(part for part in parts if part) + "\n"
        return Wording(language, words["subject"].format(when=when), text)

    def _when(self, expected: Expected, language: str) -> str:
        shown = self._clinic.time.shown(expected.starts_at)
        day = format_date(shown.date(), format="full", locale=_FORMS[language])
        return day if expected.all_day else _WORDS[language]["at"].format(day=day, hour=f"{shown:%H:%M}")

    def _link(self, expected: Expected) -> str:
        if not self._clinic.public_url:
            return ""
        visit = Visit(expected.appointment_id, expected.patient_id, expected.starts_at)
        return f"{self._clinic.public_url}/visit/{self._links.token(visit)}"
