"""All that this context needs from the world."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from billing.domain.customer import Customer
from billing.domain.draft import Draft
from billing.domain.invoice import Invoice
from billing.domain.numbering import Neighbourhood, Series, SeriesPlace
from billing.domain.pack import Pack, Visit


class Customers(Protocol):
    """Who can be billed."""

    async def get(self, id: UUID) -> Customer:  # noqa: A002
        """The customer, or the one it was merged into, who stays while the transaction lives. Raises
        CustomerNotFound."""

    async def take(self, id: UUID) -> Customer:  # noqa: A002
        """The very customer, whom nobody else changes while the transaction lives. Raises
        CustomerNotFound."""

    async def add(self, customer: Customer) -> None:
        """Raises TaxIdTaken."""

    async def save(self, customer: Customer) -> None:
        """Raises TaxIdTaken, Stale."""

    async def is_billed(self, customer: Customer) -> bool:
        """True when invoices or drafts name the customer."""

    async def remove(self, customer: Customer) -> None:
        """Raises Stale."""

    async def move(self, customer: Customer, into: Customer) -> None:
        """Remove it; its invoices, drafts and former ids are `into`'s now. Raises Stale."""


class Payers(Protocol):
    """The patients, as far as billing has heard of them."""

    async def expect_billable(self, id: UUID) -> None:  # noqa: A002
        """The patient is not erased while the transaction lives. Raises PatientErased."""


class Drafts(Protocol):
    """Invoices that are not issued yet."""

    async def get(self, id: UUID) -> Draft:  # noqa: A002
        """Raises DraftNotFound."""

    async def add(self, draft: Draft) -> None:
        """Keep a new one."""

    async def save(self, draft: Draft) -> None:
        """Raises Stale."""

    async def remove(self, draft: Draft) -> None:
        """Raises Stale."""


class Invoices(Protocol):
    """What was billed."""

    async def get(self, id: UUID, *, blocked: bool) -> Invoice:  # noqa: A002
        """The invoice, which nobody else changes while the transaction lives; that of an erased patient only
        when `blocked` ones may be seen. Raises InvoiceNotFound."""

    async def next_place(self, series: Series, day: date) -> SeriesPlace:
        """The next place in the series of the day's year, without a hole; nobody else gets one while the
        transaction lives. Its `last_date` is never before `day`."""

    async def around(self, invoice: Invoice, number: str) -> Neighbourhood:
        """What the invoice's series has around `number`; it stays so while the transaction lives."""

    async def add(self, invoice: Invoice) -> None:
        """Keep it for ever."""

    async def save(self, invoice: Invoice) -> None:
        """How it stands, and what was paid. Raises Stale."""

    async def rewrite(self, invoice: Invoice, before: Invoice) -> None:
        """All of it, `before` being how it was; the counters follow its number. Raises Stale."""

    async def hand_over_payments(self, rectified: Invoice, replacement: Invoice) -> None:
        """What was paid on the one was paid on the other."""


class Visits(Protocol):
    """The appointments of patients, as far as billing has heard of them."""

    async def take(self, patient_ids: Collection[UUID]) -> None:
        """Nobody else settles what these patients attended and bought while the transaction lives."""

    async def known(self, appointment_ids: Collection[UUID], patient_id: UUID | None) -> Collection[UUID]:
        """Which of them are appointments of the patient that were neither cancelled nor deleted."""

    async def billed(self, appointment_ids: Collection[UUID]) -> Collection[UUID]:
        """Which of them an invoice in force bills."""

    async def bill(self, appointment_ids: Collection[UUID], invoice_id: UUID) -> None:
        """The invoice bills them from now on. Raises AppointmentBilled."""

    async def release(self, invoice_id: UUID) -> None:
        """The invoice bills none of them any more."""

    async def to_pay(self, patient_id: UUID, since: date) -> Sequence[Visit]:
        """Treatments that the patient attended and no invoice bills, from the day `since` on."""


class Packs(Protocol):
    """Sessions that patients paid in advance."""

    async def of(self, patient_id: UUID) -> Sequence[Pack]:
        """The patient's, the oldest first."""

    async def sold_by(self, invoice_id: UUID) -> Sequence[Pack]:
        """Those of an invoice, in the order of its lines."""

    async def paying(self, appointment_ids: Collection[UUID]) -> Collection[UUID]:
        """Which of the appointments a pack pays."""

    async def add(self, pack: Pack) -> None:
        """Keep a new one."""

    async def save(self, pack: Pack) -> None:
        """Raises Stale."""


class Work(Protocol):
    """One transaction."""

    @property
    def customers(self) -> Customers:
        """Who can be billed, in this transaction."""

    @property
    def payers(self) -> Payers:
        """The patients, in this transaction."""

    @property
    def drafts(self) -> Drafts:
        """What is not issued yet, in this transaction."""

    @property
    def invoices(self) -> Invoices:
        """What was billed, in this transaction."""

    @property
    def visits(self) -> Visits:
        """The appointments, in this transaction."""

    @property
    def packs(self) -> Packs:
        """What was paid in advance, in this transaction."""

    async def commit(self, result: object) -> None:
        """Make it all durable; `result` is what the caller is answered with."""


class InvoicePrinter(Protocol):
    """Makes the document that is handed over. `invoice` is the row that `queries.issued_invoice` reads."""

    def html(self, invoice: Mapping[str, Any], locale: Literal["en", "es"]) -> str:
        """A page that needs nothing but itself."""

    async def pdf(self, invoice: Mapping[str, Any], locale: Literal["en", "es"]) -> bytes:
        """The same on A4. Raises PrintingUnavailable."""
