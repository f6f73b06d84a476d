"""Invented people are like those of a clinic in Spain, and the same whenever they are invented."""

from collections import Counter
from datetime import date

import pytest
from pydantic.alias_generators import to_camel

from demo.names import rare_surnames
from demo.people import Person, invent
from patients.domain.patient import ClinicalBackground
from patients.http.registry import PatientInput
from shared_kernel.tax_id import has_wrong_check

REGISTERED, TODAY = date(2020, 3, 1), date(2026, 3, 2)


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return [invent(1, number, REGISTERED, TODAY) for number in range(1, 20_001)]


def test_the_same_seed_and_number_are_the_same_person() -> None:
    assert invent(7, 54, REGISTERED, TODAY) == invent(7, 54, REGISTERED, TODAY)
    assert invent(7, 54, REGISTERED, TODAY) != invent(8, 54, REGISTERED, TODAY)
    assert invent(7, 54, REGISTERED, TODAY) != invent(7, 55, REGISTERED, TODAY)


def test_no_two_have_the_same_e_mail_address_or_tax_id(people: list[Person]) -> None:
    emails = [person.particulars.email for person in people if person.particulars.email]
    tax_ids = [person.particulars.tax_id for person in people if person.particulars.tax_id]
    assert (len(emails), len(tax_ids)) == (len(set(emails)), len(set(tax_ids)))
    assert min(len(emails), len(tax_ids)) > len(people) / 2


def test_every_tax_id_has_the_right_letter(people: list[Person]) -> None:
    assert not [p for p in people if p.particulars.tax_id and has_wrong_check(p.particulars.tax_id)]


def test_no_mail_can_reach_a_stranger(people: list[Person]) -> None:
    assert not [p for p in people if p.particulars.email and not p.particulars.email.endswith(".example")]


def test_the_form_would_take_everyone_as_they_are(people: list[Person]) -> None:
    for person in people[:2_000]:
        written = {**vars(person.particulars), **vars(person.background)}
        form = PatientInput.model_validate({to_camel(name): value for name, value in written.items()})
        assert form.applied_to(None, ClinicalBackground()) == (person.particulars, person.background)


def test_the_frequent_surnames_are_those_of_spain(people: list[Person]) -> None:
    surnames = Counter(word for p in people for word in p.particulars.last_name.split())
    most_frequent = [surname for surname, _ in surnames.most_common(10)]
    assert most_frequent[0] == "García"
    assert {"Rodríguez", "González", "Fernández", "López", "Martínez", "Sánchez", "Pérez"} < set(
        most_frequent
    )
    assert 0.02 < surnames["García"] / surnames.total() < 0.05


def test_thousands_of_surnames_are_rare(people: list[Person]) -> None:
    surnames = Counter(word for p in people for word in p.particulars.last_name.split())
    assert sum(1 for bearers in surnames.values() if bearers <= 2) > 5_000
    assert len(set(rare_surnames())) == 60_000


def test_names_are_written_in_all_the_ways_that_people_write_them(people: list[Person]) -> None:
    names = [person.particulars.full_name for person in people]
    ways = (
        "Mª ",
        "M.ª ",
        "José Luis",
        " de la ",
        "María del Carmen",
        "-",
        "ñ",
        "ç",
        "'",
        "Iñaki",
        "Xosé",
        "Núria",
        "Mohamed",
    )
    assert [way for way in ways if not any(way in name for name in names)] == []


def test_sessions_are_never_before_the_first_visit_nor_in_the_future(people: list[Person]) -> None:
    days = [session.date for person in people for session in person.sessions]
    assert days
    assert all(REGISTERED <= day <= TODAY for day in days)
