"""What both apps do around their own work: serve the bus always, control every CONTROL_MS, never end."""

from firmware.modbus_rtu import T35_US

CONTROL_MS = 10


class Loop:
    """Subclasses give the Slave, ``control(now_ms)``, ``keep(now_ms)`` and ``rest()``."""

    def __init__(self, hal, slave):
        self.hal = hal
        self.slave = slave
        self.next_ms = 0
        self._began = False

    def control(self, now_ms):
        """Read, decide, drive, feed the watchdog: once every CONTROL_MS."""
        raise NotImplementedError

    def keep(self, now_ms):
        """What writes flash or takes long, after a control loop."""
        raise NotImplementedError

    def rest(self):
        """The program ends, for whatever reason: let go of everything."""
        raise NotImplementedError

    def step(self, now_ms):
        """Call at least once a millisecond or so; ``now_ms`` never runs backwards and never wraps."""
        self.serve()
        if not self._began or now_ms >= self.next_ms:
            late = not self._began or now_ms - self.next_ms > CONTROL_MS
            self._began = True
            self.next_ms = (now_ms if late else self.next_ms) + CONTROL_MS
            self.control(now_ms)
            self.keep(now_ms)
        if self.slave.parked is not None:
            self.hal.bus_write(self.slave.answer_parked())

    def serve(self):
        """Take in what the line brought; answer once it has fallen silent."""
        data = self.hal.bus_read()
        if data:
            self.slave.feed(data)
        elif self.slave.pending() and self.hal.bus_quiet_us() >= T35_US:
            answer = self.slave.end_of_burst()
            if answer is not None:
                self.hal.bus_write(answer)

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
