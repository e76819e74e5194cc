"""Labels on A4 sheets, packed row by row with marks to cut along, or one to a page for a roll printer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from edge.errors import InputRefused
from edge.paper.document import Document, Printed

_SHORT_MM, _LONG_MM = 210.0, 297.0  # A4
_CUT_MM = 2.5  # length of a cutting mark
_GRACE_MM = 0.01


@dataclass(frozen=True, slots=True)
class Size:
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Stock:
    """``border``: what stays free at the left and right, at the top and bottom of a sheet.

    ``skip``: places at the beginning of the first sheet that are used up. ``cut``: marks between labels, which sheets
    that are cut already do without.
    """

    on: Literal["sheet", "roll"]
    border: Size = Size(8, 8)
    skip: int = 0
    cut: bool = True


@dataclass(frozen=True, slots=True)
class Label:
    """How to draw it with its top left corner at (x_mm, y_mm)."""

    size: Size
    draw: Callable[[Document, float, float], None]


def labels_on(stock: Stock, labels: Sequence[Label], title: str, language: str, made_utc_ms: int) -> Printed:
    """InputRefused ``label_too_large`` for a label that no sheet holds."""
    document = Document(language, title, made_utc_ms)
    if stock.on == "roll":
        for label in labels:
            document.page(label.size.width_mm, label.size.height_mm)
            label.draw(document, 0, 0)
        return document.printed()
    sizes = [label.size for label in labels]
    across_mm, down_mm = _turned(stock, sizes)
    sheet = -1
    places = _places([sizes[0]] * stock.skip + sizes, stock.border, across_mm, down_mm) if sizes else []
    for label, (number, x_mm, y_mm) in zip(labels, places[stock.skip :], strict=True):
        if number != sheet:
            document.page(across_mm, down_mm)
            sheet = number
        label.draw(document, x_mm, y_mm)
        if stock.cut:
            _cutting_marks(document, x_mm, y_mm, label.size)
    return document.printed()


def _turned(stock: Stock, sizes: Sequence[Size]) -> tuple[float, float]:
    """Width and height of the sheet, upright or on its side, whichever takes more of the largest label."""
    wide = max((size.width_mm for size in sizes), default=1)
    high = max((size.height_mm for size in sizes), default=1)

    def room(across_mm: float, down_mm: float) -> int:
        columns = (across_mm - 2 * stock.border.width_mm + _GRACE_MM) // wide
        rows = (down_mm - 2 * stock.border.height_mm + _GRACE_MM) // high
        return int(columns) * int(rows)

    upright, aside = room(_SHORT_MM, _LONG_MM), room(_LONG_MM, _SHORT_MM)
    if not upright and not aside:
        raise InputRefused("label_too_large", "choose_label_size", width=wide, height=high)
    return (_SHORT_MM, _LONG_MM) if upright >= aside else (_LONG_MM, _SHORT_MM)


def _places(sizes: Sequence[Size], border: Size, across_mm: float, down_mm: float) -> list[tuple[int, float, float]]:
    """Sheet, x and y of each: left to right, top to bottom; a row is as high as its highest label."""
    right, bottom = across_mm - border.width_mm + _GRACE_MM, down_mm - border.height_mm + _GRACE_MM
    places = []
    sheet, x, y, row_mm = 0, border.width_mm, border.height_mm, 0.0
    for size in sizes:
        if x + size.width_mm > right:
            x, y, row_mm = border.width_mm, y + row_mm, 0.0
        if y + size.height_mm > bottom:
            sheet, x, y, row_mm = sheet + 1, border.width_mm, border.height_mm, 0.0
        places.append((sheet, x, y))
        x, row_mm = x + size.width_mm, max(row_mm, size.height_mm)
    return places


def _cutting_marks(document: Document, x_mm: float, y_mm: float, size: Size) -> None:
    for x, inwards in ((x_mm, _CUT_MM), (x_mm + size.width_mm, -_CUT_MM)):
        for y, downwards in ((y_mm, _CUT_MM), (y_mm + size.height_mm, -_CUT_MM)):
            document.line(x, y, x + inwards, y, 0.1)
            document.line(x, y, x, y + downwards, 0.1)
