"""A clinical record is a legal document: what is written stays, and a correction takes its place."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from patients.domain.clinical_record import ClinicalRecord, Correction, Findings
from shared_kernel.errors import Invalid

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
FINDINGS = Findings(date=TODAY, physiotherapy_treatment="Masaje")
ANA, EVA = ("ana", "Ana Ruiz"), ("eva", "Eva Gil")


def written() -> ClinicalRecord:
    return ClinicalRecord.write(UUID(int=1), 3, FINDINGS, ANA, NOW, TODAY)


def test_a_correction_is_the_next_version_under_the_same_number_by_who_made_it() -> None:
    record = written()
    later = NOW + timedelta(days=1)
    correction = record.corrected(replace(FINDINGS, evolution="Mejora"), "Faltaba", EVA, later, TODAY)
    assert (correction.patient_id, correction.number, correction.revision) == (record.patient_id, 3, 2)
    assert correction.correction == Correction(record.id, "Faltaba")
    assert (correction.author_id, correction.author_name, correction.created_at) == (*EVA, later)
    assert correction.id != record.id


def test_what_was_corrected_stays_as_it_was_written() -> None:
    record = written()
    record.told()
    record.corrected(replace(FINDINGS, physiotherapy_treatment="Otra cosa"), "Error", EVA, NOW, TODAY)
    assert (record.findings, record.revision, record.correction, record.author_id) == (
        FINDINGS,
        1,
        None,
        "ana",
    )
    assert record.told() == []


def test_a_correction_can_be_corrected() -> None:
    second = written().corrected(FINDINGS, "Error", EVA, NOW, TODAY)
    third = second.corrected(FINDINGS, "Otro error", ANA, NOW, TODAY)
    assert (third.revision, third.correction) == (3, Correction(second.id, "Otro error"))


def test_neither_a_record_nor_its_correction_is_of_the_future() -> None:
    tomorrow = replace(FINDINGS, date=TODAY + timedelta(days=1))
    with pytest.raises(Invalid):
        ClinicalRecord.write(UUID(int=1), 1, tomorrow, ANA, NOW, TODAY)
    with pytest.raises(Invalid):
        written().corrected(tomorrow, "Error", ANA, NOW, TODAY)
