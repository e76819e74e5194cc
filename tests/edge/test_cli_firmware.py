"""A technician at a terminal, real MicroPython boards on ptys: look, sign, send, hold Start, look again."""

import json
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge import cli_firmware
from edge.cli import cli
from edge.cli_store import COMMANDS
from edge.devices import firmware_image
from edge.domain.block import Column, Layout
from edge.errors import InputRefused
from firmware import registers as r
from hardware_tests.virtual.live import LiveBench
from tests import needs
from tests.small_node import node_toml

PIN, OTHER_PIN = "271828", "314159"
LAYOUT = Layout(
    "B1-A", 450 + 700 + 900, (Column(1, 450, True, None), Column(2, 700, False, 2)), 900, 50, 4, 6, 18
)  # fmt: skip

for command in (*COMMANDS, *cli_firmware.COMMANDS):
    cli.add_command(command)


def run(folder: Path, *words: str, typed: str = "", language: str = "en"):
    env = {"STOREROOM_CONFIG": str(folder / "node.toml"), "STOREROOM_LANG": language}
    return CliRunner().invoke(cli, list(words), input=typed, env=env)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fw")
    bench = LiveBench(folder / "bench", LAYOUT, folder / "flash", places={21: "north"}, open_aisle=1)
    bench.start(within_s=60)
    (folder / "node.toml").write_text(node_toml(folder / "bench" / "bus", LAYOUT))
    yield folder, bench
    bench.stop()


@pytest.fixture(scope="module")
def technician(room):
    """Id of somebody who may send programs."""
    folder, _bench = room
    begun = json.loads(run(folder, "init", "--name", "张敏", "--json", typed=PIN + "\n").stdout.splitlines()[-1])
    by = ("--by", begun["administrator"])
    added = run(folder, "people", "add", "周工", "--role", "technician", *by, "--json", typed=PIN + "\n")
    person = json.loads(added.stdout.splitlines()[-1])["id"]
    run(folder, "people", "pin", person, *by, typed=f"{PIN}\n{OTHER_PIN}\n")
    return person


def newer(folder: Path, files: dict[str, bytes] | None = None) -> Path:
    """An image of the same sources and a little more, signed with the key that the bench's boards were given."""
    needs.micropython_vm()
    path = folder / "new.img"
    files = firmware_image.compiled(files or {**firmware_image.sources(), "firmware/news.py": b"# something new\n"})
    firmware_image.write(firmware_image.sign(files, firmware_image.read_key(folder / "flash" / "release.pem")), path)
    return path


def described(folder: Path) -> dict[int, dict]:
    found = run(folder, "firmware", "check", "--json")
    return {board["address"]: board for board in json.loads(found.stdout.splitlines()[-1])}


@pytest.mark.live
def test_every_board_of_a_fresh_room_is_right_in_three_languages(room):
    folder, _bench = room
    seen = run(folder, "firmware", "check")
    assert seen.exception is None, seen.output
    program, map_version = (f"{number >> 8}.{number & 0xFF}" for number in (r.FIRMWARE_VERSION, r.MAP_VERSION))
    runs = f"program {program}  map {map_version}"
    assert f"board 2 (column 2)  {runs}  configuration as commissioned  slot a" in seen.stdout
    assert seen.stdout.count("→ right") == 2
    assert run(folder, "firmware", "check", language="zh-Hans").stdout.count("→ 正常") == 2
    assert "韌體" in run(folder, "firmware", "check", language="zh-Hant").stdout


@pytest.mark.live
def test_an_image_is_sent_and_starts_only_when_somebody_holds_start(room, technician):
    folder, bench = room
    path = newer(folder)
    image = firmware_image.read(path).number
    for board in (2, 21):
        as_if_broken_off(folder / "flash" / f"board-{board:02d}" / "b", firmware_image.read(path))
    update = ("firmware", "update", "--image", str(path), "--by", technician)
    sent = run(folder, *update, "--no-wait", typed=OTHER_PIN + "\n")
    assert sent.exception is None, sent.output
    boards = described(folder)
    assert {a: (b["verdict"], b["update_image"]) for a, b in boards.items()} == {
        2: ("press_start", image),
        21: ("power_cycle", image),
    }
    assert boards[2]["slot"] == "a"
    waiting = threading.Thread(target=go_there, args=(bench,))
    waiting.start()
    done = run(folder, *update, typed=OTHER_PIN + "\n")
    waiting.join()
    assert done.exception is None, done.output
    boards = described(folder)
    assert {a: (b["slot"], b["image"], b["verdict"]) for a, b in boards.items()} == {
        2: ("b", image, "good"),
        21: ("b", image, "good"),
    }
    assert [entry["kind"] for entry in boards[2]["log"]][:2] == ["boot", "updated"]
    told = json.loads(run(folder, "trace", "show", "--action", "firmware.", "--json").stdout)
    assert [event["action"] for event in told] == ["firmware.started", "firmware.sent", "firmware.sent"]
    assert run(folder, *update, typed=OTHER_PIN + "\n").stdout.splitlines() == ["Every board runs this image already"]


def as_if_broken_off(slot: Path, image: firmware_image.Image) -> None:
    """An earlier transfer left all but the last three files in this slot: half a minute less to wait here."""
    whole = {"manifest": image.manifest, "signature": image.signature, **dict(image.files[:-3])}
    for name, data in whole.items():
        (slot / name).parent.mkdir(parents=True, exist_ok=True)
        (slot / name).write_bytes(data)


def go_there(bench):
    """Somebody walks to the block, holds Start, and unplugs the sensor board for a moment."""
    time.sleep(2)
    bench.act("start_hold")
    time.sleep(r.UPDATE_HOLD_MS / 1000 + 1.5)
    bench.act("start_release")
    bench.act("cut_board", address=21, on=True)
    time.sleep(0.5)
    bench.act("cut_board", address=21, on=False)


@pytest.mark.live
def test_a_program_that_cannot_run_gives_way_to_the_one_before(room, technician):
    folder, bench = room
    before = described(folder)[2]
    bad = {"firmware/__init__.py": b"", "firmware/main.py": b"raise ValueError('bad image')\n"}
    path = newer(folder, bad)
    sent = run(
        folder, "firmware", "update", "--image", str(path), "--board", "2", "--by", technician, "--no-wait",
        typed=OTHER_PIN + "\n",
    )  # fmt: skip
    assert sent.exception is None, sent.output
    time.sleep(10)  # the image before has to have lasted before it may be left
    bench.act("start_hold")
    time.sleep(r.UPDATE_HOLD_MS / 1000 + 1.5)
    bench.act("start_release")
    deadline = time.monotonic() + 20
    seen = described(folder)[2]
    while seen["boot_count"] == before["boot_count"] and time.monotonic() < deadline:
        time.sleep(0.5)
        seen = described(folder)[2]
    assert (seen["slot"], seen["image"]) == (before["slot"], before["image"])
    assert "reverted" in [entry["kind"] for entry in seen["log"]]


def test_an_image_comes_from_a_key_and_the_sources(tmp_path):
    (tmp_path / "node.toml").write_text("")
    assert run(tmp_path, "firmware", "key", str(tmp_path / "release.pem")).exception is None
    assert (tmp_path / "release.pem").stat().st_mode & 0o777 == 0o600
    made = run(tmp_path, "firmware", "build", "--key", str(tmp_path / "release.pem"), str(tmp_path / "x.img"))
    assert made.exception is None, made.output
    image = firmware_image.read(tmp_path / "x.img", (tmp_path / "release.pub").read_bytes())
    assert (image.version, image.map_version) == (r.FIRMWARE_VERSION, r.MAP_VERSION)
    assert {name for name, _data in image.files} >= {"firmware/main.mpy", "firmware/carriage/app.mpy"}
    with pytest.raises(InputRefused, match="firmware_image_unsigned"):
        firmware_image.read(tmp_path / "x.img", firmware_image.public_part(firmware_image.new_key()))


def test_a_key_is_never_written_over_another(tmp_path):
    (tmp_path / "release.pem").write_text("mine")
    assert isinstance(run(tmp_path, "firmware", "key", str(tmp_path / "release.pem")).exception, InputRefused)
    assert (tmp_path / "release.pem").read_text() == "mine"


def test_a_file_that_is_no_image_is_refused_by_name(tmp_path):
    (tmp_path / "node.toml").write_text("")
    (tmp_path / "x.img").write_bytes(b"PK nothing")
    with pytest.raises(InputRefused, match="firmware_image_unreadable"):
        firmware_image.read(tmp_path / "x.img")
