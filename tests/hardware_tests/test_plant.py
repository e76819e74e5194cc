"""The physics of the virtual bench: bodies do not overlap, wires win over software, people are watched over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware import board
from hardware_tests.virtual.acts import ACTS, act
from hardware_tests.virtual.electrics import carriage_answer, outputs_from_pins, sensor_answer
from hardware_tests.virtual.faults import inject
from hardware_tests.virtual.layouts import demo_layout
from hardware_tests.virtual.people import ActRefused
from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.wiring import BoardOutputs

SLOT = "B1-A-04-R-02-4-07"  # looks into aisle 4, which stands open
LAYOUT = demo_layout()
RUNS = BoardOutputs(enable=True, brake_release=True, warning=True, drive=-0.6)


def plant() -> Plant:
    return Plant.build(LAYOUT)


def drive(room: Plant, column: int, duty: float) -> None:
    room.wiring.outputs[column] = BoardOutputs(enable=True, brake_release=True, warning=True, drive=duty)


def started_properly(room: Plant) -> None:
    """Reset every aisle, warn for two seconds, press Start: what firmware would have seen to."""
    act(room, "walk_all")
    room.advance(25_000)
    for column in room.rail.carriages:
        room.wiring.outputs[column] = BoardOutputs(warning=True)
    act(room, "start_press")
    room.advance(2_500)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(2, 9), st.floats(-1.0, 1.0), st.integers(100, 3000), st.floats(0.0, 0.6)),
        min_size=1,
        max_size=8,
    )
)
def test_columns_never_overlap_nor_leave_the_rail_whatever_drives_them(drives) -> None:
    room = plant()
    for column, duty, ms, slip in drives:
        drive(room, column, duty)
        room.rail.carriages[column].slip = slip
        room.advance(ms)
        gaps = [room.rail.gap_mm(aisle) for aisle in LAYOUT.aisles]
        assert min(gaps) >= -1e-6
        assert sum(gaps) == pytest.approx(LAYOUT.free_mm, abs=1e-6)


def test_the_same_acts_give_the_same_run() -> None:
    def run() -> list[float]:
        room = plant()
        drive(room, 5, -0.6)
        for _ in range(200):
            room.advance(13.7)
        return list(room.rail.pose_mm().values())

    assert run() == run()


@pytest.mark.parametrize(
    "open_it",
    [
        lambda room: act(room, "estop_press"),
        lambda room: act(room, "fire", on=True),
        lambda room: act(room, "gas", on=True),
        lambda room: act(room, "wet", place="north wall"),
        lambda room: act(room, "crank", column=8),
        lambda room: act(room, "enter", aisle=4, stand_in_beam=True),
        lambda room: inject(room, "broken_circuit", column=9, circuit="edge_left"),
        lambda room: setattr(room.wiring.outputs[7], "room_drop", True),
        lambda room: room.cut_power(),
    ],
    ids=["e-stop", "fire", "gas", "leak", "crank", "beam", "edge", "another board", "power"],
)
def test_rule_1_no_motor_turns_once_any_member_opens_the_chain_whatever_firmware_says(open_it) -> None:
    room = plant()
    room.wiring.outputs[5] = RUNS
    room.advance(1_000)
    before = room.rail.carriages[5].x_mm
    assert room.rail.carriages[5].speed_mm_s < -10
    open_it(room)
    room.advance(300)
    stopped = room.rail.carriages[5].x_mm
    assert before - stopped < 15
    room.wiring.outputs[5] = RUNS
    room.advance(3_000)
    assert room.rail.carriages[5].x_mm == stopped
    assert not room.wiring.chain


def test_one_welded_contactor_still_stops_the_motor_and_tells_on_itself() -> None:
    room = plant()
    room.wiring.outputs[5] = RUNS
    room.advance(500)
    inject(room, "welded_contactor", column=5)
    act(room, "estop_press")
    room.advance(500)
    assert room.wiring.motor_drive(5) == 0.0
    assert not room.wiring.inputs_of(5, (False, False))["contactor_open"]


def test_a_set_brake_holds_against_the_motor() -> None:
    room = plant()
    room.wiring.outputs[5] = BoardOutputs(enable=True, brake_release=False, drive=-1.0)
    room.advance(1_000)
    assert room.rail.carriages[5].x_mm == 3450


def test_a_stool_stops_a_carriage_presses_its_edge_and_loads_the_motor() -> None:
    room = plant()
    inject(room, "obstacle", aisle=4, width_mm=300)
    inject(room, "silent_circuit", column=5, circuit="edge_left")
    room.wiring.outputs[5] = RUNS
    room.advance(15_000)
    stool = room.obstacles["obstacle 4"]
    assert room.rail.carriages[5].x_mm == pytest.approx(stool.right_mm - 60, abs=1)
    assert room.rail.touched(4, "right")
    assert room.rail.carriages[5].motor_ma > 2_000


def test_a_pressed_edge_opens_the_chain_before_the_face_is_hit() -> None:
    room = plant()
    inject(room, "obstacle", aisle=4, width_mm=300)
    room.wiring.outputs[5] = RUNS
    room.advance(15_000)
    assert room.rail.carriages[5].x_mm > room.obstacles["obstacle 4"].right_mm - 10
    assert not room.wiring.circuit_closed(5, "edge_left")


def test_a_slipping_wheel_counts_more_than_the_carriage_moves() -> None:
    room = plant()
    inject(room, "slipping", column=5, share=0.5)
    drive(room, 5, -0.6)
    room.advance(3_000)
    moved = 3450 - room.rail.carriages[5].x_mm
    assert -room.rail.carriages[5].wheel_mm == pytest.approx(2 * moved, rel=0.01)


OPENED = {
    "test_absent": set(),
    "test_contacts": {"crank_out", "level_ok", "straight_ok", "fire_ok", "gas_ok", "leak_ok"},
}


def test_test_outputs_open_exactly_their_own_circuit() -> None:
    for name in board.TEST_PINS:
        room = plant()
        room.advance(10)
        rest = room.wiring.inputs_of(5, (False, False))
        room.wiring.outputs[5] = outputs_from_pins(1 << board.gpio(board.CARRIAGE_PINS, name), 0, 0)
        tested = room.wiring.inputs_of(5, (False, False))
        changed = {key for key in rest if rest[key] != tested[key]}
        assert changed == OPENED.get(name, {name.removeprefix("test_") + "_ok"})


def test_a_silent_circuit_does_not_answer_its_test() -> None:
    room = plant()
    inject(room, "silent_circuit", column=5, circuit="beam_left")
    room.wiring.outputs[5] = BoardOutputs(tests=frozenset({"beam_left"}))
    assert room.wiring.inputs_of(5, (False, False))["beam_left_ok"]


def test_raw_word_and_currents_are_those_of_the_pin_table() -> None:
    room = plant()
    room.advance(10)
    raw, count, left, right, _motor, supply = carriage_answer(room, 5)
    assert raw & board.RAW_TIED_LOW == 0
    assert raw & board.RAW_ABSENT == 0
    assert count == 0
    volts = [u16 * board.ADC_FULL_MV / board.ADC_FULL for u16 in (left, right)]
    assert volts[0] / board.SHUNT_OHM == pytest.approx((4 + 16 * 900 / board.GAP_20MA_MM), rel=0.001)
    assert volts[1] / board.SHUNT_OHM == pytest.approx(4, rel=0.001)
    assert supply * board.SUPPLY_FULL_MV / board.ADC_FULL == pytest.approx(24_000, rel=0.001)


def test_people_walk_a_block_and_every_aisle_gets_its_buttons() -> None:
    room = plant()
    room.watch.all_owe(room)
    takes_ms = act(room, "walk_all")
    room.advance(takes_ms + 200)
    assert room.watch.owed_since_ms == {}
    assert room.person("A").aisle is None
    assert room.person("A").trouble == ""


def test_acts_asked_for_while_the_person_still_walks_follow_each_other() -> None:
    room = plant()
    act(room, "enter", aisle=4)
    room.advance(300)
    act(room, "leave")
    room.advance(act(room, "walk_all"))
    act(room, "walk", aisle=4)
    room.advance(30_000)
    broken = []
    for _ in range(400):
        room.advance(5)
        broken += sorted(room.wiring.open_circuits)
    assert broken == []
    assert room.person("A").aisle is None
    assert room.person("A").trouble == ""
    assert room.watch.owed_since_ms == {}


def test_a_box_is_taken_from_an_open_aisle_shown_and_put_back() -> None:
    room = plant()
    room.boxes[SLOT] = "SR1:B1"
    room.advance(act(room, "take_box", slot=SLOT) + 50)
    assert room.person("A").holds == "SR1:B1"
    assert room.person("A").aisle == 4
    room.advance(act(room, "hold_to_camera", box="in_hand") + 50)
    assert room.at_camera == "SR1:B1"
    assert room.person("A").aisle is None
    room.advance(act(room, "put_box", slot=SLOT) + 50)
    assert room.boxes == {SLOT: "SR1:B1"}
    assert room.at_camera is None


@pytest.mark.parametrize(
    ("what", "args", "code"),
    [
        ("take_box", {"slot": "B1-A-06-R-01-1-01"}, "aisle_too_narrow"),
        ("take_box", {"slot": SLOT}, "slot_empty"),
        ("put_box", {"slot": SLOT}, "hands_empty"),
        ("take_box", {"slot": "nonsense"}, "unknown_slot"),
        ("enter", {"aisle": 7}, "aisle_too_narrow"),
        ("enter", {"aisle": 17}, "aisle_does_not_exist"),
        ("walk", {"aisle": 4, "person": "Z"}, "unknown_person"),
        ("fly", {}, "unknown_act"),
        ("enter", {"to": 4}, "bad_arguments"),
        ("wet", {"place": "moon"}, "unknown_place"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason_and_changes_nothing(what, args, code) -> None:
    room = plant()
    with pytest.raises(ActRefused) as refused:
        act(room, what, **args)
    assert refused.value.code == code
    assert not any(person.busy for person in room.people)


def test_every_act_the_room_page_may_ask_for_is_there() -> None:
    wanted = {
        "start_press", "start_hold", "start_release", "reset_press", "estop_press", "estop_release", "walk", "walk_all",
        "enter", "leave", "take_box", "put_box", "hold_to_camera", "card", "scan", "scan_slot", "humidity",
        "temperature", "wet", "fire", "door_open",
    }  # fmt: skip
    assert wanted <= ACTS.keys()


def test_the_watch_sees_a_start_without_start_and_without_warning() -> None:
    room = plant()
    room.wiring.outputs[5] = BoardOutputs(enable=True, brake_release=True, drive=-0.6)
    room.advance(500)
    assert {(violation.rule, violation.what) for violation in room.violations} == {
        (3, "started_without_start"),
        (12, "started_without_warning"),
    }


def test_the_watch_accepts_a_proper_start() -> None:
    room = plant()
    started_properly(room)
    drive(room, 5, -0.6)
    room.advance(5_000)
    assert room.violations == []


def test_the_watch_sees_a_carriage_that_starts_beside_a_person() -> None:
    room = plant()
    started_properly(room)
    room.advance(act(room, "enter", aisle=4))
    drive(room, 6, 0.0)
    drive(room, 5, 0.3)
    room.advance(500)
    assert (6, "started_beside_person") in {(violation.rule, violation.what) for violation in room.violations}


def test_the_watch_sees_a_carriage_that_does_not_stop_for_a_person() -> None:
    room = plant()
    started_properly(room)
    drive(room, 5, -0.6)
    room.advance(1_000)
    inject(room, "silent_circuit", column=5, circuit="beam_left")
    inject(room, "silent_circuit", column=4, circuit="beam_right")
    act(room, "enter", aisle=4)
    room.advance(6_000)
    assert (6, "not_stopped_for_person") in {(violation.rule, violation.what) for violation in room.violations}


def test_the_watch_sees_a_start_beside_an_aisle_that_owes_its_walk() -> None:
    room = plant()
    room.watch.all_owe(room)
    room.advance(100)
    room.wiring.outputs[5] = BoardOutputs(warning=True)
    act(room, "start_press")
    room.advance(2_500)
    drive(room, 5, -0.6)
    room.advance(500)
    assert (5, "started_beside_unwalked_aisle") in {(violation.rule, violation.what) for violation in room.violations}


def test_the_air_drifts_to_what_is_set_and_wet_opens_the_leak_contact() -> None:
    room = plant()
    before = sensor_answer(room, 21)
    act(room, "humidity", rh_pct=72)
    room.advance(120_000)
    _temp_c, rh_pct = room.air.at(21)
    assert rh_pct == pytest.approx(72, abs=2)
    assert sensor_answer(room, 21)[1] > before[1]
    act(room, "wet", place=22)
    room.advance(20)
    assert sensor_answer(room, 22)[3] == 0
    assert room.wiring.leak


def test_a_recorded_climate_is_replayed_until_somebody_sets_a_value() -> None:
    room = plant()
    room.air.series = [(0.0, 18.0, 45.0), (30.0, 25.0, 65.0), (1000.0, 18.0, 45.0)]
    room.advance(150_000)
    assert room.air.at(21)[0] == pytest.approx(25.0, abs=0.5)
    act(room, "temperature", temp_c=15)
    room.advance(100_000)
    assert room.air.at(21)[0] == pytest.approx(15.0, abs=0.5)


def test_an_aisle_nobody_fits_into_is_cranked_closed_by_hand() -> None:
    room = plant()
    act(room, "push", column=5, by_mm=-710)
    assert room.rail.gap_mm(4) == pytest.approx(190)
    with pytest.raises(ActRefused, match="aisle_too_narrow"):
        act(room, "enter", aisle=4)
    takes_ms = act(room, "crank_closed", aisle=4)
    room.advance(takes_ms / 2)
    assert not room.wiring.chain  # the crank in its hole opens the enable
    room.advance(takes_ms)
    assert room.rail.gap_mm(4) == pytest.approx(0)
    assert room.wiring.cranked == set()


def test_cranking_an_aisle_closed_gives_its_rail_to_the_aisle_that_stands_open() -> None:
    room = plant()
    act(room, "push", column=5, by_mm=-190)
    room.advance(act(room, "crank_closed", aisle=5) + 50)
    assert [room.rail.gap_mm(aisle) for aisle in (4, 5, 6)] == pytest.approx([900, 0, 0])


def test_nobody_cranks_an_aisle_closed_with_a_person_inside() -> None:
    room = plant()
    room.advance(act(room, "enter", aisle=4) + 50)
    with pytest.raises(ActRefused, match="somebody_inside"):
        act(room, "crank_closed", aisle=4)
