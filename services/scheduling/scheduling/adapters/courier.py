"""Writes the reminders that are due and sends them (docs/decisions/0010)."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from scheduling.adapters.reminders import anybody_to_tell, reminders_to_send
from scheduling.adapters.sql import SqlWork
from scheduling.domain.reminder import Reminder, ReminderRules
from scheduling.ports import Notifier
from scheduling.use_cases.reminding import (
    Words,
    claim_reminder,
    prune_reminders,
    settle_reminder,
    write_reminders,
)
from shared_kernel.chassis.courier import Clock, Courier, Errand
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.dispatch import Attempt, LetterPostponed

KEPT = timedelta(days=90)
_OURSELVES = Origin(actor_id="service:scheduling")

logger = logging.getLogger(__name__)


class ReminderCourier(Courier[Reminder]):
    """`notifier` is None where no mail server is configured: then what would have been sent is only shown.
    `domain` is that of the Message-IDs."""

    def __init__(
        self,
        database: Database,
        transactions: Transactions[SqlWork],
        rules: ReminderRules,
        words: Words,
        notifier: Notifier | None,
        domain: str,
        clock: Clock,
    ) -> None:
        self._database = database
        self._transactions = transactions
        self._rules = rules
        self._words = words
        self._notifier = notifier
        self._domain = domain
        self._clock = clock

    async def to_send(self) -> Sequence[UUID]:
        """What is due is written first. With nothing to do it is two statements that only read."""
        while await self._anybody_to_tell():
            await self._write()
        async with self._database.reading() as connection:
            return await reminders_to_send(connection, self._clock())

    async def claim(self, id: UUID) -> Reminder | None:  # noqa: A002
        """Raises ReminderNotFound."""
        errand = self._errand()
        return await self._transactions.run(
            errand, lambda work: claim_reminder(work, id, self._rules, errand.now)
        )

    async def send(self, dispatch: Reminder) -> None:
        """Raises LetterRefused, LetterPostponed."""
        if self._notifier is None:
            raise LetterPostponed("no mail server")
        await self._notifier.send(dispatch, self._clock())

    async def settle(self, id: UUID, attempt: Attempt) -> None:  # noqa: A002
        """Raises ReminderNotFound."""
        errand = self._errand()
        await self._transactions.run(errand, lambda work: settle_reminder(work, id, attempt, errand.now))

    async def prune(self) -> None:
        """Forget what was told long ago."""
        errand = self._errand()
        await self._transactions.run(errand, lambda work: prune_reminders(work, errand.now - KEPT))

    async def _anybody_to_tell(self) -> bool:
        async with self._database.reading() as connection:
            return await anybody_to_tell(connection, self._rules, self._clock())

    async def _write(self) -> None:
        errand = self._errand()
        written = await self._transactions.run(
            errand,
            lambda work: write_reminders(work, self._rules, self._words, self._domain, errand.now),
        )
        logger.info("reminders written", extra={"count": written})

    def _errand(self) -> Errand:
        return Errand(_OURSELVES, self._clock())
