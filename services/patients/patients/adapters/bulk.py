"""Registers many people in one transaction, with all that registering them one by one would leave behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from patients.adapters.search_index import index_patients
from patients.adapters.sql import SqlWork, patient_row, record_row
from patients.adapters.tables import patient_numbers, patients, records
from patients.domain.clinical_record import ClinicalRecord, Findings
from patients.domain.patient import ClinicalBackground, Particulars, Patient
from patients.domain.search import index_card
from shared_kernel.chassis.upsert import upsert

_SQLITE_CACHE = -262_144  # KiB
_SQLITE_CHECKPOINT = 65_536  # pages


@dataclass(frozen=True)
class Newcomer:
    """Somebody to register as of `registered_at`, and what was found in the sessions since."""

    particulars: Particulars
    background: ClinicalBackground
    sessions: Sequence[Findings]
    registered_at: datetime


async def register_all(
    work: SqlWork,
    count: int,
    newcomers: Callable[[range], Sequence[Newcomer]],
    author: tuple[str, str],
    today: date,
) -> None:
    """Register `count` people and commit. `newcomers` is told the short numbers they will have; `author`
    (id, name) wrote the records. Raises EmailTaken, Invalid."""
    await _take_room(work)
    numbers = await _next_numbers(work, count)
    arrived = newcomers(numbers)
    registered = [
        Patient.register(number, new.particulars, new.background, new.registered_at, today)
        for number, new in zip(numbers, arrived, strict=True)
    ]
    await work.insert_all(patients, [(patient, patient_row(patient)) for patient in registered])
    await index_patients(work.connection, [index_card(p.number, p.particulars) for p in registered])
    written = [
        ClinicalRecord.write(patient.id, visit, findings, author, work.now, today)
        for patient, new in zip(registered, arrived, strict=True)
        for visit, findings in enumerate(new.sessions, 1)
    ]
    await work.insert_all(records, [(record, record_row(record)) for record in written])
    await work.commit()


async def _next_numbers(work: SqlWork, count: int) -> range:
    """That many short numbers without a hole; the counter row stays locked until the commit."""
    first, further = {"id": 1, "last": count}, {"last": patient_numbers.c.last + count}
    await upsert(work.connection, patient_numbers, ["id"], first, further)
    last = int((await work.connection.execute(select(patient_numbers.c.last))).scalar_one())
    return range(last - count + 1, last + 1)


async def _take_room(work: SqlWork) -> None:
    """SQLite's usual 2 MB of cache would write and read the same index pages again and again."""
    if work.connection.dialect.name == "sqlite":
        await work.connection.exec_driver_sql(f"PRAGMA cache_size={_SQLITE_CACHE}")
        await work.connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={_SQLITE_CHECKPOINT}")
