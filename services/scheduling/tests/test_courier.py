"""Reminders arrive whatever the mail server, the process or its siblings do; none is knowingly sent twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from httpx import AsyncClient

from scheduling.adapters.courier import ReminderCourier
from scheduling.adapters.sql import SqlWork
from scheduling.domain.appointment import Booking
from scheduling.domain.reminder import Reminder
from scheduling.main import SchedulingSettings, build_app
from scheduling.use_cases.reminding import claim_reminder
from shared_kernel.chassis.unit_of_work import Transactions
from shared_kernel.dispatch import MOST_TRIES
from testkit.mailbox import HANG_UP, Mailbox
from testkit.service import serving
from testkit.waiting import eventually

Asked = Callable[..., Booking]
Clock = Any
Diary = Any
NewCourier = Callable[..., ReminderCourier]
NewPerson = Callable[..., Awaitable[UUID]]
Outbox = Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]
Settings = Callable[..., SchedulingSettings]

MANY = 12
MORNING = "2026-11-23T19:00+01:00"


@pytest.fixture
async def expected(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, new_expectant: NewPerson, clock: Clock
) -> list[str]:
    """Many patients who all have to be told now; their addresses."""
    ana = await new_practitioner()
    addresses = [f"p{number}@example.com" for number in range(MANY)]
    for number, address in enumerate(addresses):
        start = datetime(2026, 11, 24, 7, tzinfo=UTC) + timedelta(minutes=45 * number)
        patient = await new_expectant(email=address)
        await diary.book(asked(ana, start.isoformat(), 45, patient_id=patient))
    clock.show(MORNING)
    return addresses


@pytest.fixture
async def one(expected: list[str], diary: Diary, asked: Asked, clock: Clock) -> None:
    """As many, of whom only the first is told: it is too early for the others."""
    clock.show("2026-11-23T08:00+01:00")


def told(mailbox: Mailbox) -> list[str]:
    return sorted(address for envelope in mailbox.envelopes for address in envelope.rcpt_tos)


def outcomes(row: Mapping[str, Any]) -> list[str]:
    return [attempt["outcome"] for attempt in orjson.loads(row["attempts"])]


async def test_several_processes_send_each_reminder_once(
    expected: list[str], new_courier: NewCourier, mailbox: Mailbox, outbox: Outbox
) -> None:
    await asyncio.gather(*(new_courier().round() for _ in range(4)))
    await new_courier().round()
    assert told(mailbox) == sorted(expected)
    assert len(set(mailbox.message_ids())) == MANY
    rows = await outbox()
    assert {row["state"] for row in rows} == {"sent"}
    assert [outcomes(row) for row in rows] == [["sent"]] * MANY


async def test_while_one_process_sends_a_reminder_no_other_does(
    one: None, new_courier: NewCourier, mailbox: Mailbox, outbox: Outbox, clock: Clock
) -> None:
    mailbox.attentive.clear()
    sending = asyncio.create_task(new_courier().round())

    async def claimed() -> bool:
        rows = await outbox()
        return bool(rows) and rows[0]["claimed_at"] is not None

    await eventually(claimed, "one has it")
    await new_courier().round()
    clock.now += timedelta(seconds=14)
    await new_courier().round()
    mailbox.attentive.set()
    await sending
    assert len(mailbox.letters) == 1


async def test_what_a_dead_process_had_in_hand_is_sent_by_another_as_the_same_letter(
    one: None,
    new_courier: NewCourier,
    reminding_settings: Settings,
    transactions: Transactions[SqlWork],
    mailbox: Mailbox,
    outbox: Outbox,
    clock: Clock,
) -> None:
    rules = reminding_settings(mailer_url=mailbox.url).reminder_rules
    mailbox.answers = ["451 not now"]
    await new_courier().round()
    clock.now += timedelta(minutes=1)
    (row,) = await outbox()

    class Asking:
        origin, now, repeatable = None, clock.now, None

    async def die_with_it(work: SqlWork) -> Reminder | None:
        return await claim_reminder(work, row["id"], rules, clock.now)

    claimed = await transactions.run(Asking(), die_with_it)  # type: ignore[arg-type]
    assert claimed is not None
    clock.now += rules.lease - timedelta(microseconds=1)
    await new_courier().round()
    assert mailbox.letters == []
    clock.now += timedelta(microseconds=1)
    await new_courier().round()
    assert mailbox.message_ids() == [row["message_id"]] == [claimed.message_id]
    assert outcomes((await outbox())[0]) == ["postponed", "interrupted", "sent"]


async def test_who_is_not_told_that_it_was_taken_sends_the_same_letter_again(
    one: None, new_courier: NewCourier, mailbox: Mailbox, outbox: Outbox, clock: Clock
) -> None:
    mailbox.answers = [HANG_UP]
    await new_courier().round()
    clock.now += timedelta(minutes=1)
    await new_courier().round()
    (row,) = await outbox()
    assert mailbox.message_ids() == [row["message_id"]] * 2
    assert (row["state"], outcomes(row)) == ("sent", ["postponed", "sent"])


@pytest.mark.parametrize("where", ["address", "letter"])
async def test_what_is_refused_for_good_is_tried_again_only_by_hand(
    one: None,
    new_courier: NewCourier,
    mailbox: Mailbox,
    outbox: Outbox,
    clock: Clock,
    where: str,
    diary: Diary,
) -> None:
    refusal = "550 5.1.1 <p0@example.com> no such user"
    if where == "address":
        mailbox.unknown["p0@example.com"] = refusal
    else:
        mailbox.answers = [refusal]
    for _ in range(3):
        await new_courier().round()
        clock.now += timedelta(minutes=10)
    (row,) = await outbox()
    (attempt,) = orjson.loads(row["attempts"])
    assert (row["state"], row["next_attempt_at"], attempt["outcome"]) == ("failed", None, "refused")
    assert attempt["detail"] == refusal
    assert mailbox.letters == []


async def test_refused_for_now_it_is_tried_again_later_and_later_until_a_person_must_look(
    one: None, new_courier: NewCourier, mailbox: Mailbox, outbox: Outbox, clock: Clock
) -> None:
    mailbox.unknown["p0@example.com"] = "450 4.2.1 greylisted"
    pauses = []
    for _ in range(MOST_TRIES):
        await new_courier(reminder_hours_before=1).round()
        await new_courier(reminder_hours_before=24).round()
        (row, *_others) = await outbox()
        if row["state"] != "waiting":
            break
        pauses.append((row["next_attempt_at"] - clock.now).total_seconds())
        clock.now = row["next_attempt_at"]
    assert pauses[:8] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert set(pauses[8:]) == {3600}
    assert (row["state"], outcomes(row)) == ("failed", ["postponed"] * MOST_TRIES)


async def test_while_the_server_is_away_nobody_waits_for_it_twice_and_then_all_arrive_once(
    expected: list[str], new_courier: NewCourier, outbox: Outbox, clock: Clock
) -> None:
    away = Mailbox()
    await new_courier(mailer_url=away.url).round()
    rows = await outbox()
    assert sorted(Counter(len(outcomes(row)) for row in rows).items()) == [(0, MANY - 1), (1, 1)]
    assert {row["state"] for row in rows} == {"waiting"}
    with away.open():
        clock.now += timedelta(minutes=1)
        await new_courier(mailer_url=away.url).round()
    assert told(away) == sorted(expected)
    assert len(set(away.message_ids())) == MANY


async def test_a_service_that_is_stopped_finishes_the_letter_in_hand(
    one: None, new_courier: NewCourier, mailbox: Mailbox, outbox: Outbox
) -> None:
    mailbox.attentive.clear()
    running = asyncio.create_task(new_courier().run())

    async def claimed() -> bool:
        rows = await outbox()
        return bool(rows) and rows[0]["claimed_at"] is not None

    await eventually(claimed, "a letter is in hand")
    running.cancel()
    mailbox.attentive.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [row["state"] for row in await outbox()] == ["sent"]


@asynccontextmanager
async def service_that_reminds(
    settings: SchedulingSettings, fetch_keys: Any, token_for: Any
) -> AsyncIterator[AsyncClient]:
    async with (
        serving(build_app(settings, fetch_keys), token_for) as service,
        service.as_("ROLE_RECEPTIONIST") as desk,
    ):
        yield desk


async def test_a_running_service_tells_whoever_is_expected_soon_and_after_a_restart_nobody_twice(
    database: Any,
    reminding_settings: Settings,
    fetch_keys: Any,
    token_for: Callable[..., str],
    new_practitioner: NewPerson,
    new_expectant: NewPerson,
    mailbox: Mailbox,
) -> None:
    settings = reminding_settings(mailer_url=mailbox.url)
    now = datetime.now(UTC)
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    ana = str(await new_practitioner())

    async def book(desk: AsyncClient, address: str, hours: int) -> None:
        visit = {
            "practitionerId": ana,
            "patientId": str(await new_expectant(email=address)),
            "startsAt": (start + timedelta(hours=hours)).isoformat(),
            "endsAt": (start + timedelta(hours=hours + 1)).isoformat(),
        }
        answer = await desk.post("/api/appointments", json=visit)
        assert answer.status_code == 201, answer.text

    async def arrived(desk: AsyncClient, *addresses: str) -> None:
        async def has() -> bool:
            page = (await desk.get("/api/reminders", params={"state": "sent"})).json()
            return [reminder["to"] for reminder in page["member"]] == list(addresses)

        await eventually(has, f"{len(addresses)} letters have been sent")

    async with service_that_reminds(settings, fetch_keys, token_for) as desk:
        await book(desk, "one@example.com", 0)
        await arrived(desk, "one@example.com")
    async with service_that_reminds(settings, fetch_keys, token_for) as desk:
        await book(desk, "two@example.com", 1)
        await arrived(desk, "two@example.com", "one@example.com")
    assert told(mailbox) == ["one@example.com", "two@example.com"]
