"""Whether a diary is sound, asked of its tables in plain SQL, without what the service itself goes by."""

from collections import Counter

from sqlalchemy import select, text

from scheduling.adapters.tables import appointments, busy_slots
from scheduling.domain.appointment import Status
from scheduling.domain.diary import Span
from shared_kernel.chassis import event_store
from shared_kernel.chassis.database import Database

_SHARED = "one.starts_at < other.ends_at AND other.starts_at < one.ends_at"

_OVERLAPS = f"""
    SELECT count(*) FROM appointments one JOIN appointments other
    ON one.{{person}} = other.{{person}} AND one.id < other.id AND {_SHARED}
    WHERE one.status <> 'cancelled' AND other.status <> 'cancelled'
    AND one.overbook_reason IS NULL AND other.overbook_reason IS NULL
"""
_GAPS_OVER_GAPS = f"""
    SELECT count(*) FROM gaps one JOIN gaps other
    ON one.practitioner_id = other.practitioner_id AND one.id < other.id AND {_SHARED}
"""
_OVER_THE_GAP = f"""
    SELECT other.id FROM appointments other
    WHERE other.practitioner_id = one.practitioner_id AND other.status <> 'cancelled' AND {_SHARED}
"""
_OFFERED_THOUGH_TAKEN = f"""
    SELECT count(*) FROM gaps one WHERE one.consumed_by IS NULL AND EXISTS ({_OVER_THE_GAP})
"""
_CONSUMED_BY_NOTHING_OVER_IT = f"""
    SELECT count(*) FROM gaps one
    WHERE one.consumed_by IS NOT NULL AND one.consumed_by NOT IN ({_OVER_THE_GAP})
"""

QUESTIONS = {
    "two appointments of one practitioner overlap": _OVERLAPS.format(person="practitioner_id"),
    "two appointments of one patient overlap": _OVERLAPS.format(person="patient_id"),
    "two gaps of one practitioner overlap": _GAPS_OVER_GAPS,
    "a gap is on offer under an appointment": _OFFERED_THOUGH_TAKEN,
    "a gap is consumed by what does not lie over it": _CONSUMED_BY_NOTHING_OVER_IT,
}


async def faults(database: Database) -> list[str]:
    """What is wrong with the diary, in words; nothing when it is sound."""
    found = []
    async with database.reading() as connection:
        for wrong, question in QUESTIONS.items():
            if count := (await connection.execute(text(question))).scalar_one():
                found.append(f"{wrong}: {count} times")
        if broken := await event_store.first_broken_link(connection):
            found.append(f"the log is broken at {broken}")
    if difference := await _slots_without_reason(database):
        found.append(f"slots taken by nobody, or free though taken: {difference}")
    return found


async def booked(database: Database) -> int:
    """How many bookings the log tells of."""
    async with database.reading() as connection:
        count = text("SELECT count(*) FROM event_store WHERE name = 'scheduling.appointment-booked.v1'")
        return int((await connection.execute(count)).scalar_one())


async def _slots_without_reason(database: Database) -> int:
    live = appointments.c.status != Status.CANCELLED.value
    async with database.reading() as connection:
        taken = Counter(
            (row.resource, row.slot, row.appointment_id)
            for row in await connection.execute(select(busy_slots))
        )
        claimed = Counter(
            (person, slot, row.id)
            for row in await connection.execute(select(appointments).where(live))
            for person in (row.practitioner_id, row.patient_id)
            if person
            for slot in Span(row.starts_at, row.ends_at).slots()
        )
    return sum(((taken - claimed) + (claimed - taken)).values())
