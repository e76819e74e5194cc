"""The wires of one block: the room enable chain, two contactors per carriage, buttons, circuits with test outputs.

What no firmware can talk its way around: if any member of the chain is open, or any board opens it with its
room_drop, every contactor drops and no motor has voltage. Input names are those of registers.INPUTS; what a
board drives is named in firmware/board.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

PULL_IN_MS = 30.0
DROP_OUT_MS = 20.0
SUPPLY_MV = 24000
SAG_MV_PER_MA = 0.1

FACES = ("left", "right")


@dataclass(slots=True)
class BoardOutputs:
    """What one carriage board drives. A board without power or firmware has all of it off."""

    drive: float = 0.0  # duty at the bridge, -1..1, + = to the right
    enable: bool = False  # lets its own two contactors pull in, if the chain is closed too
    brake_release: bool = False
    room_drop: bool = False  # True opens the whole room's chain
    warning: bool = False
    start_lamp: bool = False
    slot_light: int = 0
    aisle_lights: int = 0  # bit 0 left, bit 1 right
    tests: frozenset[str] = frozenset()  # circuits whose test output is on: "estop", "edge_left", "beam_right", ...


@dataclass(slots=True)
class Contactor:
    """One of the two in series. ``closed`` is what its force-guided mirror contact tells."""

    closed: bool = False
    welded: bool = False
    _since_ms: float = 0.0

    def step(self, coil: bool, dt_ms: float) -> None:
        if coil == self.closed:
            self._since_ms = 0.0
            return
        self._since_ms += dt_ms
        if coil and self._since_ms >= PULL_IN_MS:
            self.closed, self._since_ms = True, 0.0
        elif not coil and not self.welded and self._since_ms >= DROP_OUT_MS:
            self.closed, self._since_ms = False, 0.0


@dataclass(slots=True)
class Buttons:
    """Push-buttons by name: "start", "reset", "jog_left", "jog_right", ("deep" | "mouth" | "choose", aisle)."""

    held: set[object] = field(default_factory=set)
    stuck: set[object] = field(default_factory=set)
    timed_ms: dict[object, float] = field(default_factory=dict)

    def press(self, name: object, for_ms: float) -> None:
        self.timed_ms[name] = for_ms

    def is_pressed(self, name: object) -> bool:
        return name in self.held or name in self.stuck or name in self.timed_ms

    def step(self, dt_ms: float) -> None:
        if self.timed_ms:
            self.timed_ms = {name: left - dt_ms for name, left in self.timed_ms.items() if left > dt_ms}


@dataclass(slots=True)
class Wiring:
    """State of the wires; ``step`` follows the physical truth handed to it."""

    columns: tuple[int, ...]
    outputs: dict[int, BoardOutputs]
    buttons: Buttons = field(default_factory=Buttons)
    estop_pressed: bool = False
    fire: bool = False
    gas: bool = False
    leak: bool = False
    padlocked: bool = False  # a padlock hangs in the isolator: the chain is held open
    key_turned: bool = False  # the block's maintenance key
    jog_column: int | None = None  # the carriage that the local control point's selector names
    cranked: set[int] = field(default_factory=set)  # columns with the crank inserted
    tilted: set[int] = field(default_factory=set)
    askew: set[int] = field(default_factory=set)  # columns whose far end is too far ahead or behind
    skew_levers: set[int] = field(default_factory=set)  # columns at whose skew switch a hand is
    silent: set[tuple[int, str]] = field(default_factory=set)  # circuits that no longer open: (column, "beam_left")
    open_circuits: set[tuple[int, str]] = field(default_factory=set)  # physically open now
    broken: set[tuple[int, str]] = field(default_factory=set)  # their wire is broken: open whatever happens
    failed_bridges: dict[int, float] = field(default_factory=dict)  # they drive this, whatever the board asks for
    contactors: dict[int, tuple[Contactor, Contactor]] = field(default_factory=dict)
    power: bool = True
    supply_mv: float = SUPPLY_MV
    load_ma: float = 0.0
    chain: bool = False

    @classmethod
    def of(cls, columns: Iterable[int]) -> Wiring:
        numbers = tuple(columns)
        wiring = cls(numbers, {no: BoardOutputs() for no in numbers})
        wiring.contactors = {no: (Contactor(), Contactor()) for no in numbers}
        return wiring

    def motor_drive(self, column: int) -> float:
        """Duty that really reaches one motor: nothing without both contactors, nothing against a set brake."""
        out = self.outputs[column]
        if not self.power or not out.brake_release or not all(k.closed for k in self.contactors[column]):
            return 0.0
        return self.failed_bridges.get(column, out.drive)

    @property
    def supply_now_mv(self) -> float:
        return max(0.0, self.supply_mv - SAG_MV_PER_MA * self.load_ma) if self.power else 0.0

    @property
    def start_lamp(self) -> bool:
        return self.power and any(out.start_lamp for out in self.outputs.values())

    def circuit_closed(self, column: int, circuit: str) -> bool:
        """Whether an edge, beam or e-stop circuit of one board lets its current through."""
        if not self.power or (column, circuit) in self.broken:
            return False
        if (column, circuit) in self.silent:
            return True
        if circuit == "estop":
            open_now = self.estop_pressed
        else:
            open_now = (column, circuit) in self.open_circuits
        return not open_now and circuit not in self.outputs[column].tests

    def _contact(self, column: int, name: str, resting: bool) -> bool:
        """What one board reads of a contact without an evaluation unit: all of them share its test output."""
        if (column, name) in self.broken:
            return False
        return (column, name) in self.silent or (resting and "contacts" not in self.outputs[column].tests)

    def chain_closed(self) -> bool:
        if not self.power or self.estop_pressed or self.fire or self.gas or self.leak or self.cranked:
            return False
        if self.padlocked:
            return False
        for column in self.columns:
            if self.outputs[column].room_drop:
                return False
            for face in FACES:
                if not self.circuit_closed(column, "edge_" + face) or not self.circuit_closed(column, "beam_" + face):
                    return False
        return True

    def step(self, dt_ms: float) -> None:
        self.buttons.step(dt_ms)
        self.chain = self.chain_closed()
        for column in self.columns:
            coil = self.chain and self.outputs[column].enable
            for contactor in self.contactors[column]:
                contactor.step(coil, dt_ms)

    def inputs_of(self, column: int, contacts: tuple[bool, bool]) -> dict[str, bool]:
        """registers.INPUTS by name for one board; True = safe or resting. ``contacts``: touching left, right."""
        pressed = self.buttons.is_pressed
        left, right = column - 1, column
        return {
            "estop_ok": self.circuit_closed(column, "estop"),
            "edge_left_ok": self.circuit_closed(column, "edge_left"),
            "edge_right_ok": self.circuit_closed(column, "edge_right"),
            "beam_left_ok": self.circuit_closed(column, "beam_left"),
            "beam_right_ok": self.circuit_closed(column, "beam_right"),
            "crank_out": self._contact(column, "crank", column not in self.cranked),
            "level_ok": self._contact(column, "level", column not in self.tilted),
            "fire_ok": self._contact(column, "fire", not self.fire),
            "gas_ok": self._contact(column, "gas", not self.gas),
            "leak_ok": self._contact(column, "leak", not self.leak),
            "contactor_open": not any(k.closed for k in self.contactors[column]),
            "contact_left_open": not contacts[0],
            "contact_right_open": not contacts[1],
            "start_released": not pressed("start"),
            "reset_released": not pressed("reset"),
            "deep_left_released": not pressed(("deep", left)),
            "mouth_left_released": not pressed(("mouth", left)),
            "deep_right_released": not pressed(("deep", right)),
            "mouth_right_released": not pressed(("mouth", right)),
            "test_high": True,
            "test_low_inverted": True,
            "unlocked": not self.padlocked,
            "key_normal": not self.key_turned,
            "jog_left_released": not pressed("jog_left"),
            "jog_right_released": not pressed("jog_right"),
            "jog_elsewhere": column != self.jog_column,
            "choose_left_released": not pressed(("choose", left)),
            "choose_right_released": not pressed(("choose", right)),
            "straight_ok": self._contact(
                column, "straight", column not in self.askew and column not in self.skew_levers
            ),
        }
