"""A patrol 巡查: begun by a person, led from point to point, every answer written at once, signed by who walked it.

What is written survives a restart; the round goes on where it was. An aisle is opened by the road of every other pose
(``pose.choose``, purpose patrol): chosen at the panel, started by whoever holds Start. Nothing starts by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from edge.domain import access
from edge.domain.climate import STALE_AFTER_MS
from edge.domain.ids import new_id
from edge.domain.patrol import Evidence, Point, evidence_of, finding_words, on_round, said
from edge.domain.patrol_due import KINDS
from edge.domain.people import Person
from edge.errors import DeviceFault, InputRefused, RuleRefused
from edge.store import patrol_findings, patrol_site, patrols
from edge.store.patrols import Answer
from edge.store.trace import Trace
from edge.workflows import door_test, motion, watch_protections
from edge.workflows.rights import needs
from edge.workflows.room import Room

TAKEN_LATELY = 50  # pictures that may still be shown to who took them before they are written down


@dataclass(frozen=True, slots=True)
class PointSheet:
    """A point, its answer so far, and what the room itself says there ``now``; ``seen``: of a test of the door."""

    id: str
    what: str
    aisle: int | None
    place: str
    name: str
    verdict: str
    now: tuple[Evidence, ...]
    seen: door_test.Seen


@dataclass(frozen=True, slots=True)
class Sheet:
    """A round as whoever walks it sees it. ``cameras``: those that can take a picture of a finding."""

    id: str
    kind: str
    state: str
    points: tuple[PointSheet, ...]
    cameras: tuple[str, ...]


@needs("patrol")
def begin(room: Room, person: Person, kind: str) -> str:
    """Its id. InputRefused ``patrol_kind_unknown``; RuleRefused ``patrol_open``, ``patrol_no_points``."""
    known = next((one for one in KINDS if one == kind), None)
    if known is None:
        raise InputRefused("patrol_kind_unknown", "use_the_panel", kind=kind[:40], known=", ".join(KINDS))
    points = on_round(patrol_site.points(room.database), known)
    if not points:
        raise RuleRefused("patrol_no_points", "complete_patrol_list")
    return room.database.write(lambda change: patrols.begin(change, known, points, person.id))


@needs("patrol")
def in_order(room: Room, person: Person, patrol_id: str, point_id: str) -> None:
    """RuleRefused ``point_aisle_shut``: nobody can have looked into an aisle that does not stand open; as
    ``door_test.refuse_unseen``."""
    point = _answer(room, patrol_id, point_id).point
    if not _open(room, point):
        raise RuleRefused("point_aisle_shut", "open_aisle_or_say_not_seen", aisle=point.aisle)
    door_test.refuse_unseen(room, point.what, patrols.get(room.database, patrol_id).begun_ms)
    told = evidence_of(point, _told(room))
    room.database.write(lambda change: patrols.in_order(change, patrol_id, point_id, told, person.id))


@needs("patrol")
def found(room: Room, person: Person, patrol_id: str, point_id: str, kind: str, words: str, look: str = "") -> str:
    """A finding at this point, with a picture where one was taken; it stays open until somebody closes it."""
    point = _answer(room, patrol_id, point_id).point
    words = finding_words(kind, words)
    if look and room.looks.read(look) is None:
        raise InputRefused("look_unknown", "look_again", look=look[:36])
    told = evidence_of(point, _told(room))
    return room.database.write(
        lambda change: patrol_findings.find(change, patrol_id, point_id, kind, words, look, told, person.id)
    )


@needs("patrol")
def photograph(room: Room, person: Person, camera: str) -> str:
    """A picture for a finding; its look's id. DeviceFault where the camera is silent or shows an old frame."""
    if camera not in cameras(room):
        raise InputRefused("patrol_camera_unknown", "use_the_panel", camera=camera[:40])
    jpeg, age_ms = room.eyes.still(camera)
    if age_ms > STALE_AFTER_MS:
        raise DeviceFault("camera_silent", "check_camera", camera=camera)
    look_id = new_id(room.clock.utc_ms())
    room.looks.keep(look_id, jpeg, room.clock.utc_ms() - age_ms)
    body = {"look": look_id, "camera": camera}
    room.database.write(lambda change: change.event("patrol.photographed", subject=look_id, actor=person.id, body=body))
    return look_id


@needs("patrol")
def sign(room: Room, person: Person, patrol_id: str) -> None:
    """Every point has an answer; whoever walked it signs."""
    room.database.write(lambda change: patrols.sign(change, patrol_id, person.id))


@needs("patrol")
def give_up(room: Room, person: Person, patrol_id: str, reason: str) -> None:
    """It answers for nothing, and stays in the register with ``reason``."""
    reason = said(reason, needed=True)
    room.database.write(lambda change: patrols.give_up(change, patrol_id, reason, person.id))


@needs("close_finding")
def assign(room: Room, person: Person, finding_id: str, owner: str, until: str) -> None:
    """``owner``: a person's id; ``until``: a day, ISO. InputRefused ``until_wrong``."""
    known = room.people.get(owner)
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise InputRefused("until_wrong", "choose_day", until=until[:20]) from None
    room.database.write(lambda change: patrol_findings.assign(change, finding_id, known.id, day.isoformat(), person.id))


@needs("close_finding")
def close(room: Room, person: Person, finding_id: str, done: str) -> None:
    """``done``: what was done about it."""
    done = said(done, needed=True)
    room.database.write(lambda change: patrol_findings.close(change, finding_id, done, person.id))


def cameras(room: Room) -> tuple[str, ...]:
    return tuple(camera for camera in (room.counter_camera, *room.mast_cameras) if camera)


def picture(room: Room, person: Person, look: str) -> bytes:
    """Of a finding, or the one that this person has just taken. Raises RuleRefused, InputRefused ``look_unknown``."""
    access.require(person.roles, "read_patrols")
    taken = Trace(room.database).recent(TAKEN_LATELY, action_prefix="patrol.photographed")
    own = any(event.subject == look and event.actor == person.id for event in taken)
    jpeg = room.looks.read(look) if own or patrol_findings.with_look(room.database, look) else None
    if jpeg is None:
        raise InputRefused("look_unknown", "look_again", look=look[:36])
    return jpeg


@needs("patrol")
def sheet(room: Room, person: Person, patrol_id: str) -> Sheet:  # noqa: ARG001
    one = patrols.get(room.database, patrol_id)
    told = _told(room)
    points = tuple(
        PointSheet(
            *(at.id, at.what, at.aisle, at.place, at.name, answer.verdict),
            now=evidence_of(at, told),
            seen=door_test.seen(room, at.what, one.begun_ms),
        )
        for answer in patrols.answers(room.database, patrol_id)
        for at in [answer.point]
    )
    return Sheet(one.id, one.kind, one.state, points, cameras(room))


def _told(room: Room) -> list[Evidence]:
    return [Evidence(one.place, one.measurand, one.value, one.quality) for one in watch_protections.tiles(room)]


def _answer(room: Room, patrol_id: str, point_id: str) -> Answer:
    """Raises InputRefused ``patrol_unknown``, ``patrol_point_unknown``."""
    patrols.get(room.database, patrol_id)
    for one in patrols.answers(room.database, patrol_id):
        if one.point.id == point_id:
            return one
    raise InputRefused("patrol_point_unknown", "look_again")


def _open(room: Room, point: Point) -> bool:
    """Whether a person can look at it: its aisle stands open, and nothing moves."""
    if point.aisle is None:
        return True
    state = room.carriages.state()
    if not state.alive or room.moves.open(room.layout.area):
        return False
    try:
        return not motion.plan_for(room, point.aisle).moves
    except RuleRefused:  # nobody knows where the carriages stand
        return False
