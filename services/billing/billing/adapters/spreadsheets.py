"""Tables that people open in a spreadsheet: CSV and XLSX, written a portion at a time, harmless to open."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from xlsxwriter import Workbook  # type: ignore[import-untyped]

Cell = str | date | Decimal | None
Portions = AsyncIterator[Sequence[Sequence[Cell]]]
Language = Literal["en", "es"]

_CHUNK = 65_536
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
    """The table as a workbook with one sheet, whose rows go to a file as they come: the memory stays flat."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "table.xlsx"
        table = _Xlsx(path, head, name)
        async for rows in portions:
            await asyncio.to_thread(table.write, rows)
        await asyncio.to_thread(table.close)
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


class _Xlsx:
    def __init__(self, path: Path, head: Sequence[str], name: str) -> None:
        self._book = Workbook(path, {"constant_memory": True, "in_memory": False})
        self._sheet = self._book.add_worksheet(name)
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._amount = self._book.add_format({"num_format": "#,##0.00"})
        self._plain = self._book.add_format()
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(head) - 1, 16)
        self._sheet.write_row(0, 0, head, self._book.add_format({"bold": True}))
        self._rows = 1

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        for row in rows:
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._rows += 1

    def _write(self, column: int, cell: Cell) -> None:
        if isinstance(cell, Decimal):
            self._sheet.write_number(self._rows, column, cell, self._amount)
        elif isinstance(cell, date):
            self._sheet.write_datetime(self._rows, column, cell, self._day)
        elif cell is not None:
            form = self._quoted if may_be_formula(cell) else self._plain
            self._sheet.write_string(self._rows, column, cell, form)

    def close(self) -> None:
        self._book.close()
