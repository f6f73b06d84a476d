"""Diaries of many appointments to measure on: a decade of past weeks, a present one, and some to come.

What is loaded is what booking it all would have left: appointments with their events and audit, the slots and
days they take, gaps on offer and consumed. The calendar is fixed, so that a kept diary stays as it is."""

import asyncio
import gc
import hashlib
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import cached_property
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from demo.loading import Loading
from demo.people import invent
from kept import SEED, Kept
from scheduling.adapters.sql import SqlWork
from scheduling.adapters.tables import (
    appointments,
    attendees,
    busy_days,
    busy_slots,
    practitioners,
    working_weeks,
)
from scheduling.domain.appointment import Appointment, Booking, Kind
from scheduling.domain.diary import DiaryRules, Span
from scheduling.domain.gap import Gap, Taken
from scheduling.main import MIGRATIONS
from shared_kernel.chassis import schema
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.clinic_time import ClinicTime

PRESENT = date(2027, 1, 11)
"""The Monday of the week that has 200 appointments."""
FAR = datetime(2029, 1, 1, tzinfo=ZoneInfo("Europe/Madrid"))
"""Nothing is loaded from here on: what measuring books goes there, and is removed afterwards."""

HOURS = (9, 10, 11, 12, 13, 15, 16, 17, 18)
DAYS = 5
PRESENT_PRACTITIONERS = 5
_A_WEEK = (len(HOURS) - 1) * DAYS
_WEEKS = 520
_WEEKS_TO_COME = 8
_WEEKS_A_BATCH = 4
_VISITS_A_PATIENT = 20
_PATIENTS_A_STATEMENT = 500
_UNCOLLECTED = 200_000
"""A batch makes many objects that all live as long as it: looking for garbage among them is in vain."""

T = TypeVar("T")

RULES = DiaryRules(ClinicTime(ZoneInfo("Europe/Madrid")), timedelta(hours=10))


@dataclass(frozen=True)
class People:
    """Who is in a diary of that size, always the same."""

    practitioners: Sequence[UUID]
    patients: Sequence[UUID]

    @classmethod
    def of(cls, size: int) -> "People":
        """Enough practitioners to have had so many appointments in ten years."""
        count = max(PRESENT_PRACTITIONERS, math.ceil(_past(size) / (_A_WEEK * _WEEKS)))
        return cls(
            [UUID(int=number + (1 << 100)) for number in range(1, count + 1)],
            [UUID(int=number + (2 << 100)) for number in range(1, max(500, size // _VISITS_A_PATIENT) + 1)],
        )


def diary(kept: Kept, size: int) -> str:
    """The URL of a diary with that many appointments. A load that was broken off is begun again."""
    prefix = f"scheduling_{size}_"
    name = prefix + version()
    kept.remove_all_but(name, prefix)
    if asyncio.run(_present(kept.url(name))) != size:
        kept.remove_all_but("", prefix)
        asyncio.run(_load(kept.url(name), size))
    return kept.url(name)


def version() -> str:
    """Changes with what is loaded; what the schema has become since is a matter of migrations."""
    digest = hashlib.sha256()
    sample = 10_000
    for week in list(_weeks(sample, People.of(sample)))[-10:]:
        digest.update(repr([(each.claim, each.booking.title) for each in week.booked()]).encode())
    return digest.hexdigest()[:8]


async def as_loaded(database: Database) -> None:
    """Remove what measuring has booked; its events and audit stay, as they do."""
    far = int(FAR.timestamp()) // 300
    async with database.writing() as connection:
        await connection.execute(delete(appointments).where(appointments.c.starts_at >= FAR))
        await connection.execute(delete(busy_days).where(busy_days.c.day >= FAR.date()))
        for some in _some(People.of(await _count(connection)).practitioners, 50):
            await _free(connection, some, far)
        visitors = await connection.execute(select(attendees.c.id))
        for some in _some(list(visitors.scalars()), _PATIENTS_A_STATEMENT):
            await _free(connection, some, far)
        await connection.commit()


async def _free(connection: AsyncConnection, people: Sequence[UUID], far: int) -> None:
    wanted = busy_slots.c.resource.in_(people), busy_slots.c.slot >= far
    await connection.execute(delete(busy_slots).where(*wanted))


async def _present(url: str) -> int:
    """How many appointments there are, once the schema is up to date and measuring has left nothing."""
    database = Database(url)
    await schema.migrate(database, MIGRATIONS)
    await as_loaded(database)
    async with database.reading() as connection:
        count = await _count(connection)
        complete = (await connection.execute(select(busy_slots.c.slot).limit(1))).first()
    await database.close()
    return count if complete else 0


async def _count(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(appointments))).scalar_one())


def _past(size: int) -> int:
    return size - PRESENT_PRACTITIONERS * (_A_WEEK + _WEEKS_TO_COME * _A_WEEK // 2)


async def _load(url: str, size: int) -> None:
    gc.set_threshold(_UNCOLLECTED)
    database = Database(url)
    await schema.migrate(database, MIGRATIONS)
    people, began, loaded = People.of(size), time.monotonic(), 0
    async with database.writing() as connection:
        await _know(connection, people)
        await connection.commit()
    transactions = Transactions(database, SqlWork, asyncio.Event())
    for weeks in _some(list(_weeks(size, people)), _WEEKS_A_BATCH):
        booked = [each for week in weeks for each in week.booked()]
        offered = [each for week in weeks for each in week.offered(booked)]

        async def book(
            work: SqlWork, booked: Sequence[Appointment] = booked, offered: Sequence[Gap] = offered
        ) -> None:
            await _take_room(work)
            await work.appointments.add_all(booked)
            await work.gaps.add_all(offered)
            await work.commit()

        await transactions.run(Loading(weeks[-1].now), book)
        loaded += len(booked)
        rate = loaded / (time.monotonic() - began)
        print(f"\rloading {size:,}: {loaded:,} appointments, {rate:,.0f} per second ", end="", flush=True)
    await _take_time(database, people)
    await database.close()
    print(f"\rloading {size:,}: done in {time.monotonic() - began:,.0f} s{'':40}")


async def _know(connection: AsyncConnection, people: People) -> None:
    week = {"version": 1, "saturday": "", "sunday": ""} | dict.fromkeys(
        ("monday", "tuesday", "wednesday", "thursday", "friday"),
        ",".join(f"{hour:02}:00-{hour + 1:02}:00" for hour in HOURS),
    )
    face = {"initials": "P", "colour": "#2563eb", "practises": True, "active": True, "version": 1}
    names = [
        invent(SEED, number, PRESENT, PRESENT).particulars for number in range(1, len(people.patients) + 1)
    ]
    await connection.execute(
        insert(practitioners),
        [{"id": id_, "name": f"P {id_.int % 1000}", **face} for id_ in people.practitioners],
    )
    await connection.execute(insert(working_weeks), [{"id": id_, **week} for id_ in people.practitioners])
    await connection.execute(
        insert(attendees),
        [
            {
                "id": id_,
                "full_name": f"{who.first_name} {who.last_name}",
                "phone": who.phone,
                "status": "active",
                "version": 1,
            }
            for id_, who in zip(people.patients, names, strict=True)
        ],
    )


@dataclass(frozen=True)
class _Week:
    """A week of the diary: how many practitioners have how many visits in it."""

    number: int
    monday: date
    people: People
    at_work: int
    visits: int

    @cached_property
    def now(self) -> datetime:
        """When all of it was booked."""
        return RULES.clinic_time.instant(datetime.combine(self.monday - timedelta(days=7), clock(8)), "now")

    def booked(self) -> list[Appointment]:
        """Eight of the nine hours of a day, another one free for each practitioner; some were called off."""
        made: list[Appointment] = []
        for place, who, starts_at in self._hours():
            if len(made) == self.visits:
                break
            patients = self.people.patients
            visit = place + self.number * 977
            booking = Booking(
                practitioner_id=self.people.practitioners[who],
                patient_id=None if visit % 33 == 0 else patients[visit % len(patients)],
                title="Reunión" if visit % 33 == 0 else None,
                all_day=False,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=60 if visit % 3 == 0 else 45),
                kind=Kind.OTHER if visit % 33 == 0 else Kind.APPOINTMENT,
                notes=None,
            )
            appointment = Appointment.book(booking, RULES, self.now)
            if visit % 17 == 0:
                appointment.cancel("Viaje", self.now)
            made.append(appointment)
        return made

    def offered(self, booked: Sequence[Appointment]) -> list[Gap]:
        """A gap in the hour that nobody has booked, and one under every eighth appointment."""
        free = (
            (who, self._at(day, self._free_hour(day, who)))
            for who in range(self.at_work)
            for day in range(DAYS)
        )
        offered = [
            Gap.offer(self.people.practitioners[who], Span(at, at + timedelta(hours=1)), self.now)
            for who, at in free
        ]
        monday, friday = self._at(0, 0), self._at(DAYS, 0)
        for each in booked[::8]:
            claim = each.claim
            if claim and monday <= claim.span.starts_at < friday:
                hour = Span(claim.span.starts_at, claim.span.starts_at + timedelta(hours=1))
                gap = Gap.offer(claim.practitioner_id, hour, self.now)
                gap.settle([Taken(each.id, claim.span)], self.now)
                offered.append(gap)
        return offered

    def _hours(self) -> Iterator[tuple[int, int, datetime]]:
        """The hours that are booked, all practitioners' at one time after the other."""
        place = 0
        for day in range(DAYS):
            for hour in HOURS:
                at = self._at(day, hour)
                for who in range(self.at_work):
                    if hour != self._free_hour(day, who):
                        yield place, who, at
                        place += 1

    def _free_hour(self, day: int, who: int) -> int:
        return HOURS[(self.number + day + who) % len(HOURS)]

    def _at(self, day: int, hour: int) -> datetime:
        moment = datetime.combine(self.monday + timedelta(days=day), clock(hour))
        return RULES.clinic_time.instant(moment, "startsAt")


def _weeks(size: int, people: People) -> Iterator[_Week]:
    everybody = len(people.practitioners)
    full, first = everybody * _A_WEEK, _past(size) % (everybody * _A_WEEK)
    past = _past(size) // full + bool(first)
    for number in range(past):
        visits = first if first and number == 0 else full
        yield _Week(number, PRESENT - timedelta(weeks=past - number), people, everybody, visits)
    present = PRESENT_PRACTITIONERS * _A_WEEK
    for ahead in range(_WEEKS_TO_COME + 1):
        visits = present // 2 if ahead else present
        monday = PRESENT + timedelta(weeks=ahead)
        yield _Week(past + ahead, monday, people, PRESENT_PRACTITIONERS, visits)


async def _take_room(work: SqlWork) -> None:
    """SQLite's usual 2 MB of cache would write and read the same index pages again and again."""
    if work.connection.dialect.name == "sqlite":
        await work.connection.exec_driver_sql("PRAGMA cache_size=-262144")
        await work.connection.exec_driver_sql("PRAGMA wal_autocheckpoint=65536")


async def _take_time(database: Database, people: People) -> None:
    """The slots and days follow from the appointments; each person's come in the order of their key."""
    seconds = "unixepoch({})" if database.is_sqlite else "TIMESTAMPDIFF(SECOND, '1970-01-01', {})"
    starts, ends = (f"{seconds.format(f'a.{name}_at')} / 300" for name in ("starts", "ends"))
    division = starts if database.is_sqlite else starts.replace("/", "DIV")
    numbers = " UNION ALL ".join(f"SELECT {n} n" for n in range(12))
    for person, ids in (("practitioner_id", people.practitioners), ("patient_id", people.patients)):
        for some in _some(sorted(ids), 1 if person == "practitioner_id" else _PATIENTS_A_STATEMENT):
            whose = f"a.{person} BETWEEN :first AND :last AND a.status <> 'cancelled'"
            async with database.writing() as connection:
                bounds = {"first": some[0].hex, "last": some[-1].hex}
                await connection.execute(
                    text(
                        f"INSERT INTO busy_slots (resource, slot, lane, appointment_id) "
                        f"SELECT a.{person}, {division} + numbers.n, 0, a.id FROM appointments a "
                        f"JOIN ({numbers}) numbers ON {starts} + numbers.n < {ends} "
                        f"WHERE {whose} ORDER BY 1, 2"
                    ),
                    bounds,
                )
                await connection.execute(
                    text(
                        f"INSERT INTO busy_days (resource, day, v) "
                        f"SELECT DISTINCT a.{person}, DATE(a.starts_at), 1 FROM appointments a "
                        f"WHERE {whose} ORDER BY 1, 2"
                    ),
                    bounds,
                )
                await connection.commit()


def _some(many: Sequence[T], count: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(many), count):
        yield many[start : start + count]
