"""The waiting list, in MariaDB or SQLite."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scheduling.adapters.tables import waiting_entries
from scheduling.domain.waiting import (
    WaitingEntry,
    WaitingEntryNotFound,
    WaitingStatus,
    Wish,
    names_of,
    since_midnight,
)
from scheduling.domain.week_grid import WEEKDAYS, clock
from shared_kernel.chassis.unit_of_work import UnitOfWork


def wish_in(row: Mapping[Any, Any]) -> Wish:
    """The wish of a row of `waiting_entries`."""
    return Wish(
        patient_id=row["patient_id"],
        practitioner_id=row["practitioner_id"],
        weekdays=frozenset(WEEKDAYS.index(weekday) for weekday in row["weekdays"].split(",")),
        starts=since_midnight(row["from"], "from"),
        ends=since_midnight(row["to"], "to"),
        minutes=row["minutes"],
        until=row["until"],
        notes=row["notes"],
    )


class SqlWaitingList:
    """The waiting list in one table, with who waits no more."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def get(self, id: UUID) -> WaitingEntry:  # noqa: A002
        """Raises WaitingEntryNotFound."""
        row = await self._work.load(waiting_entries, id)
        if row is None:
            raise WaitingEntryNotFound
        return _entry(row)

    async def of_patient(self, patient_id: UUID) -> Sequence[WaitingEntry]:
        """All entries of a patient."""
        found = await self._work.connection.execute(
            select(waiting_entries).where(waiting_entries.c.patient_id == patient_id)
        )
        rows = found.mappings().all()
        self._work.seen(rows)
        return [_entry(row) for row in rows]

    async def add(self, entry: WaitingEntry) -> None:
        """Keep a new one."""
        await self._work.insert(waiting_entries, entry, _row(entry))

    async def save(self, entry: WaitingEntry) -> None:
        """Raises Stale."""
        await self._work.update(waiting_entries, entry, _row(entry))

    async def forget(self, entry: WaitingEntry) -> None:
        """Raises Stale."""
        await self._work.update(waiting_entries, entry, _row(entry), forgotten=("notes",))


def _entry(row: Mapping[Any, Any]) -> WaitingEntry:
    return WaitingEntry(
        id=row["id"],
        version=row["version"],
        wish=wish_in(row),
        status=WaitingStatus(row["status"]),
        appointment_id=row["appointment_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _row(entry: WaitingEntry) -> dict[str, Any]:
    wish = entry.wish
    return {
        "patient_id": wish.patient_id,
        "practitioner_id": wish.practitioner_id,
        "weekdays": ",".join(names_of(wish.weekdays)),
        "from": clock(wish.starts),
        "to": clock(wish.ends),
        "minutes": wish.minutes,
        "until": wish.until,
        "notes": wish.notes,
        "status": entry.status.value,
        "appointment_id": entry.appointment_id,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
    }
