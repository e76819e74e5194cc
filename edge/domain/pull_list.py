"""The pull list 调档清单: several boxes fetched with the fewest openings, in the order with the least travel.

A box is reached only from the aisle that its face looks into, and an aisle is walked and closed before the next one
opens. So no list can be served with fewer openings than it has distinct aisles, and one for each is enough: that is
what this plans. Which aisle comes first decides only how far carriages travel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from edge.domain.block import Layout
from edge.domain.opening import plan_opening
from edge.domain.poses import travel_mm
from edge.domain.slot_codes import aisle_of, parse
from edge.errors import InputRefused, RuleRefused

BOXES_MOST = 20
EXACT_AISLES = 8
POSES_MOST = (
    3000  # poses looked at before the exact search gives up: only blocks with room for several aisles get there
)

Pose = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """One aisle and the slots that it serves, in the order in which one walks past them."""

    aisle: int
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """``exact``: no other order travels less, an aisle that stands open coming first. ``travel_mm`` None: unknown."""

    openings: tuple[Opening, ...]
    travel_mm: int | None
    exact: bool


def require_size(boxes: int) -> None:
    """Raises InputRefused unless the list has 1 to 20 boxes."""
    if not 1 <= boxes <= BOXES_MOST:
        raise InputRefused("pull_list_size", "choose_fewer_boxes", boxes=boxes, most=BOXES_MOST)


def order(layout: Layout, positions_mm: Sequence[int | None], slots: Iterable[str]) -> Order:
    """One opening for each distinct aisle of ``slots``, ordered from where the carriages stand."""
    by_aisle: dict[int, list[str]] = {}
    for slot in sorted(set(slots), key=parse):
        by_aisle.setdefault(aisle_of(parse(slot)), []).append(slot)
    aisles = sorted(by_aisle)
    at = tuple(mm for mm in positions_mm if mm is not None)
    travelled: int | None = None
    exact = len(aisles) <= 1
    if len(at) == len(layout.columns):
        with suppress(RuleRefused):  # an aisle that cannot open here: choosing it says why
            aisles, travelled, exact = _least_travel(layout, at, aisles)
    return Order(tuple(Opening(aisle, tuple(by_aisle[aisle])) for aisle in aisles), travelled, exact)


def _least_travel(layout: Layout, at: Pose, aisles: list[int]) -> tuple[list[int], int, bool]:
    ways = _Ways(layout)
    first = [aisle for aisle in aisles if ways.go(at, aisle)[1] == 0][:1]  # the person stands before it already
    rest = [aisle for aisle in aisles if aisle not in first]
    if len(rest) <= EXACT_AISLES:
        found = _exact(ways, at, rest)
        if found is not None:
            return first + found[0], found[1], True
    tries = (_nearest_next(ways, at, rest), rest, rest[::-1])
    best = min(tries, key=lambda aisles: ways.length(at, aisles))
    return first + best, ways.length(at, best), False


class _Ways:
    """Openings worked out once each: where the carriages stand afterwards and how far they went."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._known: dict[tuple[Pose, int], tuple[Pose, int]] = {}

    def go(self, pose: Pose, aisle: int) -> tuple[Pose, int]:
        found = self._known.get((pose, aisle))
        if found is None:
            plan = plan_opening(self._layout, pose, aisle)
            found = self._known[pose, aisle] = (plan.pose_mm, travel_mm(plan))
        return found

    def length(self, pose: Pose, aisles: Sequence[int]) -> int:
        total = 0
        for aisle in aisles:
            pose, mm = self.go(pose, aisle)
            total += mm
        return total


def _exact(ways: _Ways, at: Pose, aisles: list[int]) -> tuple[list[int], int] | None:
    """Dynamic programming over (aisles done, where the carriages then stand); None where that grows too large."""
    reached: dict[tuple[frozenset[int], Pose], tuple[int, tuple[int, ...]]] = {(frozenset(), at): (0, ())}
    seen = 0
    for _ in aisles:
        further: dict[tuple[frozenset[int], Pose], tuple[int, tuple[int, ...]]] = {}
        for (done, pose), (gone, path) in reached.items():
            for aisle in aisles:
                if aisle in done:
                    continue
                there, mm = ways.go(pose, aisle)
                key, step = (done | {aisle}, there), (gone + mm, (*path, aisle))
                if key not in further or step < further[key]:
                    further[key] = step
        seen += len(further)
        if seen > POSES_MOST:
            return None
        reached = further
    mm, path = min(reached.values())
    return list(path), mm


def _nearest_next(ways: _Ways, pose: Pose, aisles: list[int]) -> list[int]:
    left, path = list(aisles), []
    while left:
        here = pose
        aisle = min(left, key=lambda one: (ways.go(here, one)[1], one))
        pose = ways.go(pose, aisle)[0]
        left.remove(aisle)
        path.append(aisle)
    return path
