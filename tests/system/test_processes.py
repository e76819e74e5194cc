"""Programs killed in mid-move: the boards stop by themselves, and the record of the move is closed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from panel_keys import wait_for
from whole_room import Moving, WholeRoom, body, stands

pytestmark = pytest.mark.live

STILL_MS = 1_500  # of plant time; the permit lapses after 300 ms and a carriage takes a moment to brake


@dataclass
class Killed:
    """What was seen after a program was killed in mid-move. ``stood_ms``: how long this machine itself stood still."""

    move: Moving
    still_ms: float
    stood_ms: float
    pose_before_restart: list[int]
    pose_after_restart: list[int]
    ends: list[dict[str, Any]]
    queue: list[dict[str, Any]]


@pytest.fixture(scope="module")
def node_killed(storeroom: WholeRoom) -> Killed:
    storeroom.ready()
    move = storeroom.start_moving()
    began_ms = storeroom.time_ms()
    storeroom.kill(storeroom.demo.scene.programs["node"].pid)
    still_ms = storeroom.ms_until_still()
    stood_ms = storeroom.stood_still_ms(began_ms)
    before = storeroom.pose_mm()
    wait_for("the node is gone", lambda: not storeroom.demo.scene.programs["node"].running)
    storeroom.start_node()
    wait_for("the record is closed", storeroom.no_open_move)
    ends = [body(event) for event in storeroom.events(move.after, "move.ended")]
    storeroom.stays_still(2)
    after, queue = storeroom.pose_mm(), storeroom.snapshot()["queue"]
    return Killed(move, still_ms, stood_ms, before, after, ends, queue)


@pytest.fixture(scope="module")
def motion_killed(storeroom: WholeRoom) -> Killed:
    storeroom.ready()
    move = storeroom.start_moving()
    began_ms = storeroom.time_ms()
    storeroom.kill(storeroom.process("edge.motion"))
    still_ms = storeroom.ms_until_still()
    stood_ms = storeroom.stood_still_ms(began_ms)
    before = storeroom.pose_mm()
    wait_for("the panel says that the block is silent", lambda: "motion_silent" in storeroom.snapshot()["faults"])
    wait_for("it was started again", lambda: storeroom.process("edge.motion"))
    wait_for("the block is heard again", lambda: storeroom.block()["alive"])
    wait_for("the panel's fault is over", lambda: "motion_silent" not in storeroom.snapshot()["faults"])
    wait_for("the record is closed", storeroom.no_open_move)
    ends = [body(event) for event in storeroom.events(move.after, "move.ended")]
    after, queue = storeroom.pose_mm(), storeroom.snapshot()["queue"]
    return Killed(move, still_ms, stood_ms, before, after, ends, queue)


def test_the_boards_stop_by_themselves_when_the_node_is_killed_in_mid_move(node_killed: Killed):
    assert node_killed.still_ms < STILL_MS + node_killed.stood_ms


def test_after_its_restart_the_node_closes_the_move_it_died_in_and_offers_the_request_again(node_killed: Killed):
    assert [end["ended"] for end in node_killed.ends] == ["node_restarted"]
    assert [(one["loan"], one["state"]) for one in node_killed.queue] == [(node_killed.move.loan_id, "approved")]


def test_a_restarted_node_moves_nothing(node_killed: Killed):
    assert stands(node_killed.pose_after_restart, node_killed.pose_before_restart)


def test_the_boards_stop_by_themselves_when_the_motion_process_is_killed_in_mid_move(motion_killed: Killed):
    assert motion_killed.still_ms < STILL_MS + motion_killed.stood_ms


def test_the_motion_process_comes_back_alone_and_its_move_is_closed(motion_killed: Killed):
    assert [end["ended"] for end in motion_killed.ends] in (["motion_restarted"], ["motion_silent"])
    assert stands(motion_killed.pose_after_restart, motion_killed.pose_before_restart)
    assert [(one["loan"], one["state"]) for one in motion_killed.queue] == [(motion_killed.move.loan_id, "approved")]
