"""What can happen to a block, drawn as a story: people, a node that errs, power, boards, wires. Each act is replayable.

People are sober: nobody presses an aisle's buttons while another is in it or on the way in. Everything else is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from edge.domain.block import Column, Layout

WAITS_MS = (0, 20, 100, 250, 400, 1000, 2500, 6000, 12000)


@dataclass(frozen=True, slots=True)
class Act:
    """``wait_ms``: how long the room goes on afterwards, the node renewing whatever permit it thinks right."""

    what: str
    args: tuple[int, ...] = ()
    wait_ms: int = 0

    def __str__(self) -> str:
        return f"{self.what}{self.args if self.args else ''} then {self.wait_ms} ms"


def any_layout(random: Random) -> tuple[Layout, int]:
    """A small block mostly, the demo's eight carriages sometimes; and the aisle that stands open."""
    carriages = random.choice([2, 3, 3, 4, 4, 8])
    left = random.random() < 0.7
    columns = [Column(1, 450, True, None)] if left else []
    columns += [Column(no, 700, False, no + 1) for no in range(len(columns) + 1, len(columns) + 1 + carriages)]
    rail_mm = sum(column.width_mm for column in columns) + 900
    layout = Layout("B1-A", rail_mm, tuple(columns), 900, 50, 2, 2, 2)
    return layout, random.choice(layout.aisles)


def any_story(random: Random, layout: Layout) -> list[Act]:
    acts: list[Act] = []
    for _ in range(random.randint(5, 14)):
        acts += _scene(random, layout)
    return acts


def _scene(random: Random, layout: Layout) -> list[Act]:
    aisle = random.choice(layout.aisles)
    column = random.choice([column.no for column in layout.columns if not column.fixed])

    def act(what: str, *args: int, wait_ms: int | None = None) -> Act:
        return Act(what, args, random.choice(WAITS_MS) if wait_ms is None else wait_ms)

    drawn = random.random()
    if drawn < 0.40:  # the everyday: put the room in order, choose an aisle, press Start, and something happens
        scene = [act("tidy", wait_ms=0)] if random.random() < 0.8 else []
        scene += [act("open", aisle, int(random.random() < 0.2), wait_ms=random.choice([100, 400]))]
        scene += [act("start_press", wait_ms=random.choice([1500, 2500, 4000, 8000]))]
        if random.random() < 0.8:
            scene += [_blow(random, layout, aisle, column), act("start_press")]
        return scene
    if drawn < 0.50:
        lost = [act("lose", column, wait_ms=400), act("find", random.randint(0, 3))]
        return [act("tidy", wait_ms=0), *lost, act("start_release")]
    if drawn < 0.60:
        return [act("walk", aisle)]
    if drawn < 0.68:
        return [act(random.choice(["start_press", "start_hold", "start_release", "reset_press"]))]
    if drawn < 0.76:
        hostile = act("hostile_arm", column, random.randint(0, layout.rail_mm), random.randint(0, 2))
        return [hostile, act("start_press")]
    return [_blow(random, layout, aisle, column)]


def _blow(random: Random, layout: Layout, aisle: int, column: int) -> Act:
    """Something that happens to a block, moving or not."""
    wait_ms = random.choice(WAITS_MS)
    blows = (
        *(Act("enter", (random.randint(0, 1), random.randint(0, 1)), wait_ms) for _ in range(3)),
        Act("leave", (), wait_ms), Act("walk", (aisle,), wait_ms),
        Act("mouth", (aisle,), wait_ms), Act("deep_and_mouth", (aisle,), wait_ms),
        Act("stop", (), wait_ms), Act("permit_lost", (), wait_ms),
        Act("permit_pause", (random.randint(50, 600),), wait_ms),
        Act("permit_replay", (random.randint(1, 30),), wait_ms), Act("permit_other", (), wait_ms),
        Act("estop", (), wait_ms), Act("fire", (), wait_ms), Act("crank", (column,), wait_ms),
        Act("undo", (), wait_ms), Act("undo", (), wait_ms),
        Act("cut_power", (random.randint(0, 8000),), wait_ms),
        Act("cut_board", (column, random.randint(0, 5000)), wait_ms),
        Act("watchdog", (column,), wait_ms), Act("push", (column, random.randint(-300, 300)), wait_ms),
        Act("open", (aisle, 1), wait_ms), Act("disarm", (column,), wait_ms),
        Act("forget", (column,), wait_ms),
    )  # fmt: skip
    return random.choice(blows)
