"""The forms that JSON from outside must have: camelCase, no unknown fields, text that can be shown."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_COMPOSED_OF = 3
"""Characters that one may be written as: a letter and two marks."""
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows, on a screen and on paper (UAX #9 §2); Arabic needs none."""
_MARKS = 30
"""Marks on one letter (UAX #15 §13, stream-safe text); normalising many more takes quadratic time."""
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that show nothing: fillers of Hangul and the empty Braille cell."""
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class ApiModel(BaseModel):
    """A JSON object whose names are camelCase and all known."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


@dataclass(frozen=True)
class Line:
    """One line of text in NFC, trimmed, at most `maximum` characters. As `Annotated[str, Line(50)]` it
    must not be blank; as `Annotated[str | None, Line(50)]` blank is null."""

    maximum: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A string schema behind the cleaning, nullable when the annotated type is."""
        nullable = type(None) in get_args(source)
        text: CoreSchema = core_schema.str_schema(min_length=None if nullable else 1, max_length=self.maximum)
        text = core_schema.no_info_after_validator_function(self._checked, text)
        if nullable:
            text = core_schema.nullable_schema(text)
        return core_schema.no_info_before_validator_function(
            lambda value: self._cleaned(value, nullable) if isinstance(value, str) else value, text
        )

    def _cleaned(self, value: str, nullable: bool) -> str | None:
        if len(value) > _COMPOSED_OF * self.maximum:  # before anything that takes longer the longer it is
            raise PydanticCustomError("string_too_long", "too long", {"max_length": self.maximum})
        marks = 0
        for character in value:
            is_control = unicodedata.category(character) in ("Cc", "Cs") or character in _TURNING
            if is_control and character not in self._allowed():
                raise PydanticCustomError("control-character", "control character")
            marks = marks + 1 if unicodedata.combining(character) else 0
            if marks > _MARKS:
                raise PydanticCustomError("control-character", "more marks than a letter can bear")
        text = unicodedata.normalize("NFC", value).strip()
        text = text if any(map(_shows, text)) else ""
        return None if nullable and not text else text

    def _allowed(self) -> str:
        return ""

    def _checked(self, text: str) -> str:
        return text


@dataclass(frozen=True)
class Lines(Line):
    """Text of several lines."""

    def _allowed(self) -> str:
        return "\r\n\t"

    def _checked(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Email(Line):
    """An e-mail address, as far as its form tells."""

    def _checked(self, text: str) -> str:
        if not _EMAIL.fullmatch(text):
            raise PydanticCustomError("not-an-email", "not an e-mail address")
        return text


def _shows(character: str) -> bool:
    """False for spaces, marks by themselves, and what has no width."""
    return unicodedata.category(character)[0] not in "CZM" and character not in _BLANKS


def _written_out(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticCustomError("date_text", "not a date")
    if isinstance(value, int | float):
        raise PydanticCustomError("date_text", "not a date")
    return value


AsWritten = BeforeValidator(_written_out)
"""On a date: `YYYY-MM-DD` and nothing else. Pydantic would take a number for seconds since 1970."""

Day = Annotated[date, AsWritten]

LogDay = Annotated[Day, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
"""A day to look for in what was logged. (The first and the last days there are have no instants in UTC.)"""

Flag = Annotated[bool, Field(strict=True)]
"""true or false, and nothing that only resembles one: pydantic would take "yes" and 1 too."""


def _written_plainly(value: object) -> object:
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise PydanticCustomError("decimal_parsing", "not a number")
    return value


ExactNumber = Annotated[Decimal, BeforeValidator(_written_plainly)]
"""Digits, and decimals behind a point. Pydantic would take `6_0`, `60.`, `1e2` and any script's digits."""

Member = TypeVar("Member")


class View(ApiModel):
    """Where the neighbouring pages are."""

    id: str = Field(alias="@id")
    first: str
    previous: str | None
    next: str | None


class Collection(ApiModel, Generic[Member]):
    """A page of things. `totalItems` is counted up to 10,000 and inexact beyond."""

    member: Sequence[Member]
    total_items: int
    total_items_exact: bool
    view: View
