"""CSV for spreadsheet programs: UTF-8 with mark, commas, CRLF, cells made harmless by ``formats.formula_guard``.

Carries every text but NUL, and nothing of types: what is empty and what is missing look alike. Titles over 20,000
characters leave whole but no import takes them. Ids, labels and states are written for people: an import mints and
judges its own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from edge.store.exports.written import Written
from edge.store.formats.formula_guard import guard


def write(out: BinaryIO, headings: list[str], rows: Iterable[list[str]]) -> Written:
    text = io.TextIOWrapper(out, "utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headings)
    count = 0
    for row in rows:
        writer.writerow([guard(cell) for cell in row])
        count += 1
    text.detach()
    return Written(count)
