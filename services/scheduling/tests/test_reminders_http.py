"""The outbox over HTTP: who may see it, what it says, and how what failed is tried again."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from httpx import AsyncClient

from scheduling.adapters.courier import ReminderCourier
from scheduling.domain.appointment import Booking
from scheduling.main import SchedulingSettings, build_app
from testkit.mailbox import Mailbox
from testkit.service import ServiceClient

Asked = Callable[..., Booking]
Clock = Any
Diary = Any
NewCourier = Callable[..., ReminderCourier]
NewPerson = Callable[..., Awaitable[UUID]]
Outbox = Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]

ROLES = ("ROLE_RECEPTIONIST", "ROLE_PRACTITIONER", "ROLE_USER", "ROLE_ADMIN")
PATH = "/api/reminders"
ROUTES = (
    ("GET", PATH),
    ("GET", f"{PATH}/settings"),
    ("POST", f"{PATH}/01890000-0000-7000-8000-00000000000a/retry"),
)


@pytest_asyncio.fixture
async def desk(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with service.as_("ROLE_RECEPTIONIST") as client:
        yield client


@pytest.fixture
async def expected(
    diary: Diary, asked: Asked, new_practitioner: NewPerson, new_expectant: NewPerson, clock: Clock
) -> list[UUID]:
    """Three patients who have to be told tomorrow's visit."""
    ana = await new_practitioner()
    patients = []
    for hour in (10, 11, 12):
        patients.append(await new_expectant(email=f"p{hour}@example.com"))
        await diary.book(asked(ana, f"2199-01-08T{hour}:00+01:00", patient_id=patients[-1]))
    clock.show("2199-01-07T12:00+01:00")
    return patients


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_a_token_nothing_is_answered(service: ServiceClient, method: str, path: str) -> None:
    async with service.as_() as nobody:
        assert (await nobody.request(method, path)).status_code == 401


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_all_four_roles_may_and_others_may_not(service: ServiceClient, method: str, path: str) -> None:
    for role in ROLES:
        async with service.as_(role) as client:
            answer = await client.request(method, path)
            assert answer.status_code == (404 if method == "POST" else 200), (role, answer.text)
    async with service.as_("ROLE_GARDENER") as client:
        assert (await client.request(method, path)).status_code == 403


async def test_the_outbox_shows_what_was_sent_to_whom_and_when(
    desk: AsyncClient, expected: list[UUID], new_courier: NewCourier, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.unknown["p11@example.com"] = "550 5.1.1 nobody here"
    await new_courier().round()
    page = (await desk.get(PATH)).json()
    assert page["totalItems"] == 3
    by_address = {reminder["to"]: reminder for reminder in page["member"]}
    sent, failed = by_address["p10@example.com"], by_address["p11@example.com"]
    now = "2199-01-07T12:00:00+01:00"
    told = {name: value for name, value in sent.items() if name not in ("id", "text", "appointmentId")}
    assert told == {
        "patientId": str(expected[0]),
        "patientName": "María José Muñoz García",
        "to": "p10@example.com",
        "subject": "Recordatorio de su cita: martes, 8 de enero de 2199, a las 10:00",
        "language": "es",
        "startsAt": "2199-01-08T10:00:00+01:00",
        "dueAt": "2199-01-07T10:00:00+01:00",
        "state": "sent",
        "messageId": mailbox.message_ids()[0],
        "attempts": [{"at": now, "outcome": "sent", "detail": None}],
        "nextAttemptAt": None,
        "sentAt": now,
        "createdAt": now,
    }
    assert "Le recordamos su cita" in sent["text"]
    assert failed["attempts"] == [{"at": now, "outcome": "refused", "detail": "550 5.1.1 nobody here"}]
    for state, addresses in (
        ("sent", {"p10@example.com", "p12@example.com"}),
        ("failed", {"p11@example.com"}),
        ("waiting", set()),
        ("dropped", set()),
        ("unsent", set()),
        ("all", set(by_address)),
    ):
        found = (await desk.get(PATH, params={"state": state})).json()["member"]
        assert {reminder["to"] for reminder in found} == addresses, state
    hers = (await desk.get(PATH, params={"patientId": str(expected[1])})).json()["member"]
    assert [reminder["to"] for reminder in hers] == ["p11@example.com"]
    first = (await desk.get(PATH, params={"itemsPerPage": 2})).json()
    assert first["view"]["next"] == f"{PATH}?itemsPerPage=2&page=2"
    assert [reminder["id"] for reminder in page["member"]] == sorted(
        (reminder["id"] for reminder in page["member"]), reverse=True
    )


async def test_what_failed_is_sent_again_by_hand_as_the_same_letter(
    desk: AsyncClient, expected: list[UUID], new_courier: NewCourier, mailbox: Mailbox
) -> None:
    mailbox.unknown["p11@example.com"] = "550 5.1.1 nobody here"
    await new_courier().round()
    (failed,) = (await desk.get(PATH, params={"state": "failed"})).json()["member"]
    mailbox.unknown.clear()
    key = {"Idempotency-Key": "once more"}
    again = await desk.post(f"{PATH}/{failed['id']}/retry", headers=key)
    assert (await desk.post(f"{PATH}/{failed['id']}/retry", headers=key)).content == again.content
    assert (again.status_code, again.json()["state"], len(again.json()["attempts"])) == (200, "waiting", 1)
    assert again.json()["nextAttemptAt"] is not None
    await new_courier().round()
    (sent,) = (await desk.get(PATH, params={"patientId": failed["patientId"]})).json()["member"]
    assert (sent["state"], [a["outcome"] for a in sent["attempts"]]) == ("sent", ["refused", "sent"])
    assert mailbox.message_ids()[-1] == failed["messageId"]


async def test_only_what_failed_is_sent_again(
    desk: AsyncClient, expected: list[UUID], new_courier: NewCourier
) -> None:
    await new_courier().round()
    sent = (await desk.get(PATH)).json()["member"][0]
    again = await desk.post(f"{PATH}/{sent['id']}/retry")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/reminder-not-failed")
    unknown = await desk.post(f"{PATH}/{uuid4()}/retry", headers={"X-App-Locale": "es"})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/reminder-not-found")
    assert unknown.json()["detail"] == "No existe ese recordatorio."


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=gone", "state"),
        ("patientId=7", "patientId"),
        ("page=0", "page"),
        ("itemsPerPage=201", "itemsPerPage"),
    ],
)
async def test_what_cannot_be_asked_is_named(desk: AsyncClient, query: str, field: str) -> None:
    answer = await desk.get(f"{PATH}?{query}")
    assert answer.status_code == 422, answer.text
    assert [violation["propertyPath"] for violation in answer.json()["violations"]] == [field]
    assert (await desk.post(f"{PATH}/7/retry")).status_code == 422


@pytest.mark.parametrize("url", ["", "smtp://mail.example"])
async def test_the_screens_are_told_whether_reminders_are_sent(
    reminding_settings: Callable[..., SchedulingSettings],
    token_for: Callable[..., str],
    fetch_keys: Any,
    url: str,
) -> None:
    settings = reminding_settings(mailer_url=url, reminder_hours_before=36)
    client = ServiceClient(build_app(settings, fetch_keys), token_for)
    async with client.as_("ROLE_RECEPTIONIST") as desk:
        told = (await desk.get(f"{PATH}/settings")).json()
    assert told == {"configured": bool(url), "hoursBefore": 36.0}


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"mailer_url": "mail.example"}, "MAILER_URL"),
        ({"mailer_url": "smtp://user:hunter2@"}, "MAILER_URL"),
        ({"mailer_url": "smtp://user:hunter2@mail.example", "mail_from": "nobody"}, "MAIL_FROM"),
        ({"mailer_url": "smtp://user:hunter2@mail.example", "mail_from": ""}, "MAIL_FROM"),
        ({"public_url": "clinic.example"}, "public_url"),
        ({"reminder_hours_before": -1}, "reminder_hours_before"),
        ({"mail_timeout": 0}, "mail_timeout"),
    ],
)
def test_a_setting_that_is_not_right_is_named_at_the_start_and_no_password_is_shown(
    reminding_settings: Callable[..., SchedulingSettings], told: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=named) as refusal:
        reminding_settings(**told)
    assert "hunter2" not in str(refusal.value)


def test_a_lease_outlives_an_attempt(reminding_settings: Callable[..., SchedulingSettings]) -> None:
    settings = reminding_settings(mail_timeout=20)
    assert settings.reminder_rules.lease > 2 * timedelta(seconds=20)
