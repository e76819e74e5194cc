"""The paper that a technician wires by says what the firmware says: every pin and input once, in its order."""

import re
from pathlib import Path

import pytest

from enclosure import wiring
from enclosure.field import CABLES, CARRIAGE, CHAIN, INPUTS, PULL_DOWN, SENSORS
from firmware import board
from firmware.registers import INPUTS as REPORTED
from hardware_tests.virtual.wiring import Wiring

ROOT = Path(__file__).parents[2]
PAPER = wiring.document()


def rows_below(heading, paper=PAPER):
    """Cells of the first table below a heading."""
    lines = paper.split(heading, 1)[1].splitlines()
    start = next(no for no, line in enumerate(lines) if line.startswith("|---"))
    rows = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_every_pin_of_the_carriage_board_stands_once_with_its_number_and_role():
    told = [(name, int(gpio), role) for gpio, name, role, *_ in rows_below("### Pins")]
    assert told == list(board.CARRIAGE_PINS)


def test_every_pin_of_the_sensor_board_stands_once_with_its_number_and_role():
    told = [(name, int(gpio), role) for _, gpio, name, role, *_ in rows_below("## Sensor board")]
    assert told == list(board.SENSOR_PINS)


def test_every_input_stands_once_in_the_order_in_which_it_is_read():
    told = [(name, chip, data.split(",")[0]) for _, name, chip, data, *_ in rows_below("### Inputs")]
    assert told == list(board.SHIFT_INPUTS)
    assert [name for name, *_ in told[: len(REPORTED)]] == [name for name, _ in REPORTED]


@pytest.mark.parametrize("pins", [board.CARRIAGE_PINS, board.SENSOR_PINS], ids=["carriage", "sensors"])
def test_no_pin_serves_two_signals(pins):
    assert len({row[board.GPIO] for row in pins}) == len({row[board.NAME] for row in pins}) == len(pins)


def test_no_input_of_a_shift_register_serves_two_signals():
    places = [(chip, data) for _, chip, data in board.SHIFT_INPUTS]
    assert len(set(places)) == len(places) == 8 * board.SHIFT_BYTES
    assert sorted(wiring.CHIP_PIN.values()) == [3, 4, 5, 6, 11, 12, 13, 14]


def test_a_pin_that_the_firmware_gains_is_refused_until_somebody_wires_it():
    names = [row[board.NAME] for row in board.CARRIAGE_PINS]
    with pytest.raises(wiring.WiringGap, match="door_lock"):
        wiring.joined([*names, "door_lock"], CARRIAGE)
    with pytest.raises(wiring.WiringGap, match="room_drop"):
        wiring.joined([name for name in names if name != "room_drop"], CARRIAGE)


@pytest.mark.parametrize("kind", CABLES)
def test_every_terminal_has_one_core_and_every_cable_has_terminals(kind):
    signals = wiring.sensor_pins() if kind == "sensors" else wiring.carriage_pins() + wiring.carriage_inputs()
    rows = wiring.terminals(CABLES[kind], signals)
    assert len({terminal for terminal, *_ in rows}) == len(rows)
    assert len({(cable.name, core) for _, cable, core, _ in rows}) == len(rows)
    assert {cable.name for _, cable, _, _ in rows} == {cable.name for cable in CABLES[kind]}
    wired = [name for *_, name in rows if name]
    assert sorted(set(wired)) == sorted(name for name, lead in signals if lead.cores)
    assert len(wired) == sum(len(lead.cores) for _, lead in signals)


def test_every_output_that_the_firmware_drives_rests_at_nought():
    hal = (ROOT / "firmware" / "hal.py").read_text("utf-8")
    driven = set(re.findall(r'_out\("(\w+)"\)', hal)) | {*board.TEST_PINS, "motor_pwm", "slot_leds"}
    assert len(driven) > 15
    assert [name for name in driven if CARRIAGE[name].rest != PULL_DOWN] == []


def test_a_broken_wire_reads_as_an_open_circuit():
    on_board = {"test_high", "test_low_inverted"}
    for name, _ in REPORTED:
        lead = INPUTS[name]
        assert (name in on_board) == (not lead.cable)
        if lead.cable:
            (cable,) = [cable for cable in CABLES["carriage"] if cable.name == lead.cable]
            assert lead.rest == PULL_DOWN and len(lead.cores) == 1 and "24 V" in cable.more


OPENS = [
    ("estop_pressed", True),
    ("fire", True),
    ("gas", True),
    ("leak", True),
    ("padlocked", True),
    ("key_turned", True),
    ("jog_column", 1),
    ("cranked", {1}),
    ("tilted", {1}),
    ("askew", {1}),
    *(("open_circuits", {(1, f"{guard}_{face}")}) for guard in ("edge", "beam") for face in ("left", "right")),
]


@pytest.mark.parametrize(("touched", "to"), OPENS, ids=[f"{name} {to}" for name, to in OPENS])
def test_the_chain_on_paper_is_the_chain_that_the_boards_are_tried_on(touched, to):
    wires = Wiring.of((1, 2))
    rest = wires.inputs_of(1, (False, False))
    setattr(wires, touched, to)
    now = wires.inputs_of(1, (False, False))
    changed = {name for name in rest if rest[name] != now[name]}
    if touched == "estop_pressed":
        changed &= {"estop_ok"}
    assert changed and wires.chain_closed() == changed.isdisjoint(name for _, name in CHAIN)


def test_any_boards_room_drop_lies_in_the_chain():
    wires = Wiring.of((1, 2))
    assert wires.chain_closed()
    wires.outputs[2].room_drop = True
    assert not wires.chain_closed()
    assert any("room_drop" in what for what, _ in CHAIN)


def test_paper_and_picture_show_the_chain_in_one_order_and_both_contactors_in_series():
    assert [row[1] for row in rows_below("### The hard chain")] == [what for what, _ in CHAIN]
    picture = wiring.chain_picture()
    at = [picture.index(what) for what, _ in CHAIN]
    assert at == sorted(at) and picture.count(">K1<") == picture.count(">K2<") == 2
    assert "main contacts of K1 and K2 lie in series" in PAPER


def test_the_bus_is_ended_at_both_ends_only():
    assert re.search(r"120 Ω between A and B at both ends of the line and nowhere else", PAPER)
    for leads in (CARRIAGE, SENSORS):
        assert leads["bus_de"].rest == PULL_DOWN  # a board in reset does not talk


def test_full_scale_of_each_measure_stays_within_the_chip():
    assert 20 * board.SHUNT_OHM <= board.ADC_FULL_MV
    assert f"{20 * board.SHUNT_OHM} mV = {board.GAP_20MA_MM} mm" in PAPER
    assert f"divider of {board.SUPPLY_FULL_MV / board.ADC_FULL_MV:g} to 1" in PAPER
