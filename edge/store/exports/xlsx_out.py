"""XLSX with every cell as text: no formula, no number, so zeros in front stay; written row by row.

What XML cannot hold (control characters, bare carriage returns) is written in the format's own way, ``_x000D_``, and
so is a text that only looks like that. Not carried: what lies beyond 32,767 characters of a cell, a limit of the
format; such cells are counted as altered. After a million rows a new sheet begins.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO
from xml.sax.saxutils import escape

from edge.store.exports.written import Written

SHEET_ROWS = 1_000_000
MAX_CELL = 32_767

_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (  # style 1: number format 49 "Text", so that a cell stays text when somebody edits it
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" numFmtId="49" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write(out: BinaryIO, name: str, headings: list[str], rows: Iterable[list[str]]) -> Written:
    count = altered = sheets = 0
    left = iter(rows)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
        following: list[list[str]] = []
        while not sheets or following:
            sheets += 1
            with packed.open(f"xl/worksheets/sheet{sheets}.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                for number, row in enumerate(chain([headings], following, islice(left, SHEET_ROWS - len(following)))):
                    xml, cut = _row(number + 1, row)
                    sheet.write(xml.encode())
                    count, altered = count + (number > 0), altered + cut
                sheet.write(b"</sheetData></worksheet>")
            following = list(islice(left, 1))
        for path, text in _frame(name, sheets):
            packed.writestr(path, text)
    return Written(count, altered)


def _row(number: int, row: list[str]) -> tuple[str, int]:
    cells, cut = [], 0
    for column, text in enumerate(row):
        if len(text) > MAX_CELL:
            text, cut = text[:MAX_CELL], cut + 1
        if text:
            safe = escape(_ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", text))
            place = f"{_letters(column)}{number}"
            cells.append(f'<c r="{place}" s="1" t="inlineStr"><is><t xml:space="preserve">{safe}</t></is></c>')
    return f'<row r="{number}">{"".join(cells)}</row>', cut


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)


def _frame(name: str, sheets: int) -> Iterator[tuple[str, str]]:
    """The parts of the package around its sheets."""
    numbers = range(1, sheets + 1)
    listed = "".join(
        f'<sheet name="{escape(name)}{no if no > 1 else ""}" sheetId="{no}" r:id="rId{no}"/>' for no in numbers
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    yield "xl/styles.xml", _STYLES
    links = "".join(
        f'<Relationship Id="rId{no}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{no}.xml"/>' for no in numbers
    )
    links += f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    yield "xl/_rels/workbook.xml.rels", f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'
    top = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{top}</Relationships>'
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{no}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for no in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>',
    )
