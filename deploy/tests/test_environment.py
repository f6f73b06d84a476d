"""Every name that the clinic listens to is explained in `.env.example`, and compose passes it on."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from billing.main import BillingSettings
from gateway.settings import Settings as GatewaySettings
from identity.main import IdentitySettings
from patients.main import PatientsSettings
from scheduling.main import SchedulingSettings
from testkit.clinic import ROOT

SETTINGS: dict[str, type[BaseSettings]] = {
    "identity": IdentitySettings,
    "patients": PatientsSettings,
    "scheduling": SchedulingSettings,
    "billing": BillingSettings,
    "gateway": GatewaySettings,
}
OF_THE_IMAGE_AND_OF_FIRST_ADMIN = {"SPA_DIR", "ADMIN_EMAIL", "ADMIN_PASSWORD"}
OF_OTHER_PROGRAMS = {"FORWARDED_ALLOW_IPS", "MARIADB_AUTO_UPGRADE", "REDISCLI_AUTH"}

EXPLAINED = set(re.findall(r"^# ([A-Z_0-9]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
COMPOSE_FILE = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_FILE)["services"]


def _names(settings: type[BaseSettings]) -> Iterator[str]:
    for name, field in settings.model_fields.items():
        yield str(field.validation_alias or name).upper()


@pytest.mark.parametrize("context", SETTINGS)
def test_every_setting_is_explained(context: str) -> None:
    assert set(_names(SETTINGS[context])) - EXPLAINED == set()


@pytest.mark.parametrize("context", SETTINGS)
def test_compose_passes_every_setting_on(context: str) -> None:
    passed_on = set(COMPOSE[context]["environment"])
    assert set(_names(SETTINGS[context])) - OF_THE_IMAGE_AND_OF_FIRST_ADMIN - passed_on == set()


def test_every_name_in_compose_is_explained() -> None:
    passed_on = {name for part in COMPOSE.values() for name in part.get("environment", ())}
    asked_for = set(re.findall(r"\$\{(\w+)", COMPOSE_FILE))
    assert (passed_on | asked_for) - EXPLAINED == OF_OTHER_PROGRAMS


def test_no_secret_has_a_default() -> None:
    secrets = [name for name in EXPLAINED if re.search("PASSWORD$|SECRET$|PASSPHRASE$|TOKEN$", name)]
    assert all(f"\n# {name}=  #" in (ROOT / ".env.example").read_text() for name in secrets)
    assert not re.findall(r"\$\{\w*(?:PASSWORD|SECRET|PASSPHRASE|TOKEN):-", COMPOSE_FILE)


def test_what_scales_has_neither_a_fixed_name_nor_a_port_of_the_host() -> None:
    for context in SETTINGS:
        assert not {"container_name", "ports"} & set(COMPOSE[context])
