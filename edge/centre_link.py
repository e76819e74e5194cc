"""The node's link to the centre, where the configuration names one: trace and readings up; commands and people down."""

from __future__ import annotations

import logging
from collections.abc import Callable

from cloud_sync.contract import Command, Directory, Reading
from edge.config import Config, Sync
from edge.errors import LinkFault
from edge.store.keys import Keys
from edge.store.trace import Trace
from edge.sync.inbox import Handler, Inbox
from edge.sync.publisher import Publisher, read_centre_key
from edge.workflows import motion, people_from_centre, revoke_at_centre
from edge.workflows.approve import decide_at_centre
from edge.workflows.room import Room
from edge.workflows.watch_protections import acknowledge_at_centre, tiles

AWAY_MS = 30_000  # without an acknowledgement while events wait

log = logging.getLogger(__name__)


class CentreLink:
    """Does nothing in a room without a centre. Of all commands only ``stop`` moves a thing, and it only stops.

    Without the centre's keys the room works and says so; ``begin`` takes them up once they are there.
    """

    def __init__(
        self, config: Config, room: Room, trace: Trace, keys: Keys, version: str, faults: Callable[[], list[str]]
    ) -> None:
        self._config, self._room, self._trace, self._keys = config, room, trace, keys
        self._version, self._faults = version, faults
        self._publisher: Publisher | None = None
        self._why_not = ""

    def begin(self) -> None:
        """Start the link unless it runs; again and again until it does."""
        settings = self._config.sync
        if settings is None or self._publisher is not None:
            return
        try:
            publisher = self._make(settings)
        except LinkFault as error:
            if error.code != self._why_not:
                log.error("no link to the centre: %s", error)
            self._why_not = error.code
            return
        self._why_not = ""
        publisher.start()
        self._publisher = publisher

    def stop(self) -> None:
        if self._publisher:
            self._publisher.stop()

    @property
    def begun(self) -> bool:
        """Whether the link runs; from then on it signs the checkpoints itself, before it ships."""
        return self._publisher is not None

    def faults(self) -> list[str]:
        """``sync_not_set_up``: a key, password or certificate is missing. ``sync_away``: nothing is confirmed.

        Above these what the link itself found: another history at the centre, or that it fails here.
        """
        if self._why_not:
            return ["sync_not_set_up"]
        if self._publisher is None:
            return []
        status = self._publisher.status()
        if status.fault:
            return [status.fault]
        silent = status.last_ack_age_ms is None or status.last_ack_age_ms > AWAY_MS
        return ["sync_away"] if not status.connected or (silent and status.backlog > 0) else []

    def _make(self, settings: Sync) -> Publisher:
        centre_key = read_centre_key(settings)
        return Publisher(
            settings,
            self._config.node,
            trace=self._trace,
            inbox=Inbox(self._room, self._trace, centre_key, self._handlers(), self._take_directory),
            clock=self._room.clock,
            signing_key=self._keys.signing,
            version=self._version,
            faults=self._faults,
            readings=self._readings,
        )

    def _handlers(self) -> dict[str, Handler]:
        return {
            "stop": self._stop,
            "acknowledge_alarm": self._acknowledge,
            "approve_loan": self._decide,
            "deny_loan": self._decide,
            "revoke_card": self._revoke_card,
            "revoke_person": self._revoke_person,
        }

    def _stop(self, command: Command) -> None:
        motion.stop(self._room, f"centre:{command.author}")

    def _acknowledge(self, command: Command) -> None:
        acknowledge_at_centre(self._room, command.author, command.subject)

    def _decide(self, command: Command) -> None:
        approved = command.kind == "approve_loan"
        decide_at_centre(self._room, command.author, command.subject, approved, command.reason, command.text)

    def _revoke_card(self, command: Command) -> None:
        revoke_at_centre.card(self._room, command.author, command.subject, command.reason)

    def _revoke_person(self, command: Command) -> None:
        revoke_at_centre.person(self._room, command.author, command.subject, command.reason)

    def _take_directory(self, directory: Directory) -> bool:
        return people_from_centre.take(self._room, directory.model_dump())

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
