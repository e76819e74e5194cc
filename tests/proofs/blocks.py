"""Every state that a block of two or three carriages can reach, whatever people, node and faults do in which order.

``make prove TARGET=two_hostile_node``. model_board.py and blocks_*.py say what a model is, MODELS what happens in it.
In no reachable state of a model is a motor on with a safety input open, without a whole proof, Start or a fresh permit,
with a latched fault, beside a person, beside an aisle that its own board calls occupied, or beside one that owed its
walk as Start was pressed; nor, with the node's own rules, beside an aisle that only the neighbour's board calls
occupied for longer than the node needs to send STOP.

What the models leave out: a second person, finding, gaps that are open but narrow, start delays, moves that name no
aisle, which fault it is, and real time; and each what its line of MODELS does not name. The models of one board
(model.py) and the lock-step campaigns have those.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from random import Random

from tests.proofs import breadth, model
from tests.proofs.blocks_board import SCALED
from tests.proofs.blocks_world import World
from tests.proofs.breadth import Explored
from tests.proofs.campaign import Campaign

PEOPLE = ("enter", "leave", "walk")
# name: carriages, units of free rail, honest node, events
MODELS: dict[str, tuple[int, int, bool, tuple[str, ...]]] = {
    "two, hostile node": (
        2, 1, False,
        ("nothing", "start", "slow", "permit", "order", "forget", "enter", "leave", "deep", "mouth", "estop", "reset",
         "restarts"),
    ),
    "two, honest node": (2, 2, True, ("nothing", "start", "slow", "choose", "lost", "dies", *PEOPLE, "restarts")),
    "three, hostile node": (3, 1, False, ("nothing", "start", "permit", "order", "forget", *PEOPLE)),
    "three, honest node": (3, 1, True, ("nothing", "start", "choose", "lost", "dies", *PEOPLE, "restarts")),
}  # fmt: skip


def explore(world: World, most: int = 20_000_000) -> Explored:
    """From power-up and from a walked block on. Run it within ``scaled``."""
    first = [world.first(), world.walked()]
    assert not first[1].owing, "the story no longer leads to a walked block"
    return breadth.explore(first, world.follow, lambda state: world.on(state) > 0, most)


def whole(name: str) -> Counter[str]:
    """One model to its last state. Raises Violated with the shortest story that breaks a rule."""
    with model.scaled(SCALED):
        world = World(*MODELS[name])
        return explore(world).counts(name) + Counter({f"{name}: states of one board": len(world.boards)})


def case(name: str, _random: Random) -> Counter[str]:
    return whole(name)


COVERS = (
    "firmware/carriage/*.py", "tests/proofs/model*.py", "tests/proofs/blocks*.py", "tests/proofs/breadth.py",
    "edge/domain/aisles.py",
    "edge/domain/opening.py", "edge/domain/starts.py", "edge/domain/travel.py", "edge/motion/move.py",
    "edge/devices/carriage_modbus.py",
)  # fmt: skip


def told(name: str) -> str:
    """The model itself: the claim is about it and nothing else."""
    carriages, free, honest, events = MODELS[name]
    node = "a node that keeps its rules" if honest else "a node that sends what it likes"
    return f"{carriages} carriages, {free} units of free rail, {node}, any of these at any step: {', '.join(events)}"


CAMPAIGNS = [
    Campaign(name.replace(", ", "_").replace(" ", "_"), COVERS, partial(case, name), True, told(name))
    for name in MODELS
]
