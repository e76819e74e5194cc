"""Every state that one board can reach, in the models of model.py: ``make prove TARGET=explore_start`` and others.

The claim is about these models: in no reachable state does a motor turn with a safety input open, after a fault that
was not reset, without a whole proof, a fresh permit or Start, or beside an aisle that is occupied or owes its walk.
Under the maintenance key a hand on its buttons takes Start's place, and behind the padlock no motor turns at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from random import Random

from tests.proofs import breadth, model
from tests.proofs.breadth import Broken, Explored
from tests.proofs.campaign import Campaign, Violated
from tests.proofs.model import AT_ONCE, TO_READY, Key, Machine

WALK_STEPS = 60


def explore(events: tuple[str, ...], most: int = 2_000_000, at_once: int = AT_ONCE) -> Explored:
    """From power-up and from a ready carriage on. Run it within ``scaled``.

    ``at_once``: so many things may be out of their rest at the same time.
    """
    machine = Machine()
    power_up = machine.key()
    for event in TO_READY:
        machine.step(event)
    assert machine.clear() and machine.motion.position.known, "the story no longer leads to a ready carriage"

    def follow(key: Key) -> Iterator[tuple[str, Key]]:
        for event in events:
            machine.load(key)
            machine.step(event)
            if machine.out_of_rest() > at_once:
                continue
            if rule := machine.broken():
                raise Broken(rule, event)
            yield event, machine.key()

    return breadth.explore([power_up, machine.key()], follow, lambda _key: machine.on(), most)


def whole(name: str, at_once: int = AT_ONCE) -> Counter[str]:
    """One model to its last state. Raises Violated with the shortest story that breaks a rule."""
    with model.scaled():
        return explore(model.MODELS[name], at_once=at_once).counts(name)


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


def told(name: str) -> str:
    """The model itself: the claim is about it and nothing else."""
    events = ", ".join(model.MODELS[name])
    return f"one board, {model.STEP_MS} ms a step, at most {AT_ONCE} things out of rest, at any step any of: {events}"


COVERS = ("firmware/carriage/*.py", "tests/proofs/model*.py", "tests/proofs/explore.py", "tests/proofs/breadth.py")
CAMPAIGNS = [Campaign(f"explore_{name}", COVERS, partial(case, name), True, told(name)) for name in model.MODELS]
