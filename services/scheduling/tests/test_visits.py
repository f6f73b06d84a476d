"""What a patient sees and does by the link in her reminder; and what nobody does with a link that is not
good."""

import base64
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from httpx import AsyncClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from scheduling.domain.visit import Visit, VisitLinks, VisitNotFound
from scheduling.main import SchedulingSettings, visit_links
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.tables import audit_trail, event_store
from testkit.service import ServiceClient

Hear = Callable[..., Awaitable[UUID]]
Json = dict[str, Any]
NewPerson = Callable[..., Awaitable[UUID]]
Sound = Callable[[], Awaitable[None]]

APPOINTMENTS = "/api/appointments"
MORNING = {"startsAt": "2199-01-07T10:00:00+01:00", "endsAt": "2199-01-07T11:00:00+01:00"}


@pytest_asyncio.fixture
async def desk(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    async with service.as_("ROLE_RECEPTIONIST") as client:
        yield client


@pytest_asyncio.fixture
async def anyone(service: ServiceClient) -> AsyncIterator[AsyncClient]:
    """Somebody who has not signed in."""
    async with service.as_() as client:
        yield client


@pytest.fixture
def links(settings: SchedulingSettings) -> VisitLinks:
    return visit_links(settings)


@pytest_asyncio.fixture
async def visit(desk: AsyncClient, new_practitioner: NewPerson, new_expectant: NewPerson) -> Json:
    """An appointment somebody may come to."""
    people = {"practitionerId": str(await new_practitioner()), "patientId": str(await new_expectant())}
    answer = await desk.post(APPOINTMENTS, json=MORNING | people | {"title": "Rodilla", "notes": "Sintrom"})
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


def linked(links: VisitLinks, appointment: Json) -> str:
    starts_at = datetime.fromisoformat(appointment["startsAt"])
    return links.token(Visit(UUID(appointment["id"]), UUID(appointment["patientId"]), starts_at))


def path_of(links: VisitLinks, appointment: Json) -> str:
    return f"/api/visits/{linked(links, appointment)}"


async def again(desk: AsyncClient, appointment: Json) -> Json:
    found: Json = (await desk.get(f"{APPOINTMENTS}/{appointment['id']}")).json()
    return found


async def counted(database: Database) -> tuple[int, int]:
    """Events and audited changes."""
    async with database.reading() as connection:
        events = await connection.execute(select(func.count()).select_from(event_store))
        changes = await connection.execute(select(func.count()).select_from(audit_trail))
        return events.scalar_one(), changes.scalar_one()


async def test_the_link_shows_when_and_with_whom_and_nothing_else(
    anyone: AsyncClient, visit: Json, links: VisitLinks
) -> None:
    answer = await anyone.get(path_of(links, visit))
    assert answer.json() == MORNING | {
        "allDay": False,
        "practitionerName": "Ana Ruiz Peña",
        "status": "scheduled",
        "confirmedAt": None,
        "language": "es",
    }


async def test_looking_changes_nothing_however_often_a_mail_scanner_looks(
    anyone: AsyncClient, desk: AsyncClient, visit: Json, links: VisitLinks, database: Database
) -> None:
    before = await counted(database)
    for _ in range(3):
        await anyone.get(path_of(links, visit))
        await anyone.request("HEAD", path_of(links, visit))
    assert await counted(database) == before
    assert await again(desk, visit) == visit


async def test_who_confirms_is_seen_to_have_confirmed_by_herself_and_once(
    anyone: AsyncClient, desk: AsyncClient, visit: Json, links: VisitLinks, database: Database
) -> None:
    confirmed = await anyone.post(f"{path_of(links, visit)}/confirmation")
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json()["confirmedAt"] is not None
    once = await counted(database)
    repeated = await anyone.post(f"{path_of(links, visit)}/confirmation")
    assert repeated.json() == confirmed.json()
    assert await counted(database) == once
    shown = await again(desk, visit)
    assert (shown["confirmedAt"], shown["version"]) == (confirmed.json()["confirmedAt"], 2)
    async with database.reading() as connection:
        last = select(event_store).order_by(event_store.c.seq.desc()).limit(1)
        event = (await connection.execute(last)).mappings().one()
    assert (event["name"], event["actor_id"]) == ("scheduling.appointment-confirmed.v1", "patient")


async def test_a_move_takes_the_confirmation_away_and_another_length_does_not(
    anyone: AsyncClient, desk: AsyncClient, visit: Json, links: VisitLinks
) -> None:
    await anyone.post(f"{path_of(links, visit)}/confirmation")
    path = f"{APPOINTMENTS}/{visit['id']}"
    longer = (await desk.patch(path, json={"endsAt": "2199-01-07T11:30"})).json()
    assert longer["confirmedAt"] is not None
    moved = {"startsAt": "2199-01-07T12:00", "endsAt": "2199-01-07T13:00"}
    assert (await desk.patch(path, json=moved)).json()["confirmedAt"] is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"reason": "Tengo fiebre"}, "Tengo fiebre"),
        ({"reason": "  "}, "Anulada por el paciente con el enlace del recordatorio."),
        ({}, "Anulada por el paciente con el enlace del recordatorio."),
        (None, "Anulada por el paciente con el enlace del recordatorio."),
    ],
)
async def test_who_cancels_gives_the_time_back_and_the_gaps_under_it(
    anyone: AsyncClient,
    desk: AsyncClient,
    visit: Json,
    links: VisitLinks,
    database: Database,
    expect_sound: Sound,
    new_expectant: NewPerson,
    body: Json | None,
    reason: str,
) -> None:
    ana = visit["practitionerId"]
    day = {"start": "2199-01-14", "end": "2199-01-15", "practitionerId": ana}
    assert (await desk.post("/api/appointment-gaps/generate", json=day)).status_code == 201
    over = {
        "startsAt": "2199-01-14T09:00",
        "endsAt": "2199-01-14T10:00",
        "practitionerId": ana,
        "patientId": str(await new_expectant(email="otra@example.com")),
    }
    booked = (await desk.post(APPOINTMENTS, json=over)).json()
    sent = {"json": body} if body is not None else {}
    cancelled = await anyone.post(f"{path_of(links, booked)}/cancellation", **sent)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled"), cancelled.text
    shown = await again(desk, booked)
    assert (shown["statusReason"], shown["confirmedAt"]) == (reason, None)
    window = {"start": "2199-01-14T09:00", "end": "2199-01-14T10:00"}
    listed = (await desk.get(APPOINTMENTS, params=window)).json()["member"]
    assert sorted(entry["type"] for entry in listed) == ["appointment", "gap"]
    await expect_sound()
    once = await counted(database)
    assert (await anyone.post(f"{path_of(links, booked)}/cancellation")).status_code == 200
    assert await counted(database) == once
    async with database.reading() as connection:
        asked = select(event_store.c.actor_id).where(
            event_store.c.name == "scheduling.appointment-cancelled.v1"
        )
        assert (await connection.execute(asked)).scalars().all() == ["patient"]


async def test_what_was_cancelled_is_not_confirmed_and_taken_back_it_is_unconfirmed(
    anyone: AsyncClient, desk: AsyncClient, visit: Json, links: VisitLinks
) -> None:
    await anyone.post(f"{path_of(links, visit)}/confirmation")
    await anyone.post(f"{path_of(links, visit)}/cancellation")
    refused = await anyone.post(f"{path_of(links, visit)}/confirmation", headers={"X-App-Locale": "es"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/visit-cancelled")
    assert "Llame a la clínica" in refused.json()["detail"]
    restored = await desk.patch(f"{APPOINTMENTS}/{visit['id']}", json={"status": "scheduled"})
    assert (restored.status_code, restored.json()["confirmedAt"]) == (200, None)
    assert (await anyone.post(f"{path_of(links, visit)}/confirmation")).status_code == 200


async def test_after_a_move_the_old_link_says_so_and_the_new_one_is_good(
    anyone: AsyncClient, desk: AsyncClient, visit: Json, links: VisitLinks
) -> None:
    moved = {"startsAt": "2199-01-08T10:00", "endsAt": "2199-01-08T11:00"}
    newest = (await desk.patch(f"{APPOINTMENTS}/{visit['id']}", json=moved)).json()
    for method, what in (("GET", ""), ("POST", "/confirmation"), ("POST", "/cancellation")):
        answer = await anyone.request(method, path_of(links, visit) + what)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/visit-moved")
        assert "2199" not in answer.json()["detail"]
    assert (await anyone.post(f"{path_of(links, newest)}/confirmation")).status_code == 200


async def test_what_has_begun_is_past(
    anyone: AsyncClient,
    desk: AsyncClient,
    new_practitioner: NewPerson,
    new_expectant: NewPerson,
    links: VisitLinks,
) -> None:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    people = {"practitionerId": str(await new_practitioner()), "patientId": str(await new_expectant())}
    times = {"startsAt": start.isoformat(), "endsAt": (start + timedelta(hours=3)).isoformat()}
    begun = (await desk.post(APPOINTMENTS, json=times | people)).json()
    for method, what in (("GET", ""), ("POST", "/confirmation"), ("POST", "/cancellation")):
        answer = await anyone.request(method, path_of(links, begun) + what)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/visit-past")


async def test_a_link_opens_nothing_of_anybody_else(
    anyone: AsyncClient, desk: AsyncClient, visit: Json, links: VisitLinks, new_expectant: NewPerson
) -> None:
    other = str(await new_expectant(email="otra@example.com"))
    given = await desk.patch(f"{APPOINTMENTS}/{visit['id']}", json={"patientId": other})
    assert given.status_code == 200
    await expect_unknown(anyone, linked(links, visit))
    assert (await anyone.get(path_of(links, given.json()))).status_code == 200


async def test_of_what_was_deleted_or_erased_nothing_is_known(
    anyone: AsyncClient, desk: AsyncClient, visit: Json, links: VisitLinks, hear: Hear
) -> None:
    erased = {"number": 1, "erasedAt": datetime.now(UTC).isoformat()}
    await hear("patients.patient-erased.v1", erased, UUID(visit["patientId"]), 2)
    await expect_unknown(anyone, linked(links, visit))
    await desk.delete(f"{APPOINTMENTS}/{visit['id']}")
    await expect_unknown(anyone, linked(links, visit))


async def test_a_link_that_is_forged_broken_or_old_is_unknown(
    anyone: AsyncClient, visit: Json, links: VisitLinks, database: Database
) -> None:
    good = linked(links, visit)
    before = await counted(database)
    flipped = [good[:i] + ("A" if good[i] != "A" else "B") + good[i + 1 :] for i in range(0, len(good), 7)]
    past = Visit(UUID(visit["id"]), UUID(visit["patientId"]), datetime.now(UTC) - timedelta(days=8))
    for token in (
        *flipped,
        good[:-1],
        good + "A",
        good + "=",
        good.swapcase(),
        "x",
        "%00",
        "ñ" * len(good),
        "%20" * len(good),
        "=" * len(good),
        "A" * 5000,
        VisitLinks(b"another clinic").token(Visit(past.appointment_id, past.patient_id, past.starts_at)),
        VisitLinks(b"another clinic").token(
            Visit(UUID(visit["id"]), UUID(visit["patientId"]), datetime.fromisoformat(visit["startsAt"]))
        ),
        links.token(past),
        links.token(Visit(uuid4(), uuid4(), datetime(2199, 1, 7, 9, tzinfo=UTC))),
    ):
        await expect_unknown(anyone, token)
    assert await counted(database) == before


async def expect_unknown(anyone: AsyncClient, token: str) -> None:
    for method, what in (("GET", ""), ("POST", "/confirmation"), ("POST", "/cancellation")):
        answer = await anyone.request(method, f"/api/visits/{token}{what}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/visit-not-found"), token
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"reason": "x" * 501}}, 422),
        ({"json": {"reason": "a\x00b"}}, 422),
        ({"json": {"reason": 7}}, 422),
        ({"json": {"surprise": 1}}, 422),
        ({"json": []}, 422),
        ({"content": b'{"reason": "\\ud800"}', "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"reason=x", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 415),
        ({"content": b"x" * 1_000_001, "headers": {"Content-Type": "application/json"}}, 413),
    ],
)
async def test_a_bad_reason_is_named_and_cancels_nothing(
    anyone: AsyncClient, desk: AsyncClient, visit: Json, links: VisitLinks, sent: Json, status: int
) -> None:
    answer = await anyone.post(f"{path_of(links, visit)}/cancellation", **sent)
    assert answer.status_code == status, answer.text
    assert await again(desk, visit) == visit


async def test_neither_logs_nor_the_audit_show_the_link(
    anyone: AsyncClient,
    visit: Json,
    links: VisitLinks,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        await anyone.post(f"{path_of(links, visit)}/confirmation")
        await anyone.post(f"{path_of(links, visit)}/cancellation", json={"reason": "Fiebre"})
    ours = [
        record for record in caplog.records if not record.name.startswith(("httpx", "httpcore", "aiosqlite"))
    ]
    assert not any(linked(links, visit)[:20] in record.getMessage() for record in ours)
    async with database.reading() as connection:
        for table in (audit_trail, event_store):
            assert linked(links, visit)[:20] not in str((await connection.execute(select(table))).all())


LATEST = datetime(2199, 12, 31, tzinfo=UTC)


@given(
    ids=st.tuples(st.uuids(), st.uuids()),
    starts_at=st.integers(0, int(LATEST.timestamp()) // 300),
    secret=st.binary(min_size=1, max_size=40),
    place=st.integers(0, 71),
    change=st.integers(1, 255),
)
def test_a_link_says_what_was_sealed_and_one_changed_bit_of_it_nothing(
    ids: tuple[UUID, UUID], starts_at: int, secret: bytes, place: int, change: int
) -> None:
    visit = Visit(*ids, datetime.fromtimestamp(starts_at * 300, UTC))
    links = VisitLinks(secret)
    token = links.token(visit)
    assert token.replace("-", "").replace("_", "").isalnum()
    assert links.read(token, visit.starts_at) == visit
    assert links.read(token, visit.starts_at + timedelta(days=6)) == visit
    with pytest.raises(VisitNotFound):
        links.read(token, visit.starts_at + timedelta(days=7))
    whole = bytearray(base64.urlsafe_b64decode(token))
    whole[place] ^= change
    with pytest.raises(VisitNotFound):
        links.read(base64.urlsafe_b64encode(bytes(whole)).decode(), visit.starts_at)
    with pytest.raises(VisitNotFound):
        VisitLinks(secret + b"x").read(token, visit.starts_at)
