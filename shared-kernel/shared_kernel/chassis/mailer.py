"""Letters to people outside, by SMTP: soon or not at all, and never said twice by a server's slow goodbye."""

import asyncio
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as STRICT
from email.utils import format_datetime, parseaddr
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from shared_kernel.chassis.settings import Locale
from shared_kernel.dispatch import Attachment, LetterPostponed, LetterRefused

_PORTS = {"smtp": 25, "smtps": 465}
_GOODBYE_SECONDS = 1.0
_STARTTLS = {"true": True, "false": False}
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_PERMANENT = 500
_LONGEST_ANSWER = 300


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed in. `starttls`: True demands it, False goes without, None takes it if
    offered."""

    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool
    starttls: bool | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """`smtp://user:password@host:587?starttls=true` or `smtps://…`. A password is only sent encrypted
        unless `starttls=false` says otherwise. Raises ValueError."""
        parts = urlsplit(url)
        wishes = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        starttls = _STARTTLS.get(wishes.pop("starttls", "").lower())
        if parts.scheme not in _PORTS or not parts.hostname or wishes or parts.path not in ("", "/"):
            raise ValueError("must be like smtp://user:password@host:587?starttls=true or smtps://…")
        tls = parts.scheme == "smtps"
        if starttls is None and parts.password and not tls:
            starttls = True
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
            starttls=False if tls else starttls,
        )


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is sent. The same `message_id` (`<…@…>`) makes two copies one for whoever receives both."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    language: Locale
    date: datetime
    attachments: Sequence[Attachment] = ()


class Mailer:
    """Hands letters of one sender in at one server, each in at most `seconds`. Nothing of them is logged."""

    def __init__(self, server: MailServer, sender: str, seconds: float) -> None:
        self._server = server
        self._sender = sender_address(sender)
        self._seconds = seconds
        self._tls = ssl.create_default_context()  # loading the machine's certificates takes long: once

    async def send(self, letter: Letter) -> None:
        """Returns once the server has taken it. Raises LetterRefused, LetterPostponed."""
        message, recipient = self._message(letter)
        client = self._client()
        try:
            async with asyncio.timeout(self._seconds):
                await _connected(client)
                await _handed_in(client, message, self._sender.addr_spec, recipient)
        except (TimeoutError, OSError) as error:
            raise LetterPostponed(type(error).__name__) from error
        finally:
            await _say_goodbye(client)

    def _client(self) -> SMTP:
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.username,
            password=self._server.password,
            local_hostname=self._sender.domain,
            timeout=self._seconds,
            use_tls=self._server.tls,
            start_tls=self._server.starttls,
            tls_context=self._tls,
        )

    def _message(self, letter: Letter) -> tuple[EmailMessage, str]:
        message = EmailMessage(policy=STRICT)
        try:
            to = _address("", letter.to)
            message["From"] = self._sender
            message["To"] = to
            message["Subject"] = letter.subject
        except ValueError as error:
            raise LetterRefused("not an address that mail can be sent to") from error
        message["Date"] = format_datetime(letter.date)
        message["Message-ID"] = letter.message_id
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        for document in letter.attachments:
            maintype, _, subtype = document.media_type.partition("/")
            message.add_attachment(
                document.content, maintype=maintype, subtype=subtype, filename=document.name
            )
        message["Content-Language"] = letter.language  # now, or it would become that of the text alone
        return message, to.addr_spec


def sender_address(sender: str) -> Address:
    """`Clínica Sol <citas@clinica.es>` or the address alone. Raises ValueError."""
    name, address = parseaddr(sender)
    return _address(name, address)


def _address(name: str, address: str) -> Address:
    """The part before the @ is taken as written, and quoted where it must be; the domain by its IDNA name."""
    local, _, domain = address.rpartition("@")
    domain = domain.encode("idna").decode() if domain else ""
    if not local or not _HOST.fullmatch(domain):
        raise ValueError("not an e-mail address")
    return Address(display_name=name, username=local, domain=domain)


async def _connected(client: SMTP) -> None:
    """What goes wrong here is about the server or our name there, and says nothing about the letter."""
    try:
        await client.connect()
    except SMTPException as error:
        raise LetterPostponed(_said(error)) from error


async def _handed_in(client: SMTP, message: EmailMessage, sender: str, recipient: str) -> None:
    try:
        await client.send_message(message, sender=sender, recipients=[recipient])
    except SMTPRecipientsRefused as error:
        raise _refusal(error.recipients[0]) from error
    except SMTPDataError as error:
        raise _refusal(error) from error
    except (SMTPNotSupported, ValueError) as error:
        raise LetterRefused("not an address that this server can send to") from error
    except SMTPException as error:
        raise LetterPostponed(_said(error)) from error


def _refusal(error: SMTPResponseException) -> Exception:
    """5yz is for good (RFC 5321 §4.2.1): nobody lives there, or the server does not want it."""
    kind = LetterRefused if error.code >= _PERMANENT else LetterPostponed
    return kind(_said(error))


def _said(error: SMTPException) -> str:
    """What the server answered, on one line; without an answer, what happened."""
    if not isinstance(error, SMTPResponseException):
        return type(error).__name__
    answer = "".join(c if c.isprintable() else " " for c in f"{error.code} {error.message}")
    return answer[:_LONGEST_ANSWER]


async def _say_goodbye(client: SMTP) -> None:
    """The letter has been taken or refused: how the parting goes is of no consequence."""
    with suppress(SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(_GOODBYE_SECONDS):
            await client.quit()
    client.close()
