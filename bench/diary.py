"""What the diary's requests cost as the diary grows: `make bench`.

One client with one connection asks by turns through the gateway, at the service and at the bare floor, on the
same data in the same run. Goals are of the median through the gateway. Processor time is that of all servers
asked, MariaDB among them. SIZES=10000, DATABASES=sqlite and QUESTIONS=100 choose less; what was loaded stays
under var/bench, and what measuring books is removed again."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson

from by_turns import DATABASES, FLOOR, Asked, Operation, measure, places, print_growth, print_head, tidied
from diaries import FAR, PRESENT, PRESENT_PRACTITIONERS, People, as_loaded, diary
from kept import BUFFER_POOL, SERVERS
from measuring import Measured
from testkit.servers import RedisServer
from testkit.tokens import SigningKey

SIZES = [int(size) for size in os.environ.get("SIZES", "10000,1000000").split(",")]

SESSIONS = 40
WEEKS_AHEAD = 4

_HOUR = timedelta(hours=1)
_THINGS = "appointments"


@dataclass
class Calendar:
    """Hands out time that nobody has, far ahead: an hour after the other, or an hour of forty weeks."""

    people: People
    hours: int = 0
    series: int = 0
    booked: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The ids of what was booked at each place, for who moves them."""

    def hour(self) -> dict[str, Any]:
        """Whose, and from when."""
        self.hours += 1
        hours, who = divmod(self.hours, PRESENT_PRACTITIONERS)
        day, hour = divmod(hours, 12)
        return self._whom(who, self.hours) | {"startsAt": FAR + timedelta(days=day, hours=8 + hour)}

    def plan(self) -> dict[str, Any]:
        """Whose, and the first of the weeks, after all that `hour` can give."""
        self.series += 1
        weeks, place = divmod(self.series, PRESENT_PRACTITIONERS * 12 * 5)
        rest, who = divmod(place, PRESENT_PRACTITIONERS)
        day, hour = divmod(rest, 12)
        first = FAR + timedelta(weeks=200 + weeks * (SESSIONS + 1), days=day, hours=8 + hour)
        return self._whom(who, self.series) | {
            "startsAt": [first + timedelta(weeks=n) for n in range(SESSIONS)]
        }

    def _whom(self, who: int, number: int) -> dict[str, Any]:
        patients = self.people.patients
        return {
            "practitionerId": str(self.people.practitioners[who]),
            "patientId": str(patients[number % len(patients)]),
        }


def week(calendar: Calendar, place: str) -> Asked:
    start = datetime.combine(PRESENT, datetime.min.time(), FAR.tzinfo)
    window = {"start": start, "end": start + timedelta(weeks=1)}
    return Asked("GET", f"{'/week' if place == FLOOR else '/api/appointments'}?{_query(window)}")


def create(calendar: Calendar, place: str) -> Asked:
    wish = calendar.hour()
    if place == FLOOR:
        return Asked("POST", "/appointments", wish | {"startsAt": [wish["startsAt"]]})
    return Asked("POST", "/api/appointments", wish | {"endsAt": wish["startsAt"] + _HOUR})


def remember(calendar: Calendar, place: str, booked: bytes) -> None:
    calendar.booked[place].append(orjson.loads(booked)["id"])


def move(calendar: Calendar, place: str) -> Asked:
    starts_at = calendar.hour()["startsAt"]
    path = f"{'' if place == FLOOR else '/api'}/appointments/{calendar.booked[place].pop()}"
    return Asked("PATCH", path, {"startsAt": starts_at, "endsAt": starts_at + _HOUR})


def availability(calendar: Calendar, place: str) -> Asked:
    start = datetime.combine(PRESENT, datetime.min.time(), FAR.tzinfo)
    end = start + timedelta(weeks=WEEKS_AHEAD)
    who = str(calendar.people.practitioners[0])
    if place == FLOOR:
        return Asked("GET", f"/availability?{_query({'who': who, 'start': start, 'end': end})}")
    asked = {"practitionerId": who, "from": start, "to": end, "minutes": 60}
    return Asked("GET", f"/api/availability?{_query(asked)}")


def series(calendar: Calendar, place: str) -> Asked:
    plan = calendar.plan()
    return (
        Asked("POST", "/appointments", plan)
        if place == FLOOR
        else Asked("POST", "/api/series", plan | {"minutes": 60})
    )


def _query(asked: Mapping[str, Any]) -> str:
    return urlencode({name: str(value).replace(" ", "T") for name, value in asked.items()})


OPERATIONS = (
    Operation("a week of 200", 9, 1, week),
    Operation("create, checked", 9, 1, create, remember),
    Operation("move", None, 1, move),
    Operation("free starts of 4 weeks", None, 1, availability),
    Operation(f"a series of {SESSIONS}", 150, 0.2, series),
)


def main() -> None:
    """Measures, and prints as it goes; nothing here fails for being slow."""
    key = SigningKey()
    floor_alive = week(Calendar(People([], [])), FLOOR).path
    print(f"Medians and 95th percentiles. MariaDB has innodb_buffer_pool_size={BUFFER_POOL}.")
    for engine in DATABASES:
        results: dict[int, Measured] = {}
        with SERVERS[engine]() as kept:
            for size in SIZES:
                url, calendar = diary(kept, size), Calendar(People.of(size))
                print_head(engine, size, _THINGS)
                with RedisServer() as redis:
                    told = {"SCHEDULING_DATABASE_URL": url, "REDIS_URL": redis.url}
                    with places(
                        "scheduling", "diary_floor:create_app", floor_alive, told, kept.pids, key
                    ) as at:
                        results[size] = asyncio.run(measure(OPERATIONS, calendar, at, key))
                asyncio.run(tidied(url, as_loaded))
        print_growth(engine, _THINGS, OPERATIONS, results)


if __name__ == "__main__":
    main()
