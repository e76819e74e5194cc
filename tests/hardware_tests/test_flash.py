"""What stands in the flash of the virtual boards when the demo starts."""

from pathlib import Path

import pytest

from edge.devices import firmware_image
from hardware_tests.virtual.flash import board_dir, flash_boards

PROGRAM = "a/firmware/main.py"


@pytest.fixture
def flash(tmp_path: Path) -> Path:
    flash_boards(tmp_path, [1])
    (board_dir(tmp_path, 1) / PROGRAM).write_text("# came over the bus")
    (board_dir(tmp_path, 1) / "config.json").write_text("{}")
    return tmp_path


def test_a_room_of_the_same_sources_keeps_what_its_boards_were_given(flash: Path) -> None:
    flash_boards(flash, [1])
    assert (board_dir(flash, 1) / PROGRAM).read_text() == "# came over the bus"
    assert (board_dir(flash, 1) / "config.json").exists()


def test_a_room_that_older_sources_left_behind_runs_the_present_ones(flash: Path) -> None:
    (flash / "flashed").write_text("another release")
    flash_boards(flash, [1])
    assert (board_dir(flash, 1) / PROGRAM).read_bytes() == firmware_image.sources()["firmware/main.py"]
    assert not (board_dir(flash, 1) / "config.json").exists()
