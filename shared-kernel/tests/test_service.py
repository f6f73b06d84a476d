"""What every service does by itself while it runs."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from shared_kernel.chassis.database import Database
from shared_kernel.chassis.service import Chassis, ended
from shared_kernel.chassis.settings import ServiceSettings
from shared_kernel.chassis.tables import idempotency_keys
from testkit.service import NOBODY_LISTENS
from testkit.waiting import eventually


async def test_answers_kept_for_repeated_requests_are_forgotten_after_two_days(database: Database) -> None:
    now = datetime.now(UTC)
    kept = {"old": now - timedelta(days=3), "young": now - timedelta(days=1)}
    async with database.writing() as connection:
        for key, made in kept.items():
            row = {"actor_id": "ana", "key": key, "fingerprint": "0" * 64, "created_at": made}
            await connection.execute(insert(idempotency_keys).values(row))
        await connection.commit()

    async def keys() -> list[str]:
        async with database.reading() as connection:
            return list((await connection.execute(select(idempotency_keys.c.key))).scalars())

    async def only_the_young_one() -> bool:
        return await keys() == ["young"]

    url = database.url.render_as_string(hide_password=False)
    chassis = Chassis("things", ServiceSettings(database_url=url, redis_url=NOBODY_LISTENS))
    app = chassis.app([], {})
    async with app.router.lifespan_context(app):
        await eventually(only_the_young_one, "the old key is gone")


async def test_a_task_that_did_not_hear_that_it_is_to_end_is_told_again() -> None:
    async def hard_of_hearing() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = asyncio.create_task(hard_of_hearing())
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        await ended([task])
    assert task.cancelled()
