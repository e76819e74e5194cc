"""The demo's first run: configuration files, keys, people, catalogue. Later runs find everything where it was."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from edge.clock import SystemClock
from edge.domain.block import Layout
from edge.domain.protections import changed
from edge.store import approvals
from edge.store.alarms import Alarms
from edge.store.begin import DATABASE_FILE, begin
from edge.store.database import Change, Database
from edge.store.keys import read_keys
from edge.store.people import People
from hardware_tests.virtual import demo_catalogue
from hardware_tests.virtual.demo_centre import CENTRE_KEY_FILE, PASSWORD_FILE
from hardware_tests.virtual.layouts import demo_motion
from hardware_tests.virtual.scene import BUZZER, CONTACT, EXIT, STRIKE, BoxFacts, Contents, DemoCard

NODE_ID = "demo-room"
ADMIN = ("安全管理员 赵敏", "730418")


@dataclass(frozen=True)
class DemoPerson:
    name: str
    role_words: str
    roles: tuple[str, ...]
    uid: str
    pin: str


PEOPLE = (
    DemoPerson("库管员 陈晓梅", "库管员 storekeeper", ("archivist",), "04a1b2c301", "482915"),
    DemoPerson(
        "库管员 林志远",
        "库管员（可阅机密） cleared storekeeper",
        ("archivist", "cleared_secret"),
        "04a1b2c302",
        "590264",
    ),
    DemoPerson("借阅人 王芳", "借阅人 reader", ("reader",), "04a1b2c303", "271836"),
    DemoPerson("技术员 周建国", "技术员 technician", ("technician",), "04a1b2c304", "816049"),
    DemoPerson(
        "主管 何平",
        "库管员兼系统管理员 storekeeper who keeps the site's rules",
        ("archivist", "system_admin"),
        "04a1b2c305",
        "638205",
    ),
)
PLACES = {21: "北墙", 22: "内侧通道"}
STRANGER = DemoCard("", "04ffffffff")


@dataclass(frozen=True)
class Places:
    """Everything of one demo below ``root``; sockets and ptys in ``run``, whose path must stay short."""

    root: Path
    run: Path

    @property
    def node_toml(self) -> Path:
        return self.root / "node.toml"

    @property
    def central_dir(self) -> Path:
        return self.root / "central"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def data(self) -> Path:
        return self.root / "node"

    @property
    def unfinished(self) -> Path:
        return self.root / "set-up.unfinished"

    @property
    def bench(self) -> Path:
        return self.run / "bench"


@contextmanager
def first_set_up(places: Places) -> Iterator[None]:
    """Around the whole set-up: one that was cut off is begun anew, else half a room would be found again for ever."""
    if places.unfinished.exists():
        for folder in (places.data, places.keys, places.central_dir):
            shutil.rmtree(folder, ignore_errors=True)
    if not (places.data / DATABASE_FILE).exists():
        places.unfinished.touch()
    yield
    places.unfinished.unlink(missing_ok=True)


def node_toml(places: Places, layout: Layout, panel_port: int, broker_port: int) -> str:
    """The demo's node.toml: ordinary ports, pins and cameras that happen to end at the bench."""
    motion = demo_motion()
    lines = [
        f'[node]\nid = "{NODE_ID}"\nname = "一号库房"\nzone = "Asia/Shanghai"\nlanguage = "zh-Hans"',
        f'data_dir = "{places.data}"\nrun_dir = "{places.run}"\nkeys_dir = "{places.keys}"',
        f"\n[panel]\nport = {panel_port}",
        f'\n[[bus]]\nid = "shelving"\nport = "{places.bench / "bus"}"\nbaud = 115200\nparity = "N"',
        f'\n[block]\narea = "{layout.area}"\nbus = "shelving"\nrail_mm = {layout.rail_mm}',
        f"aisle_mm = {layout.aisle_mm}",
        f"sections = {layout.sections}\nlevels = {layout.levels}\npositions = {layout.positions}",
        f"speed_mm_s = {motion.max_speed_mm_s}\nfind_speed_mm_s = {motion.find_speed_mm_s}",
        f"stall_ma = {motion.stall_ma}\num_per_count = {motion.um_per_count}\nstart_gap_ms = {layout.start_gap_ms}",
    ]
    for column in layout.columns:
        where = "fixed = true" if column.fixed else f"address = {column.address}"
        lines.append(f"\n[[block.column]]\nno = {column.no}\nwidth_mm = {column.width_mm}\n{where}")
    for address, place in PLACES.items():
        lines.append(f'\n[[sensors]]\naddress = {address}\nbus = "shelving"\nplace = "{place}"')
    camera = places.bench / "camera-counter.sock"
    lines += [
        f'\n[[camera]]\nid = "counter"\ndriver = "socket"\npath = "{camera}"',
        f'\n[reader]\nport = "{places.bench / "reader"}"\naddress = 1\nkey_file = "{places.keys / "reader.key"}"',
        f'\n[scanner]\nport = "{places.bench / "scanner"}"',
        f"\n[door]\nstrike_pin = {STRIKE}\ncontact_pin = {CONTACT}\nexit_pin = {EXIT}",
        f"\n[sounder]\npin = {BUZZER}",
        f'\n[sync]\nhost = "127.0.0.1"\nport = {broker_port}\nusername = "{NODE_ID}"',
        f'password_file = "{places.keys / PASSWORD_FILE}"\ncentre_key_file = "{places.keys / CENTRE_KEY_FILE}"',
    ]
    return "\n".join(lines) + "\n"


def set_up_node(places: Places) -> None:
    """Keys, store, people and the catalogue of the demo's own making, through the ordinary import."""
    if (places.data / DATABASE_FILE).exists():
        return
    begun = begin(places.data, places.keys, node_id=NODE_ID, clock=SystemClock(), name=ADMIN[0], pin=ADMIN[1])
    (places.root / "recovery-key.txt").write_text(begun.recovery_key + "\n", "utf-8")
    reader_key = places.keys / "reader.key"
    reader_key.touch(0o600)
    reader_key.write_text(secrets.token_bytes(16).hex() + "\n", "ascii")
    keys = read_keys(places.keys)
    path = places.data / DATABASE_FILE
    with Database.open(path, keys.database, clock=SystemClock(), node_id=NODE_ID) as database:
        people = People(database, keys.site)
        database.write(lambda change: _add_people(change, people, begun.administrator.id))
        database.write(lambda change: approvals.set_rule(change, "readers", begun.administrator.id))
        database.write(lambda change: _shorten_delays(change, Alarms(database), begun.administrator.id))
    sheet = places.root / "demo-catalogue.xlsx"
    demo_catalogue.write(sheet)
    _storeroom("import", str(sheet), "--config", str(places.node_toml))


def _add_people(change: Change, people: People, administrator: str) -> None:
    for person in PEOPLE:
        added = people.add(change, person.name, roles=person.roles, by=(administrator,))
        people.set_pin(change, added.id, person.pin, actor=administrator)
        people.add_card(change, added.id, bytes.fromhex(person.uid), actor=administrator)


def _shorten_delays(change: Change, alarms: Alarms, administrator: str) -> None:
    """Nobody at a bench waits a quarter of an hour for an alarm; a real room keeps the profile's delays."""
    for rule in ("temp_high", "temp_low", "rh_high", "rh_low"):
        alarms.set_limit(change, changed(rule, on_delay_s=5, off_delay_s=5), administrator)


def _storeroom(*args: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "edge.cli", *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise click.ClickException(f"storeroom {args[0]} failed: {done.stderr.strip() or done.stdout.strip()}")


def contents(places: Places) -> Contents:
    """Read once before the node starts, while nobody holds the store."""
    keys = read_keys(places.keys)
    path = places.data / DATABASE_FILE
    with (
        Database.open(path, keys.database, clock=SystemClock(), node_id=NODE_ID) as database,
        database.read() as db,
    ):
        boxes = db.execute("SELECT label, box_no, fonds_no, slot FROM box").fetchall()
        slots = db.execute("SELECT code, label FROM slot").fetchall()
        items = db.execute(
            "SELECT box.label AS box, item.label AS label, item.ref_code AS ref"
            " FROM item JOIN box ON box.id = item.box_id ORDER BY item.rowid"
        ).fetchall()
    papers: dict[str, list[tuple[str, str]]] = {}
    for item in items:
        papers.setdefault(item["box"], []).append((item["label"], item["ref"]))
    return Contents(
        {box["label"]: BoxFacts(box["box_no"], box["fonds_no"]) for box in boxes},
        {box["slot"]: box["label"] for box in boxes if box["slot"]},
        {slot["code"]: slot["label"] for slot in slots},
        papers,
    )
