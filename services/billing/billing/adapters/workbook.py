"""A workbook of one sheet that leaves while it is being written; libraries give theirs when it is whole.

The parts are the fewest that Office Open XML (ECMA-376) allows; text stands in its cell, as a table of all
strings could only be written at the end."""

import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import IntEnum
from string import ascii_uppercase
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = "xl/worksheets/sheet1.xml"
_DAY_ZERO = date(1899, 12, 30)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Where a spreadsheet would read a character by its number."""
_COMPRESSION = 3
"""Half of the usual one's time, and files hardly larger."""


class Style(IntEnum):
    """How a cell looks: its place in `xl/styles.xml`. Text that is `QUOTED` is never taken for a formula."""

    PLAIN = 0
    HEAD = 1
    DAY = 2
    AMOUNT = 3
    QUOTED = 4


_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FROZEN_HEAD = (
    '<sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)


class Workbook:
    """Rows of at most 26 cells under a head that stays in sight. `taken` gives the file so far."""

    def __init__(self, head: Sequence[str], name: str) -> None:
        self._outlet = _Outlet()
        self._zip = ZipFile(self._outlet, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION)
        for part, content in _PARTS.items():
            self._zip.writestr(part, _DECLARED + content)
        self._zip.writestr("xl/workbook.xml", _DECLARED + _book(name))
        self._sheet = self._zip.open(_SHEET, "w")
        self._sheet.write(f'{_DECLARED}<worksheet xmlns="{_MAIN}">{_FROZEN_HEAD}<cols>'.encode())
        self._sheet.write(f'<col min="1" max="{len(head)}" width="16" customWidth="1"/></cols>'.encode())
        self._sheet.write(b"<sheetData>")
        self._rows = 0
        self.write([[(title, Style.HEAD) for title in head]])

    def write(self, rows: Sequence[Sequence[tuple[str | date | Decimal | None, Style]]]) -> None:
        """Below those that are there."""
        written = []
        for row in rows:
            self._rows += 1
            cells = (
                _cell(f"{column}{self._rows}", *cell)
                for column, cell in zip(ascii_uppercase, row, strict=False)
            )
            written.append(f'<row r="{self._rows}">{"".join(cells)}</row>')
        self._sheet.write("".join(written).encode())

    def close(self) -> None:
        """No more rows come."""
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()

    def taken(self) -> bytes:
        """What of the file was written since it was last asked for."""
        return self._outlet.taken()


class _Outlet(io.RawIOBase):
    """Where the zip goes; it cannot seek, so the zip never looks back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, some: Any) -> int:
        self._written += some
        return len(some)

    def taken(self) -> bytes:
        written = bytes(self._written)
        self._written.clear()
        return written


def _book(name: str) -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f'<sheets><sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _cell(place: str, content: str | date | Decimal | None, style: Style) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        text = escape(_ESCAPE.sub("_x005F_", _NOT_XML.sub("", content)))
        return f'<c r="{place}" s="{style:d}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    number = (content - _DAY_ZERO).days if isinstance(content, date) else content
    return f'<c r="{place}" s="{style:d}"><v>{number}</v></c>'
