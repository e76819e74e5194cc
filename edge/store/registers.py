"""What registers 目录 and note sheets 备考表 list, in the order of their numbers. Shows what ``scope`` may show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from edge.domain import archive_numbers
from edge.errors import InputRefused
from edge.store.catalogue_rows import box_key
from edge.store.connection import Connection, Row
from edge.store.exports.scope import SEEN_ITEM, SEEN_VOLUME, Scope

MOST_ROWS = 20_000  # of one register: some 1,300 pages

_LISTED = (
    "SELECT i.ref_code, i.doc_no, i.responsible, i.title, i.date, i.secret_level, i.pages, i.remark, i.year,"
    f" i.retention FROM shown_item i WHERE i.state <> 'void' AND {SEEN_ITEM} AND (:fonds = '' OR i.fonds_no = :fonds)"
)


@dataclass(frozen=True, slots=True)
class ListedItem:
    ref_code: str
    doc_no: str
    responsible: str
    title: str
    date: str
    secret_level: str
    pages: int | None
    remark: str
    year: int | None
    retention: str

    @property
    def org(self) -> str:
        return archive_numbers.parse(self.ref_code).org


@dataclass(frozen=True, slots=True)
class ListedVolume:
    """``first``, ``last``: dates of its items, "" where none is known. ``retentions``: of its items, each once."""

    ref_code: str
    title: str
    first: str
    last: str
    items: int
    pages: int
    retentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """The volume or box whose contents are listed."""

    fonds_no: str
    number: str
    title: str
    volume_id: str = ""
    box_id: str = ""


def fonds_name(db: Connection, fonds_no: str) -> str:
    """InputRefused ``fonds_unknown``."""
    row = db.execute("SELECT name FROM fonds WHERE fonds_no = ?", (fonds_no,)).fetchone()
    if row is None:
        raise InputRefused("fonds_unknown", "check_fonds", fonds=fonds_no)
    return str(row["name"])


def loose_items(db: Connection, scope: Scope, *, year: int | None, retention: str) -> list[ListedItem]:
    """Items that lie in no volume; of one year or period where said."""
    condition = " AND i.volume_id IS NULL AND (:year IS NULL OR i.year = :year)"
    condition += " AND (:retention = '' OR i.retention = :retention)"
    return _items(db, scope, condition, {"year": year, "retention": retention})


def items_of(db: Connection, scope: Scope, holder: Holder) -> list[ListedItem]:
    if holder.volume_id:
        return _items(db, scope, " AND i.volume_id = :of", {"of": holder.volume_id})
    inside = " AND (i.box_id = :of OR i.no IN (SELECT item_no FROM item_also_in WHERE box_id = :of))"
    return _items(db, scope, inside, {"of": holder.box_id})


def volumes(db: Connection, scope: Scope) -> list[ListedVolume]:
    found = db.execute(
        "SELECT v.ref_code, v.title, coalesce(min(nullif(i.date, '')), '') AS first, coalesce(max(i.date), '') AS last,"
        " count(i.no) AS items, coalesce(sum(i.pages), 0) AS pages,"
        " coalesce(group_concat(DISTINCT nullif(i.retention, '')), '') AS retentions"
        " FROM shown_volume v LEFT JOIN shown_item i ON i.volume_id = v.id AND i.state <> 'void'"
        f" WHERE v.state <> 'void' AND {SEEN_VOLUME} AND (:fonds = '' OR v.fonds_no = :fonds)"
        " GROUP BY v.id LIMIT :most",
        {**scope.params(), "most": MOST_ROWS + 1},
    ).fetchall()
    _require_printable(found)
    listed = [
        ListedVolume(
            row["ref_code"],
            row["title"],
            row["first"],
            row["last"],
            row["items"],
            row["pages"],
            tuple(sorted(filter(None, row["retentions"].split(",")))),
        )
        for row in found
    ]
    return sorted(listed, key=lambda volume: number_order(volume.ref_code))


def volume(db: Connection, scope: Scope, number: str) -> Holder:
    """By archive number in any writing. InputRefused ``volume_unknown``, also where the reader may not know of it."""
    read = archive_numbers.parse(number)
    found = db.execute(
        "SELECT v.id, v.ref_code, v.title, v.fonds_no FROM shown_volume v"
        f" WHERE (v.ref_key IN (:key, :key || '~' || v.fonds_no) OR v.ref_code = :written) AND {SEEN_VOLUME}"
        " AND (:fonds = '' OR v.fonds_no = :fonds) LIMIT 2",
        {**scope.params(), "key": read.key, "written": number.strip()},
    ).fetchall()
    if len(found) != 1:
        raise InputRefused("volume_unknown", "search_again", volume=number)
    return Holder(found[0]["fonds_no"], found[0]["ref_code"], found[0]["title"], volume_id=found[0]["id"])


def box(db: Connection, scope: Scope, number: str) -> Holder:
    """By box number. InputRefused ``box_unknown``; ``box_in_several_fonds`` where two fonds have one."""
    found = db.execute(
        "SELECT id, box_no, title, fonds_no FROM shown_box WHERE (box_key = :key OR barcode = :written)"
        " AND (:fonds = '' OR fonds_no = :fonds) LIMIT 2",
        {**scope.params(), "key": box_key(number), "written": number.strip()},
    ).fetchall()
    if not found:
        raise InputRefused("box_unknown", "search_again", box=number)
    if len(found) > 1:
        raise InputRefused("box_in_several_fonds", "name_fonds_of_box", box=number)
    return Holder(found[0]["fonds_no"], found[0]["box_no"], found[0]["title"], box_id=found[0]["id"])


def number_order(ref_code: str) -> tuple[Any, ...]:
    """Archive numbers as a person counts: by year, period, department, then number; what has no rule comes last."""
    read = archive_numbers.parse(ref_code)
    if read.rule == "foreign":
        return (1, ref_code)
    parts = (read.fonds, read.classes, read.year or 0, read.retention, read.org, read.file_no or 0, read.item_no or 0)
    return (0, *parts, ref_code)


def _items(db: Connection, scope: Scope, condition: str, more: dict[str, Any]) -> list[ListedItem]:
    values = {**scope.params(), **more, "most": MOST_ROWS + 1}
    found = db.execute(f"{_LISTED}{condition} ORDER BY i.no LIMIT :most", values).fetchall()
    _require_printable(found)
    items = [ListedItem(**{name: row[name] for name in ListedItem.__dataclass_fields__}) for row in found]
    return sorted(items, key=lambda item: number_order(item.ref_code))


def _require_printable(found: list[Row]) -> None:
    if len(found) > MOST_ROWS:
        raise InputRefused("print_too_many", "print_less", most=MOST_ROWS)
