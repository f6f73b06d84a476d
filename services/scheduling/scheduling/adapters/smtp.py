"""Tells people by e-mail."""

import re
from datetime import datetime
from html import escape
from typing import cast

from scheduling.domain.reminder import Reminder
from scheduling.ports import LetterPostponed, LetterRefused
from shared_kernel.chassis.mailer import Letter, Mailer, MailRefused, MailServerAway
from shared_kernel.chassis.settings import Locale
from shared_kernel.clinic_time import ClinicTime

_LINK = re.compile(r"https?://\S+")


class SmtpNotifier:
    """Sends reminders as letters, as plain text and as the same text in HTML."""

    def __init__(self, mailer: Mailer, clinic_time: ClinicTime) -> None:
        self._mailer = mailer
        self._clinic_time = clinic_time

    async def send(self, reminder: Reminder, now: datetime) -> None:
        """Raises LetterRefused, LetterPostponed."""
        wording = reminder.wording
        letter = Letter(
            message_id=reminder.message_id,
            to=reminder.recipient,
            subject=wording.subject,
            text=wording.text,
            html=as_html(wording.text, wording.language),
            language=cast(Locale, wording.language),
            date=self._clinic_time.shown(now),
        )
        try:
            await self._mailer.send(letter)
        except MailRefused as refusal:
            raise LetterRefused(str(refusal)) from refusal
        except MailServerAway as away:
            raise LetterPostponed(str(away)) from away


def as_html(text: str, language: str) -> str:
    """Paragraphs, lines and links; nothing else, and nothing from elsewhere."""
    paragraphs = "\n".join(f"<p>{_linked(part)}</p>" for part in text.strip().split("\n\n"))
    return (
        f'<!doctype html>\n<html lang="{language}"><meta charset="utf-8"><body>\n{paragraphs}\n</body></html>'
    )


def _linked(part: str) -> str:
    escaped = escape(part)
    linked = _LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', escaped)
    return linked.replace("\n", "<br>\n")
