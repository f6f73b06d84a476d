"""Routes of the calendar feed: give it a secret address, take it away, and answer the programs that ask."""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from starlette.responses import Response

from scheduling.adapters.calendar_feeds import note_reading
from scheduling.adapters.ical import CalendarEntry, calendar
from scheduling.adapters.sql import SqlWork
from scheduling.domain.appointment import Status
from scheduling.domain.calendar_feed import SecretAddress
from scheduling.domain.diary import Span
from scheduling.domain.people import initials
from scheduling.http.messages import CALENDAR_WORDS
from scheduling.http.moments import zoned
from scheduling.queries import calendar_feed as queries
from scheduling.queries.calendar_feed import Subscribed
from scheduling.use_cases.calendar_feed import renew_calendar_feed, revoke_calendar_feed
from shared_kernel.chassis.answers import camel, json_response
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import ADMINS, EVERYONE
from shared_kernel.chassis.settings import Locale
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import NotAllowed, NotFound

Diary = Annotated[Call, Depends(permit(EVERYONE))]
Names = Literal["initials", "full"]
"""How patients are called in the calendars."""

PATH = "/api/practitioners/{practitioner_id}/calendar-feed"
FEEDS = "/api/calendar-feeds"

_BEHIND, _AHEAD = timedelta(days=30), timedelta(days=365)
_MOST_KEPT = 32

Rows = Sequence[Mapping[Any, Any]]


class CalendarFeedOutput(ApiModel):
    """Whether programs can subscribe to a practitioner's calendar, since when, and when one last read it,
    known to the hour."""

    practitioner_id: UUID
    active: bool
    created_at: datetime | None
    last_read_at: datetime | None
    names: Names


class CalendarFeedAddress(ApiModel):
    """The secret address, which is told this once."""

    practitioner_id: UUID
    path: str
    created_at: datetime
    names: Names


@dataclass(frozen=True)
class CalendarStyle:
    """How calendars are written: in which zone and language, and under which names."""

    clinic_time: ClinicTime
    locale: Locale
    names: Names

    def window(self, today: date) -> Span:
        """What a calendar shows on a day."""
        day = self.clinic_time.day
        return Span(day(today - _BEHIND)[0], day(today + _AHEAD)[1])

    def written(self, name: str, today: date, booked: Rows, absent: Rows) -> bytes:
        """A practitioner's calendar."""
        entries = [*self._appointments(booked), *self._times_off(absent)]
        first, last = (self.clinic_time.shown(each) for each in vars(self.window(today)).values())
        return calendar(name, entries, self.clinic_time.zone, first.year, last.year)

    def _appointments(self, booked: Rows) -> Iterator[CalendarEntry]:
        for row in booked:
            cancelled = row["status"] == Status.CANCELLED.value
            yield self._entry(row, self._summary(row, cancelled), cancelled, takes_time=not cancelled)

    def _summary(self, row: Mapping[Any, Any], cancelled: bool) -> str:
        """Neither title nor notes, which may say anything."""
        name = row["full_name"] or ""
        called = name if self.names == "full" else initials(name)
        said = " · ".join(filter(None, (self._word(row["type"]), called)))
        return f"{self._word('cancelled')}: {said}" if cancelled else said

    def _times_off(self, absent: Rows) -> Iterator[CalendarEntry]:
        for row in absent:
            summary = self._word("closed" if row["practitioner_id"] is None else "away")
            yield self._entry(row, summary, cancelled=False, takes_time=False)

    def _entry(
        self, row: Mapping[Any, Any], summary: str, cancelled: bool, takes_time: bool
    ) -> CalendarEntry:
        return CalendarEntry(
            uid=str(row["id"]),
            version=row["version"],
            changed_at=row["updated_at"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            all_day=row["all_day"],
            summary=summary,
            cancelled=cancelled,
            takes_time=takes_time,
        )

    def _word(self, code: str) -> str:
        return CALENDAR_WORDS[code][self.locale]


@dataclass(frozen=True)
class Page:
    """A calendar as it goes out, and what it is told apart by."""

    body: bytes
    etag: str

    def answer(self, if_none_match: str | None) -> Response:
        """The calendar, or that it is the one the program has (RFC 9110 §13.1.2). Nobody else may keep it,
        and it is asked for each time."""
        headers = {"ETag": self.etag, "Cache-Control": "private, no-cache"}
        known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
        if known & {self.etag, "*"}:
            return Response(status_code=304, headers=headers)
        return Response(self.body, headers=headers, media_type="text/calendar; charset=utf-8")


class Pages:
    """The calendars as they were last made, each good for as long as nothing was told since."""

    def __init__(self, style: CalendarStyle) -> None:
        self.style = style
        self._kept: dict[UUID, tuple[object, Page]] = {}

    def kept(self, found: Subscribed, today: date) -> Page | None:
        """The calendar, None when something may have changed in it."""
        state, page = self._kept.get(found.practitioner_id, (None, None))
        return page if state == (found.told, today) else None

    async def made(self, found: Subscribed, today: date, booked: Rows, absent: Rows) -> Page:
        """The calendar of today; a long one takes a while, during which others are answered."""
        body = await asyncio.to_thread(self.style.written, found.name, today, booked, absent)
        page = Page(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[found.practitioner_id] = (found.told, today), page
        return page


def calendar_feed_routes(
    transactions: Transactions[SqlWork], database: Database, style: CalendarStyle
) -> APIRouter:
    """The routes for people, on the adapters they are given."""
    router = routes("calendar feed")

    @router.put(PATH, response_model=CalendarFeedAddress)
    async def renew_feed(practitioner_id: UUID, call: Diary) -> Response:
        _permit(call, practitioner_id)
        address = SecretAddress.fresh()
        feed = await transactions.run(
            call, lambda work: renew_calendar_feed(work, practitioner_id, address, call.now)
        )
        told = {
            "practitioner_id": feed.id,
            "path": f"{FEEDS}/{address.text}.ics",
            "created_at": feed.renewed_at,
            "names": style.names,
        }
        return json_response(camel(zoned(told, style.clinic_time)), {"Cache-Control": "no-store"})

    @router.get(PATH, response_model=CalendarFeedOutput)
    async def get_feed(practitioner_id: UUID, call: Diary) -> Response:
        _permit(call, practitioner_id)
        async with database.reading() as connection:
            row = await queries.feed_of(connection, practitioner_id)
        told = {
            "practitioner_id": practitioner_id,
            "active": row["address_digest"] is not None,
            "created_at": row["renewed_at"],
            "last_read_at": row["last_read_at"],
            "names": style.names,
        }
        return json_response(camel(zoned(told, style.clinic_time)))

    @router.delete(PATH, status_code=204, response_class=Response)
    async def revoke_feed(practitioner_id: UUID, call: Diary) -> Response:
        _permit(call, practitioner_id)
        await transactions.run(call, lambda work: revoke_calendar_feed(work, practitioner_id))
        return Response(status_code=204)

    return router


def public_feed_routes(database: Database, style: CalendarStyle) -> APIRouter:
    """The route for calendar programs, which knows no caller but who has the address."""
    router = routes("calendar feed")
    pages = Pages(style)

    @router.get(
        FEEDS + "/{token}.ics",
        response_class=Response,
        responses={
            200: {"content": {"text/calendar": {}}, "description": "RFC 5545"},
            304: {"description": "As it was"},
        },
    )
    async def read_feed(
        token: str, if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None
    ) -> Response:
        now = datetime.now(UTC)
        today = style.clinic_time.today(now)
        async with database.reading() as connection:
            found = await queries.subscribed(connection, SecretAddress(token).digest)
            if found is None:
                raise NotFound
            page = pages.kept(found, today)
            if page is None:
                rows = await queries.diary_of(connection, found.practitioner_id, style.window(today))
        if page is None:
            page = await pages.made(found, today, *rows)
        await note_reading(database, found.practitioner_id, found.last_read_at, now)
        return page.answer(if_none_match)

    return router


def _permit(call: Call, practitioner_id: UUID) -> None:
    """Only an admin and the practitioner herself. Raises NotAllowed."""
    if not call.caller.may(ADMINS) and call.caller.id != str(practitioner_id):
        raise NotAllowed
