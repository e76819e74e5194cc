"""Parking and ventilation with the real firmware and plant in lock-step, as the planner sends them to the boards."""

from __future__ import annotations

import pytest

from edge.domain.aisles import gaps_mm
from edge.domain.block import MovePlan
from edge.domain.poses import plan_pose
from firmware import registers as r
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep

SIDES = {"none": r.SIDE_NONE, "left": r.SIDE_LEFT, "right": r.SIDE_RIGHT}


@pytest.fixture
def room() -> Lockstep:
    bench = Lockstep()
    bench.run(500)
    bench.do("walk_all")
    Master(bench).find_all(bench.layout, lambda held: bench.act("start_hold" if held else "start_release"))
    return bench


def positions(room: Lockstep, node: Master) -> list[int]:
    fixed = {column.no: 0 for column in room.layout.columns if column.fixed}
    boards = [column for column in room.layout.columns if column.address is not None]
    at = fixed | {column.no: node.state(column.address or 0)[r.IR_POSITION_MM] for column in boards}
    return [at[column.no] for column in room.layout.columns]


def carried_out(room: Lockstep, node: Master, plan: MovePlan, move_id: int) -> None:
    for move in plan.moves:
        ack = node.arm(move.column, move.to_mm, SIDES[move.opens], move_id, move.start_delay_ms)
        assert ack == r.ACK_ACCEPTED, move
    node.permit_for = move_id
    node.run(300)
    room.act("start_press")
    node.run((plan.duration_s + 5) * 1000)
    ends = {move.column: node.state(move.column)[r.IR_END_REASON] for move in plan.moves}
    assert set(ends.values()) == {r.END_REACHED}, ends
    assert room.plant.violations == []


def occupied(room: Lockstep, node: Master) -> set[int]:
    found = set()
    for column in room.layout.columns:
        if column.address is not None:
            state = node.state(column.address)
            found |= {column.no - 1} if state[r.IR_AISLE_LEFT] == r.AISLE_OCCUPIED else set()
            found |= {column.no} if state[r.IR_AISLE_RIGHT] == r.AISLE_OCCUPIED else set()
    return found


def lit(room: Lockstep) -> set[int]:
    """Aisles with a lamp on at either side."""
    outputs = room.plant.wiring.outputs
    left = {no - 1 for no, out in outputs.items() if out.aisle_lights & 1}
    return left | {no for no, out in outputs.items() if out.aisle_lights & 2}


def test_rule_5_a_ventilated_block_has_a_gap_everywhere_and_no_aisle_that_counts_as_occupied(room) -> None:
    node = Master(room, first_seq=1000)
    plan = plan_pose(room.layout, positions(room, node), "ventilate")
    assert plan.aisle is None
    carried_out(room, node, plan, 70)
    gaps = gaps_mm(room.layout, positions(room, node))
    assert all(60 <= gaps[no] <= r.AISLE_LATCH_MM for no in room.layout.aisles)
    assert occupied(room, node) == set()


def test_rule_5_a_parked_block_leaves_the_aisle_at_the_wall_occupied_and_no_other(room) -> None:
    node = Master(room, first_seq=1000)
    carried_out(room, node, plan_pose(room.layout, positions(room, node), "ventilate"), 70)
    plan = plan_pose(room.layout, positions(room, node), "park")
    carried_out(room, node, plan, 71)
    assert plan.aisle == room.layout.aisles[-1]
    assert occupied(room, node) == lit(room) == {plan.aisle}, "the lamps agree with the boards"
