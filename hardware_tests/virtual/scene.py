"""One room for the room page: the live bench, the devices around it and the programs, behind one ``act``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hardware_tests.virtual.card_reader import CardReader
from hardware_tests.virtual.counter_camera import CounterCamera, Held
from hardware_tests.virtual.hand_scanner import HandScanner
from hardware_tests.virtual.live import LiveBench
from hardware_tests.virtual.people import ActRefused
from hardware_tests.virtual.programs import Program
from hardware_tests.virtual.room_view import shelves, view
from hardware_tests.virtual.wires import Wires

STRIKE, CONTACT, BUZZER = 17, 27, 22


@dataclass(frozen=True)
class BoxFacts:
    """What is printed on a box: number and fonds, by the box's label text."""

    number: str
    fonds: str


@dataclass(frozen=True)
class DemoCard:
    name: str
    uid: str


@dataclass
class World:
    """What the room remembers over a restart: who holds what, where boxes really stand, where the carriages are."""

    path: Path
    boxes: dict[str, str] = field(default_factory=dict)
    pose_mm: dict[int, float] = field(default_factory=dict)

    def load(self) -> bool:
        if not self.path.exists():
            return False
        kept = json.loads(self.path.read_text("utf-8"))
        self.boxes = kept["boxes"]
        self.pose_mm = {int(no): mm for no, mm in kept["pose_mm"].items()}
        return True

    def save(self, boxes: dict[str, str], pose_mm: dict[int, float]) -> None:
        text = json.dumps({"boxes": boxes, "pose_mm": pose_mm}, ensure_ascii=False)
        beside = self.path.with_suffix(".new")
        beside.write_text(text, "utf-8")
        beside.replace(self.path)


class DemoScene:
    """Implements ``room_page.Scene``."""

    def __init__(
        self,
        bench: LiveBench,
        bench_dir: Path,
        *,
        reader_key: bytes,
        boxes: dict[str, BoxFacts],
        slot_labels: dict[str, str],
        cards: list[DemoCard],
        world: World,
    ) -> None:
        self.bench = bench
        self.boxes, self.slot_labels, self.cards, self.world = boxes, slot_labels, cards, world
        self.programs: dict[str, Program] = {}
        self._spoiled = False
        self.camera = CounterCamera(bench_dir / "camera-counter.sock", self._held)
        self.reader = CardReader(bench_dir / "reader", 1, reader_key)
        self.scanner = HandScanner(bench_dir / "scanner")
        self.wires = Wires(bench_dir / "pins.sock", lambda _bcm, _level: None)
        self.wires.drive(CONTACT, False)  # door closed: contact pulls the pin low

    def close(self) -> None:
        self.save()
        for device in (self.camera, self.reader, self.scanner, self.wires):
            device.close()

    def save(self) -> None:
        with self.bench.lock:
            plant = self.bench.plant
            self.world.save(dict(plant.boxes), plant.rail.pose_mm())

    def view(self) -> dict[str, Any]:
        numbers = {label: facts.number for label, facts in self.boxes.items()}
        with self.bench.lock:
            plant = self.bench.plant
            picture = view(plant, self.bench.alive(), numbers)
            standing = set(plant.boxes.values()) | {person.holds for person in plant.people}
        out = [label for label in self.boxes if label not in standing]
        return {
            **picture,
            "cards": [{"name": card.name, "uid": card.uid} for card in self.cards],
            "boxes_out": [{"label": label, "number": numbers[label]} for label in out][:8],
            "buzzer": self.wires.outputs.get(BUZZER, False),
            "strike": self.wires.outputs.get(STRIKE, False),
            **{name: program.running for name, program in self.programs.items()},
            "gap_too_long": self.bench.invalid,
        }

    def shelves(self, aisle: int) -> list[dict[str, Any]]:
        with self.bench.lock:
            return shelves(self.bench.plant, aisle, {label: facts.number for label, facts in self.boxes.items()})

    def act(self, what: str, **args: Any) -> float:
        own: dict[str, Callable[..., None]] = {
            "card": self._card,
            "scan": self.scanner.scan,
            "scan_slot": self._scan_slot,
            "hold_spoiled": self._hold_spoiled,
            "door_open": lambda: self._door(True),
            "door_close": lambda: self._door(False),
            "broker_stop": lambda: self.programs["broker"].kill(),
            "broker_start": lambda: self.programs["broker"].start(),
            "centre_stop": lambda: self.programs["centre"].stop(),
            "centre_start": lambda: self.programs["centre"].start(),
            "node_kill": lambda: self.programs["node"].kill(),
            "node_start": lambda: self.programs["node"].start(),
            "camera_freeze": self._freeze,
        }
        if what == "hold_to_camera":
            self._spoiled = False
        if what in own:
            try:
                own[what](**args)
            except TypeError as error:
                raise ActRefused("bad_arguments", what=what, why=str(error)) from error
            return 0.0
        return self.bench.act(what, **args)

    def _held(self) -> Held | None:
        with self.bench.lock:
            label = self.bench.plant.at_camera
        if label is None:
            return None
        facts = self.boxes.get(label, BoxFacts("?", "?"))
        return Held(label, facts.number, facts.fonds, spoiled=self._spoiled)

    def _card(self, uid_hex: str) -> None:
        if not self.reader.present(bytes.fromhex(uid_hex)):
            raise ActRefused("reader_offline")

    def _scan_slot(self, slot: str) -> None:
        if slot not in self.slot_labels:
            raise ActRefused("unknown_slot", slot=slot)
        self.scanner.scan(self.slot_labels[slot])

    def _hold_spoiled(self) -> None:
        self.bench.act("hold_to_camera", box="in_hand")
        self._spoiled = True

    def _door(self, is_open: bool) -> None:
        with self.bench.lock:
            self.bench.plant.door_open = is_open
        self.wires.drive(CONTACT, is_open)

    def _freeze(self, on: bool = True) -> None:
        self.camera.frozen = bool(on)
