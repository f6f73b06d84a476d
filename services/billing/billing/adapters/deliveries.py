"""The outbox of invoices sent by e-mail, in MariaDB or SQLite."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.recorded_work import RecordedWork
from billing.adapters.tables import deliveries
from billing.domain.delivery import Delivery, DeliveryNotFound
from shared_kernel.chassis.courier import as_row, from_row, waiting


async def deliveries_to_send(connection: AsyncConnection, now: datetime) -> Sequence[UUID]:
    """Those that nobody has in hand, the longest waiting first. One statement by index."""
    return (await connection.execute(waiting(deliveries, now))).scalars().all()


class SqlDeliveries:
    """The outbox in one table."""

    def __init__(self, work: RecordedWork) -> None:
        self._work = work

    async def get(self, id: UUID) -> Delivery:  # noqa: A002
        """Raises DeliveryNotFound."""
        row = await self._work.load(deliveries, id, lock=True)
        if row is None:
            raise DeliveryNotFound
        return Delivery(**from_row(row))

    async def add(self, delivery: Delivery) -> None:
        """Keep a new one."""
        await self._work.insert(deliveries, delivery, as_row(delivery))

    async def save(self, delivery: Delivery) -> None:
        """Each attempt is in the delivery's own log; the audit tells what came of it. Raises Stale."""
        await self._work.update(deliveries, delivery, as_row(delivery))
        self._work.leave_out_unchanged()
