"""Fills a new clinic with what three busy weeks leave behind, through its front door: `make run DEMO=1`.

Last week is written up and partly billed, this one is full, the next one is filling; people's names are
invented. Reads ADDRESS, ADMIN_EMAIL, ADMIN_PASSWORD and CLINIC_TIMEZONE; says how the staff sign in."""

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from pydantic.alias_generators import to_camel
from pydantic_core import to_jsonable_python

from demo.people import Person, invent

SEED = 7
PATIENTS = 36
DAYS = 21
PATIENCE_SECONDS = 60

PRACTITIONERS = (
    ("Ana Ruiz Peña", "ana", "#2563eb"),
    ("Luis Gil Ortega", "luis", "#b45309"),
    ("Carme Vidal Soler", "carme", "#0f766e"),
)
DESK = ("Lucía Pérez Ibáñez", "lucia")
TREATMENT = "Terapia manual, movilización y ejercicio terapéutico"
EVOLUTIONS = ("Dolor 7/10 antes, 3/10 después", "Mejora desde la última sesión", "Sin cambios")
PRICE = "45.00"

Json = dict[str, Any]


class DemoClinic:
    """The clinic as its first admin sees it; the dice are always the same."""

    def __init__(self, desk: httpx.Client, today: date, now: datetime) -> None:
        self._desk = desk
        self._monday = today - timedelta(days=today.weekday())
        self._now = now
        self._chance = Random(SEED)  # noqa: S311 - nothing secret

    def fill(self, password: str) -> None:
        """Raises httpx.HTTPStatusError when the clinic refuses something."""
        ana, luis, carme = self._employ(password)
        patients = [self._register(number) for number in range(1, PATIENTS + 1)]
        self._plan_time_off(luis, carme)
        for practitioner in (ana, luis, carme):
            self._offer(practitioner)
        self._plan_series(ana, patients[0])
        for practitioner in (ana, luis, carme):
            for number, gap in enumerate(self._gaps(practitioner)):
                self._book(gap, patients, number)
        self._meet((ana, luis, carme))
        self._wait(ana, patients)
        self._say_what_became(patients)

    def _employ(self, password: str) -> list[str]:
        name, account = DESK
        self._hire(name, account, password, roles=["ROLE_RECEPTIONIST"])
        hired = [
            self._hire(name, account, password, roles=["ROLE_PRACTITIONER"], practitioner=True, colour=colour)
            for name, account, colour in PRACTITIONERS
        ]
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not {who["id"] for who in self._get("/api/practitioners")["member"]}.issuperset(hired):
            if time.monotonic() > deadline:
                raise TimeoutError("the diary has not heard of the practitioners")
            time.sleep(0.2)
        return hired

    def _hire(self, name: str, account: str, password: str, **more: Any) -> str:
        contract = {"name": name, "email": address_of(account), "password": password, "locale": "es", **more}
        return str(self._post("/api/users", contract)["id"])

    def _register(self, number: int) -> Json:
        person = invent(SEED, number, self._monday, self._monday)
        wishes = {"status": "active", "emailReminders": number % 3 != 0, "force": True}
        return self._post("/api/patients", _particulars(person) | wishes)

    def _plan_time_off(self, luis: str, carme: str) -> None:
        course = self._monday + timedelta(days=10)
        self._post(
            "/api/time-off",
            {"practitionerId": luis, "title": "Curso", "allDay": True} | _span(course, "00:00", "00:00"),
        )
        friday = _span(self._monday + timedelta(days=4), "14:00", "17:00")
        self._post("/api/time-off", {"practitionerId": carme, "title": "Asuntos propios"} | friday)

    def _offer(self, practitioner: str) -> None:
        self._post("/api/appointment-gaps/generate", self._weeks() | {"practitionerId": practitioner})

    def _plan_series(self, practitioner: str, patient: Json) -> None:
        weekly = {"weekdays": ["tuesday", "thursday"], "at": "17:30", "first": str(self._monday), "count": 10}
        plan = {"practitionerId": practitioner, "patientId": patient["id"], "minutes": 60, "weekly": weekly}
        self._post("/api/series", plan)

    def _gaps(self, practitioner: str) -> Iterator[Json]:
        asked = self._weeks() | {"practitionerId": practitioner}
        yield from (each for each in self._get("/api/appointments", asked)["member"] if each["type"] == "gap")

    def _book(self, gap: Json, patients: Sequence[Json], number: int) -> None:
        """The later, the less of what is offered; whoever is with somebody else then is passed over."""
        starts_at = datetime.fromisoformat(gap["startsAt"])
        weeks_ahead = (starts_at.date() - self._monday).days // 7
        if self._chance.random() > (0.9, 0.8, 0.45)[weeks_ahead + 1]:
            return
        length = timedelta(minutes=self._chance.choice((45, 60, 60)))
        wish = {
            "practitionerId": gap["practitionerId"],
            "startsAt": gap["startsAt"],
            "endsAt": (starts_at + length).isoformat(),
            "notes": "Trae la resonancia" if number % 17 == 0 else None,
        }
        for patient in self._chance.sample(list(patients[1:]), 5):
            answer = self._desk.post("/api/appointments", json=wish | {"patientId": patient["id"]})
            if answer.status_code != httpx.codes.CONFLICT:
                answer.raise_for_status()
                return

    def _meet(self, practitioners: Sequence[str]) -> None:
        for practitioner in practitioners:
            hour = _span(self._monday + timedelta(days=2), "13:00", "13:30")
            meeting = {"practitionerId": practitioner, "title": "Reunión de equipo", "type": "other"} | hour
            self._post("/api/appointments", meeting)

    def _wait(self, practitioner: str, patients: Sequence[Json]) -> None:
        mornings = {"weekdays": ["monday", "wednesday", "friday"], "from": "09:00", "to": "13:00"}
        afternoons = {"weekdays": ["tuesday", "thursday"], "from": "15:00", "to": "20:00"}
        soon = {"until": str(self._monday + timedelta(days=20))}
        for patient, wish in (
            (patients[4], mornings | {"practitionerId": practitioner}),
            (patients[9], afternoons | {"notes": "Prefiere que se le llame después de comer"}),
            (patients[14], mornings | soon),
        ):
            self._post("/api/waiting-list", wish | {"patientId": patient["id"], "minutes": 45})

    def _say_what_became(self, patients: Sequence[Json]) -> None:
        known = {patient["id"]: patient for patient in patients}
        billed = 0
        for visit in self._get("/api/appointments", self._weeks())["member"]:
            if visit["patientId"] is None:
                continue
            if datetime.fromisoformat(visit["endsAt"]) > self._now:
                if self._chance.random() < 0.04:
                    reason = {"reason": "Viaje de trabajo"}
                    self._post(f"/api/appointments/{visit['id']}/cancellation", reason)
                continue
            came = self._chance.random() < 0.93
            said = {"status": "attended"} if came else {"status": "missed", "statusReason": "No avisó"}
            self._patch(f"/api/appointments/{visit['id']}", said)
            if came and self._chance.random() < 0.6:
                self._write_up(visit)
            if came and billed < 12:
                self._bill(known[visit["patientId"]])
                billed += 1

    def _write_up(self, visit: Json) -> None:
        record = {
            "patientId": visit["patientId"],
            "date": visit["startsAt"][:10],
            "physiotherapyTreatment": TREATMENT,
            "evolution": self._chance.choice(EVOLUTIONS),
        }
        self._post("/api/records", record)

    def _bill(self, patient: Json) -> None:
        line = {"concept": "Sesión de fisioterapia", "quantity": "1", "unitPrice": PRICE}
        payer = {name: patient[name] for name in ("fullName", "taxId", "phone", "email")}
        address = patient["address"] or "C/ Mayor, 1, 28013 Madrid"
        self._post("/api/invoices", payer | {"patientId": patient["id"], "address": address, "lines": [line]})

    def _weeks(self) -> Json:
        first = self._monday - timedelta(days=7)
        return {"start": str(first), "end": str(first + timedelta(days=DAYS))}

    def _get(self, path: str, asked: Json | None = None) -> Json:
        return _told(self._desk.get(path, params=asked))

    def _post(self, path: str, body: Json) -> Json:
        return _told(self._desk.post(path, json=body))

    def _patch(self, path: str, body: Json) -> Json:
        return _told(self._desk.patch(path, json=body))


def address_of(account: str) -> str:
    """Of `.example`, which nobody can own (RFC 2606)."""
    return f"{account}@clinica.example"


def _told(answer: httpx.Response) -> Json:
    answer.raise_for_status()
    told: Json = answer.json()
    return told


def _particulars(person: Person) -> Json:
    written = asdict(person.particulars) | asdict(person.background)
    return {to_camel(name): to_jsonable_python(value) for name, value in written.items()}


def _span(day: date, begins: str, ends: str) -> Json:
    return {"startsAt": f"{day}T{begins}", "endsAt": f"{day}T{ends}"}


def main() -> None:
    zone = ZoneInfo(os.environ.get("CLINIC_TIMEZONE") or "Europe/Madrid")
    now, password = datetime.now(zone), secrets.token_urlsafe(12)
    with httpx.Client(base_url=os.environ["ADDRESS"], timeout=30, trust_env=False) as desk:
        admin = {"email": os.environ["ADMIN_EMAIL"], "password": os.environ["ADMIN_PASSWORD"]}
        desk.headers["Authorization"] = f"Bearer {_told(desk.post('/api/login', json=admin))['token']}"
        DemoClinic(desk, now.date(), now).fill(password)
    accounts = ", ".join(address_of(account) for account in (DESK[1], *(who[1] for who in PRACTITIONERS)))
    print(
        f"Demo staff:               {accounts}\nTheir password:           {password}   (shown only this once)"
    )


if __name__ == "__main__":
    main()
