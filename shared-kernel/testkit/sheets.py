"""Reads a workbook as somebody's spreadsheet would, for the tests of what leaves as XLSX."""

import io
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape


def read_sheet(content: bytes) -> list[list[Any]]:
    """The cells of the only sheet, numbers and dates as such, None where there is nothing. None is a formula:
    it would run when the file is opened."""
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    rows = list(sheet.iter_rows())
    assert [cell.coordinate for row in rows for cell in row if cell.data_type == "f"] == []
    return [
        [unescape(cell.value) if isinstance(cell.value, str) else cell.value for cell in row] for row in rows
    ]
