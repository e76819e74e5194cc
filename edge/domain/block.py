"""What the boards of one shelving block report, as plain values: the shape shared by planner, workflows and panel.

Columns are numbered from 1; column 1 may be a fixed end. Aisle *n* is the one to the right of column *n*
(aisle 0 exists where the first column is movable: the gap to the left wall). Face R of column *n* and
face L of column *n + 1* look into aisle *n*. Positions are left edges in mm from the rail's zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

AisleState = Literal["clear", "opening", "occupied"]
RunState = Literal[
    "offline", "unknown", "ready", "armed", "warning", "moving", "fault", "find_armed", "finding", "found",
    "maintenance", "locked",
]  # fmt: skip
Side = Literal["none", "left", "right"]
# open: one aisle stands open; park: all shelves together, the free rail at one end; ventilate: even, narrow gaps
Pose = Literal["open", "park", "ventilate"]
Drive = Literal["motors", "crank"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column 列 of the block, from node.toml. ``address``: None on a fixed one, or cranked without lights."""

    no: int
    width_mm: int
    fixed: bool
    address: int | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The block as built. ``area`` is the slot-code prefix, for example ``B1-A``."""

    area: str
    rail_mm: int
    columns: tuple[Column, ...]
    aisle_mm: int  # clear width of an open aisle
    speed_mm_s: int
    sections: int
    levels: int
    positions: int
    start_gap_ms: int = 600  # between two starts on one drive supply
    slot_mm: int = 50  # width of one position
    shelf_height_mm: int = 330  # clear
    shelf_load_kg: int = 40  # of one shelf board
    hold_last_mm: int = 0  # an aisle closing below this closes only while Start is held; 0 = not wanted here
    drive: Drive = "motors"
    open_aisles: int = 1  # that may stand open together; 2 where the installer says so and the free rail is two aisles
    one_sided_kg: int = 480  # that one face of a carriage may be heavier than the other

    @property
    def free_mm(self) -> int:
        return self.rail_mm - sum(column.width_mm for column in self.columns)

    @property
    def aisles(self) -> tuple[int, ...]:
        first = 1 if self.columns[0].fixed else 0
        last = len(self.columns) - 1 if self.columns[-1].fixed else len(self.columns)
        return tuple(range(first, last + 1))


@dataclass(frozen=True, slots=True)
class CarriageReport:
    """What one carriage board last said, and how long ago (``age_ms``; None = never answered)."""

    column: int
    address: int
    online: bool
    age_ms: int | None
    state: RunState
    position_mm: int | None
    gap_left_mm: int | None
    gap_right_mm: int | None
    faults: tuple[str, ...]
    open_inputs: tuple[str, ...]  # names of inputs that are not in their safe or resting state
    aisle_left: AisleState
    aisle_right: AisleState
    why_left: str
    why_right: str
    unproved: tuple[str, ...]
    move_id: int
    motor_ma: int
    peak_ma: int
    supply_mv: int
    speed_mm_s: int
    target_mm: int | None
    end_reason: str
    map_version: int
    firmware_version: int
    config_ok: bool
    boot_count: int
    board_id: int = 0  # low 32 bits of the chip's unique id; 0 = not told yet
    chosen_left: int = 0  # presses of the carriage's own button for that aisle, 0..255 and round again
    chosen_right: int = 0
    image: int | None = None  # IR_IMAGE_*: the program it runs; None = not told yet
    config_crc: int | None = None
    loss: str = ""  # LOSS_* name: what took its place away, while the whole block has not been told; "" = nothing
    loss_word: int = 0  # IR_LOSS: the same with the number that tells two losses apart


@dataclass(frozen=True, slots=True)
class SensorReport:
    """What one sensor board last said. A value is None when its own board calls it bad."""

    address: int
    online: bool
    age_ms: int | None
    temp_cc: int | None  # 0.01 degC
    rh_cpct: int | None  # 0.01 %RH
    lux: int | None
    leak: bool | None
    faults: int
    board_id: int = 0
    firmware_version: int = 0
    image: int | None = None


@dataclass(frozen=True, slots=True)
class Aisle:
    """One aisle as its neighbours together see it: the worse of both boards; unknown counts as occupied."""

    no: int
    gap_mm: int | None
    state: AisleState
    why: str
    column_left: int | None
    column_right: int | None


@dataclass(frozen=True, slots=True)
class MoveReport:
    """The running or last move as the motion process sees it."""

    move_id: int
    phase: Literal["arming", "armed", "warning", "moving", "ended"]
    ended: str  # END_* name in lower case; "" while it runs
    seconds_left: int | None  # to press Start, while armed
    columns: tuple[int, ...]
    aisle: int | None
    fault: str = ""
    pose: Pose | Literal["find"] = "open"


@dataclass(frozen=True, slots=True)
class Loss:
    """A carriage lost its place, so every board of the block forgets its own (shelving-safety rule 7)."""

    since_ms: int  # monotonic
    causes: tuple[tuple[int, str], ...]  # column and CarriageReport.loss
    waiting: tuple[int, ...]  # columns whose boards have not confirmed yet; nothing is chosen before all have


@dataclass(frozen=True, slots=True)
class BlockState:
    """One snapshot of the whole block. ``alive`` is False when the motion process itself is silent."""

    seq: int
    alive: bool
    carriages: tuple[CarriageReport, ...]
    sensors: tuple[SensorReport, ...]
    aisles: tuple[Aisle, ...]
    move: MoveReport | None
    doubtful: bool  # gaps do not add up, or a position is unknown
    bus_cycle_ms: int
    bus_errors: int = 0
    let: bool = False  # the local control point may drive: the key is turned, and the node knows who holds it
    notes: tuple[str, ...] = field(default=())
    loss: Loss | None = None  # the newest since this motion process started

    @property
    def key_turned(self) -> bool:
        """Maintenance: one board that sees the block's key turned is enough."""
        return any("key_normal" in report.open_inputs for report in self.carriages)

    @property
    def padlocked(self) -> bool:
        return any("unlocked" in report.open_inputs for report in self.carriages)


@dataclass(frozen=True, slots=True)
class CarriageMove:
    """One carriage's part of a plan."""

    column: int
    from_mm: int
    to_mm: int
    start_delay_ms: int
    opens: Side


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What must move to reach ``pose``; no ``moves``: the block stands so already. ``duration_s`` includes the warning.

    ``aisle`` is the one that the move leaves wider than it was and open: it counts as occupied afterwards. None: no
    aisle opens.
    """

    aisle: int | None
    moves: tuple[CarriageMove, ...]
    pose_mm: tuple[int, ...]  # left edges of all columns when done
    duration_s: int
    pose: Pose = "open"
