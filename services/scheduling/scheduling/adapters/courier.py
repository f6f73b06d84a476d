"""Writes the reminders that are due and sends them, in the background of every process of this service.

What is due is asked of the tables each time, so nothing is lost with a process; who sends a reminder has
claimed it before, so no two processes knowingly send the same (docs/decisions/0010)."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from scheduling.adapters.reminders import anybody_to_tell, reminders_to_send
from scheduling.adapters.sql import SqlWork
from scheduling.domain.reminder import Attempt, Outcome, Reminder, ReminderNotFound, ReminderRules
from scheduling.ports import LetterPostponed, LetterRefused, Notifier
from scheduling.use_cases.reminding import (
    Words,
    claim_reminder,
    prune_reminders,
    settle_reminder,
    write_reminders,
)
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.unit_of_work import Busy, Transactions

KEPT = timedelta(days=90)
_PAUSE_SECONDS = 2.0
_FAREWELL_SECONDS = 5.0
_OURSELVES = Origin(actor_id="service:scheduling")

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class _Round:
    """Stands where a request stands."""

    now: datetime
    origin: Origin = _OURSELVES
    repeatable: None = None


class Courier:
    """One for each process. `notifier` is None where no mail server is configured: then what would have
    been sent is only shown. `domain` is that of the Message-IDs."""

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

    async def run(self) -> None:
        """For ever; whatever is away is waited for."""
        while True:
            try:
                await self.round()
            except (SQLAlchemyError, OSError, Busy) as error:
                logger.warning("courier waits", extra={"reason": type(error).__name__})
            await asyncio.sleep(_PAUSE_SECONDS)

    async def round(self) -> None:
        """All that can be written and sent now. With nothing to do it is two statements that only read."""
        while await self._anybody_to_tell():
            await self._write()
        for reminder_id in await self._to_send():
            if not await _to_the_end(self._deliver(reminder_id)):
                return  # the mail server is away: it would keep every other reminder waiting as long

    async def prune(self) -> None:
        """Forget what was told long ago."""
        now = self._clock()
        await self._transactions.run(_Round(now), lambda work: prune_reminders(work, now - KEPT))

    async def _anybody_to_tell(self) -> bool:
        async with self._database.reading() as connection:
            return await anybody_to_tell(connection, self._rules, self._clock())

    async def _write(self) -> None:
        now = self._clock()
        written = await self._transactions.run(
            _Round(now), lambda work: write_reminders(work, self._rules, self._words, self._domain, now)
        )
        logger.info("reminders written", extra={"count": written})

    async def _to_send(self) -> list[UUID]:
        async with self._database.reading() as connection:
            return list(await reminders_to_send(connection, self._clock()))

    async def _deliver(self, reminder_id: UUID) -> bool:
        """Claim, send and settle one. False when the mail server is away."""
        now = self._clock()
        try:
            reminder = await self._transactions.run(
                _Round(now), lambda work: claim_reminder(work, reminder_id, self._rules, now)
            )
        except ReminderNotFound:  # the patient was erased
            return True
        if reminder is None or self._notifier is None:
            return True
        attempt = await self._attempt(reminder, self._notifier)
        logger.info("reminder", extra={"reminder": str(reminder_id), "outcome": attempt.outcome.value})
        await self._settle(reminder_id, attempt)
        return attempt.outcome is not Outcome.POSTPONED

    async def _attempt(self, reminder: Reminder, notifier: Notifier) -> Attempt:
        began = reminder.claimed_at or self._clock()
        try:
            await notifier.send(reminder, self._clock())
        except LetterRefused as refusal:
            return Attempt(began, Outcome.REFUSED, str(refusal))
        except LetterPostponed as away:
            return Attempt(began, Outcome.POSTPONED, str(away))
        return Attempt(began, Outcome.SENT)

    async def _settle(self, reminder_id: UUID, attempt: Attempt) -> None:
        now = self._clock()
        try:
            await self._transactions.run(
                _Round(now), lambda work: settle_reminder(work, reminder_id, attempt, now)
            )
        except ReminderNotFound:
            logger.info("reminder forgotten meanwhile", extra={"reminder": str(reminder_id)})


async def _to_the_end(work: Coroutine[Any, Any, bool]) -> bool:
    """What was handed in at the mail server is written down even when the service is being stopped: else it
    would be sent again after the lease."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_FAREWELL_SECONDS)
        task.cancel()
        raise
