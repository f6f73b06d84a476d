"""A transaction in which many aggregates are read and removed together, each with its facts and its audit."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, Table, delete

from shared_kernel.aggregate import Aggregate
from shared_kernel.chassis.unit_of_work import Overtaken, UnitOfWork


class ManyRows(UnitOfWork):
    """The unit of work, for whole weeks at once."""

    def seen(self, rows: Sequence[RowMapping]) -> None:
        """Remember rows read otherwise than by `load`, for the audit of what changes."""
        self._loaded.update({row["id"]: row for row in rows})

    async def delete_all(self, table: Table, aggregates: Sequence[Aggregate]) -> None:
        """Remove aggregates that were read and locked in this transaction. Raises Overtaken."""
        if aggregates:
            ids = [aggregate.id for aggregate in aggregates]
            removed = await self.connection.execute(delete(table).where(table.c.id.in_(ids)))
            if removed.rowcount != len(ids):
                raise Overtaken
        for aggregate in aggregates:
            aggregate.version += 1
            self._remember(table, aggregate, "deleted", self._loaded.get(aggregate.id, {}), {})
