"""What is asked of a registry: hundreds of different questions of each kind, drawn from its own patients."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import orjson
from sqlalchemy import select

from demo.people import invent
from kept import SEED
from patients.adapters.tables import patients
from shared_kernel.chassis.database import Database
from shared_kernel.text import fold

DESK, PRACTITIONER = "ROLE_RECEPTIONIST", "ROLE_PRACTITIONER"


@dataclass(frozen=True)
class Question:
    """One request, of the desk unless it takes a practitioner. `naive` is what the bare floor is asked."""

    path: str
    body: bytes | None = None
    naive: str | None = None
    role: str = DESK


@dataclass(frozen=True)
class Known:
    """A patient of the registry, as far as one asks for it."""

    id: str
    number: int
    full_name: str
    phone: str | None

    @property
    def words(self) -> list[str]:
        """The words of the name as typed in a hurry."""
        return [word for word in fold(self.full_name).replace("-", " ").split() if word.isalpha()]

    @property
    def surname(self) -> str:
        """A word of the surnames, of four letters or more."""
        return next((word for word in reversed(self.words) if len(word) >= 4), "garcia")


async def known_patients(database_url: str, size: int, count: int) -> list[Known]:
    """Patients drawn from the whole registry, always the same."""
    chosen = random.Random(SEED).sample(range(1, size + 1), min(count, size))
    columns = patients.c.id, patients.c.number, patients.c.full_name, patients.c.phone
    found: list[Known] = []
    database = Database(database_url)
    async with database.reading() as connection:
        for start in range(0, len(chosen), 500):
            some = select(*columns).where(patients.c.number.in_(chosen[start : start + 500]))
            found += [Known(str(row.id), *row[1:]) for row in await connection.execute(some)]
    await database.close()
    random.Random(SEED).shuffle(found)
    return found


def misspelled(word: str, chance: random.Random) -> str:
    """One letter wrong, missing, doubled, or swapped with its neighbour."""
    place = chance.randrange(len(word))
    way = chance.randrange(4)
    if way == 0:
        wrong = chance.choice([letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter != word[place]])
        return word[:place] + wrong + word[place + 1 :]
    if way == 1:
        return word[:place] + word[place + 1 :]
    if way == 2:
        return word[: place + 1] + word[place:]
    neighbours = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
    if not neighbours:
        return word + word[-1]
    place = chance.choice(neighbours)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def search(text: str, **more: str) -> Question:
    """A search as the screen asks it; the naive one knows nothing of misspellings."""
    path = "/api/patients?" + urlencode({"search": text, **more})
    return Question(path, naive=None if more else "/patients?" + urlencode({"search": text}))


def questions(known: Sequence[Known], size: int) -> dict[str, list[Question]]:
    """For each operation as many questions as there are patients to draw them from."""
    chance = random.Random(SEED)
    unlike = time.time_ns()  # each run registers others

    def piece(word: str) -> str:
        start = chance.randint(1, max(1, len(word) - 4))
        return word[start : start + 4] if len(word) > 4 else word[1:]

    def nobody() -> str:
        return "".join(chance.choice("kqwxz") for _ in range(chance.randint(5, 8)))

    def newcomer(place: int) -> Question:
        person = invent(unlike, size + place, date(2024, 1, 1), date(2024, 1, 1)).particulars
        written = {
            "firstName": person.first_name,
            "lastName": person.last_name,
            "dateOfBirth": person.date_of_birth,
            "phone": person.phone,
            "address": person.address,
            "force": True,
        }
        return Question("/api/patients", orjson.dumps(written))

    return {
        "search, prefix": [search(p.surname[: chance.randint(3, 5)]) for p in known],
        "search, infix": [search(piece(p.surname)) for p in known],
        "search, two words": [search(f"{p.words[0]} {p.surname}") for p in known],
        "search, full name": [search(p.full_name) for p in known],
        "search, phone": [search(p.phone or "600") for p in known],
        "search, no hit": [search(nobody()) for _ in known],
        "search, typo": [search(misspelled(p.surname, chance), fuzzy="true") for p in known],
        "search, name with typo": [
            search(f"{p.words[0]} {misspelled(p.surname, chance)}", fuzzy="true") for p in known
        ],
        "list, latest": [Question("/api/patients") for _ in known],
        "list, alphabetical": [Question("/api/patients?order=alpha") for _ in known],
        "read one": [Question(f"/api/patients/{p.id}", naive=f"/patients/{p.number}") for p in known],
        "read one, logged": [Question(f"/api/patients/{p.id}", role=PRACTITIONER) for p in known],
        "create": [newcomer(place) for place in range(len(known))],
    }
