"""Moments as they come in and go out: ISO 8601, at the clinic's offset."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from shared_kernel.clinic_time import ClinicTime

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _written_out(value: object) -> object:
    """Only text: pydantic would take a number for seconds since 1970."""
    if isinstance(value, str) and _DATE.match(value):
        return value
    raise PydanticCustomError("datetime_text", "not a date and time")


Moment = Annotated[datetime, BeforeValidator(_written_out)]
"""ISO 8601; without an offset it is the clinic's wall clock."""


ABSENT = datetime(1, 1, 1, tzinfo=UTC)
"""Stands in a patch where no moment was sent."""


def zoned(row: Mapping[Any, Any], clinic_time: ClinicTime) -> dict[str, Any]:
    """The row with its instants at the clinic's offset."""
    return {k: clinic_time.shown(v) if isinstance(v, datetime) else v for k, v in row.items()}
