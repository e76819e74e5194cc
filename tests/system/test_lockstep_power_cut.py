"""Rule 7 of shelving-safety.md on the real firmware: after a power cut no motor turns before every aisle was walked."""

from __future__ import annotations

import pytest

from firmware import registers as r
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep

CARRIAGES = range(2, 10)


def found(node: Master, room: Lockstep) -> None:
    """One person holds Start while every carriage is found."""
    node.find_all(room.layout, lambda held: room.act("start_hold" if held else "start_release"))


def booted(open_aisle: int = 4) -> tuple[Lockstep, Master]:
    room = Lockstep(open_aisle=open_aisle)
    room.run(500)
    return room, Master(room)


def in_mid_move() -> tuple[Lockstep, Master]:
    """Walked, found, and carriage 5 has been on its way for a few seconds."""
    room, node = booted()
    room.do("walk_all")
    found(node, room)
    assert node.arm(5, 2550, r.SIDE_RIGHT, 20) == r.ACK_ACCEPTED
    node.permit_for = 20
    node.run(200)
    room.act("start_press")
    node.run(6_000)
    return room, node


def turned(room: Lockstep, before: dict[int, float]) -> bool:
    return room.plant.rail.pose_mm() != before


def try_everything(room: Lockstep, node: Master) -> set[int]:
    """A node that wants to move each carriage by every command there is, and a person who holds Start. The ACKs."""
    acks = set()
    room.act("start_hold")
    for address in CARRIAGES:
        for way in (r.SIDE_LEFT, r.SIDE_RIGHT):
            acks.add(node.command(address, r.CMD_FIND, move_id=9, arg=way))
        acks.add(node.arm(address, 2000, r.SIDE_RIGHT, 9))
    node.permit_for = 9
    room.act("start_release")
    node.run(300)
    room.act("start_press")
    node.run(3_000)
    node.permit_for = 0
    return acks


@pytest.mark.parametrize("aisle", range(1, 10))
def test_with_a_person_in_any_aisle_no_motor_turns_after_a_power_cut(aisle: int) -> None:
    room, node = booted(open_aisle=aisle)
    room.do("enter", aisle=aisle)
    room.cut_power()
    room.run(5_000)
    room.restore_power()
    room.run(500)
    before = room.plant.rail.pose_mm()
    for address in CARRIAGES:
        state = node.state(address)
        assert state[r.IR_POSITION_MM] == r.UNKNOWN
        assert {state[r.IR_AISLE_LEFT], state[r.IR_AISLE_RIGHT]} == {r.AISLE_OCCUPIED}
    assert try_everything(room, node) == {r.ACK_OCCUPIED}
    assert not turned(room, before)
    assert room.plant.violations == []


@pytest.mark.parametrize("forgotten", range(1, 10))
def test_one_forgotten_aisle_keeps_its_two_neighbours_still(forgotten: int) -> None:
    room, node = booted()
    for aisle in room.layout.aisles:
        if aisle != forgotten:
            room.do("walk", aisle=aisle)
    before = room.plant.rail.pose_mm()
    for address in {forgotten, forgotten + 1} & set(CARRIAGES):
        assert node.command(address, r.CMD_FIND, move_id=9, arg=r.SIDE_LEFT) == r.ACK_OCCUPIED
    assert not turned(room, before)


def test_a_power_cut_in_mid_move_resumes_nothing_and_every_aisle_is_occupied() -> None:
    room, node = in_mid_move()
    room.cut_power()
    room.run(2_000)
    room.restore_power()
    before = room.plant.rail.pose_mm()
    node.run(5_000)  # the node still renews the permit of the old move
    room.act("start_press")
    node.run(5_000)
    assert not turned(room, before)
    state = node.state(5)
    assert state[r.IR_POSITION_MM] == r.UNKNOWN
    assert {state[r.IR_AISLE_LEFT], state[r.IR_AISLE_RIGHT]} == {r.AISLE_OCCUPIED}
    assert room.plant.violations == []


def test_a_watchdog_reset_in_mid_move_is_a_latched_fault_and_never_resumed() -> None:
    room, node = in_mid_move()
    room.restart_board(5, "watchdog")
    room.run(1_000)
    before = room.plant.rail.pose_mm()
    state = node.state(5)
    bits = state[r.IR_FAULTS_HI] << 16 | state[r.IR_FAULTS_LO]
    assert bits & dict(r.FAULTS)["reset_in_motion"]
    node.run(3_000)
    assert not turned(room, before)
    assert room.plant.violations == []


def test_after_walking_every_aisle_positions_are_found_with_held_start_only() -> None:
    room, node = booted()
    room.cut_power()
    room.run(1_000)
    room.restore_power()
    room.run(500)
    room.do("walk_all")
    found(node, room)
    assert [node.state(address)[r.IR_RUN_STATE] for address in CARRIAGES] == [r.STATE_READY] * 8
    assert room.plant.violations == []


def test_finding_moves_slowly_and_only_while_start_is_held() -> None:
    room, node = booted()
    room.act("push", column=4, by_mm=300)  # pushed away from its neighbour while the power was off
    room.cut_power()
    room.restore_power()
    room.run(500)
    room.do("walk_all")
    node.permit_for = 30
    assert node.command(4, r.CMD_FIND, move_id=30, arg=r.SIDE_LEFT) == r.ACK_ACCEPTED
    room.act("start_hold")
    node.run(4_000)
    carriage = room.plant.rail.carriages[4]
    assert -26 < carriage.speed_mm_s < -10  # 25 mm/s, and the ripple of its control
    room.act("start_release")
    node.run(200)
    stopped_at = carriage.x_mm
    node.run(2_000)
    assert carriage.x_mm == stopped_at
    assert room.plant.violations == []
