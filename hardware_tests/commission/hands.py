"""What every step of the ladder works with: the boards of one block on a bench, and a person's hands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from edge.devices import carriage_modbus
from edge.devices.carriage_modbus import Identity
from edge.domain.monthly_proof import judged
from firmware import registers as r
from hardware_tests.bench import Bench
from hardware_tests.master import Master

WALKS = 3


class StepFailed(Exception):
    """A step that is not proved. ``code``: words ``failed.<code>`` with ``params``."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code} {params}")
        self.code, self.params = code, params


@dataclass(frozen=True)
class Touch:
    """One thing a person does and keeps doing until ``undo``; names of hardware_tests/virtual/acts.py."""

    act: str
    args: dict[str, object] = field(default_factory=dict)
    undo: str = "let_go"
    undo_args: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """One block on a bench; columns by number, boards by address."""

    bench: Bench

    @property
    def address(self) -> dict[int, int]:
        """Column → board address."""
        return {column.no: column.address for column in self.bench.layout.columns if column.address is not None}

    def identity(self, column: int) -> Identity:
        """Raises StepFailed where no board answers."""
        try:
            block = self.bench.master.block(self.address[column], r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
        except TimeoutError:
            raise StepFailed("board_silent", column=column, address=self.address[column]) from None
        return carriage_modbus.identity([block[r.IR_IDENTITY + at] for at in range(r.IR_IDENTITY_COUNT)])

    def image(self, column: int) -> int:
        """IR_IMAGE_* of the program it runs."""
        return _image(self.bench.master, self.address[column])

    def sensors_identity(self, address: int) -> tuple[Identity, int]:
        """A sensor board and the program it runs. Raises StepFailed where none answers."""
        master = self.bench.master_of(address)
        try:
            block = master.block(address, r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
            return carriage_modbus.identity(list(block.values())), _image(master, address)
        except TimeoutError:
            raise StepFailed("sensors_silent", address=address) from None

    def state(self, column: int) -> dict[int, int]:
        try:
            return self.bench.master.state(self.address[column])
        except TimeoutError:
            raise StepFailed("board_silent", column=column, address=self.address[column]) from None

    def states(self) -> dict[int, dict[int, int]]:
        return {column: self.state(column) for column in self.address}

    def gap_mm(self, aisle: int) -> int:
        """As the board on its left sees it, else the one on its right. Raises StepFailed when it is unknown."""
        left = aisle in self.address
        gap = self.state(aisle)[r.IR_GAP_RIGHT_MM] if left else self.state(aisle + 1)[r.IR_GAP_LEFT_MM]
        if gap == r.UNKNOWN:
            raise StepFailed("gap_unknown", aisle=aisle)
        return max(0, carriage_modbus.signed(gap))

    def beside(self, aisle: int) -> dict[int, str]:
        """Columns with a board at this aisle → the side on which they have it."""
        return {column: side for column, side in ((aisle, "right"), (aisle + 1, "left")) if column in self.address}

    # --- circuits --------------------------------------------------------------------------------

    def open_now(self) -> dict[int, set[str]]:
        """Column → circuits that are not closed and that a hand may be at; no column without any."""
        found: dict[int, set[str]] = {}
        for column, state in self.states().items():
            bits = state[r.IR_INPUTS_HI] << 16 | state[r.IR_INPUTS_LO]
            names = judged(name for name, bit in r.INPUTS if not bits & bit)
            if names:
                found[column] = set(names)
        return found

    def faults(self) -> dict[int, set[str]]:
        found = {}
        for column, state in self.states().items():
            bits = state[r.IR_FAULTS_HI] << 16 | state[r.IR_FAULTS_LO]
            if bits:
                found[column] = {name for name, bit in r.FAULTS if bits & bit}
        return found

    def prove(self, touch: Touch, expected: dict[int, set[str]], held: int | None = None) -> None:
        """A person touches one thing: exactly ``expected`` opens, nothing else anywhere, and closes afterwards.

        ``held``: STATE_* in which every board is meanwhile.
        """
        self.at_rest()
        seen: dict[int, set[str]] = {}
        self.bench.begin(touch.act, **touch.args)
        try:
            self.bench.master.run_until(lambda: self._sees(seen, expected), self.bench.patience_ms)
            free = [] if held is None else [no for no, one in self.states().items() if one[r.IR_RUN_STATE] != held]
        finally:
            self.bench.person(touch.undo, **touch.undo_args)
        if seen != expected:
            raise StepFailed("other_circuits", act=touch.act, expected=_told(expected), seen=_told(seen))
        if free:
            raise StepFailed("not_held", act=touch.act, columns=_columns(set(free)))
        self.at_rest()

    def _sees(self, seen: dict[int, set[str]], expected: dict[int, set[str]]) -> bool:
        now = self.open_now()
        if now:
            seen.clear()
            seen.update(now)
        return seen == expected

    def at_rest(self) -> None:
        """Raises StepFailed with the circuits that stay open."""
        if not self.bench.master.run_until(lambda: not self.open_now(), self.bench.patience_ms):
            raise StepFailed("not_at_rest", seen=_told(self.open_now()))

    def latched(self, fault: str, columns: set[int]) -> None:
        """``fault`` stands latched at exactly these columns. Reset ends it."""
        held = self.faults()
        if {column for column, names in held.items() if fault in names} != columns:
            raise StepFailed("not_latched", fault=fault, expected=_columns(columns), seen=_told(held))
        self.reset()

    def reset(self) -> None:
        self.bench.person("reset_press")
        self.bench.master.run(100)
        if held := self.faults():
            raise StepFailed("fault_stays", seen=_told(held))

    def walk(self, aisles: set[int]) -> None:
        """The walk-through reset of those aisles that are occupied."""
        for _ in range(WALKS):
            todo = self.occupied() & aisles
            if not todo:
                return
            for aisle in sorted(todo):
                self.bench.person("walk", aisle=aisle)
        raise StepFailed("stays_occupied", aisles=", ".join(map(str, sorted(self.occupied() & aisles))))

    def occupied(self) -> set[int]:
        found = set()
        for column, state in self.states().items():
            found |= {column - 1} if state[r.IR_AISLE_LEFT] != r.AISLE_CLEAR else set()
            found |= {column} if state[r.IR_AISLE_RIGHT] != r.AISLE_CLEAR else set()
        return found

    def forget(self) -> None:
        """Every board forgets its place, whatever it had lost (rule 7): nothing is left for the node to tell."""
        for column, state in self.states().items():
            ack = self.bench.master.command(self.address[column], r.CMD_FORGET, arg=state[r.IR_LOSS])
            if ack != r.ACK_ACCEPTED:
                raise StepFailed("not_found", column=column)

    def walk_all(self) -> None:
        if len(self.occupied()) > len(self.bench.layout.aisles) // 2:
            self.bench.person("walk_all")
        self.walk(set(self.bench.layout.aisles))


def _image(master: Master, address: int) -> int:
    return carriage_modbus.image_of(list(master.block(address, r.IR_SELF, r.IR_SELF_COUNT).values()))


def _told(found: dict[int, set[str]]) -> str:
    return "; ".join(f"{column}: {', '.join(sorted(names))}" for column, names in sorted(found.items())) or "-"


def _columns(columns: set[int]) -> str:
    return ", ".join(map(str, sorted(columns)))
