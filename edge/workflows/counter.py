"""The counter camera: one look, kept as evidence beside what was read in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from edge.devices import Look
from edge.domain import access, printed
from edge.domain.ids import new_id
from edge.domain.label_check import Line, Printed, Verdict, certain
from edge.domain.people import Person
from edge.domain.records import may_see
from edge.store.database import Change
from edge.store.printed_boxes import printed_boxes
from edge.workflows.room import Room

HIDDEN = "———"  # something is there, and it is above the viewer's clearance


@dataclass(frozen=True, slots=True)
class KeptLook:
    """``id`` of the frame in ``room.looks``; ``texts``: the codes in it; ``printed``: the boxes its print names."""

    id: str
    texts: tuple[str, ...]
    age_ms: int
    printed: Printed


def look(room: Room) -> KeptLook:
    """Take a fresh frame and keep it. Raises DeviceFault (no frame) or StoreError (it cannot be kept)."""
    seen: Look = room.eyes.look(room.counter_camera)
    now_ms = room.clock.utc_ms()
    look_id = new_id(now_ms)
    room.looks.keep(look_id, seen.jpeg, now_ms)
    lines = certain([Line(line.text, line.weakest, line.agreed) for line in seen.lines])
    boxes = printed_boxes(room.database, printed.fonds_numbers(lines), printed.box_numbers(lines))
    return KeptLook(look_id, tuple(code.text for code in seen.codes), seen.age_ms, boxes)


def name_things(room: Room, verdict: Verdict, viewer: Person) -> Verdict:
    """The verdict with what people call the expected and the seen thing: box numbers, archive numbers."""
    expected, seen = (_called(room, label, viewer) for label in (verdict.expected, verdict.seen))
    return replace(verdict, expected_no=expected, seen_no=seen)


def checked(verdict: Verdict, loan_id: str) -> dict[str, object]:
    """Body of the event ``label.checked``. ``loan_id`` "": for no request."""
    return {
        "loan": loan_id,
        "ok": int(verdict.ok),
        "expected": verdict.expected,
        "seen": verdict.seen,
        "why": verdict.why,
        "by": verdict.by,
        "look": verdict.look_id,
    }


def note_stray_box(room: Room, change: Change, verdict: Verdict, actor: str) -> None:
    """A wrong box at the counter is out of its slot: the catalogue says so, and it gets a put-away of its own.

    Its code must say so: print alone refuses a box, but changes no record.
    """
    box = room.catalogue.box_by_label(verdict.seen) if verdict.seen and verdict.by == "code" else None
    if box is not None and box.slot is not None:
        room.catalogue.take_box(change, box.id, actor, "seen at the counter")


def _called(room: Room, label: str, viewer: Person) -> str:
    """ "" for a label that belongs to nothing in this room."""
    if not label:
        return ""
    catalogue = room.catalogue
    if (box := catalogue.box_by_label(label)) is not None:
        return box.box_no
    if (item := catalogue.item_by_label(label)) is not None:
        return item.ref_code if may_see(access.clearance(viewer.roles), item.secret_level) else HIDDEN
    volume = catalogue.volume_by_label(label)
    return "" if volume is None else volume.ref_code
