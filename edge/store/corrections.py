"""Correcting: the old value stays beside the new one with signer, date and reason; nothing is deleted (R038).

The event names the fields and a hash of the kept values; the values themselves lie in a table that takes no change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from edge.domain import access
from edge.domain.description import Level, Value
from edge.domain.ids import new_id
from edge.domain.records import SECRECY
from edge.errors import InputRefused, RuleRefused
from edge.store import catalogue_rows as rows
from edge.store import number_runs, number_writing
from edge.store.box_mixing import MIXABLE, box_warnings
from edge.store.connection import Connection
from edge.store.database import Change, Database
from edge.store.described_record import Whole, whole_in, write_field
from edge.store.spine_reprints import reprint

Act = Literal["corrected", "merged", "voided"]
BoxedLevel = Literal["item", "volume"]
VoidLevel = Literal["item", "volume", "box"]
_ON_LOAN = "SELECT 1 FROM loan WHERE state NOT IN ('reshelved', 'cancelled') AND ? IN (item_id, volume_id, box_id)"


@dataclass(frozen=True, slots=True)
class Correction:
    act: Act
    field: str
    old: str
    new: str
    reason: str
    actor: str
    utc_ms: int


class Corrections:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, subject: str) -> list[Correction]:
        """All that was ever changed of one record, newest first."""
        columns = ", ".join(Correction.__dataclass_fields__)
        with self._database.read() as db:
            found = db.execute(f"SELECT {columns} FROM correction WHERE subject = ? ORDER BY id DESC", (subject,))
            return [Correction(**dict(zip(row.keys(), row, strict=True))) for row in found]

    def correct(
        self, change: Change, level: Level, subject: str, values: Mapping[str, Value], *, reason: str, actor: str
    ) -> list[str]:
        """Names of the fields that changed. A number still provisional follows its year, retention and question.

        RuleRefused ``record_void``, ``number_sealed`` (field), ``reason_missing``.
        """
        before = whole_in(change.db, level, subject)
        changed = {name: value for name, value in values.items() if before.values[name] != value}
        if before.state == "void":
            raise RuleRefused("record_void", "look_again")
        if not changed:
            return []
        if before.number_state != "provisional" and not reason.strip():
            raise RuleRefused("reason_missing", "give_reason")
        moves = _moves_number(change.db, before, changed)
        for name, value in changed.items():
            write_field(change, level, subject, name, value, actor)
            _keep(change, level, subject, "corrected", name, before.values[name], value, reason, actor)
        if moves:
            _to_its_register(change, before, subject)
        if before.box_id and MIXABLE & set(changed):
            reprint(change, before.box_id, "corrected")
        _reopen(change.db, before)
        after = whole_in(change.db, level, subject)
        secret = max(before.secret_level, after.secret_level, key=SECRECY.index)
        body = {"level": level, "fields": sorted(changed), "kept": _kept_hash(change.db, subject)}
        change.event(f"{level}.corrected", subject=subject, actor=actor, body=body, level=access.event_level(secret))
        return sorted(changed)

    def merge(self, change: Change, keep: str, drop: str, take: list[str], *, reason: str, actor: str) -> None:
        """Two descriptions of one item become one: ``keep`` takes the fields ``take``, ``drop`` is void and names it.

        RuleRefused ``merge_with_itself``, ``record_void``, ``record_on_loan``, ``reason_missing``.
        """
        db = change.db
        if keep == drop:
            raise RuleRefused("merge_with_itself", "choose_other_record")
        kept, dropped = whole_in(db, "item", keep), whole_in(db, "item", drop)
        if "void" in (kept.state, dropped.state):
            raise RuleRefused("record_void", "look_again")
        if not reason.strip():
            raise RuleRefused("reason_missing", "give_reason")
        self.correct(change, "item", keep, {name: dropped.values[name] for name in take}, reason=reason, actor=actor)
        db.execute(
            "UPDATE item_text SET item_no = (SELECT no FROM item WHERE id = ?1)"
            " WHERE item_no = (SELECT no FROM item WHERE id = ?2) AND page NOT IN"
            " (SELECT page FROM item_text WHERE item_no = (SELECT no FROM item WHERE id = ?1))",
            (keep, drop),
        )
        db.execute(
            "UPDATE page SET item_id = ?1 WHERE item_id = ?2 AND page_no NOT IN"
            " (SELECT page_no FROM page WHERE item_id = ?1 AND state = 'hooked')",
            (keep, drop),
        )
        for one in (keep, drop):
            rows.reindex_item(db, db.execute("SELECT no FROM item WHERE id = ?", (one,)).fetchone()["no"])
        db.execute("UPDATE item SET merged_into = ? WHERE id = ?", (keep, drop))
        self._void(change, "item", dropped, act="merged", new=keep, reason=reason, actor=actor)

    def void(self, change: Change, level: VoidLevel, subject: str, *, reason: str, actor: str) -> None:
        """The record stays with its number and counts no more. RuleRefused as merge, ``volume_not_empty``,
        ``box_not_empty``.
        """
        if not reason.strip():
            raise RuleRefused("reason_missing", "give_reason")
        if level == "box":
            self._void_box(change, subject, reason, actor)
            return
        before = whole_in(change.db, level, subject)
        if before.state == "void":
            raise RuleRefused("record_void", "look_again")
        live = "SELECT 1 FROM item WHERE volume_id = ? AND state <> 'void'"
        if level == "volume" and change.db.execute(live, (subject,)).fetchone():
            raise RuleRefused("volume_not_empty", "void_contents_first", number=before.number)
        self._void(change, level, before, act="voided", new="", reason=reason, actor=actor)

    def put_in_box(
        self, change: Change, level: BoxedLevel, subject: str, box_id: str, *, reason: str, actor: str
    ) -> tuple[str, ...]:
        """The item, or the volume with its papers, lies in another box from now on; what is mixed there now, as codes.

        RuleRefused ``box_of_other_fonds``, ``record_void``, ``record_on_loan`` also of one paper in the volume,
        ``reason_missing`` once its number stands.
        """
        db = change.db
        before = whole_in(db, level, subject)
        inside = "SELECT id FROM item WHERE volume_id = ? AND box_id IS ? AND state <> 'void'"
        papers = db.execute(inside, (subject, before.box_id or None)).fetchall() if level == "volume" else []
        if before.state == "void":
            raise RuleRefused("record_void", "look_again")
        for one in (subject, *(row["id"] for row in papers)):
            _require_here(db, one)
        if before.number_state != "provisional" and not reason.strip():
            raise RuleRefused("reason_missing", "give_reason")
        year = before.values["year"]
        warnings = box_warnings(db, box_id, before.fonds_no, before.values, int(year) if year else None)
        box = db.execute("SELECT home_slot FROM box WHERE id = ?", (box_id,)).fetchone()
        state = "shelved" if box["home_slot"] else "registered"
        db.execute(f"UPDATE {level} SET box_id = ?, state = ? WHERE id = ?", (box_id, state, subject))
        move = "UPDATE item SET box_id = ?, state = ? WHERE id = ?"
        db.executemany(move, [(box_id, state, row["id"]) for row in papers])
        _keep(change, level, subject, "corrected", "box", before.box_id, box_id, reason, actor)
        for one in (before.box_id, box_id):
            if one:
                reprint(change, one, "contents")
        body = {level: subject, "box": box_id, "from": before.box_id, "kept": _kept_hash(db, subject)}
        change.event(f"{level}.boxed", subject=subject, actor=actor, body=body)
        return warnings

    def _void(
        self,
        change: Change,
        level: Literal["item", "volume"],
        before: Whole,
        *,
        act: Act,
        new: str,
        reason: str,
        actor: str,
    ) -> None:
        _require_here(change.db, before.id)
        change.db.execute(f"UPDATE {level} SET state = 'void' WHERE id = ?", (before.id,))
        _keep(change, level, before.id, act, "state", before.state, new or "void", reason, actor)
        _reopen(change.db, before)
        if before.box_id:
            reprint(change, before.box_id, "voided")
        body = {"level": level, "into": new, "kept": _kept_hash(change.db, before.id)}
        action = "item.merged" if act == "merged" else f"{level}.voided"
        secret = access.event_level(before.secret_level)
        change.event(action, subject=before.id, actor=actor, body=body, level=secret)

    def _void_box(self, change: Change, box_id: str, reason: str, actor: str) -> None:
        db = change.db
        box = db.execute("SELECT box_no, state FROM box WHERE id = ?", (box_id,)).fetchone()
        if box is None or box["state"] == "void":
            raise InputRefused("box_unknown", "search_again", box=box_id)
        inside = "SELECT 1 FROM {} WHERE box_id = ? AND state <> 'void'"
        if any(db.execute(inside.format(table), (box_id,)).fetchone() for table in ("item", "volume")):
            raise RuleRefused("box_not_empty", "void_contents_first", number=box["box_no"])
        _require_here(db, box_id)
        db.execute("UPDATE box SET state = 'void', home_slot = NULL, slot = NULL WHERE id = ?", (box_id,))
        db.execute("DELETE FROM label_reprint WHERE box_id = ?", (box_id,))
        _keep(change, "box", box_id, "voided", "state", box["state"], "void", reason, actor)
        change.event("box.voided", subject=box_id, actor=actor, body={"kept": _kept_hash(db, box_id)})


def _moves_number(db: Connection, before: Whole, changed: Mapping[str, Value]) -> bool:
    """Whether the number follows the change. RuleRefused ``number_sealed`` where it may not."""
    if not before.register_id:
        return False
    of = number_runs.series_in(db, before.series_id)
    if of.arrangement == "volume" and before.level == "item":
        return False  # the number names its volume's year and retention, not its own
    named = [part for part in of.parts.split() if part in changed]
    if named and before.number_state == "sealed":
        raise RuleRefused("number_sealed", "void_and_describe_again", field=named[0], number=before.number)
    return bool(named)


def _to_its_register(change: Change, before: Whole, subject: str) -> None:
    db, of = change.db, number_runs.series_in(change.db, before.series_id)
    now = whole_in(db, before.level, subject).values
    year = int(now["year"] or 0)
    register = number_runs.open_register(change, of, year, str(now["retention"] or ""), str(now.get("org") or ""))
    if register.id == before.register_id:
        return
    table = "volume" if before.level == "volume" else "item"
    no = number_runs.next_no(db, of, register)
    db.execute(f"UPDATE {table} SET seq = NULL WHERE id = ?", (subject,))
    number_writing.give(change, of, register, table, subject, no)
    number_runs.reopen(db, register)


def _reopen(db: Connection, before: Whole) -> None:
    if before.register_id:
        number_runs.reopen(db, number_runs.register_in(db, before.register_id)[1])


def _require_here(db: Connection, subject: str) -> None:
    if db.execute(_ON_LOAN, (subject,)).fetchone():
        raise RuleRefused("record_on_loan", "wait_for_return")


def _keep(
    change: Change, level: str, subject: str, act: Act, field: str, old: Value, new: Value, reason: str, actor: str
) -> None:
    written = ["" if value is None else str(value) for value in (old, new)]
    change.db.execute(
        "INSERT INTO correction (id, level, subject, act, field, old, new, reason, actor, utc_ms)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        (new_id(change.utc_ms), level, subject, act, field, *written, reason.strip(), actor, change.utc_ms),
    )


def _kept_hash(db: Connection, subject: str) -> str:
    """SHA-256 over all corrections of the record in the order they were made: the trace proves the table."""
    digest = hashlib.sha256()
    for row in db.execute("SELECT * FROM correction WHERE subject = ? ORDER BY rowid", (subject,)):
        digest.update("\x1f".join(str(value) for value in row).encode() + b"\x1e")
    return digest.hexdigest()
