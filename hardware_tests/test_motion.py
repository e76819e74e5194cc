"""Boards answer, measure the rail they were commissioned for, and move when, and only when, Start says so."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

import pytest

from edge.devices.carriage_modbus import board_config, config_crc
from firmware import registers as r
from hardware_tests.bench import Bench
from hardware_tests.measurements import Measurements

MOVE = 41


def carriages(bench: Bench) -> dict[int, int]:
    """Column number → board address."""
    return {column.no: column.address for column in bench.layout.columns if column.address is not None}


def test_every_board_is_the_one_that_was_commissioned(bench: Bench) -> None:
    """每块板的地址、寄存器版本与配置校验都对。Address, map version and configuration CRC of every board."""
    for column, address in carriages(bench).items():
        identity = bench.master.block(address, r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
        assert identity[r.IR_ADDRESS] == address
        assert identity[r.IR_MAP_VERSION] >> 8 == r.MAP_VERSION >> 8
        assert identity[r.IR_CONFIG_CRC] == config_crc(board_config(bench.layout, bench.motion, column))
        assert identity[r.IR_FLASH_OK] == 1


def test_a_board_answers_in_time(bench: Bench, measure: Measurements) -> None:
    """读一次状态块所需时间。Time to read one state block."""
    for address in carriages(bench).values():
        times = []
        for _ in range(10):
            began = bench.master.line.now_ms
            bench.master.state(address)
            times.append(bench.master.line.now_ms - began)
        measure.check(f"board {address}: median of ten reads", statistics.median(times), "ms", high=50)


def test_the_gaps_add_up_to_the_rail(bench: Bench, measure: Measurements) -> None:
    """各间隙之和等于轨道长减去各列宽度,误差 15 mm 以内。The sum of gaps is the rail minus the widths."""
    states = {column: bench.master.state(address) for column, address in carriages(bench).items()}
    first = min(states)
    gaps = [states[first][r.IR_GAP_LEFT_MM], *(state[r.IR_GAP_RIGHT_MM] for state in states.values())]
    assert r.UNKNOWN not in gaps
    measure.check("sum of gaps", sum(gaps), "mm", bench.layout.free_mm - 15, bench.layout.free_mm + 15)


@dataclass(frozen=True)
class Way:
    """One carriage beside the open aisle and where it goes to close it."""

    address: int
    target_mm: int
    opens: int


@pytest.fixture
def way(bench: Bench) -> Way:
    """Walk and find the block, then choose the carriage right of the open aisle."""
    bench.person("walk_all")
    found = {address: bench.master.state(address) for address in carriages(bench).values()}
    if any(state[r.IR_POSITION_MM] == r.UNKNOWN for state in found.values()):
        bench.master.find_all(
            bench.layout, lambda held: bench.person("start_hold" if held else "start_release"), move_id=MOVE - 1
        )
    states = {column: bench.master.state(address) for column, address in carriages(bench).items()}
    column = max(states, key=lambda no: states[no][r.IR_GAP_LEFT_MM])
    state = states[column]
    return Way(carriages(bench)[column], state[r.IR_POSITION_MM] - state[r.IR_GAP_LEFT_MM], r.SIDE_RIGHT)


def started(bench: Bench, way: Way, move_id: int) -> None:
    assert bench.master.arm(way.address, way.target_mm, way.opens, move_id) == r.ACK_ACCEPTED
    bench.master.permit_for = move_id
    bench.master.run(300)
    bench.person("start_press")
    moves = bench.master.run_until(
        lambda: bench.master.state(way.address)[r.IR_RUN_STATE] == r.STATE_MOVING, within_ms=6_000
    )
    assert moves


@pytest.mark.hazard
def test_without_start_nothing_moves(bench: Bench, way: Way) -> None:
    """没有人按启动,什么都不动。Armed and permitted, but nobody presses Start."""
    before = bench.master.state(way.address)[r.IR_POSITION_MM]
    assert bench.master.arm(way.address, way.target_mm, way.opens, MOVE) == r.ACK_ACCEPTED
    bench.master.permit_for = MOVE
    bench.master.run(r.START_WITHIN_MS + 500)
    bench.master.permit_for = 0
    state = bench.master.state(way.address)
    assert state[r.IR_END_REASON] == r.END_NOT_STARTED
    assert state[r.IR_POSITION_MM] == before


@pytest.mark.hazard
def test_a_carriage_stops_when_the_permit_ends(bench: Bench, way: Way, measure: Measurements) -> None:
    """许可中断后停车所需时间。From the last permit to the end of the move as the board reports it."""
    started(bench, way, MOVE + 1)
    bench.master.run(1_500)
    bench.master.permit_for = 0
    last_ms = bench.master.line.now_ms
    ended = bench.master.run_until(
        lambda: bench.master.state(way.address)[r.IR_END_REASON] == r.END_PERMIT_LOST, within_ms=3_000
    )
    assert ended
    if not bench.is_virtual:
        measure.check("permit lost to end of move", bench.master.line.now_ms - last_ms, "ms", high=r.PERMIT_MS + 100)


@pytest.mark.hazard
def test_a_carriage_reaches_its_target(bench: Bench, way: Way, measure: Measurements) -> None:
    """走到目标位置;记录误差与峰值电流。Position error and peak current of one whole move."""
    started(bench, way, MOVE + 2)
    ended = bench.master.run_until(
        lambda: bench.master.state(way.address)[r.IR_END_REASON] != r.END_NONE, within_ms=60_000
    )
    bench.master.permit_for = 0
    state = bench.master.state(way.address)
    assert ended
    assert state[r.IR_END_REASON] == r.END_REACHED
    measure.check("position error", state[r.IR_POSITION_MM] - way.target_mm, "mm", -15, 15)
    measure.check("peak current", state[r.IR_PEAK_MA], "mA", high=bench.motion.stall_ma)
