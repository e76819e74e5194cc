"""The picture of a section: each slot as it was photographed, framed and marked with what was found there, under a
legend in the reader's language.

Colour never speaks alone: right has a tick, misplaced an arrow and where it belongs, missing a cross, unknown a plus,
unread a question mark.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from edge.vision.shelf import THUMB_PX
from edge.vision.shelf_grid import Place

GAP_PX, HEAD_PX, FOOT_PX = 6, 22, 40
LEGEND_PX, SIGN_PX, APART_PX = 34, 22, 28
PAPER, INK, NOTHING = (250, 250, 247), (28, 30, 32), (222, 224, 224)
COLOURS = {
    "right": (30, 122, 60),
    "misplaced": (178, 60, 0),
    "missing": (170, 20, 40),
    "unknown": (96, 50, 150),
    "unread": (150, 116, 0),
    "empty": (150, 154, 156),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """``says``: the line under the slot, for example the box number or where it belongs (figures and letters)."""

    status: str
    says: str


@dataclass(frozen=True, slots=True)
class Legend:
    """``title``: which bay; ``words``: status → what its sign means; ``font`` has the signs of their language."""

    title: str
    words: Mapping[str, str]
    font: ImageFont.FreeTypeFont


def drawn(marks: Mapping[Place, Mark], thumbs: Mapping[Place, Image.Image], legend: Legend) -> Image.Image:
    levels = sorted({level for level, _ in marks})
    positions = max(position for _, position in marks)
    wide, high = THUMB_PX[0] + GAP_PX, THUMB_PX[1] + HEAD_PX + FOOT_PX
    width = positions * wide + GAP_PX
    lines = _legend_lines(legend, width)
    above = len(lines) * LEGEND_PX
    sheet = Image.new("RGB", (width, above + len(levels) * high + GAP_PX), PAPER)
    draw = ImageDraw.Draw(sheet)
    for line, entries in enumerate(lines):
        for left, status, text in entries:
            top = line * LEGEND_PX + GAP_PX
            _sign(draw, status, (left, top + 3), COLOURS.get(status, INK))
            draw.text((left + (SIGN_PX if status else 0), top), text, font=legend.font, fill=COLOURS.get(status, INK))
    for row, level in enumerate(levels):
        for position in range(1, positions + 1):
            if (level, position) in marks:
                left, top = GAP_PX + (position - 1) * wide, above + GAP_PX + row * high
                _slot(sheet, draw, (left, top), (level, position), marks[level, position], thumbs)
    return sheet


def _legend_lines(legend: Legend, width: int) -> list[list[tuple[int, str, str]]]:
    """(left edge, status or "" for the title, words), broken into lines of the picture's width."""
    lines: list[list[tuple[int, str, str]]] = [[]]
    left = GAP_PX
    for status, text in (("", legend.title), *legend.words.items()):
        takes = (SIGN_PX if status else 0) + round(legend.font.getlength(text))
        if lines[-1] and left + takes > width - GAP_PX:
            lines.append([])
            left = GAP_PX
        lines[-1].append((left, status, text))
        left += takes + APART_PX
    return lines


def side_by_side(thumbs: Mapping[Place, Image.Image], places: Collection[Place]) -> Image.Image:
    """The slots as they were photographed, unmarked: THUMB_PX each, level under level, without gaps."""
    levels, positions = max(level for level, _ in places), max(position for _, position in places)
    sheet = Image.new("RGB", (positions * THUMB_PX[0], levels * THUMB_PX[1]), NOTHING)
    for (level, position), thumb in thumbs.items():
        sheet.paste(thumb, ((position - 1) * THUMB_PX[0], (level - 1) * THUMB_PX[1]))
    return sheet


def _slot(
    sheet: Image.Image,
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    place: Place,
    mark: Mark,
    thumbs: Mapping[Place, Image.Image],
) -> None:
    left, top = at
    width, height = THUMB_PX
    colour = COLOURS[mark.status]
    draw.text((left, top + 2), f"{place[0]}-{place[1]:02d}", font=_font(14), fill=INK)
    _sign(draw, mark.status, (left + width - 16, top + 3), colour)
    body = top + HEAD_PX
    if place in thumbs:
        sheet.paste(thumbs[place], (left, body))
    else:
        draw.rectangle((left, body, left + width - 1, body + height - 1), fill=NOTHING)
    thick = 2 if mark.status in ("right", "empty") else 6
    draw.rectangle((left, body, left + width - 1, body + height - 1), outline=colour, width=thick)
    for line, text in enumerate(_two_lines(mark.says)):
        draw.text((left, body + height + 2 + 17 * line), text, font=_font(13), fill=colour)


def _two_lines(says: str) -> Sequence[str]:
    """Slots and long numbers broken at a dash: a slot's face above, its place below."""
    if len(says) <= 9:
        return (says,)
    cut = says.rfind("-", 0, 11)
    return (says[:cut], says[cut + 1 :]) if cut > 0 else (says[:9], says[9:18])


def _sign(draw: ImageDraw.ImageDraw, status: str, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    x, y = at
    if status == "right":
        draw.line((x, y + 8, x + 5, y + 13, x + 14, y + 2), fill=colour, width=3)
    elif status == "misplaced":
        draw.line((x, y + 8, x + 14, y + 8), fill=colour, width=3)
        draw.polygon([(x + 15, y + 8), (x + 8, y + 2), (x + 8, y + 14)], fill=colour)
    elif status == "missing":
        draw.line((x + 1, y + 2, x + 13, y + 14), fill=colour, width=3)
        draw.line((x + 1, y + 14, x + 13, y + 2), fill=colour, width=3)
    elif status == "unknown":
        draw.line((x + 7, y + 1, x + 7, y + 15), fill=colour, width=3)
        draw.line((x, y + 8, x + 14, y + 8), fill=colour, width=3)
    elif status == "unread":
        draw.text((x + 3, y - 2), "?", font=_font(18), fill=colour)
    elif status == "empty":
        draw.rectangle((x + 1, y + 2, x + 13, y + 14), outline=colour, width=2)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
