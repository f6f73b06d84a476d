"""A real SMTP server that keeps the letters it is given, and refuses, loses or forgets to answer when
told."""

import asyncio
import ssl
import threading
from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from testkit.servers import LOOPBACK, free_port

_LONGEST_WAIT_SECONDS = 30
TAKEN = "250 OK"
HANG_UP = "hang up"
"""As an answer: the letter is kept, and the connection breaks before the sender hears of it."""


class Mailbox:
    """`answers` are given, one each, to the letters that come next; then every letter is taken. While it is
    not `attentive`, who hands in a letter waits."""

    def __init__(self, tls: ssl.SSLContext | None = None, **options: Any) -> None:
        self.port = free_port()
        self.url = f"smtp://{LOOPBACK}:{self.port}"
        self.letters: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.unknown: dict[str, str] = {}
        self.answers: list[str] = []
        self.attentive = threading.Event()
        self.attentive.set()
        self._tls = tls
        self._options = options

    @contextmanager
    def open(self) -> Iterator["Mailbox"]:
        """Answers meanwhile; afterwards the same port is closed, and may be opened again."""
        controller = Controller(
            self,
            hostname=LOOPBACK,
            port=self.port,
            ssl_context=self._tls,
            enable_SMTPUTF8=True,
            **self._options,
        )
        controller.start()
        try:
            yield self
        finally:
            controller.stop()

    def message_ids(self) -> list[str]:
        """Of every letter, in the order in which they came."""
        return [str(letter["Message-ID"]) for letter in self.letters]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """`unknown` addresses are refused with the answer kept for them."""
        if address in self.unknown:
            return self.unknown[address]
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter, unless the next of the `answers` refuses it."""
        await asyncio.to_thread(self.attentive.wait, _LONGEST_WAIT_SECONDS)
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer in (TAKEN, HANG_UP):
            assert isinstance(envelope.content, bytes)
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self.envelopes.append(envelope)
        if answer == HANG_UP:
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
        return answer
