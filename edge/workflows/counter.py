"""The counter camera: one look, kept as evidence beside what was read in it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from edge.devices import Look
from edge.domain.ids import new_id
from edge.domain.label_check import Verdict
from edge.errors import StoreError
from edge.store.database import Change
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class KeptLook:
    """``id`` names the frame ``looks/<id>.jpg``; ``texts`` the codes in it."""

    id: str
    texts: tuple[str, ...]
    age_ms: int


def look(room: Room) -> KeptLook:
    """Take a fresh frame and keep it. Raises DeviceFault (no frame) or StoreError (it cannot be kept)."""
    seen: Look = room.eyes.look(room.counter_camera)
    look_id = new_id(room.clock.utc_ms())
    _keep(room, look_id, seen.jpeg)
    return KeptLook(look_id, tuple(code.text for code in seen.codes), seen.age_ms)


def name_things(room: Room, verdict: Verdict) -> Verdict:
    """The verdict with what people call the expected and the seen thing: box numbers."""
    return replace(verdict, expected_no=_box_no(room, verdict.expected), seen_no=_box_no(room, verdict.seen))


def note_stray_box(room: Room, change: Change, verdict: Verdict, actor: str) -> None:
    """A wrong box at the counter is out of its slot: the catalogue says so, and it gets a put-away of its own."""
    box = room.catalogue.box_by_label(verdict.seen) if verdict.seen else None
    if box is not None and box.slot is not None:
        room.catalogue.take_box(change, box.id, actor, "seen at the counter")


def _box_no(room: Room, label: str) -> str:
    box = room.catalogue.box_by_label(label) if label else None
    return "" if box is None else box.box_no


def _keep(room: Room, look_id: str, jpeg: bytes) -> None:
    """Durable before the verdict that rests on it is in the trace."""
    target = room.looks_dir / f"{look_id}.jpg"
    partial = target.with_suffix(".partial")
    try:
        room.looks_dir.mkdir(mode=0o700, exist_ok=True)
        with partial.open("wb") as file:
            file.write(jpeg)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    except OSError as error:
        raise StoreError("disk_full", "free_disk_space", path=str(target)) from error
