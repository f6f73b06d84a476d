"""Telling patients of their appointments before these begin: writing it down, sending it, saying what came
of it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from scheduling.domain.reminder import Expected, Reminder, ReminderRules
from scheduling.ports import Work
from shared_kernel.dispatch import Attempt, Wording

Words = Callable[[Expected], Wording]
"""What is written to somebody who is expected."""


async def write_reminders(work: Work, rules: ReminderRules, words: Words, domain: str, now: datetime) -> int:
    """A reminder for each patient who is expected soon, wants to be told and has not been told of that
    time; how many. Message-IDs are made in the mail `domain`. Several may do this at once: each is written
    once."""
    expected = await work.reminders.to_write(rules, now)
    reminders = [Reminder.write(each, words(each), rules, domain, now) for each in expected]
    await work.reminders.add_all(reminders)
    await work.commit(len(reminders))
    return len(reminders)


async def claim_reminder(
    work: Work, reminder_id: UUID, rules: ReminderRules, now: datetime
) -> Reminder | None:
    """The reminder, for the caller alone to send during the lease. None when somebody else has it, when
    nobody needs it any more, and when there is no mail server: then that is written down."""
    reminder = await work.reminders.get(reminder_id)
    if not reminder.is_to_be_sent(now):
        return None
    wanted = await work.reminders.is_wanted(reminder, now)
    if wanted and rules.sends:
        reminder.claim(now, rules.lease)
    elif wanted:
        reminder.leave_unsent()
    else:
        reminder.drop()
    await work.reminders.save(reminder)
    await work.commit(None)
    return reminder if wanted and rules.sends else None


async def settle_reminder(work: Work, reminder_id: UUID, attempt: Attempt, now: datetime) -> None:
    """Write down what became of the attempt. Raises ReminderNotFound when the patient was erased
    meanwhile."""
    reminder = await work.reminders.get(reminder_id)
    reminder.settle(attempt, now)
    await work.reminders.save(reminder)
    await work.commit(None)


async def retry_reminder(work: Work, reminder_id: UUID, now: datetime) -> Reminder:
    """The reminder, to be sent once more because a person says so. Raises ReminderNotFound,
    ReminderNotFailed."""
    reminder = await work.reminders.get(reminder_id)
    reminder.retry(now)
    await work.reminders.save(reminder)
    await work.commit(reminder)
    return reminder


async def prune_reminders(work: Work, before: datetime) -> None:
    """What was told of appointments that began earlier is forgotten."""
    await work.reminders.remove_before(before)
    await work.commit(None)
