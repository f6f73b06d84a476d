"""A patient's copy as a page that needs nothing but itself, in the language and forms of its reader."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shared_kernel.chassis.settings import Locale
from shared_kernel.chassis.typesetting import Typesetter
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.holdings import Field, Kind, Section

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = (_TEMPLATES / "copy.css").read_text(encoding="utf-8")
_FORMS: Mapping[Locale, str] = {"en": "en_GB", "es": "es_ES"}
_MOST_COLUMNS = 5
"""As many fields fit side by side on A4; things with more are set as lists."""
_LOG = "events"
"""Says once more what the history of changes says, for programs; people are told how long it is."""

_WORDS: Mapping[Locale, Mapping[str, str]] = {
    "en": {
        "title": "Copy of your personal data",
        "right": "Right of access, article 15 of Regulation (EU) 2016/679 (GDPR)",
        "patient": "Patient",
        "number": "Number",
        "erased": "Erased patient",
        "generated_at": "Generated",
        "nothing": "Nothing is held.",
        "log": "Entries: {count}. They repeat what the history of changes says, and are in the copy as data"
        " (JSON).",
        "field": "Field",
        "before": "Before",
        "after": "After",
        "yes": "Yes",
        "no": "No",
        "page": "Page",
        "of": "of",
        "patients": "Patients",
        "scheduling": "Appointments",
        "billing": "Billing",
    },
    "es": {
        "title": "Copia de sus datos personales",
        "right": "Derecho de acceso, artículo 15 del Reglamento (UE) 2016/679 (RGPD)",
        "patient": "Paciente",
        "number": "Número",
        "erased": "Paciente suprimido",
        "generated_at": "Generado",
        "nothing": "No consta nada.",
        "log": "Asientos: {count}. Repiten lo que dice el historial de cambios y están en la copia como datos"
        " (JSON).",
        "field": "Campo",
        "before": "Antes",
        "after": "Después",
        "yes": "Sí",
        "no": "No",
        "page": "Página",
        "of": "de",
        "patients": "Pacientes",
        "scheduling": "Citas",
        "billing": "Facturación",
    },
}


class Copied(Protocol):
    """What was found of a patient."""

    @property
    def patient(self) -> Mapping[str, Any]:
        """Her registry data."""

    @property
    def at(self) -> datetime:
        """When it was asked for."""

    def sections(self) -> list[tuple[str, Section]]:
        """Every section with its context."""


class CopyPrinter:
    """Fills the page and has it set. All that people wrote is escaped."""

    def __init__(self, clinic: str, clinic_time: ClinicTime, typesetter: Typesetter) -> None:
        self._clinic = clinic
        self._clinic_time = clinic_time
        self._typesetter = typesetter
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("copy.html.j2")

    async def pdf(self, found: Copied, locale: Locale) -> bytes:
        """On A4. Raises PrintingUnavailable."""
        return await self._typesetter.pdf(self.html(found, locale))

    def html(self, found: Copied, locale: Locale) -> str:
        """The page."""
        forms = _Forms(locale, self._clinic_time)
        contexts: dict[str, list[dict[str, Any]]] = {}
        for context, section in found.sections():
            contexts.setdefault(context, []).append(forms.section(section))
        return self._template.render(
            style=Markup(_STYLE),  # noqa: S704 - our own file
            language=locale,
            words=_WORDS[locale],
            clinic=self._clinic,
            patient=found.patient,
            generated_at=forms.instant(found.at),
            contexts=contexts,
        )


class _Forms:
    """How things are written for one reader."""

    def __init__(self, locale: Locale, clinic_time: ClinicTime) -> None:
        self._locale = locale
        self._babel = _FORMS[locale]
        self._clinic_time = clinic_time

    def section(self, section: Section) -> dict[str, Any]:
        """Its title and its entries: several short ones as a table, else as lists. Identifiers mean nothing
        to people."""
        if section.name == _LOG:
            note = _WORDS[self._locale]["log"].format(count=len(section.entries))
            return {"title": section.title[self._locale], "note": note}
        entries = [
            {n: v for n, v in entry.items() if v is not None and not self._is_identifier(section, n)}
            for entry in section.entries
        ]
        names = list(dict.fromkeys(name for entry in entries for name in entry))
        nested = any(isinstance(value, dict | list) for entry in entries for value in entry.values())
        several = len(entries) > 1 and not nested and len(names) <= _MOST_COLUMNS
        return {
            "title": section.title[self._locale],
            "note": None if entries else _WORDS[self._locale]["nothing"],
            "table": self._table(section, entries, names) if several else None,
            "entries": [self._listed(section, entry) for entry in entries],
        }

    def _table(self, section: Section, entries: list[dict[str, Any]], names: list[str]) -> dict[str, Any]:
        return {
            "head": [self._label(section, name) for name in names],
            "rows": [
                [self._text(section, name, entry[name]) if name in entry else "" for name in names]
                for entry in entries
            ],
        }

    def _listed(self, section: Section, entry: dict[str, Any]) -> list[dict[str, Any]]:
        return [self._item(section, name, value) for name, value in entry.items()]

    def _item(self, section: Section, name: str, value: Any) -> dict[str, Any]:
        item: dict[str, Any] = {"label": self._label(section, name), "text": None, "table": None}
        if self._field(section, name).kind is Kind.CHANGES:
            return item | self._changes(section, value)
        if isinstance(value, list):
            names = list(dict.fromkeys(name for part in value for name in part))
            return item | {"table": self._table(section, value, names)}
        return item | {"text": self._text(section, name, value)}

    def _changes(self, section: Section, changes: Mapping[str, Any]) -> dict[str, Any]:
        """What was first written stands elsewhere in the copy, in what became of it or in the next change:
        to repeat each record in three columns would take longer than all the rest."""
        told = {n: pair for n, pair in changes.items() if not self._is_identifier(section, n)}
        if all(before is None for before, _ in told.values()):
            return {"text": ", ".join(self._label(section, name) for name in told)}
        head = [_WORDS[self._locale][word] for word in ("field", "before", "after")]
        rows = [
            [self._label(section, name), *(self._text(section, name, value) for value in pair)]
            for name, pair in told.items()
        ]
        return {"table": {"head": head, "rows": rows}}

    def _is_identifier(self, section: Section, name: str) -> bool:
        return self._field(section, name).kind is Kind.IDENTIFIER

    def _field(self, section: Section, name: str) -> Field:
        return section.fields.get(name) or Field({self._locale: name})

    def _label(self, section: Section, name: str) -> str:
        return self._field(section, name).label[self._locale]

    def _text(self, section: Section, name: str, value: Any) -> str:
        """A JSON value in words. What is not of its kind, such as what stands where something was erased, is
        written as it is."""
        field = self._field(section, name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return _WORDS[self._locale]["yes" if value else "no"]
        text = str(value)
        try:
            if field.kind is Kind.DATE:
                return format_date(date.fromisoformat(text), "medium", locale=self._babel)
            if field.kind is Kind.INSTANT:
                return self.instant(datetime.fromisoformat(text))
            if field.kind is Kind.AMOUNT:
                return format_decimal(Decimal(text), "#,##0.00", locale=self._babel)
        except (ValueError, ArithmeticError):
            return text
        return field.choices[text][self._locale] if text in field.choices else text

    def instant(self, moment: datetime) -> str:
        """In the clinic's zone."""
        shown = self._clinic_time.shown(moment)
        return format_datetime(shown, "medium", tzinfo=self._clinic_time.zone, locale=self._babel)
