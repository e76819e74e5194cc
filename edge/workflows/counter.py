"""The counter camera: one look, kept as evidence beside what was read in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from edge.devices import Look
from edge.domain.ids import new_id
from edge.domain.label_check import Verdict
from edge.store.database import Change
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class KeptLook:
    """``id`` names the kept frame in ``room.looks``; ``texts`` the codes in it."""

    id: str
    texts: tuple[str, ...]
    age_ms: int


def look(room: Room) -> KeptLook:
    """Take a fresh frame and keep it. Raises DeviceFault (no frame) or StoreError (it cannot be kept)."""
    seen: Look = room.eyes.look(room.counter_camera)
    now_ms = room.clock.utc_ms()
    look_id = new_id(now_ms)
    room.looks.keep(look_id, seen.jpeg, now_ms)
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
