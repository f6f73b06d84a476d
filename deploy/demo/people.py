"""Invented people, as a clinic in Spain would have them in its registry: the same for the same seed.

A person is a function of the seed and of the short number it will have, so that a load that was broken off
goes on where it ended, and e-mail addresses and identity numbers, which are made from the number by a
one-to-one step, are never given twice."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo.names import CATALAN, MEN, ORIGINS, SURNAMES, WOMEN, Origin, rare_surname
from patients.domain.clinical_record import Findings
from patients.domain.patient import ClinicalBackground, Particulars, Status
from shared_kernel.text import fold


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(","))


# The largest primes below the powers of ten: multiplying modulo a prime visits every number once.
_DNI_PRIME = 99_999_989
_NIE_PRIME = 9_999_991
_MULTIPLIER = 7_368_787
_CHECK_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"

_ORIGINS = [origin for origin, _ in ORIGINS]
_SHARES = [share for _, share in ORIGINS]

_FIRST_BIRTH = date(1928, 1, 1).toordinal()
_LAST_BIRTH = date(2021, 12, 31).toordinal()
_USUAL_BIRTH = date(1976, 1, 1).toordinal()

# Of `.example`, which nobody can own (RFC 2606): no mail ever leaves for a stranger.
_MAIL_HOSTS = (
    *("correo.example",) * 11,
    *("buzon.example",) * 6,
    *("email.example",) * 4,
    "telefono.example",
    "empresa.example",
    "familia.example",
    "mi-trabajo.example",
)
_STREETS = _listed("""
    C/ Mayor, C/ Real, C/ Nueva, Av. de la Constitución, C/ Cervantes, C/ San José, Plaza de España,
    C/ Iglesia, C/ del Sol, Paseo de la Estación, C/ Ramón y Cajal, Av. de Andalucía, C/ Goya, C/ Colón,
    C/ Gran Vía, Rúa Nova, Carrer Major, Carrer de Sant Joan, Kale Nagusia, Ronda Sur, Camino Viejo,
    Travesía del Carmen, C/ La Paz, C/ Doctor Fleming, C/ Juan XXIII, Urb. Los Olivos
""")
_TOWNS = _listed("""
    28013 Madrid, 28901 Getafe, 28931 Móstoles, 08001 Barcelona, 08201 Sabadell, 46001 València,
    41001 Sevilla, 29001 Málaga, 50001 Zaragoza, 30001 Murcia, 30201 Cartagena, 03001 Alicante, 03201 Elche,
    15001 A Coruña, 36201 Vigo, 48001 Bilbao, 20001 Donostia, 33001 Oviedo, 33201 Gijón, 47001 Valladolid,
    14001 Córdoba, 18001 Granada, 07001 Palma, 35001 Las Palmas de Gran Canaria,
    38001 Santa Cruz de Tenerife, 39001 Santander, 31001 Pamplona, 26001 Logroño, 06001 Badajoz,
    37001 Salamanca, 04001 Almería
""")
_PROFESSIONS = _listed("""
    administrativa, agricultor, albañil, ama de casa, autónoma, camarero, comercial, conductor, cuidadora,
    dependienta, electricista, enfermera, estudiante, fontanero, funcionaria, informático, ingeniera,
    jubilada, jubilado, limpiadora, maestra, mecánico, peluquera, policía local, profesora, soldador,
    veterinaria
""")
_SPORTS = _listed("""
    atletismo, baloncesto, balonmano, caminar, ciclismo, danza, escalada, fútbol, fútbol sala, gimnasio,
    golf, judo, natación, pádel, pilates, senderismo, surf, tenis, triatlón, voleibol, yoga
""")
_RATES = (Decimal("30.00"), Decimal("35.00"), Decimal("40.00"), Decimal("45.00"))
_BACKGROUND = {
    "allergies": ("penicilina", "látex", "frutos secos", "ácaros y polen", "metamizol", "níquel"),
    "medication": (
        "enalapril 10 mg",
        "Sintrom",
        "ibuprofeno a demanda",
        "omeprazol",
        "metformina",
        "levotiroxina",
    ),
    "systemic_diseases": ("hipertensión", "diabetes tipo 2", "hipotiroidismo", "artritis reumatoide", "asma"),
    "surgeries": (
        "menisco derecho (2015)",
        "apendicectomía",
        "prótesis de cadera izquierda",
        "cesárea",
        "hernia L5-S1",
    ),
    "accidents": ("latigazo cervical, 2019", "caída de bicicleta", "accidente de moto, 2011"),
    "injuries": ("esguince de tobillo recidivante", "tendinopatía rotuliana", "rotura fibrilar del gemelo"),
    "bruxism": ("sí, usa férula", "nocturno"),
    "insoles": ("sí, desde 2018", "descarga metatarsal"),
    "others": ("marcapasos", "embarazo de 20 semanas", "vértigo posicional"),
}
_COMPLAINTS = (
    "lumbalgia",
    "cervicalgia",
    "hombro doloroso",
    "gonalgia",
    "fascitis plantar",
    "epicondilitis",
    "ciática",
)
_TREATMENTS = (
    "Terapia manual, movilización y estiramientos",
    "Punción seca del trapecio superior y masoterapia",
    "Ejercicio terapéutico: fuerza excéntrica, 3 series de 12",
    "Electroterapia TENS y calor; reeducación postural",
    "Vendaje neuromuscular y trabajo propioceptivo",
)
_EVOLUTIONS = (
    "Mejora desde la última sesión",
    "Sin cambios",
    "Dolor 7/10 antes, 3/10 después",
    "Alta próxima si sigue así",
)


@dataclass(frozen=True)
class Person:
    """Somebody to register, and what was written down about the sessions since."""

    particulars: Particulars
    background: ClinicalBackground
    sessions: list[Findings]


def invent(seed: int, number: int, registered: date, today: date) -> Person:
    """The person with this short number, who has come since `registered`; both days are the clinic's."""
    random = Random(f"{seed}/{number}")  # noqa: S311 - nothing secret
    origin = random.choices(_ORIGINS, _SHARES)[0]
    first_name = _first_name(random, origin)
    last_name = _last_name(random, origin)
    if random.random() < 0.02:  # somebody was in a hurry
        first_name, last_name = fold(first_name).upper(), fold(last_name).upper()
    particulars = Particulars(
        first_name=first_name[:50].rstrip(),
        last_name=last_name[:100].rstrip(),
        date_of_birth=_birth(random) if random.random() < 0.97 else None,
        tax_id=_tax_id(seed, number, origin) if random.random() < 0.8 else None,
        phone=_phone(random) if random.random() < 0.96 else None,
        email=_email(random, seed, number, first_name, last_name) if random.random() < 0.62 else None,
        address=_address(random) if random.random() < 0.7 else None,
        profession=random.choice(_PROFESSIONS) if random.random() < 0.5 else None,
        sports_activity=random.choice(_SPORTS) if random.random() < 0.3 else None,
        rate=random.choice(_RATES) if random.random() < 0.4 else None,
        status=Status.INACTIVE if random.random() < 0.08 else Status.ACTIVE,
    )
    background = _background(random) if random.random() < 0.25 else ClinicalBackground()
    sessions = _sessions(random, registered, today) if random.random() < 0.04 else []
    return Person(particulars, background, sessions)


def _first_name(random: Random, origin: Origin) -> str:
    woman = random.random() < 0.54
    own = random.random() < origin.own_names
    name = ((origin.women if woman else origin.men) if own else (WOMEN if woman else MEN)).draw(random)
    if name.startswith("María ") and random.random() < 0.6:
        return _written_maria(random, name.removeprefix("María "))
    return name


def _written_maria(random: Random, second: str) -> str:
    """As people write it: Mª Carmen, M.ª Carmen, María del Carmen."""
    way = random.random()
    if way < 0.35:
        return f"Mª {second}"
    if way < 0.4:
        return f"M.ª {second}"
    article = {"Carmen": "del ", "Pilar": "del ", "Mar": "del ", "Ángeles": "de los ", "Dolores": "de los "}
    return f"María {article.get(second, '')}{second}"


def _last_name(random: Random, origin: Origin) -> str:
    first = _surname(random, origin)
    if not origin.two_surnames:
        return first
    second = _surname(random, origin)
    chance = random.random()
    if chance < 0.012:
        return f"{first}-{_surname(random, origin)} {second}"
    if chance < 0.03 and origin is CATALAN:
        return f"{first} i {second}"
    return f"{first} {second}" if chance < 0.985 else first


def _surname(random: Random, origin: Origin) -> str:
    chance = random.random()
    if chance < origin.own_surnames:
        return origin.surnames.draw(random)
    if chance < origin.own_surnames + (1 - origin.own_surnames) * 0.7:
        return rare_surname(random)
    return SURNAMES.draw(random)


def _birth(random: Random) -> date:
    return date.fromordinal(int(random.triangular(_FIRST_BIRTH, _LAST_BIRTH, _USUAL_BIRTH)))


def _stepped(seed: int, number: int, prime: int) -> int:
    """One to one for numbers below the prime, and looks like chance."""
    return (number * _MULTIPLIER + seed * 7919 + 12_345_678) % prime


def _tax_id(seed: int, number: int, origin: Origin) -> str:
    """A DNI, or the NIE of a foreigner, whose X, Y or Z counts as 0, 1 or 2 for the check letter."""
    if origin.abroad:
        digits = _stepped(seed, number, _NIE_PRIME)
        kind = number % 3
        return f"{'XYZ'[kind]}{digits:07}{_CHECK_LETTERS[(kind * 10_000_000 + digits) % 23]}"
    digits = _stepped(seed, number, _DNI_PRIME)
    return f"{digits:08}{_CHECK_LETTERS[digits % 23]}"


def _phone(random: Random) -> str:
    if random.random() < 0.88:
        digits = f"{random.choice('666667')}{random.randrange(100_000_000):08}"
    else:
        digits = f"9{random.choice('1234567')}{random.randrange(10_000_000):07}"
    way = random.random()
    if way < 0.5:
        return digits
    if way < 0.75:
        return f"{digits[:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}"
    if way < 0.9:
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    return f"+34 {digits[:3]} {digits[3:6]} {digits[6:]}"


def _email(random: Random, seed: int, number: int, first_name: str, last_name: str) -> str:
    given = _letters(first_name.split()[-1])
    family = _letters(last_name.split()[-1])
    mark = _stepped(seed, number, _NIE_PRIME)
    way = random.random()
    if way < 0.45:
        local = f"{given}.{family}{mark}"
    elif way < 0.8:
        local = f"{given[:1]}{family}{mark}"
    else:
        local = f"{given}{mark}"
    return f"{local[-60:]}@{random.choice(_MAIL_HOSTS)}"


def _letters(word: str) -> str:
    return "".join(c for c in fold(word) if c.isascii() and c.isalpha()) or "x"


def _address(random: Random) -> str:
    floor = f", {random.randrange(1, 9)}.º {random.choice('ABCD')}" if random.random() < 0.7 else ""
    return f"{random.choice(_STREETS)}, {random.randrange(1, 180)}{floor}, {random.choice(_TOWNS)}"


def _background(random: Random) -> ClinicalBackground:
    known = random.sample(list(_BACKGROUND), random.randrange(1, 4))
    return ClinicalBackground(**{name: random.choice(_BACKGROUND[name]) for name in known})


def _sessions(random: Random, registered: date, today: date) -> list[Findings]:
    days = sorted(random.randrange((today - registered).days + 1) for _ in range(random.randrange(1, 4)))
    complaint = random.choice(_COMPLAINTS)
    return [
        Findings(
            date=registered + timedelta(days=day),
            physiotherapy_treatment=random.choice(_TREATMENTS),
            consultation_reason=complaint.capitalize(),
            evolution=random.choice(_EVOLUTIONS) if visit else None,
            sick_leave=random.random() < 0.1,
        )
        for visit, day in enumerate(days)
    ]
