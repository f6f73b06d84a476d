"""Giving a practitioner's calendar a secret address, and taking it away."""

from datetime import datetime
from uuid import UUID

from scheduling.domain.calendar_feed import CalendarFeed, SecretAddress
from scheduling.domain.week_grid import PractitionerNotFound
from scheduling.ports import Work


async def renew_calendar_feed(
    work: Work, practitioner_id: UUID, address: SecretAddress, now: datetime
) -> CalendarFeed:
    """The calendar at its new address. Raises PractitionerNotFound, Stale."""
    practitioner = await work.people.practitioner(practitioner_id)
    if practitioner is None or not practitioner.active:
        raise PractitionerNotFound
    feed = await work.calendar_feeds.of(practitioner_id)
    feed.renew(address, now)
    await work.calendar_feeds.save(feed)
    await work.commit(feed)
    return feed


async def revoke_calendar_feed(work: Work, practitioner_id: UUID) -> None:
    """The calendar has no address any more. Raises PractitionerNotFound, Stale."""
    if await work.people.practitioner(practitioner_id) is None:
        raise PractitionerNotFound
    feed = await work.calendar_feeds.of(practitioner_id)
    if feed.address_digest is not None:
        feed.revoke()
        await work.calendar_feeds.save(feed)
    await work.commit(None)
