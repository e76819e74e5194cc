"""A table as a sheet or on paper. Whoever takes one is written down."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from itertools import chain

from cloud_sync.registers.period import Period
from cloud_sync.registers.table import SHARES, USUAL_SHARE, WORDS, Cells, Table
from edge.errors import InputRefused
from edge.paper.document import Printed
from edge.paper.register import Column, Part, register
from edge.words import say

MOST_PRINTED = 3000  # lines of one print; a sheet has all
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would carry out instead of showing
_NUMBER = re.compile(r"-\d+(\.\d+)?$")


def sheet(headings: Cells, rows: Iterable[Cells]) -> tuple[bytes, int]:
    """CSV with a byte order mark, as spreadsheets want it, and how many rows it has. What looks like a formula is text;
    a number below zero does not.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    count = -1  # the headings are no row
    for cells in chain([headings], rows):
        writer.writerow(
            [f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.match(cell) else cell for cell in cells]
        )
        count += 1
    return b"\xef\xbb\xbf" + out.getvalue().encode(), count


def paper(table: Table, period: Period, where: str, language: str, now_ms: int) -> Printed:
    """A4 landscape. InputRefused ``register_too_long``: a shorter period, or the sheet."""
    if len(table.rows) > MOST_PRINTED:
        raise InputRefused("register_too_long", "choose_shorter_period", most=MOST_PRINTED)
    columns = [
        Column(heading, SHARES.get(name, USUAL_SHARE), centred=name not in ("room", "said", "what"))
        for name, heading in zip(table.columns, table.headings, strict=True)
    ]
    head = f"{where} · {period.first} – {period.last}"
    note = say(language, "register.stays_short", WORDS)
    title = say(language, f"register.name.{table.name}", WORDS)
    return register(title, columns, [Part(f"{head} · {note}", table.rows)], language, now_ms)
