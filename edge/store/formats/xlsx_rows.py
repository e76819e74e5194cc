"""The rows of one sheet of a workbook, as a person sees them; formulas by the value that was stored with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from edge.store.formats.table import MAX_COLUMNS, Cell, CellRow
from edge.store.formats.xlsx_book import Strings, Styles
from edge.store.formats.xml_events import XmlEvents

MAX_ROWS = 1_048_576  # of the format

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how the format writes what XML cannot hold
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_LAST = re.compile(r"[A-Za-z]*([0-9]+)")
_EMPTY = Cell("")


class SheetRows(XmlEvents[CellRow]):
    """``verbatim``: an export of ours, blanks and all. ``last``: the last row that the sheet says it has, 0 = unsaid.

    Rows that the file leaves out are one empty row; a row whose number is not above the last one's comes after it.
    """

    def __init__(self, strings: Strings, styles: Styles, *, verbatim: bool = False) -> None:
        super().__init__()
        self.last = 0
        self._strings, self._styles, self._verbatim = strings, styles, verbatim
        self._done: list[CellRow] = []
        self._line = 0
        self._cells: list[Cell] = []
        self._column = -1
        self._beyond = 0
        self._columns: dict[str, int] = {}
        self._kind, self._style = "n", 0
        self._value: str | None = None
        self._pieces: list[str] = []
        self._formula = self._aloud = False

    def rows(self, file: IO[bytes]) -> Iterator[CellRow]:
        """ValueError, IndexError and the errors of the XML for a sheet that is none."""
        return self.read(file)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "v" or (name == "t" and not self._aloud):
            self.listen()
        elif name == "row":
            self._begin_row(attributes.get("r"))
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._aloud = True
        elif name == "dimension":
            last = _LAST.fullmatch(attributes.get("ref", "").rpartition(":")[2])
            self.last = int(last[1]) if last else 0

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "v":
            self._value = self.heard()
        elif name == "t":
            if not self._aloud:
                self._pieces.append(self.heard())
        elif name == "row":
            self._done.append(CellRow(self._line, self._cells, self._beyond))
        elif name == "rPh":
            self._aloud = False

    def told(self) -> Iterator[CellRow]:
        done, self._done = self._done, []
        return iter(done)

    def _begin_row(self, number: str | None) -> None:
        line = max(int(float(number)) if number else 0, self._line + 1)
        if line > MAX_ROWS:
            raise ValueError("more rows than the format has")
        if line > self._line + 1:
            self._done.append(CellRow(line - 1, []))
        self._line, self._cells, self._column, self._beyond = line, [], -1, 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._kind, self._style = attributes.get("t", "n"), int(attributes.get("s", 0))
        self._value, self._formula = None, False
        self._pieces = []
        letters = attributes.get("r", "").rstrip("0123456789")
        if not letters:
            self._column += 1
        elif letters in self._columns:
            self._column = self._columns[letters]
        else:
            self._column = self._columns[letters] = _column(letters)

    def _end_cell(self) -> None:
        if self._column >= MAX_COLUMNS:
            if self._cell() is not _EMPTY:
                self._beyond = max(self._beyond, self._column + 1 - MAX_COLUMNS)
            return
        cell = self._cell()
        if cell is not _EMPTY:
            cells = self._cells
            while len(cells) <= self._column:
                cells.append(_EMPTY)
            cells[self._column] = cell

    def _cell(self) -> Cell:
        value = "".join(self._pieces) if self._kind == "inlineStr" else self._stored(self._value or "")
        if value is None or value == "":
            return Cell("", fault="formula_without_value") if self._formula else _EMPTY
        if self._formula:
            return Cell(_shown(value, verbatim=False).text, note="formula_value_taken")
        return _shown(value, verbatim=self._verbatim)

    def _stored(self, text: str) -> Any:
        if not text or self._kind in ("str", "e"):
            return text
        if self._kind == "s":
            return self._strings[int(text)]
        if self._kind == "b":
            return bool(int(text))
        if self._kind == "d":
            return from_ISO8601(text)  # type: ignore[no-untyped-call]
        number = float(text) if any(sign in text for sign in ".eE") else int(text)
        if self._style not in self._styles.dates:
            return number
        try:
            return from_excel(number, self._styles.epoch, timedelta=self._style in self._styles.lengths)
        except (OverflowError, ValueError):  # no day has this number
            return "#VALUE!"


def _column(letters: str) -> int:
    """From 0; what the format has no letters for counts as the first that is not read."""
    try:
        return int(column_index_from_string(letters)) - 1
    except ValueError:
        if letters.isalpha() and letters.isascii():
            return MAX_COLUMNS
        raise


def _shown(value: Any, *, verbatim: bool) -> Cell:
    if isinstance(value, str):
        text = _ESCAPED.sub(_character, value) if "_x" in value else value
        if verbatim:
            return Cell(text)
        text = text.strip()
        return Cell("", fault="cell_error_value") if text in _ERRORS else Cell(text)
    if isinstance(value, bool):
        return Cell(str(value))
    if isinstance(value, datetime | date):
        return Cell(f"{value:%Y-%m-%d}")
    if isinstance(value, time):
        return Cell(value.isoformat())
    if isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)), numeric=True)
    return Cell(str(value), numeric=isinstance(value, int | float))


def _character(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return "\ufffd" if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)
