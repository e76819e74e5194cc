"""Giving boxes their places: scan a box and then its slot, or a slot and then the boxes that go there.

The home of a box stays reserved while it is out; a box that is out comes back through shelve.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from edge.domain import placing, slot_codes
from edge.domain.people import Person
from edge.domain.placing import Hands
from edge.domain.records import Box
from edge.domain.shelf_room import ShelfLimits, ShelfRoom
from edge.errors import InputRefused, RuleRefused, StoreroomError
from edge.store import box_places, shelf_limits
from edge.workflows.archive import Archive
from edge.workflows.rights import needs
from edge.workflows.stocktake import refuse_frozen


@dataclass(frozen=True, slots=True)
class Placed:
    """What was done with the readings: ``put`` boxes with their slots, and what now waits for its other half."""

    put: tuple[tuple[Box, str], ...]
    hands: Hands


@needs("shelve")
def read(archive: Archive, person: Person, texts: list[str], hands: Hands) -> Placed:
    """Labels, slot codes or box numbers in the order they were read.

    Each box that found its slot is placed at once. InputRefused ``box_unknown``, ``not_a_slot_label``; RuleRefused as
    Catalogue.place_box, ``box_comes_back_otherwise``.
    """
    done: list[tuple[Box, str]] = []
    for text in texts:
        slot = _slot(archive, text)
        box = None if slot else box_read(archive, text)
        hands, put = placing.read(hands, "slot" if slot else "box", slot or (box.id if box else ""))
        if put is None:
            continue
        _place(archive, person, put.box, put.slot, "shelved")
        done.append((_known(archive, put.box), put.slot))
        hands = Hands(slot=archive.shelves.next_place(put.slot)) if put.on else hands
    return Placed(tuple(done), hands)


@dataclass(frozen=True, slots=True)
class Reading:
    """``refused``: at which reading it stopped, ``left`` further ones unread; what was put before it stays put."""

    put: tuple[tuple[Box, str], ...]
    hands: Hands
    refused: StoreroomError | None
    left: int


def read_on(archive: Archive, person: Person, texts: list[str], hands: Hands) -> Reading:
    """As ``read``, as far as nothing is refused."""
    done: list[tuple[Box, str]] = []
    for at, text in enumerate(texts, 1):
        try:
            one = read(archive, person, [text], hands)
        except (InputRefused, RuleRefused) as error:
            return Reading(tuple(done), hands, error, len(texts) - at)
        done += one.put
        hands = one.hands
    return Reading(tuple(done), hands, None, 0)


@needs("shelve")
def put(archive: Archive, person: Person, box: str, slot: str) -> Box:
    """One box to one slot; both as label, code or number."""
    code = _slot(archive, slot)
    if not code:
        raise InputRefused("not_a_slot_label", "scan_slot_label", text=slot[:40])
    found = box_read(archive, box)
    _place(archive, person, found.id, code, "shelved")
    return _known(archive, found.id)


@needs("shelve")
def put_back(archive: Archive, person: Person, box_id: str) -> Box:
    """Undo the last move: the box belongs where it did before, and nowhere if that was its first place.

    RuleRefused ``nowhere_before``, ``box_comes_back_otherwise``, and as Catalogue.place_box.
    """
    before = archive.shelves.earlier_home(box_id)
    box = _known(archive, box_id)
    if before is None:
        raise RuleRefused("nowhere_before", "look_again", box_no=box.box_no)
    if before:
        _place(archive, person, box_id, before, "put_back")
    else:
        _refuse_at_work(archive, box, box.slot)
        archive.database.write(lambda change: box_places.unplace_box(change, box_id, person.id, "put_back"))
    return _known(archive, box_id)


@needs("shelve")
def set_shelf_limits(archive: Archive, person: Person, prefix: str, limits: ShelfLimits) -> list[ShelfRoom]:
    """What these shelves hold from now on: all whose code begins so. Those that hold more than that already are named
    by what they have left, which is negative.

    InputRefused ``shelf_unknown``, ``shelf_limit_unfit``; RuleRefused ``shelf_load_above_built``: a person may write a
    shelf down as weaker than the block is built for, never as stronger.
    """
    built_kg = archive.layout.shelf_load_kg
    if limits.load_kg is not None and limits.load_kg > built_kg:
        raise RuleRefused("shelf_load_above_built", "ask_maker", kg=limits.load_kg, most=built_kg)
    archive.database.write(lambda change: shelf_limits.set_limits(change, prefix, limits, person.id))
    return archive.shelves.room(prefix)


@needs("shelve")
def set_measures(
    archive: Archive,
    person: Person,
    box_id: str,
    type_code: str,
    weighed_g: int | None,
    thickness_mm: int | None = None,
) -> None:
    """As Shelves.set_measures."""
    _known(archive, box_id)
    archive.database.write(
        lambda change: archive.shelves.set_measures(change, box_id, type_code, thickness_mm, weighed_g, person.id)
    )


def _place(archive: Archive, person: Person, box_id: str, slot: str, why: str) -> None:
    _refuse_at_work(archive, _known(archive, box_id), slot)
    write: Callable[[Any], None] = lambda change: box_places.place_box(change, box_id, slot, person.id, why)  # noqa: E731
    archive.database.write(write)


def _refuse_at_work(archive: Archive, box: Box, slot: str | None) -> None:
    """RuleRefused while the box is out, or where either place is being counted."""
    if box.state not in ("registered", "shelved"):
        raise RuleRefused("box_comes_back_otherwise", "use_reshelving", box_no=box.box_no)
    for place in filter(None, (box.slot, slot)):
        refuse_frozen(archive.database, place)


def _slot(archive: Archive, text: str) -> str:
    """The slot code that was read; "" where it is something else."""
    plain = text.strip()
    if plain.upper().startswith("SR1:"):
        return archive.catalogue.slot_by_label(plain) or "" if plain.upper().startswith("SR1:S") else ""
    try:
        code = str(slot_codes.parse(plain))
    except InputRefused:
        return ""
    if archive.catalogue.slot_label(code) is None:  # written like one, but the block has none of it
        raise InputRefused("slot_unknown", "scan_slot_label", slot=code)
    return code


def box_read(archive: Archive, text: str) -> Box:
    """By label, number, fonds/number, barcode or id. InputRefused ``box_unknown``, ``box_in_several_fonds``."""
    plain, catalogue = text.strip(), archive.catalogue
    if plain.upper().startswith("SR1:"):
        box = catalogue.box_by_label(plain)
    else:
        fonds_no, _, number = plain.rpartition("/")
        box = catalogue.box_of_fonds(fonds_no.strip(), number.strip()) if fonds_no else None
        box = box or catalogue.box_by_no(plain) or catalogue.box(plain)
    if box is None:
        several = catalogue.fonds_of_box_no(plain)
        if len(several) > 1:
            told = ", ".join(several[:5])
            raise InputRefused(
                "box_in_several_fonds", "write_fonds_and_box", box=plain[:40], fonds=told, first=several[0]
            )
        raise InputRefused("box_unknown", "search_again", box=plain[:40])
    return box


def _known(archive: Archive, box_id: str) -> Box:
    box = archive.catalogue.box(box_id)
    if box is None:
        raise InputRefused("box_unknown", "search_again", box=box_id)
    return box
