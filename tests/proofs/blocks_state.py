"""One state of a modelled block, and what can happen to it within one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tests.proofs.blocks_node import Mind

OUTSIDE = -1


class State(NamedTuple):
    boards: tuple[int, ...]
    pose: int
    place: int  # aisle in which the person is
    deep: int  # aisle whose deep button the person pressed since going in
    estop: bool
    permit: bool  # a hostile node renews
    mind: Mind
    # the onlooker, who knows no firmware
    permit_age: int
    danger: bool  # the e-stop was pressed since Reset was
    pressed: tuple[bool, ...]  # Start went down after this board was armed
    owing: int  # bits of aisles with opportunity since their last walk
    owed: tuple[int, ...]  # the aisles of each carriage that owed their walk as Start was pressed
    late: int  # steps since the node could know of a neighbour's occupied aisle


@dataclass(frozen=True)
class Act:
    """What happens within one step, beside what goes on by itself; numbers of aisles and carriages, -1 = none."""

    beam: int = -1
    deep: int = -1
    mouth: int = -1
    mouth_let_go: int = -1
    walks: int = -1  # the whole walk-through of an aisle, from outside to outside
    deep_let_go: int = -1
    place: int | None = None
    start: bool = False
    reset: bool = False
    orders: tuple[tuple[int, str], ...] = ()
    choose: int = -1
    slow: int = -1
    restarts: int = -1
    estop: bool = False  # toggles
    permit: bool = False  # toggles
    forgets: bool = False  # a carriage lost its place: the node tells every board
    dies: bool = False


NOTHING = Act()
