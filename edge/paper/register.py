"""A register 目录 on A4 landscape: a ruled table whose head returns on every page, titles wrapped, pages numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fpdf.enums import Align

from edge.paper.chart import Drawing, draw
from edge.paper.document import Document, Printed, line_mm
from edge.words import say

WIDTH_MM, HEIGHT_MM = 297.0, 210.0
LEFT_MM, RIGHT_MM, TOP_MM, BOTTOM_MM = 25.0, 12.0, 14.0, 15.0  # left: the edge that is bound
TABLE_MM = WIDTH_MM - LEFT_MM - RIGHT_MM
_TITLE_PT, _HEAD_PT, _SMALL_HEAD_PT, _TEXT_PT = 17.0, 10.0, 7.5, 9.0
_PAD_MM, _LEAST_ROW_MM = 1.2, 8.0
_TABLE_TOP_MM = TOP_MM + line_mm(_TITLE_PT) + line_mm(_HEAD_PT) + 4.0
_HEADING_MM = 9.0
_CLOSING_MM = 10.0  # a line that somebody signs by hand
_DRAWING_MM, _GAP_MM = 46.0, 3.0
_BODY_MM = HEIGHT_MM - BOTTOM_MM - _TABLE_TOP_MM - _HEADING_MM
_MOST_LINES = int((_BODY_MM - 2 * _PAD_MM) / line_mm(_TEXT_PT))

Cells = tuple[str, ...]
_Row = tuple[tuple[list[str], ...], float]  # lines of each cell, height in mm


@dataclass(frozen=True, slots=True)
class Column:
    """``share``: of the table's width, in parts; ``centred``: numbers and codes, where titles begin at the left."""

    heading: str
    share: float
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under one head: fonds, year, period. Each part begins on a page of its own.

    ``drawings``: (caption, drawing), at most two, side by side at the foot of the part's last page. ``columns``: its
    own, where they are not the register's.
    """

    head: str
    rows: Sequence[Cells]
    drawings: Sequence[tuple[str, Drawing]] = ()
    columns: Sequence[Column] = ()


def register(
    title: str,
    columns: Sequence[Column],
    parts: Sequence[Part],
    language: str,
    made_utc_ms: int,
    closing: Sequence[str] = (),
) -> Printed:
    """The whole register. A part without rows is a page with an empty table; ``closing``: lines below the last table,
    for who made and signed it.
    """
    document = Document(language, title, made_utc_ms)
    pages: list[_Page] = []
    for part in parts:
        ruled = part.columns or columns
        laid_out = [row for cells in part.rows for row in _laid_out(document, cells, _widths_mm(ruled))]
        pages += [_Page(part.head, ruled, number > 0, rows) for number, rows in enumerate(_pages(laid_out))]
        if part.drawings:
            if pages[-1].left_mm < _DRAWING_MM:
                pages.append(_Page(part.head, ruled, True, []))
            pages[-1].drawings = part.drawings
    if closing and pages and pages[-1].left_mm < _closing_mm(closing):
        pages.append(_Page(pages[-1].head, pages[-1].columns, True, []))
    for number, page in enumerate(pages, 1):
        document.page(WIDTH_MM, HEIGHT_MM)
        _head(document, say(language, "print.continued", title=title) if page.continued else title, page.head)
        bottom = _TABLE_TOP_MM
        if page.rows or not page.drawings:
            bottom = _table(document, page.columns, page.rows)
        _draw(document, page.drawings, bottom)
        foot = say(language, "print.page_of", page=number, pages=len(pages))
        document.text(WIDTH_MM - RIGHT_MM, HEIGHT_MM - BOTTOM_MM + 4, foot, _TEXT_PT, Align.R)
    top = HEIGHT_MM - BOTTOM_MM - _closing_mm(closing)
    for line in closing:
        document.text(LEFT_MM, top + _CLOSING_MM - line_mm(_HEAD_PT), line, _HEAD_PT)
        top += _CLOSING_MM
    return document.printed()


@dataclass(slots=True)
class _Page:
    head: str
    columns: Sequence[Column]
    continued: bool
    rows: list[_Row]
    drawings: Sequence[tuple[str, Drawing]] = ()

    @property
    def left_mm(self) -> float:
        return _BODY_MM - sum(height for _cells, height in self.rows) - (_DRAWING_MM if self.drawings else 0)


def _draw(document: Document, drawings: Sequence[tuple[str, Drawing]], below_mm: float) -> None:
    width = (TABLE_MM - _GAP_MM) / 2
    for number, (caption, drawing) in enumerate(drawings):
        x = LEFT_MM + number * (width + _GAP_MM)
        draw(document, drawing, caption, x, below_mm + _GAP_MM, width, _DRAWING_MM - 2 * _GAP_MM)


def _closing_mm(closing: Sequence[str]) -> float:
    return _CLOSING_MM * len(closing)


def _laid_out(document: Document, cells: Cells, widths: list[float]) -> list[_Row]:
    """The row with its cells wrapped; one that no page could hold goes on as further rows."""
    wrapped = [document.lines(text, width - 2 * _PAD_MM, _TEXT_PT) for text, width in zip(cells, widths, strict=True)]
    tallest = max(map(len, wrapped))
    pieces = [
        tuple(lines[first : first + _MOST_LINES] for lines in wrapped) for first in range(0, tallest, _MOST_LINES)
    ]
    return [(piece, max(_LEAST_ROW_MM, max(map(len, piece)) * line_mm(_TEXT_PT) + 2 * _PAD_MM)) for piece in pieces]


def _pages(rows: list[_Row]) -> list[list[_Row]]:
    pages: list[list[_Row]] = [[]]
    left = _BODY_MM
    for row in rows:
        if row[1] > left and pages[-1]:
            pages.append([])
            left = _BODY_MM
        pages[-1].append(row)
        left -= row[1]
    return pages


def _head(document: Document, title: str, head: str) -> None:
    middle = LEFT_MM + TABLE_MM / 2
    document.text(middle, TOP_MM, title, document.fitting_pt(title, TABLE_MM, _TITLE_PT), Align.C)
    top = TOP_MM + line_mm(_TITLE_PT) + 2
    size = document.fitting_pt(head, TABLE_MM, _HEAD_PT)
    if size >= _SMALL_HEAD_PT:
        document.text(LEFT_MM, top, head, size)
        return
    first, *rest = document.lines(head, TABLE_MM, _SMALL_HEAD_PT)  # a volume's long title: two lines, and no more
    cut = f"{rest[0][:-2]}…" if len(rest) > 1 else rest[0]
    document.text(LEFT_MM, top - 1, first, _SMALL_HEAD_PT)
    document.text(LEFT_MM, top - 1 + line_mm(_SMALL_HEAD_PT), cut, _SMALL_HEAD_PT)


def _widths_mm(columns: Sequence[Column]) -> list[float]:
    whole = sum(column.share for column in columns)
    return [TABLE_MM * column.share / whole for column in columns]


def _table(document: Document, columns: Sequence[Column], rows: list[_Row]) -> float:
    """Where it ends, in mm from the top."""
    top, widths = _TABLE_TOP_MM, _widths_mm(columns)
    headings = tuple(
        document.lines(column.heading, width - 1, _TEXT_PT) for column, width in zip(columns, widths, strict=True)
    )
    bottom = top
    for cells, height, centred in [
        (headings, _HEADING_MM, [True] * len(columns)),
        *((cells, height, [column.centred for column in columns]) for cells, height in rows),
    ]:
        document.line(LEFT_MM, bottom, LEFT_MM + TABLE_MM, bottom)
        x = LEFT_MM
        for lines, width, middle in zip(cells, widths, centred, strict=True):
            y = bottom + (height - len(lines) * line_mm(_TEXT_PT)) / 2 + 0.3
            for line in lines:
                if middle:
                    document.text(x + width / 2, y, line, _TEXT_PT, Align.C)
                else:
                    document.text(x + _PAD_MM, y, line, _TEXT_PT)
                y += line_mm(_TEXT_PT)
            x += width
        bottom += height
    x = LEFT_MM
    for width in [*widths, 0.0]:
        document.line(x, top, x, bottom)
        x += width
    document.line(LEFT_MM, bottom, LEFT_MM + TABLE_MM, bottom)
    document.frame(LEFT_MM, top, TABLE_MM, bottom - top, 0.4)
    return bottom
