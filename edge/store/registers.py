"""What registers 目录 and note sheets 备考表 list, in the order of their numbers. Shows what ``scope`` may show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from edge.domain import archive_numbers
from edge.errors import InputRefused
from edge.store import site_tables
from edge.store.catalogue_rows import box_key
from edge.store.connection import Connection, Row
from edge.store.exports.scope import SEEN_ITEM, SEEN_VOLUME, Scope

MOST_ROWS = 20_000  # of one register: some 1,300 pages

_LISTED = (
    "SELECT i.ref_code, i.doc_no, i.responsible, i.title, i.date, i.secret_level, i.pages, i.remark, i.year,"
    " i.retention, i.ref_key, coalesce(s.name, '') AS mark, d.start_page, d.end_page FROM shown_item i"
    " LEFT JOIN item_description d ON d.item_no = i.no LEFT JOIN secret_level s ON s.code = d.secret_mark"
    f" WHERE i.state <> 'void' AND {SEEN_ITEM} AND (:fonds = '' OR i.fonds_no = :fonds)"
)


@dataclass(frozen=True, slots=True)
class ListedItem:
    """``mark``: the site's own name of its secret level 密级. ``start_page``, ``end_page``: 起止页号 as described."""

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
    ref_key: str | None
    mark: str
    start_page: int | None
    end_page: int | None

    @property
    def org(self) -> str:
        return archive_numbers.of_key(self.ref_key).org


@dataclass(frozen=True, slots=True)
class ListedVolume:
    """As described; what nobody described is told of its items: first and last date, pages, each retention once."""

    ref_code: str
    title: str
    first: str
    last: str
    pages: int
    retentions: tuple[str, ...]
    remark: str
    file_no: str
    year: int | None
    responsible: str


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
        "SELECT v.ref_code, v.ref_key, v.title,"
        " coalesce(nullif(d.start_date, ''), min(nullif(i.date, '')), '') AS first,"
        " coalesce(nullif(d.end_date, ''), max(i.date), '') AS last, coalesce(d.pages, sum(i.pages), 0) AS pages,"
        " coalesce(nullif(d.retention, ''), group_concat(DISTINCT nullif(i.retention, '')), '') AS retentions,"
        " coalesce(d.remark, '') AS remark, d.year, coalesce(d.responsible, '') AS responsible"
        " FROM shown_volume v LEFT JOIN volume_description d ON d.volume_no = v.no"
        " LEFT JOIN shown_item i ON i.volume_id = v.id AND i.state <> 'void'"
        f" WHERE v.state <> 'void' AND {SEEN_VOLUME} AND (:fonds = '' OR v.fonds_no = :fonds)"
        " GROUP BY v.id LIMIT :most",
        {**scope.params(), "most": MOST_ROWS + 1},
    ).fetchall()
    _require_printable(found)
    return [
        ListedVolume(
            row["ref_code"],
            row["title"],
            row["first"],
            row["last"],
            row["pages"],
            tuple(sorted(filter(None, row["retentions"].split(",")))),
            row["remark"],
            _file_no(row["ref_key"]),
            row["year"],
            row["responsible"],
        )
        for row in sorted(found, key=lambda row: number_order(row["ref_code"], row["ref_key"]))
    ]


def volume(db: Connection, scope: Scope, number: str) -> Holder:
    """By archive number in any writing. InputRefused ``volume_unknown``, also where the reader may not know of it."""
    read = site_tables.number_in(db, number)
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


def _file_no(ref_key: str | None) -> str:
    """案卷号: a volume's number reads like an item's, whose last part it is."""
    read = archive_numbers.of_key(ref_key)
    number = read.item_no if read.file_no is None else read.file_no
    return "" if number is None else f"{number:03d}"


def volume_notes(db: Connection, volume_id: str) -> dict[str, str]:
    """What its note sheet 卷内备考表 says: note, compiled_by, compiled_on, checked_by, checked_on; "" = nobody said."""
    names = ("note", "compiled_by", "compiled_on", "checked_by", "checked_on")
    row = db.execute(
        f"SELECT {', '.join(names)} FROM volume_description WHERE volume_no = (SELECT no FROM volume WHERE id = ?)",
        (volume_id,),
    ).fetchone()
    return {name: str(row[name]) if row else "" for name in names}


def number_order(ref_code: str, ref_key: str | None) -> tuple[Any, ...]:
    """Archive numbers as a person counts: by year, period, department, then number; what has no rule comes last."""
    read = archive_numbers.of_key(ref_key)
    if read.rule == "foreign":
        return (1, ref_code)
    parts = (read.fonds, read.classes, read.year or 0, read.retention, read.org, read.file_no or 0, read.item_no or 0)
    return (0, *parts, ref_code)


def _items(db: Connection, scope: Scope, condition: str, more: dict[str, Any]) -> list[ListedItem]:
    values = {**scope.params(), **more, "most": MOST_ROWS + 1}
    found = db.execute(f"{_LISTED}{condition} ORDER BY i.no LIMIT :most", values).fetchall()
    _require_printable(found)
    items = [ListedItem(**{name: row[name] for name in ListedItem.__dataclass_fields__}) for row in found]
    return sorted(items, key=lambda item: number_order(item.ref_code, item.ref_key))


def _require_printable(found: list[Row]) -> None:
    if len(found) > MOST_ROWS:
        raise InputRefused("print_too_many", "print_less", most=MOST_ROWS)
