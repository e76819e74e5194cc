"""Rule 9 of shelving-safety.md as a table: every fault that a board can name, how it comes about, and that it stays.

The last test counts: no rule is without a test that names it.
"""

import ast
import re
from pathlib import Path

import pytest
from rig import Rig

from edge.words import LANGUAGES, catalogue
from firmware import registers as r
from firmware.carriage.app import App
from firmware.carriage.drive import FAULT

ROOT = Path(__file__).parents[2]
MOVING = "moving"
STANDING = "standing"


def opens(name):
    """The input ``name`` opens; mended, it closes again."""
    return lambda rig: rig.open.add(name), lambda rig: rig.open.discard(name)


def sets(**bad):
    """Attributes of the rig for as long as the cause lasts."""
    good = {}

    def cause(rig):
        for name in bad:
            good[name] = getattr(rig, name)
            setattr(rig, name, bad[name])

    def mend(rig):
        for name, value in good.items():
            setattr(rig, name, value)

    return cause, mend


def wrong_direction():
    def cause(rig):
        rig.way, rig.gap_right_mm = -1, 60

    def mend(rig):
        rig.way = 1

    return cause, mend


def chain_opened():
    def cause(rig):
        rig.contactor_follows = rig.contactor_closed = False

    def mend(rig):
        rig.contactor_follows = True

    return cause, mend


def welded():
    def cause(rig):
        rig.contactor_follows = False
        rig.motion.stop(rig.safety)

    def mend(rig):
        rig.contactor_follows = True

    return cause, mend


def pushed():
    def cause(rig):
        rig.extra_um_s = 100_000
        rig.run(150)
        rig.extra_um_s = 0

    return cause, lambda rig: None


def runs_away():
    def cause(rig):
        rig.extra_um_s = -90_000
        rig.run(400)
        rig.extra_um_s = 0

    return cause, lambda rig: None


def silent_circuit():
    def cause(rig):
        rig.deaf.add("edge_left_ok")
        assert rig.arm() == r.ACK_PROOF

    return cause, lambda rig: rig.deaf.clear()


def slips():
    """Beside a wall: the wheel turns, the measured gap stays."""

    def cause(rig):
        rig.motion.position._config["right_is_board"] = 0
        rig.gap_right_mm = rig.motion.config["max_mm"] - rig.position_mm()
        before_mm = rig.gap_right_mm
        for _ in range(120):
            rig.loop()
            rig.gap_right_mm = before_mm

    return cause, lambda rig: None


def late():
    return lambda rig: rig.loop(300), lambda rig: None


def neighbour_widens():
    """The other flank of the aisle behind moves away unasked: an aisle that this move does not open."""

    def cause(rig):
        rig.gap_left_mm = 150
        rig.run(20)
        rig.gap_left_mm = 400

    return cause, lambda rig: None


# fault: (moving or standing, cause and mend, ms within which it must be named)
RULE_9 = {
    "estop": (MOVING, opens("estop_ok"), 10),
    "edge_left": (MOVING, opens("edge_left_ok"), 10),
    "edge_right": (MOVING, opens("edge_right_ok"), 10),
    "beam": (MOVING, opens("beam_right_ok"), 10),
    "crank": (MOVING, opens("crank_out"), 10),
    "tilt": (MOVING, opens("level_ok"), 10),
    "skew": (MOVING, opens("straight_ok"), 10),
    "fire": (MOVING, opens("fire_ok"), 10),
    "leak": (MOVING, opens("leak_ok"), 10),
    "gas": (MOVING, opens("gas_ok"), 10),
    "stall": (MOVING, sets(slip=True, current_ma=3200), 600),
    "over_current": (MOVING, sets(current_ma=5000), 150),
    "no_progress": (MOVING, sets(slip=True), 2000),
    "wrong_direction": (MOVING, wrong_direction(), 4000),
    "run_away": (MOVING, runs_away(), 10),
    "slip": (MOVING, slips(), 10),
    "brown_out": (MOVING, sets(supply_mv=19_000), 100),
    "loop_late": (MOVING, late(), 10),
    "gap_sensor": (MOVING, sets(gap_left_mm=None), 10),
    "occupied": (MOVING, neighbour_widens(), 20),
    "chain_open": (MOVING, chain_opened(), 20),
    "contactor_welded": (MOVING, welded(), 500),
    "moved_unasked": (STANDING, pushed(), 10),
    "proof_failed": (STANDING, silent_circuit(), 10),
    "button_stuck": (STANDING, opens("deep_left_released"), 10_500),
}
# Latched by a board as it boots, from what its flash says; and one that ends a move without a latch (DECISIONS 4).
AT_BOOT = {"config", "reset_in_motion"}
ENDS_ONLY = {"permit_lost"}
SAFE = {"safe_mode"}  # of the safe program alone: test_safe.py


def test_rule_9_every_fault_of_the_register_map_is_in_this_table():
    assert {name for name, _bit in r.FAULTS} == {*RULE_9, *AT_BOOT, *ENDS_ONLY, *SAFE}


def brought(name):
    kind, (cause, mend), within_ms = RULE_9[name]
    rig = Rig().moving() if kind == MOVING else Rig().ready()
    cause(rig)
    rig.run(within_ms)
    return rig, mend


@pytest.mark.parametrize("name", RULE_9)
def test_rule_9_the_fault_is_named_alone_takes_the_motor_off_and_nothing_reverses(name):
    rig, _mend = brought(name)
    assert rig.safety.faults == FAULT[name]
    assert (rig.motion.enable, rig.motion.duty()) == (False, 0)
    stood_um = rig.travel_um
    rig.run(500)
    assert rig.travel_um == stood_um


@pytest.mark.parametrize("name", RULE_9)
def test_rule_9_the_fault_outlives_its_cause_and_only_reset_ends_it_and_reset_and_start_move_nothing(name):
    rig, mend = brought(name)
    mend(rig)
    rig.run(2000)
    assert rig.safety.faults == FAULT[name]
    assert rig.arm() == r.ACK_FAULT
    stood_um = rig.travel_um
    rig.press("start_released")
    assert rig.safety.faults == FAULT[name]
    rig.press("reset_released")
    assert rig.safety.faults == 0
    rig.press("start_released")
    rig.run(3000)
    assert rig.travel_um == stood_um


@pytest.mark.parametrize("name", ["estop", "edge_left", "edge_right", "crank", "tilt", "skew", "fire", "leak", "gas"])
def test_rules_9_and_11_reset_with_the_cause_still_there_ends_nothing(name):
    rig, _mend = brought(name)
    rig.press("reset_released")
    assert rig.safety.faults == FAULT[name]


@pytest.mark.parametrize("name", [name for name, _bit in r.FAULTS])
def test_rule_9_the_panel_tells_what_happened_why_and_what_to_do_in_three_languages(name):
    for language in LANGUAGES:
        for kind in ("fault", "cause", "remedy"):
            assert catalogue(language)[f"{kind}.{name}"].strip()


class Shelf:
    """What an App asks of its hal while it boots, and no more; ``files`` is the flash."""

    def __init__(self, files):
        self.files = files

    def load(self, name):
        return self.files.get(name)

    def save(self, name, values):
        self.files[name] = values

    def read_file(self, name):
        return self.files.get(name)

    def write_file(self, name, data, append=False):
        self.files[name] = (self.files.get(name) or b"") + bytes(data) if append else bytes(data)

    def unique_id(self):
        return b"12345678"

    def boot_reason(self):
        return r.BOOT_WATCHDOG


def test_rule_9_a_board_that_was_reset_in_mid_move_or_lost_its_configuration_boots_with_the_fault():
    assert App(Shelf({"boot.json": {"count": 4, "running": True}})).safety.faults & FAULT["reset_in_motion"]
    assert App(Shelf({})).safety.faults == FAULT["config"]


def test_rule_4_a_lost_permit_ends_the_move_by_name_without_a_latched_fault():
    rig = Rig().moving()
    rig.permits = False
    rig.run(400)
    assert (rig.motion.end_reason, rig.safety.faults, rig.motion.duty()) == (r.END_PERMIT_LOST, 0, 0)


def rules_named_by_tests():
    found = set()
    for folder in ("tests", "hardware_tests"):
        for path in (ROOT / folder).rglob("test_*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef) and (named := re.match(r"test_rules?_((\d+_|and_)+)", node.name)):
                    found |= {int(number) for number in re.findall(r"\d+", named[1])}
    return found


def test_every_rule_of_shelving_safety_has_a_test_that_names_it():
    assert set(range(1, 17)) <= rules_named_by_tests()
