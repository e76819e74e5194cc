"""JSON Lines as this program takes them out (``exports.jsonl_out``); files of others are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from edge.domain import own_rows
from edge.errors import InputRefused
from edge.store.formats.listing import MAX_CELL, ListedRow, Listing

MAX_LINE = 2_000_000  # bytes


def open_json_lines(path: Path) -> Listing:
    """InputRefused ``jsonl_broken`` with its line, ``table_not_importable``."""
    with path.open("rb") as file:
        table, _values = _parse(path, 1, file.readline(MAX_LINE))
        total = 1 + sum(1 for _line in iter(lambda: file.readline(MAX_LINE), b""))
    if table not in own_rows.IMPORTABLE:
        raise InputRefused("table_not_importable", "import_catalogue_tables", file=path.name, table=table)
    return Listing("jsonl", _rows(path, table), total)


def _rows(path: Path, table: str) -> Iterator[ListedRow]:
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE), b""), 1):
            found, values = _parse(path, number, line)
            if found != table:
                raise _broken(path, number)
            faults = ("cell_too_long",) if any(len(text) > MAX_CELL for text in values.values()) else ()
            yield ListedRow(number, str(number), values, faults=faults, own=table)


def _parse(path: Path, number: int, line: bytes) -> tuple[str, dict[str, str]]:
    """The table and the values as text; empty ones are left out."""
    try:
        [(mark, row)] = json.loads(line.decode("utf-8")).items()
        values = {name: _text(value) for name, value in row.items() if value not in (None, "", [])}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise _broken(path, number) from None
    table = own_rows.table_of(mark)
    if not table:
        raise _broken(path, number)
    return table, values


def _text(value: object) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        text = own_rows.join_boxes(tuple(value))
    elif isinstance(value, str | int):
        text = str(value)
    else:
        raise ValueError("no value of ours")
    text.encode("utf-8")  # ValueError for half a surrogate pair
    return text


def _broken(path: Path, line: int) -> InputRefused:
    return InputRefused("jsonl_broken", "export_again", file=path.name, line=line)
