"""Which tax identifiers warn: Spanish ones whose check character is wrong, and no others."""

from datetime import UTC, datetime

import pytest

from billing.domain.customer import Customer, CustomerDetails, Kind

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

DNI = "12345678Z 00000000T 00000001R 00000002W 99999999R 87654321X 11111111H 22222222J 33333333P 44444444A"
NIE = "X1234567L Y1234567X Z1234567R X0000000T Y0000000Z Z0000000M X9999999J"
SPECIAL = "K1234567L L1234567L M1234567L"
# Companies, town halls, universities and associations as they print them on their own invoices.
COMPANIES = (
    "A58818501 A28015865 A48265169 A39000013 A08663619 A80907397 A78374725 A81948077 A15075062 A46103834"
)
BODIES = "Q2826000H Q2818014I P2807900B P0801900B S2833002E S0811001G G28029643 G58960436 R2800109G Q2866001G"
OTHERS = "B12345674 C12345674 D12345674 E12345674 F20025318 J12345674 N0032484H U12345674 W0184081H B64717838"
WRITTEN_OTHERWISE = (
    "12.345.678-z",
    " 12345678 Z",
    "x-1234567-l",
    "a/58818501",
    "１２３４５６７８Ｚ",
    "Q-2826000-H",
)
FOREIGN = (
    "FR40303265045",
    "DE136695976",
    "PT501442600",
    "GB123456789",
    "IT00743110157",
    "US12-3456789",
    "AAA123456",
    "C01X00T47",
    "123456789",
    "CHE-116.281.710",
    "1234567L",
    "I1234567A",
)
RIGHT = [*" ".join((DNI, NIE, SPECIAL, COMPANIES, BODIES, OTHERS)).split(), *WRITTEN_OTHERWISE, *FOREIGN]
WRONG_PEOPLE = """
12345678A 12345678T 00000000R 00000001T 99999999T 87654321Z 11111111A 22222222H 33333333J 44444444P
X1234567A Y1234567L Z1234567X X0000000Z Y0000000T Z0000000T K1234567A L1234567Z M1234567R
"""
WRONG_BODIES = """
A58818502 A28015860 A48265160 B12345675 B64717830 C12345670 A5881850A B1234567D Q2826000A Q28260008 P2807900A
P08019002 S2833002A N00324848 W01840811 R2800109A G28029640 J1234567A
"""
WRONG = [*WRONG_PEOPLE.split(), *WRONG_BODIES.split()]


def doubted(tax_id: str) -> bool:
    details = CustomerDetails(
        kind=Kind.COMPANY, first_name="Fisio Norte", tax_id=tax_id, billing_address="Calle Mayor 1"
    )
    return Customer.register(details, NOW).has_doubtful_tax_id()


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(set(RIGHT) - set(FOREIGN)) >= 40
    assert len(set(WRONG)) >= 30


@pytest.mark.parametrize("tax_id", RIGHT)
def test_a_right_or_foreign_one_passes(tax_id: str) -> None:
    assert not doubted(tax_id)


@pytest.mark.parametrize("tax_id", WRONG)
def test_a_wrong_check_character_warns_and_is_accepted(tax_id: str) -> None:
    assert doubted(tax_id)


@pytest.mark.parametrize("tax_id", [*DNI.split(), *NIE.split(), *SPECIAL.split()])
def test_every_other_letter_warns(tax_id: str) -> None:
    for letter in "TRWAGMYFPDXBNJZSQVHLCKE":
        assert doubted(tax_id[:-1] + letter) == (letter != tax_id[-1])
