"""Registers many people in one transaction, with all that registering them one by one would leave behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from patients.adapters.search_index import index_patients
from patients.adapters.sql import SqlWork, patient_row, record_row
from patients.adapters.tables import patients, records
from patients.domain.clinical_record import ClinicalRecord, Findings
from patients.domain.patient import ClinicalBackground, Particulars, Patient
from patients.domain.search import IndexCard, index_card

_SQLITE_CACHE = -262_144  # KiB
_SQLITE_CHECKPOINT = 65_536  # pages


@dataclass(frozen=True)
class Newcomer:
    """Somebody to register as of `registered_at`, and what was found in the sessions since."""

    particulars: Particulars
    background: ClinicalBackground
    sessions: Sequence[Findings]
    registered_at: datetime


@dataclass(frozen=True)
class Crowd:
    """People ready to be registered under these short numbers, as soon as the numbers are theirs."""

    numbers: range
    patients: Sequence[tuple[Patient, dict[str, Any]]]
    records: Sequence[tuple[ClinicalRecord, dict[str, Any]]]
    cards: Sequence[IndexCard]

    @classmethod
    def of(
        cls,
        numbers: range,
        newcomers: Sequence[Newcomer],
        author: tuple[str, str],
        now: datetime,
        today: date,
    ) -> "Crowd":
        """All that needs no database; `author` (id, name) wrote the records. Raises Invalid."""
        registered = [
            Patient.register(number, new.particulars, new.background, new.registered_at, today)
            for number, new in zip(numbers, newcomers, strict=True)
        ]
        written = [
            ClinicalRecord.write(patient.id, visit, findings, author, now, today)
            for patient, new in zip(registered, newcomers, strict=True)
            for visit, findings in enumerate(new.sessions, 1)
        ]
        return cls(
            numbers,
            [(patient, patient_row(patient)) for patient in registered],
            [(record, record_row(record)) for record in written],
            [index_card(patient.number, patient.particulars) for patient in registered],
        )


async def register(work: SqlWork, gathered: Callable[[range], Crowd], count: int) -> range:
    """Register `count` people and commit: `gathered` has them for the numbers that are theirs, which stay
    locked until the commit. Raises EmailTaken."""
    await _take_room(work)
    numbers = await work.patients.next_numbers(count)
    crowd = gathered(numbers)
    await work.insert_all(patients, crowd.patients)
    await index_patients(work.connection, crowd.cards)
    await work.insert_all(records, crowd.records)
    await work.commit()
    return numbers


async def _take_room(work: SqlWork) -> None:
    """SQLite's usual 2 MB of cache would write and read the same index pages again and again."""
    if work.connection.dialect.name == "sqlite":
        await work.connection.exec_driver_sql(f"PRAGMA cache_size={_SQLITE_CACHE}")
        await work.connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={_SQLITE_CHECKPOINT}")
