"""JSON Lines in UTF-8: one object a row, ``{"storeroom.items/1": {…}}``, under the columns' own names.

Carries every text and every type: numbers stay numbers, box numbers a list, missing is null. Titles over 20,000
characters leave whole but no import takes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from edge.store.exports.table import Table, Value
from edge.store.exports.written import Written


def write(out: BinaryIO, table: Table, rows: Iterable[tuple[Value, ...]]) -> Written:
    names = [column.name for column in table.columns]
    yes_no = [column.kind == "yes_no" for column in table.columns]
    count = 0
    for row in rows:
        values = [bool(value) if is_bool else value for value, is_bool in zip(row, yes_no, strict=True)]
        line = {table.mark: dict(zip(names, values, strict=True))}
        out.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        count += 1
    return Written(count)
