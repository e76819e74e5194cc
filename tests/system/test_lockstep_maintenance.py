"""Rule 14 in the wires: whole boards on a bus, a key, a padlock and a control point, and a node that lies."""

from __future__ import annotations

import pytest
from test_lockstep_rules import RIGHT, SMALL, ready, turned

from firmware import registers as r


def drives(room, node, way: str, ms: int) -> float:
    """mm/s that the right carriage reached while its button was held for so long."""
    fastest = 0.0
    room.act("jog_hold", column=RIGHT, way=way)
    for _ in range(ms // 50):
        node.run(50)
        fastest = max(fastest, abs(room.plant.rail.carriages[RIGHT].speed_mm_s))
    room.act("jog_release")
    node.run(500)
    return fastest


def test_rule_14_only_the_named_carriage_moves_held_slow_and_stops_when_let_go() -> None:
    room, node = ready()
    room.act("key")
    node.permit_for = r.LOCAL_MOVE_ID
    node.run(200)
    at_mm = room.plant.rail.pose_mm()
    assert 15 < drives(room, node, "right", 6000) <= r.LOCAL_MOST_MM_S * 1.1
    now_mm = room.plant.rail.pose_mm()
    assert now_mm[RIGHT] > at_mm[RIGHT] + 30
    assert {no: mm for no, mm in now_mm.items() if no != RIGHT} == {no: mm for no, mm in at_mm.items() if no != RIGHT}
    assert node.state(RIGHT)[r.IR_END_REASON] == r.END_RELEASED
    assert not turned(room, 1000)
    assert room.plant.violations == []


def test_rule_14_a_node_that_lies_moves_nothing_under_the_key_and_lets_nothing_go_faster() -> None:
    room, node = ready()
    room.act("key")
    node.run(100)
    for move_id in (5, r.LOCAL_MOVE_ID):
        node.permit_for = move_id
        refused = r.ACK_MAINTENANCE
        assert node.arm(RIGHT, 2050, r.SIDE_LEFT, move_id) == refused
        assert node.command(RIGHT, r.CMD_FIND, move_id=move_id, arg=r.SIDE_RIGHT, speed=50) == refused
        room.act("start_press")
        node.run(3000)
    assert not turned(room, 500)
    assert drives(room, node, "right", 6000) <= r.LOCAL_MOST_MM_S * 1.1
    assert room.plant.violations == []


def test_rule_14_key_back_starts_nothing_and_the_whole_block_is_walked_before_anything_is_taken() -> None:
    room, node = ready()
    room.act("key")
    node.permit_for = r.LOCAL_MOVE_ID
    node.run(200)
    drives(room, node, "right", 4000)
    room.act("key", turned=False)
    node.permit_for = 9
    room.act("start_press")
    assert not turned(room, 3000)
    for column in SMALL.columns[1:]:
        state = node.state(column.no)
        assert (state[r.IR_AISLE_LEFT], state[r.IR_AISLE_RIGHT]) == (r.AISLE_OCCUPIED, r.AISLE_OCCUPIED)
        assert state[r.IR_POSITION_MM] != r.UNKNOWN
    assert node.arm(RIGHT, 2050, r.SIDE_LEFT, 9) == r.ACK_OCCUPIED
    room.do("walk_all")
    assert node.arm(RIGHT, 2050, r.SIDE_LEFT, 9) == r.ACK_ACCEPTED
    assert room.plant.violations == []


@pytest.mark.parametrize("when", ["moving", "at rest"])
def test_rule_14_a_padlock_in_the_isolator_takes_every_enable_and_its_removal_starts_nothing(when: str) -> None:
    room, node = ready()
    if when == "moving":
        assert node.arm(RIGHT, 2050, r.SIDE_LEFT, 5) == r.ACK_ACCEPTED
        node.permit_for = 5
        node.run(200)
        room.act("start_press")
        assert node.run_until(lambda: room.plant.wiring.motor_drive(RIGHT) != 0.0, 4000)
    room.act("padlock")
    node.run(300)
    assert not any(out.enable for out in room.plant.wiring.outputs.values())
    assert not any(k.closed for pair in room.plant.wiring.contactors.values() for k in pair)
    assert node.state(RIGHT)[r.IR_RUN_STATE] == r.STATE_LOCKED
    assert node.faults(RIGHT) == set()
    assert node.arm(RIGHT, 2050, r.SIDE_LEFT, 6) == r.ACK_LOCKED
    room.act("padlock", on=False)
    room.act("start_press")
    assert not turned(room, 3000)
    assert node.arm(RIGHT, 2050, r.SIDE_LEFT, 6) == r.ACK_OCCUPIED
    assert room.plant.violations == []
