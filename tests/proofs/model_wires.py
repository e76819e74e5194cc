"""What lies around the board of model.py: wires as they physically are, the drive, and an onlooker's memory."""

from __future__ import annotations

from dataclasses import dataclass

from firmware.carriage.drive import FAULT
from firmware.carriage.proof import CIRCUITS
from firmware.carriage.snapshot import ALL_IN, IN

OLDEST_MS = 400  # older than every limit of the model


class Travel:
    """Stands where drive.py stands: on its way until the model says that it arrives or fails."""

    def __init__(self) -> None:
        self.duty, self.arrived, self.fault, self.peak_ma = 0, False, 0, 0
        self.next = ""

    def begin(self, *_where: int) -> None:
        self.duty, self.arrived, self.fault = 1, False, 0

    def step(self, *_now: object) -> None:
        self.arrived = self.next == "arrives"
        self.fault = FAULT["stall"] if self.next == "stalls" else 0
        self.duty = 0 if self.arrived or self.fault else 1


@dataclass
class World:
    """The wires around the board, and what an onlooker remembers without knowing any firmware."""

    open: frozenset[str] = frozenset()  # inputs that are physically open or pressed
    gap_left: int | None = 0
    gap_right: int | None = 0
    permit: bool = False  # a node renews the permit of MOVE at every step
    low: bool = False  # supply under the stop limit
    deaf: bool = False  # the left edge no longer answers its test
    mute: bool = False  # the crank's contact reads as closed whatever it is
    stuck_out: bool = False  # the contactors drop whatever the board asks
    closed: bool = False  # the contactors are in
    # the onlooker
    armed_press: bool = False  # Start went down after the newest arming
    permit_age: int = OLDEST_MS
    danger: bool = False  # a safety input was open since Reset was last pressed
    owed_left: bool = True  # opportunity since the aisle's mouth button was last let go
    owed_right: bool = True
    forgot: bool = True  # no place was given since the board was told to forget, or since power-up


FIELDS = tuple(World.__dataclass_fields__)


class Snap:
    """What hal and snapshot.py would have read."""

    def __init__(self) -> None:
        self.bits, self.absent, self.travel_um = ALL_IN, False, 0
        self.gap_left_mm: int | None = 0
        self.gap_right_mm: int | None = 0
        self.motor_ma, self.supply_mv = 0, 24_000

    def read(self, world: World, tests: int) -> Snap:
        bits = ALL_IN
        for name in world.open:
            bits &= ~IN[name]
        for test, bit, _proof in CIRCUITS:
            if tests & test and not (world.deaf and bit == IN["edge_left_ok"]):
                bits &= ~bit
        if world.mute:
            bits |= IN["crank_out"]
        if world.closed:
            bits &= ~IN["contactor_open"]
        if world.gap_left == 0:
            bits &= ~IN["contact_left_open"]
        if world.gap_right == 0:
            bits &= ~IN["contact_right_open"]
        self.bits, self.gap_left_mm, self.gap_right_mm = bits, world.gap_left, world.gap_right
        self.supply_mv = 18_000 if world.low else 24_000
        return self

    def ok(self, name: str) -> bool:
        return bool(self.bits & IN[name])

    def touches_left(self) -> bool:
        return not self.bits & IN["contact_left_open"]

    def touches_right(self) -> bool:
        return not self.bits & IN["contact_right_open"]
