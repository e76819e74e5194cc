"""What every reader of a catalogue file hands on: rows of text under our field names, with their place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MAX_CELL = 20_000  # characters; a longer cell is a broken file, not a title


@dataclass(frozen=True, slots=True)
class ListedRow:
    """``number``: count of rows so far, from 1, the same each time the file is read. ``place``: as a person finds it.

    ``numeric``: fields whose cell held a number, not text. ``faults``: codes of cells that could not be read.
    ``own``: the table of ours that it was taken out of (``own_rows``), "" in files of others.
    """

    number: int
    place: str
    values: dict[str, str]
    numeric: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    own: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """``total``: rows to expect, None = not known beforehand. ``fonds_no`` and ``fonds_name``: of the file, or ""."""

    format: str
    rows: Iterator[ListedRow]
    total: int | None
    fonds_no: str = ""
    fonds_name: str = ""
    ignored: tuple[str, ...] = ()  # headings nobody knows
    headings: tuple[tuple[str, str], ...] = ()  # of a table: heading as written and the field it was taken for
    beyond: int = 0  # columns of a table too far right to be read
