"""The scheduling service on both databases, with people to book, for every test of this folder."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from sqlalchemy import RowMapping, select

from scheduling.adapters.courier import ReminderCourier
from scheduling.adapters.sql import SqlWork
from scheduling.adapters.tables import appointments, busy_slots, gaps, reminders
from scheduling.domain.appointment import Booking, DiaryEntry, Kind, Revision, Status
from scheduling.domain.diary import DiaryRules, Span
from scheduling.domain.gap import LONGEST_GENERATION
from scheduling.domain.time_off import Leave, TimeOff
from scheduling.domain.week_grid import WeekGrid
from scheduling.main import MIGRATIONS, SchedulingSettings, build_app, courier, visit_links
from scheduling.queries.appointments import GAP, calendar_in_window
from scheduling.subscribers import SUBSCRIPTIONS, keep_attendee, keep_practitioner
from scheduling.use_cases.booking import (
    book_appointment,
    cancel_appointment,
    change_appointment,
    delete_appointment,
)
from scheduling.use_cases.gaps import create_empty_slots, delete_empty_slots
from scheduling.use_cases.working_hours import change_week_grid, delete_time_off, plan_time_off
from shared_kernel.aggregate import DomainEvent
from shared_kernel.chassis import event_store, schema
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.event_feed import event_feed
from shared_kernel.chassis.event_store import Fact
from shared_kernel.chassis.origin import Origin
from shared_kernel.chassis.subscription import HeardEvent
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.identifiers import new_id
from testkit.mailbox import Mailbox
from testkit.servers import LOOPBACK, free_port
from testkit.service import NOBODY_LISTENS, ServiceClient, emptied, migrated, serving
from testkit.tokens import SigningKey
from testkit.waiting import eventually

NOBODY_ANSWERS = "http://127.0.0.1:1"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest_asyncio.fixture(scope="session")
async def schema_url(fresh_database: Callable[[], object]) -> AsyncIterator[str]:
    with fresh_database() as url:  # type: ignore[attr-defined]
        async with migrated(url, MIGRATIONS) as ready:
            yield ready


@pytest_asyncio.fixture
async def database(schema_url: str) -> AsyncIterator[Database]:
    async with emptied(schema_url) as empty:
        yield empty


@pytest.fixture(scope="session")
def settings(schema_url: str) -> SchedulingSettings:
    """What the service is told."""
    return SchedulingSettings(
        database_url=schema_url,
        redis_url=NOBODY_LISTENS,
        identity_url=NOBODY_ANSWERS,
        patients_url=NOBODY_ANSWERS,
        reminder_hours_before=0,  # the tests that want reminders send them themselves
        service_secret="of tests",
    )


@pytest.fixture(scope="session")
def fetch_keys(signing_key: SigningKey) -> Callable[[], Awaitable[dict[str, Any]]]:
    async def keys() -> dict[str, Any]:
        return dict(signing_key.jwks)

    return keys


@pytest_asyncio.fixture(scope="session")
async def shared_service(
    settings: SchedulingSettings, fetch_keys: Any, token_for: Callable[..., str]
) -> AsyncIterator[ServiceClient]:
    async with serving(build_app(settings, fetch_keys), token_for) as client:
        yield client


@pytest.fixture
def service(database: Database, shared_service: ServiceClient) -> ServiceClient:
    """The service all tests share, on a database emptied for this one."""
    return shared_service


@pytest.fixture
def rules() -> DiaryRules:
    return DiaryRules(ClinicTime(ZoneInfo("Europe/Madrid")), timedelta(hours=10))


@pytest.fixture
def transactions(database: Database) -> Transactions[SqlWork]:
    return Transactions(database, SqlWork, asyncio.Event())


@pytest.fixture
def ana() -> dict[str, Any]:
    """What identity says of a practitioner."""
    return {
        "name": "Ana Ruiz Peña",
        "roles": ["ROLE_PRACTITIONER"],
        "status": "active",
        "locale": "es",
        "practitioner": True,
        "colour": "#2563eb",
    }


@pytest.fixture
def maria() -> dict[str, Any]:
    """What patients says of a patient."""
    return {
        "number": 1,
        "firstName": "María José",
        "lastName": "Muñoz García",
        "fullName": "María José Muñoz García",
        "taxId": None,
        "phone": "+34 600 11 22 33",
        "email": None,
        "address": None,
        "rate": None,
        "status": "active",
        "customerId": None,
    }


@pytest.fixture
def hear(database: Database) -> Callable[..., Awaitable[UUID]]:
    """`hear(name, payload, about, version)`: the effect of one event, by itself."""
    effects = {name: effect for s in SUBSCRIPTIONS for name, effect in s.effects.items()}

    async def hear(name: str, payload: dict[str, Any], about: UUID | None = None, version: int = 1) -> UUID:
        about = about or new_id(NOW)
        async with database.writing() as connection:
            await effects[name](connection, _heard(name, payload, about, version))
            await connection.commit()
        return about

    return hear


def _heard(name: str, payload: dict[str, Any], about: UUID, version: int) -> HeardEvent:
    envelope = {
        "seq": version,
        "name": name,
        "aggregate": {"id": str(about), "version": version},
        "payload": payload,
        "correlationId": None,
        "traceparent": None,
        "previousHash": "",
        "hash": "",
    }
    return HeardEvent.read(name.partition(".")[0], envelope)


@pytest.fixture
def new_practitioner(hear: Any, ana: dict[str, Any]) -> Callable[..., Awaitable[UUID]]:
    async def new_practitioner(**face: object) -> UUID:
        return UUID(str(await hear("identity.user-created.v1", ana | face)))

    return new_practitioner


@pytest.fixture
def new_patient(hear: Any, maria: dict[str, Any]) -> Callable[..., Awaitable[UUID]]:
    async def new_patient(**face: object) -> UUID:
        return UUID(str(await hear("patients.patient-registered.v1", maria | face)))

    return new_patient


@pytest.fixture
def asked() -> Callable[..., Booking]:
    """`asked(practitioner, "2026-11-23T10:00", minutes=60, ...)`: a booking in the clinic's wall clock."""

    def asked(
        practitioner_id: UUID,
        starts_at: str,
        minutes: int = 60,
        patient_id: UUID | None = None,
        title: str | None = "Visita",
        all_day: bool = False,
        kind: Kind = Kind.APPOINTMENT,
    ) -> Booking:
        start = datetime.fromisoformat(starts_at)
        return Booking(
            practitioner_id=practitioner_id,
            patient_id=patient_id,
            title=title,
            all_day=all_day,
            starts_at=start,
            ends_at=start + timedelta(minutes=minutes),
            kind=kind,
            notes=None,
        )

    return asked


@dataclass(frozen=True)
class Asking:
    """Stands where a request stands."""

    origin: Origin = field(default_factory=Origin)
    now: datetime = NOW
    repeatable: None = None


class Diary:
    """The use cases, each in a transaction of its own, as the desk would ask for them."""

    def __init__(self, transactions: Transactions[SqlWork], rules: DiaryRules, default: WeekGrid) -> None:
        self.rules = rules
        self.default = default
        self._transactions = transactions

    async def run(self, use_case: Callable[[SqlWork], Awaitable[Any]]) -> Any:
        return await self._transactions.run(Asking(), use_case)

    async def book(self, booking: Booking, overbook: str | None = None) -> DiaryEntry:
        return await self.run(lambda work: book_appointment(work, booking, self.rules, NOW, overbook))

    async def change(
        self,
        id: UUID,  # noqa: A002
        version: int | None = None,
        overbook: str | None = None,
        status: Status | None = None,
        reason: str | None = None,
        **fields: object,
    ) -> DiaryEntry:
        """`change(id, starts_at=..., status=...)`: what is not said stays."""

        def changed(seen: Revision) -> Revision:
            kept = seen.status_reason if status in (None, seen.status) else None
            return Revision(replace(seen.booking, **fields), status or seen.status, reason or kept)

        return await self.run(
            lambda work: change_appointment(work, id, version, changed, self.rules, NOW, overbook)
        )

    async def move(self, id: UUID, starts_at: str, minutes: int = 60, **others: Any) -> DiaryEntry:  # noqa: A002
        start = datetime.fromisoformat(starts_at)
        return await self.change(id, starts_at=start, ends_at=start + timedelta(minutes=minutes), **others)

    async def cancel(self, id: UUID, version: int | None = None) -> DiaryEntry:  # noqa: A002
        return await self.run(lambda work: cancel_appointment(work, id, version, "Enferma", NOW))

    async def delete(self, id: UUID, version: int | None = None) -> None:  # noqa: A002
        await self.run(lambda work: delete_appointment(work, id, version, NOW))

    async def generate(self, practitioner_id: UUID, start: str, end: str) -> int:
        window = self.window(start, end)
        return await self.run(
            lambda work: create_empty_slots(work, practitioner_id, window, self.default, self.rules, NOW)
        )

    async def clear(self, practitioner_id: UUID, start: str, end: str) -> int:
        window = self.window(start, end)
        return await self.run(lambda work: delete_empty_slots(work, practitioner_id, window))

    async def away(
        self,
        practitioner_id: UUID | None,
        start: str,
        end: str,
        all_day: bool = False,
        title: str | None = None,
    ) -> TimeOff:
        leave = Leave(
            practitioner_id=practitioner_id,
            title=title,
            all_day=all_day,
            starts_at=datetime.fromisoformat(start),
            ends_at=datetime.fromisoformat(end),
        )
        return await self.run(lambda work: plan_time_off(work, leave, self.rules, NOW))

    async def back(self, time_off_id: UUID) -> None:
        await self.run(lambda work: delete_time_off(work, time_off_id, None, lambda _: None))

    async def works(self, practitioner_id: UUID, **days: list[str]) -> None:
        """`works(ana, monday=["09:00-10:00"])`: her own week."""
        grid = WeekGrid.build(days)
        await self.run(lambda work: change_week_grid(work, practitioner_id, None, grid, self.default))

    def window(self, start: str, end: str) -> Span:
        moments = datetime.fromisoformat(start), datetime.fromisoformat(end)
        return self.rules.window(*moments, LONGEST_GENERATION, ("start", "end"))


@pytest.fixture(scope="session")
def diary_on(settings: SchedulingSettings) -> Callable[[Transactions[SqlWork]], Diary]:
    """`diary_on(transactions)`: for tests that have a loop and connections of their own."""
    return lambda transactions: Diary(transactions, settings.rules, settings.week_grid)


@pytest.fixture(scope="session")
def two_of_each() -> Callable[[Database], Awaitable[tuple[list[UUID], list[UUID]]]]:
    """`await two_of_each(database)`: two practitioners and two patients, known there."""

    async def two_of_each(database: Database) -> tuple[list[UUID], list[UUID]]:
        ids = [new_id(NOW) for _ in range(4)]
        async with database.writing() as connection:
            for about in ids[:2]:
                face = {"name": "Ana", "colour": "#2563eb", "practitioner": True, "status": "active"}
                await keep_practitioner(connection, _heard("identity.user-created.v1", face, about, 1))
            for about in ids[2:]:
                patient = {"fullName": "María", "phone": None, "email": None, "status": "active"}
                await keep_attendee(connection, _heard("patients.patient-registered.v1", patient, about, 1))
            await connection.commit()
        return ids[:2], ids[2:]

    return two_of_each


@pytest.fixture(scope="session")
def check() -> Callable[[Database], Awaitable[None]]:
    return check_soundness


@pytest.fixture
def diary(transactions: Transactions[SqlWork], rules: DiaryRules, settings: SchedulingSettings) -> Diary:
    return Diary(transactions, rules, settings.week_grid)


class Clock:
    """The time, as a test says it is."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def show(self, wall_clock: str) -> None:
        """`clock.show("2026-11-22T10:00+01:00")`."""
        self.now = datetime.fromisoformat(wall_clock).astimezone(UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Where letters are handed in."""
    with Mailbox().open() as mailbox:
        yield mailbox


@pytest.fixture
def reminding_settings(settings: SchedulingSettings) -> Callable[..., SchedulingSettings]:
    """`reminding_settings(mailer_url=mailbox.url)`: a clinic that reminds its patients a day before."""

    def reminding_settings(**others: Any) -> SchedulingSettings:
        told = {
            "reminder_hours_before": 24,
            "mail_from": "Fisio Peña <citas@clinic.example>",
            "mail_timeout": 5,
            "public_url": "https://clinic.example/",
            "company_name": "Fisioterapia Peña",
            "company_phone": "910 00 00 00",
        }
        return SchedulingSettings.model_validate(settings.model_dump() | told | others)

    return reminding_settings


@pytest.fixture
def new_courier(
    reminding_settings: Callable[..., SchedulingSettings],
    database: Database,
    clock: Clock,
    mailbox: Mailbox,
) -> Callable[..., ReminderCourier]:
    """`new_courier()`: one more process that writes and sends reminders; `mailer_url=""` without a mail
    server."""

    def new_courier(**told: Any) -> ReminderCourier:
        others = reminding_settings(**{"mailer_url": mailbox.url} | told)
        transactions = Transactions(database, SqlWork, asyncio.Event())
        return courier(others, database, transactions, visit_links(others), clock)

    return new_courier


@pytest.fixture
def new_expectant(new_patient: Callable[..., Awaitable[UUID]]) -> Callable[..., Awaitable[UUID]]:
    """A patient who asked to be reminded."""

    async def new_expectant(**face: object) -> UUID:
        asked = {"email": "maria@example.com", "emailReminders": True, "language": "es"}
        return await new_patient(**asked | face)

    return new_expectant


@pytest.fixture
def outbox(database: Database) -> Callable[[], Awaitable[Sequence[RowMapping]]]:
    """All reminders, the oldest first."""

    async def outbox() -> Sequence[RowMapping]:
        async with database.reading() as connection:
            query = select(reminders).order_by(reminders.c.starts_at, reminders.c.turn)
            return (await connection.execute(query)).mappings().all()

    return outbox


@pytest.fixture
def offered(database: Database, rules: DiaryRules) -> Callable[..., Awaitable[list[str]]]:
    """`offered(ana)`: when her gaps on offer begin and end, on the clinic's wall clock."""

    async def offered(practitioner_id: UUID) -> list[str]:
        window = datetime(2026, 3, 1, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)
        async with database.reading() as connection:
            rows = await calendar_in_window(connection, *window, practitioner_id)
        shown = rules.clinic_time.shown
        return [
            f"{shown(row['starts_at']):%d %H:%M}-{shown(row['ends_at']):%H:%M}"
            for row in rows
            if row["type"] == GAP
        ]

    return offered


@pytest.fixture
def expect_sound(database: Database) -> Callable[[], Awaitable[None]]:
    return lambda: check_soundness(database)


async def check_soundness(database: Database) -> None:
    """No two live appointments of one person overlap unless one was put there on purpose; the slots are
    exactly those of the live ones; a gap is consumed by what lies over it; no two gaps of one overlap."""
    async with database.reading() as connection:
        rows = (await connection.execute(select(appointments))).mappings().all()
        slots = (await connection.execute(select(busy_slots))).mappings().all()
        offers = (await connection.execute(select(gaps))).mappings().all()
    live = [row for row in rows if row["status"] != "cancelled"]
    for one, other in combinations(live, 2):
        shared = {one["practitioner_id"], one["patient_id"]} & {other["practitioner_id"], other["patient_id"]}
        if shared - {None} and _overlap(one, other):
            assert one["overbook_reason"] or other["overbook_reason"], (one, other)
    assert sorted((s["resource"], s["slot"], s["appointment_id"]) for s in slots) == sorted(
        (person, slot, row["id"])
        for row in live
        for person in (row["practitioner_id"], row["patient_id"])
        if person
        for slot in range(int(row["starts_at"].timestamp()) // 300, int(row["ends_at"].timestamp()) // 300)
    )
    for gap in offers:
        mine = [row for row in live if row["practitioner_id"] == gap["practitioner_id"]]
        over = [row["id"] for row in mine if _overlap(row, gap)]
        assert gap["consumed_by"] in over if over else gap["consumed_by"] is None, (gap, over)
    for one, other in combinations(offers, 2):
        assert one["practitioner_id"] != other["practitioner_id"] or not _overlap(one, other)


def _overlap(one: RowMapping, other: RowMapping) -> bool:
    return bool(one["starts_at"] < other["ends_at"] and other["starts_at"] < one["ends_at"])


class Owner:
    """Another context as far as scheduling can tell: a log, and the routes by which it is read."""

    def __init__(self, context: str, database: Database) -> None:
        self.context = context
        self.database = database
        self.committed = asyncio.Event()

    async def say(
        self, event: str, face: dict[str, Any], about: UUID | None = None, version: int = 1
    ) -> UUID:
        """`say("PatientRenamed", …)`: the event is in the log."""
        about = about or new_id(datetime.now(UTC))
        fact = Fact(type(event, (DomainEvent,), {})(face), "Somebody", about, version)
        async with self.database.writing() as connection:
            await event_store.append(connection, self.context, [fact], Origin(), datetime.now(UTC))
            await connection.commit()
        self.committed.set()
        return about

    async def log(self) -> list[dict[str, Any]]:
        """All that was said, as it travels."""
        async with self.database.reading() as connection:
            return await event_store.events_after(connection, 0, 1000)


@pytest_asyncio.fixture
async def identity(tmp_path: Path) -> AsyncIterator[Owner]:
    async with _owner("identity", tmp_path) as owner:
        yield owner


@pytest_asyncio.fixture
async def patients(tmp_path: Path) -> AsyncIterator[Owner]:
    async with _owner("patients", tmp_path) as owner:
        yield owner


@asynccontextmanager
async def _owner(context: str, folder: Path) -> AsyncIterator[Owner]:
    no_tables_of_its_own = folder / context
    no_tables_of_its_own.mkdir()
    database = Database(f"sqlite+aiosqlite:///{folder / context}.db")
    await schema.migrate(database, no_tables_of_its_own)
    yield Owner(context, database)
    await database.close()


@pytest_asyncio.fixture
async def owners_url(identity: Owner, patients: Owner) -> AsyncIterator[str]:
    """Both owners over HTTP, at `/identity` and `/patients`."""
    app = FastAPI()
    app.state.request_timeout = 5.0
    for owner in (identity, patients):
        app.include_router(event_feed(owner.database), prefix=f"/{owner.context}")

    @app.post("/identity/internal/service-token")
    async def service_token() -> dict[str, Any]:
        return {"token": "t", "expiresIn": 900}

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, LOOPBACK, port, log_config=None, ws="none"))
    running = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started, "the owners answer")
    yield f"http://{LOOPBACK}:{port}"
    server.should_exit = True
    await running
