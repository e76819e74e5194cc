"""What labels say: spines of boxes, slots, cabinets, items and volumes, with the code each has for ever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from edge.domain import archive_numbers, labels
from edge.errors import InputRefused
from edge.store import catalogue_rows
from edge.store.catalogue_rows import box_key
from edge.store.connection import Connection
from edge.store.database import Change
from edge.store.exports.scope import SEEN_ITEM, SEEN_VOLUME, Scope

MOST_LABELS = 5_000  # of one print


@dataclass(frozen=True, slots=True)
class Wanted:
    """``numbers``: of boxes, items, volumes or slots, [] = all. ``place``: beginning of a slot code, "" = anywhere.

    ``reprint``: of boxes, only those whose spine says what is no longer so.
    """

    numbers: Sequence[str] = ()
    place: str = ""
    reprint: bool = False


@dataclass(frozen=True, slots=True)
class SpineRow:
    """``first``, ``last``: numbers of items, or of volumes where it holds them, None where they have none."""

    code: str
    box_no: str
    fonds_no: str
    thickness_mm: int
    years: tuple[int, ...]
    retentions: tuple[str, ...]
    orgs: tuple[str, ...]
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class PlainRow:
    """``number``: of an item, a volume or a slot."""

    code: str
    number: str


@dataclass(frozen=True, slots=True)
class CabinetRow:
    """``classes``: category code → first and last year of what stands there; a year of 0 is not known.

    ``names``: of the site's own codes and of its series of cases.
    """

    code: str
    number: str
    fonds: tuple[str, ...]
    classes: dict[str, tuple[int, int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def ready_cabinets(change: Change, actor: str) -> int:
    """Every face that has slots has its label from now on; how many were made."""
    faces = change.db.execute(
        "SELECT DISTINCT area, column_no, face FROM slot WHERE NOT EXISTS (SELECT 1 FROM cabinet c"
        " WHERE c.area = slot.area AND c.column_no = slot.column_no AND c.face = slot.face) ORDER BY 1, 2, 3"
    ).fetchall()
    for row in faces:
        code = f"{row['area']}-{row['column_no']:02d}-{row['face']}"
        change.db.execute(
            "INSERT INTO cabinet (code, label, area, column_no, face) VALUES (?,?,?,?,?)",
            (code, labels.mint("A"), row["area"], row["column_no"], row["face"]),
        )
    if faces:
        change.event("cabinets.labelled", subject="cabinets", actor=actor, body={"count": len(faces)})
    return len(faces)


def spines(db: Connection, scope: Scope, wanted: Wanted) -> list[SpineRow]:
    """In shelving order, boxes without a place last. InputRefused ``box_unknown``, ``print_too_many``."""
    again = " AND b.id IN (SELECT box_id FROM label_reprint)" if wanted.reprint else ""
    found = _select(
        db,
        "SELECT b.id, b.label, b.box_no, b.box_key, b.fonds_no, b.thickness_mm FROM shown_box b LEFT JOIN slot s"
        f" ON s.code = b.home_slot WHERE b.state <> 'void' AND (:fonds = '' OR b.fonds_no = :fonds){again}",
        ("box_key", box_key, "box_unknown", "box"),
        "b.home_slot",
        "s.sort IS NULL, s.sort, b.no",
        scope,
        wanted,
    )
    return [_spine(db, scope, row) for row in found]


def items(db: Connection, scope: Scope, wanted: Wanted) -> list[PlainRow]:
    """InputRefused ``item_unknown``, ``print_too_many``."""
    found = _select(
        db,
        "SELECT i.label, i.ref_code, i.ref_order FROM shown_item i LEFT JOIN shown_box b ON b.id = i.box_id"
        f" WHERE i.state <> 'void' AND i.ref_code <> '' AND {SEEN_ITEM} AND (:fonds = '' OR i.fonds_no = :fonds)",
        ("ref_order", lambda number: catalogue_rows.folded(number)["ref_order"], "item_unknown", "item"),
        "b.home_slot",
        "i.no",
        scope,
        wanted,
    )
    return [PlainRow(row["label"], row["ref_code"]) for row in found]


def volumes(db: Connection, scope: Scope, wanted: Wanted) -> list[PlainRow]:
    """InputRefused ``volume_unknown``, ``print_too_many``."""
    found = _select(
        db,
        "SELECT v.label, v.ref_code FROM shown_volume v LEFT JOIN shown_box b ON b.id = v.box_id"
        f" WHERE v.state <> 'void' AND v.ref_code <> '' AND {SEEN_VOLUME} AND (:fonds = '' OR v.fonds_no = :fonds)",
        ("ref_code", str.strip, "volume_unknown", "volume"),
        "b.home_slot",
        "v.no",
        scope,
        wanted,
    )
    return [PlainRow(row["label"], row["ref_code"]) for row in found]


def slots(db: Connection, scope: Scope, wanted: Wanted) -> list[PlainRow]:
    """InputRefused ``slot_unknown``, ``print_too_many``."""
    found = _select(
        db,
        "SELECT s.label, s.code FROM slot s WHERE 1",
        ("code", str.upper, "slot_unknown", "slot"),
        "s.code",
        "s.sort",
        scope,
        wanted,
    )
    return [PlainRow(row["label"], row["code"]) for row in found]


def cabinets(db: Connection, scope: Scope, wanted: Wanted) -> list[CabinetRow]:
    """InputRefused ``slot_unknown``, ``print_too_many``."""
    found = _select(
        db,
        "SELECT c.* FROM cabinet c WHERE 1",
        ("code", str.upper, "slot_unknown", "slot"),
        "c.code",
        "c.code",
        scope,
        wanted,
    )
    return [_cabinet(db, scope, row) for row in found]


def _select(
    db: Connection,
    query: str,
    by_number: tuple[str, Callable[[str], str], str, str],
    place: str,
    order: str,
    scope: Scope,
    wanted: Wanted,
) -> list[Any]:
    """``by_number``: column, how numbers are folded to it, the code of the refusal and its parameter."""
    column, fold, unknown, named = by_number
    folded = {fold(number): number for number in wanted.numbers}
    values = {**scope.params(), "place": wanted.place.upper(), "most": MOST_LABELS + 1}
    query += f" AND (:place = '' OR ({place} >= :place AND {place} < :place || char(1114111)))"
    if folded:
        marks = {f"number{index}": number for index, number in enumerate(folded)}
        query += f" AND {column} IN ({', '.join(':' + mark for mark in marks)})"
        values |= marks
    found = db.execute(f"{query} ORDER BY {order} LIMIT :most", values).fetchall()
    if len(found) > MOST_LABELS:
        raise InputRefused("print_too_many", "print_less", most=MOST_LABELS)
    missing = folded.keys() - {row[column] for row in found}
    if missing:
        raise InputRefused(unknown, "search_again", **{named: folded[min(missing)]})
    return list(found)


def _spine(db: Connection, scope: Scope, row: Any) -> SpineRow:
    inside = db.execute(
        "SELECT i.ref_key, i.year, i.retention, i.volume_id IS NOT NULL AS bound, coalesce(d.org, '') AS org"
        " FROM shown_item i LEFT JOIN item_description d ON d.item_no = i.no"
        f" WHERE i.box_id = :box AND {SEEN_ITEM} AND i.state <> 'void'"
        " UNION ALL SELECT v.ref_key, d.year, coalesce(d.retention, ''), 1, '' FROM shown_volume v"
        " LEFT JOIN volume_description d ON d.volume_no = v.no"
        f" WHERE v.box_id = :box AND {SEEN_VOLUME} AND v.state <> 'void'",
        {**scope.params(), "box": row["id"]},
    ).fetchall()
    read = [(item, archive_numbers.of_key(item["ref_key"])) for item in inside]
    numbers = [
        no
        for item, number in read
        if (no := number.file_no if item["bound"] and number.file_no is not None else number.item_no) is not None
    ]
    return SpineRow(
        row["label"],
        row["box_no"],
        row["fonds_no"],
        row["thickness_mm"],
        tuple(sorted({year for item, number in read if (year := item["year"] or number.year)})),
        tuple(sorted({code for item, number in read if (code := item["retention"] or number.retention)})),
        tuple(sorted({org for item, number in read if (org := number.org or item["org"])})),
        min(numbers, default=None),
        max(numbers, default=None),
    )


def _cabinet(db: Connection, scope: Scope, row: Any) -> CabinetRow:
    inside = db.execute(
        "SELECT i.fonds_no, i.ref_key, i.year FROM slot s JOIN shown_box b ON b.home_slot = s.code"
        " JOIN shown_item i ON i.box_id = b.id WHERE s.area = :area AND s.column_no = :column AND s.face = :face"
        f" AND i.state <> 'void' AND {SEEN_ITEM}",
        {**scope.params(), "area": row["area"], "column": row["column_no"], "face": row["face"]},
    )
    fonds: set[str] = set()
    years: dict[str, list[int]] = {}
    for item in inside:
        fonds.add(item["fonds_no"])
        years.setdefault(archive_numbers.category(item["ref_key"]), []).append(item["year"] or 0)
    known = {code: [year for year in found if year] or [0] for code, found in sorted(years.items())}
    classes = {code: (min(found), max(found)) for code, found in known.items()}
    own = db.execute(
        "SELECT category AS code, name FROM series WHERE arrangement = 'case'"
        " UNION SELECT code, name FROM category_code"
    )
    names = {one["code"]: one["name"] for one in own}
    return CabinetRow(row["label"], row["code"], tuple(sorted(fonds)), classes, names)
