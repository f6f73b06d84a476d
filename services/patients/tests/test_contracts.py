"""What patients says fits the contracts it gave."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator

from patients.domain import (
    ClinicalBackground,
    ClinicalRecord,
    ClinicalRecordWritten,
    Findings,
    Particulars,
    Patient,
    PatientChanged,
    PatientRegistered,
    PatientRenamed,
)
from shared_kernel.aggregate import DomainEvent
from shared_kernel.chassis.event_store import wire_name

CONTRACTS = Path(__file__).parents[3] / "contracts" / "events"
SCHEMAS = sorted(CONTRACTS.glob("patients.*.json"))
SAID = (PatientRegistered, PatientRenamed, PatientChanged, ClinicalRecordWritten)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)

BARE = Particulars(first_name="Iñaki", last_name="Etxeberría")
FULL = Particulars(
    first_name="María José",
    last_name="Muñoz García",
    date_of_birth=date(1985, 2, 28),
    tax_id="12.345.678-z",
    phone="+34 600 11 22 33",
    email="maria@example.com",
    address="Calle de la Peña 3",
    profession="Maestra",
    rate=Decimal("60.00"),
    notes="Prefiere las tardes",
    customer_id=UUID(int=7),
)
BACKGROUND = ClinicalBackground(allergies="Látex", medication="Sintrom")


def schema_of(event: type[DomainEvent]) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((CONTRACTS / f"{wire_name('patients', event)}.json").read_text())
    return schema


def expect_in_contract(event: DomainEvent) -> None:
    validator = Draft202012Validator(
        schema_of(type(event)), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    validator.validate(json.loads(json.dumps(event.face)))


def test_every_event_has_a_contract_and_every_contract_an_event() -> None:
    assert [path.stem for path in SCHEMAS] == sorted(wire_name("patients", event) for event in SAID)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_contract_is_a_schema_whose_examples_fit_it(path: Path) -> None:
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert len(schema["examples"]) >= 2
    for example in schema["examples"]:
        validator.validate(example)
    assert not validator.is_valid({**schema["examples"][0], "surprise": 1})


@pytest.mark.parametrize("particulars", [BARE, FULL], ids=["bare", "full"])
def test_what_is_said_of_a_patient_fits_and_is_not_clinical(particulars: Particulars) -> None:
    patient = Patient.register(1, particulars, BACKGROUND, NOW, TODAY)
    patient.change(BARE, BACKGROUND, NOW, TODAY)
    patient.change(FULL, BACKGROUND, NOW, TODAY)
    patient.change(FULL, ClinicalBackground(), NOW, TODAY)
    events = patient.told()
    assert {type(event) for event in events} == {PatientRegistered, PatientRenamed, PatientChanged}
    for event in events:
        expect_in_contract(event)
        assert not {"Látex", "Sintrom", "Prefiere las tardes"}.intersection(map(str, event.face.values()))


def test_what_is_said_of_a_record_fits_and_is_not_clinical() -> None:
    findings = Findings(date=TODAY, physiotherapy_treatment="Masaje", evolution="Mejora")
    record = ClinicalRecord.write(UUID(int=1), 3, findings, ("ana", "Ana Ruiz"), NOW, TODAY)
    (event,) = record.told()
    expect_in_contract(event)
    assert set(event.face) == {"patientId", "number", "date"}
