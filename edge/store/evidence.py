"""An evidence extract of one item: its record, every event about it, and the proof of both for a stranger.

The extract's own event names the hashes of its files and is signed at once, so that record, readme and script hang on
the same chain as the events. Of all other events only envelopes go out, as links between an event and the next signed
checkpoint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain import access
from edge.domain.records import may_see
from edge.domain.trace import LEVELS, Event, canonical
from edge.errors import InputRefused
from edge.store import evidence_record, evidence_verify, site_tables
from edge.store.connection import Connection
from edge.store.database import Database
from edge.store.trace import Checkpoint, Trace
from edge.store.trace_export import line_of

FORMAT = "storeroom-evidence/3"
RECIPE = Path(__file__).with_name("evidence_recipe.sh")  # the same check with tools that every system has


def item_for(db: Connection, number: str, clearance: str) -> dict[str, Any]:
    """The item's row by archive number in any writing, or by id. InputRefused ``item_unknown``: also where the reader
    may not know of it.
    """
    read = site_tables.number_in(db, number)
    found = db.execute(
        "SELECT i.*, f.name AS import_name, f.sha256 AS import_sha256 FROM shown_item i"
        " LEFT JOIN import_file f ON f.no = i.import_no"
        " WHERE i.ref_key IN (:key, :key || '~' || i.fonds_no) OR i.id = :written OR i.label = :written LIMIT 2",
        {"key": read.key, "written": number.strip()},
    ).fetchall()
    if len(found) != 1 or not may_see(clearance, found[0]["secret_level"]):
        raise InputRefused("item_unknown", "search_again", item=number)
    return dict(found[0])


def least_clearance(database: Database, item_id: str) -> str:
    """What its reader needs; "" where nothing has that id."""
    with database.read() as db:
        row = db.execute("SELECT secret_level FROM shown_item WHERE id = ?", (item_id,)).fetchone()
    return row["secret_level"] if row and not may_see("internal", row["secret_level"]) else ""


def extract(
    database: Database,
    signing: Ed25519PrivateKey,
    number: str,
    *,
    clearance: str,
    actor: str,
    readme: Callable[[dict[str, Any]], str],
    reasons: bytes,
) -> bytes:
    """The ZIP. Its event ``evidence.made`` is in the trace and signed when this returns.

    ``reasons``: code → language → words of what the script may find wrong.
    """
    with database.read() as db:
        item = item_for(db, number, clearance)
        record = evidence_record.record(db, item, FORMAT)
        subjects = _subjects(db, item, record)
    files = {
        "record.json": json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8"),
        "node.pub": signing.public_key().public_bytes_raw().hex().encode("ascii") + b"\n",
        "verify.py": Path(evidence_verify.__file__).read_bytes(),
        "reasons.json": reasons,
        "README.txt": f"{readme(record)}\n\n{RECIPE.read_text('utf-8')}".encode(),
    }
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in evidence_verify.HASHED}
    trace = Trace(database)
    about = _about(trace, subjects, item)
    body = {
        "item": item["id"],
        "clearance": clearance,
        "files": hashes,
        "about": [[event.epoch, event.seq] for event in about],
    }
    level = access.event_level(item["secret_level"])
    database.write(
        lambda change: change.event("evidence.made", subject=item["id"], actor=actor, body=body, level=level)
    )
    trace.checkpoint(signing, now=True)
    about += trace.recent(1, item["id"], "evidence.made")
    lines, points = _linked(trace, about, access.event_level(clearance), item["id"])
    files["trace.jsonl"], files["checkpoints.jsonl"] = b"".join(lines), b"".join(points)
    return evidence_verify.pack(files)


def _subjects(db: Connection, item: dict[str, Any], record: dict[str, Any]) -> list[str]:
    """Ids whose events are about the item: itself, what it lies and lay in, its loans, its pages, its import."""
    pages = db.execute("SELECT id FROM page WHERE item_id = ?", (item["id"],))
    boxes = evidence_record.boxes_of(item, record["corrections"])
    known = [item["id"], *boxes, item["volume_id"], item["source_import"]]
    known += [one["id"] for one in (*record["loans"], *pages)]
    return [one for one in dict.fromkeys(known) if one]


def _about(trace: Trace, subjects: list[str], item: dict[str, Any]) -> list[Event]:
    """Oldest first. Of the import's batches only the one that brought the item.

    What a former life of the store left behind its last checkpoint is left out: nothing proves it.
    """
    signed = {point.epoch: point.seq for point in trace.checkpoints()}
    now = trace.head().epoch
    found = {}
    for subject in subjects:
        for event in trace.recent(100_000, subject):
            if event.epoch != now and event.seq > signed.get(event.epoch, 0):
                continue
            body = json.loads(event.body) if event.body else {}
            if event.action != "import.rows" or body.get("first", 0) <= (item["source_row"] or 0) <= body.get(
                "last", 0
            ):
                found[(event.epoch, event.seq)] = event
    order = {epoch.epoch: epoch.no for epoch in trace.epochs()}
    return sorted(found.values(), key=lambda event: (order[event.epoch], event.seq))


def _linked(trace: Trace, about: Iterable[Event], level: str, item_id: str) -> tuple[list[bytes], list[bytes]]:
    """Lines of the events and of those that link each to the next checkpoint; the checkpoints' lines."""
    told = {(event.epoch, event.seq) for event in about}
    points: dict[str, list[Checkpoint]] = {}
    for point in trace.checkpoints():
        points.setdefault(point.epoch, []).append(point)
    lines: list[bytes] = []
    used: dict[tuple[str, int], Checkpoint] = {}
    reached: tuple[str, int] = ("", 0)
    for event in about:
        if event.epoch == reached[0] and event.seq <= reached[1]:
            continue
        point = next(point for point in points[event.epoch] if point.seq >= event.seq)
        for link in trace.events_after(event.epoch, event.seq - 1, point.seq - event.seq + 1):
            hidden = (link.epoch, link.seq) not in told or LEVELS.index(link.level) > LEVELS.index(level)
            own = link.action == "evidence.made" and link.subject == item_id
            lines.append(line_of(link, hidden and not own) + b"\n")
        reached, used[(point.epoch, point.seq)] = (point.epoch, point.seq), point
    return lines, [canonical(asdict(point)) + b"\n" for point in used.values()]
