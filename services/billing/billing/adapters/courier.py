"""Sends the invoices that wait in the outbox, each as a PDF that goes with a letter."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.deliveries import deliveries_to_send
from billing.adapters.invoice_page import Language, file_name
from billing.adapters.sql import SqlWork
from billing.domain.delivery import Delivery, DeliveryRules
from billing.domain.invoice import InvoiceNotFound
from billing.ports import InvoicePrinter, Notifier
from billing.use_cases.delivering import claim_delivery, settle_delivery
from shared_kernel.chassis.courier import Clock, Courier, Errand
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.typesetting import PrintingUnavailable
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.dispatch import Attachment, Attempt, LetterPostponed, LetterRefused

_OURSELVES = Origin(actor_id="service:billing")

ReadInvoice = Callable[[AsyncConnection, UUID], Awaitable[Mapping[str, Any]]]
"""The invoice as the printer wants it. Raises InvoiceNotFound."""


class DeliveryCourier(Courier[Delivery]):
    """For a clinic that has a mail server."""

    def __init__(
        self,
        database: Database,
        transactions: Transactions[SqlWork],
        rules: DeliveryRules,
        read: ReadInvoice,
        printer: InvoicePrinter,
        notifier: Notifier,
        clock: Clock,
    ) -> None:
        self._database = database
        self._transactions = transactions
        self._rules = rules
        self._read = read
        self._printer = printer
        self._notifier = notifier
        self._clock = clock

    async def to_send(self) -> Sequence[UUID]:
        """With nothing to do it is one statement that only reads."""
        async with self._database.reading() as connection:
            return await deliveries_to_send(connection, self._clock())

    async def claim(self, id: UUID) -> Delivery | None:  # noqa: A002
        """Raises DeliveryNotFound."""
        errand = self._errand()
        return await self._transactions.run(
            errand, lambda work: claim_delivery(work, id, self._rules, errand.now)
        )

    async def send(self, dispatch: Delivery) -> None:
        """The document is the invoice as it stands now. Raises LetterRefused, LetterPostponed."""
        document = await self._printed(dispatch)
        await self._notifier.send(dispatch, self._clock(), [document])

    async def settle(self, id: UUID, attempt: Attempt) -> None:  # noqa: A002
        """Raises DeliveryNotFound."""
        errand = self._errand()
        await self._transactions.run(errand, lambda work: settle_delivery(work, id, attempt, errand.now))

    async def _printed(self, delivery: Delivery) -> Attachment:
        try:
            async with self._database.reading() as connection:
                invoice = await self._read(connection, delivery.invoice_id)
            pdf = await self._printer.pdf(invoice, cast(Language, delivery.wording.language))
        except InvoiceNotFound as blocked:
            raise LetterRefused("the invoice is blocked") from blocked
        except PrintingUnavailable as error:
            raise LetterPostponed(type(error).__name__) from error
        return Attachment(file_name(invoice, "pdf"), "application/pdf", pdf)

    def _errand(self) -> Errand:
        return Errand(_OURSELVES, self._clock())
