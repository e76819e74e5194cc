"""The first flash over a serial port: mpremote on this side, the real MicroPython VM's REPL on the other."""

import json
import os
import subprocess
import sys
import threading
import tty
from pathlib import Path

import pytest

from edge.devices import board_files, board_usb, firmware_image
from edge.errors import DeviceFault
from firmware import config, loader
from firmware import registers as r
from tests import needs

KEY = firmware_image.new_key()
PUBLIC = firmware_image.public_part(KEY)
REPL = "import sys; from micropython_unix import main; sys.exit(main())"


@pytest.fixture
def blank(tmp_path):
    """(port, folder): a board on whose flash nothing lies, and where that flash is."""
    needs.micropython_vm()
    flash = tmp_path / "flash"
    flash.mkdir()
    near, board = os.openpty()
    far, port = os.openpty()
    for fd in (near, far, port):
        tty.setraw(fd)
    repl = subprocess.Popen([sys.executable, "-c", REPL], stdin=board, stdout=board, stderr=board, cwd=flash)
    for source, sink in ((near, far), (far, near)):
        threading.Thread(target=copy, args=(source, sink), daemon=True).start()
    yield os.ttyname(port), flash
    repl.kill()
    repl.wait()
    for fd in (board, port):
        os.close(fd)


def copy(source, sink):
    while True:
        try:
            os.write(sink, os.read(source, 4096))
        except OSError:
            return


def in_folder(folder, what):
    before = Path.cwd()
    os.chdir(folder)
    try:
        return what()
    finally:
        os.chdir(before)


def test_a_blank_board_is_written_and_starts_its_image(blank):
    port, flash = blank
    image = firmware_image.sign({"firmware/main.py": b"# program\n", "firmware/carriage/app.py": b"# app\n"}, KEY)
    values = dict.fromkeys(r.CONFIG_FIELDS, 1) | {"address": 4, "rail_mm": 5000, "max_mm": 900}
    files = board_files.first_flash(image, PUBLIC)
    board_usb.flash(port, files | {board_files.CONFIG: board_files.config_file(r.KIND_CARRIAGE, values)})
    assert {name: (flash / name).read_bytes() for name in files} == files
    assert in_folder(flash, lambda: loader.choose(loader.read_record(), loader.is_whole)) == "a"
    assert config.opened(r.KIND_CARRIAGE, json.loads((flash / "config.json").read_bytes())) == values


def test_a_board_that_was_flashed_before_keeps_nothing_of_its_old_images(blank):
    port, flash = blank
    for old in ("a/firmware/main.mpy", "b/manifest", "safe/firmware/gone.py"):
        (flash / old).parent.mkdir(parents=True, exist_ok=True)
        (flash / old).write_bytes(b"old")
    (flash / "slots.json").write_text('{"active": "b", "tries": 2}')
    image = firmware_image.sign({"firmware/main.py": b"# program\n"}, KEY)
    board_usb.flash(port, board_files.first_flash(image, PUBLIC))
    left = {path.relative_to(flash).as_posix() for path in flash.rglob("*") if path.is_file()}
    assert left == set(board_files.first_flash(image, PUBLIC))
    assert in_folder(flash, loader.read_record)["active"] == "a"


def test_files_that_are_not_whole_on_the_board_are_named(blank):
    port, _flash = blank
    image = firmware_image.sign({"firmware/main.py": b"# program\n"}, KEY)
    files = board_files.first_flash(image, PUBLIC) | {"safe/firmware/main.py": b"# altered\n"}
    with pytest.raises(DeviceFault, match="board_usb_not_whole"):
        board_usb.flash(port, files)


def test_a_port_where_nobody_answers_is_named():
    with pytest.raises(DeviceFault, match="board_usb_silent"):
        board_usb.flash("/dev/no-such-port", board_files.first_flash(firmware_image.sign({"a": b""}, KEY), PUBLIC))


def test_a_sensor_boards_configuration_is_one_that_its_program_opens():
    made = json.loads(board_files.config_file(r.KIND_SENSORS, {"address": 21}))
    assert config.opened(r.KIND_SENSORS, made) == {"address": 21}
