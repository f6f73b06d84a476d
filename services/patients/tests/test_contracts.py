"""What patients says fits the contracts it gave."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from patients.domain.clinical_record import (
    ClinicalRecord,
    ClinicalRecordCorrected,
    ClinicalRecordWritten,
    Findings,
)
from patients.domain.patient import (
    ClinicalBackground,
    Language,
    Particulars,
    Patient,
    PatientChanged,
    PatientErased,
    PatientRegistered,
    PatientRenamed,
)
from testkit.contracts import expect_contracts_of, expect_in_contract

SAID = (
    PatientRegistered,
    PatientRenamed,
    PatientChanged,
    PatientErased,
    ClinicalRecordWritten,
    ClinicalRecordCorrected,
)

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
    email_reminders=True,
    language=Language.SPANISH,
)
BACKGROUND = ClinicalBackground(allergies="Látex", medication="Sintrom")


def test_every_event_has_a_contract_and_every_contract_an_event() -> None:
    expect_contracts_of("patients", SAID)


@pytest.mark.parametrize("particulars", [BARE, FULL], ids=["bare", "full"])
def test_what_is_said_of_a_patient_fits_and_is_not_clinical(particulars: Particulars) -> None:
    patient = Patient.register(1, particulars, BACKGROUND, NOW, TODAY)
    patient.change(BARE, BACKGROUND, NOW, TODAY)
    patient.change(FULL, BACKGROUND, NOW, TODAY)
    patient.change(FULL, ClinicalBackground(), NOW, TODAY)
    events = patient.told()
    assert {type(event) for event in events} == {PatientRegistered, PatientRenamed, PatientChanged}
    for event in events:
        expect_in_contract("patients", event)
        assert not {"Látex", "Sintrom", "Prefiere las tardes"}.intersection(map(str, event.face.values()))


@pytest.mark.parametrize("documented", [False, True])
def test_what_is_said_of_an_erasure_fits_and_is_not_personal(documented: bool) -> None:
    patient = Patient.register(1, FULL, BACKGROUND, NOW, TODAY)
    patient.told()
    patient.erase("Lo pide por escrito", documented=documented, now=NOW)
    (event,) = patient.told()
    expect_in_contract("patients", event)
    assert set(event.face) == {"number", "erasedAt"}


def test_what_is_said_of_a_record_fits_and_is_not_clinical() -> None:
    findings = Findings(date=TODAY, physiotherapy_treatment="Masaje", evolution="Mejora")
    record = ClinicalRecord.write(UUID(int=1), 3, findings, ("ana", "Ana Ruiz"), NOW, TODAY)
    (event,) = record.told()
    expect_in_contract("patients", event)
    assert set(event.face) == {"patientId", "number", "date"}
    corrected = record.corrected(findings, "Era la otra pierna", ("eva", "Eva Gil"), NOW, TODAY)
    (correction,) = corrected.told()
    expect_in_contract("patients", correction)
    assert set(correction.face) == {"patientId", "number", "date", "revision", "replacesId"}
