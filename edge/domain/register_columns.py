"""Columns of printed registers 目录: what each kind may show, and shows unless its fonds has headings of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from edge.errors import InputRefused

_ITEMS = {"ref_code": 52, "item_no": 14, "doc_no": 34, "responsible": 32, "title": 72, "date": 20, "secret_level": 14}
_ITEMS |= {"pages": 11, "year": 14, "retention": 18, "org": 24, "remark": 13}

# kind → column → its share of the width, in parts
COLUMNS: dict[str, dict[str, int]] = {
    "files": {"no": 12, **_ITEMS},
    "volumes": {
        "no": 12,
        "ref_code": 52,
        "file_no": 14,
        "volume_title": 106,
        "responsible": 32,
        "year": 14,
        "span": 40,
        "all_pages": 16,
        "retention": 18,
        "remark": 16,
    },
    "contents": {
        "order": 14,
        **_ITEMS,
        "doc_no": 40,
        "responsible": 40,
        "title": 94,
        "date": 22,
        "page_numbers": 18,
        "remark": 18,
    },
}
# DA/T 22-2015, GB/T 9705
USUAL: dict[str, tuple[str, ...]] = {
    "files": ("no", "ref_code", "doc_no", "responsible", "title", "date", "secret_level", "pages", "remark"),
    "volumes": ("no", "ref_code", "volume_title", "span", "all_pages", "retention", "remark"),
    "contents": ("order", "doc_no", "responsible", "title", "date", "secret_level", "page_numbers", "remark"),
}
OF_2000 = ("item_no", "responsible", "doc_no", "title", "date", "pages", "remark")  # DA/T 22-2000, still in cupboards
MOST_COLUMNS, MOST_CHARACTERS, MOST_SHARE = 12, 20, 200

_WRITTEN = re.compile(r"([a-z_]+)(?:=([^:]*))?(?::(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Heading:
    """``words`` "": the column's own, in the reader's language."""

    column: str
    words: str
    share: int


def usual(kind: str) -> tuple[Heading, ...]:
    return tuple(Heading(column, "", COLUMNS[kind][column]) for column in USUAL[kind])


def require_kind(kind: str) -> None:
    """InputRefused ``heading_unreadable``."""
    if kind not in COLUMNS:
        raise InputRefused("heading_unreadable", "name_columns", text=kind[:40], known=", ".join(COLUMNS))


def read(kind: str, written: Sequence[str]) -> tuple[Heading, ...]:
    """``COLUMN``, ``COLUMN=HEADING`` or ``COLUMN=HEADING:SHARE`` each. InputRefused ``heading_unreadable``."""
    headings: list[Heading] = []
    for one in written[: MOST_COLUMNS + 1]:
        match = _WRITTEN.fullmatch(one.strip())
        share = int(match[3]) if match and match[3] else 0
        words = " ".join((match[2] or "").split()) if match else ""
        known = match is not None and match[1] in COLUMNS[kind] and match[1] not in [each.column for each in headings]
        if match is None or not known or share > MOST_SHARE or len(words) > MOST_CHARACTERS:
            raise InputRefused("heading_unreadable", "name_columns", text=one[:40], known=", ".join(COLUMNS[kind]))
        headings.append(Heading(match[1], words, share or COLUMNS[kind][match[1]]))
    if not 1 <= len(headings) <= MOST_COLUMNS:
        raise InputRefused("heading_unreadable", "name_columns", text=str(len(written)), known=", ".join(COLUMNS[kind]))
    return tuple(headings)
