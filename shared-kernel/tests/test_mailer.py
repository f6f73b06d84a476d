"""Letters arrive as they were written, or it is known whether to try again."""

import ipaddress
import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared_kernel.chassis.mailer import Letter, Mailer, MailServer
from shared_kernel.dispatch import Attachment, LetterPostponed, LetterRefused
from testkit.mailbox import HANG_UP, Mailbox
from testkit.servers import LOOPBACK, free_port

SENDER = "Clínica Peña <citas@clinica.example>"
LETTER = Letter(
    message_id="<0190a000@clinica.example>",
    to="maria@example.com",
    subject="Recordatorio: cita el miércoles, 25 de noviembre",
    text="Hola:\n\nLe esperamos a las 10:00.\n\nhttps://clinica.example/visit/" + "a" * 96 + "\n",
    html="<p>Le esperamos a las <b>10:00</b>.</p>",
    language="es",
    date=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox().open() as mailbox:
        yield mailbox


def mailer(url: str, seconds: float = 10.0, sender: str = SENDER) -> Mailer:
    return Mailer(MailServer.parse(url), sender, seconds)


async def test_a_letter_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    await mailer(mailbox.url).send(LETTER)
    (letter,), (envelope,) = mailbox.letters, mailbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("citas@clinica.example", ["maria@example.com"])
    headers = {name.lower(): str(value) for name, value in letter.items()}
    assert headers["from"] == SENDER
    assert headers["to"] == "maria@example.com"
    assert headers["subject"] == LETTER.subject
    assert headers["message-id"] == LETTER.message_id
    assert headers["date"] == "Mon, 23 Nov 2026 09:30:00 +0000"
    assert headers["auto-submitted"] == "auto-generated"
    assert headers["content-language"] == "es"
    assert "list-unsubscribe" not in headers, "there is nothing to unsubscribe from by itself"
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html
    assert plain.get_content_charset() == html.get_content_charset() == "utf-8"


async def test_a_document_goes_with_a_letter_that_is_read_as_without(mailbox: Mailbox) -> None:
    document = Attachment("invoice-2026000001.pdf", "application/pdf", bytes(range(256)) * 1000)
    await mailer(mailbox.url).send(replace(LETTER, attachments=[document]))
    (letter,) = mailbox.letters
    (attached,) = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == (document.name, document.media_type)
    assert attached.get_content() == document.content
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html
    assert letter["Content-Language"] == "es"


@pytest.mark.parametrize(
    ("written", "sent_to"),
    [
        ("josé.ñ@example.com", "josé.ñ@example.com"),
        ("maria@peña.example", "maria@xn--pea-8ma.example"),
        ("o'neill+clinic@example.com", "o'neill+clinic@example.com"),
        ("a,b@example.com", '"a,b"@example.com'),
    ],
)
async def test_an_address_is_one_address_whatever_is_in_it(
    mailbox: Mailbox, written: str, sent_to: str
) -> None:
    await mailer(mailbox.url).send(replace(LETTER, to=written))
    assert mailbox.envelopes[0].rcpt_tos == [sent_to]
    assert len(mailbox.letters[0]["To"].addresses) == 1


@pytest.mark.parametrize(
    "written",
    ["nobody", "@example.com", "a@", "a@b c.example", "a@<b>.example", "a@b.example\nBcc: x@y.example"],
)
async def test_what_is_no_address_is_refused_before_anybody_is_asked(mailbox: Mailbox, written: str) -> None:
    with pytest.raises(LetterRefused):
        await mailer(mailbox.url).send(replace(LETTER, to=written))
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.1.1 No such user", LetterRefused),
        ("552 5.2.2 Mailbox full", LetterRefused),
        ("450 4.2.1 Greylisted", LetterPostponed),
    ],
)
async def test_a_refusal_is_for_ever_or_for_now_as_its_code_says(
    mailbox: Mailbox, answer: str, kind: type[Exception]
) -> None:
    mailbox.unknown["maria@example.com"] = answer
    with pytest.raises(kind, match=answer):
        await mailer(mailbox.url).send(LETTER)
    mailbox.unknown.clear()
    mailbox.answers = [answer]
    with pytest.raises(kind, match=answer):
        await mailer(mailbox.url).send(LETTER)
    await mailer(mailbox.url).send(LETTER)
    assert mailbox.message_ids() == [LETTER.message_id]


async def test_a_server_that_is_away_is_away_for_now() -> None:
    with pytest.raises(LetterPostponed):
        await mailer(f"smtp://{LOOPBACK}:{free_port()}").send(LETTER)


async def test_who_does_not_hear_that_a_letter_was_taken_sends_the_same_again(mailbox: Mailbox) -> None:
    mailbox.answers = [HANG_UP]
    with pytest.raises(LetterPostponed):
        await mailer(mailbox.url).send(LETTER)
    await mailer(mailbox.url).send(LETTER)
    assert mailbox.message_ids() == [LETTER.message_id] * 2


async def test_a_wrong_password_says_nothing_about_the_letter() -> None:
    def authenticate(*_: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        return AuthResult(success=False, handled=False)

    box = Mailbox(authenticator=authenticate, auth_require_tls=False)
    with box.open(), pytest.raises(LetterPostponed, match="535"):
        await mailer(f"smtp://clinic:wrong@{LOOPBACK}:{box.port}?starttls=false").send(LETTER)


async def test_a_password_is_not_sent_in_the_clear(mailbox: Mailbox) -> None:
    url = f"smtp://clinic:secret@{LOOPBACK}:{mailbox.port}"
    with pytest.raises(LetterPostponed):
        await mailer(url).send(LETTER)
    assert mailbox.letters == []


async def test_letters_go_encrypted_when_the_address_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    begun, whole = Mailbox(require_starttls=True), Mailbox(tls=context)
    begun._options["tls_context"] = context
    with begun.open(), whole.open():
        await mailer(f"smtp://localhost:{begun.port}?starttls=true").send(LETTER)
        await mailer(f"smtp://localhost:{begun.port}").send(LETTER)
        await mailer(f"smtps://localhost:{whole.port}").send(LETTER)
    monkeypatch.delenv("SSL_CERT_FILE")
    with whole.open(), pytest.raises(LetterPostponed):
        await mailer(f"smtps://localhost:{whole.port}").send(LETTER)
    assert (len(begun.letters), len(whole.letters)) == (2, 1)


async def test_nothing_of_a_letter_is_logged(mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await mailer(mailbox.url).send(LETTER)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail")]
    assert not any("maria@" in line or "visit" in line for line in ours)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smtp://",
        "http://mail.example",
        "mail.example:25",
        "smtp://mail.example:99999",
        "smtp://mail.example?starttls=true&x=1",
        "smtp://mail.example/path",
    ],
)
def test_what_is_no_mail_server_is_said_at_once(url: str) -> None:
    with pytest.raises(ValueError, match=r"smtp|[Pp]ort"):
        MailServer.parse(url)


def test_a_mail_server_is_read_with_what_is_usual_left_out() -> None:
    def read(url: str) -> tuple[object, ...]:
        server = MailServer.parse(url)
        return server.host, server.port, server.password, server.tls, server.starttls

    assert read("smtp://mailpit:1025") == ("mailpit", 1025, None, False, None)
    assert read("smtps://u:p%40ss@mail.example") == ("mail.example", 465, "p@ss", True, False)
    assert read("smtp://u:p@mail.example:587") == ("mail.example", 587, "p", False, True)
    assert read("smtp://u:p@mail.example?starttls=false") == ("mail.example", 25, "p", False, False)
    with pytest.raises(ValueError, match="address"):
        mailer("smtp://mail.example", sender="nobody")


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate for localhost that nobody but this test trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(LOOPBACK))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
