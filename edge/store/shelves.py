"""Shelves and what they hold; a box is only ever placed where width, height and load allow it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from edge.domain import slot_codes
from edge.domain.block import Layout
from edge.domain.shelf_room import BoxSize, BoxType, ShelfRoom, shelf_of, weight_g
from edge.errors import InputRefused, RuleRefused
from edge.store.balances import Balances
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database

_LAST = "\U0010ffff"
_BOXES = (
    "SELECT b.id, b.home_slot, b.thickness_mm, b.weight_g, t.* FROM box AS b JOIN box_type AS t ON t.code = b.type"
    " WHERE b.state <> 'void'"
)
MOVED = ("box.placed", "box.taken", "box.unplaced")
THICKNESSES_MM = range(5, 201)


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of a box's history. ``slot``: where it went; "" = off the shelf. ``before``: its home until then."""

    utc_ms: int
    actor: str
    slot: str
    before: str
    why: str


@dataclass(frozen=True, slots=True)
class Measures:
    """``weighed_g`` None: nobody weighed it, ``weight_g`` is what its type says."""

    type: str
    thickness_mm: int
    weighed_g: int | None
    weight_g: int


class Shelves:
    def __init__(self, database: Database) -> None:
        self._database = database

    def room(self, prefix: str = "") -> list[ShelfRoom]:
        """Every shelf whose code begins so, in shelving order."""
        with self._database.read() as db:
            return list(rooms(db, prefix))

    def types(self) -> list[BoxType]:
        with self._database.read() as db:
            return [_type(row) for row in db.execute("SELECT * FROM box_type ORDER BY code")]

    def suggestions(self, box_id: str, limit: int = 3) -> list[str]:
        """Free slots with room for the box: behind the last one of its fonds first, then from the beginning."""
        with self._database.read() as db:
            size = size_of(db, box_id)
            after = db.execute(
                "SELECT max(s.sort) AS sort FROM box AS b JOIN slot AS s ON s.code = b.home_slot"
                " WHERE b.fonds_no = (SELECT fonds_no FROM box WHERE id = ?)",
                (box_id,),
            ).fetchone()["sort"]
            known, balances = {room.code: room for room in rooms(db)}, Balances(db, box_id)
            found: list[str] = []
            for row in free_slots(db, after or 0):
                room = known.get(shelf_of(row["code"]))
                if room and not room.why_not(size) and not balances.lean(row["code"], size.weight_g):
                    found.append(row["code"])
                if len(found) == limit:
                    break
            return found

    def next_place(self, slot: str) -> str:
        """The next free slot after this one on its shelf; "" where the shelf ends."""
        with self._database.read() as db:
            shelf = shelf_of(slot)
            row = db.execute(
                "SELECT code FROM slot WHERE code > ? AND code < ? AND NOT EXISTS"
                " (SELECT 1 FROM box WHERE box.home_slot = slot.code OR box.slot = slot.code) ORDER BY code LIMIT 1",
                (slot, shelf + "-" + _LAST),
            ).fetchone()
            return row["code"] if row else ""

    def history(self, box_id: str, limit: int = 50) -> list[Moved]:
        """Where the box stood, newest first, out of the trace."""
        with self._database.read() as db:
            found = db.execute(
                "SELECT utc_ms, actor, action, body FROM event WHERE subject = ?"
                f" AND action IN ({', '.join('?' * len(MOVED))}) ORDER BY id DESC LIMIT ?",
                (box_id, *MOVED, limit),
            ).fetchall()
        lines = []
        for row in found:
            body = json.loads(row["body"]) if row["body"] else {}
            slot = body.get("slot", "") if row["action"] == "box.placed" else ""
            before = body.get("home_before") or body.get("from", "")
            lines.append(Moved(row["utc_ms"], row["actor"], slot, before, body.get("why", "")))
        return lines

    def earlier_home(self, box_id: str) -> str | None:
        """Where it belonged before its last move: "" = nowhere yet, that was its first place. None: it never moved."""
        with self._database.read() as db:
            row = db.execute(
                "SELECT said ->> 'home_before' AS home FROM (SELECT id, CAST(body AS TEXT) AS said FROM event"
                " WHERE subject = ? AND action IN ('box.placed', 'box.unplaced'))"
                " WHERE said ->> 'slot' <> said ->> 'home_before' ORDER BY id DESC LIMIT 1",
                (box_id,),
            ).fetchone()
        return row["home"] if row else None

    def measures(self, box_id: str) -> Measures:
        """InputRefused ``box_unknown``."""
        with self._database.read() as db:
            size = size_of(db, box_id)
            row = db.execute("SELECT type, weight_g FROM box WHERE id = ?", (box_id,)).fetchone()
        return Measures(row["type"], size.thickness_mm, row["weight_g"], size.weight_g)

    def set_measures(
        self, change: Change, box_id: str, type_code: str, thickness_mm: int | None, weighed_g: int | None, actor: str
    ) -> None:
        """``thickness_mm`` None: as it was; ``weighed_g`` None: nobody weighed it. InputRefused ``box_type_unknown``,
        ``box_too_thick``; RuleRefused where its shelf cannot hold it then.
        """
        if not change.db.execute("SELECT 1 FROM box_type WHERE code = ?", (type_code,)).fetchone():
            raise InputRefused("box_type_unknown", "choose_box_type", type=type_code)
        if thickness_mm is not None and thickness_mm not in THICKNESSES_MM:
            least, most = THICKNESSES_MM.start, THICKNESSES_MM.stop - 1
            raise InputRefused("box_too_thick", "measure_again", mm=thickness_mm, least=least, most=most)
        change.db.execute(
            "UPDATE box SET type = ?, weight_g = ?, thickness_mm = coalesce(?, thickness_mm) WHERE id = ?",
            (type_code, weighed_g, thickness_mm, box_id),
        )
        row = change.db.execute("SELECT home_slot FROM box WHERE id = ?", (box_id,)).fetchone()
        if row and row["home_slot"]:
            require_room(change.db, box_id, row["home_slot"])
        thickness_mm = size_of(change.db, box_id).thickness_mm
        body = {"box": box_id, "type": type_code, "thickness_mm": thickness_mm, "weight_g": weighed_g or 0}
        change.event("box.type_set", subject=box_id, actor=actor, body=body)


def make_shelves(db: Connection, layout: Layout) -> None:
    """A row for every shelf of the block that has none; what a site set stays."""
    codes = dict.fromkeys(shelf_of(str(slot)) for slot in slot_codes.all_slots(layout))
    width_mm = layout.positions * layout.slot_mm
    db.executemany(
        "INSERT OR IGNORE INTO shelf (code, area, width_mm, height_mm, load_g) VALUES (?,?,?,?,?)",
        [(code, layout.area, width_mm, layout.shelf_height_mm, layout.shelf_load_kg * 1000) for code in codes],
    )
    movable = [(layout.area, column.no, layout.one_sided_kg * 1000) for column in layout.columns if not column.fixed]
    db.executemany("INSERT OR REPLACE INTO carriage (area, column_no, one_sided_g) VALUES (?,?,?)", movable)


def rooms(db: Connection, prefix: str = "", without: str = "") -> Iterator[ShelfRoom]:
    """``without``: a box that is thought away, because it is about to move."""
    prefix = slot_codes.prefix(prefix)
    used: dict[str, list[int]] = {}
    bounds = (prefix, prefix + _LAST, without)
    for row in db.execute(f"{_BOXES} AND b.home_slot >= ? AND b.home_slot < ? AND b.id <> ?", bounds):
        sums = used.setdefault(shelf_of(row["home_slot"]), [0, 0, 0])
        size = _size(row)
        sums[0] += 1
        sums[1] += size.thickness_mm
        sums[2] += size.weight_g
    found = db.execute(
        "SELECT shelf.*, count(*) AS places FROM shelf JOIN slot ON slot.code > shelf.code || '-'"
        " AND slot.code < shelf.code || '.' WHERE shelf.code >= ? AND shelf.code < ?"
        " GROUP BY shelf.code ORDER BY min(slot.sort)",
        (prefix, prefix + _LAST),
    )
    for row in found:
        boxes, used_mm, used_g = used.get(row["code"], (0, 0, 0))
        yield ShelfRoom(
            row["code"], row["width_mm"], row["height_mm"], row["load_g"], row["places"], boxes, used_mm, used_g
        )


def why_not(db: Connection, box_id: str, slot: str) -> str:
    """Why the shelf of ``slot`` cannot take the box, as ShelfRoom.why_not, or ``shelf_one_sided``; "" = it can."""
    room = next(rooms(db, shelf_of(slot), without=box_id), None)
    if room is None:
        return ""
    size = size_of(db, box_id)
    return room.why_not(size) or ("shelf_one_sided" if Balances(db, box_id).lean(slot, size.weight_g) else "")


def require_room(db: Connection, box_id: str, slot: str) -> None:
    """RuleRefused ``shelf_<why>``, as ``why_not`` says."""
    reason = why_not(db, box_id, slot)
    if not reason:
        return
    size, room = size_of(db, box_id), next(rooms(db, shelf_of(slot), without=box_id))
    raise RuleRefused(
        reason,
        "choose_other_slot",
        shelf=room.code,
        thickness_mm=size.thickness_mm,
        free_mm=room.free_mm,
        box_height_mm=size.height_mm,
        height_mm=room.height_mm,
        weight_kg=f"{size.weight_g / 1000:.1f}",
        free_kg=f"{room.free_g / 1000:.1f}",
    )


def first_homes(db: Connection, area: str, box_ids: list[str]) -> list[tuple[str, str]]:
    """A free slot for each box, in shelving order, as far as shelves have room; boxes without one are left out."""
    known, balances = {room.code: room for room in rooms(db, area)}, Balances(db)
    free = [row["code"] for row in free_slots(db, area=area)]
    homes = []
    for box_id in box_ids:
        size = size_of(db, box_id)
        slot = next(
            (
                code
                for code in free
                if not known[shelf_of(code)].why_not(size) and not balances.lean(code, size.weight_g)
            ),
            None,
        )
        if slot is None:
            continue
        homes.append((box_id, slot))
        free.remove(slot)
        balances.add(slot, size.weight_g)
        known[shelf_of(slot)] = known[shelf_of(slot)].with_box(size)
        if known[shelf_of(slot)].boxes >= known[shelf_of(slot)].places:
            free = [code for code in free if shelf_of(code) != shelf_of(slot)]
    return homes


def size_of(db: Connection, box_id: str) -> BoxSize:
    row = db.execute(f"{_BOXES} AND b.id = ?", (box_id,)).fetchone()
    if row is None:
        raise InputRefused("box_unknown", "search_again", box=box_id)
    return _size(row)


def free_slots(db: Connection, after_sort: int = 0, area: str = "") -> Iterator[Row]:
    """Slots that are nobody's home, those behind ``after_sort`` first; none of a bay that is being counted."""
    yield from db.execute(
        "SELECT code FROM slot WHERE ?2 IN ('', area) AND NOT EXISTS"
        " (SELECT 1 FROM box WHERE box.home_slot = slot.code OR box.slot = slot.code) AND NOT EXISTS"
        " (SELECT 1 FROM stocktake_bay AS b WHERE b.state = 'counting'"
        "  AND substr(slot.code, 1, length(b.bay) + 1) = b.bay || '-') ORDER BY sort <= ?1, sort",
        (after_sort, area),
    )


def _size(row: Row) -> BoxSize:
    of = _type(row)
    return BoxSize(row["thickness_mm"], of.height_mm, weight_g(of, row["thickness_mm"], row["weight_g"]))


def _type(row: Row) -> BoxType:
    return BoxType(**{name: row[name] for name in BoxType.__dataclass_fields__})
