"""Somebody registered already is noticed before she is registered twice, and only then."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.domain.duplicates import PatientLikelyDuplicate, national_digits, refuse_likely_duplicate
from patients.domain.patient import ClinicalBackground, Particulars, Patient
from shared_kernel.chassis.database import Database
from testkit.service import ServiceClient
from testkit.statements import statements_of_all

PATH = "/api/patients"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MARIA = {
    "firstName": "María José",
    "lastName": "Muñoz García",
    "dateOfBirth": "1985-02-28",
    "taxId": "12345678Z",
    "phone": "+34 600 11 22 33",
}


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("600112233", "600112233"),
        ("+34 600 11 22 33", "600112233"),
        ("0034-600-112-233", "600112233"),
        ("(+34) 600.112.233 (madre)", "600112233"),
        ("34600112233", "600112233"),
        ("Tel. 600 112 233", "600112233"),
        ("600112233 / 611223344", "600112233"),
        ("600–11–22–33", "600112233"),
        ("600‑112‑233", "600112233"),
        ("600·112·233", "600112233"),
        ("٦٠٠١١٢٢٣٣", "600112233"),
        ("+44 20 7946 0958", "442079460958"),
        ("0044 20 7946 0958", "442079460958"),
        ("349123456", "349123456"),
        ("112", None),
        ("no tiene", None),
        ("", None),
    ],
)
def test_a_phone_is_compared_by_its_national_digits(phone: str, digits: str | None) -> None:
    assert national_digits(phone) == digits


@given(st.text(max_size=50))
def test_the_digits_of_a_phone_are_digits_and_no_longer_than_it(phone: str) -> None:
    digits = national_digits(phone)
    assert digits is None or (digits.isascii() and digits.isdigit() and len(digits) <= len(phone))


def patient(number: int, **particulars: Any) -> Patient:
    known = Particulars(**{"first_name": "Ana", "last_name": "Gil", **particulars})
    return Patient.register(number, known, ClinicalBackground(), NOW, NOW.date())


def test_the_likeliest_come_first_and_five_at_most() -> None:
    traits = {"date_of_birth": date(1990, 1, 1), "phone": "600112233", "tax_id": "X1234567L"}
    by_phone = [patient(n, first_name="Otra", phone="600 112 233") for n in range(1, 8)]
    by_name = patient(8, date_of_birth=date(1990, 1, 1))
    by_tax_id = patient(9, first_name="Eva", tax_id="X-1234567-L")
    by_all = patient(10, **traits)
    nobody = patient(11, date_of_birth=date(1990, 1, 2))
    with pytest.raises(PatientLikelyDuplicate) as refused:
        refuse_likely_duplicate(patient(12, **traits), [*by_phone, by_name, by_tax_id, by_all, nobody])
    matches = refused.value.facts["matches"]
    assert [(match["number"], match["reasons"]) for match in matches] == [  # type: ignore[attr-defined]
        (10, ["tax-id", "name-and-birth-date", "phone"]),
        (9, ["tax-id"]),
        (8, ["name-and-birth-date"]),
        (1, ["phone"]),
        (2, ["phone"]),
    ]


def test_a_name_alone_or_a_birth_date_alone_is_no_reason() -> None:
    refuse_likely_duplicate(patient(1), [patient(2)])
    refuse_likely_duplicate(
        patient(1, date_of_birth=date(1990, 1, 1)),
        [patient(2, last_name="Ros", date_of_birth=date(1990, 1, 1))],
    )


@pytest.mark.parametrize(
    ("first_name", "last_name"),
    [
        ("MARIA JOSÉ", "munoz garcia"),
        ("Mª José", "Muñoz García"),
        ("M.ª José", "Muñoz-García"),
        ("Muñoz García", "María José"),
        ("María", "José Muñoz García"),
    ],
)
def test_a_name_is_the_same_however_its_words_are_written_and_ordered(
    first_name: str, last_name: str
) -> None:
    born = date(1985, 2, 28)
    maria = patient(1, first_name="María José", last_name="Muñoz García", date_of_birth=born)
    with pytest.raises(PatientLikelyDuplicate):
        refuse_likely_duplicate(
            patient(2, first_name=first_name, last_name=last_name, date_of_birth=born), [maria]
        )


@pytest.mark.parametrize("last_name", ["Muñoz", "Muñoz Muñoz García", "Muñoz Gracia"])
def test_a_name_of_other_words_is_another(last_name: str) -> None:
    born = date(1985, 2, 28)
    maria = patient(1, first_name="María José", last_name="Muñoz García", date_of_birth=born)
    refuse_likely_duplicate(
        patient(2, first_name="María José", last_name=last_name, date_of_birth=born), [maria]
    )


@pytest.mark.parametrize(
    ("newcomer", "reasons"),
    [
        (
            {"firstName": "MARIA", "lastName": "jose munoz garcia", "dateOfBirth": "1985-02-28"},
            ["name-and-birth-date"],
        ),
        (
            {"firstName": "Muñoz-García", "lastName": "Mª José", "dateOfBirth": "1985-02-28"},
            ["name-and-birth-date"],
        ),
        ({"firstName": "Eva", "lastName": "Gil", "phone": "0034 600112233"}, ["phone"]),
        ({"firstName": "Eva", "lastName": "Gil", "taxId": "12.345.678–z"}, ["tax-id"]),
        (MARIA, ["tax-id", "name-and-birth-date", "phone"]),
    ],
)
async def test_who_is_registered_already_is_shown_and_registered_again_only_on_purpose(
    service: ServiceClient, newcomer: dict[str, str], reasons: list[str]
) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        maria = (await desk.post(PATH, json=MARIA | {"email": "maria@example.com"})).json()
        await desk.post(PATH, json={"firstName": "Nadie", "lastName": "Parecido", "phone": "911234567"})
        refused = await desk.post(PATH, json=newcomer)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/patient-likely-duplicate")
        assert refused.json()["matches"] == [
            {
                "id": maria["id"],
                "number": 1,
                "fullName": "María José Muñoz García",
                "dateOfBirth": "1985-02-28",
                "phone": "+34 600 11 22 33",
                "taxId": "12345678Z",
                "email": "maria@example.com",
                "status": "active",
                "reasons": reasons,
            }
        ]
        forced = await desk.post(PATH, json=newcomer | {"force": True})
        assert forced.status_code == 201, forced.text
        assert forced.json()["number"] == 3, "the refused registration has taken no number"


async def test_matches_hold_nothing_clinical(service: ServiceClient) -> None:
    async with service.as_("ROLE_PRACTITIONER") as practitioner:
        await practitioner.post(PATH, json=MARIA | {"allergies": "Látex", "notes": "Prefiere las tardes"})
        refused = await practitioner.post(PATH, json=MARIA | {"allergies": "Polen"})
        assert refused.status_code == 409
        assert "Látex" not in refused.text
        assert "Prefiere" not in refused.text


async def test_a_taken_email_is_refused_as_such_even_on_purpose(service: ServiceClient) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        await desk.post(PATH, json=MARIA | {"email": "maria@example.com"})
        for force in (False, True):
            twin = await desk.post(PATH, json=MARIA | {"email": "Maria@Example.com", "force": force})
            assert (twin.status_code, twin.json()["type"]) == (409, "/problems/email-taken")


async def test_a_refusal_is_not_kept_for_its_key_so_that_it_can_be_confirmed(service: ServiceClient) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        await desk.post(PATH, json=MARIA)
        key = {"Idempotency-Key": "once"}
        assert (await desk.post(PATH, json=MARIA, headers=key)).status_code == 409
        assert (await desk.post(PATH, json=MARIA | {"force": True}, headers=key)).status_code == 201


async def test_changing_a_patient_asks_nothing_about_others(service: ServiceClient) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        await desk.post(PATH, json=MARIA)
        eva = await desk.post(PATH, json={"firstName": "Eva", "lastName": "Gil"})
        changed = await desk.patch(eva.headers["location"], json={"phone": MARIA["phone"]})
        assert changed.status_code == 200
        later = await desk.post(PATH, json={"firstName": "Iván", "lastName": "Ros", "phone": "600112233"})
        assert [match["number"] for match in later.json()["matches"]] == [1, 2]


async def test_looking_for_the_alike_is_one_statement(database: Database, service: ServiceClient) -> None:
    async with service.as_("ROLE_RECEPTIONIST") as desk:
        for force, more in ((False, 1), (True, 0)):
            with statements_of_all(database) as given:
                body = {"firstName": "Eva", "lastName": "Gil", "phone": "911234567", "force": force}
                assert (await desk.post(PATH, json=body)).status_code == 201
            assert sum("UNION" in s or "phone_key =" in s for s, _ in given) == more
        traits = {"dateOfBirth": "1985-02-28", "taxId": "X1234567L"}
        with statements_of_all(database) as given:
            assert (await desk.post(PATH, json={"firstName": "Iván", "lastName": "Ros", **traits})).is_success
        assert sum("UNION" in statement for statement, _ in given) == 1
