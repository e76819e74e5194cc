"""mbpoll, a Modbus master that we did not write, reads every kind of board and every program on the live bench."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.domain.block import Column, Layout
from firmware import loader
from firmware import registers as r
from hardware_tests.virtual.flash import board_dir
from hardware_tests.virtual.live import LiveBench
from tests import needs

pytestmark = pytest.mark.live

CARRIAGE, SAFE, SENSORS = 2, 3, 21
KINDS = [(CARRIAGE, r.KIND_CARRIAGE), (SENSORS, r.KIND_SENSORS), (SAFE, r.KIND_CARRIAGE)]
LAYOUT = Layout(
    area="B1-A",
    rail_mm=450 + 2 * 700 + 900,
    columns=(Column(1, 450, True, None), Column(2, 700, False, 2), Column(3, 700, False, 3)),
    aisle_mm=900,
    speed_mm_s=50,
    sections=4,
    levels=6,
    positions=18,
)


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    needs.needed(shutil.which("mbpoll"), "needs mbpoll: sudo apt install mbpoll")
    folder = tmp_path_factory.mktemp("mbpoll")
    room = LiveBench(folder / "bench", LAYOUT, folder / "flash", places={SENSORS: "aisle"}, open_aisle=1)
    failed = {"active": "a", "tries": loader.TRIES}  # one board's image never came up: it runs the safe program
    (board_dir(folder / "flash", SAFE) / loader.RECORD).write_text(json.dumps(failed), "utf-8")
    room.start(within_s=60)
    yield folder / "bench" / "bus"
    room.stop()


def mbpoll(bus: Path, address: int, first: int, count: int) -> tuple[list[int], str]:
    """(words of these input registers, all that it printed). mbpoll counts registers from 1."""
    said = ""
    for _try in range(5):  # a busy machine may answer late once
        command = ["mbpoll", "-m", "rtu", "-b", "115200", "-P", "none", "-a", str(address), "-t", "3", "-1"]
        command += ["-r", str(first + 1), "-c", str(count), "-o", "1", str(bus)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        said = done.stdout + done.stderr
        words = [int(word) & 0xFFFF for word in re.findall(r"^\[\d+\]:\s+(-?\d+)", said, re.M)]
        if done.returncode == 0 or "Connection timed out" not in said:
            return words, said
    return [], said


def test_no_kind_of_board_is_left_out() -> None:
    assert {kind for _address, kind in KINDS} == {value for name, value in vars(r).items() if name.startswith("KIND_")}


@pytest.mark.parametrize(("address", "kind"), KINDS)
def test_mbpoll_reads_who_a_board_is(bus: Path, address: int, kind: int) -> None:
    words, said = mbpoll(bus, address, r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
    assert len(words) == r.IR_IDENTITY_COUNT, said
    assert words[r.IR_MAP_VERSION] == r.MAP_VERSION
    assert words[r.IR_BOARD_KIND] == kind
    assert words[r.IR_ADDRESS] == address


@pytest.mark.parametrize(("address", "count"), [(CARRIAGE, r.IR_STATE_COUNT), (SENSORS, r.IR_SENSE_COUNT)])
def test_mbpoll_reads_a_boards_state(bus: Path, address: int, count: int) -> None:
    words, said = mbpoll(bus, address, r.IR_STATE, count)
    assert len(words) == count, said
    assert words[0] >> 8 == address


@pytest.mark.parametrize("address", [CARRIAGE, SENSORS])
def test_mbpoll_reads_a_boards_self_description_and_fault_log(bus: Path, address: int) -> None:
    words, said = mbpoll(bus, address, r.IR_SELF, r.IR_SELF_COUNT)
    assert len(words) == r.IR_SELF_COUNT, said
    assert words[r.IR_LOG_COUNT - r.IR_SELF] >= 1
    log, said = mbpoll(bus, address, r.IR_LOG, r.IR_LOG_COUNT_ALL)
    assert len(log) == r.IR_LOG_COUNT_ALL, said
    assert log[0] in (r.LOG_BOOT, r.LOG_FAULT)


def test_mbpoll_reads_of_a_board_in_its_safe_program_that_it_is_in_fault_and_knows_nothing(bus: Path) -> None:
    words, said = mbpoll(bus, SAFE, r.IR_STATE, r.IR_STATE_COUNT)
    assert len(words) == r.IR_STATE_COUNT, said
    faults = words[r.IR_FAULTS_HI - r.IR_STATE] << 16 | words[r.IR_FAULTS_LO - r.IR_STATE]
    assert faults == dict(r.FAULTS)["safe_mode"]
    assert words[r.IR_RUN_STATE - r.IR_STATE] == r.STATE_FAULT
    assert words[r.IR_POSITION_MM - r.IR_STATE] == r.UNKNOWN


def test_mbpoll_is_told_that_a_register_does_not_exist(bus: Path) -> None:
    words, said = mbpoll(bus, CARRIAGE, 5000, 2)
    assert words == []
    assert "Illegal data address" in said
