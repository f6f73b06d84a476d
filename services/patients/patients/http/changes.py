"""Being shown what was changed of a patient's file is opening it: the access log says so."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from patients.adapters.access_log import AccessLog
from patients.domain.access import Access, Opened
from patients.domain.clinical_record import ClinicalRecord
from patients.domain.patient import BACKGROUND_FIELDS, Patient
from patients.queries.records import patients_of
from shared_kernel.chassis.audit import Shown
from shared_kernel.chassis.calls import Call
from shared_kernel.chassis.database import Database


def note_clinical_changes(database: Database, accesses: AccessLog) -> Shown:
    """To be told of every page of the audit trail that an administrator is about to be shown."""

    async def note(call: Call, changes: Sequence[Mapping[str, Any]]) -> None:
        written = [row["entity_id"] for row in changes if row["entity_type"] == ClinicalRecord.__name__]
        opened = {Access(row["entity_id"], Opened.CHANGES) for row in changes if _is_clinical(row)}
        if written:
            async with database.reading() as connection:
                owners = await patients_of(connection, written)
            opened |= {Access(owner, Opened.CHANGES, record) for record, owner in owners.items()}
        await asyncio.gather(*(accesses.note(call, access) for access in opened))

    return note


def _is_clinical(row: Mapping[str, Any]) -> bool:
    fields = orjson.loads(row["changes"])
    return row["entity_type"] == Patient.__name__ and not fields.keys().isdisjoint(BACKGROUND_FIELDS)
