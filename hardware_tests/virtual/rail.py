"""Masses on one rail: carriages with motor, friction and encoder, things on the floor, contact.

A carriage at rest is held by its self-locking gear: nobody pushes it, so a driven neighbour stalls against it.
Positions are left edges in mm from the rail's zero; speeds in mm/s, + = to the right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from edge.domain.block import Layout
from firmware.board import DRIVE_FULL_MM_S

NO_LOAD_MM_S = float(DRIVE_FULL_MM_S)
MOTOR_MM_S2 = 150.0  # what motor and mass together manage
FRICTION_MM_S2 = 400.0  # the gear brakes an unpowered carriage within a few millimetres
RUNNING_MA = 400.0
STALLED_MA = 4500.0  # more, at full duty with the shaft held
CURRENT_LAG_S = 0.04
EDGE_TRAVEL_MM = 60.0  # a safety edge yields this far before the face itself hits
EDGE_FORCE_N = 60.0  # on what touches the edge, until the carriage stands
PUSH_N = 130.0  # to free a carriage by hand with its release pulled
TOUCH_MM = 3.0  # contact switches close at this gap
SKEW_MM = 8.0  # a skew switch opens when its end is further ahead or behind than this


@dataclass(slots=True)
class Carriage:
    """One movable column. ``slip`` is the part of wheel travel that does not move the carriage (0..1).

    ``uncoupled``: the motor turns nothing; ``crossed``: its leads are swapped; ``short_ma``: goes past its windings.
    """

    column: int
    width_mm: float
    x_mm: float
    speed_mm_s: float = 0.0
    wheel_mm: float = 0.0
    motor_ma: float = 0.0
    slip: float = 0.0
    jammed: bool = False
    far_end_at_mm: float | None = None  # where something holds the end that is not driven; None = it goes along
    uncoupled: bool = False
    crossed: bool = False
    short_ma: float = 0.0
    blocked: bool = False
    drive: float = 0.0  # duty really at the motor terminals, -1..1; 0 = no voltage

    @property
    def turned(self) -> float:
        """Duty that reaches the wheels."""
        return 0.0 if self.uncoupled else -self.drive if self.crossed else self.drive

    @property
    def right_mm(self) -> float:
        return self.x_mm + self.width_mm

    @property
    def askew_mm(self) -> float:
        """How far its two ends are apart along the rail."""
        return 0.0 if self.far_end_at_mm is None else abs(self.x_mm - self.far_end_at_mm)


@dataclass(slots=True)
class OnFloor:
    """Something rigid between two faces: a step-stool, a person. Spans ``left_mm``..``right_mm`` on the rail."""

    name: str
    left_mm: float
    right_mm: float


@dataclass(slots=True)
class Rail:
    """All columns of a block. ``carriages`` are the movable ones by column number; ``things`` lie in aisles."""

    layout: Layout
    carriages: dict[int, Carriage]
    things: list[OnFloor] = field(default_factory=list)

    @classmethod
    def at(cls, layout: Layout, pose_mm: dict[int, float]) -> Rail:
        movable = [column for column in layout.columns if not column.fixed]
        return cls(layout, {c.no: Carriage(c.no, float(c.width_mm), float(pose_mm[c.no])) for c in movable})

    def aisle_span(self, aisle: int) -> tuple[float, float]:
        """Where the aisle begins and ends on the rail, mm."""
        return self._right_edge(aisle), self._left_edge(aisle + 1)

    def gap_mm(self, aisle: int) -> float:
        left, right = self.aisle_span(aisle)
        return right - left

    def pose_mm(self) -> dict[int, float]:
        return {column.no: self._left_edge(column.no) for column in self.layout.columns}

    def touched(self, aisle: int, face: str) -> bool:
        """Whether the safety edge at this aisle's ``left`` or ``right`` flank touches something on the floor."""
        left, right = self.aisle_span(aisle)
        for thing in self.things:
            if left - EDGE_TRAVEL_MM <= (thing.left_mm + thing.right_mm) / 2 <= right + EDGE_TRAVEL_MM:
                if face == "left" and thing.left_mm <= left:
                    return True
                if face == "right" and thing.right_mm >= right:
                    return True
        return False

    def step(self, dt_s: float, supply: float) -> None:
        """One substep. ``supply`` = drive supply as a part of nominal. Motors see ``Carriage.drive``."""
        ordered = [self.carriages[no] for no in sorted(self.carriages)]
        moving = False
        for carriage in ordered:
            _accelerate(carriage, dt_s, supply)
            moving = moving or carriage.speed_mm_s != 0.0
        if moving:
            self._advance(ordered, dt_s)
        for carriage in ordered:
            _motor_current(carriage, dt_s, supply)

    def _advance(self, ordered: list[Carriage], dt_s: float) -> None:
        old_gap = {carriage.column: self.gap_mm(carriage.column) for carriage in ordered}
        old_gap[ordered[0].column - 1] = self.gap_mm(ordered[0].column - 1)
        for carriage in reversed(ordered):  # the foremost of a group going right is placed first
            if carriage.speed_mm_s > 0.0:
                room = self._left_edge(carriage.column + 1) - carriage.right_mm
                if self._speed(carriage.column + 1) < 0.0:
                    room = old_gap[carriage.column] / 2
                self._travel(carriage, min(room, self._free_to_right(carriage)), dt_s)
        for carriage in ordered:
            if carriage.speed_mm_s < 0.0:
                room = carriage.x_mm - self._right_edge(carriage.column - 1)
                if self._speed(carriage.column - 1) > 0.0:
                    room = old_gap[carriage.column - 1] / 2
                self._travel(carriage, min(room, self._free_to_left(carriage)), dt_s)

    def _travel(self, carriage: Carriage, room_mm: float, dt_s: float) -> None:
        way = 1.0 if carriage.speed_mm_s > 0.0 else -1.0
        wheel_mm = abs(carriage.speed_mm_s) * dt_s
        wanted_mm = wheel_mm * (1.0 - carriage.slip)
        moved_mm = min(wanted_mm, max(room_mm, 0.0))
        carriage.blocked = moved_mm < wanted_mm
        if carriage.blocked:
            wheel_mm = moved_mm
            carriage.speed_mm_s = way * moved_mm / dt_s
            if moved_mm < 1e-6:
                carriage.speed_mm_s = 0.0
        carriage.x_mm += way * moved_mm
        carriage.wheel_mm += way * wheel_mm

    def _free_to_right(self, carriage: Carriage) -> float:
        face = carriage.right_mm
        ahead = [t.left_mm + EDGE_TRAVEL_MM - face for t in self.things if t.right_mm > face]
        return min(ahead, default=float("inf"))

    def _free_to_left(self, carriage: Carriage) -> float:
        face = carriage.x_mm
        ahead = [face - (t.right_mm - EDGE_TRAVEL_MM) for t in self.things if t.left_mm < face]
        return min(ahead, default=float("inf"))

    def _speed(self, column_no: int) -> float:
        return self.carriages[column_no].speed_mm_s if column_no in self.carriages else 0.0

    def _left_edge(self, column_no: int) -> float:
        """Left edge of a column, or the rail's end beyond the last one."""
        if column_no in self.carriages:
            return self.carriages[column_no].x_mm
        if column_no > len(self.layout.columns):
            return float(self.layout.rail_mm)
        if column_no == 1:
            return 0.0
        return float(self.layout.rail_mm - self.layout.columns[-1].width_mm)

    def _right_edge(self, column_no: int) -> float:
        if column_no < 1:
            return 0.0
        return self._left_edge(column_no) + self.layout.columns[column_no - 1].width_mm


def _accelerate(carriage: Carriage, dt_s: float, supply: float) -> None:
    carriage.blocked = False
    wanted = carriage.turned * NO_LOAD_MM_S * supply
    if carriage.jammed:
        carriage.speed_mm_s = 0.0
        carriage.blocked = carriage.drive != 0.0
        return
    limit = (MOTOR_MM_S2 if carriage.drive != 0.0 else FRICTION_MM_S2) * dt_s
    carriage.speed_mm_s += max(-limit, min(limit, wanted - carriage.speed_mm_s))


def _motor_current(carriage: Carriage, dt_s: float, supply: float) -> None:
    ma = 0.0
    if carriage.drive != 0.0:
        slack = abs(carriage.turned * supply - carriage.speed_mm_s / NO_LOAD_MM_S)
        ma = RUNNING_MA + STALLED_MA * slack * (1.0 if carriage.blocked else 0.25) + carriage.short_ma
    carriage.motor_ma += (ma - carriage.motor_ma) * min(1.0, dt_s / CURRENT_LAG_S)
