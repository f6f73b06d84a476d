"""Packs: sold in a line, used by what is attended, given back if it was not; never twice or overdrawn."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from billing_surroundings import ERASED, MARIA, REGISTERED, SCHEDULING, Diary, Json, made, refused
from httpx import AsyncClient
from sqlalchemy import func, select

from billing.adapters.tables import pack_uses, packs, visits
from billing.domain.pack import Pack, PackOverdrawn, Visit, settle
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import event_store

Hear = Callable[..., Awaitable[None]]

CHILD = UUID("019ab2f0-7c1e-7d3a-9c55-0b7a4e1d2f02")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
RATE = {"concept": "Sesión", "quantity": "1", "unitPrice": "60"}


def pack(sold_on: date, sessions: int = 2) -> Pack:
    return Pack.sell(MARIA, uuid4(), "Bono", sessions, sold_on, NOW)


def visit(day: int, number: int = 0) -> Visit:
    starts_at = datetime(2026, 11, day, 9, number, tzinfo=UTC)
    return Visit(uuid4(), MARIA, starts_at, starts_at.date())


def test_the_oldest_pack_pays_the_first_visits_and_the_next_one_the_rest() -> None:
    old, new = pack(date(2026, 11, 1)), pack(date(2026, 11, 3), 5)
    visited = [visit(day) for day in (9, 4, 6, 7)]
    settle([old, new], visited, NOW)
    assert old.uses == [visited[1].appointment_id, visited[2].appointment_id]
    assert new.uses == [visited[3].appointment_id, visited[0].appointment_id]
    assert (old.left, new.left) == (0, 3)


def test_a_pack_pays_nothing_of_before_it_was_sold_and_nothing_beyond_what_it_has() -> None:
    sold = pack(date(2026, 11, 5))
    visited = [visit(4), visit(5), visit(6), visit(7)]
    settle([sold], visited, NOW)
    assert sold.uses == [visited[1].appointment_id, visited[2].appointment_id]
    with pytest.raises(PackOverdrawn):
        sold.use(visited[3], NOW)


def test_what_was_not_attended_after_all_is_given_back_and_pays_the_next_in_turn() -> None:
    sold = pack(date(2026, 11, 1))
    first, second, third = visit(2), visit(3), visit(4)
    settle([sold], [first, second, third], NOW)
    settle([sold], [second, third], NOW)
    assert sold.uses == [second.appointment_id, third.appointment_id]


def test_a_closed_pack_pays_no_more_and_keeps_what_it_paid() -> None:
    sold = pack(date(2026, 11, 1))
    first, second = visit(2), visit(3)
    settle([sold], [first], NOW)
    sold.close(NOW)
    settle([sold], [first, second], NOW)
    assert (sold.uses, sold.left) == ([first.appointment_id], 0)


@pytest_asyncio.fixture
async def desk(desk: AsyncClient, hear: Hear) -> AsyncClient:
    """A desk that knows the patients."""
    await hear(REGISTERED)
    await hear(REGISTERED, CHILD, fullName="Ana Gil Muñoz", taxId=None, rate=None)
    return desk


async def sell(desk: AsyncClient, sessions: int, patient: UUID = MARIA, **more: object) -> Json:
    line = {
        "concept": f"Bono de {sessions}",
        "quantity": "1",
        "unitPrice": "500",
        "packSessions": sessions,
    }
    wish = {"patientId": str(patient), "fullName": "María", "address": "Calle 1", "lines": [line]}
    return await made(desk, "/api/invoices", wish | more)


async def packs_of(desk: AsyncClient, patient: UUID = MARIA) -> list[Json]:
    answer = await desk.get("/api/packs", params={"patientId": str(patient)})
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["member"]
    return found


async def balances(desk: AsyncClient, patient: UUID = MARIA) -> list[tuple[int, int, int]]:
    return [(each["sessions"], each["used"], each["left"]) for each in await packs_of(desk, patient)]


async def prefill(desk: AsyncClient, patient: UUID = MARIA, locale: str = "en") -> Json:
    asked = await desk.get(
        "/api/invoice-prefill", params={"patientId": str(patient)}, headers={"X-App-Locale": locale}
    )
    found: Json = asked.json()
    return found


async def test_a_pack_is_sold_used_given_back_and_exhausted(
    desk: AsyncClient, diary: Diary, database: Database
) -> None:
    invoice = await sell(desk, 2)
    assert invoice["lines"][0]["packSessions"] == 2
    first = await diary.attend(TODAY)
    (sold,) = await packs_of(desk)
    assert (sold["sessions"], sold["used"], sold["left"]) == (2, 1, 1)
    assert (sold["invoiceId"], sold["invoiceDisplayNumber"]) == (invoice["id"], invoice["displayNumber"])
    assert (sold["soldOn"], sold["concept"]) == (invoice["date"], "Bono de 2")
    assert [use["appointmentId"] for use in sold["uses"]] == [str(first)]
    await diary.say("restored", first, TODAY)
    assert await balances(desk) == [(2, 0, 2)]
    await diary.say("attended", first, TODAY)
    second, third = [await diary.attend(TODAY + timedelta(hours=n)) for n in (1, 2)]
    assert await balances(desk) == [(2, 2, 0)]
    assert [line["appointmentId"] for line in (await prefill(desk))["lines"]] == [str(third)]
    await diary.say("missed", second, TODAY)
    assert await balances(desk) == [(2, 2, 0)], "the third takes its place"
    await diary.say("deleted", third, TODAY)
    assert await balances(desk) == [(2, 1, 1)]
    async with database.reading() as connection:
        names = (await connection.execute(select(event_store.c.name).order_by(event_store.c.seq))).scalars()
        told = [name.removeprefix("billing.").removesuffix(".v1") for name in names]
    assert told == [
        "invoice-issued",
        "pack-sold",
        *("pack-used", "pack-given-back", "pack-used", "pack-used"),
        *("pack-given-back", "pack-used", "pack-given-back"),
    ]


async def test_what_was_attended_on_the_day_before_the_pack_was_sold_is_paid_by_it(
    desk: AsyncClient, diary: Diary
) -> None:
    today, yesterday = await diary.attend(TODAY), await diary.attend(TODAY - timedelta(days=1))
    invoice = await sell(desk, 5)
    (sold,) = await packs_of(desk)
    assert sold["soldOn"] == invoice["date"]
    assert [use["appointmentId"] for use in sold["uses"]] == [str(today)]
    assert [line["appointmentId"] for line in (await prefill(desk))["lines"]] == [str(yesterday)]


async def test_packs_are_of_one_patient_and_only_treatments_use_them(desk: AsyncClient, diary: Diary) -> None:
    await sell(desk, 5)
    await diary.attend(TODAY, CHILD)
    meeting, moved = uuid4(), uuid4()
    await diary.say("attended", meeting, TODAY, type="other")
    assert await balances(desk) == [(5, 0, 5)]
    await diary.say("attended", moved, TODAY)
    assert await balances(desk) == [(5, 1, 4)]
    await sell(desk, 3, CHILD)
    await diary.say("changed", moved, TODAY, CHILD, status="attended")
    assert (await balances(desk), await balances(desk, CHILD)) == ([(5, 0, 5)], [(3, 2, 1)])
    await diary.say("changed", moved, TODAY, None, status="attended")
    assert await balances(desk, CHILD) == [(3, 1, 2)]


async def test_events_heard_twice_or_late_change_nothing(
    desk: AsyncClient, diary: Diary, database: Database
) -> None:
    await sell(desk, 5)
    appointment = await diary.attend(TODAY)
    repeated = Diary(database)
    await repeated.say("attended", appointment, TODAY)
    await repeated.say("restored", appointment, TODAY)
    assert await balances(desk) == [(5, 1, 4)]


async def test_the_picture_built_anew_gives_the_same_balance(
    desk: AsyncClient, diary: Diary, database: Database
) -> None:
    await sell(desk, 5)
    attended = [await diary.attend(TODAY + timedelta(hours=n)) for n in range(3)]
    before = await packs_of(desk)
    async with database.writing() as connection:
        await SCHEDULING.forget(connection)
        await connection.commit()
    assert await balances(desk) == [(5, 0, 5)]
    again = Diary(database)
    for n, appointment in enumerate(attended):
        await again.say("attended", appointment, TODAY + timedelta(hours=n))
    assert await packs_of(desk) == before


async def test_lines_are_offered_for_what_was_attended_at_the_patients_rate(
    desk: AsyncClient, diary: Diary
) -> None:
    day = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)
    attended = await diary.attend(day)
    await diary.attend(day - timedelta(days=91))
    booked = uuid4()
    await diary.say("booked", booked, day)
    offered = await prefill(desk, locale="es")
    assert (offered["rate"], offered["packBalance"]) == ("60.00", 0)
    (line,) = offered["lines"]
    assert (line["concept"], line["unitPrice"], line["quantity"]) == (
        "Sesión de fisioterapia",
        "60.00",
        "1.00",
    )
    assert line["appointmentId"] == str(attended)
    assert f" de {TODAY.year}, " in line["description"]
    assert (await prefill(desk))["lines"][0]["concept"] == "Physiotherapy session"
    await diary.attend(day, CHILD)
    assert (await prefill(desk, CHILD))["lines"][0]["unitPrice"] is None
    addressee = {name: offered[name] for name in ("patientId", "fullName", "taxId", "address")}
    await made(desk, "/api/invoices", addressee | {"lines": offered["lines"]})
    assert (await prefill(desk))["lines"] == []
    await sell(desk, 3)
    assert (await prefill(desk))["packBalance"] == 3


async def test_an_appointment_is_billed_once_until_its_invoice_is_undone(
    desk: AsyncClient, diary: Diary
) -> None:
    appointment = await diary.attend(TODAY)
    wish = {"patientId": str(MARIA), "fullName": "María", "address": "Calle 1"}
    billing = wish | {"lines": [RATE | {"appointmentId": str(appointment)}]}
    twice = await desk.post("/api/invoices", json=wish | {"lines": billing["lines"] * 2})  # type: ignore[operator]
    assert refused(twice) == (409, "appointment-billed")
    invoice = await made(desk, "/api/invoices", billing)
    assert refused(await desk.post("/api/invoices", json=billing)) == (409, "appointment-billed")
    await sell(desk, 5)
    assert await balances(desk) == [(5, 0, 5)]
    path = f"/api/invoices/{invoice['id']}/rectification"
    instead = await made(desk, path, {"kind": "replacement", "reason": "x", "lines": billing["lines"]})
    assert refused(await desk.post("/api/invoices", json=billing)) == (409, "appointment-billed")
    path = f"/api/invoices/{instead['id']}/rectification"
    await made(desk, path, {"kind": "difference", "reason": "x"})
    assert await balances(desk) == [(5, 1, 4)], "what no invoice bills any more is paid by the pack"
    assert refused(await desk.post("/api/invoices", json=billing)) == (409, "appointment-paid-by-pack")


async def test_only_appointments_of_the_patient_are_billed(desk: AsyncClient, diary: Diary) -> None:
    hers, cancelled = await diary.attend(TODAY), uuid4()
    await diary.say("booked", cancelled, TODAY)
    await diary.say("cancelled", cancelled, TODAY)
    wish = {"fullName": "María", "address": "Calle 1"}
    for patient, appointment in ((str(CHILD), hers), (None, hers), (str(MARIA), cancelled)):
        lines = [RATE, RATE | {"appointmentId": str(appointment)}]
        answer = await desk.post("/api/invoices", json=wish | {"patientId": patient, "lines": lines})
        assert answer.status_code == 503, "the diary cannot be asked whether there is one"
    assert (await desk.get("/api/invoices")).json()["totalItems"] == 0


async def test_a_pack_whose_invoice_is_cancelled_is_closed(desk: AsyncClient, diary: Diary) -> None:
    invoice = await sell(desk, 5)
    await diary.attend(TODAY)
    path = f"/api/invoices/{invoice['id']}/rectification"
    await made(desk, path, {"kind": "difference", "reason": "Se va de la ciudad"})
    (closed,) = await packs_of(desk)
    assert (closed["used"], closed["left"]) == (1, 0)
    assert closed["closedAt"] is not None
    later = await diary.attend(TODAY + timedelta(hours=1))
    assert [line["appointmentId"] for line in (await prefill(desk))["lines"]] == [str(later)]


async def test_a_pack_goes_with_the_replacement_of_its_invoice(desk: AsyncClient, diary: Diary) -> None:
    invoice = await sell(desk, 5)
    await diary.attend(TODAY)
    instead = await made(
        desk,
        f"/api/invoices/{invoice['id']}/rectification",
        {"kind": "replacement", "reason": "Precio", "lines": [RATE | {"concept": "Bono de 5"}]},
    )
    (sold,) = await packs_of(desk)
    assert (sold["invoiceId"], sold["used"], sold["left"]) == (instead["id"], 1, 4)


async def test_packs_sold_and_visits_attended_at_once_agree(
    desk: AsyncClient, diary: Diary, database: Database
) -> None:
    attending = [diary.attend(TODAY + timedelta(minutes=5 * n)) for n in range(12)]
    selling = [sell(desk, 3) for _ in range(3)]
    await asyncio.gather(*attending, *selling)
    assert sum(used for _, used, _ in await balances(desk)) == 9
    async with database.reading() as connection:
        counted = (await connection.execute(select(func.sum(packs.c.used)))).scalar_one()
        assert (
            int(counted)
            == (await connection.execute(select(func.count()).select_from(pack_uses))).scalar_one()
        )


async def test_the_packs_and_visits_of_somebody_erased_are_in_no_list(
    desk: AsyncClient, diary: Diary, database: Database, hear: Hear
) -> None:
    await sell(desk, 5)
    appointment = await diary.attend(TODAY)
    await hear(ERASED, version=2)
    await diary.say("restored", appointment, TODAY)
    await diary.attend(TODAY)
    assert await packs_of(desk) == []
    async with database.reading() as connection:
        assert (await connection.execute(select(visits))).first() is None


@pytest.mark.parametrize(("params", "field"), [({}, "patientId"), ({"patientId": "x"}, "patientId")])
async def test_a_patient_must_be_named(desk: AsyncClient, params: dict[str, str], field: str) -> None:
    answer = await desk.get("/api/packs", params=params)
    assert [each["propertyPath"] for each in answer.json()["violations"]] == [field]
