"""Every state that can be reached, breadth first: until there is no more, a rule is broken, or there are too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.proofs.campaign import Violated

State = TypeVar("State", bound=Hashable)


class Broken(Exception):
    """A rule of shelving-safety.md, told by its number. ``event``: what was being done."""

    def __init__(self, rule: str, event: str = "") -> None:
        super().__init__(rule)
        self.event = event


@dataclass
class Explored:
    """``broken``: the rule, then the shortest story that breaks it; empty = none was."""

    states: int
    transitions: int
    complete: bool
    motor_on: int  # states in which a motor turns: without any, nothing was shown
    depth: int
    broken: list[str] = field(default_factory=list)

    def counts(self, name: str) -> Counter[str]:
        """Raises Violated, or AssertionError where it was not everything or no motor turned."""
        if self.broken:
            raise Violated(self.broken[0], self.broken[1:])
        assert self.complete, f"{name}: more than {self.states} states"
        assert self.motor_on > 0, f"{name}: no motor ever turns, so nothing was shown"
        return Counter({
            f"{name}: states": self.states,
            f"{name}: transitions": self.transitions,
            f"{name}: states with a motor on": self.motor_on,
            f"{name}: steps to the farthest state": self.depth,
        })  # fmt: skip


def explore(
    first: Iterable[State],
    follow: Callable[[State], Iterable[tuple[str, State]]],
    on: Callable[[State], bool],
    most: int,
) -> Explored:
    """``follow``: (event, state after it) of every event that can come, one after the other; raises Broken.

    ``on`` (a motor turns) is asked of each new state before ``follow`` goes on.
    """
    level = list(first)
    came: dict[State, tuple[State | None, str]] = dict.fromkeys(level, (None, ""))
    depth, transitions, motor_on = 0, 0, 0
    while level:
        depth += 1
        found: list[State] = []
        for state in level:
            try:
                for event, there in follow(state):
                    transitions += 1
                    if there not in came:
                        came[there] = (state, event)
                        motor_on += on(there)
                        found.append(there)
            except Broken as broken:
                story = [str(broken), *_story(came, state), broken.event]
                return Explored(len(came), transitions, False, motor_on, depth, story)
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
