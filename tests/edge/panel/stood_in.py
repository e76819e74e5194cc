"""What has wires, stood in for at the Protocols of edge/devices, and a small room around it."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))  # commissioned.py of the folder above is found by path

from commissioned import CRC

from edge.devices import CodeSeen, Look
from edge.devices.board_firmware import BoardFirmware, verdict
from edge.devices.hand_cranked import HandCranked
from edge.domain.bays import Unplaced
from edge.domain.block import Aisle, BlockState, Column, Layout, MovePlan, MoveReport, SensorReport
from edge.domain.records import NewItem
from edge.store import box_places
from edge.workflows.room import Room
from tests.edge.carriage_report import at_rest
from tests.edge.page_desk import PageDesk, Printer
from tests.edge.room_in import room_in

LAYOUT = Layout(
    area="B1-A",
    rail_mm=6950,
    columns=(Column(1, 450, True, None), *(Column(no, 700, False, no) for no in range(2, 10))),
    aisle_mm=900,
    speed_mm_s=50,
    sections=2,
    levels=4,
    positions=8,
)
CARD = b"\x04\x11\x22\x33"
PLACES = {21: "北墙", 22: "内侧"}


def standing(open_aisle: int, state: str = "clear") -> BlockState:
    """All carriages together but for one aisle of 900 mm."""
    edges = [0 if no == 1 else 450 + (no - 2) * 700 + (900 if no > open_aisle else 0) for no in range(1, 10)]
    carriages = tuple(at_rest(no, edges[no - 1], config_crc=CRC, **_gaps(no, open_aisle)) for no in range(2, 10))
    aisles = tuple(
        Aisle(
            no,
            900 if no == open_aisle else 0,
            state if no == open_aisle else "clear",
            "opened" if state == "occupied" and no == open_aisle else "none",
            no,
            no + 1 if no < 9 else None,
        )
        for no in LAYOUT.aisles
    )
    sensors = (
        SensorReport(21, True, 400, 2140, 5230, 0, False, 0, image=0),
        SensorReport(22, True, 600, 2210, 5570, 3, False, 0),
    )
    return BlockState(1, True, carriages, sensors, aisles, None, False, 190)


def _gaps(no: int, open_aisle: int) -> dict[str, int]:
    return {"gap_left_mm": 900 if no - 1 == open_aisle else 0, "gap_right_mm": 900 if no == open_aisle else 0}


class Shelving:
    """``now`` is what the boards report; tests set it. Counts what it was asked for."""

    def __init__(self) -> None:
        self.now = standing(4)
        self.armed: list[tuple[MovePlan | None, int]] = []
        self.stops = 0
        self.lit: list[tuple[int, int, str]] = []
        self.boards: list[BoardFirmware] = []

    def state(self) -> BlockState:
        return self.now

    def arm(self, plan: MovePlan, move_id: int) -> None:
        self.armed.append((plan, move_id))
        columns = tuple(move.column for move in plan.moves)
        self.phase("armed", move_id=move_id, columns=columns, aisle=plan.aisle, seconds_left=10)

    def programs(self) -> list[dict[str, Any]]:
        return [{**board.as_json(), "verdict": verdict(board)} for board in self.boards]

    def disarm(self) -> None:
        self.phase("ended", ended="cancelled")

    def find_positions(self, move_id: int) -> None:
        self.armed.append((None, move_id))
        self.phase("armed", move_id=move_id, columns=(2,), aisle=None, seconds_left=10)

    def doubt(self) -> None:
        self.now = replace(self.now, seq=self.now.seq + 1, doubtful=True)

    def let_local(self) -> None:
        self.now = replace(self.now, seq=self.now.seq + 1, let=True)

    def open_inputs(self, *names: str) -> None:
        """Every board reports these inputs as open, and no others."""
        carriages = tuple(replace(report, open_inputs=names) for report in self.now.carriages)
        self.now = replace(self.now, seq=self.now.seq + 1, carriages=carriages)

    def carriage_button(self, column: int, presses: int) -> None:
        """Somebody has pressed this carriage's button for its right aisle so often."""
        carriages = tuple(
            replace(report, chosen_right=presses) if report.column == column else report
            for report in self.now.carriages
        )
        self.now = replace(self.now, seq=self.now.seq + 1, carriages=carriages)

    def light(self, column: int, slot_light: int, aisle_side: str) -> None:
        self.lit.append((column, slot_light, aisle_side))

    def stop(self) -> None:
        self.stops += 1

    def phase(self, phase: str, **changed: Any) -> None:
        old = self.now.move or MoveReport(0, "arming", "", None, (), None)
        move = replace(old, **{"ended": "", "seconds_left": None, **changed, "phase": phase})
        self.now = replace(self.now, seq=self.now.seq + 1, move=move)

    def set_aisles(self, state: str, why: str = "none") -> None:
        aisles = tuple(replace(aisle, state=state, why=why) for aisle in self.now.aisles)
        sides = {"aisle_left": state, "aisle_right": state, "why_left": why, "why_right": why}
        carriages = tuple(replace(report, **sides) for report in self.now.carriages)
        self.now = replace(self.now, seq=self.now.seq + 1, aisles=aisles, carriages=carriages)

    def stands(self, open_aisle: int, state: str = "clear") -> None:
        self.now = replace(standing(open_aisle, state), seq=self.now.seq + 1, move=self.now.move)


class Camera:
    """``held``: the texts of the codes in front of it."""

    def __init__(self) -> None:
        self.held: tuple[str, ...] = ()
        self.unplaced_shot: list[Unplaced] = []

    def unplaced(self, index: dict[str, dict[str, str]], jpegs: list[bytes]) -> tuple[Unplaced, ...]:
        return tuple(self.unplaced_shot)

    def look(self, camera: str) -> Look:
        jpeg, age_ms = self.still(camera)
        quad = ((10, 10), (90, 10), (90, 90), (10, 90))
        return Look(camera, tuple(CodeSeen(text, "QRCode", quad) for text in self.held), jpeg, age_ms)

    def still(self, _camera: str) -> tuple[bytes, int]:
        picture = io.BytesIO()
        Image.new("RGB", (320, 200), (222, 214, 196)).save(picture, "JPEG")
        return picture.getvalue(), 40

    def alive(self) -> bool:
        return True

    def frame_ages_ms(self) -> dict[str, int]:
        return {}


class Reader:
    def __init__(self) -> None:
        self.held: list[bytes] = []

    def cards(self) -> list[bytes]:
        held, self.held = self.held, []
        return held

    def online(self) -> bool:
        return True

    def signal(self, accepted: bool) -> None: ...


class Scanner:
    def __init__(self) -> None:
        self.read: list[str] = []

    def scans(self) -> list[str]:
        read, self.read = self.read, []
        return read


class Sounder:
    sounds = False

    def sound(self, on: bool) -> None:
        self.sounds = on


def room(desk: Any, folder: Path, drive: str = "motors") -> Room:
    layout = replace(LAYOUT, drive=drive)
    cranked = HandCranked(layout, None, desk.shelving) if drive == "crank" else None
    return room_in(
        desk.database,
        folder,
        bytes(range(32)),
        desk.clock,
        LAYOUT,
        layout=layout,
        cranked=cranked,
        places=PLACES,
        carriages=cranked or desk.shelving,
        eyes=desk.camera,
        page_reader=PageDesk(),
        reader=desk.reader,
        scanner=desk.scanner,
        door=desk.door,
        sounder=desk.sounder,
        printer=Printer(),
    )


def people(room: Room, pin: str) -> dict[str, Any]:
    """who → person; security and archivist share a PIN, the archivist has a card."""

    def add(change: Any) -> dict[str, Any]:
        first = room.people.add_first_administrator(change, "陈静", pin)
        made = {"security": first}
        for who, name, department, roles in (
            ("archivist", "李文清", "档案室", ("archivist",)),
            ("reader", "王小梅", "财务处", ("reader",)),
            ("auditor", "赵建国", "审计处", ("auditor",)),
            ("chief", "何平", "档案室", ("archivist", "system_admin")),
            ("system", "周敏", "信息处", ("system_admin",)),
        ):
            by = tuple(made[one].id for one in ("security", "auditor") if one in made)
            made[who] = room.people.add(change, name, department=department, roles=roles, by=by)
        room.people.set_pin(change, made["archivist"].id, pin, actor=first.id)
        room.people.add_card(change, made["archivist"].id, CARD, actor=first.id)
        return made

    return room.database.write(add)


TITLES = (
    "关于召开年度档案工作会议的会议纪要",
    "一号库房竣工图纸",
    "2011年度财务决算报告",
    "职工代表大会决议",
    "设备采购合同",
)


def catalogue(room: Room) -> dict[str, str]:
    """Three boxes: in columns 3 (face R), 6 (face L) and 9 (face R), five items each; box_no → id."""

    def fill(change: Any) -> dict[str, str]:
        box_places.make_slots(change, LAYOUT, "a")
        room.catalogue.add_fonds(change, "J001", "市档案馆", "a")
        made = {}
        for number, slot in (
            ("0007", "B1-A-03-R-02-4-07"),
            ("0021", "B1-A-06-L-01-2-03"),
            ("0108", "B1-A-09-R-02-4-08"),
        ):
            box = room.catalogue.add_box(change, fonds_no="J001", box_no=number, actor="a", title="文书档案 2011")
            box_places.place_box(change, box.id, slot, "a", "test")
            for no, title in enumerate(TITLES, 1):
                level = "secret" if (number, no) == ("0108", 5) else "internal"
                new = NewItem(
                    fonds_no="J001",
                    title=f"{title}({number})",
                    ref_code=f"J001-WS·2011-Y-BGS-{int(number):04d}{no}",
                    secret_level=level,
                )
                room.catalogue.add_item(change, new, actor="a", box_id=box.id)
            made[number] = box.id
        return made

    return room.database.write(fill)
