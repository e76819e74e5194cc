"""Looks at the physical truth only, and records whatever the shelving must never do. Knows no register, no firmware.

It keeps its own ledger of which aisles still owe a walk (shelving-safety.md rule 5), so that the boards' latches
are checked against something that was not written from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hardware_tests.virtual.people import Person

if TYPE_CHECKING:
    from hardware_tests.virtual.plant import Plant

NOBODY_FITS_MM = 180.0
WALK_MS = 20_000.0
STOP_WITHIN_MM = 100.0
START_VALID_MS = 60_000.0  # Start, warning and the longest stagger
WARNED_MS = 1_900.0
LOCAL_MM_S = 25.0
LOCAL_MS = 400.0  # after the key was turned or its button let go: what still turns has stopped by then
REST_MS = 400.0
CHAIN_MS = 100.0


@dataclass(frozen=True, slots=True)
class Violation:
    """``rule`` is the number in shelving-safety.md."""

    at_ms: float
    rule: int
    what: str
    column: int


@dataclass(slots=True)
class _Motor:
    turning: bool = False
    rested_ms: float = REST_MS
    ended_ms: float = -1.0  # when it last came to rest
    warned_ms: float = 0.0
    beside_mm: float = 0.0  # travelled since somebody stands beside it


@dataclass(slots=True)
class _Walk:
    deep_down: bool = False
    mouth_down: bool = False
    deep_done_ms: float = -1.0e9


@dataclass(slots=True)
class Watch:
    violations: list[Violation] = field(default_factory=list)
    owed_since_ms: dict[int, float] = field(default_factory=dict)
    start_pressed_ms: float = -1.0e9
    _start_down: bool = False
    _chain_open_ms: float = 0.0
    _worked: bool = False  # the key was turned, or a padlock hung
    _key_ms: float = 0.0
    _let_go_ms: float = 0.0
    _jog_down: bool = False
    _motors: dict[int, _Motor] = field(default_factory=dict)
    _walks: dict[int, _Walk] = field(default_factory=dict)
    _wide: dict[int, bool] = field(default_factory=dict)
    _struck: set[str] = field(default_factory=set)

    def all_owe(self, plant: Plant) -> None:
        """Power was lost, or somebody worked here: nobody knows where anybody is."""
        self.owed_since_ms = dict.fromkeys(plant.layout.aisles, plant.time_ms)

    def step(self, plant: Plant, dt_ms: float) -> None:
        start = plant.wiring.buttons.is_pressed("start")
        if start and not self._start_down:
            self.start_pressed_ms = plant.time_ms
        self._start_down = start
        self._chain_open_ms = 0.0 if plant.wiring.chain else self._chain_open_ms + dt_ms
        self._follow_work(plant, dt_ms)
        inside = {person.aisle for person in plant.people if person.aisle is not None}
        for aisle in plant.layout.aisles:
            self._follow_walk(plant, aisle)
            wide = plant.rail.gap_mm(aisle) > NOBODY_FITS_MM
            if aisle in inside or (wide and not self._wide.get(aisle, True)):
                self.owed_since_ms.setdefault(aisle, plant.time_ms)
            self._wide[aisle] = wide
        for column, carriage in plant.rail.carriages.items():
            motor = self._motors.setdefault(column, _Motor())
            self._follow_motor(plant, column, motor, carriage.drive != 0.0, dt_ms)
            if inside & {column - 1, column}:
                motor.beside_mm += abs(carriage.speed_mm_s) * dt_ms / 1000.0
                if motor.beside_mm > STOP_WITHIN_MM:
                    self._note(plant, 6, "not_stopped_for_person", column)
                    motor.beside_mm = 0.0
            else:
                motor.beside_mm = 0.0
            if abs(carriage.speed_mm_s) > plant.layout.speed_mm_s * 1.2 + 5.0:
                self._note(plant, 12, "over_speed", column)
            if self._key_ms > LOCAL_MS and abs(carriage.speed_mm_s) > LOCAL_MM_S * 1.2 + 5.0:
                self._note(plant, 14, "over_local_speed", column)
            if carriage.drive != 0.0 and self._key_ms > LOCAL_MS and self._let_go_ms > LOCAL_MS:
                self._note(plant, 14, "driven_without_hold", column)
        for person in plant.people:
            self._follow_person(plant, person)

    def _follow_work(self, plant: Plant, dt_ms: float) -> None:
        """Key and padlock: when they are gone again every aisle owes its walk. A press under the key is a start."""
        wiring = plant.wiring
        worked = wiring.key_turned or wiring.padlocked
        if self._worked and not worked:
            self.all_owe(plant)
        self._worked = worked
        jog = wiring.key_turned and (wiring.buttons.is_pressed("jog_left") or wiring.buttons.is_pressed("jog_right"))
        if jog and not self._jog_down:
            self.start_pressed_ms = plant.time_ms
        self._jog_down = jog
        self._key_ms = self._key_ms + dt_ms if wiring.key_turned else 0.0
        self._let_go_ms = 0.0 if jog else self._let_go_ms + dt_ms

    def _follow_motor(self, plant: Plant, column: int, motor: _Motor, turning: bool, dt_ms: float) -> None:
        if turning and not motor.turning and motor.rested_ms >= REST_MS:
            self._started(plant, column, motor)
        if turning and self._chain_open_ms > CHAIN_MS:
            self._note(plant, 1, "voltage_with_chain_open", column)
        if not turning and motor.turning:
            motor.ended_ms = plant.time_ms
        motor.rested_ms = 0.0 if turning else motor.rested_ms + dt_ms
        motor.turning = turning
        motor.warned_ms = motor.warned_ms + dt_ms if plant.wiring.outputs[column].warning else 0.0

    def _started(self, plant: Plant, column: int, motor: _Motor) -> None:
        down = self._jog_down if plant.wiring.key_turned else self._start_down
        if not down and (
            self.start_pressed_ms <= motor.ended_ms or plant.time_ms - self.start_pressed_ms > START_VALID_MS
        ):
            self._note(plant, 3, "started_without_start", column)
        if motor.warned_ms < WARNED_MS:
            self._note(plant, 12, "started_without_warning", column)
        for aisle in (column - 1, column):
            if any(person.aisle == aisle for person in plant.people):
                self._note(plant, 6, "started_beside_person", column)
            if self.owed_since_ms.get(aisle, plant.time_ms) < self.start_pressed_ms:
                self._note(plant, 5, "started_beside_unwalked_aisle", column)

    def _follow_person(self, plant: Plant, person: Person) -> None:
        if person.aisle is None:
            self._struck.discard(person.name)
        elif plant.rail.gap_mm(person.aisle) < person.body_mm and person.name not in self._struck:
            self._struck.add(person.name)
            self._note(plant, 6, "person_struck", person.aisle)

    def _follow_walk(self, plant: Plant, aisle: int) -> None:
        walk = self._walks.setdefault(aisle, _Walk())
        pressed = plant.wiring.buttons.is_pressed
        deep, mouth = pressed(("deep", aisle)), pressed(("mouth", aisle))
        if walk.deep_down and not deep:
            walk.deep_done_ms = plant.time_ms
        if walk.mouth_down and not mouth:
            closed = plant.rail.gap_mm(aisle) <= NOBODY_FITS_MM
            walked = plant.time_ms - walk.deep_done_ms <= WALK_MS
            if (closed or walked) and not any(person.in_beam == aisle for person in plant.people):
                self.owed_since_ms.pop(aisle, None)
        walk.deep_down, walk.mouth_down = deep, mouth

    def _note(self, plant: Plant, rule: int, what: str, column: int) -> None:
        last = next((v for v in reversed(self.violations) if v.what == what and v.column == column), None)
        if last is None or plant.time_ms - last.at_ms > 1000.0:
            self.violations.append(Violation(plant.time_ms, rule, what, column))
