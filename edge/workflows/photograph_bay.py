"""A bay counted from pictures: the mast trolley is pushed along the open aisle, or a camera hangs before the bay; every
shot of all lenses is kept.

A frame counts only if it was taken while the bay's aisle stood open. What the pictures do not show for certain is left
to the hand scanner.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from edge.domain.bays import WhyUnplaced
from edge.domain.ids import new_id
from edge.domain.people import Person
from edge.errors import DeviceFault, RuleRefused
from edge.store import stocktakes
from edge.store.database import Change
from edge.store.trace import Trace
from edge.workflows import count_bay, read_bay, stocktake
from edge.workflows.count_bay import Progress
from edge.workflows.rights import needs
from edge.workflows.room import Room

OPENINGS_BACK = 100  # changes of any aisle among which the last opening of this one is looked for

Picture = tuple[str, bytes, int]  # whose, its content, when it was taken in UTC ms


@dataclass(frozen=True, slots=True)
class Refused:
    """Pictures that show nothing of the bay. ``bay``: the one that they show with ``other_bay``, else ""."""

    why: WhyUnplaced
    bay: str
    count: int


@dataclass(frozen=True, slots=True)
class Shot:
    """``refused``: what shows nothing of the bay does not count; the trolley stays where it is and takes it again."""

    progress: Progress
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class BayRead:
    """``missed``: slots that none of the pictures shows whole, where any shows the bay."""

    progress: Progress
    refused: tuple[Refused, ...]
    missed: tuple[str, ...]


@needs("count")
def photograph(room: Room, person: Person, stocktake_id: str, bay: str) -> Shot:
    """One shot of all lenses before the bay, looked over at once.

    RuleRefused ``aisle_not_open``; DeviceFault where a lens is silent.
    """
    count_bay.counting(room, stocktake_id, bay)
    cameras = count_bay.cameras_before(room, bay)
    if not cameras:
        raise DeviceFault("no_mast_camera", "count_by_scanner")
    opened_ms = _opened_ms(room, stocktake_id, bay)
    taken = []
    for camera in cameras:
        jpeg, age_ms = room.eyes.still(camera)
        taken.append((camera, jpeg, room.clock.utc_ms() - age_ms))
    unplaced = room.eyes.unplaced(read_bay.index_of(room.database, bay), [jpeg for _, jpeg, _ in taken])
    why = {one.picture: read_bay.why_unplaced(room.database, one) for one in unplaced}
    now = _keep(room, person, stocktake_id, bay, taken, opened_ms, {number: why[number][0] for number in why})
    return Shot(now, _told(why.values()))


@needs("count")
def bring(room: Room, person: Person, stocktake_id: str, bay: str, pictures: Sequence[Picture]) -> Progress:
    """Pictures that another camera took: (file name, content, when it was written in UTC ms). Refused as photograph."""
    count_bay.counting(room, stocktake_id, bay)
    return _keep(room, person, stocktake_id, bay, pictures, _opened_ms(room, stocktake_id, bay))


@needs("count")
def read(room: Room, person: Person, stocktake_id: str, bay: str) -> BayRead:
    """Read all shots of the bay. What a hand scanner or a person saw already stays; a picture that shows nothing of the
    bay is put aside, so that another can be taken in its stead.
    """
    count_bay.counting(room, stocktake_id, bay)
    look_ids = stocktakes.shots(room.database, stocktake_id, bay)
    shots = [(look_id, jpeg) for look_id in look_ids if (jpeg := room.looks.read(look_id))]
    if not shots:
        raise RuleRefused("nothing_photographed", "photograph_bay")
    seen = room.eyes.read_bay(read_bay.index_of(room.database, bay), [jpeg for _, jpeg in shots])
    why = {shots[one.picture][0]: read_bay.why_unplaced(room.database, one) for one in seen.unplaced}
    refused = [(look_id, why[look_id][0]) for look_id in why]
    by_hand = {
        slot for slot, (how, _) in stocktakes.sights(room.database, stocktake_id, bay).items() if how != "pictures"
    }
    sights = [one for one in seen.seen if one["slot"] not in by_hand and one["state"] != "unseen"]
    picture_id = new_id(room.clock.utc_ms())
    if len(refused) < len(shots):
        room.looks.keep(picture_id, seen.picture, room.clock.utc_ms())

    def note(change: Change) -> None:
        if refused:
            stocktakes.drop_shots(change, stocktake_id, bay, refused, person.id)
        if len(refused) < len(shots):
            stocktakes.see(change, stocktake_id, bay, "pictures", sights, person.id)
            stocktakes.set_picture(change, stocktake_id, bay, picture_id)

    room.database.write(note)
    unseen = tuple(one["slot"] for one in seen.seen if one["state"] == "unseen" and one["slot"] not in by_hand)
    missed = unseen if len(refused) < len(shots) else ()
    return BayRead(count_bay.progress(room, stocktake_id, bay), _told(why.values()), missed)


def _told(why: Iterable[tuple[WhyUnplaced, str]]) -> tuple[Refused, ...]:
    return tuple(Refused(reason, of, count) for (reason, of), count in Counter(why).items())


def _keep(
    room: Room,
    person: Person,
    stocktake_id: str,
    bay: str,
    taken: Sequence[Picture],
    opened_ms: int,
    refused: Mapping[int, WhyUnplaced] = MappingProxyType({}),
) -> Progress:
    """``refused``: number of a picture → why it is put aside."""
    looks = []
    for camera, jpeg, taken_ms in taken:
        if taken_ms < opened_ms:
            raise DeviceFault("frame_before_opening", "photograph_again", camera=camera)
        look_id = new_id(room.clock.utc_ms())
        room.looks.keep(look_id, jpeg, taken_ms)
        looks.append((look_id, camera))

    def note(change: Change) -> None:
        stocktakes.keep_shot(change, stocktake_id, bay, looks, person.id)
        if refused:
            aside = [(looks[number][0], why) for number, why in refused.items()]
            stocktakes.drop_shots(change, stocktake_id, bay, aside, person.id)

    room.database.write(note)
    return count_bay.progress(room, stocktake_id, bay)


def _opened_ms(room: Room, stocktake_id: str, bay: str) -> int:
    """Since when the bay's aisle stands open. RuleRefused ``aisle_not_open``."""
    aisle = stocktake.aisle_of(bay)
    if aisle not in stocktake.open_aisles(room):
        raise RuleRefused("aisle_not_open", "open_its_aisle", aisle=aisle)
    moved = room.moves.recent(room.layout.area, 1) if room.cranked is None else []
    if moved and moved[0].ended_ms is None:
        raise RuleRefused("aisle_not_open", "open_its_aisle", aisle=aisle)
    known_ms = [one for one in (moved[0].ended_ms if moved else None, _opened_by_hand_ms(room, aisle)) if one]
    return max(known_ms, default=count_bay.counting(room, stocktake_id, bay).began_ms or 0)


def _opened_by_hand_ms(room: Room, aisle: int) -> int | None:
    """When somebody said that they cranked it open; else when its boards last began to count it as occupied, which is
    when it opened, also by a move that this node did not choose.
    """
    trace, area = Trace(room.database), room.layout.area
    if room.cranked is not None:
        said = trace.recent(1, subject=area, action_prefix="block.cranked")
        return int(said[0].fields()["utc_ms"]) if said else None
    for event in trace.recent(OPENINGS_BACK, subject=area, action_prefix="aisles.changed"):
        if event.body and any(one["aisle"] == aisle for one in json.loads(event.body)["occupied"]):
            return int(event.fields()["utc_ms"])
    return None
