"""Random stories on the lock-step bench with the real firmware: whatever happens, nobody is hurt and nothing lies.

Held against each virtual millisecond: the plant's own watch (hardware_tests/virtual/watch.py), no motor voltage with
the chain open, none without a fresh permit or after STOP, and after each act no board that believes a false position.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from edge.domain.block import Layout
from hardware_tests.virtual.lockstep import Lockstep
from tests.proofs.campaign import Campaign, Violated
from tests.proofs.lockstep_acts import Act, any_layout, any_story
from tests.proofs.lockstep_room import Broken, Room

SHRINK_TRIES = 120


def case(random: Random) -> Counter[str]:
    layout, open_aisle = any_layout(random)
    seed, story = random.randrange(1 << 30), any_story(random, layout)
    room = _play(layout, open_aisle, seed, story)
    if room.broken is not None:
        story, broken = _shrink(layout, open_aisle, seed, story, room.broken)
        told = [f"{len(layout.columns)} columns, the first {'fixed' if layout.columns[0].fixed else 'movable'}"]
        told += [f"aisle {open_aisle} open, seed {seed}", *map(str, story)]
        raise Violated(f"{broken.rule} (column {broken.column}, {broken.at_ms} ms)", told)
    return room.counts + Counter(virtual_s=room.bench.now_ms // 1000, acts=len(story))


def _play(layout: Layout, open_aisle: int, seed: int, story: list[Act]) -> Room:
    """Ends with the story or with the first rule that was broken."""
    room = Room(Lockstep(layout, places={}, open_aisle=open_aisle, seed=seed))
    room.begin()
    for act in story:
        if room.broken is not None:
            break
        room.do(act)
    return room


def _shrink(layout: Layout, open_aisle: int, seed: int, story: list[Act], broken: Broken) -> tuple[list[Act], Broken]:
    """Leave out acts, large pieces first, as long as the same rule is still broken."""
    piece, tries = max(1, len(story) // 2), 0
    while tries < SHRINK_TRIES:
        at, shorter = 0, False
        while at < len(story) and tries < SHRINK_TRIES:
            tries += 1
            without = story[:at] + story[at + piece :]
            again = _play(layout, open_aisle, seed, without).broken
            if again is not None and again.rule == broken.rule:
                story, broken, shorter = without, again, True
            else:
                at += piece
        if piece == 1 and not shorter:
            break
        piece = max(1, piece // 2)
    return story, broken


CAMPAIGN = Campaign(
    "lockstep",
    ("firmware/**/*.py", "hardware_tests/master.py", "hardware_tests/virtual/*.py", "edge/domain/aisles.py",
     "edge/domain/opening.py", "edge/devices/carriage_modbus.py"),
    case,
)  # fmt: skip
