"""The monthly proof (shelving-safety rule 13): what a person touches, what the boards must answer, and when it is due.

A circuit is proved when the boards report exactly its inputs open, nothing else anywhere, and all closed afterwards.
Nobody ticks a box. Fire, gas and leak contacts are proved at commissioning; they belong to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from edge.domain.block import BlockState, Layout

DAY_MS = 86_400_000
SOON_DAYS = 7  # so long before it is due the panel begins to say so
RUNS_MS = DAY_MS  # a proof is one piece of work; what is older is begun again
NAMED = "jog_elsewhere"  # open at the carriage that the control point's selector names
# Open at rest too: a touching carriage, dropped contactors, the selector wherever it was left.
RESTING = frozenset({"contact_left_open", "contact_right_open", "contactor_open", NAMED})
JOG = frozenset({"jog_left_released", "jog_right_released"})

Kind = Literal[
    "start", "reset", "estop", "key", "padlock", "jog_left", "jog_right", "beam", "deep", "mouth", "choose",
    "edge_left", "edge_right", "release",
]  # fmt: skip
Inputs = frozenset[tuple[int, str]]  # column, name of an input that is not closed
State = Literal["good", "soon", "due", "overdue", "failed"]


@dataclass(frozen=True, slots=True)
class Item:
    """``no``: the aisle of beam and buttons, the column of edges and release or at which the selector stands, 0 = the
    block. ``times``: how many of them there are on one line."""

    kind: Kind
    no: int
    expected: Inputs
    times: int = 1

    @property
    def name(self) -> str:
        return f"{self.kind} {self.no}"


@dataclass(frozen=True, slots=True)
class Terms:
    """This site's own, from node.toml."""

    every_days: int = 31
    grace_days: int = 7


@dataclass(frozen=True, slots=True)
class Standing:
    """``days``: until it is due (good, soon), until motion stops (due), since it stopped (overdue); never negative."""

    state: State
    days: int


def items(layout: Layout, estops: int) -> tuple[Item, ...]:
    """Everything to touch, in the order of a walk: the block's own, then aisle by aisle as they are opened."""
    boards = [column.no for column in layout.columns if not column.fixed]

    def all_of(name: str) -> Inputs:
        return frozenset((column, name) for column in boards)

    found = [Item("start", 0, all_of("start_released")), Item("reset", 0, all_of("reset_released"))]
    if estops:
        found.append(Item("estop", 0, all_of("estop_ok"), estops))
    # Key and padlock leave every aisle to be walked, so they come before any is open.
    found += [Item("key", 0, all_of("key_normal")), Item("padlock", 0, all_of("unlocked"))]
    found += [Item("jog_left", no, all_of("jog_left_released") | {(no, NAMED)}) for no in boards]
    found += [Item("jog_right", no, all_of("jog_right_released") | {(no, NAMED)}) for no in boards[:1]]
    for aisle in layout.aisles:
        found += _of_aisle(aisle, boards)
    return (*found, *(Item("release", column, frozenset({(column, "crank_out")})) for column in boards))


def _of_aisle(aisle: int, boards: list[int]) -> Iterator[Item]:
    beside = [(column, side) for column, side in ((aisle, "right"), (aisle + 1, "left")) if column in boards]
    yield Item("beam", aisle, frozenset((column, f"beam_{side}_ok") for column, side in beside))
    yield Item("deep", aisle, frozenset((column, f"deep_{side}_released") for column, side in beside))
    yield Item("mouth", aisle, frozenset((column, f"mouth_{side}_released") for column, side in beside))
    yield Item("choose", aisle, frozenset((column, f"choose_{side}_released") for column, side in beside))
    for column, side in beside:
        kind: Kind = "edge_right" if side == "right" else "edge_left"
        yield Item(kind, column, frozenset({(column, f"edge_{side}_ok")}))


def open_now(state: BlockState) -> Inputs | None:
    """Inputs that are not closed; None while anything moves or a board is silent: then nothing is proved."""
    moves = state.move is not None and state.move.phase != "ended"
    if moves or not state.alive or not state.carriages or not all(report.online for report in state.carriages):
        return None
    return frozenset((one.column, name) for one in state.carriages for name in judged(one.open_inputs))


def judged(open_inputs: Iterable[str]) -> frozenset[str]:
    """Of one board's open inputs those that a hand is at. Which carriage the selector names tells only while a button
    of the control point is held."""
    names = frozenset(open_inputs)
    return names - (RESTING - {NAMED} if names & JOG else RESTING)


def touched(before: Inputs, now: Inputs) -> tuple[Inputs, Inputs]:
    """(all that is open since the block last rested, what one touch opened that has just ended or nothing).

    Boards are asked one after the other, so a touch is judged by everything that it opened.
    """
    return (before | now, frozenset()) if now else (frozenset(), before)


def answered_by(wanted: tuple[Item, ...], touch: Inputs) -> Item | None:
    """The item that exactly these inputs prove."""
    return next((item for item in wanted if touch and item.expected == touch), None)


def missing(wanted: tuple[Item, ...], counts: Mapping[str, int]) -> tuple[Item, ...]:
    """``counts``: name → how often it was answered."""
    return tuple(item for item in wanted if counts.get(item.name, 0) < item.times)


def standing(age_ms: int, terms: Terms, *, failed: bool) -> Standing:
    """``age_ms``: since the last proof; ``failed``: the newest proof found a circuit that does not answer."""
    days = max(0, age_ms) // DAY_MS
    stops = terms.every_days + terms.grace_days
    if failed:
        return Standing("failed", 0)
    if days >= stops:
        return Standing("overdue", days - stops)
    if days >= terms.every_days:
        return Standing("due", stops - days)
    left = terms.every_days - days
    return Standing("soon" if left <= SOON_DAYS else "good", left)
