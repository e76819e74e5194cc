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

from tests.proofs import model
from tests.proofs.blocks_board import SCALED
from tests.proofs.blocks_state import Broken, State
from tests.proofs.blocks_world import World
from tests.proofs.campaign import Campaign, Violated
from tests.proofs.explore import Explored

PEOPLE = ("enter", "leave", "walk")
# name: carriages, units of free rail, honest node, events
MODELS: dict[str, tuple[int, int, bool, tuple[str, ...]]] = {
    "two, hostile node": (
        2, 1, False,
        ("nothing", "start", "slow", "permit", "order", "enter", "leave", "deep", "mouth", "estop", "reset",
         "restarts"),
    ),
    "two, honest node": (2, 2, True, ("nothing", "start", "slow", "choose", "dies", *PEOPLE, "restarts")),
    "three, hostile node": (3, 1, False, ("nothing", "start", "permit", "order", *PEOPLE)),
    "three, honest node": (3, 1, True, ("nothing", "start", "choose", "dies", *PEOPLE, "restarts")),
}  # fmt: skip


def explore(world: World, most: int = 20_000_000) -> Explored:
    """Breadth first from power-up and from a walked block; stops at ``most`` states or the first broken rule.

    Run it within ``scaled``.
    """
    level = [world.first(), world.walked()]
    assert not level[1].owing, "the story no longer leads to a walked block"
    came: dict[State, tuple[State | None, str]] = dict.fromkeys(level, (None, ""))
    depth, transitions, motor_on = 0, 0, 0
    while level:
        depth += 1
        found: list[State] = []
        for state in level:
            try:
                after = world.follow(state)
            except Broken as broken:
                story = [str(broken), *_story(came, state), world.doing]
                return Explored(len(came), transitions, False, motor_on, depth, story)
            transitions += len(after)
            for event, there in after:
                if there not in came:
                    came[there] = (state, event)
                    motor_on += world.on(there) > 0
                    found.append(there)
        if len(came) >= most:
            return Explored(len(came), transitions, False, motor_on, depth)
        level = found
    return Explored(len(came), transitions, True, motor_on, depth)


def _story(came: dict[State, tuple[State | None, str]], state: State) -> list[str]:
    events: list[str] = []
    at: State | None = state
    while at is not None:
        at, event = came[at]
        events.append(event)
    return list(reversed(events[:-1]))


def whole(name: str) -> Counter[str]:
    """One model to its last state. Raises Violated with the shortest story that breaks a rule."""
    with model.scaled(SCALED):
        world = World(*MODELS[name])
        found = explore(world)
    if found.broken:
        raise Violated(found.broken[0], found.broken[1:])
    assert found.complete, f"{name}: more than {found.states} states"
    assert found.motor_on > 0, f"{name}: no motor ever turns, so nothing was shown"
    return Counter({
        f"{name}: states": found.states,
        f"{name}: transitions": found.transitions,
        f"{name}: states with a motor on": found.motor_on,
        f"{name}: steps to the farthest state": found.depth,
        f"{name}: states of one board": len(world.boards),
    })  # fmt: skip


def case(name: str, _random: Random) -> Counter[str]:
    return whole(name)


COVERS = (
    "firmware/carriage/*.py", "tests/proofs/model*.py", "tests/proofs/blocks*.py", "edge/domain/aisles.py",
    "edge/domain/opening.py", "edge/domain/starts.py", "edge/domain/travel.py", "edge/motion/move.py",
    "edge/devices/carriage_modbus.py",
)  # fmt: skip
CAMPAIGNS = [Campaign(name.replace(", ", "_").replace(" ", "_"), COVERS, partial(case, name), True) for name in MODELS]
