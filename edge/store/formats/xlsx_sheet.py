"""XLSX workbooks: every sheet whose headings are understood, row by row, without macros, links or recalculation.

A formula is never evaluated: the value that the spreadsheet program stored with it is taken as text and said so; a
formula without a stored value is a fault of its row.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from edge.errors import InputRefused
from edge.store.formats.hierarchy import nested
from edge.store.formats.listing import ListedRow, Listing
from edge.store.formats.table import (
    HEADING_DEPTH,
    MAX_COLUMNS,
    Cell,
    CellRow,
    Headings,
    field_rows,
    find_headings,
    require_importable,
)

MAX_UNPACKED = 600_000_000  # bytes; 1,000,000 rows of a register are about 400 MB of XML
MAX_SHARED_TEXT = 100_000_000  # bytes; openpyxl holds all shared strings in memory
MAX_ROWS = 1_048_576  # of the format; said to openpyxl, which else believes the size that the file claims
MAX_RATIO = 200  # honest sheets pack 10 to 60 times
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how the format writes what XML cannot hold
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    TypeError,  # openpyxl, of parts that are well-formed and wrong
    AttributeError,
    IndexError,
)


def open_xlsx(path: Path) -> Listing:
    """InputRefused ``xlsx_broken``, ``file_too_big``, ``headings_unknown``."""
    try:
        formulas = _inspect(path)
        sheets, total, unknown, seen = _understood_sheets(path)
    except _BROKEN as error:
        raise InputRefused("xlsx_broken", "save_as_xlsx", file=path.name, detail=type(error).__name__) from error
    if not sheets:
        raise InputRefused("headings_unknown", "check_headings", file=path.name, line=1, column=1, seen=seen)
    named = tuple(dict.fromkeys(pair for found in sheets.values() for pair in found.named))
    return Listing("xlsx", _rows(path, sheets, formulas), total, ignored=unknown, headings=named)


def _inspect(path: Path) -> bool:
    """Refuse what unpacks to more than a catalogue; whether any sheet has formulas."""
    with zipfile.ZipFile(path) as packed:
        entries = packed.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        worst = max((entry.file_size / max(entry.compress_size, 1) for entry in entries), default=0)
        shared = max((entry.file_size for entry in entries if entry.filename == "xl/sharedStrings.xml"), default=0)
        if unpacked > MAX_UNPACKED or shared > MAX_SHARED_TEXT or (worst > MAX_RATIO and unpacked > 50_000_000):
            raise InputRefused("file_too_big", "split_file", file=path.name, megabytes=unpacked // 1_000_000)
        names = [entry.filename for entry in entries if entry.filename.startswith("xl/worksheets/sheet")]
        return any(_has_formula(packed, name) for name in names)


def _has_formula(packed: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with packed.open(name) as sheet:
        for piece in iter(lambda: sheet.read(1 << 20), b""):
            if b"<f>" in tail + piece or b"<f " in tail + piece:
                return True
            tail = piece[-4:]
    return False


def _understood_sheets(path: Path) -> tuple[dict[str, Headings], int, tuple[str, ...], str]:
    sheets: dict[str, Headings] = {}
    unknown: list[str] = []
    total, seen = 0, ""
    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
        for sheet in book.worksheets:
            first = list(islice(_cells(sheet, None), HEADING_DEPTH))
            found = find_headings(first)
            if found:
                require_importable(found, path)
                sheets[sheet.title] = found
                total += max(0, (sheet.max_row or 0) - found.line)
                unknown += found.unknown
            elif first and not seen:
                seen = ", ".join(cell.text[:20] for cell in first[0].cells[:12])
    return sheets, total, tuple(dict.fromkeys(unknown)), seen


def _rows(path: Path, sheets: dict[str, Headings], formulas: bool) -> Iterator[ListedRow]:
    number = 0
    try:
        with (
            closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book,
            closing(openpyxl.load_workbook(path, read_only=True) if formulas else book) as written,
        ):
            for title, found in sheets.items():
                texts = written[title] if formulas else None
                for row in nested(field_rows(_cells(book[title], texts, verbatim=bool(found.own)), found), found):
                    number += 1
                    place = f"{title}!{row.line}"
                    yield ListedRow(number, place, row.values, row.numeric, row.faults, row.notes, found.own)
    except _BROKEN as error:
        raise InputRefused("xlsx_broken", "save_as_xlsx", file=path.name, detail=type(error).__name__) from error


def _cells(sheet: Any, written: Any | None, *, verbatim: bool = False) -> Iterator[CellRow]:
    """``written``: the same sheet with formulas instead of stored values, None where the book has none.

    ``verbatim``: an export of ours, blanks and all.
    """
    values = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS, max_row=MAX_ROWS)
    if written is None:
        for line, row in enumerate(values, 1):
            yield CellRow(line, [_cell(value, verbatim=verbatim) for value in row[: _width(row)]])
        return
    formulas = written.iter_rows(values_only=True, max_col=MAX_COLUMNS, max_row=MAX_ROWS)
    for line, (row, texts) in enumerate(zip(values, formulas, strict=True), 1):
        width = max(_width(row), _width(texts))
        told = zip(row[:width], texts[:width], strict=True)
        yield CellRow(line, [_formula_cell(value, text) for value, text in told])


def _width(row: Sequence[Any]) -> int:
    """Without the empty cells that the reader fills every row up with."""
    return next((at for at in range(len(row), 0, -1) if row[at - 1] is not None), 0)


def _formula_cell(value: Any, text: Any) -> Cell:
    if not (isinstance(text, str) and text.startswith("=") and text != value):
        return _cell(value)
    if value is None:
        return Cell("", fault="formula_without_value")
    return Cell(_cell(value).text, note="formula_value_taken")


def _cell(value: Any, *, verbatim: bool = False) -> Cell:
    if value is None:
        return Cell("")
    if isinstance(value, bool):
        return Cell(str(value))
    if isinstance(value, datetime | date):
        return Cell(f"{value:%Y-%m-%d}")
    if isinstance(value, time):
        return Cell(value.isoformat())
    if isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)), numeric=True)
    text = _ESCAPED.sub(_character, str(value))
    if verbatim and isinstance(value, str):
        return Cell(text)
    text = text.strip()
    if text.startswith("#") and text in {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}:
        return Cell("", fault="cell_error_value")
    return Cell(text, numeric=isinstance(value, int | float))


def _character(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return "\ufffd" if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)
