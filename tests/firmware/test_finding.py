"""Shelving-safety rule 7: positions are found under one held Start, carriage after carriage, and under nothing else."""

from rig import MOVE, Rig

from firmware import registers as r

PRESSED = "start_released"  # the input's name says its resting state


def hear(rig, move_id, ms):
    """The node wants ``move_id`` on the bus; this board may not be part of it yet."""
    for _ in range(0, ms, 100):
        rig.permit(move_id=move_id)
        rig.run(100)


def walked():
    rig = Rig()
    rig.gap_left_mm, rig.gap_right_mm = 0, 0
    rig.run(50)
    for side in ("left", "right"):
        rig.walk(side)
    return rig


def find(rig, move_id=MOVE):
    """CMD_FIND to the left; the answer of its self-test."""
    refused = rig.motion.find(rig.safety, rig.snap, move_id, r.SIDE_LEFT, 0)
    if refused:
        return refused
    while rig.motion.ack is None:
        rig.loop()
    return rig.motion.ack


def test_rule_7_a_start_held_since_an_earlier_carriage_of_this_finding_counts():
    rig = walked()
    hear(rig, MOVE, 300)
    rig.open.add(PRESSED)
    hear(rig, MOVE, 300)
    assert find(rig) == r.ACK_ACCEPTED
    rig.run(300)
    assert rig.state() == r.STATE_FOUND


def test_rule_7_a_start_held_since_before_this_finding_does_not_count():
    rig = walked()
    rig.open.add(PRESSED)
    rig.run(300)
    hear(rig, MOVE, 300)
    assert find(rig) == r.ACK_ACCEPTED
    rig.run(1000)
    assert rig.state() == r.STATE_FIND_ARMED
    assert rig.peak_duty == 0


def test_rule_7_a_start_held_for_another_move_does_not_count():
    rig = walked()
    hear(rig, MOVE + 1, 300)
    rig.open.add(PRESSED)
    hear(rig, MOVE + 1, 300)
    assert find(rig) == r.ACK_ACCEPTED
    rig.run(1000)
    assert rig.state() == r.STATE_FIND_ARMED


def test_rule_7_a_held_start_moves_nothing_once_the_permit_is_gone():
    rig = walked()
    hear(rig, MOVE, 300)
    rig.open.add(PRESSED)
    hear(rig, MOVE, 300)
    rig.permits = False
    assert find(rig) == r.ACK_ACCEPTED
    rig.run(1000)
    assert rig.state() == r.STATE_FIND_ARMED
    assert rig.peak_duty == 0


def test_rule_7_after_stop_a_start_still_held_moves_nothing():
    rig = walked()
    hear(rig, MOVE, 300)
    rig.open.add(PRESSED)
    hear(rig, MOVE, 300)
    rig.motion.stop(rig.safety)
    assert find(rig) == r.ACK_ACCEPTED
    rig.run(1000)
    assert rig.state() == r.STATE_FIND_ARMED
    rig.open.remove(PRESSED)
    rig.run(200)
    rig.press(PRESSED)
    assert rig.state() == r.STATE_FOUND
