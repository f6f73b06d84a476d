"""What the gateway is told by its environment, and what of it the screens may know (see `.env.example`)."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, HttpUrl, IPvAnyNetwork, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from gateway.routes import Destination
from shared_kernel.chassis.language import LOCALES
from shared_kernel.chassis.settings import Locale

BUILT_SCREENS = Path(__file__).resolve().parents[2] / "frontend" / "dist"


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone")
    return name


Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Zone = Annotated[str, AfterValidator(_known_zone)]


class Settings(BaseSettings):
    """Names are the upper-case field names."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    app_env: Literal["production", "test"] = "production"
    identity_url: HttpUrl
    patients_url: HttpUrl
    scheduling_url: HttpUrl
    billing_url: HttpUrl
    jwt_issuer: str = "clinic"
    jwt_audience: str = "clinic-api"
    health_check_token: SecretStr | None = None
    otel_exporter_otlp_endpoint: str | None = None
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    max_in_flight: int = Field(default=256, gt=0)
    spa_dir: Path = BUILT_SCREENS

    app_title: str = "Clinic"
    app_accent_colour: Colour = "#0f766e"
    default_locale: Locale = "es"
    company_name: str = ""
    company_tax_id: str = ""
    company_address_line1: str = ""
    company_address_line2: str = ""
    company_phone: str = ""
    company_email: str = ""
    company_web: str = ""
    clinic_timezone: Zone = "Europe/Madrid"
    default_currency: str = "EUR"
    invoice_prefix: str = "F"
    max_appointment_duration: int = Field(default=10, gt=0)
    default_appointment_duration: int = Field(default=60, gt=0)
    calendar_first_day: int = Field(default=1, ge=0, le=6)
    calendar_slot_duration_minutes: int = Field(default=30, gt=0)
    calendar_scroll_time: str = Field(default="08:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    calendar_narrow_saturday: bool = True
    calendar_narrow_sunday: bool = True
    calendar_weekend_width_percent: int = Field(default=50, gt=0, le=100)
    calendar_colour_gap: Colour = "#f3e5c8"
    calendar_colour_appointment: Colour = "#8a5a3c"
    calendar_colour_other: Colour = "#6b7132"

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _separated_by_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return [ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip()]
        return value

    @property
    def parts(self) -> dict[Destination, str]:
        """Where each part of the clinic answers."""
        return {
            Destination.IDENTITY: str(self.identity_url).rstrip("/"),
            Destination.PATIENTS: str(self.patients_url).rstrip("/"),
            Destination.SCHEDULING: str(self.scheduling_url).rstrip("/"),
            Destination.BILLING: str(self.billing_url).rstrip("/"),
        }

    @property
    def _letterhead(self) -> list[str]:
        """The lines at the head of what the screens print, as on the invoices; the first is the name."""
        lines = (
            (self.company_name or self.app_title,),
            (self.company_address_line1, self.company_address_line2),
            (self.company_tax_id, self.company_phone, self.company_email, self.company_web),
        )
        return [" · ".join(filter(None, line)) for line in lines if any(line)]

    @property
    def for_the_screens(self) -> dict[str, object]:
        """What the page carries to the SPA; everything here is public."""
        return {
            "title": self.app_title,
            "letterhead": self._letterhead,
            "phone": self.company_phone,
            "defaultLocale": self.default_locale,
            "locales": LOCALES,
            "timezone": self.clinic_timezone,
            "currency": self.default_currency,
            "invoicePrefix": self.invoice_prefix,
            "accentColour": self.app_accent_colour,
            "maxAppointmentHours": self.max_appointment_duration,
            "calendar": {
                "firstDay": self.calendar_first_day,
                "slotMinutes": self.calendar_slot_duration_minutes,
                "defaultMinutes": self.default_appointment_duration,
                "scrollTime": self.calendar_scroll_time,
                "narrowSaturday": self.calendar_narrow_saturday,
                "narrowSunday": self.calendar_narrow_sunday,
                "weekendWidthPercent": self.calendar_weekend_width_percent,
                "colours": {
                    "gap": self.calendar_colour_gap,
                    "appointment": self.calendar_colour_appointment,
                    "other": self.calendar_colour_other,
                },
            },
        }
