"""The disk, once a second: its reserve, and the alarm that it is getting full."""

from __future__ import annotations

from edge.domain import alarms, disk_room
from edge.store.database import Change
from edge.store.reserve import Reserve
from edge.store.space import free_mb
from edge.workflows.room import Room


class DiskWatch:
    """``step`` once a second, in one background loop."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._folder = room.database.path.parent
        self._reserve = Reserve(self._folder)

    def step(self) -> None:
        self._reserve.step()
        room, limit = self._room, disk_room.LOW
        free, now_ms, boot_id = free_mb(self._folder), room.clock.monotonic_ms(), room.clock.boot_id()
        before = room.alarms.conditions(boot_id).get((limit.rule, room.name), alarms.NORMAL)
        if alarms.step(limit, before, free, now_ms)[0] == before:
            return

        def observe(change: Change) -> None:
            room.alarms.observe(change, limit, room.name, free, now_ms, boot_id)

        room.database.write(observe, telemetry=True)

    def full(self) -> bool:
        """The reserve is given up, and what it left is used up too."""
        return not self._reserve.held and free_mb(self._folder) < disk_room.FULL_MB

    def tight(self) -> bool:
        """What is large is refused."""
        return not self.full() and not disk_room.takes_bulk(free_mb(self._folder))
