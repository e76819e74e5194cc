"""Every state that one board can reach, in the models of model.py: ``make prove TARGET=explore_start`` and others.

The claim is about these models: in no reachable state does a motor turn with a safety input open, after a fault that
was not reset, without a whole proof, a fresh permit or Start, or beside an aisle that is occupied or owes its walk.
Under the maintenance key a hand on its buttons takes Start's place, and behind the padlock no motor turns at all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from random import Random

from tests.proofs import model
from tests.proofs.campaign import Campaign, Violated
from tests.proofs.model import AT_ONCE, TO_READY, Key, Machine

WALK_STEPS = 60


@dataclass
class Explored:
    states: int
    transitions: int
    complete: bool
    motor_on: int  # states in which the motor turns: without any, nothing was shown
    depth: int
    broken: list[str] = field(default_factory=list)


def explore(events: tuple[str, ...], most: int = 2_000_000, at_once: int = AT_ONCE) -> Explored:
    """Breadth first from power-up and from a ready carriage; stops at ``most`` states or the first broken rule.

    ``at_once``: so many things may be out of their rest at the same time. Run it within ``scaled``.
    """
    machine = Machine()
    level = [machine.key()]
    for event in TO_READY:
        machine.step(event)
    assert machine.clear() and machine.motion.position.known, "the story no longer leads to a ready carriage"
    level.append(machine.key())
    came: dict[Key, tuple[Key | None, str]] = dict.fromkeys(level, (None, ""))
    depth, transitions, motor_on = 0, 0, 0
    while level:
        depth += 1
        found: list[Key] = []
        for key in level:
            for event in events:
                machine.load(key)
                machine.step(event)
                if machine.out_of_rest() > at_once:
                    continue
                transitions += 1
                there = machine.key()
                if there in came:
                    continue
                came[there] = (key, event)
                motor_on += machine.on()
                if rule := machine.broken():
                    return Explored(len(came), transitions, False, motor_on, depth, [rule, *_story(came, there)])
                found.append(there)
                if len(came) >= most:
                    return Explored(len(came), transitions, False, motor_on, depth)
        level = found
    return Explored(len(came), transitions, True, motor_on, depth)


def _story(came: dict[Key, tuple[Key | None, str]], key: Key) -> list[str]:
    events: list[str] = []
    at: Key | None = key
    while at is not None:
        at, event = came[at]
        events.append(event)
    return list(reversed(events[:-1]))


def whole(name: str, at_once: int = AT_ONCE) -> Counter[str]:
    """One model to its last state. Raises Violated with the shortest story that breaks a rule."""
    with model.scaled():
        found = explore(model.MODELS[name], at_once=at_once)
    if found.broken:
        raise Violated(found.broken[0], found.broken[1:])
    assert found.complete, f"{name}: more than {found.states} states"
    assert found.motor_on > 0, f"{name}: no motor ever turns, so nothing was shown"
    return Counter({
        f"{name} states": found.states,
        f"{name} transitions": found.transitions,
        f"{name} states with the motor on": found.motor_on,
        f"{name} steps to the farthest state": found.depth,
    })  # fmt: skip


def case(name: str, random: Random) -> Counter[str]:
    """One model, and the walks that show that a key holds the whole state."""
    return whole(name) + keys_hold_everything(random, 50)


def keys_hold_everything(random: Random, walks: int) -> Counter[str]:
    """A machine loaded from a key goes on exactly as the machine that was there: nothing is hidden beside the key."""
    with model.scaled():
        for _ in range(walks):
            here, other = model.Machine(), model.Machine()
            for at in range(WALK_STEPS):
                other.step(random.choice(model.EVENTS))
                key = here.key()
                here.load(key)
                other.load(key)
                event = model.TO_READY[at] if at < len(model.TO_READY) else random.choice(model.EVENTS)
                here.step(event)
                other.step(event)
                if here.key() != other.key():
                    raise Violated("a state is more than its key", [event])
    return Counter(walks=walks)


COVERS = ("firmware/carriage/*.py", "tests/proofs/model*.py", "tests/proofs/explore.py")
CAMPAIGNS = [Campaign(f"explore_{name}", COVERS, partial(case, name), True) for name in model.MODELS]
