"""Tells people outside by e-mail what waits in an outbox."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import cast

from shared_kernel.chassis.mailer import Letter, Mailer
from shared_kernel.chassis.settings import Locale
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.dispatch import Attachment, Dispatch

_LINK = re.compile(r"https?://\S+")


class SmtpNotifier:
    """Sends letters as plain text and as the same text in HTML."""

    def __init__(self, mailer: Mailer, clinic_time: ClinicTime) -> None:
        self._mailer = mailer
        self._clinic_time = clinic_time

    async def send(self, dispatch: Dispatch, now: datetime, attachments: Sequence[Attachment] = ()) -> None:
        """Raises LetterRefused, LetterPostponed."""
        wording = dispatch.wording
        letter = Letter(
            message_id=dispatch.message_id,
            to=dispatch.recipient,
            subject=wording.subject,
            text=wording.text,
            html=as_html(wording.text, wording.language),
            language=cast(Locale, wording.language),
            date=self._clinic_time.shown(now),
            attachments=attachments,
        )
        await self._mailer.send(letter)


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
