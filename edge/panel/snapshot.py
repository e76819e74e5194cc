"""One snapshot: everything a screen shows of the room that is not bound to a person. No titles, no names of readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from edge.domain import slot_codes
from edge.domain.block import BlockState, CarriageReport
from edge.errors import InputRefused
from edge.panel import shapes
from edge.panel.enrolment import session_here
from edge.store.views import Sessions, Views
from edge.workflows import approve, lights, motion, patrol_watch, retrieve, shelve, watch_protections
from edge.workflows.at_carriage import Choice
from edge.workflows.doorkeeper import DoorNow
from edge.workflows.presence import Presence
from edge.workflows.room import Room

VERSION = 1
MOVING_STATES = ("warning", "moving", "finding")


def mark(state: BlockState) -> object:
    """What makes a new snapshot urgent: anything of the block that a person would see change."""
    return (
        state.alive,
        state.doubtful,
        state.move,
        tuple((a.no, a.state, a.why) for a in state.aisles),
        tuple((c.online, c.state, c.faults, c.open_inputs, _moved_mm(c)) for c in state.carriages),
    )


def _moved_mm(carriage: CarriageReport) -> int | None:
    """The position; at rest in steps of 5 mm, so that a measurement's flicker is no news."""
    at_mm = carriage.position_mm
    return at_mm if at_mm is None or carriage.state in MOVING_STATES else at_mm // 5


def read(
    room: Room,
    sessions: Sessions,
    presence: Presence,
    views: Views,
    panel_id: str,
    build: str,
    faults: Callable[[], list[str]],
    commissioning: Callable[[], dict[str, Any]],
    at_carriage: Choice | None,
    door: Callable[[], DoorNow | None],
) -> dict[str, Any]:
    state = room.carriages.state()
    queue = retrieve.queue(room)
    session = session_here(sessions, panel_id, room.clock.monotonic_ms())
    presented, accepted = presence.presented()
    trapped = room.entrapments.open()
    door_now = door()
    owed = room.block_faults.inspection(room.layout.area)
    return {
        "v": VERSION,
        "build": build,
        "utc_ms": room.clock.utc_ms(),
        "room": {"node": room.node_id, "name": room.name, "zone": room.zone},
        "block": shapes.block(room, state),
        "walk": [aisle.no for aisle in motion.walk_needed(room)],
        "lit": lights.lit(room, state),
        "power_up": any(c.online and c.position_mm is None for c in state.carriages),
        "queue": [
            {"loan": loan.id, "state": loan.state, "box": loan.box_id, "slot": loan.slot, "aisle": _aisle(loan.slot)}
            for loan in queue
        ],
        "asked": [loan.id for loan in approve.waiting(room)],
        "out": sum(loan.state == "handed_over" for loan in room.loans.open()),
        "reshelving": len(shelve.tasks(room)),
        "alarms": [{**asdict(alarm), "acked_by_name": _name(room, alarm.acked_by)} for alarm in room.alarms.standing()],
        "readings": [asdict(tile) for tile in watch_protections.tiles(room)],
        "card": {
            "count": presented,
            "accepted": accepted,
            "waiting": presence.waiting(),
            "hold_again": presence.hold_again(),
        },
        "session": session.id if session else "",
        "trace_seq": views.head().seq,
        "faults": faults(),
        "commissioning": commissioning(),
        "at_carriage": asdict(at_carriage) if at_carriage else None,
        "inspection": asdict(owed) if owed else None,
        "door": asdict(door_now) if door_now else None,
        "patrol": asdict(patrol_watch.now(room)),
        "trapped_since_ms": trapped.reported_ms if trapped else None,
        "work": {
            work.kind: {"since_ms": work.began_ms, "name": work.held_by}
            for work in room.work.open(room.layout.area).values()
        },
    }


def _aisle(slot: str) -> int:
    return slot_codes.aisle_of(slot_codes.parse(slot))


def _name(room: Room, person_id: str) -> str:
    try:
        return room.people.get(person_id).name if person_id else ""
    except InputRefused:  # acknowledged at the centre, by somebody this room does not know
        return person_id.removeprefix("centre:")
