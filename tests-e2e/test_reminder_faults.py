"""Every reminder that is due arrives although the process that sends it is killed again and again."""

import asyncio
import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from clinic_databases import rows

from testkit.clinic import RunningClinic
from testkit.databases import clinic_schemas
from testkit.mailbox import Mailbox
from testkit.waiting import eventually

pytestmark = pytest.mark.servers  # one fixture is asked for by name, which the plugin does not see

VISITS, MOVED, KILLS = 30, 8, 5
SLOT = timedelta(minutes=5)
SLOWEST_LETTER_SECONDS = 0.15
PATIENCE_SECONDS = 60
_MADRID = ZoneInfo("Europe/Madrid")
LINK = re.compile(r"https://clinic\.example/visit/(\S+)")


class SlowMailbox(Mailbox):
    """Takes its time with each letter, so that a process is often killed with one in hand."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(random.uniform(0, SLOWEST_LETTER_SECONDS))  # noqa: S311 - chance
        return answer


@contextmanager
def database_settings(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """SQLite files of the clinic's own, or schemas of its own in MariaDB."""
    if request.param == "sqlite":
        yield {}
        return
    with clinic_schemas(request.getfixturevalue("mariadb_url")) as environment:
        yield environment


@pytest.fixture(params=["sqlite", "mariadb"])
def post(
    request: pytest.FixtureRequest, start_clinic: Callable[..., RunningClinic]
) -> Iterator[tuple[RunningClinic, Mailbox]]:
    """A clinic of its own to be maltreated, and the server that takes its mail."""
    with SlowMailbox().open() as mailbox, database_settings(request) as databases:
        clinic = start_clinic(
            {
                "MAILER_URL": mailbox.url,
                "MAIL_FROM": "Fisio Peña <citas@clinic.example>",
                "MAIL_TIMEOUT": "1",  # and so a lease of 7 s
                "PUBLIC_URL": "https://clinic.example",
                **databases,
            }
        )
        yield clinic, mailbox
        clinic.stop()


async def insist(client: httpx.AsyncClient, method: str, path: str, body: dict[str, Any]) -> Any:
    """Ask until a part that was away is back, under one key: what the screens do."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    headers = {"Idempotency-Key": uuid4().hex} if method == "POST" else {}
    while True:
        try:
            answer = await client.request(method, path, json=body, headers=headers)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            assert answer.is_success, answer.text
            return answer.json()
        assert time.monotonic() < deadline, f"{method} {path} was refused for {PATIENCE_SECONDS} s"
        await asyncio.sleep(0.1)


class Killer:
    """Kills scheduling some time after so many letters have arrived."""

    def __init__(self, clinic: RunningClinic, mailbox: Mailbox, chance: random.Random) -> None:
        self.kills = 0
        self._clinic = clinic
        self._mailbox = mailbox
        self._chance = chance

    async def strike(self, moments: Sequence[int]) -> None:
        for moment in sorted(moments):

            async def arrived(moment: int = moment) -> bool:
                return len(self._mailbox.letters) >= moment

            await eventually(arrived, f"{moment} letters have arrived", seconds=PATIENCE_SECONDS)
            await asyncio.sleep(self._chance.uniform(0, 2 * SLOWEST_LETTER_SECONDS))
            await eventually(self._killed, "scheduling was there to be killed")

    async def _killed(self) -> bool:
        try:
            await asyncio.to_thread(self._clinic.kill, "scheduling")
        except (KeyError, ProcessLookupError):  # down already, and not up again yet
            return False
        self.kills += 1
        return True


async def the_practitioner(client: httpx.AsyncClient) -> str:
    """The clinic's first, as soon as scheduling has heard of her."""
    known: list[dict[str, Any]] = []

    async def is_known() -> bool:
        known[:] = (await client.get("/api/practitioners")).json()["member"]
        return bool(known)

    await eventually(is_known, "scheduling has heard of the practitioner")
    return str(known[0]["id"])


async def test_every_due_reminder_arrives_although_its_process_is_killed_at_random_moments(
    post: tuple[RunningClinic, Mailbox], sign_in: Any
) -> None:
    (clinic, mailbox), seed = post, secrets.randbits(32)
    print(f"seed {seed}")
    chance, began = random.Random(seed), time.monotonic()  # noqa: S311 - to be repeated by its seed
    killer = Killer(clinic, mailbox, chance)
    async with sign_in(clinic) as client:
        ana = await the_practitioner(client)
        patients = [await registered(client, number) for number in range(VISITS)]
        striking = asyncio.create_task(killer.strike(chance.sample(range(1, VISITS), KILLS - 2)))
        visits = [await booked(client, ana, patient, n) for n, patient in enumerate(patients)]
        await until_told(mailbox, {(address_of(n), start_of(n)) for n in range(VISITS)})
        await striking

        striking = asyncio.create_task(
            killer.strike([len(mailbox.letters) + n for n in chance.sample(range(1, MOVED), 2)])
        )
        moved = chance.sample(range(VISITS), MOVED)
        for place, n in enumerate(moved, VISITS):
            times = {
                "startsAt": start_of(place).isoformat(),
                "endsAt": (start_of(place) + SLOT).isoformat(),
            }
            await insist(client, "PATCH", f"/api/appointments/{visits[n]}", times)
        due = {(address_of(n), start_of(n)) for n in range(VISITS)}
        due |= {(address_of(n), start_of(place)) for place, n in enumerate(moved, VISITS)}
        await until_told(mailbox, due)
        await striking
        await until_settled(clinic)

        ids = Counter(mailbox.message_ids())
        twice = sum(ids.values()) - len(ids)
        print(f"{len(due)} reminders due, {len(ids)} distinct letters, {twice} of them arrived again")
        print(f"{killer.kills} kills, {time.monotonic() - began:.1f} s")
        assert killer.kills == KILLS
        assert told(mailbox).keys() == due
        assert len(ids) == len(due)
        assert all(len(message_ids) == 1 for message_ids in told(mailbox).values())
        assert twice <= KILLS, "only what was in hand in the instant of a crash"
        states = dict(
            await rows(clinic, "scheduling", "SELECT state, COUNT(*) FROM reminders GROUP BY state")
        )
        # The letter of some left in the instant of a crash, and the visit was moved before that was known.
        assert states.pop("dropped", 0) <= KILLS
        assert set(states) == {"sent"}
        await expect_the_link_to_work(clinic, client, mailbox, visits)


async def expect_the_link_to_work(
    clinic: RunningClinic, desk: httpx.AsyncClient, mailbox: Mailbox, visits: Sequence[str]
) -> None:
    """By whoever has it, and it is in no log."""
    text = mailbox.letters[-1].get_body(("plain",))
    assert text is not None
    found = LINK.search(text.get_content())
    assert found is not None
    async with httpx.AsyncClient(base_url=clinic.base_url, timeout=20, trust_env=False) as anyone:
        path = f"/api/visits/{found[1]}"
        assert (await anyone.get(path)).json()["status"] == "scheduled"
        assert (await anyone.post(f"{path}/confirmation")).status_code == 200
        assert (await anyone.get("/api/reminders")).status_code == 401
    confirmed = [
        visit
        for visit in visits
        if (await desk.get(f"/api/appointments/{visit}")).json()["confirmedAt"] is not None
    ]
    assert len(confirmed) == 1
    logged = "".join(file.read_text(errors="replace") for file in clinic.log_dir.glob("*.log*"))
    assert found[1][:20] not in logged
    assert "@example.com" not in logged


def start_of(place: int) -> datetime:
    """Visits follow one another, from two hours after the test began."""
    return _FIRST + place * SLOT


_FIRST = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)


def address_of(number: int) -> str:
    return f"p{number}@example.com"


async def registered(client: httpx.AsyncClient, number: int) -> str:
    patient = {
        "firstName": "Lucía",
        "lastName": f"Peña {number}",
        "email": address_of(number),
        "emailReminders": True,
        "language": "en",
    }
    return str((await insist(client, "POST", "/api/patients", patient))["id"])


async def booked(client: httpx.AsyncClient, practitioner: str, patient: str, number: int) -> str:
    visit = {
        "practitionerId": practitioner,
        "patientId": patient,
        "startsAt": start_of(number).isoformat(),
        "endsAt": (start_of(number) + SLOT).isoformat(),
    }
    return str((await insist(client, "POST", "/api/appointments", visit))["id"])


def told(mailbox: Mailbox) -> dict[tuple[str, datetime], set[str]]:
    """Who was told of which time, by which letters."""
    found: dict[tuple[str, datetime], set[str]] = {}
    for letter in list(mailbox.letters):
        written = str(letter["Subject"]).partition(": ")[2]
        starts_at = datetime.strptime(written, "%A, %d %B %Y, at %H:%M")  # noqa: DTZ007 - the clinic's clock
        instant = starts_at.replace(tzinfo=_MADRID).astimezone(UTC)
        found.setdefault((str(letter["To"]), instant), set()).add(str(letter["Message-ID"]))
    return found


async def until_told(mailbox: Mailbox, due: set[tuple[str, datetime]]) -> None:
    async def all_told() -> bool:
        return told(mailbox).keys() >= due

    await eventually(all_told, "everybody was told", seconds=PATIENCE_SECONDS)


async def until_settled(clinic: RunningClinic) -> None:
    """Nothing is in hand any more, so nothing more can arrive."""

    async def settled() -> bool:
        waiting = "SELECT COUNT(*) FROM reminders WHERE state = 'waiting'"
        return await rows(clinic, "scheduling", waiting) == [(0,)]

    await eventually(settled, "every reminder is settled", seconds=PATIENCE_SECONDS)
