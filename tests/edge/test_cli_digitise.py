"""``storeroom digitise`` and ``fixity`` as a person types them, against a node's control socket and a real reader."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from edge import cli_digitise, cli_hook
from edge.clock import SystemClock
from edge.control import SOCKET, ControlServer
from edge.devices.page_reader_process import PageReaderProcess
from edge.vision.cameras import Cameras
from edge.vision.reader import Reader
from edge.vision.server import VisionServer
from tests import needs
from tests.edge.panel.conftest import PIN, Desk

EXAMPLE = Path(__file__).parents[2] / "edge" / "node.example.toml"


@pytest.fixture
def node(tmp_path, database, clock):
    """A room whose pages are read by the real vision server; its node.toml, and who may digitise."""
    needs.cjk_font()
    (tmp_path / "node.toml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    run = tmp_path / "run"
    run.mkdir()
    desk = Desk(database, tmp_path, clock)
    vision = VisionServer(run / "vision.sock", Cameras((), SystemClock()), SystemClock(), Reader(threads=1))
    object.__setattr__(desk.room, "page_reader", PageReaderProcess(run / "vision.sock"))
    control = ControlServer(
        run / SOCKET, {**cli_digitise.control_verbs(desk.room), **cli_hook.control_verbs(desk.room)}
    )
    yield desk, tmp_path
    control.close()
    vision.close()


def storeroom(node, *arguments) -> subprocess.CompletedProcess:
    desk, folder = node
    command = [sys.executable, "-m", "edge.cli", *map(str, arguments)]
    command += ["--config", folder / "node.toml", "--by", desk.people["archivist"].id]
    environment = {**os.environ, "STOREROOM_LANG": "en"}
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, input=PIN + "\n", timeout=110, check=False
    )


def scan(path: Path, *lines: str, dpi: int = 200) -> None:
    """An A4 page of few words."""
    paper = Image.new("RGB", (round(8.27 * dpi), round(11.69 * dpi)), (244, 242, 236))
    for row, text in enumerate(lines):
        face = ImageFont.truetype(needs.CJK_FONT, round(0.2 * dpi))
        ImageDraw.Draw(paper).text((dpi, dpi + 0.4 * dpi * row), text, font=face, fill=(20, 20, 20))
    paper.save(path)


def test_a_folder_is_taken_to_its_end_and_what_is_bad_is_named_with_what_to_do(node):
    desk, folder = node
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    scans = folder / "scans"
    scans.mkdir()
    scan(scans / "1.png", f"档号 {item.ref_code}", "屋面渗漏需修缮")
    scan(scans / "2.png", f"档号 {item.ref_code}", "分辨率太低", dpi=100)
    (scans / "3.jpg").write_bytes(b"no picture")
    (scans / "4.png").write_bytes((scans / "1.png").read_bytes()[:2000])
    (scans / "5.pdf").write_bytes(b"%PDF-1.7 nothing")
    (scans / "6.tif").write_bytes(b"")
    done = storeroom(node, "digitise", scans, "--dpi", 200, "--report", folder / "reports")
    assert done.returncode == 1, done.stderr
    assert f"1.png page 1 → {item.ref_code} page 1" in done.stdout
    for name, words in (
        ("2.png", "Only 100 dpi"),
        ("3.jpg", "not a picture"),
        ("4.png", "damaged"),
        ("5.pdf", "damaged"),
        ("6.tif", "empty"),
    ):
        assert any(name in line and words in line for line in done.stderr.splitlines()), (name, done.stderr)
    assert "Traceback" not in done.stderr and PIN not in done.stderr
    found = desk.room.search.find("屋面渗漏", clearance="internal")
    assert [hit.item.id for hit in found if hit.item] == [item.id]
    report = json.loads((folder / "reports" / "1.png.json").read_text("utf-8"))
    assert report["overall"]["usability"] == "pass"
    assert "Authenticity" in (folder / "reports" / "1.png.txt").read_text("utf-8")
    whole = storeroom(node, "fixity")
    assert whole.returncode == 0 and "each as it was kept" in whole.stdout
    with desk.room.scans.file.use() as db:
        db.execute("UPDATE scan_piece SET content = zeroblob(9)")
    assert storeroom(node, "fixity", "--json").returncode == 1


def test_without_a_node_or_with_a_wrong_pin_nothing_is_taken(node):
    desk, folder = node
    out = io.StringIO()
    print("111111", file=out)
    command = [sys.executable, "-m", "edge.cli", "digitise", folder / "x.png", "--by", desk.people["archivist"].id]
    environment = {**os.environ, "STOREROOM_LANG": "en", "STOREROOM_CONFIG": str(folder / "node.toml")}
    wrong = subprocess.run(
        command, capture_output=True, text=True, env=environment, input=out.getvalue(), timeout=60, check=False
    )
    assert wrong.returncode == 3 and "Traceback" not in wrong.stderr
    (folder / "elsewhere.toml").write_text(
        EXAMPLE.read_text("utf-8").replace('run_dir = "run"', 'run_dir = "nobody"'), "utf-8"
    )
    away = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**environment, "STOREROOM_CONFIG": str(folder / "elsewhere.toml")},
        input=PIN,
        timeout=60,
        check=False,
    )
    assert away.returncode == 6 and "storeroom run" in away.stderr


def test_a_folder_of_scans_is_hooked_by_names_that_nothing_contradicts_and_the_report_says_why(node):
    desk, folder = node
    one, two, three = desk.room.catalogue.items_in_box(desk.boxes["0007"])[:3]
    scans = folder / "scans"
    (scans / "D10").mkdir(parents=True)
    scan(scans / f"{one.ref_code}.png", f"档号 {one.ref_code}", "屋面渗漏需修缮")
    scan(scans / "D10" / f"{two.ref_code}.png", "水泵采购")
    scan(scans / f"{three.ref_code}.png", f"档号 {one.ref_code}", "别的文件")
    (scans / "坏.jpg").write_bytes(b"no picture")
    planned = storeroom(node, "hook", scans, "--dry-run", "--dpi", 200, "--json")
    assert planned.returncode == 1, planned.stderr
    told = {Path(one["path"]).stem: (one["state"], one["code"]) for one in json.loads(planned.stdout)["files"]}
    assert told == {
        one.ref_code: ("hook", "by_name"),
        two.ref_code: ("unsure", "folder_retention"),
        three.ref_code: ("hook", "by_name"),  # what is printed on it is only read when it is taken
        "坏": ("refused", "picture_unreadable"),
    }
    done = storeroom(node, "hook", scans, "--dpi", 200, "--report", folder / "report.csv")
    assert done.returncode == 1 and f"the page itself prints {one.ref_code}" in done.stdout
    assert "a folder says retention D10, the catalogue Y" in done.stdout
    report = (folder / "report.csv").read_text("utf-8-sig").splitlines()
    assert len(report) == 5 and any(line.startswith("hooked") and one.ref_code in line for line in report)
    found = [hit.item.id for hit in desk.room.search.find("屋面渗漏", clearance="internal")]
    assert found == [one.id]
    settle = ("hooked", "--settle", f"D10/{two.ref_code}.png", "--reason", "文件夹放错")
    assert "settled by a person: 1 file\n" in storeroom(node, *settle).stdout
    assert [page.page_no for page in desk.room.pages.of_item(two.id)] == [1]
