"""What stands on a label: on the spine of a box, on a slot, a cabinet, an item or a volume."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fpdf.enums import Align

from edge.paper.document import Document, line_mm
from edge.paper.label_sheet import Label, Size
from edge.paper.qr import qr

SPINE_MM = 150.0  # height of a spine's label; its width is the box's thickness less what two rounded edges take
SPINE_EDGE_MM = 2.0
SLOT = Size(60, 30)
CABINET = Size(150, 100)
PIECE = Size(50, 25)  # item or volume
_PAD_MM = 1.5
_CAPTION_PT = 5.5
_ONE_LINE_PT = 8.0  # from here on a number in one line is easier to read than a larger one in two


@dataclass(frozen=True, slots=True)
class Field:
    """A caption in small print and its value."""

    caption: str
    value: str


def spine(code: str, fields: list[Field], size: Size) -> Label:
    """A narrow tall label: fields under each other, the code at the foot, where a hand scanner reaches it."""
    return Label(size, partial(_draw_spine, code, fields, size))


def plate(code: str, heading: str, lines: list[str], size: Size) -> Label:
    """A wide label: the code at the left, beside it the heading as large as it fits, and lines below."""
    return Label(size, partial(_draw_plate, code, heading, lines, size))


def _draw_spine(code: str, fields: list[Field], size: Size, document: Document, x_mm: float, y_mm: float) -> None:
    middle, room = x_mm + size.width_mm / 2, size.width_mm - 2 * _PAD_MM
    side = min(size.width_mm - 1, 26.0, size.height_mm / 3)
    foot = y_mm + size.height_mm - side - 1
    cell_mm = (foot - y_mm - 2) / len(fields)
    top = y_mm + 1.5
    for field in fields:
        document.text(
            middle, top + 0.8, field.caption, document.fitting_pt(field.caption, room, _CAPTION_PT, 3), Align.C
        )
        value_top, value_mm = top + 0.8 + line_mm(_CAPTION_PT), cell_mm - 1.2 - line_mm(_CAPTION_PT)
        _block(document, field.value, x_mm + _PAD_MM, value_top, room, value_mm, 15, Align.C)
        top += cell_mm
        document.line(x_mm + _PAD_MM, top, x_mm + size.width_mm - _PAD_MM, top, 0.15)
    qr(document, code, middle - side / 2, foot + 0.5, side)


def _draw_plate(
    code: str, heading: str, lines: list[str], size: Size, document: Document, x_mm: float, y_mm: float
) -> None:
    side = min(size.height_mm - 1, size.width_mm * 0.42, 45.0)
    qr(document, code, x_mm + 0.5, y_mm + (size.height_mm - side) / 2, side)
    left, room = x_mm + side + _PAD_MM, size.width_mm - side - 2 * _PAD_MM
    head_mm = size.height_mm * (0.4 if lines else 0.9)
    _block(document, heading, left, y_mm + _PAD_MM, room, head_mm, 40, Align.L)
    top = y_mm + _PAD_MM + head_mm + 0.5
    _block(document, "\n".join(lines), left, top, room, y_mm + size.height_mm - _PAD_MM - top, 12, Align.L)


def _block(
    document: Document,
    text: str,
    x_mm: float,
    y_mm: float,
    width_mm: float,
    height_mm: float,
    largest_pt: float,
    align: Align,
) -> None:
    """``text``, its line breaks kept, as large as the place allows and set in its middle; below 4 pt it is cut off."""
    widest = max(text.split("\n"), key=lambda part: document.width_mm(part, 1))
    in_one = document.fitting_pt(widest, width_mm, largest_pt)
    size = in_one if in_one >= _ONE_LINE_PT else largest_pt
    while True:
        lines = [line for part in text.split("\n") for line in document.lines(part, width_mm, size)]
        if len(lines) * line_mm(size) <= height_mm or size <= 4:
            break
        size = max(4.0, size * 0.93)
    lines = lines[: max(1, int(height_mm / line_mm(size)))]
    top = y_mm + max(0.0, (height_mm - len(lines) * line_mm(size)) / 2)
    left = x_mm + width_mm / 2 if align is Align.C else x_mm
    for line in lines:
        document.text(left, top, line, size, align)
        top += line_mm(size)
