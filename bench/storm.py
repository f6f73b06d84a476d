"""All that a desk does to a diary, by many clients at once: book, move, resize, cancel, delete, series, gaps,
time off."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from diary_at_work import Answer, Desk, DiaryAtWork

PRACTITIONERS, PATIENTS = 4, 12
_MONDAY = date(2028, 1, 10)
_DAYS = 14
_NEW_TOKEN_SECONDS = 300.0
_CLINIC_ERROR = 500

Json = dict[str, Any]
Deed = Callable[["Client"], Awaitable[Answer]]


class NotAnswered(Exception):
    """The service failed a client."""


@dataclass
class Stormed:
    """What was asked and answered, and how many appointments were acknowledged."""

    answered: Mapping[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    booked: int = 0

    @property
    def total(self) -> int:
        """Requests."""
        return sum(statuses.total() for statuses in self.answered.values())


@dataclass
class Known:
    """What the clients know of the diary together: the newest version that anybody saw of each thing."""

    appointments: dict[str, int] = field(default_factory=dict)
    series: dict[str, list[str]] = field(default_factory=dict)
    times_off: list[str] = field(default_factory=list)


class Client:
    """Does one thing after the other, as its dice say."""

    def __init__(self, desk: Desk, diary: DiaryAtWork, known: Known, stormed: Stormed, seed: str) -> None:
        self._desk = desk
        self._diary = diary
        self._known = known
        self._stormed = stormed
        self._chance = random.Random(seed)

    async def until(self, end: float) -> None:
        """Raises NotAnswered as soon as an answer is the service's fault."""
        token, until = self._desk.sign_in(), time.monotonic() + _NEW_TOKEN_SECONDS
        deeds, weights = list(DEEDS), list(DEEDS.values())
        while (now := time.monotonic()) < end:
            if now > until:
                token, until = self._desk.sign_in(), now + _NEW_TOKEN_SECONDS
            self._token = token
            deed = self._chance.choices(deeds, weights)[0]
            answer = await deed(self)
            self._stormed.answered[deed.__name__.replace("_", " ")][answer.status] += 1
            if answer.status >= _CLINIC_ERROR:
                raise NotAnswered(f"{deed.__name__}: {answer}")

    async def book(self) -> Answer:
        wish: Json = {**self._whom(), **self._sometime(), "notes": None}
        if self._chance.random() < 0.15:
            wish["overbook"] = {"reason": "Urgencia"}
        key = {"Idempotency-Key": uuid4().hex} if self._chance.random() < 0.3 else {}
        answer = await self._ask("POST", "/api/appointments", wish, **key)
        if answer.status == 201:
            self._stormed.booked += 1
            self._seen(answer.body)
            if key:
                again = await self._ask("POST", "/api/appointments", wish, **key)
                if again != answer:
                    raise NotAnswered(f"asked again under its key: {again}")
        return answer

    async def move(self) -> Answer:
        whom: Json = {} if self._chance.random() < 0.6 else self._whom()
        return await self._change(self._sometime() | whom)

    async def resize(self) -> Answer:
        answer = await self._ask("GET", f"/api/appointments/{self._some_appointment()}")
        if answer.status != 200:
            return answer
        ends_at = datetime.fromisoformat(answer.body["startsAt"]) + self._length()
        return await self._change({"endsAt": ends_at.isoformat()}, answer.body["id"])

    async def say_what_became(self) -> Answer:
        status = self._chance.choice(["attended", "missed", "cancelled", "scheduled", "scheduled"])
        reason = {"statusReason": "Viaje"} if status == "cancelled" else {}
        return await self._change({"status": status, **reason})

    async def cancel(self) -> Answer:
        path = f"/api/appointments/{self._some_appointment()}/cancellation"
        return await self._ask("POST", path, {"reason": "Enferma"})

    async def delete(self) -> Answer:
        gone = self._some_appointment()
        self._known.appointments.pop(gone, None)
        return await self._ask("DELETE", f"/api/appointments/{gone}")

    async def book_series(self) -> Answer:
        weekly = {
            "weekdays": self._chance.sample(["monday", "tuesday", "wednesday", "thursday", "friday"], 2),
            "at": f"{self._chance.randrange(8, 19):02}:{self._chance.choice(['00', '30'])}",
            "first": str(self._day()),
            "count": self._chance.randrange(2, 7),
        }
        plan: Json = {**self._whom(), "minutes": self._chance.choice([30, 45, 60]), "weekly": weekly}
        answer = await self._ask("POST", "/api/series", plan)
        if answer.status == 201:
            self._stormed.booked += len(answer.body["appointments"])
            self._known.series[answer.body["id"]] = [each["id"] for each in answer.body["appointments"]]
            for each in answer.body["appointments"]:
                self._seen(each)
        return answer

    async def alter_series(self) -> Answer:
        series, since = self._some_series()
        changes: Json = self._chance.choice(
            [{"at": f"{self._chance.randrange(8, 19):02}:15"}, {"minutes": 30}, {"minutes": 75}]
        )
        return await self._ask("PATCH", f"/api/series/{series}", {**since, **changes})

    async def call_series_off(self) -> Answer:
        series, since = self._some_series()
        return await self._ask("POST", f"/api/series/{series}/cancellation", {**since, "reason": "Alta"})

    async def offer_gaps(self) -> Answer:
        return await self._ask("POST", "/api/appointment-gaps/generate", self._some_days())

    async def withdraw_gaps(self) -> Answer:
        return await self._ask("DELETE", f"/api/appointment-gaps/delete-empty?{urlencode(self._some_days())}")

    async def go_away(self) -> Answer:
        whom: Json = {} if self._chance.random() < 0.2 else {"practitionerId": self._practitioner()}
        answer = await self._ask("POST", "/api/time-off", {**whom, **self._sometime()})
        if answer.status == 201:
            self._known.times_off.append(answer.body["id"])
        return answer

    async def come_back(self) -> Answer:
        gone = self._known.times_off
        away = gone.pop(self._chance.randrange(len(gone))) if gone else uuid4()
        return await self._ask("DELETE", f"/api/time-off/{away}")

    async def look(self) -> Answer:
        start = self._day()
        week = {"start": start, "end": start + timedelta(days=7)}
        return await self._ask("GET", f"/api/appointments?{urlencode(week)}")

    async def _change(self, changes: Json, which: str | None = None) -> Answer:
        id_ = which or self._some_appointment()
        version = self._known.appointments.get(id_)
        seen: dict[str, str] = {"If-Match": f'"{version}"'} if version and self._chance.random() < 0.5 else {}
        answer = await self._ask("PATCH", f"/api/appointments/{id_}", changes, **seen)
        if answer.status == 200:
            self._seen(answer.body)
        return answer

    async def _ask(self, method: str, path: str, body: Json | None = None, **headers: str) -> Answer:
        return await self._desk.ask(self._token, method, path, body, **headers)

    def _seen(self, appointment: Json) -> None:
        self._known.appointments[appointment["id"]] = appointment["version"]

    def _whom(self) -> Json:
        patient = self._chance.choice([None, *self._diary.patients[:PATIENTS]])
        return {"practitionerId": self._practitioner(), "patientId": patient, "title": "Visita"}

    def _practitioner(self) -> Any:
        return self._chance.choice(self._diary.practitioners[:PRACTITIONERS])

    def _day(self) -> date:
        """The first days are asked for most."""
        return _MONDAY + timedelta(days=int(_DAYS * self._chance.random() ** 2))

    def _length(self) -> timedelta:
        return timedelta(minutes=self._chance.randrange(15, 95, 5))

    def _sometime(self) -> Json:
        day, minutes = self._day(), self._chance.randrange(8 * 60, 19 * 60, 5)
        starts_at = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
        return {"startsAt": starts_at.isoformat(), "endsAt": (starts_at + self._length()).isoformat()}

    def _some_days(self) -> Json:
        first = self._day()
        last = first + timedelta(days=self._chance.choice([1, 1, 2]))
        return {"practitionerId": self._practitioner(), "start": str(first), "end": str(last)}

    def _some_appointment(self) -> str:
        known = self._known.appointments
        return self._chance.choice(list(known)) if known else str(uuid4())

    def _some_series(self) -> tuple[str, Json]:
        known = self._known.series
        if not known:
            return str(uuid4()), {}
        series = self._chance.choice(list(known))
        since: Json = {"since": self._chance.choice(known[series])} if self._chance.random() < 0.7 else {}
        return series, since


DEEDS: Mapping[Deed, int] = {
    Client.book: 12,
    Client.move: 8,
    Client.resize: 4,
    Client.say_what_became: 3,
    Client.cancel: 3,
    Client.delete: 5,
    Client.book_series: 3,
    Client.alter_series: 2,
    Client.call_series_off: 2,
    Client.offer_gaps: 4,
    Client.withdraw_gaps: 2,
    Client.go_away: 1,
    Client.come_back: 2,
    Client.look: 2,
}
"""How often each is done."""


async def storm(diary: DiaryAtWork, clients: int, seconds: float) -> Stormed:
    """Raises NotAnswered."""
    known, stormed, seed = Known(), Stormed(), random.randrange(10**6)
    end = time.monotonic() + seconds
    try:
        async with asyncio.TaskGroup() as group:
            for number in range(clients):
                desk = diary.desks[number % len(diary.desks)]
                group.create_task(Client(desk, diary, known, stormed, f"{seed}/{number}").until(end))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return stormed
