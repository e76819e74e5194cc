"""What every app does around its own work: serve the bus, look every LOOK_MS, control every CONTROL_MS, never end.

A look is cheap: it re-reads the safety inputs, and what has changed there is controlled at once. Everything else (gaps,
travel, current, registers, lamps) waits for the next control.
"""

from firmware.modbus_rtu import KEPT, T35_US

CONTROL_MS = 10
LOOK_MS = 5  # the longest that a safety input may stay unread


class Loop:
    """Subclasses give the Slave, ``look()``, ``control(now_ms)``, ``keep(now_ms)`` and ``rest()``."""

    def __init__(self, hal, slave):
        self.hal = hal
        self.slave = slave
        self.next_ms = 0
        self.look_ms = 0
        self._began = False
        self._heard = bytearray(KEPT)

    def look(self, _now_ms):
        """Re-read the safety inputs: whether ``control`` must see them now. A board that moves nothing has none."""
        return False

    def control(self, now_ms):
        """Read, decide, drive, feed the watchdog: once every CONTROL_MS. Runs with the heap locked."""
        raise NotImplementedError

    def keep(self, now_ms):
        """What writes flash, allocates or takes long, after a control loop."""
        raise NotImplementedError

    def rest(self):
        """The program ends, for whatever reason: let go of everything."""
        raise NotImplementedError

    def step(self, now_ms):
        """Call at least once a millisecond or so; ``now_ms`` never runs backwards and never wraps.

        Bus and control allocate nothing: with the heap locked no collection can come between a safety input and its
        output, and a line that would allocate fails its test instead of a move.
        """
        self.hal.lock_heap(now_ms)
        try:
            self.serve()
            due = not self._began or now_ms >= self.next_ms
            if due:
                late = not self._began or now_ms - self.next_ms > CONTROL_MS
                self._began = True
                self.next_ms = (now_ms if late else self.next_ms) + CONTROL_MS
            elif now_ms >= self.look_ms:
                self.look_ms = now_ms + LOOK_MS
                due = self.look(now_ms)
            if due:
                self.look_ms = now_ms + LOOK_MS
                self.control(now_ms)
        finally:
            self.hal.unlock_heap()
        if due:
            self.keep(now_ms)
        if self.slave.parked:
            self.hal.bus_write(self.slave.answer, self.slave.answer_parked())

    def serve(self):
        """Take in what the line brought; answer once it has fallen silent."""
        count = self.hal.bus_read(self._heard)
        if count:
            self.slave.feed(self._heard, count)
        elif self.slave.pending() and self.hal.bus_quiet_us() >= T35_US:
            count = self.slave.end_of_burst()
            if count:
                self.hal.bus_write(self.slave.answer, count)

    def run(self):
        """The board's own endless loop."""
        self.hal.start_watchdog()
        try:
            while True:
                self.step(self.hal.now_ms())
                rest_ms = min(self.next_ms, self.look_ms) - self.hal.now_ms()
                if rest_ms > 0:
                    self.hal.wait(1 if self.slave.pending() else rest_ms)
        except KeyboardInterrupt:
            self.rest()
            self.hal.stay_awake()  # a technician at the USB port
            raise
        finally:
            self.rest()
