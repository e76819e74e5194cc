"""One room for the room page: the live bench, the devices around it and the programs, behind one ``act``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardware_tests.virtual.card_reader import CardReader
from hardware_tests.virtual.counter_camera import CounterCamera, Held
from hardware_tests.virtual.hand_scanner import HandScanner
from hardware_tests.virtual.live import LiveBench
from hardware_tests.virtual.people import ActRefused
from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.programs import Program
from hardware_tests.virtual.room_view import shelves, view
from hardware_tests.virtual.wires import Wires

STRIKE, CONTACT, EXIT, BUZZER = 17, 27, 23, 22


@dataclass(frozen=True)
class BoxFacts:
    """What is printed on a box: number and fonds, by the box's label text."""

    number: str
    fonds: str


@dataclass(frozen=True)
class DemoCard:
    name: str
    uid: str


@dataclass(frozen=True)
class Contents:
    """What the bench must know of the catalogue to put boxes on shelves and print their labels."""

    boxes: dict[str, BoxFacts]
    standing: dict[str, str]  # slot → box label
    slot_labels: dict[str, str]
    papers: dict[str, list[tuple[str, str]]]  # box label → (item label, number written on it)


class DemoScene:
    """Implements ``room_page.Scene``."""

    def __init__(
        self,
        bench: LiveBench,
        bench_dir: Path,
        *,
        reader_key: bytes,
        found: Contents,
        cards: list[DemoCard],
    ) -> None:
        self.bench = bench
        self.boxes, self.papers, self.cards = found.boxes, found.papers, cards
        self._paper: tuple[str, str] | None = None  # label and number of the paper in front of the lens
        self._taken_out: dict[str, str] = {}  # papers that left their box, label → number
        self.programs: dict[str, Program] = {}
        self._spoiled = False
        self.camera = CounterCamera(bench_dir / "camera-counter.sock", self._held)
        self.reader = CardReader(bench_dir / "reader", 1, reader_key)
        self.scanner = HandScanner(bench_dir / "scanner")
        self.wires = Wires(bench_dir / "pins.sock", lambda _bcm, _level: None)
        self._drive_contact()
        self.wires.drive(EXIT, True)
        bench.see(lambda plant: self._connect(plant, found.slot_labels))

    def _connect(self, plant: Plant, slot_labels: dict[str, str]) -> None:
        plant.slot_labels = dict(slot_labels)
        plant.on_card = self._card
        plant.on_scan = self.scanner.scan

    def close(self) -> None:
        for device in (self.camera, self.reader, self.scanner, self.wires):
            device.close()

    def view(self) -> dict[str, Any]:
        numbers = {label: facts.number for label, facts in self.boxes.items()}
        alive = self.bench.alive()
        picture = self.bench.see(lambda plant: view(plant, alive, numbers))
        standing = self.bench.see(lambda plant: {*plant.boxes.values(), *(person.holds for person in plant.people)})
        out = [label for label in self.boxes if label not in standing]
        return {
            **picture,
            "cards": [{"name": card.name, "uid": card.uid} for card in self.cards],
            "boxes_out": [{"label": label, "number": numbers[label]} for label in out][:8],
            "papers": self._papers_at_hand(picture["people"][0]["label"]),
            "buzzer": self.wires.outputs.get(BUZZER, False),
            "strike": self.wires.outputs.get(STRIKE, False),
            **{name: program.running for name, program in self.programs.items()},
            "gaps": len(self.bench.gaps),
        }

    def shelves(self, aisle: int) -> list[dict[str, Any]]:
        numbers = {label: facts.number for label, facts in self.boxes.items()}
        return self.bench.see(lambda plant: shelves(plant, aisle, numbers))

    def act(self, what: str, **args: Any) -> float:
        own: dict[str, Callable[..., None]] = {
            "hold_spoiled": self._hold_spoiled,
            "hold_paper": self._hold_paper,
            "broker_stop": lambda: self.programs["broker"].kill(),
            "broker_start": lambda: self.programs["broker"].start(),
            "centre_stop": lambda: self.programs["centre"].stop(),
            "centre_start": lambda: self.programs["centre"].start(),
            "node_kill": lambda: self.programs["node"].kill(),
            "node_start": lambda: self.programs["node"].start(),
            "camera_freeze": self._freeze,
            "door_push": self._push_door,
            "door_leave": self._leave_by_door,
        }
        if what == "hold_to_camera":
            self._spoiled, self._paper = False, None
        if what in own:
            try:
                own[what](**args)
            except TypeError as error:
                raise ActRefused("bad_arguments", what=what, why=str(error)) from error
            return 0.0
        takes_ms = self.bench.act(what, **args)
        if what in ("door_open", "door_close"):
            self._drive_contact()
        return takes_ms

    def _held(self) -> Held | None:
        if self._paper is not None:
            return Held(self._paper[0], self._paper[1], "")
        label = self.bench.camera_subject()
        if label is None:
            return None
        facts = self.boxes.get(label, BoxFacts("?", "?"))
        return Held(label, facts.number, facts.fonds, spoiled=self._spoiled)

    def _card(self, uid_hex: str) -> None:
        if not self.reader.present(bytes.fromhex(uid_hex)):
            raise ActRefused("reader_offline")

    def _papers_at_hand(self, box_label: str | None) -> list[dict[str, str]]:
        """Papers of the box in hand, and those that were taken out of their boxes."""
        papers = dict(self.papers.get(box_label, [])) if box_label else {}
        return [{"label": label, "number": number} for label, number in {**self._taken_out, **papers}.items()]

    def _hold_paper(self, label: str) -> None:
        """Take one paper out of its box and hold its label to the camera."""
        for papers in self.papers.values():
            for paper in papers:
                if paper[0] == label:
                    self._paper, self._taken_out[label] = paper, paper[1]
                    return
        raise ActRefused("unknown_paper", label=label)

    def _hold_spoiled(self) -> None:
        self._paper = None
        self.bench.act("hold_to_camera", box="in_hand")
        self._spoiled = True

    def _drive_contact(self) -> None:
        """A closed door's contact pulls the pin low."""
        self.wires.drive(CONTACT, self.bench.see(lambda plant: plant.door_open))

    def _push_door(self) -> None:
        """From outside: it opens where the lock is released."""
        if not self.wires.outputs.get(STRIKE, False):
            raise ActRefused("door_locked")
        self.act("door_open")

    def _leave_by_door(self) -> None:
        """The handle inside opens the lock by itself, and closes its contact."""
        self.wires.drive(EXIT, False)
        self.act("door_open")
        self.wires.drive(EXIT, True)

    def _freeze(self, on: bool = True) -> None:
        self.camera.frozen = bool(on)
