"""Many at once do everything that can be done with invoices, through two services: the books add up."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from billing_surroundings import MARIA, REGISTERED, Diary, Json
from httpx import AsyncClient, Response
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.tables import billed_visits, invoice_lines, invoices, pack_uses, packs, payments
from shared_kernel.chassis.database import Database

NewService = Callable[..., Any]
Hear = Callable[..., Awaitable[None]]

CLIENTS, EACH = 12, 15
CHILD = UUID("019ab2f0-7c1e-7d3a-9c55-0b7a4e1d2f02")
PATIENTS = (MARIA, CHILD)
EXPECTED = (200, 201, 409, 412, 422, 503)  # 503: whether there is such an appointment cannot be asked
TODAY = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)


@pytest_asyncio.fixture
async def doors(database: Database, new_service: NewService) -> AsyncIterator[list[AsyncClient]]:
    """Two services of their own on one database, as two processes would be."""
    async with AsyncExitStack() as stack:
        services = [await stack.enter_async_context(new_service(invoice_edit_enabled=True)) for _ in range(2)]
        yield [await stack.enter_async_context(service.as_("ROLE_ADMIN")) for service in services]


class Storm:
    """Whatever a desk may do, at random."""

    def __init__(self, diary: Diary, dice: random.Random) -> None:
        self.doings = ((self.issue, 4), (self.pay, 4), (self.rectify, 2), (self.edit, 1))
        self.events = ((self.attend, 4), (self.take_back, 2))
        self.dice = dice
        self._diary = diary
        self._known: list[str] = []
        self._attended: list[tuple[UUID, UUID]] = []

    def line(self, lowest: float = 0, **more: object) -> Json:
        price, quantity = self.dice.uniform(lowest, 90), self.dice.uniform(0.01, 3)
        return {"concept": "Sesión", "quantity": f"{quantity:.2f}", "unitPrice": f"{price:.2f}", **more}

    async def issue(self, door: AsyncClient) -> Response:
        patient = self.dice.choice(PATIENTS)
        lines = [self.line() for _ in range(self.dice.randint(1, 3))]
        if self.dice.random() < 0.3:
            lines.append(self.line(packSessions=self.dice.randint(1, 4)))
        visits = [appointment for appointment, whose in self._attended if whose == patient]
        if visits and self.dice.random() < 0.5:
            lines.append(self.line(appointmentId=str(self.dice.choice(visits))))
        wish = {"patientId": str(patient), "fullName": "María", "address": "Calle 1", "lines": lines}
        return self._noted(await door.post("/api/invoices", json=wish))

    async def pay(self, door: AsyncClient) -> Response:
        kind = self.dice.choice(["payment", "payment", "refund"])
        wish = {"amount": f"{self.dice.uniform(0.01, 80):.2f}", "method": "card", "kind": kind}
        return await door.post(f"{self.dice.choice(self._known)}/payments", json=wish)

    async def rectify(self, door: AsyncClient) -> Response:
        wishes: list[Json] = [
            {"kind": "difference"},
            {"kind": "difference", "lines": [self.line(-90)]},
            {"kind": "replacement", "lines": [self.line()]},
        ]
        wish = {"reason": "Error"} | self.dice.choice(wishes)
        return self._noted(await door.post(f"{self.dice.choice(self._known)}/rectification", json=wish))

    async def edit(self, door: AsyncClient) -> Response:
        wish = {"fullName": "María", "address": "Calle 2", "lines": [self.line()]}
        return await door.put(self.dice.choice(self._known), json=wish, headers={"If-Match": "*"})

    async def attend(self, _: AsyncClient) -> None:
        patient = self.dice.choice(PATIENTS)
        starts_at = TODAY + timedelta(minutes=5 * self.dice.randrange(100))
        self._attended.append((await self._diary.attend(starts_at, patient), patient))

    async def take_back(self, _: AsyncClient) -> None:
        if self._attended:
            appointment, patient = self.dice.choice(self._attended)
            became = self.dice.choice(["restored", "attended", "missed"])
            await self._diary.say(became, appointment, TODAY, patient)

    def _noted(self, answer: Response) -> Response:
        if answer.status_code == 201:
            self._known.append(answer.headers["location"])
        return answer


@pytest.mark.slow
async def test_a_storm_of_everything_leaves_the_books_sound(
    doors: list[AsyncClient], database: Database, diary: Diary, hear: Hear
) -> None:
    dice = random.Random(seed := random.randrange(10**6))  # noqa: S311 - a test's dice
    for patient in PATIENTS:
        await hear(REGISTERED, patient)
    storm = Storm(diary, dice)
    doings, weights = zip(*storm.doings, *storm.events, strict=True)

    async def client(number: int) -> None:
        door = doors[number % 2]
        await storm.issue(door)
        for _ in range(EACH):
            answer = await dice.choices(doings, weights)[0](door)
            assert answer is None or answer.status_code in EXPECTED, (seed, answer.text)

    async with asyncio.timeout(300):
        await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    async with database.reading() as connection:
        await expect_sound(connection, seed)


async def expect_sound(connection: AsyncConnection, seed: int) -> None:
    async def all_of(query: Any) -> list[Any]:
        return list((await connection.execute(query)).all())

    kept = await all_of(select(invoices))
    summed = select(invoice_lines.c.invoice_id, func.sum(invoice_lines.c.amount))
    lines = dict(await all_of(summed.group_by(invoice_lines.c.invoice_id)))
    paid = await all_of(select(payments.c.invoice_id, payments.c.kind, payments.c.amount))
    for invoice in kept:
        mine = [amount if kind == "payment" else -amount for of, kind, amount in paid if of == invoice.id]
        assert lines[invoice.id] == invoice.amount, seed
        assert sum(mine) == invoice.paid >= 0, seed
        assert invoice.due >= 0, seed
    assert sum(invoice.due for invoice in kept) == sum(invoice.turnover for invoice in kept), seed
    for series in ("F", "R"):
        numbers = sorted(int(invoice.number[4:]) for invoice in kept if invoice.series == series)
        assert numbers == list(range(1, len(numbers) + 1)), (seed, series)
    uses = [pack_id for (pack_id,) in await all_of(select(pack_uses.c.pack_id))]
    for pack in await all_of(select(packs)):
        assert pack.used == uses.count(pack.id) <= pack.sessions, seed
    both = select(pack_uses.c.appointment_id).join(
        billed_visits, billed_visits.c.appointment_id == pack_uses.c.appointment_id
    )
    assert await all_of(both) == [], seed
    in_force = {invoice.id for invoice in kept if invoice.status == "issued"}
    assert {of for (of,) in await all_of(select(billed_visits.c.invoice_id))} <= in_force, seed
