"""Whether anybody can be booked twice when all come at once: `make race`.

First CLIENTS clients ask for the same time in one instant, ROUNDS times over, through two processes of the
service: exactly one gets it, and all others are told who did. Then STORM_CLIENTS clients do all that a desk
does for SECONDS seconds. DATABASES=mariadb,sqlite chooses; ROUNDS holds for each of them."""

import asyncio
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from diary_at_work import Answer, DiaryAtWork, Served, deadlocks, diary_at_work, empty_database, served
from soundness import booked, faults
from storm import NotAnswered, storm

DATABASES = os.environ.get("DATABASES", "mariadb,sqlite").split(",")
ROUNDS = {"mariadb": 1_000, "sqlite": 300}
CLIENTS = int(os.environ.get("CLIENTS", "200"))
SECONDS = float(os.environ.get("SECONDS", "60"))
STORM_CLIENTS = int(os.environ.get("STORM_CLIENTS", "32"))

_FIRST_DAY = datetime(2027, 1, 4, 8, tzinfo=UTC)
_RACES_A_DAY = 6
_APART = timedelta(hours=2)
_STAGGER = timedelta(minutes=5)


class Broken(Exception):
    """What must never happen did."""


def wishes(round_: int, diary: DiaryAtWork, count: int) -> list[dict[str, Any]]:
    """What each client asks for: in turn one practitioner for many patients, one patient for many
    practitioners, and one practitioner at times that differ and still all share five minutes."""
    day, place = divmod(round_, _RACES_A_DAY)
    starts_at = _FIRST_DAY + timedelta(days=day) + place * _APART
    kind = round_ % 3
    return [
        {
            "practitionerId": diary.practitioners[client if kind == 1 else round_ % count],
            "patientId": diary.patients[round_ % count if kind == 1 else client],
            "startsAt": (starts_at + (client % 6 * _STAGGER if kind == 2 else timedelta())).isoformat(),
            "endsAt": (starts_at + timedelta(minutes=30 + (client % 7 * 5 if kind == 2 else 0))).isoformat(),
        }
        for client in range(count)
    ]


async def race(diary: DiaryAtWork, rounds: int) -> Counter[int]:
    """How often each status was answered. Raises Broken when a round has other than one winner, or a loser
    is told of another one."""
    answered: Counter[int] = Counter()
    for round_ in range(rounds):
        token, began = diary.desks[0].sign_in(), time.monotonic()
        given = await asyncio.gather(
            *(
                diary.desks[client % len(diary.desks)].ask(token, "POST", "/api/appointments", wish)
                for client, wish in enumerate(wishes(round_, diary, CLIENTS))
            )
        )
        _expect_one_winner(round_, given, time.monotonic() - began)
        answered.update(answer.status for answer in given)
        if sys.stdout.isatty():
            print(f"\r  round {round_ + 1:,} of {rounds:,} ", end="", flush=True)
    return answered


def _expect_one_winner(round_: int, given: list[Answer], seconds: float) -> None:
    statuses = Counter(answer.status for answer in given)
    if statuses != Counter({201: 1, 409: len(given) - 1}):
        odd = next((answer.body for answer in given if answer.status not in (201, 409)), None)
        raise Broken(f"round {round_}, after {seconds:.1f} s: {dict(statuses)} {odd}")
    winner = next(answer.body["id"] for answer in given if answer.status == 201)
    told = {answer.body["conflict"]["appointmentId"] for answer in given if answer.status == 409}
    if told != {winner}:
        raise Broken(f"round {round_}: {winner} won, and others were told of {told}")


async def prove(engine: str, service: Served) -> None:
    """Both races on one database. Raises Broken."""
    rounds = int(os.environ.get("ROUNDS", ROUNDS[engine]))
    async with diary_at_work(service, CLIENTS) as diary:
        before, began = await deadlocks(diary.database), time.monotonic()
        answered = await race(diary, rounds)
        await _expect_sound(diary, answered[201])
        _tell(f"{engine}: {rounds:,} rounds of {CLIENTS} clients", answered.total(), time.monotonic() - began)
        print(f"  {answered[201]:,} booked, one in each round; {answered[409]:,} refused and told by whom")
        before = await _tell_deadlocks(diary, before)
        began = time.monotonic()
        stormed = await storm(diary, STORM_CLIENTS, SECONDS)
        await _expect_sound(diary, answered[201] + stormed.booked)
        _tell(f"{engine}: a storm of {STORM_CLIENTS} clients", stormed.total, time.monotonic() - began)
        for doing, statuses in sorted(stormed.answered.items()):
            print(f"  {doing:<22}" + "  ".join(f"{s}: {n:,}" for s, n in sorted(statuses.items())))
        print("  no overlap, every slot and every gap as the appointments have it, the log whole")
        await _tell_deadlocks(diary, before)


async def _expect_sound(diary: DiaryAtWork, acknowledged: int) -> None:
    found = await faults(diary.database)
    if (told := await booked(diary.database)) != acknowledged:
        found.append(f"{acknowledged} bookings were acknowledged, the log tells of {told}")
    if found:
        raise Broken("; ".join(found))


def _tell(what: str, requests: int, seconds: float) -> None:
    print(f"\r{what}: {seconds:,.1f} s, {requests:,} requests, {requests / seconds:,.0f} per second")


async def _tell_deadlocks(diary: DiaryAtWork, before: int | None) -> int | None:
    now = await deadlocks(diary.database)
    if now is not None and before is not None:
        print(f"  {now - before:,} deadlocks inside MariaDB, none of which a client saw", flush=True)
    return now


def main() -> None:
    """Ends with an error as soon as anything is as it must not be."""
    for engine in DATABASES:
        with empty_database(engine) as url, served(url) as service:
            try:
                asyncio.run(prove(engine, service))
            except (Broken, NotAnswered) as broken:
                sys.exit(f"\n{engine}: {broken}")


if __name__ == "__main__":
    main()
