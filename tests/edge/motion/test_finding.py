"""Finding positions: one carriage at a time, from whatever is known outward."""

from dataclasses import replace

import pytest

from edge.devices import carriage_modbus
from edge.domain.aisles import FindStep, combine
from edge.domain.block import Column, Layout
from edge.motion.finding import Arm, Finding, Refer, next_act

LAYOUT = Layout(
    "B1-A", 450 + 2 * 700 + 900, (Column(1, 450, True, None), Column(2, 700, False, 2), Column(3, 700, False, 3)),
    900, 50, 4, 6, 18,
)  # fmt: skip
FIRST = FindStep(2, "left", 450)


class Block:
    """Columns 2 (touching the fixed end) and 3 (60 mm off the right wall), positions lost."""

    def __init__(self) -> None:
        self.reports = {}
        for column, left, right in ((2, 0, 840), (3, 840, 60)):
            silent = carriage_modbus.silent(column, column)
            self.reports[column] = replace(
                silent, online=True, age_ms=0, state="unknown", gap_left_mm=left, gap_right_mm=right,
                aisle_left="clear", aisle_right="clear", why_left="", why_right="",
            )  # fmt: skip
        self.finding = Finding(9, frozenset({2, 3}), None, "arming", 0)
        self.alive = True
        self.shaky: dict[int, str] = {}

    def say(self, column: int, **values: object) -> None:
        self.reports[column] = replace(self.reports[column], **values)

    def next(self, now_ms: int = 0):
        aisles = combine(LAYOUT, self.reports.values())
        self.finding, act = next_act(self.finding, LAYOUT, self.reports, self.shaky, aisles, self.alive, now_ms)
        return act

    def end(self) -> tuple[str, str, str]:
        assert self.next(50) is None
        return self.finding.phase, self.finding.ended, self.finding.fault


@pytest.fixture
def block() -> Block:
    return Block()


def test_each_carriage_is_armed_held_touched_and_told_where_it_is(block) -> None:
    assert block.next() == Arm(FIRST)
    block.say(2, state="find_armed")
    assert block.next(100) is None
    assert (block.finding.report(4000).phase, block.finding.report(4100).seconds_left) == ("armed", 6)
    block.say(2, state="found", end_reason="reached")
    assert block.next(5000) == Refer(2, 450)
    block.say(2, state="ready", position_mm=450)
    block.finding = block.finding.found(5100)
    assert block.next(5200) == Arm(FindStep(3, "right", 2050))
    block.say(3, state="finding")
    assert block.next(6000) is None
    assert block.finding.report(6000).columns == (3,)
    block.say(3, state="found", gap_right_mm=2)
    assert block.next(7000) == Refer(3, 2048)
    block.say(3, state="ready", position_mm=2048)
    block.finding = block.finding.found(7100)
    assert block.next(7200) is None
    assert (block.finding.phase, block.finding.ended) == ("ended", "reached")


def test_it_never_starts_beside_an_occupied_aisle(block) -> None:
    block.say(3, aisle_left="occupied", why_left="opened")
    assert block.end() == ("ended", "occupied", "neighbour_occupied")


def test_the_aisle_that_opens_behind_the_carriage_may_latch_but_nobody_may_step_in(block) -> None:
    block.next()
    block.say(2, state="finding", aisle_right="opening")
    block.say(3, aisle_left="occupied", why_left="opened")
    assert block.next(100) is None
    assert block.finding.phase == "moving"
    block.say(3, aisle_left="occupied", why_left="beam")
    assert block.end() == ("ended", "occupied", "neighbour_occupied")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"faults": ("stall",)}, ("fault", "stall")),
        ({"online": False}, ("fault", "board_silent")),
        ({"state": "unknown", "end_reason": "not_started"}, ("not_started", "")),
        ({"state": "unknown", "end_reason": "permit_lost"}, ("permit_lost", "")),
        ({"state": "unknown", "end_reason": "released"}, ("occupied", "neighbour_occupied")),
        ({"state": "unknown", "end_reason": "none"}, ("fault", "")),
    ],
)
def test_whatever_stops_the_carriage_ends_finding(block, values, expected) -> None:
    block.next()
    block.say(2, **values)
    assert block.end() == ("ended", *expected)


def test_without_the_node_it_ends(block) -> None:
    block.alive = False
    assert block.end() == ("ended", "permit_lost", "node_silent")
