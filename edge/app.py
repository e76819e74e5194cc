"""Composition root of the node: config → store → devices → room → loops, panel and sync.

Only it builds, with the two it is made of: ``edge/fitted_room.py`` and ``edge/fittings.py``.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from edge import (
    cli_archive,
    cli_batch,
    cli_digitise,
    cli_firmware,
    cli_hook,
    cli_import,
    cli_leaving,
    cli_samples,
    cli_search,
    cli_shelf,
    cli_stocktake_verbs,
    cli_store,
    cli_upkeep,
)
from edge.centre_link import CentreLink
from edge.clock import Clock, SystemClock
from edge.config import Config, load
from edge.control import SOCKET, ControlServer, Verb
from edge.devices.motion_process import MotionProcess
from edge.domain.people import Person
from edge.errors import StoreError
from edge.fitted_room import fitted_room
from edge.fittings import Fittings
from edge.loops import Loop
from edge.panel.app import create, loopback_hosts
from edge.panel.enrolment import session_here
from edge.panel.serve import PanelServer
from edge.processes import Child, Hung
from edge.store.begin import DATABASE_FILE
from edge.store.database import NODE, Change, Database
from edge.store.keys import read_keys
from edge.store.sessions import Sessions
from edge.store.trace import Trace
from edge.store.views import Views
from edge.store.warm_up import WarmUp
from edge.workflows import ingest, patrol_list
from edge.workflows.at_carriage import AtCarriage
from edge.workflows.climate_log import ClimateLog
from edge.workflows.commissioning import PROOF_REFUSALS, BlockFileWatch
from edge.workflows.disk_watch import DiskWatch
from edge.workflows.doorkeeper import Doorkeeper
from edge.workflows.evidence import Signed
from edge.workflows.lamp_watch import LampWatch
from edge.workflows.location_list import FOLDER, LocationLists
from edge.workflows.monthly_proof import ProofWatch
from edge.workflows.motion import Follower
from edge.workflows.patrol_watch import PatrolWatch
from edge.workflows.presence import Presence
from edge.workflows.upkeep import at_rest
from edge.workflows.watch_protections import Watch

log = logging.getLogger(__name__)

PANEL_ID = "kiosk"
HUNG_MS = 1_000  # a node whose follower is silent longer than this stops answering for the permit
CHECKPOINT_EVERY_MS = 5_000
UPKEEP_EVERY_MS = 30_000  # whether anything is due, or goes on after a move
CENTRE_AGAIN_MS = 5_000
PATROLS_EVERY_MS = 10_000  # whether one is due


def run_node(config_path: Path) -> None:
    """Build the node and serve until SIGTERM or Ctrl-C. Raises StoreroomError when it cannot start."""
    config = load(config_path)
    with contextlib.ExitStack() as closing:
        Node(config, SystemClock(), closing).serve()


class Node:
    """Everything that runs, built in order; ``closing`` undoes it in reverse."""

    def __init__(self, config: Config, clock: Clock, closing: contextlib.ExitStack) -> None:
        self.config, self.clock, self._closing = config, clock, closing
        config.node.run_dir.mkdir(parents=True, exist_ok=True)
        self.keys = read_keys(config.node.keys_dir)
        self.database = self._open_store()
        self.trace = Trace(self.database)
        self.version = version("storeroom")
        children = ("motion", "vision") if config.buses else ("vision",)
        self.children = {name: Child(f"edge.{name}", config.path, clock) for name in children}
        self.motion = self._motion() if config.buses else None
        self.loops: list[Loop] = []
        fittings = Fittings(config, self._held)
        self.room = fitted_room(config, clock, self.database, self.keys, self.motion, fittings, self._held)
        self.presence = Presence(self.room)
        self.door_reader = fittings.card_reader(config.door.reader if config.door else None)
        self.door = Doorkeeper(self.room, self.door_reader)
        self.block_file = BlockFileWatch(self.room)
        self.proof = ProofWatch(self.room)
        folder, language = config.node.data_dir / FOLDER, config.node.language
        self.lists = LocationLists(self.room, folder, config.list_printer, language)
        self.sessions = Sessions(self.database)
        self.at_carriage = AtCarriage(self.room, self._signed_in)
        self.disk = DiskWatch(self.room)
        self.upkeep = cli_upkeep.built(config, self.database, self.keys, self._quiet)
        self.sync = CentreLink(config, self.room, self.trace, self.keys, self.version, self.room_faults)

    def serve(self) -> None:
        self._closing.callback(WarmUp(self.database.path).start().stop)
        ingest.ready_slots(self.database, self.config.block, NODE)
        patrol_list.ready(self.room)
        self._tell("node.started", {"version": self.version})
        for child in self.children.values():
            self._closing.callback(child.start().stop)
        self._start_carriages()
        self.sync.begin()
        self._closing.callback(self.sync.stop)
        self._closing.callback(self._tell, "node.stopped", {})  # before the link goes, so that the centre hears it
        self.loops = [
            Loop("follow", 100, Follower(self.room).step, self.clock),
            Loop("lamp", 500, LampWatch(self.room).step, self.clock),
            Loop("presence", 100, self.presence.poll, self.clock),
            Loop("door", 100, self.door.step, self.clock),
            Loop("protections", 1_000, Watch(self.room).step, self.clock),
            Loop("disk", 1_000, self.disk.step, self.clock),
            Loop("patrols", PATROLS_EVERY_MS, PatrolWatch(self.room).step, self.clock),
            Loop("climate log", 60_000, ClimateLog(self.room).step, self.clock),
            Loop("vision", 1_000, Hung(self.children["vision"], self.room.eyes.alive, self.clock).step, self.clock),
            Loop("upkeep", UPKEEP_EVERY_MS, self.upkeep.step, self.clock, patient=True),
            Loop("checkpoint", CHECKPOINT_EVERY_MS, self._checkpoint, self.clock),
            Loop("centre", CENTRE_AGAIN_MS, self.sync.begin, self.clock),
            Loop("block file", 1_000, self.block_file.step, self.clock),
            Loop("proof", 100, self.proof.step, self.clock),
            Loop("locations", 60_000, self.lists.step, self.clock, patient=True),
            Loop("at carriage", 100, self.at_carriage.step, self.clock),
        ]
        for loop in self.loops:
            self._closing.callback(loop.start().stop)
        self._closing.callback(ControlServer(self.config.node.run_dir / SOCKET, self._verbs()).close)
        panel = self.config.panel
        log.info("panel http://%s:%d", panel.host, panel.port)
        self._panel().run()

    def _verbs(self) -> dict[str, Verb]:
        """What the commands of this machine may ask of the running node."""
        return {
            **cli_store.control_verbs(self.database, self.room.people, self.keys),
            **cli_import.control_verbs(self.room),
            **cli_search.control_verbs(self.room),
            **cli_leaving.control_verbs(self.database, self.room.people, self.keys),
            **cli_shelf.control_verbs(self.database),
            **cli_digitise.control_verbs(self.room),
            **cli_batch.control_verbs(self.room),
            **cli_samples.control_verbs(self.room),
            **cli_hook.control_verbs(self.room),
            **cli_stocktake_verbs.control_verbs(self.room),
            **cli_upkeep.control_verbs(self.upkeep),
            **cli_firmware.control_verbs(self.database, self.room.people),
            **cli_archive.control_verbs(self.database, self.config.block, self.room.people),
        }

    def faults(self) -> list[str]:
        """What does not work now, for the panel's bar (words: ``node_fault.<name>``)."""
        return [*self.room_faults(), *self.sync.faults()]

    def room_faults(self) -> list[str]:
        """The same for the centre, which knows by itself whether it hears us."""
        found = {
            "motion_silent": not self.room.carriages.state().alive
            or bool(self.motion and self.children["motion"].fault),
            "vision_silent": bool(self.children["vision"].fault) or not self.room.eyes.alive(),
            "print_unread": bool(self.room.eyes.print_fault()),
            "reader_offline": self.config.reader is not None and not self.room.reader.online(),
            "scanner_offline": self.config.scanner is not None and not self.room.scanner.online(),
            "door_reader_offline": self._door_has_reader() and not self.door_reader.online(),
            "upkeep_late": self.upkeep.late(),
            "disk_full": self.disk.full() or any(loop.fault == "disk_full" for loop in self.loops),
            "disk_tight": self.disk.tight(),
            "list_late": self.lists.late(),
            "proof_late": self.block_file.proof_late(),
            "not_commissioned": self.block_file.refused not in ("", *PROOF_REFUSALS),
            "loop_failed": any(loop.fault not in ("", "disk_full") for loop in self.loops),
        }
        return [name for name, so in found.items() if so]

    def _open_store(self) -> Database:
        node = self.config.node
        if not (node.data_dir / DATABASE_FILE).exists():
            raise StoreError("node_not_initialised", "run_init", data_dir=str(node.data_dir))
        database = Database.open(node.data_dir / DATABASE_FILE, self.keys.database, clock=self.clock, node_id=node.id)
        self._closing.callback(database.close)
        return database

    def _held(self, device: Any) -> Any:
        self._closing.callback(device.close)
        return device

    def _motion(self) -> MotionProcess:
        run_dir = self.config.node.run_dir
        return MotionProcess(run_dir / "motion.sock", self.config.block, self.clock, self._alive)

    def _start_carriages(self) -> None:
        if self.motion:
            self.motion.start()
            self._closing.callback(self.motion.close)

    def _quiet(self) -> bool:
        """Whether the upkeep may work: nothing moves, and the node is not on its way down."""
        return at_rest(self.room.carriages.state()) and not any(loop.stopping for loop in self.loops)

    def _alive(self) -> bool:
        """Whether the node may answer for a permit: its follower works (it writes, so the store does too)."""
        return bool(self.loops) and self.loops[0].silent_ms() < HUNG_MS

    def _door_has_reader(self) -> bool:
        return self.config.door is not None and self.config.door.reader is not None

    def _panel(self) -> PanelServer:
        panel = self.config.panel
        app = create(
            self.room,
            sessions=self.sessions,
            presence=self.presence,
            views=Views(self.database),
            panel_id=PANEL_ID,
            language=self.config.node.language,
            hosts=loopback_hosts(panel.port),
            faults=self.faults,
            block_file=self.block_file,
            proof=self.proof,
            at_carriage=self.at_carriage,
            signed=Signed(self.database, self.keys.signing),
            door=self.door,
            version=self.version,
        )
        return PanelServer(app, panel.host, panel.port)

    def _signed_in(self) -> Person | None:
        """Who is signed in at the panel now."""
        session = session_here(self.sessions, PANEL_ID, self.clock.monotonic_ms())
        everybody = self.room.people.all() if session else []
        return next((one for one in everybody if session and one.id == session.person_id and one.active), None)

    def _checkpoint(self) -> None:
        if self.sync.begun:
            return
        self.trace.checkpoint(self.keys.signing)

    def _tell(self, action: str, body: dict[str, Any]) -> None:
        write: Callable[[Change], int] = lambda change: change.event(action, subject=NODE, actor=NODE, body=body)  # noqa: E731
        self.database.write(write)
