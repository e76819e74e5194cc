"""When motors of the live bench got and lost voltage, noted in the plant's own thread at each of its substeps."""

from __future__ import annotations

import time
from collections.abc import Callable

from hardware_tests.virtual.live import LiveBench
from hardware_tests.virtual.plant import Plant


class Motors:
    """``on`` now; ``off_s`` = the monotonic second at which the last motor lost its voltage."""

    def __init__(self, bench: LiveBench) -> None:
        self.on = False
        self.off_s = 0.0
        self.gaps_before = len(bench.gaps)
        self._bench = bench
        bench.see(self._attach)

    def _attach(self, plant: Plant) -> None:
        advance: Callable[[float], None] = plant.advance

        def noted(dt_ms: float) -> None:
            advance(dt_ms)
            on = any(carriage.drive != 0.0 for carriage in plant.rail.carriages.values())
            if self.on and not on:
                self.off_s = time.monotonic()
            self.on = on

        plant.advance = noted  # type: ignore[method-assign]

    def wait(self, on: bool, within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        while self.on != on:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.001)
        return True

    def disturbed(self) -> bool:
        """Whether this machine paused plant or boards for more than 50 ms since the last time it was asked."""
        before, self.gaps_before = self.gaps_before, len(self._bench.gaps)
        return self.gaps_before > before
