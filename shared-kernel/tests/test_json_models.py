"""What comes from outside is what it was declared to be, and nothing that only resembles it."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from shared_kernel.chassis.json_models import ApiModel, ExactNumber, Flag, Line


class Form(ApiModel):
    name: Annotated[str, Line(20)] = "x"
    nickname: Annotated[str | None, Line(20)] = None
    price: Annotated[ExactNumber, Field(ge=0, max_digits=8, decimal_places=2)] = Decimal(0)
    active: Flag = False


def refused(field: str, value: Any) -> str:
    with pytest.raises(ValidationError) as error:
        Form.model_validate({field: value})
    (only,) = error.value.errors()
    assert only["loc"] == (field,)
    return only["type"]


@pytest.mark.parametrize("value", ["yes", "true", "on", 1, 0, 1.0, "", None, []])
def test_only_true_and_false_are_a_flag(value: Any) -> None:
    assert refused("active", value) in ("bool_type", "bool_parsing")


@pytest.mark.parametrize(
    "value",
    [
        "6_0",
        "60.",
        ".5",
        "+5",
        " 60",
        "60 ",
        "1e2",
        "٦٠",
        "６０",
        "60,00",
        "1 000",
        "0x3c",
        "NaN",
        "-",
        "",
        True,
    ],
)
def test_a_number_is_written_in_digits_and_a_point(value: Any) -> None:
    assert refused("price", value) in ("decimal_parsing", "decimal_type")


@given(st.decimals(0, 999_999, places=2))
def test_a_number_is_taken_exactly_as_text_or_not(number: Decimal) -> None:
    assert Form(price=str(number)).price == number  # type: ignore[arg-type]
    assert Form(price=float(number)).price == number  # type: ignore[arg-type]


INVISIBLE = [
    "\u200b",
    "\u200d\u2060",
    "\ufeff",
    "\u00ad",
    "\u3164",
    "\u2800",
    " \u200b ",
    "\u0301",
    "\ufe0f",
    "\u180e",
]


@pytest.mark.parametrize("value", INVISIBLE)
def test_a_name_that_shows_nothing_is_none(value: str) -> None:
    assert refused("name", value) == "string_too_short"
    assert Form(nickname=value).nickname is None


@pytest.mark.parametrize("value", ["👩‍👩‍👧", "مريم", "X", "Ñ", "-", "नि", "می‌خواهم"])
def test_what_shows_something_is_kept_as_it_is(value: str) -> None:
    assert Form(name=value).name == value


@pytest.mark.parametrize("turning", ["\u202e", "\u202a", "\u2066", "\u2069"])
def test_what_turns_the_direction_of_a_text_is_refused_and_arabic_is_not(turning: str) -> None:
    assert refused("name", f"Ana {turning}ziuR") == "control-character"
    assert Form(name="مريم ١").name == "مريم ١"
