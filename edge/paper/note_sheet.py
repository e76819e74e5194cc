"""The note sheet 备考表 that lies last in a volume or box: what is in it, what happened to it, who answers for it."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf.enums import Align

from edge.paper.document import Document, Printed, line_mm
from edge.paper.register import HEIGHT_MM, LEFT_MM, RIGHT_MM, TABLE_MM, TOP_MM, WIDTH_MM

_TITLE_PT, _TEXT_PT = 17.0, 11.0
_BOX_TOP_MM = TOP_MM + line_mm(_TITLE_PT) + 4
_BOX_MM = HEIGHT_MM - 14 - _BOX_TOP_MM
_ROW_MM = 11.0


def note_sheet(
    title: str, facts: Sequence[str], signed: Sequence[tuple[str, str]], language: str, made_utc_ms: int
) -> Printed:
    """``facts``: sentences at the top, below them room to write by hand; ``signed``: captions at the foot with what
    stands on their lines, "" = to be filled in.
    """
    document = Document(language, title, made_utc_ms)
    document.page(WIDTH_MM, HEIGHT_MM)
    document.text(LEFT_MM + TABLE_MM / 2, TOP_MM, title, document.fitting_pt(title, TABLE_MM, _TITLE_PT), Align.C)
    document.frame(LEFT_MM, _BOX_TOP_MM, TABLE_MM, _BOX_MM, 0.4)
    top = _BOX_TOP_MM + 4
    for fact in facts:
        for line in document.lines(fact, TABLE_MM - 10, _TEXT_PT):
            document.text(LEFT_MM + 5, top, line, _TEXT_PT)
            top += line_mm(_TEXT_PT) + 1
    foot = _BOX_TOP_MM + _BOX_MM - _ROW_MM * len(signed) - 4
    for caption, value in signed:
        right = WIDTH_MM - RIGHT_MM - 62
        document.text(right, foot, caption, _TEXT_PT, Align.R)
        document.line(right + 2, foot + line_mm(_TEXT_PT), WIDTH_MM - RIGHT_MM - 8, foot + line_mm(_TEXT_PT))
        size = document.fitting_pt(value, 50, _TEXT_PT)
        document.text(right + 4, foot, value, size)
        foot += _ROW_MM
    return document.printed()
