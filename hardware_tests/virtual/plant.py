"""The physical side of one storeroom: rail, wires, air, people, boxes; advanced in fixed substeps, deterministic.

Whoever runs the boards (live.py, lockstep.py) hands each board's outputs in and takes its inputs out through
electrics.py. Times are plant milliseconds, distances mm from the rail's zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from edge.domain.block import Layout
from hardware_tests.virtual.air import Air
from hardware_tests.virtual.layouts import SENSOR_PLACES, pose_with_open
from hardware_tests.virtual.people import Person
from hardware_tests.virtual.rail import SKEW_MM, TOUCH_MM, OnFloor, Rail
from hardware_tests.virtual.watch import Violation, Watch
from hardware_tests.virtual.wiring import SUPPLY_MV, BoardOutputs, Wiring

SUBSTEP_MS = 5.0


def _nothing(_text: str) -> None:
    """Nobody holds the other end of this device."""


@dataclass
class Plant:
    """``boxes``: slot code → label text of the box standing there. ``slot_labels``: slot code → its label text."""

    layout: Layout
    rail: Rail
    wiring: Wiring
    air: Air
    people: list[Person]
    boxes: dict[str, str] = field(default_factory=dict)
    slot_labels: dict[str, str] = field(default_factory=dict)
    at_camera: str | None = None
    door_open: bool = False
    obstacles: dict[str, OnFloor] = field(default_factory=dict)
    hands: set[tuple[int, str]] = field(default_factory=set)  # circuits that a hand holds open
    gap_ma: dict[tuple[int, str], float] = field(default_factory=dict)  # a laser that says this, whatever the gap
    watch: Watch = field(default_factory=Watch)
    time_ms: float = 0.0
    pace: float = 1.0  # how many times as quick as a person they walk and carry; what they press lasts as long as ever
    on_card: Callable[[str], None] = _nothing
    on_scan: Callable[[str], None] = _nothing
    _left_over_ms: float = 0.0

    @classmethod
    def build(cls, layout: Layout, open_aisle: int = 4, places: dict[int, str] | None = None) -> Plant:
        """A block with one open aisle and two people in front of it."""
        return cls(
            layout,
            Rail.at(layout, pose_with_open(layout, open_aisle)),
            Wiring.of(column.no for column in layout.columns if column.address is not None),
            Air.of(SENSOR_PLACES if places is None else places),
            [Person("A"), Person("B")],
        )

    @property
    def violations(self) -> list[Violation]:
        return self.watch.violations

    def advance(self, dt_ms: float) -> None:
        """Let ``dt_ms`` pass, in whole substeps; what is left over is kept for the next call."""
        self._left_over_ms += dt_ms
        while self._left_over_ms >= SUBSTEP_MS:
            self._left_over_ms -= SUBSTEP_MS
            self._substep(SUBSTEP_MS)

    def _substep(self, dt_ms: float) -> None:
        self.time_ms += dt_ms
        for person in self.people:
            if person.busy:
                person.advance(dt_ms * self.pace)
        self._people_and_things()
        self.wiring.step(dt_ms)
        load_ma = 0.0
        for column, carriage in self.rail.carriages.items():
            carriage.drive = self.wiring.motor_drive(column)
            load_ma += carriage.motor_ma
        self.wiring.load_ma = load_ma
        self.rail.step(dt_ms / 1000.0, self.wiring.supply_now_mv / SUPPLY_MV)
        self.wiring.askew = {no for no, one in self.rail.carriages.items() if one.askew_mm > SKEW_MM}
        self.air.advance(dt_ms / 1000.0)
        self.wiring.leak = any(spot.wet for spot in self.air.spots.values())
        self.watch.step(self, dt_ms)

    def _people_and_things(self) -> None:
        """Who stands in which beam, what presses which edge."""
        open_now = set(self.hands)
        self.rail.things = list(self.obstacles.values())
        for person in self.people:
            if person.aisle is not None:
                half = person.body_mm / 2
                self.rail.things.append(OnFloor(person.name, person.at_mm - half, person.at_mm + half))
            if person.in_beam is not None:
                open_now |= {(person.in_beam, "beam_right"), (person.in_beam + 1, "beam_left")}
        if self.rail.things:
            for aisle in self.layout.aisles:
                if self.rail.touched(aisle, "left"):
                    open_now.add((aisle, "edge_right"))
                if self.rail.touched(aisle, "right"):
                    open_now.add((aisle + 1, "edge_left"))
        self.wiring.open_circuits = open_now

    def contacts(self, column: int) -> tuple[bool, bool]:
        """Whether a carriage touches its left and its right neighbour (or the rail's end)."""
        return self.rail.gap_mm(column - 1) <= TOUCH_MM, self.rail.gap_mm(column) <= TOUCH_MM

    def person(self, name: str) -> Person:
        return next(person for person in self.people if person.name == name)

    def lose_board(self, column: int) -> None:
        """A board without power: its outputs fall to their pull-downs."""
        self.wiring.outputs[column] = BoardOutputs()

    def cut_power(self) -> None:
        self.wiring.power = False
        for column in self.wiring.columns:
            self.lose_board(column)

    def restore_power(self) -> None:
        self.wiring.power = True
        self.watch.all_owe(self)
