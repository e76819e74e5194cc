"""Where a box stands: the slots there are, and a box that is put into one, taken out of it, or loses its place."""

from __future__ import annotations

from collections.abc import Mapping

from edge.domain import labels, slot_codes
from edge.domain.block import Layout
from edge.domain.records import Box
from edge.errors import InputRefused, RuleRefused
from edge.store import catalogue_rows as rows
from edge.store import shelves
from edge.store.connection import Connection
from edge.store.database import Change

PLACED_AT_ONCE = 200  # boxes a transaction
COUNTED = "stocktake "  # how the reason begins where a stocktake corrected the index


def make_slots(change: Change, layout: Layout, actor: str) -> int:
    """A row and a label for every slot of the block that has none yet; how many were made."""
    known = {row["code"] for row in change.db.execute("SELECT code FROM slot WHERE area = ?", (layout.area,))}
    row = change.db.execute("SELECT coalesce(max(sort), 0) AS last FROM slot").fetchone()
    new = [slot for slot in slot_codes.all_slots(layout) if str(slot) not in known]
    change.db.executemany(
        "INSERT INTO slot (code, label, area, column_no, face, sort) VALUES (?,?,?,?,?,?)",
        [
            (str(slot), labels.mint("S"), slot.area, slot.column, slot.face, sort)
            for sort, slot in enumerate(new, row["last"] + 1)
        ],
    )
    shelves.make_shelves(change.db, layout)
    if new:
        change.event("slots.made", subject=layout.area, actor=actor, body={"area": layout.area, "slots": len(new)})
    return len(new)


def place_boxes(change: Change, slots: Mapping[str, str], actor: str, why: str) -> None:
    """Box id → slot, all at once: boxes may stand in each other's places. Refused as place_box."""
    was = {box_id: _box(change, box_id) for box_id in slots}
    if len(slots) > 1:
        change.db.executemany("UPDATE box SET home_slot = NULL, slot = NULL WHERE id = ?", [(one,) for one in slots])
    for box_id, slot in slots.items():
        place_box(change, box_id, slot, actor, why, was[box_id])


def place_box(change: Change, box_id: str, slot: str, actor: str, why: str, was: Box | None = None) -> None:
    """The box stands in ``slot`` from now on, and this is its home. ``was``: the box before, by default as it is now.

    RuleRefused ``slot_taken`` (another box stands or belongs there), or as shelves.require_room. InputRefused
    ``slot_unknown``, ``box_unknown``.
    """
    box = was or _box(change, box_id)
    if not change.db.execute("SELECT 1 FROM slot WHERE code = ?", (slot,)).fetchone():
        raise InputRefused("slot_unknown", "scan_slot_label", slot=slot)
    other = change.db.execute(
        "SELECT box_no FROM box WHERE id <> ?1 AND (home_slot = ?2 OR slot = ?2)", (box_id, slot)
    ).fetchone()
    if other:
        raise RuleRefused("slot_taken", "choose_other_slot", slot=slot, box_no=other["box_no"])
    if box.home_slot != slot:
        shelves.require_room(change.db, box_id, slot)
    change.db.execute("UPDATE box SET home_slot = ?, slot = ?, state = 'shelved' WHERE id = ?", (slot, slot, box_id))
    change.db.execute("UPDATE item SET state = 'shelved' WHERE box_id = ? AND state = 'registered'", (box_id,))
    change.db.execute("UPDATE volume SET state = 'shelved' WHERE box_id = ? AND state = 'registered'", (box_id,))
    body = {
        "box": box_id,
        "box_no": box.box_no,
        "slot": slot,
        "from": box.slot or "",
        "home_before": box.home_slot or "",
        "why": why,
    }
    change.event("box.placed", subject=box_id, actor=actor, body=body)


def unplace_box(change: Change, box_id: str, actor: str, why: str) -> None:
    """The box has no place any more, as before its first one. RuleRefused ``box_not_on_shelf``."""
    box = _box(change, box_id)
    if box.slot is None:
        raise RuleRefused("box_not_on_shelf", "look_again", box_no=box.box_no)
    change.db.execute("UPDATE box SET home_slot = NULL, slot = NULL, state = 'registered' WHERE id = ?", (box_id,))
    for table in ("item", "volume"):
        update = f"UPDATE {table} SET state = 'registered' WHERE box_id = ? AND state = 'shelved'"
        change.db.execute(update, (box_id,))
    body = {"box": box_id, "slot": "", "from": box.slot, "home_before": box.home_slot or "", "why": why}
    change.event("box.unplaced", subject=box_id, actor=actor, body=body)


def take_box(change: Change, box_id: str, actor: str, why: str) -> None:
    """The box leaves its slot; the slot stays its home. RuleRefused ``box_not_on_shelf``."""
    box = _box(change, box_id)
    if box.slot is None:
        raise RuleRefused("box_not_on_shelf", "look_again", box_no=box.box_no)
    change.db.execute("UPDATE box SET slot = NULL, state = 'out' WHERE id = ?", (box_id,))
    body = {"box": box_id, "box_no": box.box_no, "slot": box.slot, "from": box.slot, "why": why}
    change.event("box.taken", subject=box_id, actor=actor, body=body)


def counted_missing(db: Connection, box_id: str) -> bool:
    """Whether a stocktake took the box out of its slot, which nobody has seen since."""
    last = db.execute(
        "SELECT json_extract(CAST(body AS TEXT), '$.why') AS why FROM event"
        " WHERE subject = ? AND action IN ('box.taken', 'box.placed') ORDER BY id DESC LIMIT 1",
        (box_id,),
    ).fetchone()
    return last is not None and str(last["why"] or "").startswith(COUNTED)


def place_unplaced(change: Change, layout: Layout, actor: str, limit: int = PLACED_AT_ONCE) -> int:
    """Give boxes without a home the block's free slots in shelving order, oldest box first; how many were placed.

    Boxes of an unsealed import wait. 0: none was left, or no slot was.
    """
    widest_mm = layout.positions * layout.slot_mm
    boxes = change.db.execute(
        "SELECT id FROM shown_box WHERE home_slot IS NULL AND state = 'registered' AND thickness_mm <= ?"
        " ORDER BY no LIMIT ?",
        (widest_mm, limit),
    ).fetchall()
    homes = shelves.first_homes(change.db, layout.area, [box["id"] for box in boxes])
    for box_id, slot in homes:
        place_box(change, box_id, slot, actor, "first_place")
    return len(homes)


def _box(change: Change, box_id: str) -> Box:
    query = f"SELECT {rows.BOX_COLUMNS} FROM shown_box WHERE id = ?"
    row = change.db.execute(query, (box_id,)).fetchone()
    if row is None:
        raise InputRefused("box_unknown", "search_again", box=box_id)
    return rows.box_of(row)
