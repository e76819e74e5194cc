"""The counter camera: one look, the label in it kept as evidence beside what was read; and the person who reads the
label where the camera cannot tell.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from edge.devices import Look
from edge.domain import access, printed
from edge.domain.ids import new_id
from edge.domain.label_check import CANNOT_TELL, Line, Printed, Verdict, certain
from edge.domain.people import Person
from edge.domain.records import Box, may_see
from edge.errors import RuleRefused
from edge.store import box_places, label_checks
from edge.store.database import Change
from edge.store.printed_boxes import printed_boxes
from edge.store.trace import Trace
from edge.workflows.room import Room

TYPED_AT_MOST = 40  # characters of what a person typed
HIDDEN = "———"  # something is there, and it is above the viewer's clearance


@dataclass(frozen=True, slots=True)
class KeptLook:
    """``id`` of the picture in ``room.looks``; ``texts``: the codes in it; ``printed``: the boxes its print names."""

    id: str
    texts: tuple[str, ...]
    age_ms: int
    printed: Printed


@dataclass(frozen=True, slots=True)
class Asked:
    """A look that could not tell. ``code``: the label that its code names where the print was against it: what a person
    reads there must be the same.
    """

    why: str
    code: str

    def allows(self, label: str) -> bool:
        return self.code in ("", label)


def look(room: Room) -> KeptLook:
    """Take a fresh frame and keep the label in it. DeviceFault (no frame) or StoreError (it cannot be kept)."""
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


def require_asked(room: Room, look_id: str) -> Asked:
    """What the newest look at the counter could not tell. RuleRefused ``camera_could_tell`` unless it is ``look_id``
    and it could not, and no person has read its label yet.
    """
    newest = Trace(room.database).recent(1, action_prefix="label.")
    told = json.loads(newest[0].body) if newest and newest[0].body else {}
    read_already = newest and newest[0].action == "label.confirmed" and told.get("ok")
    if told.get("look") != look_id or told.get("why") not in CANNOT_TELL or read_already:
        raise RuleRefused("camera_could_tell", "hold_box_to_camera")
    codes = {check.seen for check in label_checks.by_look(room.database, look_id)} - {""}
    return Asked(str(told["why"]), codes.pop() if codes else "")


def confirmed(loan_id: str, look_id: str, why: str, typed: str, right: bool) -> dict[str, object]:
    """Body of the event ``label.confirmed``. ``loan_id`` "": for no request."""
    return {"loan": loan_id, "look": look_id, "why": why, "ok": int(right), "typed": typed[:TYPED_AT_MOST]}


@dataclass(frozen=True, slots=True)
class ReadByPerson:
    """``typed``: the number as the person read it on the label."""

    person_id: str
    typed: str


def read_by_person(room: Room, loan_id: str) -> ReadByPerson | None:
    """Who read the label of this request's box, if not the camera."""
    newest = Trace(room.database).recent(1, subject=loan_id, action_prefix="label.")
    told = json.loads(newest[0].body) if newest and newest[0].body else {}
    if not newest or newest[0].action != "label.confirmed" or not told.get("ok"):
        return None
    return ReadByPerson(newest[0].actor, str(told["typed"]))


def not_this_box(asked: Asked, typed: str) -> RuleRefused:
    """For a number that is none of those asked for, or not that of the box whose code is on it."""
    if asked.code:
        return RuleRefused("typed_against_code", "renew_label", typed=typed[:TYPED_AT_MOST])
    return RuleRefused("typed_other_box", "take_right_box_again", typed=typed[:TYPED_AT_MOST])


def names_box(typed: str, box: Box) -> bool:
    """The box's number as a person types it; its fonds before it where two fonds have the same number."""
    said = typed.strip().upper()
    number, fonds = box.box_no.upper(), box.fonds_no.upper()
    if said.startswith(fonds) and said[len(fonds) :][:1] in (" ", "-", "/", "·"):
        said = said[len(fonds) + 1 :].strip()
    return said.lstrip("0") == number.lstrip("0") != ""


def note_stray_box(room: Room, change: Change, verdict: Verdict, actor: str) -> None:
    """A wrong box at the counter is out of its slot: the catalogue says so, and it gets a put-away of its own.

    Its code must say so: print alone refuses a box, but changes no record.
    """
    box = room.catalogue.box_by_label(verdict.seen) if verdict.seen and verdict.by == "code" else None
    if box is not None and box.slot is not None:
        box_places.take_box(change, box.id, actor, "seen_at_counter")


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
