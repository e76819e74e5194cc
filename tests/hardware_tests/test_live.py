"""The live bench: real MicroPython on ptys. Asserts states, never distances: this machine may be busy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from firmware import registers as r
from firmware.modbus_rtu import crc16
from hardware_tests.virtual.board_process import best_interpreter
from hardware_tests.virtual.layouts import demo_layout
from hardware_tests.virtual.live import LiveBench
from hardware_tests.virtual.people import ActRefused

pytestmark = pytest.mark.live


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[LiveBench]:
    room = LiveBench(tmp_path / "bench", demo_layout(), tmp_path / "flash")
    room.start(within_s=60)
    yield room
    room.stop()


def read(bench: LiveBench, address: int, register: int, count: int) -> list[int] | None:
    """Function 4 over the bench's serial port; None when nobody answered rightly in five tries."""
    head = bytes((address, 4)) + register.to_bytes(2, "big") + count.to_bytes(2, "big")
    with serial.Serial(str(bench.bench_dir / "bus"), 115200, timeout=0.3) as port:
        for _try in range(5):
            port.reset_input_buffer()
            port.write(head + crc16(head).to_bytes(2, "little"))
            frame = port.read(5 + 2 * count)
            if len(frame) == 5 + 2 * count and crc16(frame) == 0:
                return [int.from_bytes(frame[at : at + 2], "big") for at in range(3, 3 + 2 * count, 2)]
            time.sleep(0.05)
    return None


def comes_true(condition, within_s: float = 20.0) -> bool:
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_every_board_answers_with_its_own_identity(bench: LiveBench) -> None:
    for address in (*range(2, 10), 21, 22):
        words = read(bench, address, r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
        assert words is not None, address
        assert words[r.IR_ADDRESS] == address
        assert words[r.IR_MAP_VERSION] == r.MAP_VERSION
        assert words[r.IR_BOARD_KIND] == (r.KIND_CARRIAGE if address < 20 else r.KIND_SENSORS)


def test_sensor_boards_report_the_air_of_their_place(bench: LiveBench) -> None:
    def good() -> bool:
        words = read(bench, 21, r.IR_SENSE, r.IR_SENSE_COUNT)
        return words is not None and words[r.IR_SENSE_OK - r.IR_SENSE] & (r.SENSE_TEMP | r.SENSE_RH) == 3

    assert comes_true(good)
    words = read(bench, 21, r.IR_SENSE, r.IR_SENSE_COUNT)
    assert words is not None
    assert words[r.IR_TEMP_CC - r.IR_SENSE] == pytest.approx(2000, abs=100)
    assert words[r.IR_RH_CPCT - r.IR_SENSE] == pytest.approx(5000, abs=300)


def test_a_walk_by_a_person_frees_the_aisles_on_the_real_boards(bench: LiveBench) -> None:
    aisle_left = r.IR_AISLE_LEFT
    assert read(bench, 7, aisle_left, 1) == [r.AISLE_OCCUPIED]
    time.sleep(0.5)  # a board counts a press only after it has seen the button released
    bench.act("walk", aisle=6)
    assert comes_true(lambda: read(bench, 7, aisle_left, 1) == [r.AISLE_CLEAR])


def test_a_board_that_is_cut_falls_silent_and_comes_back_with_everything_occupied(bench: LiveBench) -> None:
    bench.act("cut_board", address=5, on=True)
    assert comes_true(lambda: not bench.alive()[5])
    assert read(bench, 5, r.IR_IDENTITY, 1) is None
    assert read(bench, 6, r.IR_IDENTITY, 1) is not None
    bench.act("cut_board", address=5, on=False)
    assert comes_true(lambda: read(bench, 5, r.IR_AISLE_LEFT, 2) == [r.AISLE_OCCUPIED, r.AISLE_OCCUPIED])


def test_a_power_cut_kills_every_board_and_flash_remembers_the_boots(bench: LiveBench) -> None:
    before = read(bench, 3, r.IR_BOOT_COUNT, 1)
    bench.act("cut_power")
    assert comes_true(lambda: not any(bench.alive().values()))
    assert bench.state()["power"] is False
    bench.act("restore_power")
    assert comes_true(lambda: all(bench.alive().values()))
    after = read(bench, 3, r.IR_BOOT_COUNT, 1)
    assert before is not None
    assert after == [before[0] + 1]


def test_a_hung_board_is_reset_by_its_watchdog(bench: LiveBench) -> None:
    bench.act("hang_board", address=4)
    assert comes_true(lambda: read(bench, 4, r.IR_BOOT_REASON, 1) == [r.BOOT_WATCHDOG])


def test_the_world_is_as_it_was_left_when_the_bench_starts_again(tmp_path: Path) -> None:
    room = LiveBench(tmp_path / "bench", demo_layout(), tmp_path / "flash")
    room.start(within_s=60)
    room.act("push", column=5, by_mm=-100)
    room.see(lambda plant: plant.boxes.update({"B1-A-04-R-02-4-07": "SR1:B1"}))
    room.stop()
    again = LiveBench(tmp_path / "bench", demo_layout(), tmp_path / "flash")
    try:
        assert again.had_a_past
        assert again.plant.rail.carriages[5].x_mm == 3350
        assert again.plant.boxes == {"B1-A-04-R-02-4-07": "SR1:B1"}
    finally:
        again.stop()


def test_an_act_that_cannot_be_done_is_refused_and_the_bench_goes_on(bench: LiveBench) -> None:
    with pytest.raises(ActRefused):
        bench.act("enter", aisle=7)
    with pytest.raises(ActRefused):
        bench.act("cut_board", address=99)
    with pytest.raises(ActRefused):
        bench.act("gap_sensor", wrong=1)
    assert all(bench.alive().values())


@pytest.mark.skipif(best_interpreter() == "cpython", reason="it is what the other tests ran on")
def test_the_same_firmware_runs_under_cpython_where_there_is_no_vm(tmp_path: Path) -> None:
    room = LiveBench(tmp_path / "bench", demo_layout(), tmp_path / "flash", places={}, interpreter="cpython")
    room.start(within_s=60)
    try:
        words = read(room, 9, r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
        assert words is not None
        assert words[r.IR_ADDRESS] == 9
    finally:
        room.stop()
