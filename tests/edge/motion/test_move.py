"""One move, judged by what the boards report."""

from dataclasses import replace

import pytest

from edge.devices import carriage_modbus
from edge.domain.aisles import combine
from edge.domain.block import CarriageMove, CarriageReport, Column, Layout, MovePlan
from edge.motion.move import START_WITHIN_MS, Move, step

LAYOUT = Layout(
    "B1-A", 450 + 4 * 700 + 900, (Column(1, 450, True, None), *(Column(no, 700, False, no) for no in range(2, 6))),
    900, 50, 4, 6, 18,
)  # fmt: skip
PLAN = MovePlan(3, (CarriageMove(5, 2550, 3450, 0, "none"), CarriageMove(4, 1850, 2750, 600, "left")), (), 23)


def resting(column: int, **values: object) -> CarriageReport:
    silent = carriage_modbus.silent(column, column)
    clear = {"aisle_left": "clear", "aisle_right": "clear", "why_left": "", "why_right": "", "config_ok": True}
    return replace(silent, online=True, age_ms=0, state="ready", gap_left_mm=0, gap_right_mm=0, **(clear | values))


class Block:
    """Reports of columns 2 to 5, of which 4 and 5 move; ``judge`` is one step of the move."""

    def __init__(self) -> None:
        self.reports = {column: resting(column) for column in range(2, 6)}
        self.say((4, 5), state="armed", move_id=8)
        self.move = Move(8, PLAN, "armed", 0)
        self.shaky: dict[int, str] = {}
        self.node_alive = True

    def say(self, columns: tuple[int, ...], **values: object) -> None:
        for column in columns:
            self.reports[column] = replace(self.reports[column], **values)

    def judge(self, now_ms: int) -> tuple[str, str, str]:
        aisles = combine(LAYOUT, self.reports.values())
        self.move = step(self.move, self.reports, self.shaky, aisles, self.node_alive, now_ms)
        return self.move.phase, self.move.ended, self.move.fault


@pytest.fixture
def block() -> Block:
    return Block()


def moving(block: Block) -> None:
    block.say((4, 5), state="warning")
    assert block.judge(1000) == ("warning", "", "")
    block.say((5,), state="moving")
    assert block.judge(3000) == ("moving", "", "")
    block.say((4,), state="moving", aisle_left="opening")
    assert block.judge(3600) == ("moving", "", "")


def test_a_move_runs_from_armed_to_reached(block) -> None:
    assert block.judge(0) == ("armed", "", "")
    assert block.move.report(2500).seconds_left == 8
    moving(block)
    block.say((3,), aisle_right="occupied", why_right="opened")  # the standing neighbour latches the asked aisle
    assert block.judge(9000) == ("moving", "", "")
    block.say((5,), state="ready", end_reason="reached", move_id=0)
    assert block.judge(21000) == ("moving", "", "")
    block.say((4,), state="ready", end_reason="reached", move_id=0, aisle_left="occupied", why_left="opened")
    assert block.judge(22000) == ("ended", "reached", "")
    assert block.judge(23000) == ("ended", "reached", "")


@pytest.mark.parametrize("column", [4, 5])
@pytest.mark.parametrize(
    ("values", "shaky", "expected"),
    [
        ({"faults": ("stall",), "state": "fault", "end_reason": "fault"}, "", ("fault", "stall")),
        ({"online": False, "state": "offline"}, "", ("fault", "board_silent")),
        ({}, "board_silent", ("fault", "board_silent")),
        ({}, "board_garbled", ("fault", "board_garbled")),
        ({"state": "ready", "end_reason": "permit_lost"}, "", ("permit_lost", "")),
        ({"state": "ready", "end_reason": "stopped"}, "", ("stopped", "")),
        ({"state": "unknown", "end_reason": "none"}, "", ("fault", "")),  # reset in mid-move
    ],
)
def test_whatever_stops_one_carriage_ends_the_move(block, column, values, shaky, expected) -> None:
    moving(block)
    block.say((column,), **values)
    block.shaky = {column: shaky}
    assert block.judge(5000) == ("ended", *expected)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (3, {"aisle_right": "occupied", "why_right": "beam"}),  # somebody steps into the opening aisle
        (4, {"aisle_right": "occupied", "why_right": "opened"}),  # a gap between two movers became an aisle
        (5, {"aisle_right": "occupied", "why_right": "beam"}),
        (3, {"online": False}),  # the neighbour that watches the opening aisle fell silent
    ],
)
def test_an_occupied_aisle_beside_a_mover_ends_the_move(block, column, values) -> None:
    moving(block)
    block.say((column,), **values)
    assert block.judge(5000) == ("ended", "occupied", "neighbour_occupied")


def test_an_occupied_aisle_elsewhere_does_not(block) -> None:
    moving(block)
    block.say((2,), aisle_left="occupied", why_left="beam")
    assert block.judge(5000)[0] == "moving"


def test_the_asked_aisle_may_not_be_occupied_before_it_opens(block) -> None:
    block.say((3,), aisle_right="occupied", why_right="opened")
    assert block.judge(100) == ("ended", "occupied", "neighbour_occupied")


def test_without_the_node_it_ends(block) -> None:
    moving(block)
    block.node_alive = False
    assert block.judge(5000) == ("ended", "permit_lost", "node_silent")


def test_a_carriage_that_did_not_hear_start_ends_it_before_anything_moves(block) -> None:
    block.say((5,), state="warning")
    assert block.judge(1000)[0] == "warning"
    assert block.judge(1900)[0] == "warning"
    assert block.judge(2100) == ("ended", "fault", "not_all_started")


def test_nobody_pressed_start(block) -> None:
    assert block.judge(START_WITHIN_MS)[0] == "armed"
    block.say((4, 5), state="ready", end_reason="not_started", move_id=0)
    assert block.judge(START_WITHIN_MS + 100) == ("ended", "not_started", "")


def test_boards_that_stay_armed_beyond_their_time_are_stopped(block) -> None:
    assert block.judge(START_WITHIN_MS + 1100) == ("ended", "not_started", "")
