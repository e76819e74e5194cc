"""What every app does around its own work: serve the bus always, control every CONTROL_MS, never end."""

from firmware.modbus_rtu import KEPT, T35_US

CONTROL_MS = 10


class Loop:
    """Subclasses give the Slave, ``control(now_ms)``, ``keep(now_ms)`` and ``rest()``."""

    def __init__(self, hal, slave):
        self.hal = hal
        self.slave = slave
        self.next_ms = 0
        self._began = False
        self._heard = bytearray(KEPT)

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
                rest_ms = self.next_ms - self.hal.now_ms()
                if rest_ms > 0:
                    self.hal.wait(1 if self.slave.pending() else rest_ms)
        except KeyboardInterrupt:
            self.rest()
            self.hal.stay_awake()  # a technician at the USB port
            raise
        finally:
            self.rest()
