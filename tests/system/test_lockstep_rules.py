"""Rules 9, 10, 11 and 16 of shelving-safety.md in the wires: what opens the room, and hands that free somebody."""

from __future__ import annotations

import pytest

from edge.domain.block import Column, Layout
from firmware import registers as r
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep
from hardware_tests.virtual.rail import SKEW_MM

LEFT, RIGHT = 2, 3  # two carriages; aisle 3, beside the wall, stands open
SMALL = Layout(
    "B1-A",
    450 + 2 * 700 + 900,
    (Column(1, 450, True, None), Column(LEFT, 700, False, LEFT), Column(RIGHT, 700, False, RIGHT)),
    900, 50, 1, 1, 1,
)  # fmt: skip
OPENS_THE_ROOM = {
    "estop": (("estop_press", {}), ("estop_release", {})),
    "fire": (("fire", {}), ("fire", {"on": False})),
    "gas": (("gas", {}), ("gas", {"on": False})),
    "leak": (("wet", {"place": 21}), ("wet", {"place": 21, "on": False})),
    "tilt": (("tilted", {"column": RIGHT}), ("tilted", {"column": RIGHT, "on": False})),
    "crank": (("crank", {"column": RIGHT}), ("crank", {"column": RIGHT, "inserted": False})),
}


def ready() -> tuple[Lockstep, Master]:
    room = Lockstep(SMALL, places={21: "floor"}, open_aisle=3)
    room.run(500)
    room.do("walk_all")
    Master(room).find_all(SMALL, lambda held: room.act("start_hold" if held else "start_release"))
    return room, Master(room, first_seq=1000)


def turned(room: Lockstep, ms: int) -> bool:
    """Whether a motor had voltage within the next ``ms``."""
    return room.run_until(lambda: any(one.drive for one in room.plant.rail.carriages.values()), ms)


@pytest.mark.parametrize("fault", OPENS_THE_ROOM)
def test_rules_9_and_11_what_opens_the_room_puts_start_out_and_its_end_starts_nothing(fault: str) -> None:
    room, node = ready()
    assert node.arm(RIGHT, 2050, r.SIDE_LEFT, 5) == r.ACK_ACCEPTED
    node.permit_for = 5
    node.run(200)
    assert room.plant.wiring.start_lamp
    (cause, cause_args), (mend, mend_args) = OPENS_THE_ROOM[fault]
    room.act(cause, **cause_args)
    node.run(150)
    assert fault in node.faults(RIGHT)
    assert not room.plant.wiring.start_lamp
    room.act(mend, **mend_args)
    room.act("start_press")
    assert not turned(room, 2600)
    assert fault in node.faults(RIGHT), "its end is not its reset"
    room.do("reset_press")
    assert node.faults(RIGHT) == set()
    room.act("start_press")
    assert not turned(room, 2600), "nor does Start go on with what was armed"
    assert room.plant.violations == []


def test_rules_8_and_9_a_carriage_whose_far_end_is_held_stops_askew_and_goes_on_only_straight_walked_and_found() -> (
    None
):
    room, node = ready()
    assert node.arm(RIGHT, 2050, r.SIDE_LEFT, 5) == r.ACK_ACCEPTED
    node.permit_for = 5
    node.run(200)
    room.act("start_press")
    node.run(r.WARNING_MS + 2000)
    carriage = room.plant.rail.carriages[RIGHT]
    assert carriage.drive
    room.act("far_end_held", column=RIGHT)
    node.run(2000)
    assert carriage.drive == 0 == carriage.speed_mm_s
    assert SKEW_MM < carriage.askew_mm < SKEW_MM + 20
    state = node.state(RIGHT)
    assert node.faults(RIGHT) == {"skew"} and state[r.IR_POSITION_MM] == r.UNKNOWN
    assert (state[r.IR_AISLE_LEFT], state[r.IR_AISLE_RIGHT]) == (r.AISLE_OCCUPIED, r.AISLE_OCCUPIED)
    room.do("reset_press")
    assert node.faults(RIGHT) == {"skew"}, "still askew"
    room.act("far_end_held", column=RIGHT, on=False)
    node.run(100)
    assert node.faults(RIGHT) == {"skew"}, "its end is not its reset"
    room.do("reset_press")
    assert node.faults(RIGHT) == set()
    room.act("start_press")
    assert not turned(room, 2600)
    assert room.plant.violations == []


@pytest.mark.parametrize(("broken", "fault"), [("uncoupled", "no_progress"), ("shorted_winding", "over_current")])
def test_rule_9_a_motor_that_turns_nothing_or_draws_too_much_is_named_and_needs_a_new_choice(
    broken: str, fault: str
) -> None:
    room, node = ready()
    assert node.arm(RIGHT, 2050, r.SIDE_LEFT, 5) == r.ACK_ACCEPTED
    node.permit_for = 5
    room.act(broken, column=RIGHT)
    room.act("start_press")
    node.run(5_000)
    assert node.faults(RIGHT) == {fault}
    room.act(broken, column=RIGHT, on=False)
    room.do("reset_press")
    assert node.faults(RIGHT) == set()
    assert (node.state(RIGHT)[r.IR_POSITION_MM] == r.UNKNOWN) == (fault == "no_progress")
    room.act("start_press")
    assert not turned(room, 2600)
    assert room.plant.violations == []


@pytest.mark.parametrize("powered", [True, False])
def test_rules_10_and_16_hands_move_a_carriage_with_power_on_or_off_and_then_nothing_is_believed(
    powered: bool,
) -> None:
    room, node = ready()
    if not powered:
        room.cut_power()
    stood_mm = room.plant.rail.carriages[RIGHT].x_mm
    room.do("push", column=RIGHT, by_mm=200)
    assert room.plant.rail.carriages[RIGHT].x_mm == stood_mm + 200
    if not powered:
        room.restore_power()
    room.run(500)
    state = node.state(RIGHT)
    assert state[r.IR_POSITION_MM] == r.UNKNOWN
    assert (state[r.IR_AISLE_LEFT], state[r.IR_AISLE_RIGHT]) == (r.AISLE_OCCUPIED, r.AISLE_OCCUPIED)
    room.act("start_hold")
    assert not turned(room, 3000)
    assert room.plant.violations == []
