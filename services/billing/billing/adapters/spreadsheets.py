"""Tables that people open in a spreadsheet: CSV and XLSX, written a portion at a time, harmless to open."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from billing.adapters.workbook import Style, Workbook

Cell = str | date | Decimal | None
Portions = AsyncIterator[Sequence[Sequence[Cell]]]
Language = Literal["en", "es"]

_BYTE_ORDER_MARK = "\ufeff"  # or Excel takes UTF-8 for the machine's old code page
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_SEPARATORS: Mapping[Language, tuple[str, str]] = {"en": (",", "."), "es": (";", ",")}


def may_be_formula(text: str) -> bool:
    """True for what a spreadsheet might run instead of show (OWASP, CSV injection)."""
    return text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)


async def csv_of(head: Sequence[str], portions: Portions, language: Language) -> AsyncIterator[bytes]:
    """The table as that language's spreadsheets read it: `1,5;x` or `1.5,x`; days as 2026-11-23. Text that
    might be a formula begins with an apostrophe."""
    separator, point = _SEPARATORS[language]
    page = io.StringIO()
    writer = csv.writer(page, delimiter=separator, lineterminator="\r\n")
    page.write(_BYTE_ORDER_MARK)
    writer.writerow(head)
    async for rows in portions:
        writer.writerows([_written(cell, point) for cell in row] for row in rows)
        yield page.getvalue().encode()
        page.seek(0)
        page.truncate()
    if page.getvalue():
        yield page.getvalue().encode()


def _written(cell: Cell, point: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return str(cell).replace(".", point)
    if isinstance(cell, date):
        return cell.isoformat()
    return f"'{cell}" if may_be_formula(cell) else cell


async def xlsx_of(head: Sequence[str], portions: Portions, name: str) -> AsyncIterator[bytes]:
    """The table as a workbook with one sheet, which leaves as its rows come."""
    workbook = Workbook(head, name)
    try:
        async for rows in portions:
            workbook.write([[(cell, _style(cell)) for cell in row] for row in rows])
            yield workbook.taken()
    finally:
        workbook.close()
    yield workbook.taken()


def _style(cell: Cell) -> Style:
    if isinstance(cell, Decimal):
        return Style.AMOUNT
    if isinstance(cell, date):
        return Style.DAY
    return Style.QUOTED if cell is not None and may_be_formula(cell) else Style.PLAIN
