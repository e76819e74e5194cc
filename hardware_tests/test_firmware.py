"""The boards' program on this station: how long its loop takes, what it says about itself, what it remembers."""

from __future__ import annotations

import pytest

from firmware import registers as r
from firmware.loop import CONTROL_MS
from hardware_tests.bench import Bench
from hardware_tests.measurements import Measurements

LOOP_MS = 5  # a loop's own work may take this long
SAFETY_INPUT_MS = 5  # the longest that a safety input may stay unread with the enable on


def carriages(bench: Bench) -> list[int]:
    return [column.address for column in bench.layout.columns if column.address is not None]


def test_the_control_loop_is_never_late(bench: Bench, measure: Measurements) -> None:
    """控制循环的最长间隔（静止，总线忙）。The longest control loop of each board while its bus is busy."""
    for address in carriages(bench):
        bench.master.state(address)
        for _ in range(50):
            bench.master.state(address)
        longest = max(bench.master.state(address)[r.IR_LOOP_MAX_MS] for _ in range(50))
        measure.check(f"longest loop of board {address}", longest, "ms", high=CONTROL_MS + LOOP_MS)


@pytest.mark.hazard
def test_the_control_loop_is_never_late_in_a_move(bench: Bench, measure: Measurements) -> None:
    """移动中控制循环的最长间隔。The same while a carriage of the block looks for its place under a held Start."""
    bench.person("walk_all")
    longest: dict[int, int] = {}
    unread: dict[int, int] = {}

    def hold(held: bool) -> None:
        bench.person("start_hold" if held else "start_release")
        for address in carriages(bench):
            state = bench.master.state(address)
            longest[address] = max(longest.get(address, 0), state[r.IR_LOOP_MAX_MS])
            unread[address] = max(unread.get(address, 0), state[r.IR_LOOK_MAX_MS])

    bench.master.find_all(bench.layout, hold)
    for address, ms in longest.items():
        measure.check(f"longest loop of board {address} in a move", ms, "ms", high=CONTROL_MS + LOOP_MS)
        measure.check(f"safety inputs of board {address} unread in a move", unread[address], "ms", high=SAFETY_INPUT_MS)


def test_every_board_runs_this_release_and_its_flash_is_readable(bench: Bench) -> None:
    """每块板运行本版本，闪存可读。Every board runs this release from a proved image; nothing of its log is lost."""
    for address in (*carriages(bench), *bench.sensors):
        who = bench.master.block(address, r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
        own = bench.master.block(address, r.IR_SELF, r.IR_SELF_COUNT)
        assert (who[r.IR_FIRMWARE_VERSION], who[r.IR_MAP_VERSION]) == (r.FIRMWARE_VERSION, r.MAP_VERSION), address
        assert who[r.IR_FLASH_OK] == 1, address
        assert own[r.IR_SLOT] in (r.SLOT_A, r.SLOT_B), address
        assert own[r.IR_LOG_LOST] == 0, address
