"""The live bench: real MicroPython boards on ptys, the plant in real time, one bus. What a node finds is a serial port.

``bench_dir/bus`` is the node's end of the bus. Everything a person can do is ``act(what, **args)``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from edge.config import Motion
from edge.domain.block import Layout
from firmware.board import WATCHDOG_MS
from firmware.registers import KIND_CARRIAGE, KIND_SENSORS
from hardware_tests.virtual import acts, faults, world
from hardware_tests.virtual.board_process import BoardProcess, Interpreter, Reset, best_interpreter
from hardware_tests.virtual.flash import board_dir, commission, flash_boards
from hardware_tests.virtual.hub import Hub
from hardware_tests.virtual.layouts import SENSOR_PLACES, demo_motion
from hardware_tests.virtual.medium import Fault
from hardware_tests.virtual.people import ActRefused
from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.plant_server import Gap, PlantServer
from hardware_tests.virtual.room_view import view

Answer = TypeVar("Answer")
LOOK_AFTER_S = 0.1  # how often the boards' processes are looked after
SAVE_S = 5.0


class LiveBench:
    """One block and its sensor boards. Both directories survive a stop; the world is kept in bench_dir."""

    def __init__(
        self,
        bench_dir: Path,
        layout: Layout,
        flash_dir: Path,
        *,
        motion: Motion | None = None,
        places: dict[int, str] | None = None,
        open_aisle: int = 4,
        interpreter: Interpreter | None = None,
        seed: int = 1,
    ) -> None:
        bench_dir.mkdir(parents=True, exist_ok=True)
        self.bench_dir = bench_dir
        self.interpreter: Interpreter = interpreter or best_interpreter()
        self.plant = Plant.build(layout, open_aisle, SENSOR_PLACES if places is None else places)
        self.had_a_past = world.restore(self.plant, bench_dir / "world.json")
        self.plant.watch.all_owe(self.plant)
        sensors = sorted(self.plant.air.spots)
        column_of = {column.address: column.no for column in layout.columns if column.address is not None}
        flash_boards(flash_dir, [*column_of, *sensors])
        commission(flash_dir, layout, motion or demo_motion(), sensors)
        self._column_of = column_of
        self.hub = Hub([*column_of, *sensors], seed=seed)
        self.hub.link_node(bench_dir / "bus")
        self._server = PlantServer(self.plant, bench_dir / "plant.sock", column_of)
        self._log = (bench_dir / "boards.log").open("ab")
        kinds = dict.fromkeys(column_of, KIND_CARRIAGE) | dict.fromkeys(sensors, KIND_SENSORS)
        self._boards = {
            address: BoardProcess(
                address,
                kind,
                board_dir(flash_dir, address).resolve(),
                self.hub.tty_of[address],
                (bench_dir / "plant.sock").resolve(),
                self._log,
            )
            for address, kind in kinds.items()
        }
        self._cut: set[int] = set()
        self._bite_at: dict[int, float] = {}  # boards whose watchdog will bite, and when (monotonic s)
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._carer = threading.Thread(target=self._look_after, name="bench-carer", daemon=True)

    # --- life ------------------------------------------------------------------------------

    def start(self, within_s: float = 60.0) -> None:
        """Power up; returns when every board's firmware runs. Raises TimeoutError with the boards that do not."""
        self._server.start()
        self.hub.start()
        for address in self._boards:
            self._power_up(address, "power")
        self._carer.start()
        deadline = time.monotonic() + within_s
        while missing := set(self._boards) - self._server.connected():
            if time.monotonic() > deadline:
                raise TimeoutError(f"boards {sorted(missing)} do not run: see {self.bench_dir / 'boards.log'}")
            time.sleep(0.02)

    def stop(self) -> None:
        self._stopping.set()
        if self._carer.is_alive():
            self._carer.join(timeout=5)
        for board in self._boards.values():
            board.cut()
        self._server.stop()
        self.hub.stop()
        world.save(self.plant, self.bench_dir / "world.json")
        self._log.close()

    # --- what people do, what anybody may see --------------------------------------------------

    def act(self, what: str, **args: Any) -> float:
        """Do one physical thing; how many ms it will take. Raises ActRefused when it cannot be done."""
        harness = {
            "cut_power": self.cut_power,
            "restore_power": self.restore_power,
            "cut_board": self.cut_board,
            "hang_board": self.hang_board,
            "bus_fault": self.bus_fault,
        }
        if what in harness:
            try:
                harness[what](**args)
            except (TypeError, KeyError) as error:
                raise ActRefused("bad_arguments", what=what, why=str(error)) from error
            return 0.0
        if what in faults.NAMES:
            return self.see(lambda plant: faults.inject(plant, what, **args))
        return self.see(lambda plant: acts.act(plant, what, **args))

    def see(self, function: Callable[[Plant], Answer]) -> Answer:
        """Ask the plant anything, between two substeps."""
        return self._server.call(function)

    def state(self) -> dict[str, Any]:
        """The whole room as JSON-able values, see room_view.py."""
        alive = self.alive()
        shown = self.see(lambda plant: view(plant, alive, {}))
        return {**shown, "gaps": [f"{gap.who}: {gap.ms:.0f} ms" for gap in self.gaps]}

    def alive(self) -> dict[int, bool]:
        """Board address → whether its firmware runs."""
        connected = self._server.connected()
        return {address: address in connected for address in self._boards}

    def camera_subject(self) -> str | None:
        """Label text of what is held to the counter camera."""
        return self.see(lambda plant: plant.at_camera)

    @property
    def gaps(self) -> list[Gap]:
        return list(self._server.gaps)

    def wait_until(self, condition: Callable[[Plant], bool], within_s: float) -> bool:
        """Poll the plant; whether ``condition`` came true in time."""
        deadline = time.monotonic() + within_s
        while not self.see(condition):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    # --- power, boards, bus --------------------------------------------------------------------

    def cut_power(self) -> None:
        """The mains are gone: every board dies at this instruction; what stood in flash stays."""
        with self._lock:
            for board in self._boards.values():
                board.cut()  # before the circuits die: a board without power latches nothing
            self.see(lambda plant: plant.cut_power())
            self._bite_at.clear()

    def restore_power(self) -> None:
        with self._lock:
            self.see(lambda plant: plant.restore_power())
            for address in self._boards:
                if address not in self._cut:
                    self._power_up(address, "power")

    def cut_board(self, address: int, on: bool = True) -> None:
        """Pull one board's plug (``on``) or put it back."""
        with self._lock:
            board = self._boards[address]
            if on:
                self._cut.add(address)
                board.cut()
                if address in self._column_of:
                    self.see(lambda plant: plant.lose_board(self._column_of[address]))
            elif address in self._cut:
                self._cut.discard(address)
                if self.see(lambda plant: plant.wiring.power):
                    self._power_up(address, "power")

    def hang_board(self, address: int) -> None:
        """Its processor stands still; the watchdog resets it after its time."""
        with self._lock:
            self._server.hung.add(address)
            self._boards[address].hang()
            self._bite_at[address] = time.monotonic() + WATCHDOG_MS / 1000

    def bus_fault(self, kind: str = "clear", talker: int | None = None, **args: Any) -> None:
        """Put a medium.Fault on the bus; "clear" takes all away; "dead" silences a board's transceiver."""
        with self.hub.lock:
            if kind == "clear":
                self.hub.medium.faults.clear()
                self.hub.medium.dead.clear()
            elif kind == "dead" and talker is not None:
                self.hub.medium.dead.add(talker)
            else:
                self.hub.medium.faults.append(Fault(kind, talker, **args))  # type: ignore[arg-type]

    def _power_up(self, address: int, reset: Reset) -> None:
        board = self._boards[address]
        if not board.runs:
            self.hub.empty(address)
            board.power_up(reset, self.interpreter)

    def _look_after(self) -> None:
        """Do what each board's watchdog would: reset a board that hangs or whose program ended."""
        saved = time.monotonic()
        while not self._stopping.wait(LOOK_AFTER_S):
            now = time.monotonic()
            with self._lock:
                for address, board in self._boards.items():
                    if board.ended_by_itself and address not in self._bite_at:
                        self._bite_at[address] = now + WATCHDOG_MS / 1000
                for address in [address for address, at in self._bite_at.items() if at <= now]:
                    del self._bite_at[address]
                    self._server.hung.discard(address)
                    self._boards[address].cut()
                    self._power_up(address, "watchdog")
            if now - saved > SAVE_S:
                saved = now
                self.see(lambda plant: world.save(plant, self.bench_dir / "world.json"))
