"""A room with the real store; its block is a small one in plain Python that keeps the boards' rules."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # commissioned.py of the folder above is found by path

from commissioned import CRC

from edge.devices import BaySeen, CodeSeen, Look
from edge.domain.block import (
    Aisle,
    BlockState,
    CarriageReport,
    Column,
    Layout,
    Loss,
    MovePlan,
    MoveReport,
    SensorReport,
)
from edge.domain.people import Person
from edge.errors import DeviceFault, RuleRefused
from edge.store import box_places
from edge.store.catalogue_rows import NewItem
from edge.store.database import Database
from edge.store.trace import Trace
from edge.workflows import retrieve
from edge.workflows.motion import Follower
from edge.workflows.room import Room
from tests.edge.carriage_report import at_rest
from tests.edge.held_door import HeldDoor
from tests.edge.page_desk import PageDesk, Printer
from tests.edge.room_in import room_in

LATCH_MM = 180
LAYOUT = Layout(
    area="B1-A",
    rail_mm=450 + 3 * 700 + 900,
    columns=(Column(1, 450, True, None), *(Column(no, 700, False, no) for no in (2, 3, 4))),
    aisle_mm=900,
    speed_mm_s=50,
    sections=1,
    levels=2,
    positions=3,
)


class Block:
    """Arm, then Start, then motion; an aisle whose gap exceeds 180 mm is occupied until somebody walks it."""

    def __init__(self, layout: Layout = LAYOUT) -> None:
        self.layout = layout
        self.at_mm = {2: 450, 3: 1150, 4: 1850}  # aisle 4, at the wall, stands open
        self.occupied: dict[int, str] = {}
        self.alive = True
        self.move: MoveReport | None = None
        self.plan: MovePlan | None = None
        self.lights: list[tuple[int, int, str]] = []
        self.sensors = [SensorReport(21, True, 200, 2000, 5200, 0, False, 0, image=0)]
        self.refuse_to_arm: str = ""
        self.open_inputs: dict[int, tuple[str, ...]] = {}  # by column
        self.offline: set[int] = set()
        self.lost: set[int] = set()  # columns that do not know where they stand
        self.faults: dict[int, tuple[str, ...]] = {}  # by column
        self.doubts = False  # forgotten by a restart
        self.starts = dict.fromkeys(self.at_mm, 1)  # by column, how often its board has started
        self.loss: Loss | None = None
        self.let = 0  # how often the local control point was let

    def gap_mm(self, aisle: int) -> int:
        left = 450 if aisle == 1 else self.at_mm[aisle] + 700
        return (self.at_mm[aisle + 1] if aisle < 4 else self.layout.rail_mm) - left

    def state(self) -> BlockState:
        aisles = tuple(
            Aisle(
                no,
                self.gap_mm(no),
                "occupied" if no in self.occupied else "clear",
                self.occupied.get(no, ""),
                no,
                no + 1 if no < 4 else None,
            )
            for no in self.layout.aisles
        )
        carriages = tuple(self._report(no) for no in self.at_mm)
        return BlockState(
            1,
            self.alive,
            carriages,
            tuple(self.sensors),
            aisles,
            self.move,
            self.doubts,
            20,
            let=self.let > 0,
            loss=self.loss,
        )

    def _report(self, no: int) -> CarriageReport:
        moving = self.move is not None and self.move.phase != "ended" and no in self.move.columns
        return at_rest(
            no,
            None if no in self.lost else self.at_mm[no],
            online=no not in self.offline,
            state="armed" if moving else "ready",
            gap_left_mm=self.gap_mm(no - 1),
            gap_right_mm=self.gap_mm(no),
            open_inputs=self.open_inputs.get(no, ()),
            faults=self.faults.get(no, ()),
            aisle_left="occupied" if no - 1 in self.occupied else "clear",
            aisle_right="occupied" if no in self.occupied else "clear",
            move_id=self.move.move_id if moving and self.move else 0,
            peak_ma=420,
            config_crc=CRC,
            boot_count=self.starts[no],
        )

    def arm(self, plan: MovePlan, move_id: int) -> None:
        if self.refuse_to_arm:
            raise DeviceFault(self.refuse_to_arm, "call_technician")
        columns = tuple(move.column for move in plan.moves)
        if any({no, no - 1} & set(self.occupied) for no in columns):
            raise RuleRefused("aisles_occupied", "walk_aisles", aisles="", walk=sorted(self.occupied))
        self.plan = plan
        self.move = MoveReport(move_id, "armed", "", 10, columns, plan.aisle)

    def find_positions(self, move_id: int) -> None:
        self.move = MoveReport(move_id, "armed", "", None, tuple(self.at_mm), None)

    def disarm(self) -> None:
        self.end("cancelled")

    def doubt(self) -> None:
        self.doubts = True

    def let_local(self) -> None:
        self.let += 1

    def light(self, column: int, slot_light: int, aisle_side: str) -> None:
        self.lights.append((column, slot_light, aisle_side))

    def stop(self) -> None:
        self.end("stopped")

    # What a person does in the room.

    def press_start(self) -> None:
        assert self.move is not None and self.move.phase == "armed"
        self.move = MoveReport(self.move.move_id, "moving", "", None, self.move.columns, self.move.aisle)

    def arrive(self) -> None:
        assert self.plan is not None and self.move is not None and self.move.phase == "moving"
        before = {no: self.gap_mm(no) for no in self.layout.aisles}
        self.at_mm = {move.column: move.to_mm for move in self.plan.moves} | {
            no: mm for no, mm in self.at_mm.items() if no not in self.move.columns
        }
        for no in self.layout.aisles:
            if before[no] <= LATCH_MM < self.gap_mm(no):
                self.occupied[no] = "opened"
        self.end("reached")

    def end(self, why: str) -> None:
        self.doubts = self.doubts and why != "reached"
        if self.move is not None and self.move.phase != "ended":
            self.move = MoveReport(self.move.move_id, "ended", why, None, self.move.columns, self.move.aisle)

    def walk(self, aisle: int) -> None:
        self.occupied.pop(aisle, None)


@dataclass
class Counter:
    """The counter camera: sees the labels that are held to it."""

    held: list[str] = field(default_factory=list)
    age_ms: int = 100
    silent: bool = False
    frame_ages: dict[str, int] = field(default_factory=dict)
    bay: list[dict] = field(default_factory=list)
    unplaced_read: list = field(default_factory=list)
    unplaced_shot: list = field(default_factory=list)

    def look(self, camera: str) -> Look:
        if self.silent:
            raise DeviceFault("camera_silent", "check_camera", camera=camera)
        codes = tuple(CodeSeen(text, "QRCode", ((0, 0), (9, 0), (9, 9), (0, 9))) for text in self.held)
        return Look(camera, codes, b"\xff\xd8 a frame \xff\xd9", self.age_ms)

    def alive(self) -> bool:
        return not self.silent

    def frame_ages_ms(self) -> dict[str, int]:
        return self.frame_ages

    def still(self, camera: str) -> tuple[bytes, int]:
        return b"\xff\xd8 " + camera.encode() + b" \xff\xd9", self.age_ms

    def unplaced(self, index: dict, jpegs: list[bytes]) -> tuple:
        return tuple(self.unplaced_shot)

    def read_bay(self, index: dict, jpegs: list[bytes]) -> BaySeen:
        self.read = (index, jpegs)
        return BaySeen(tuple(self.bay), tuple(self.unplaced_read), b"\xff\xd8 a bay \xff\xd9")


@dataclass
class Desk:
    """Reader, scanner and sounder within a person's reach, and the door."""

    presented: list[bytes] = field(default_factory=list)
    scanned: list[str] = field(default_factory=list)
    signals: list[bool] = field(default_factory=list)
    sounding: bool = False
    reader_online: bool = True
    door: HeldDoor = field(default_factory=HeldDoor)

    def cards(self) -> list[bytes]:
        cards, self.presented = self.presented, []
        return cards

    def scans(self) -> list[str]:
        texts, self.scanned = self.scanned, []
        return texts

    def online(self) -> bool:
        return self.reader_online

    def signal(self, accepted: bool) -> None:
        self.signals.append(accepted)

    def sound(self, on: bool) -> None:
        self.sounding = on


@dataclass
class Scene:
    """The room, what stands in it, and who works there."""

    room: Room
    block: Block
    counter: Counter
    desk: Desk
    clock: object
    archivist: Person
    reader: Person
    boxes: list[str]
    items: list[str]
    secret_item: str
    follower: Follower

    def box(self, number: int):
        return self.room.catalogue.box(self.boxes[number])

    def events(self, prefix: str = "") -> list[str]:
        """Actions in the trace, oldest first."""
        return [event.action for event in reversed(self.room_events(prefix))]

    def room_events(self, prefix: str = ""):
        return Trace(self.room.database).recent(200, action_prefix=prefix or None)

    def lend(self, **what):
        """Ask, pull, check and hand over; the aisle is walked, and what was lent is still held to the camera."""
        loan = retrieve.ask_for(self.room, self.archivist, **what)
        plan = retrieve.choose(self.room, self.archivist, loan.id)
        if plan.moves:
            self.open_chosen()
            self.block.walk(plan.aisle)
        self.counter.held = [self.room.catalogue.box(loan.box_id).label]
        assert retrieve.check_label(self.room, self.archivist, loan.id).ok
        return retrieve.hand_over(self.room, self.archivist, loan.id)

    def open_chosen(self) -> None:
        """Start is pressed in the room and the carriages arrive."""
        self.block.press_start()
        self.follower.step()
        self.block.arrive()
        self.follower.step()


def make_room(database: Database, folder: Path, key: bytes, clock, block: Block, counter: Counter, desk: Desk) -> Room:
    return room_in(
        database,
        folder,
        key,
        clock,
        LAYOUT,
        places={21: "north wall"},
        carriages=block,
        eyes=counter,
        page_reader=PageDesk(),
        reader=desk,
        scanner=desk,
        door=desk.door,
        sounder=desk,
        printer=Printer(),
    )


@pytest.fixture
def scene(tmp_path: Path, database: Database, clock, key: bytes) -> Iterator[Scene]:
    """Six boxes on the shelves of columns 1 to 4; box 0 holds an open and a secret item."""
    block, counter, desk = Block(), Counter(), Desk()
    room = make_room(database, tmp_path, key, clock, block, counter, desk)
    boxes: list[str] = []
    items: list[str] = []

    def fill(change) -> str:
        box_places.make_slots(change, LAYOUT, "node")
        room.catalogue.add_fonds(change, "A001", "市局", "node")
        slots = ("B1-A-01-R-01-1-01", "B1-A-02-L-01-1-02", "B1-A-02-R-01-2-03", "B1-A-03-L-01-1-01")
        for number, slot in enumerate((*slots, "B1-A-03-R-01-1-01", "B1-A-04-R-01-1-01"), 1):
            box = room.catalogue.add_box(change, fonds_no="A001", box_no=f"{number}", actor="node")
            box_places.place_box(change, box.id, slot, "node", "first_place")
            boxes.append(box.id)
        for number in (1, 2):
            new = NewItem("A001", f"关于房屋修缮的请示 {number}", ref_code=f"A001-WS·2011·Y-000{number}", year=2011)
            items.append(room.catalogue.add_item(change, new, actor="node", box_id=boxes[0]))
        secret = NewItem("A001", "绝密会议纪要", ref_code="A001-WS·2012·Y-0009", secret_level="secret")
        return room.catalogue.add_item(change, secret, actor="node", box_id=boxes[1])

    secret_item = database.write(fill)
    archivist = Person("p-archivist", "陈静", "档案室", ("archivist",), True)
    reader = Person("p-reader", "林涛", "办公室", ("reader",), True)
    follower = Follower(room)
    follower.step()
    yield Scene(room, block, counter, desk, clock, archivist, reader, boxes, items, secret_item, follower)
    room.readings.close()
    room.looks.close()
    room.scans.close()
