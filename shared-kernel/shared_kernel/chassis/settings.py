"""What every service is told by its environment; each service adds its own names (see `.env.example`)."""

from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import kebab

Locale = Literal["en", "es"]


class ServiceSettings(BaseSettings):
    """Names are the upper-case field names. Times are in seconds."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    app_env: Literal["production", "test"] = "production"
    database_url: str
    redis_url: str = "redis://127.0.0.1:6379/0"
    identity_url: str = "http://127.0.0.1:8001"
    service_secret: SecretStr = SecretStr("")
    jwt_issuer: str = "clinic"
    jwt_audience: str = "clinic-api"
    default_locale: Locale = "es"
    clinic_timezone: str = "Europe/Madrid"
    audit_trail_enabled: bool = True
    otel_exporter_otlp_endpoint: str | None = None
    request_timeout: float = Field(default=20.0, gt=0)

    def is_audited(self, entity: str) -> bool:
        """Whether the audit trail keeps what is changed of such a thing (`ClinicalRecord`): told by
        AUDIT_TRAIL_ENABLED of all, by AUDIT_TRAIL_CLINICAL_RECORD_ENABLED of those."""
        of_entity = f"audit_trail_{kebab(entity).replace('-', '_')}_enabled"
        return self.audit_trail_enabled and getattr(self, of_entity, True)

    @field_validator("clinic_timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name} is no time zone of the IANA database")
        return name

    @property
    def clinic_time(self) -> ClinicTime:
        """The clinic's zone as the word the domain speaks."""
        return ClinicTime(ZoneInfo(self.clinic_timezone))
