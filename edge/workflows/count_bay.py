"""One bay is counted 清点: by hand scanner, by looking, or from pictures; nothing of it moves meanwhile.

Whoever counts sees what was read, never what the index expects.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from threading import Lock
from typing import Any

from edge.domain import slot_codes
from edge.domain.bays import Finding, counts
from edge.domain.label_check import ours
from edge.domain.loans import Loan
from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused
from edge.store import bays, differences, stocktakes
from edge.store.database import Change
from edge.store.stocktakes import Bay, Difference, Stocktake
from edge.workflows import read_bay
from edge.workflows.rights import needs
from edge.workflows.room import Room

STOPS = 2  # of the trolley before one section: its lenses see little more than half of it
_SCANS = Lock()  # a scan says something only after the one before it: whoever polls while others are noted waits


@dataclass(frozen=True, slots=True)
class Progress:
    """What the person counting may see: slot → "box", "empty", "unread", or "no_label" where a person looked; the rest
    of ``slots`` is still to be seen.

    ``shots``: pictures kept; ``stops``: places from which every lens saw the bay, of ``stops_needed`` (1: a camera
    hangs before the bay, 0: there is no camera).
    """

    slots: tuple[str, ...]
    seen: dict[str, str]
    at_slot: str
    shots: int
    stops: int
    stops_needed: int
    picture: str = ""


def cameras_before(room: Room, bay: str) -> tuple[str, ...]:
    """Those that hang before the bay, else the trolley's."""
    return room.fixed_cameras.get(bay) or room.mast_cameras


def counting(room: Room, stocktake_id: str, bay: str) -> Bay:
    """The bay while it is counted; RuleRefused ``bay_state`` otherwise."""
    return _bay(stocktakes.get(room.database, stocktake_id), bay, ("counting",))


@needs("count")
def begin_bay(room: Room, person: Person, stocktake_id: str, bay: str) -> Progress:
    """From now on nothing in the bay moves. RuleRefused ``bay_in_use`` while something of it is being fetched."""
    _bay(stocktakes.get(room.database, stocktake_id), bay, ("waiting", "counted"))
    _refuse_in_use(room, bay)

    def freeze(change: Change) -> None:
        differences.forget(change, stocktake_id, bay)
        stocktakes.set_bay(change, stocktake_id, bay, "counting", person.id)

    room.database.write(freeze)
    room.scanner.scans()  # what was scanned before belongs to nothing
    return progress(room, stocktake_id, bay)


@needs("count")
def give_up_bay(room: Room, person: Person, stocktake_id: str, bay: str) -> None:
    """The bay may move again; what was seen is forgotten."""
    _bay(stocktakes.get(room.database, stocktake_id), bay, ("counting",))
    room.database.write(lambda change: stocktakes.set_bay(change, stocktake_id, bay, "waiting", person.id))


def progress(room: Room, stocktake_id: str, bay: str) -> Progress:
    """Blind: what has been seen where, nothing of what should be there."""
    now = _bay(stocktakes.get(room.database, stocktake_id), bay)
    slots = tuple(bays.slots_of(room.database, bay).values())
    sights = stocktakes.sights(room.database, stocktake_id, bay)
    certain = _certain(room, bay, slots, sights)
    shots, lenses = stocktakes.shots(room.database, stocktake_id, bay), cameras_before(room, bay)
    by_lens = Counter(shots.values())
    return Progress(
        slots,
        {slot: _told(certain[slot], sights[slot][0]) for slot in slots if slot in sights},
        now.at_slot,
        len(shots),
        min((by_lens[lens] for lens in lenses), default=0),
        (1 if bay in room.fixed_cameras else STOPS) if lenses else 0,
        now.picture,
    )


@needs("count")
def scanned(room: Room, person: Person, stocktake_id: str, bay: str, text: str) -> Progress:
    """One scan: a slot's label, then the label of the box in it; the same slot twice: it is empty.

    InputRefused for a label that is neither, or a slot of another bay.
    """
    with _SCANS:
        _scanned(room, person, stocktake_id, bay, text)
    return progress(room, stocktake_id, bay)


@needs("count")
def take_scans(room: Room, person: Person, stocktake_id: str, bay: str) -> Progress:
    """Everything the hand scanner in the aisle read since the last call, in the order in which it was read.

    A label that means nothing here is refused once what was scanned after it has been noted.
    """
    refused: InputRefused | None = None
    with _SCANS:
        for text in room.scanner.scans():
            try:
                _scanned(room, person, stocktake_id, bay, text)
            except InputRefused as error:
                refused = refused or error
    if refused is not None:
        raise refused
    return progress(room, stocktake_id, bay)


@needs("count")
def looked(room: Room, person: Person, stocktake_id: str, bay: str, slot: str, what: str) -> Progress:
    """A person looked: ``empty``, or ``unread``: a box whose label cannot be read by anybody."""
    _bay(stocktakes.get(room.database, stocktake_id), bay, ("counting",))
    if slot not in bays.slots_of(room.database, bay).values() or what not in ("empty", "unread"):
        raise InputRefused("slot_of_other_bay", "scan_slot_label", slot=slot, bay=bay)
    seen = _sight(slot, "box" if what == "unread" else "empty", ())
    room.database.write(lambda change: stocktakes.see(change, stocktake_id, bay, "looked", [seen], person.id))
    return progress(room, stocktake_id, bay)


def open_slots(room: Room, stocktake_id: str, bay: str) -> list[str]:
    """Slots of a bay being counted that nobody saw, or that were not read in a picture and nobody has looked at."""
    counting(room, stocktake_id, bay)
    slots = tuple(bays.slots_of(room.database, bay).values())
    sights = stocktakes.sights(room.database, stocktake_id, bay)
    certain = _certain(room, bay, slots, sights)
    return [
        slot for slot in slots if slot not in sights or (certain[slot] == "unread" and sights[slot][0] == "pictures")
    ]


@needs("count")
def finish_bay(room: Room, person: Person, stocktake_id: str, bay: str) -> list[Difference]:
    """Hold what was seen against the index; the bay may move again.

    RuleRefused ``bay_not_all_seen`` while a slot was not seen, or was not read and nobody has looked.
    """
    left = open_slots(room, stocktake_id, bay)
    if left:
        raise RuleRefused("bay_not_all_seen", "look_at_slots", count=len(left), slots=", ".join(left[:6]))
    slots = bays.slots_of(room.database, bay).values()
    sights = stocktakes.sights(room.database, stocktake_id, bay)
    found = read_bay.held_against(room.database, bay, [sights[slot][1] for slot in slots])

    def settle(change: Change) -> None:
        for finding in found:
            _note(change, stocktake_id, finding)
        told = counts(found)
        stocktakes.set_bay(change, stocktake_id, bay, "counted", person.id, **told)

    room.database.write(settle)
    return [one for one in differences.of(room.database, stocktake_id) if one.slot.startswith(f"{bay}-")]


def _scanned(room: Room, person: Person, stocktake_id: str, bay: str, text: str) -> None:
    now = _bay(stocktakes.get(room.database, stocktake_id), bay, ("counting",))
    slot = _slot_read(room, text, bay)
    if slot and slot != now.at_slot:
        room.database.write(lambda change: stocktakes.at_slot(change, stocktake_id, bay, slot), telemetry=True)
        return
    if not slot and not now.at_slot:
        raise InputRefused("scan_slot_first", "scan_slot_label")
    codes = () if slot else tuple(ours([text]))
    if not slot and not codes:
        raise InputRefused("label_unreadable", "scan_label_again", text=text[:40])
    seen = _sight(now.at_slot, "box" if codes else "empty", codes)

    def note(change: Change) -> None:
        stocktakes.see(change, stocktake_id, bay, "scanned", [seen], person.id)
        stocktakes.at_slot(change, stocktake_id, bay, "" if not codes else now.at_slot)

    room.database.write(note)


def _note(change: Change, stocktake_id: str, finding: Finding) -> None:
    kind = finding.why if finding.why in ("index_says_out", "on_loan", "in_transit") else finding.status
    if kind in ("right", "empty") or finding.why == "stands_elsewhere":
        return
    box = finding.box or (finding.expected if kind in (*differences.ACCOUNTED, "unread") else None)
    differences.add(
        change, stocktake_id, kind, finding.slot, box_id=box.box_id if box else None, belongs=finding.belongs
    )


def _refuse_in_use(room: Room, bay: str) -> None:
    def inside(slot: str | None) -> bool:
        return slot is not None and slot.startswith(f"{bay}-")

    fetched: list[Loan] = [loan for loan in room.loans.queue() if loan.state == "pulling" and inside(loan.slot)]
    task = room.moves.task(room.layout.area)
    box = room.catalogue.box(task.box_id) if task is not None and task.box_id else None
    carried = any(inside(one.slot) or inside(one.belongs) for one in differences.carried(room.database))
    if fetched or carried or (box is not None and inside(box.home_slot)):
        raise RuleRefused("bay_in_use", "finish_what_is_fetched", bay=bay)


def _bay(now: Stocktake, bay: str, states: tuple[str, ...] = ("waiting", "counting", "counted")) -> Bay:
    for one in now.bays:
        if one.bay == bay:
            if one.state not in states or now.closed_ms is not None:
                raise RuleRefused("bay_state", "look_again", bay=bay, bay_state=one.state)
            return one
    raise InputRefused("bay_unknown", "give_bay", bay=bay)


def _slot_read(room: Room, text: str, bay: str) -> str:
    """The slot a scanned text names; "" where it is another label."""
    if text.strip().upper().startswith("SR1:"):
        try:
            code = room.catalogue.slot_by_label(text) or ""
        except InputRefused:
            raise InputRefused("label_unreadable", "scan_label_again", text=text[:40]) from None
    else:
        code = str(slot_codes.parse(text))
    if code and not code.startswith(f"{bay}-"):
        raise InputRefused("slot_of_other_bay", "scan_slot_label", slot=code, bay=bay)
    return code


def _sight(slot: str, state: str, codes: tuple[str, ...]) -> dict[str, Any]:
    return {"slot": slot, "state": state, "codes": list(codes), "lines": [], "between": ""}


def _certain(
    room: Room, bay: str, slots: tuple[str, ...], sights: dict[str, tuple[stocktakes.How, dict[str, Any]]]
) -> dict[str, str]:
    """Slot → "box", "empty" or "unread", as a person who counts blind may know it."""
    seen = [sights[slot][1] if slot in sights else _sight(slot, "unseen", ()) for slot in slots]
    told = {"unread": "unread", "empty": "empty", "missing": "empty"}
    return {one.slot: told.get(one.status, "box") for one in read_bay.held_against(room.database, bay, seen)}


def _told(certain: str, how: stocktakes.How) -> str:
    """A person who said that nobody can read the label is not asked to look again."""
    return "no_label" if certain == "unread" and how == "looked" else certain
