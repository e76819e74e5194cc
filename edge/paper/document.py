"""A PDF in which Chinese prints the same everywhere: Noto Sans CJK, of which only the glyphs used are embedded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from fpdf import FPDF
from fpdf.enums import Align

from edge.domain.line_breaks import wrap
from edge.paper import typeface

POINT_MM = 25.4 / 72
LEADING = 1.32  # of the type's size, between two base lines
logging.getLogger("fontTools").setLevel(logging.WARNING)  # it logs every table and glyph of the type that it embeds
_PALE = 215  # of 255: seen on any printer, and a line on it is read
_ASCENT = 0.88  # of the size, from the top of a line to its base line


@dataclass(frozen=True, slots=True)
class Printed:
    pdf: bytes
    pages: int


class Document:
    """Pages in millimetres, origin top left."""

    def __init__(self, language: str, title: str, made_utc_ms: int) -> None:
        self._pdf = FPDF(unit="mm")
        self._pdf.str_alias_nb_pages = ""  # a title may hold what looks like the alias
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._pdf.set_creator("Storeroom")
        self._pdf.set_creation_date(datetime.fromtimestamp(made_utc_ms / 1000, UTC))
        self._pdf.add_font("cjk", fname=typeface.FILE, collection_font_number=typeface.IN_COLLECTION[language])
        self._pdf.set_font("cjk", size=10)
        self._widths: dict[str, float] = {}  # of a character at 1 pt

    def page(self, width_mm: float, height_mm: float) -> None:
        self._pdf.add_page(format=(width_mm, height_mm))

    def width_mm(self, text: str, size_pt: float) -> float:
        return sum(map(self._width_at_one, text)) * size_pt

    def _width_at_one(self, character: str) -> float:
        if character not in self._widths:
            self._pdf.set_font_size(100)
            self._widths[character] = self._pdf.get_string_width(character) / 100
        return self._widths[character]

    def measure(self, size_pt: float) -> Callable[[str], float]:
        return partial(self.width_mm, size_pt=size_pt)

    def lines(self, text: str, width_mm: float, size_pt: float) -> list[str]:
        return wrap(text, width_mm, self.measure(size_pt))

    def text(self, x_mm: float, y_mm: float, text: str, size_pt: float, align: Align = Align.L) -> None:
        """One line; ``x_mm``: its left end, middle or right end as ``align`` says; ``y_mm``: its top."""
        shift = {Align.L: 0.0, Align.C: 0.5, Align.R: 1.0}[align] * self.width_mm(text, size_pt)
        self._pdf.set_font_size(size_pt)
        self._pdf.text(x_mm - shift, y_mm + _ASCENT * size_pt * POINT_MM, text)

    def fitting_pt(self, text: str, width_mm: float, largest_pt: float, smallest_pt: float = 4.0) -> float:
        """The largest size at which ``text`` is one line of ``width_mm``; never below ``smallest_pt``."""
        at_one = self.width_mm(text, 1.0)
        return max(smallest_pt, min(largest_pt, width_mm / at_one if at_one else largest_pt))

    def line(
        self, x1_mm: float, y1_mm: float, x2_mm: float, y2_mm: float, thick_mm: float = 0.2, dashed: bool = False
    ) -> None:
        self._pdf.set_line_width(thick_mm)
        self._pdf.set_dash_pattern(dash=2 if dashed else 0, gap=1 if dashed else 0)
        self._pdf.line(x1_mm, y1_mm, x2_mm, y2_mm)
        self._pdf.set_dash_pattern()

    def curve(self, points_mm: list[tuple[float, float]], thick_mm: float = 0.2) -> None:
        self._pdf.set_line_width(thick_mm)
        self._pdf.polyline(points_mm)

    def shade(self, points_mm: list[tuple[float, float]]) -> None:
        """A closed form in pale grey, without an edge."""
        self._pdf.set_fill_color(_PALE)
        self._pdf.polygon(points_mm, style="F")

    def frame(self, x_mm: float, y_mm: float, width_mm: float, height_mm: float, thick_mm: float = 0.2) -> None:
        self._pdf.set_line_width(thick_mm)
        self._pdf.rect(x_mm, y_mm, width_mm, height_mm)

    def black(self, x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> None:
        self._pdf.set_fill_color(0)
        self._pdf.rect(x_mm, y_mm, width_mm, height_mm, style="F")

    def printed(self) -> Printed:
        """The document as it is; nothing can be added afterwards."""
        pages = int(self._pdf.pages_count)
        return Printed(bytes(self._pdf.output()), pages)


def line_mm(size_pt: float) -> float:
    """Height of a line."""
    return size_pt * POINT_MM * LEADING
