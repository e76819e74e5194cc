"""The catalogue as it changes: fonds, boxes, volumes, items, their text and state. Where boxes stand is changed by
box_places.

Each change takes the Change it happens in and appends its own event.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from edge.domain import access, archive_numbers
from edge.domain.records import Box, ItemState, NewItem, Volume
from edge.errors import InputRefused
from edge.store import catalogue_rows as rows
from edge.store import site_tables, volume_rows
from edge.store.catalogue_reads import CatalogueReads
from edge.store.connection import Connection
from edge.store.database import Change


class Catalogue(CatalogueReads):
    def add_fonds(self, change: Change, fonds_no: str, name: str, actor: str) -> None:
        rows.insert_fonds(change.db, fonds_no, name)
        change.event("fonds.added", subject=fonds_no, actor=actor, body={"fonds": fonds_no})

    def add_box(
        self, change: Change, *, fonds_no: str, box_no: str, actor: str, title: str = "", thickness_mm: int = 50
    ) -> Box:
        """A box without a place. StoreError ``conflict`` where the fonds is unknown or has a box of that number."""
        box = rows.insert_box(
            change.db, change.utc_ms, fonds_no=fonds_no, box_no=box_no, title=title, thickness_mm=thickness_mm
        )
        change.event("box.added", subject=box.id, actor=actor, body={"box": box.id})
        return box

    def add_volume(
        self, change: Change, *, fonds_no: str, ref_code: str, title: str, actor: str, box_id: str | None = None
    ) -> Volume:
        volume = volume_rows.insert(
            change.db,
            change.utc_ms,
            fonds_no=fonds_no,
            ref_code=ref_code,
            ref_key=archive_numbers.key_within(site_tables.number_in(change.db, ref_code), fonds_no)
            if ref_code
            else None,
            title=title,
            box_id=box_id,
            state=_state_in(change.db, box_id),
        )
        change.event("volume.added", subject=volume.id, actor=actor, body={"volume": volume.id, "box": box_id or ""})
        return volume

    def add_item(
        self,
        change: Change,
        new: NewItem,
        *,
        actor: str,
        box_id: str | None = None,
        volume_id: str | None = None,
    ) -> str:
        """The new item's id. A ``new.ref_code`` without a key gets its canonical one."""
        if new.ref_code and new.ref_key is None:
            new = _with_key(change.db, new)
        boxes, state = (box_id,) if box_id else (), _state_in(change.db, box_id)
        ready = rows.ready_item(change.utc_ms, new, boxes=boxes, volume_id=volume_id, state=state)
        rows.insert_items(change.db, [ready])
        change.event("item.added", subject=ready.id, actor=actor, body={"item": ready.id, "box": box_id or ""})
        return ready.id

    def set_text(
        self, change: Change, item_id: str, page: int, text: str, engine: str, confidence: float, actor: str
    ) -> None:
        """What is written on a page (from 1), found by search from this change on; "" takes the page's text away.

        ``engine``: what read it; ``confidence`` 0…1. InputRefused ``item_unknown``; StoreError ``conflict`` for a page
        or confidence out of range. The event names the text by its hash alone.
        """
        row = change.db.execute("SELECT no, secret_level FROM shown_item WHERE id = ?", (item_id,)).fetchone()
        if row is None:
            raise InputRefused("item_unknown", "search_again", item=item_id)
        change.db.execute("DELETE FROM item_text WHERE item_no = ? AND page = ?", (row["no"], page))
        if text:
            change.db.execute(
                "INSERT INTO item_text (item_no, page, text, engine, confidence, utc_ms) VALUES (?,?,?,?,?,?)",
                (row["no"], page, text, engine, confidence, change.utc_ms),
            )
        rows.reindex_item(change.db, row["no"])
        body = {"item": item_id, "page": page, "engine": engine, "sha256": hashlib.sha256(text.encode()).hexdigest()}
        change.event(
            "item.text_set", subject=item_id, actor=actor, body=body, level=access.event_level(row["secret_level"])
        )

    def set_item_state(self, change: Change, item_id: str, state: ItemState, actor: str) -> None:
        changed = change.db.execute("UPDATE item SET state = ? WHERE id = ?", (state, item_id)).rowcount
        if not changed:
            raise InputRefused("item_unknown", "search_again", item=item_id)
        change.event(f"item.{state}", subject=item_id, actor=actor, body={"item": item_id, "state": state})

    def set_volume_state(self, change: Change, volume_id: str, state: ItemState, actor: str) -> None:
        changed = change.db.execute("UPDATE volume SET state = ? WHERE id = ?", (state, volume_id)).rowcount
        if not changed:
            raise InputRefused("volume_unknown", "search_again", volume=volume_id)
        change.event(f"volume.{state}", subject=volume_id, actor=actor, body={"volume": volume_id, "state": state})


def _with_key(db: Connection, new: NewItem) -> NewItem:
    number = site_tables.number_in(db, new.ref_code)
    return replace(new, ref_key=archive_numbers.key_within(number, new.fonds_no))


def _state_in(db: Connection, box_id: str | None) -> ItemState:
    """Where a record is that is put into ``box_id``: as far as its box."""
    row = db.execute("SELECT home_slot FROM box WHERE id = ?", (box_id,)).fetchone() if box_id else None
    return "shelved" if row and row["home_slot"] else "registered"
