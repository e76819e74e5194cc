"""What the store holds of one item, whole: description, number, corrections, moves, loans, pages and their hashes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from edge.store.connection import Connection, Row
from edge.store.described_record import whole_in
from edge.store.evidence_verify import CORRECTION
from edge.store.shelves import MOVED

_NAMED = (
    *("id", "label", "ref_code", "title", "responsible", "doc_no", "date", "date_written", "year", "retention"),
    *("secret_level", "pages", "remark", "context", "state", "fonds_no"),
)


def record(db: Connection, item: dict[str, Any], form: str) -> dict[str, Any]:
    """``item``: its row. ``people`` names whoever the rest names by id."""
    item_id, box_id, volume_id = item["id"], item["box_id"], item["volume_id"]
    whole = whole_in(db, "item", item_id)
    fonds = db.execute("SELECT name FROM fonds WHERE fonds_no = ?", (item["fonds_no"],)).fetchone()
    corrections = _rows(
        db.execute(f"SELECT {', '.join(CORRECTION)} FROM correction WHERE subject = ? ORDER BY rowid", (item_id,))
    )
    loans = _rows(
        db.execute(
            "SELECT id, kind, state, due, slot, person_id, asked_ms, changed_ms, reason FROM loan"
            " WHERE item_id = ? OR volume_id = ? OR (kind = 'box' AND box_id = ?) ORDER BY asked_ms",
            (item_id, volume_id, box_id),
        )
    )
    moves = _moves(db, boxes_of(item, corrections))
    source = {"file": item["import_name"], "sha256": item["import_sha256"], "place": item["source_place"]}
    return {
        "format": form,
        "item": {name: item[name] for name in _NAMED},
        "description": whole.values,
        "number": {"written": item["ref_code"], "key": item["ref_key"], "state": whole.number_state},
        "fonds": {"fonds_no": item["fonds_no"], "name": fonds["name"] if fonds else ""},
        "case": _one(
            db, "SELECT case_no, name, state, closed_event, closed_on FROM case_file WHERE id = ?", item["case_id"]
        ),
        "box": _one(db, "SELECT id, label, box_no, home_slot, slot, state FROM box WHERE id = ?", box_id),
        "volume": _one(db, "SELECT id, label, ref_code, title FROM volume WHERE id = ?", volume_id),
        "corrections": corrections,
        "moves": moves,
        "loans": loans,
        "page_images": _rows(
            db.execute(
                "SELECT p.page_no, p.image AS sha256, f.sha256 AS file_sha256, f.name AS file FROM page p"
                " JOIN scan_file f ON f.id = p.file_id WHERE p.item_id = ? AND p.state = 'hooked' ORDER BY p.page_no",
                (item_id,),
            )
        ),
        "source": source if item["import_no"] else None,
        "people": _people(
            db, [*(one["actor"] for one in (*corrections, *moves)), *(one["person_id"] for one in loans)]
        ),
    }


def boxes_of(item: dict[str, Any], corrections: list[dict[str, Any]]) -> list[str]:
    """Ids of the box it lies in and of those it lay in before."""
    before = [one[side] for one in corrections if one["field"] == "box" for side in ("old", "new")]
    return [one for one in dict.fromkeys([*before, item["box_id"]]) if one]


def _moves(db: Connection, box_ids: list[str]) -> list[dict[str, Any]]:
    """Where its boxes stood, oldest first. ``slot`` "": off the shelf."""
    found = db.execute(
        "SELECT utc_ms, actor, subject, action, body FROM event WHERE subject IN (SELECT value FROM json_each(?))"
        f" AND action IN ({', '.join('?' * len(MOVED))}) ORDER BY id",
        (json.dumps(box_ids), *MOVED),
    )
    moves = []
    for row in found:
        body = json.loads(row["body"]) if row["body"] else {}
        slot = body.get("slot", "") if row["action"] == "box.placed" else ""
        told = {"utc_ms": row["utc_ms"], "actor": row["actor"], "box": row["subject"], "slot": slot}
        moves.append({**told, "from": body.get("from", ""), "why": body.get("why", "")})
    return moves


def _people(db: Connection, ids: Iterable[str]) -> dict[str, str]:
    found = db.execute(
        "SELECT id, name FROM person WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(set(ids))),)
    )
    return {row["id"]: row["name"] for row in found}


def _one(db: Connection, query: str, subject: str | None) -> dict[str, Any] | None:
    found = _rows(db.execute(query, (subject,))) if subject else []
    return found[0] if found else None


def _rows(found: Iterable[Row]) -> list[dict[str, Any]]:
    return [dict(zip(row.keys(), row, strict=True)) for row in found]
