"""``storeroom shelf-read`` as a person types it: drawn pictures of a small bay, a real store, the real networks."""

import io
import json
import random
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from PIL import Image, ImageFilter

from edge import cli_shelf
from edge.clock import SystemClock
from edge.config import load
from edge.devices.eyes_process import EyesProcess
from edge.domain.bays import Unplaced
from edge.store import box_places
from edge.store.catalogue import Catalogue
from edge.vision.cameras import Cameras
from edge.vision.reader import Reader
from edge.vision.server import VisionServer
from edge.workflows import ingest, read_bay
from models.scenes import spines
from tests import needs
from tests.edge.fresh_node import begun, opened
from tests.lots import drawn_from

BAY = "B1-A-01-R-01"
LEVELS = 2


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A room whose bays have two levels; boxes 1 to 30 stand in the first bay, number 31 in the next."""
    needs.cjk_font()
    folder = tmp_path_factory.mktemp("room")
    path, _admin = begun(folder, levels=LEVELS)
    with drawn_from(random.Random(5)), opened(path) as database:
        ingest.ready_slots(database, load(path).block, "node")
        catalogue = Catalogue(database)
        slots = {(level, position): f"{BAY}-{level}-{position:02d}" for level in (1, 2) for position in range(1, 19)}
        stands = {}

        def fill(change):
            catalogue.add_fonds(change, "J019", "市档案馆", "node")
            for number, place in enumerate(sorted(slots)[:31], 1):
                box = catalogue.add_box(change, fonds_no="J019", box_no=f"{100 + number:04d}", actor="node")
                slot = slots[place] if number < 31 else "B1-A-01-R-02-1-01"
                box_places.place_box(change, box.id, slot, "node", "first_place")
                stands[place] = spines.Spine(box.label, "J019", box.box_no)

        database.write(fill)
        labels = {place: catalogue.slot_label(code) for place, code in slots.items()}
    return path, labels, stands


@pytest.fixture(scope="module")
def walked(room, tmp_path_factory):
    """Two boxes changed places, one came from the next bay, one is gone, one lost its code, one lost its label."""
    _, labels, stands = room
    now = dict(stands)
    now[1, 3], now[1, 12] = stands[1, 12], stands[1, 3]
    now[2, 5] = stands.get((2, 13))  # box 31, of the next bay
    now.pop((2, 13))
    now.pop((1, 8))
    now[1, 15] = replace(stands[1, 15], wear="torn")
    now[2, 2] = replace(stands[2, 2], wear="bare")
    section = spines.Section(labels, now, LEVELS)
    folder = tmp_path_factory.mktemp("walk")
    for number, jpeg in enumerate(spines.pictures(section, spines.LIGHTS["fair"], random.Random(5))):
        (folder / f"{number}.jpg").write_bytes(jpeg)
    return folder


def shelf_read(room, *args):
    texts = [*map(str, args), "--config", str(room[0])]
    return CliRunner().invoke(cli_shelf.shelf_read_command, texts, env={"STOREROOM_LANG": "zh-Hans"})


def test_a_bay_is_read_from_its_pictures_and_what_is_not_certain_is_said_to_be_so(room, walked, tmp_path):
    Image.new("RGB", (900, 600), "grey").save(walked / "wall.png")
    done = shelf_read(room, walked, "--bay", BAY, "--out", tmp_path / "bay.png", "--json")
    answer = json.loads(done.stdout)
    found = {finding["slot"].removeprefix(f"{BAY}-"): finding for finding in answer["findings"]}
    assert {
        at: (one["status"], one["belongs"].removeprefix(f"{BAY}-"))
        for at, one in found.items()
        if one["status"] not in ("right", "empty")
    } == {
        "1-03": ("misplaced", "1-12"),
        "1-12": ("misplaced", "1-03"),
        "2-05": ("misplaced", "B1-A-01-R-02-1-01"),
        "1-08": ("missing", ""),
        "2-02": ("unread", ""),
    }
    assert found["1-15"]["status"] == "right", "its code is torn off; fonds and number were read"
    assert answer["counts"]["right"] == 25 and answer["counts"]["empty"] == 6
    assert [(one["file"][-8:], one["why"]) for one in answer["unplaced"]] == [("wall.png", "no_labels")]
    assert done.exit_code == 1, "not everything is right"
    drawn = Image.open(tmp_path / "bay.png")
    assert drawn.width > 18 * 60
    legend = " ".join(region.text for region in Reader(threads=2).read(drawn.crop((0, 0, drawn.width, 40))))
    for words in ("在位 25", "错架 3", "缺 1", "读不清 1", "空位 6"):
        assert words.replace(" ", "") in legend.replace(" ", ""), legend
    assert "库内无此号" not in legend, "of what was not found the legend says nothing"


def test_a_blurred_picture_and_one_of_another_bay_say_what_is_wrong_with_them(room, walked, tmp_path):
    folder = tmp_path / "bad"
    folder.mkdir()
    Image.open(walked / "0.jpg").filter(ImageFilter.GaussianBlur(6)).save(folder / "0.jpg")
    shutil.copy(walked / "1.jpg", folder / "1.jpg")
    done = shelf_read(room, folder / "0.jpg", "--bay", BAY)
    assert done.exit_code == 1 and "0.jpg：照片是糊的" in done.stderr
    done = shelf_read(room, folder / "1.jpg", "--bay", "B1-A-01-R-02")
    assert done.exit_code == 1 and f"1.jpg：拍的是另一节 {BAY}" in done.stderr


def test_the_vision_process_reads_the_same_bay_for_the_node(room, walked, tmp_path):
    with opened(room[0]) as database:
        index = read_bay.index_of(database, BAY)
    clock = SystemClock()
    server = VisionServer(tmp_path / "vision.sock", Cameras((), clock), clock, Reader(threads=2))
    eyes = EyesProcess(tmp_path / "vision.sock", clock)
    try:
        seen = eyes.read_bay(index, [(walked / "0.jpg").read_bytes()])
        Image.open(walked / "1.jpg").filter(ImageFilter.GaussianBlur(6)).save(tmp_path / "blurred.jpg")
        put_aside = eyes.unplaced(index, [(walked / "0.jpg").read_bytes(), (tmp_path / "blurred.jpg").read_bytes()])
    finally:
        eyes.close()
        server.close()
    assert put_aside == (Unplaced(1, (), True),)
    states = {one["slot"].removeprefix(f"{BAY}-"): (one["state"], one["codes"]) for one in seen.seen}
    assert states["1-03"] == ("box", [room[2][1, 12].label]) and states["1-08"] == ("empty", [])
    assert states["1-18"][0] == "unseen", "the first shot does not reach the right end"
    assert Image.open(io.BytesIO(seen.picture)).size == (18 * 64, LEVELS * 384)


def test_an_unknown_bay_is_refused_before_anything_is_read(room, walked):
    done = shelf_read(room, walked, "--bay", "B1-A-99-R-01")
    assert done.exception.code == "bay_unknown"
    assert shelf_read(room, walked, "--bay", "B1-A-01-R").exception.code == "bay_unknown", "a face is not one bay"
