"""The whole storeroom under test: one demo, driven by hands in the room and over HTTP at the panel."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from panel_keys import PanelKeys, wait_for

from edge.domain.slot_codes import aisle_of, parse
from edge.domain.trace import Event
from edge.errors import DeviceFault
from edge.store.begin import DATABASE_FILE
from edge.store.keys import read_keys
from edge.store.readers import Readers
from edge.store.trace import TraceView
from hardware_tests.virtual.demo import Demo
from hardware_tests.virtual.demo_setup import NODE_ID, DemoPerson
from hardware_tests.virtual.people import ActRefused
from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.plant_server import Gap
from hardware_tests.virtual.watch import Violation

Answer = TypeVar("Answer")

OPEN_TO_STAFF = ("public", "internal")
COAST_MM = 5


@dataclass(frozen=True)
class Record:
    """One item of the catalogue with the box it lies in."""

    item_id: str
    item_label: str
    title: str
    ref_code: str
    secret_level: str
    box_id: str
    box_label: str
    box_no: str
    slot: str

    @property
    def aisle(self) -> int:
        return aisle_of(parse(self.slot))


@dataclass(frozen=True)
class Moving:
    """A move under way. ``after``: the newest event before it was chosen."""

    loan_id: str
    record: Record
    after: int


class WholeRoom(PanelKeys):
    """Hands (``act``, ``do``), eyes (``see``, ``snapshot``, ``events``), the panel's keys (``post``, ``refused``)."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.places = demo, demo.places
        super().__init__(f"http://127.0.0.1:{demo.panel}")
        self._readers = Readers(self.places.data / DATABASE_FILE, read_keys(self.places.keys).database)
        self.trace = TraceView(self._readers, NODE_ID)
        self.records = self._read_records()
        self._judged = 0, 0

    def close(self) -> None:
        self.browser.close()
        self._readers.close()

    # --- hands and eyes ---------------------------------------------------------------------------

    def act(self, what: str, **args: Any) -> None:
        """Begin a physical act."""
        self.demo.scene.act(what, **args)

    def do(self, what: str, **args: Any) -> None:
        """A physical act, and wait until nobody in the room is busy any more."""
        self.act(what, **args)
        wait_for(f"{what} is done", lambda: self.see(lambda plant: not any(one.busy for one in plant.people)), 60)
        trouble = self.see(lambda plant: [one.trouble for one in plant.people if one.trouble])
        assert not trouble, (what, trouble)

    def hold_card(self, person: DemoPerson) -> None:
        """Held until the panel knows whose it is; held again where the reader did not answer at once."""

        def signed_in() -> bool:
            with contextlib.suppress(ActRefused):  # the reader's line is down for a moment: it says so, and comes back
                self.act("card", uid_hex=person.uid)
            until = time.monotonic() + 15
            while not (done := self.browser.post("/api/v1/session/card").is_success) and time.monotonic() < until:
                time.sleep(0.15)
            return done

        wait_for("the card is read", signed_in, 60)

    def see(self, look: Callable[[Plant], Answer]) -> Answer:
        return self.demo.bench.see(look)

    def turning(self) -> bool:
        """Whether any motor has voltage now."""
        return self.see(lambda plant: any(carriage.drive != 0.0 for carriage in plant.rail.carriages.values()))

    def lamp(self) -> bool:
        """Whether Start is lit on the block."""
        return self.see(lambda plant: plant.wiring.start_lamp)

    def pose_mm(self) -> list[int]:
        return self.see(lambda plant: [round(carriage.x_mm) for carriage in plant.rail.carriages.values()])

    def gap_mm(self, aisle: int) -> float:
        return self.see(lambda plant: plant.rail.gap_mm(aisle))

    def open_aisle(self) -> int:
        """The widest aisle."""
        return self.see(lambda plant: max(plant.layout.aisles, key=plant.rail.gap_mm))

    def time_ms(self) -> float:
        return self.see(lambda plant: plant.time_ms)

    def ms_until_still(self, within_s: float = 20.0) -> float:
        """Plant time from now until no motor turns."""
        began_ms = self.time_ms()
        deadline = time.monotonic() + within_s
        while self.turning():
            assert time.monotonic() < deadline, f"motors still turn after {within_s} s"
            time.sleep(0.02)
        return self.time_ms() - began_ms

    def stays_still(self, for_s: float) -> bool:
        """Whether nothing moves for so long."""
        before = self.pose_mm()
        until = time.monotonic() + for_s
        while time.monotonic() < until:
            if self.turning():
                return False
            time.sleep(0.05)
        return stands(self.pose_mm(), before)

    def not_judged_yet(self) -> tuple[list[Violation], list[Gap]]:
        """What the plant's watch recorded since the last call, and when this machine itself stood still meanwhile."""
        violations, gaps = self.see(lambda plant: list(plant.violations)), self.demo.bench.gaps
        fresh = violations[self._judged[0] :], gaps[self._judged[1] :]
        self._judged = len(violations), len(gaps)
        return fresh

    def stood_still_ms(self, time_ms: float) -> float:
        """How long at the most the plant or one board stood still since that plant time: so late may a time be."""
        by_who = Counter[str]()
        for gap in self.demo.bench.gaps:
            by_who[gap.who] += round(gap.ms) if gap.at_ms >= time_ms else 0
        return float(max(by_who.values(), default=0))

    def board_of(self, column: int) -> str:
        """What a gap of the board on this column is named by."""
        return f"board {self.see(lambda plant: plant.layout.columns[column - 1].address)}"

    # --- what a storekeeper does ------------------------------------------------------------------

    def ready(self) -> None:
        """Bring the room back to normal, whatever an earlier test left: mended, reset, walked, found, nothing asked."""
        for mend in ("broker_start", "centre_start", "estop_release", "start_release"):
            self.act(mend)
        if not self.see(lambda plant: plant.wiring.power):
            self.act("restore_power")
        self.start_node()
        for column in self.block()["columns"]:
            if not column["online"]:
                self.act("cut_board", address=column["no"], on=False)
        wait_for("all boards answer", self.all_online)
        self.do("leave")
        for loan in self.get("requests")["queue"]:
            self.post(f"requests/{loan['id']}/cancel", reason="not_needed")
        wait_for("no move runs", lambda: self.phase() == "ended" and self.no_open_move())
        self.clear()
        if self.snapshot()["power_up"]:
            self.find_positions()
        wait_for("the block is sure where everything stands", lambda: not self.block()["doubtful"])

    def clear(self) -> None:
        """Press Reset where a fault is latched, and walk the aisles that need it."""
        if self.faults():
            self.act("reset_press")
            wait_for("Reset clears the faults", lambda: not self.faults())
        self.walk()

    def walk(self) -> None:
        """Walk through and reset every aisle that needs it."""
        deadline = time.monotonic() + 90
        while walk := self.snapshot()["walk"]:
            assert time.monotonic() < deadline, [a for a in self.block()["aisles"] if a["no"] in walk]
            for aisle in walk:
                self.act("walk", aisle=aisle)
            self.do("leave")
            time.sleep(0.5)

    def find_positions(self, hesitate_s: float = 0.0) -> None:
        """Hold Start until every carriage knows where it stands; again where this machine was too slow for it.

        ``hesitate_s``: how long the lit Start is left alone first, while nothing may move.
        """
        wait_for("all boards answer", self.all_online)
        for _try in range(5):
            if self._find(hesitate_s) and not self.snapshot()["power_up"]:
                break
            self.clear()
        assert not self.snapshot()["power_up"], self.block()

    def _find(self, hesitate_s: float) -> bool:
        """Whether Start could be held: a board that is late when it is asked, or as it arms, ends it before."""
        wait_for("the last move's record is closed", self.no_open_move)
        wait_for("every board has forgotten what it must", lambda: not (self.block()["loss"] or {}).get("waiting"))
        asked = self.browser.post("/api/v1/find-positions")
        if asked.status_code == DeviceFault.http_status:
            return False
        assert asked.is_success, asked.text
        wait_for("Start is lit, or finding has ended", lambda: self.lamp() or self.no_open_move())
        if not self.lamp():
            return False
        assert self.stays_still(hesitate_s), "lit is not started"
        self.act("start_hold")
        try:
            wait_for("positions are found", lambda: not self.snapshot()["power_up"] or self.phase() == "ended", 120)
        finally:
            self.act("start_release")
        wait_for("finding has ended", lambda: self.phase() == "ended")
        return True

    def pick(self, aisle: int) -> Record:
        """Some item in a free box of that aisle in which nothing is secret."""
        return self.picked(aisle, lambda boxed: all(record.secret_level in OPEN_TO_STAFF for record in boxed))[0]

    def picked(self, aisle: int, fits: Callable[[list[Record]], bool]) -> list[Record]:
        """All items of some free box of that aisle for which ``fits`` is true."""
        standing = self.see(lambda plant: dict(plant.boxes))
        lent = {loan["box"]["id"] for part in self.get("requests").values() for loan in part}
        for box_id, group in groupby(self.records, key=lambda record: record.box_id):
            boxed = list(group)
            stands = standing.get(boxed[0].slot) == boxed[0].box_label
            if boxed[0].aisle == aisle and stands and box_id not in lent and fits(boxed):
                return boxed
        raise AssertionError(f"no such box in aisle {aisle}")

    def closed_aisle(self) -> int:
        """The closed aisle nearest to the open one."""
        wide = self.open_aisle()
        shut = self.see(lambda plant: [no for no in plant.layout.aisles if plant.rail.gap_mm(no) < 20])
        return min(shut, key=lambda no: (abs(no - wide), no))

    def armed(self) -> None:
        """Wait until every board that shall move is armed and Start is lit, and as long as a person needs to see it."""
        wait_for("every board is armed", lambda: self.phase() == "armed")
        assert self.lamp()
        time.sleep(0.5)

    def start_moving(self) -> Moving:
        """Choose something behind a closed aisle and press Start: returns when a motor turns.

        A board that got no permit in time, because this machine was slow, refuses to start: then it is tried again.
        """
        record = self.pick(self.closed_aisle())
        loan_id = str(self.post("requests", box_id=record.box_id)["id"])
        for _try in range(3):
            after = self.head()
            self.post(f"requests/{loan_id}/choose")
            self.armed()
            if self.start():
                return Moving(loan_id, record, after)
            wait_for("the record is closed", self.no_open_move)
            self.clear()
        raise AssertionError([body(event) for event in self.events(0, "move.ended")[-3:]])

    def moving_until(self, condition: Callable[[Moving], bool]) -> Moving:
        """A move under way of which ``condition`` has come true; begun anew where this machine was too slow for it."""
        for _try in range(3):
            move = self.start_moving()
            wait_for("it is so, or the move ends", lambda now=move: condition(now) or self.phase() == "ended")  # type: ignore[misc]
            if self.phase() != "ended":
                return move
            wait_for("the record is closed", self.no_open_move)
            self.post(f"requests/{move.loan_id}/cancel", reason="not_needed")
            self.clear()
        raise AssertionError([body(event) for event in self.events(0, "move.ended")[-3:]])

    def stand_open(self, loan_id: str) -> None:
        """Choose a request, and if its aisle does not stand wide open yet, let the carriages finish it."""
        for _try in range(3):
            if not self.post(f"requests/{loan_id}/choose")["moves"]:
                return
            self.armed()
            self.start()
            wait_for("the move ends", lambda: self.phase() == "ended" and self.no_open_move(), 60)
            if self.block()["move"]["ended"] == "reached":
                return
            self.clear()
        raise AssertionError(self.block()["move"])

    def start(self) -> bool:
        """Press the lit Start; whether motors turn before the move ends."""
        self.act("start_press")
        wait_for("a motor turns or the move ends", lambda: self.turning() or self.phase() == "ended", 15)
        return self.turning()

    def no_open_move(self) -> bool:
        """Whether the trace has closed every move."""
        newest = self.trace.recent(1, None, "move.")
        return not newest or newest[0].action == "move.ended"

    def end_of(self, move: Moving) -> dict[str, Any]:
        """The record of the one move that ended since."""
        ended = wait_for("the move is closed in the trace", lambda: self.events(move.after, "move.ended"))
        assert len(ended) == 1
        return body(ended[0])

    # --- evidence ---------------------------------------------------------------------------------

    def head(self) -> int:
        return self.trace.head().seq

    def events(self, after: int, prefix: str = "") -> list[Event]:
        """Events of the newest epoch behind ``after``, oldest first."""
        epoch = self.trace.epochs()[-1].epoch
        found = self.trace.events_after(epoch, after, 100_000)
        return [event for event in found if event.action.startswith(prefix)]

    def storeroom(self, *args: str, config: Path | None = None, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``storeroom …`` as a person at the terminal would."""
        return self._run("edge.cli", *args, "--config", str(config or self.places.node_toml), typed=typed)

    def central(self, *args: str) -> subprocess.CompletedProcess[str]:
        return self._run("cloud_sync.cli", *args, "--config", str(self.places.central_dir / "central.toml"))

    def _run(self, module: str, *args: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *args], input=typed, capture_output=True, text=True, check=False, timeout=120
        )

    def process(self, module: str) -> int | None:
        """Pid of the node's child that runs ``module``."""
        node = self.demo.scene.programs["node"].pid
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
                words = (stat.parent / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if parent == node and module.encode() in words:
                return int(stat.parent.name)
        return None

    def kill(self, pid: int | None, number: int = 9) -> None:
        assert pid is not None, "there is no such process"
        os.kill(pid, number)

    def start_node(self) -> None:
        """Start the node again and sign in."""
        self.demo.scene.programs["node"].start()
        wait_for("the panel answers", self.answers, 60)
        wait_for("the boards are heard", lambda: self.block()["alive"], 60)
        self.sign_in()

    def _read_records(self) -> list[Record]:
        with self._readers.read() as db:
            rows = db.execute(
                "SELECT item.id AS item_id, item.label AS item_label, item.title, item.ref_code, item.secret_level,"
                " box.id AS box_id, box.label AS box_label, box.box_no, box.slot FROM item"
                " JOIN box ON box.id = item.box_id WHERE box.slot IS NOT NULL ORDER BY box.slot, item.rowid"
            ).fetchall()
        return [Record(*row) for row in rows]


def stands(pose_mm: list[int], before_mm: list[int]) -> bool:
    """Whether no carriage moved: a motor without voltage lets it coast a few millimetres."""
    return all(abs(now - then) <= COAST_MM for now, then in zip(pose_mm, before_mm, strict=True))


def body(event: Event) -> dict[str, Any]:
    """The body of an event that was not withheld."""
    assert event.body is not None
    found: dict[str, Any] = json.loads(event.body)
    return found
