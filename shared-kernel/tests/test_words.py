"""The kernel's words keep their rules."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_kernel import tax_id
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.errors import Invalid
from shared_kernel.identifiers import new_id
from shared_kernel.money import Money
from shared_kernel.text import fold

MADRID = ClinicTime(ZoneInfo("Europe/Madrid"))


@pytest.mark.parametrize(
    ("price", "quantity", "amount"),
    [("60", "1", "60.00"), ("0.005", "1", "0.01"), ("33.33", "3", "99.99"), ("1.15", "0.5", "0.58")],
)
def test_money_is_rounded_half_up_to_cents(price: str, quantity: str, amount: str) -> None:
    assert str(Money(Decimal(price)).times(Decimal(quantity))) == amount


@given(st.lists(st.decimals(0, 999_999, places=2), max_size=200))
def test_a_sum_of_money_is_exact(amounts: list[Decimal]) -> None:
    assert Money.sum(Money(a) for a in amounts).amount == sum(amounts, Decimal(0))


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="USD"):
        Money.sum([Money(Decimal(1), "USD")])


@pytest.mark.parametrize(
    "valid",
    ["12345678Z", "00000000T", "X1234567L", "Y0000000Z", "Z0000000M", "A58818501", "Q2826000H", "G28029643",
     "PASS1234", "FR83404833048", "AB123"],
)  # fmt: skip
def test_a_right_or_foreign_tax_id_is_not_doubted(valid: str) -> None:
    assert not tax_id.has_wrong_check(valid)


@pytest.mark.parametrize("wrong", ["12345678A", "00000000A", "X1234567A", "A58818500", "Q28260008"])
def test_a_wrong_check_character_is_noticed(wrong: str) -> None:
    assert tax_id.has_wrong_check(wrong)


@pytest.mark.parametrize(
    "written",
    ["12.345.678-z", "12345678 Z", "12345678z", "12345678–Z", "12345678−Z", "12345678_Z", "12345678\u200bZ",
     "１２３４５６７８Ｚ", "١٢٣٤٥٦٧٨Z", "12·345·678/Z", "(12345678)Z", "12345678\u00a0Z", "12345678‑z"],
)  # fmt: skip
def test_a_tax_id_has_one_written_form(written: str) -> None:
    assert tax_id.normalise(written) == "12345678Z"


def test_a_tax_id_does_not_grow_when_it_is_normalised() -> None:
    assert tax_id.normalise("ß-ŉ-ñ") == "ßŉÑ"


@given(st.text())
def test_a_normalised_tax_id_is_no_longer_and_stays_as_it_is(written: str) -> None:
    normalised = tax_id.normalise(written)
    assert len(normalised) <= len(written)
    assert tax_id.normalise(normalised) == normalised


@pytest.mark.parametrize(
    ("written", "folded"),
    [("  Muñoz  GARCÍA ", "munoz garcia"), ("Çelik", "celik"), ("Mª José", "ma jose"), ("Straße", "strasse")],
)
def test_folding_takes_case_and_marks_off(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("year", range(2026, 2031))
def test_the_days_of_the_clock_changes_have_23_and_25_hours(year: int) -> None:
    spring = next(d for d in (date(year, 3, 31) - timedelta(days=n) for n in range(7)) if d.weekday() == 6)
    autumn = next(d for d in (date(year, 10, 31) - timedelta(days=n) for n in range(7)) if d.weekday() == 6)
    lengths = [end - start for start, end in (MADRID.day(spring), MADRID.day(autumn))]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]
    with pytest.raises(Invalid) as refused:
        MADRID.instant(datetime(year, 3, spring.day, 2, 30), "startsAt")
    assert [v.path for v in refused.value.violations] == ["startsAt"]
    first = MADRID.instant(datetime(year, 10, autumn.day, 2, 30), "startsAt")
    assert MADRID.shown(first).utcoffset() == timedelta(hours=2)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)))
def test_an_instant_shown_in_the_clinic_is_the_same_instant(instant: datetime) -> None:
    assert MADRID.instant(MADRID.shown(instant), "x") == instant


def test_what_is_made_later_sorts_later() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    ids = [new_id(start + timedelta(milliseconds=n)) for n in range(50)]
    assert ids == sorted(ids)
    assert {i.version for i in ids} == {7}
