"""XLSX workbooks: every sheet whose headings are understood, row by row, without macros, links or recalculation.

A formula is never evaluated: the value that the spreadsheet program stored with it is taken as text and said so; a
formula without a stored value is a fault of its row.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException

from edge.errors import InputRefused
from edge.store.formats.hierarchy import nested
from edge.store.formats.listing import ListedRow, Listing
from edge.store.formats.table import HEADING_DEPTH, Headings, field_rows, find_headings, require_importable
from edge.store.formats.xlsx_book import Book, PartTooBig
from edge.store.formats.xlsx_rows import SheetRows

MAX_UNPACKED = 600_000_000  # bytes; 1,000,000 rows of a register are about 400 MB of XML
MAX_SHARED_TEXT = 100_000_000  # bytes; all shared strings lie in memory
MAX_RATIO = 200  # honest sheets pack 10 to 60 times
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a way of packing that nobody uses
    RuntimeError,  # packed with a password
    DefusedXmlException,
    ParseError,
    ExpatError,
    KeyError,
    IndexError,
    ValueError,
    OSError,
    EOFError,
)


def open_xlsx(path: Path) -> Listing:
    """InputRefused ``xlsx_broken``, ``file_too_big``, ``headings_unknown``."""
    try:
        _inspect(path)
        with zipfile.ZipFile(path) as packed:
            sheets, total, unknown, seen = _understood_sheets(Book(packed), path)
    except PartTooBig as part:
        raise _too_big(path, part.size) from None
    except _BROKEN as error:
        raise InputRefused("xlsx_broken", "save_as_xlsx", file=path.name) from error
    if not sheets:
        raise InputRefused("headings_unknown", "check_headings", file=path.name, line=1, column=1, seen=seen)
    named = tuple(dict.fromkeys(pair for found in sheets.values() for pair in found.named))
    beyond = max(found.beyond for found in sheets.values())
    return Listing("xlsx", _rows(path, sheets), total or None, ignored=unknown, headings=named, beyond=beyond)


def _inspect(path: Path) -> None:
    """Refuse what unpacks to more than a catalogue."""
    with zipfile.ZipFile(path) as packed:
        entries = packed.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    worst = max((entry.file_size / max(entry.compress_size, 1) for entry in entries), default=0)
    shared = max((entry.file_size for entry in entries if entry.filename == "xl/sharedStrings.xml"), default=0)
    if unpacked > MAX_UNPACKED or shared > MAX_SHARED_TEXT or (worst > MAX_RATIO and unpacked > 50_000_000):
        raise _too_big(path, unpacked)


def _too_big(path: Path, size: int) -> InputRefused:
    return InputRefused("file_too_big", "split_file", file=path.name, megabytes=size // 1_000_000)


def _understood_sheets(book: Book, path: Path) -> tuple[dict[str, Headings], int, tuple[str, ...], str]:
    sheets: dict[str, Headings] = {}
    unknown: list[str] = []
    total, seen = 0, ""
    for title in book.sheets:
        reader = SheetRows(book.strings, book.styles)
        with book.open(title) as file:
            first = list(islice(reader.rows(file), HEADING_DEPTH))
        found = find_headings(first)
        if found:
            require_importable(found, path)
            sheets[title] = found
            total += max(0, reader.last - found.line)
            unknown += found.unknown
        elif first and not seen:
            seen = ", ".join(cell.text[:20] for cell in first[0].cells[:12])
    return sheets, total, tuple(dict.fromkeys(unknown)), seen


def _rows(path: Path, sheets: dict[str, Headings]) -> Iterator[ListedRow]:
    number = 0
    try:
        with zipfile.ZipFile(path) as packed:
            book = Book(packed)
            for title, found in sheets.items():
                with book.open(title) as file:
                    cells = SheetRows(book.strings, book.styles, verbatim=bool(found.own)).rows(file)
                    for row in nested(field_rows(cells, found), found):
                        number += 1
                        place = f"{title}!{row.line}"
                        yield ListedRow(number, place, row.values, row.numeric, row.faults, row.notes, found.own)
    except _BROKEN as error:
        raise InputRefused("xlsx_broken", "save_as_xlsx", file=path.name) from error
