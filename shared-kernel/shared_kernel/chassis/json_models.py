"""The forms that JSON from outside must have: camelCase, no unknown fields, text that can be shown."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class ApiModel(BaseModel):
    """A JSON object whose names are camelCase and all known."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


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
        for character in value:
            if unicodedata.category(character) in ("Cc", "Cs") and character not in self._allowed():
                raise PydanticCustomError("control-character", "control character")
        text = unicodedata.normalize("NFC", value).strip()
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
