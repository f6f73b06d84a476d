"""All that this context needs from the world."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from billing.domain.customer import Customer
from billing.domain.invoice import Invoice, Series, SeriesPlace


class Customers(Protocol):
    """Who can be billed."""

    async def get(self, id: UUID) -> Customer:  # noqa: A002
        """The customer, who stays while the transaction lives. Raises CustomerNotFound."""

    async def add(self, customer: Customer) -> None:
        """Raises TaxIdTaken."""


class Payers(Protocol):
    """The patients, as far as billing has heard of them."""

    async def expect_billable(self, id: UUID) -> None:  # noqa: A002
        """The patient is not erased while the transaction lives. Raises PatientErased."""


class Invoices(Protocol):
    """What was billed."""

    async def next_place(self, series: Series, day: date) -> SeriesPlace:
        """The next place in the series of the day's year, without a hole; nobody else gets one while the
        transaction lives. Its `last_date` is never before `day`."""

    async def add(self, invoice: Invoice) -> None:
        """Keep it for ever."""


class Work(Protocol):
    """One transaction."""

    @property
    def customers(self) -> Customers:
        """Who can be billed, in this transaction."""

    @property
    def payers(self) -> Payers:
        """The patients, in this transaction."""

    @property
    def invoices(self) -> Invoices:
        """What was billed, in this transaction."""

    async def commit(self, result: object) -> None:
        """Make it all durable; `result` is what the caller is answered with."""


class InvoicePrinter(Protocol):
    """Makes the document that is handed over. `invoice` is the row that `queries.issued_invoice` reads."""

    def html(self, invoice: Mapping[str, Any], locale: Literal["en", "es"]) -> str:
        """A page that needs nothing but itself."""

    async def pdf(self, invoice: Mapping[str, Any], locale: Literal["en", "es"]) -> bytes:
        """The same on A4. Raises PrintingUnavailable."""
