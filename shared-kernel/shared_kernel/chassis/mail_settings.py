"""What the environment says of letters, to every service that writes some."""

from datetime import timedelta
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared_kernel.chassis.mailer import Mailer, MailServer, sender_address
from shared_kernel.chassis.notifier import SmtpNotifier
from shared_kernel.chassis.settings import ServiceSettings


class MailSettings(ServiceSettings):
    """The environment of a service that writes letters, and how the clinic is called in them."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)  # the mail server's address has a password

    mailer_url: SecretStr = SecretStr("")
    mail_from: str = ""
    mail_timeout: float = Field(default=20, gt=0)
    app_title: str = "Clinic"
    company_name: str = ""
    company_phone: str = ""

    @model_validator(mode="after")
    def _sound_mail(self) -> Self:
        if self.mail_server:
            try:
                sender_address(self.mail_from)
            except ValueError as error:
                raise ValueError(f"MAIL_FROM: {error}; it must be given with MAILER_URL") from error
        return self

    @property
    def mail_server(self) -> MailServer | None:
        """Where mail is handed in. Raises ValueError."""
        url = self.mailer_url.get_secret_value()
        try:
            return MailServer.parse(url) if url else None
        except ValueError as error:
            raise ValueError(f"MAILER_URL: {error}") from error

    @property
    def mail_domain(self) -> str:
        """The name under which Message-IDs are made."""
        return sender_address(self.mail_from).domain if self.mail_server else "localhost"

    @property
    def mail_lease(self) -> timedelta:
        """A lease outlives the attempt, and what is written down before and after it."""
        return timedelta(seconds=2 * self.mail_timeout + 5)

    @property
    def clinic_name(self) -> str:
        """How the clinic is called in letters."""
        return self.company_name or self.app_title

    @property
    def notifier(self) -> SmtpNotifier | None:
        """None where no mail server is configured."""
        server = self.mail_server
        if server is None:
            return None
        return SmtpNotifier(Mailer(server, self.mail_from, self.mail_timeout), self.clinic_time)
