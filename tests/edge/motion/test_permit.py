"""Permits are renewed only for a move, and only while the node's heart beats; boards take them as theirs."""

from edge.motion.permit import HEARTBEAT_MS, Permit
from firmware.carriage.permit import Permit as OnBoard


def test_no_move_no_permit_and_no_heartbeat_no_permit() -> None:
    permit = Permit(node=77)
    permit.grant(5)
    assert permit.renewal(0) is None
    permit.heartbeat(0)
    assert permit.renewal(HEARTBEAT_MS) is not None
    assert permit.renewal(HEARTBEAT_MS + 1) is None
    permit.heartbeat(1000)
    assert permit.renewal(1000) is not None
    permit.withdraw()
    assert permit.renewal(1000) is None


def test_a_board_counts_every_renewal_even_when_the_number_wraps() -> None:
    permit, board = Permit(node=77), OnBoard()
    permit.grant(5)
    permit.heartbeat(0)
    board.expect(5)
    assert all(board.renew(0, *permit.renewal(0)) for _ in range(70_000))


def test_a_board_ignores_the_permit_of_another_move() -> None:
    permit, board = Permit(node=77), OnBoard()
    permit.grant(6)
    permit.heartbeat(0)
    board.expect(5)
    assert not board.renew(0, *permit.renewal(0))
