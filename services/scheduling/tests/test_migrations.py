"""The schema goes up, down and up again, and is then what the adapters believe it to be; nothing is lost."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import column, insert, select, table

from scheduling.adapters.tables import attendees, metadata
from scheduling.main import MIGRATIONS
from scheduling.subscribers import keep_attendee
from shared_kernel.chassis.consumer import Consumer, Page
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_store import GENESIS
from shared_kernel.chassis.schema import migrate
from shared_kernel.chassis.subscription import Subscription
from shared_kernel.chassis.tables import checkpoints, dead_letters
from testkit.migrations import expect_up_down_and_up

MARIA = "0190a000000070008000000000000001"
NOW = "2026-01-05 10:00:00.000000"


async def test_the_schema_goes_up_down_and_up_and_equals_the_tables(database_url: str) -> None:
    await expect_up_down_and_up(database_url, MIGRATIONS, metadata)


async def test_the_last_word_about_each_patient_is_heard_again_for_her_e_mail_and_no_older_one(
    database_url: str, maria: dict[str, Any]
) -> None:
    database = Database(database_url)
    for version in ("chassis_0001", "scheduling_0003"):
        await migrate(database, MIGRATIONS, to=version)
    known = {"id": MARIA, "full_name": "María Núñez", "status": "active", "version": 2}
    await write(database, "attendees", known)
    for source in ("patients", "identity"):
        await write(database, "checkpoints", {"source": source, "seq": 2, "hash": "b" * 64})
        letter = {"name": "x", "envelope": "{}", "reason": "x", "parked_at": NOW, "aggregate_id": MARIA}
        await write(database, "dead_letters", letter | {"source": source, "seq": 1})
    await migrate(database, MIGRATIONS)
    async with database.reading() as connection:
        kept = (await connection.execute(select(attendees))).mappings().one()
        heard = (await connection.execute(select(checkpoints.c.source, checkpoints.c.seq))).all()
        parked = (await connection.execute(select(dead_letters.c.source))).scalars().all()
    assert (kept["full_name"], kept["email"], kept["email_reminders"]) == ("María Núñez", None, False)
    assert (sorted(heard), parked) == ([("identity", 2), ("patients", 0)], ["identity"])

    asked = {"email": "maria@example.com", "emailReminders": True, "language": "en"}
    log = [
        event(1, maria | {"fullName": "María Muñoz"}),
        event(2, maria | asked | {"fullName": "María Núñez"}),
    ]
    names: list[str] = []
    consumer = Consumer(subscription(names), database, owner_of(log))
    await consumer.catch_up()
    async with database.reading() as connection:
        kept = (await connection.execute(select(attendees))).mappings().one()
    await database.close()
    assert names == ["María Núñez", "María Núñez"], "she was never shown under her old name again"
    assert (kept["email"], kept["language"], kept["email_reminders"]) == ("maria@example.com", "en", True)
    assert kept["version"] == 2


def subscription(names: list[str]) -> Subscription:
    """Notes under which name she is known after each event."""

    async def heard(connection: Any, event: Any) -> None:
        await keep_attendee(connection, event)
        names.append((await connection.execute(select(attendees.c.full_name))).scalar_one())

    async def forget(connection: Any) -> None:
        raise AssertionError("it is the same history")

    return Subscription("patients", {"patients.patient-changed.v1": heard}, forget)


def owner_of(log: list[dict[str, Any]]) -> Callable[[str, int, int], Awaitable[Page]]:
    async def pull(source: str, after: int, limit: int) -> Page:
        return Page(len(log), log[after - 1]["hash"] if after else GENESIS, log[after : after + limit])

    return pull


def event(seq: int, face: dict[str, Any]) -> dict[str, Any]:
    return {
        "seq": seq,
        "name": "patients.patient-changed.v1",
        "aggregate": {"id": MARIA, "version": seq},
        "payload": face,
        "correlationId": None,
        "traceparent": None,
        "previousHash": GENESIS if seq == 1 else f"{seq - 1:064}",
        "hash": f"{seq:064}",
    }


async def write(database: Database, name: str, row: dict[str, Any]) -> None:
    """Into the table as it was then, which may have had fewer columns than now."""
    then = table(name, *(column(field) for field in row))
    async with database.writing() as connection:
        await connection.execute(insert(then).values(row))
        await connection.commit()
