"""The circuits of a block, pressed and broken by hand one after the other, and each must be seen where it belongs.

Commissioning proves the map, not the list (shelving-safety.md rule 13).
"""

from __future__ import annotations

import pytest

from hardware_tests.bench import Bench
from hardware_tests.measurements import Measurements


def carriages(bench: Bench) -> list[int]:
    return [column.address for column in bench.layout.columns if column.address is not None]


def beside(bench: Bench, aisle: int) -> list[tuple[int, str]]:
    """(board, side on which it has this aisle)."""
    found = []
    for column in bench.layout.columns:
        if column.address is not None and column.no in (aisle, aisle + 1):
            found.append((column.address, "right" if column.no == aisle else "left"))
    return found


def test_estop_reaches_every_board(bench: Bench) -> None:
    """急停按下,每块板都看到并锁存;复位后清除。Every board sees the e-stop and latches it."""
    bench.person("estop_press")
    bench.master.run(200)
    try:
        for address in carriages(bench):
            assert "estop_ok" in bench.master.open_inputs(address), address
            assert "estop" in bench.master.faults(address), address
    finally:
        bench.person("estop_release")
        bench.person("reset_press")
    for address in carriages(bench):
        assert bench.master.faults(address) == set(), address


def test_inputs_rest_when_nobody_touches_anything(bench: Bench, measure: Measurements) -> None:
    """静止时所有回路闭合。All circuits are closed while nobody touches anything."""
    resting = {"contact_left_open", "contact_right_open"}
    for address in carriages(bench):
        open_now = bench.master.open_inputs(address) - resting
        measure.check(f"open circuits of board {address}", len(open_now), "", high=0)


@pytest.mark.parametrize("which", ["deep", "mouth"])
def test_reset_buttons_of_the_open_aisle_reach_both_neighbours_only(bench: Bench, which: str) -> None:
    """复位按钮只到达相邻两块板。An aisle's reset button reaches the two boards beside it and no other."""
    from firmware import registers as r

    gaps = {address: bench.master.state(address)[r.IR_GAP_RIGHT_MM] for address in carriages(bench)}
    aisle = max(gaps, key=lambda address: gaps[address])
    expected = {address: f"{which}_{side}_released" for address, side in beside(bench, aisle)}
    bench.person("press_button", which=which, aisle=aisle)
    assert expected  # the layout has a board beside its open aisle
    for address in carriages(bench):
        seen = {name for name in bench.master.open_inputs(address) if name.startswith(("deep", "mouth"))}
        assert seen <= {expected.get(address, "")}, address


def test_the_beam_of_the_open_aisle_makes_it_occupied(bench: Bench) -> None:
    """光束被遮挡,该通道即为占用;走一遍复位后清除。A broken beam occupies the aisle until it was walked."""
    from firmware import registers as r

    gaps = {address: bench.master.state(address)[r.IR_GAP_RIGHT_MM] for address in carriages(bench)}
    aisle = max(gaps, key=lambda address: gaps[address])
    register = {"left": r.IR_AISLE_LEFT, "right": r.IR_AISLE_RIGHT}
    bench.person("enter", aisle=aisle)
    for address, side in beside(bench, aisle):
        assert f"beam_{side}_ok" in bench.master.open_inputs(address), address
    bench.person("leave", aisle=aisle)
    for address, side in beside(bench, aisle):
        assert bench.master.state(address)[register[side]] == r.AISLE_OCCUPIED, address
    bench.person("walk", aisle=aisle)
    for address, side in beside(bench, aisle):
        assert bench.master.state(address)[register[side]] == r.AISLE_CLEAR, address
