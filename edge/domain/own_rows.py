"""Rows of files that this program wrote itself: taken as they are, letter by letter, nothing mended.

A sheet says so by a heading ``storeroom.items/1``, a JSON line and an EAD file in their own way. A row that somebody
edited into another writing since (a date with dots, say) is read like anybody's, by ``intake.judge``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from edge.domain import archive_numbers
from edge.domain.description import FIELDS, FURTHER, Field, Value
from edge.domain.intake import Judged
from edge.domain.list_cells import secret_level_of
from edge.domain.records import NewItem

IMPORTABLE = ("items", "volumes", "boxes")

ANALOG = "storeroom."  # how an EAD element of ours begins its encodinganalog

ATOM_MARK = "storeroom/atom 1"  # in revisionHistory of each row of our AtoM files

_FURTHER = {"items": FURTHER, "volumes": FIELDS["volume"][1:], "boxes": ()}  # a volume's title has its own column
_MARK = re.compile(r"storeroom\.([a-z]+)/1")
_WHOLE_NUMBER = re.compile(r"\d{1,9}")
_DATE = re.compile(r"\d{8}")


def mark_of(table: str) -> str:
    return f"storeroom.{table}/1"


def table_of(heading: str) -> str:
    """The table that a heading marks, "" for any other heading."""
    match = _MARK.fullmatch(heading.strip())
    return match[1] if match else ""


def join_boxes(numbers: tuple[str, ...]) -> str:
    r"""``3 & 4``; within a number ``&`` and ``\`` are written ``\&`` and ``\\``."""
    return " & ".join(number.replace("\\", "\\\\").replace("&", "\\&") for number in numbers)


def split_boxes(text: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\\(.)", r"\1", number) for number in text.split(" & ")) if text else ()


def read(table: str, number: int, place: str, values: Mapping[str, str], codes: archive_numbers.Codes) -> Judged | None:
    """The row as it was taken out; None where a value is in no writing of ours. ``values``: by field name."""

    def get(name: str) -> str:
        return values.get(name, "")

    boxes = split_boxes(get("box_no"))
    thickness_mm = _number(get("thickness") or "50")
    pages, year = _number(get("pages")), _number(get("year"))
    secret_level = secret_level_of(get("secret_level")) if get("secret_level") or table == "items" else "public"
    plain = not (get("pages") and pages is None) and not (get("year") and year is None)
    if not plain or not secret_level or thickness_mm not in range(5, 201) or not get("fonds_no"):
        return None
    if (get("date") and not _DATE.fullmatch(get("date"))) or (table == "boxes" and len(boxes) != 1):
        return None
    if get("state") == "void":
        return Judged(number, place, "refused", (("record_void", {}),))
    numbered = get("ref_code")
    item = NewItem(
        fonds_no=get("fonds_no"),
        title=get("volume_title") if table == "volumes" else get("title"),
        ref_code=numbered or get("local_ref"),
        ref_key=archive_numbers.key_within(archive_numbers.parse(numbered, *codes), get("fonds_no"))
        if numbered
        else None,
        foreign_id=get("foreign_id") or None,
        context=get("context"),
        year=year,
        retention=get("retention"),
        secret_level=secret_level,
        responsible=get("responsible"),
        doc_no=get("doc_no"),
        date=get("date"),
        date_written=get("date_written"),
        pages=pages,
        remark=get("remark"),
    )
    return Judged(
        number,
        place,
        "taken",
        (),
        item,
        is_volume=table == "volumes",
        is_box=table == "boxes",
        boxes=boxes,
        barcode=get("barcode") or None,
        slot=get("slot"),
        thickness_mm=thickness_mm or 50,
        box_title=get("box_title"),
        box_type=get("box_type") or "archive",
        weight_g=_number(get("weight_g")) or None,
        described=_described(values, _FURTHER[table]),
        volume_ref=get("volume_ref") if table == "items" else "",
        volume_title=get("volume_title") if table == "items" else "",
        fonds_name=get("fonds_name"),
    )


def _described(values: Mapping[str, str], further: tuple[Field, ...]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for field in further:
        text = values.get(field.name, "")
        flag = int(text in ("1", "True"))
        value: Value = _number(text) if field.kind == "number" else flag if field.kind == "flag" else text
        if text and value not in (None, "") and not (field.kind == "flag" and not flag):
            found[field.name] = value
    return found


def _number(text: str) -> int | None:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None
