"""The virtual bench in virtual time: a technician's hours of work in seconds, always the same."""

from __future__ import annotations

from edge.config import Motion
from edge.domain.block import Layout
from hardware_tests.master import Master
from hardware_tests.virtual import technician
from hardware_tests.virtual.lockstep import Lockstep

SETTLED_MS = 50


class LockstepBench:
    """A Bench (hardware_tests/bench.py) on lockstep.py."""

    is_virtual = True
    name = "virtual bench, in lock-step"
    patience_ms = 3_000

    def __init__(self, layout: Layout, motion: Motion, open_aisle: int, places: dict[int, str] | None = None) -> None:
        self.layout, self.motion = layout, motion
        self.room = Lockstep(layout, motion, places=places, open_aisle=open_aisle, flashed=True)
        self.sensors = tuple(self.room.plant.air.spots)
        self.master = Master(self.room)
        self.room.run(500)

    def person(self, what: str, **args: object) -> None:
        self.master.run(self.room.act(what, **args) + SETTLED_MS)
        self.master.run_until(lambda: not any(person.busy for person in self.room.plant.people), 20_000)

    def begin(self, what: str, **args: object) -> None:
        self.room.act(what, **args)

    def seen(self, what: str, **args: object) -> bool:
        return technician.seen(self.room.plant, what, **args)

    def measured(self, what: str, **_where: object) -> float:
        return technician.measured(what)

    def master_of(self, _address: int, /) -> Master:
        return self.master

    def gaps(self) -> int:
        return 0

    def close(self) -> None:
        """Nothing is held open."""
