"""A transaction on billing's schema, in MariaDB or SQLite."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.customers import SqlCustomers, SqlPayers
from billing.adapters.drafts import SqlDrafts
from billing.adapters.invoices import SqlInvoices
from billing.adapters.recorded_work import RecordedWork
from billing.adapters.sessions import SqlPacks, SqlVisits
from shared_kernel.chassis.origin import Origin


class SqlWork(RecordedWork):
    """The transaction, with the collections of this context."""

    def __init__(self, connection: AsyncConnection, origin: Origin, now: datetime) -> None:
        super().__init__(connection, "billing", origin, now)
        self.customers = SqlCustomers(self)
        self.payers = SqlPayers(self)
        self.drafts = SqlDrafts(self)
        self.invoices = SqlInvoices(self)
        self.visits = SqlVisits(self)
        self.packs = SqlPacks(self)
