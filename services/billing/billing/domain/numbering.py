"""Numbers without a hole: how a place in a series is written, and when one may be changed by hand."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from shared_kernel.errors import Invalid, Refusal, Violation

_NUMBER = re.compile(r"\d{10}", re.ASCII)


class DateBeforeLastInvoice(Refusal):
    """Numbers and dates of a series rise together (RD 1619/2012 art. 6)."""


class DateAgainstNumbers(Refusal):
    """An edited invoice would be dated before a lower number of its series, or after a higher one."""


class Series(StrEnum):
    """Each series counts on its own, each year from 1. The prefix that people see is configuration."""

    ORDINARY = "F"
    RECTIFYING = "R"


@dataclass(frozen=True)
class SeriesPlace:
    """The place in a series that an invoice is given. `last_date` is the latest date the series has."""

    series: Series
    year: int
    sequence: int
    last_date: dt.date

    @property
    def number(self) -> str:
        """`2026000001`."""
        return f"{self.year:04}{self.sequence:06}"

    def expect_date(self, day: dt.date) -> None:
        """Raises DateBeforeLastInvoice."""
        if day < self.last_date:
            raise DateBeforeLastInvoice(last={"date": self.last_date.isoformat()})


@dataclass(frozen=True)
class Neighbourhood:
    """What a series has around a number that somebody wants to give by hand: whether another invoice has it,
    the highest sequence of its year, and the dates of the numbers just below and above."""

    taken: bool
    highest: int
    before: dt.date | None
    after: dt.date | None

    def expect_place(self, number: str, day: dt.date) -> None:
        """The number is free, leaves no new hole behind it, and its date lies between its neighbours'. Raises
        Invalid, DateAgainstNumbers."""
        if self.taken:
            raise Invalid(Violation("number", "invoice_number_duplicate"))
        if int(number[4:]) > self.highest + 1:
            next_number = f"{number[:4]}{self.highest + 1:06}"
            raise Invalid(Violation("number", "invoice_number_out_of_sequence", next=next_number))
        if (self.before and day < self.before) or (self.after and day > self.after):
            raise DateAgainstNumbers


def expect_number(number: str | None, day: dt.date) -> str:
    """The number, which is written as one and of the date's year. Raises Invalid."""
    written = (number or "").strip()
    if not written:
        raise Invalid(Violation("number", "invoice_number_required"))
    if not _NUMBER.fullmatch(written) or written[:4] != f"{day.year:04}" or int(written[4:]) == 0:
        raise Invalid(Violation("number", "invoice_number_invalid_format", year=day.year))
    return written
