"""CSV of any spreadsheet program: UTF-8 with or without mark, UTF-16, GBK/GB 18030, Big5; comma, semicolon or tab."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from edge.errors import InputRefused
from edge.store.formats.formula_guard import unguard
from edge.store.formats.hierarchy import nested
from edge.store.formats.listing import MAX_CELL, ListedRow, Listing
from edge.store.formats.parents import under_parents
from edge.store.formats.table import (
    HEADING_DEPTH,
    MAX_COLUMNS,
    Cell,
    CellRow,
    FieldRow,
    Headings,
    field_rows,
    find_headings,
    require_importable,
)

ENCODINGS = ("utf-8-sig", "gb18030", "big5")
HAN = ("gb18030", "big5")
_END = "\0"  # a line after the last one; no list has the character
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

_HAN = re.compile("[\u3400-\u9fff]")
_HAN_IN_A_WORD = re.compile("(?<![\u3400-\u9fff])[\u3400-\u9fff](?=[a-z])")

csv.field_size_limit(4 * MAX_CELL)  # an unclosed quote swallows the rest of the file: stop early


def open_csv(path: Path) -> Listing:
    """InputRefused ``csv_encoding_unknown``, ``csv_encodings_mixed``, ``headings_unknown`` or ``csv_broken``, all with
    file and line; ``table_not_importable``.
    """
    with path.open("rb") as file:
        start = file.read(2)
    encodings = (_MARKS[start],) if start in _MARKS else ENCODINGS
    readable: list[tuple[str, str]] = []
    for encoding in encodings:
        if not _decodes(path, encoding) or (encoding in HAN and _is_western(path, encoding)):
            continue
        for delimiter in _delimiters(path, encoding):
            readable.append((encoding, delimiter))
            found = find_headings(islice(_cells(path, encoding, delimiter), HEADING_DEPTH))
            if found:
                require_importable(found, path)
                _require_one_encoding(path, encoding)
                total = sum(row.line > found.line for row in _cells(path, encoding, delimiter))
                rows = _rows(path, encoding, delimiter, found)
                return Listing("csv", rows, total, ignored=found.unknown, headings=found.named, beyond=found.beyond)
    if not readable:
        raise InputRefused("csv_encoding_unknown", "save_as_utf8", file=path.name, line=_first_bad_line(path))
    encoding, delimiter = readable[0]
    _require_one_encoding(path, encoding)
    first = next(_cells(path, encoding, delimiter), CellRow(1, []))
    seen = ", ".join(cell.text[:20] for cell in first.cells[:12])
    recovery = "check_encoding_and_headings" if encoding in HAN else "check_headings"
    raise InputRefused("headings_unknown", recovery, file=path.name, line=first.line, column=1, seen=seen)


def _rows(path: Path, encoding: str, delimiter: str, found: Headings) -> Iterator[ListedRow]:
    def read() -> Iterator[FieldRow]:
        return field_rows(_cells(path, encoding, delimiter, verbatim=bool(found.own)), found)

    rows = under_parents(read) if {"parent_id", "foreign_id"} <= found.columns.keys() else nested(read(), found)
    for number, row in enumerate(rows, 1):
        yield ListedRow(number, str(row.line), row.values, row.numeric, row.faults, row.notes, found.own)


def _cells(path: Path, encoding: str, delimiter: str, *, verbatim: bool = False) -> Iterator[CellRow]:
    """``verbatim``: an export of ours, blanks and all; what was guarded against formulas is taken back."""
    plain = unguard if verbatim else str.strip
    with path.open(encoding=encoding, newline="") as file:
        lines: list[str] = []  # of the row that is being read
        reader = csv.reader(_kept(chain(file, (_END,)), lines), delimiter=delimiter)
        line, width = 1, 0
        try:
            for texts in reader:
                if texts and texts[-1].endswith(_END):
                    if texts != [_END]:  # the end lies inside a cell: rows were swallowed
                        raise csv.Error
                    return
                fault = ""
                if len(lines) > 1 and not verbatim:
                    _require_closed(lines, delimiter)
                    fault = "rows_in_cell" if _holds_rows(texts, delimiter, width) else ""
                yield _row(line, [plain(text) for text in texts], fault)
                line, width = reader.line_num + 1, len(texts)
                lines.clear()
        except csv.Error:
            raise InputRefused("csv_broken", "close_quotes", file=path.name, line=line, column=1) from None


def _kept(lines: Iterable[str], kept: list[str]) -> Iterator[str]:
    for line in lines:
        kept.append(line)
        yield line


def _row(line: int, texts: list[str], fault: str) -> CellRow:
    beyond = next((at for at in range(len(texts), MAX_COLUMNS, -1) if texts[at - 1]), MAX_COLUMNS) - MAX_COLUMNS
    return CellRow(line, [Cell(text, fault=fault) for text in texts[:MAX_COLUMNS]], beyond)


def _require_closed(lines: list[str], delimiter: str) -> None:
    """A cell over several lines whose closing mark text follows was closed by another cell's opening one: csv.Error."""
    for _texts in csv.reader(lines, delimiter=delimiter, strict=True):
        pass


def _holds_rows(texts: list[str], delimiter: str, width: int) -> bool:
    """Whether a cell is the rest of its row, whole rows as wide as the one before, and the beginning of another."""
    if width < 3:
        return False
    for column, text in enumerate(texts):
        first, *within, last = text.splitlines() if len(text.splitlines()) > 1 else ("", "")
        shape = (
            first.count(delimiter),
            {line.count(delimiter) for line in within} - {width - 1},
            last.count(delimiter),
        )
        if first and shape == (width - 1 - column, set(), column):
            return True
    return False


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeError:
        return False
    return True


def _is_western(path: Path, encoding: str) -> bool:
    """Letters with accents of a western encoding, taken for Han: each stands alone and a small letter follows it."""
    han = alone = 0
    with path.open(encoding=encoding, newline="") as file:
        while text := file.read(1 << 20):
            han += len(_HAN.findall(text))
            alone += len(_HAN_IN_A_WORD.findall(text))
    return 2 * alone > han


def _require_one_encoding(path: Path, encoding: str) -> None:
    """Lines of UTF-8 inside a file of GBK or Big5 decode to wrong characters: InputRefused ``csv_encodings_mixed``.

    Text that is neither ASCII nor UTF-8 by accident has no three Han characters in UTF-8 on a line.
    """
    if encoding not in HAN:
        return
    with path.open("rb") as file:
        for line, content in enumerate(file, 1):
            if content.isascii():
                continue
            try:
                text = content.decode("utf-8")
            except UnicodeDecodeError:
                continue
            if sum("\u3400" <= letter <= "\u9fff" for letter in text) >= 3:
                raise InputRefused("csv_encodings_mixed", "save_as_utf8", file=path.name, line=line, encoding=encoding)


def _first_bad_line(path: Path) -> int:
    with path.open("rb") as file:
        for line, text in enumerate(file, 1):
            try:
                text.decode("gb18030")
            except UnicodeDecodeError:
                return line
    with path.open("rb") as file:  # each line could be GBK by itself: the first that is not plain
        return next((line for line, text in enumerate(file, 1) if not text.isascii()), 1)


def _delimiters(path: Path, encoding: str) -> list[str]:
    """Most frequent first; titles may hold more of another one than the lines have of their own."""
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(20_000)
    return sorted((",", "\t", ";"), key=start.count, reverse=True)
