"""Values of the room as the JSON that the pages read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict

from edge.domain import access, slot_codes
from edge.domain.approvals import CENTRE
from edge.domain.block import BlockState, CarriageReport, MovePlan
from edge.domain.clearing import clearing, too_narrow
from edge.domain.label_check import Verdict
from edge.domain.loans import QUEUED, Loan, is_overdue
from edge.domain.people import Person
from edge.domain.records import Box, Item, may_see
from edge.workflows import approve
from edge.workflows.counter import HIDDEN, read_by_person
from edge.workflows.find import place_of
from edge.workflows.room import Room


class ReadByPerson(BaseModel):
    """``number`` as a person reads it on what ``look_id`` shows, where the camera could not tell."""

    model_config = ConfigDict(extra="forbid")
    look_id: str
    number: str


def person(of: Person) -> dict[str, Any]:
    return {"id": of.id, "name": of.name, "department": of.department, "rights": sorted(access.rights(of.roles))}


def plan(of: MovePlan) -> dict[str, Any]:
    return asdict(of)


def verdict(of: Verdict) -> dict[str, Any]:
    return {**asdict(of), "cannot_tell": of.cannot_tell}


def place(room: Room, box: Box) -> dict[str, Any] | None:
    """Where it stands or belongs, with the boxes beside it on that face; None for a box without a slot."""
    if box.slot is None and box.home_slot is None:
        return None
    where = place_of(room, box)
    filled = []
    for other in room.catalogue.boxes_on_face(room.layout.area, where.column, "R" if where.face == "R" else "L"):
        if other.slot is not None:
            slot = slot_codes.parse(other.slot)
            filled.append([slot.section, slot.level, slot.position])
    return {
        "box_no": box.box_no,
        "slot": where.slot,
        "aisle": where.aisle,
        "column": where.column,
        "face": where.face,
        "section": where.section,
        "level": where.level,
        "position": where.position,
        "standing": where.standing,
        "sections": room.layout.sections,
        "levels": room.layout.levels,
        "positions": room.layout.positions,
        "filled": filled,
    }


def concerns(of: Loan, person: Person) -> bool:
    """Who reads what is nobody else's business but the staff's who fetch it."""
    return of.person_id == person.id or "cancel_any" in access.rights(person.roles)


def loan(room: Room, of: Loan, viewer: Person, today: str, *, whole: bool = False) -> dict[str, Any]:
    """A request as its list shows it; ``whole`` adds the place, and who read its label. A title above the viewer's
    clearance stays out.
    """
    box = room.catalogue.box(of.box_id)
    assert box is not None, "a loan's box is never removed"
    title, ref_code = _named(room, of, box, viewer)
    told: dict[str, Any] = {
        "id": of.id,
        "state": of.state,
        "kind": of.kind,
        "title": title,
        "ref_code": ref_code,
        "box": asdict(box),
        "slot": of.slot,
        "aisle": slot_codes.aisle_of(slot_codes.parse(of.slot)),
        "due": of.due,
        "overdue": is_overdue(of, today),
        "queued": of.state in QUEUED,
        "reason": of.reason,
        "person_id": of.person_id,
        "person_name": room.people.get(of.person_id).name,
    }
    if of.state != "asked":
        told["decision"] = decision(room, of)
    if whole:
        told["place"] = place(room, box)
        read = read_by_person(room, of.id)
        told["read"] = {"by": room.people.get(read.person_id).name, "typed": read.typed} if read else None
    return told


def decision(room: Room, of: Loan) -> dict[str, Any] | None:
    """Who approved or denied it, and what they said; None where the rule asked nobody."""
    made = approve.decision(room, of.id)
    if made is None:
        return None
    who = made.actor.removeprefix(CENTRE) if made.actor.startswith(CENTRE) else room.people.get(made.actor).name
    return {
        "approved": made.approved,
        "by": who,
        "at_centre": made.actor.startswith(CENTRE),
        "opinion": made.opinion,
        "utc_ms": made.utc_ms,
    }


def _named(room: Room, of: Loan, box: Box, viewer: Person) -> tuple[str, str]:
    record: Item | None = room.catalogue.item(of.item_id) if of.item_id else None
    if record is not None:
        seen = may_see(access.clearance(viewer.roles), record.secret_level)
        return (record.title, record.ref_code) if seen else (HIDDEN, "")
    volume = room.catalogue.volume(of.volume_id) if of.volume_id else None
    if volume is not None:
        return volume.title, volume.ref_code
    return box.title, ""


def block(room: Room, state: BlockState) -> dict[str, Any]:
    """The block's layout and what its boards report, as ``<block-plan>`` and the block screen read it."""
    layout = room.layout
    reports = {report.column: report for report in state.carriages}
    columns = []
    edge_mm = 0
    for column in layout.columns:
        report = reports.get(column.no)
        base = {"no": column.no, "width_mm": column.width_mm, "fixed": column.fixed}
        if report is None:
            # A fixed end has no board: it stands at one of the rail's ends.
            at_mm = edge_mm if column.no == 1 else layout.rail_mm - column.width_mm
            still = {"state": "ready", "online": column.fixed, "position_mm": at_mm if column.fixed else None}
            columns.append({**base, **still, **_STILL})
        else:
            columns.append({**base, **_reported(report, state.alive)})
    move = asdict(state.move) if state.move else None
    return {
        "area": layout.area,
        "drive": layout.drive,
        "alive": state.alive,
        "doubtful": state.doubtful,
        "held": [name for name, on in (("maintenance", state.key_turned), ("locked_out", state.padlocked)) if on],
        "hold_last_mm": layout.hold_last_mm,
        "rail_mm": layout.rail_mm,
        "aisle_mm": layout.aisle_mm,
        "sections": layout.sections,
        "levels": layout.levels,
        "positions": layout.positions,
        "columns": columns,
        "aisles": _aisles(room, state),
        "fault_since": _fault_since(room),
        "move": move,
        "notes": list(state.notes),
        "loss": _loss(state),
        "bus_cycle_ms": state.bus_cycle_ms,
        "bus_errors": state.bus_errors,
    }


def _loss(state: BlockState) -> dict[str, Any] | None:
    """Why every place is unknown, while one is: cause → columns; and the boards that have not forgotten theirs yet."""
    if state.loss is None or all(report.position_mm is not None for report in state.carriages):
        return None
    because: dict[str, list[int]] = {}
    for column, cause in state.loss.causes:
        because.setdefault(cause, []).append(column)
    return {"because": because, "waiting": list(state.loss.waiting)}


def _fault_since(room: Room) -> dict[str, int]:
    """Fault → UTC ms since when the first board holds it."""
    found: dict[str, int] = {}
    for (_column, fault), since_ms in room.block_faults.standing(room.layout.area).items():
        found[fault] = min(since_ms, found.get(fault, since_ms))
    return found


def _aisles(room: Room, state: BlockState) -> list[dict[str, Any]]:
    """Each aisle; an occupied one with since when, which sensors, and the steps to clear it."""
    written = room.aisles.occupied(room.layout.area)
    told = []
    for aisle in state.aisles:
        one: dict[str, Any] = {"no": aisle.no, "gap_mm": aisle.gap_mm, "state": aisle.state, "why": aisle.why}
        one["too_narrow"] = too_narrow(aisle)
        if aisle.state == "occupied":
            since = written.get(aisle.no)
            one |= {"since_ms": since.since_ms if since else None, **asdict(clearing(aisle, state.carriages))}
        told.append(one)
    return told


_STILL: dict[str, Any] = {
    "speed_mm_s": 0,
    "target_mm": None,
    "faults": [],
    "open_inputs": [],
    "unproved": [],
    "motor_ma": 0,
}


def _reported(report: CarriageReport, alive: bool) -> dict[str, Any]:
    return {
        "state": report.state,
        "online": report.online and alive,
        "position_mm": report.position_mm,
        "speed_mm_s": report.speed_mm_s,
        "target_mm": report.target_mm,
        "faults": list(report.faults),
        "open_inputs": list(report.open_inputs),
        "unproved": list(report.unproved) if "proof_failed" in report.faults else [],
        "motor_ma": report.motor_ma,
    }
