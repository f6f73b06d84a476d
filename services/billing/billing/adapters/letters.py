"""What the letter says that an invoice goes with: which one it is, who sends it, whom to ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.dates import format_date

from billing.adapters.invoice_page import FORMS, Language
from billing.domain.invoice import Invoice
from billing.domain.numbering import Series
from shared_kernel.dispatch import Wording

_WORDS: Mapping[Language, Mapping[str | Series, str]] = {
    "es": {
        Series.ORDINARY: "Factura",
        Series.RECTIFYING: "Factura rectificativa",
        "subject": "{title} {number} — {clinic}",
        "letter": "Hola:\n\nLe enviamos adjunta su {title} {number}, con fecha {date}.",
        "questions": "Si tiene alguna pregunta, estamos a su disposición.",
        "phone": "Teléfono: {phone}",
        "greeting": "Un cordial saludo,\n{clinic}",
    },
    "en": {
        Series.ORDINARY: "Invoice",
        Series.RECTIFYING: "Rectifying invoice",
        "subject": "{title} {number} — {clinic}",
        "letter": "Hello,\n\nPlease find attached your {title} {number}, dated {date}.",
        "questions": "If you have any questions, we are happy to help.",
        "phone": "Telephone: {phone}",
        "greeting": "Kind regards,\n{clinic}",
    },
}


@dataclass(frozen=True)
class InvoiceWords:
    """Writes the letters of one clinic. A blank phone is not said."""

    clinic: str
    phone: str
    prefixes: Mapping[Series, str]

    def __call__(self, invoice: Invoice, language: Language) -> Wording:
        """Subject and text; nothing of what was done, and no name but the clinic's."""
        words = _WORDS[language]
        title = words[invoice.series]
        facts = {
            "number": self.prefixes[invoice.series] + invoice.number,
            "date": format_date(invoice.content.date, "long", locale=FORMS[language]),
            "clinic": self.clinic,
            "phone": self.phone,
        }
        help_ = [words["questions"], *([words["phone"].format_map(facts)] if self.phone else [])]
        parts = [
            words["letter"].format(title=title.lower(), **facts),
            "\n".join(help_),
            words["greeting"].format_map(facts),
        ]
        return Wording(language, words["subject"].format(title=title, **facts), "\n\n".join(parts) + "\n")
