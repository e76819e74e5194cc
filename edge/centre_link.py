"""The node's link to the centre, where the configuration names one: trace and readings up, stop and people down."""

from __future__ import annotations

from collections.abc import Callable

from cloud_sync.contract import Command, Directory, Reading
from edge.config import Config
from edge.store.database import Change
from edge.store.directory import accept_directory
from edge.store.keys import Keys
from edge.store.trace import Trace
from edge.sync.inbox import Inbox
from edge.sync.publisher import Publisher, read_centre_key
from edge.workflows import motion
from edge.workflows.room import Room
from edge.workflows.watch_protections import tiles

AWAY_MS = 30_000  # without an acknowledgement while events wait


class CentreLink:
    """Does nothing in a room without a centre. Of all commands only ``stop`` acts on hardware, and it only stops."""

    def __init__(
        self, config: Config, room: Room, trace: Trace, keys: Keys, version: str, faults: Callable[[], list[str]]
    ) -> None:
        self._room = room
        self._publisher: Publisher | None = None
        if config.sync is None:
            return
        inbox = Inbox(room, trace, read_centre_key(config.sync), {"stop": self._stop}, self._take_directory)
        self._publisher = Publisher(
            config.sync,
            config.node,
            trace=trace,
            inbox=inbox,
            clock=room.clock,
            signing_key=keys.signing,
            version=version,
            faults=faults,
            readings=self._readings,
        )

    def start(self) -> None:
        if self._publisher:
            self._publisher.start()

    def stop(self) -> None:
        if self._publisher:
            self._publisher.stop()

    def away(self) -> bool:
        """Whether events wait here and the centre has not confirmed any for a while."""
        if self._publisher is None:
            return False
        status = self._publisher.status()
        silent = status.last_ack_age_ms is None or status.last_ack_age_ms > AWAY_MS
        return not status.connected or (silent and status.backlog > 0)

    def _stop(self, command: Command) -> None:
        motion.stop(self._room, f"centre:{command.author}")

    def _take_directory(self, directory: Directory) -> bool:
        def take(change: Change) -> bool:
            return accept_directory(change, directory.model_dump())

        return self._room.database.write(take, telemetry=True)

    def _readings(self) -> list[Reading]:
        return [
            Reading(
                place=tile.place,
                measurand=tile.measurand,
                value=tile.value,
                age_ms=tile.age_ms or 0,
                quality=tile.quality,
            )
            for tile in tiles(self._room)
            if tile.value is not None
        ]
