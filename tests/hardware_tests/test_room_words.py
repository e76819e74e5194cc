"""What the room page says of the person, the safety chain and a refused act has words in three languages."""

import ast
from pathlib import Path

from edge.words import load
from hardware_tests.virtual.layouts import demo_layout
from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.room_view import open_members

VIRTUAL = Path(__file__).parents[2] / "hardware_tests" / "virtual"
WORDS = load(VIRTUAL / "words")
FOR_PROGRAMS = {
    "unknown_act",
    "bad_arguments",
    "unknown_slot",
    "unknown_place",
    "unknown_person",
    "aisle_does_not_exist",
}


def literals(callee):
    """The first word of the first argument of every call, f-strings included."""
    for path in sorted(VIRTUAL.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == callee:
                first = node.args[0]
                first = first.values[0] if isinstance(first, ast.JoinedStr) else first
                if isinstance(first, ast.Constant):
                    yield first.value.split()[0]


def test_every_step_of_a_person_has_words():
    steps = set(literals("Step"))
    assert len(steps) > 8
    assert [step for step in sorted(steps) if f"room.doing_{step}" not in WORDS] == []


def test_every_refused_act_that_the_page_offers_has_words():
    codes = set(literals("ActRefused")) - FOR_PROGRAMS
    assert len(codes) > 6
    assert [code for code in sorted(codes) if f"room.why_{code}" not in WORDS] == []


def test_everything_that_must_never_happen_has_words():
    tree = ast.parse((VIRTUAL / "watch.py").read_text("utf-8"))
    notes = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_note"
    ]
    names = {call.args[2].value for call in notes}
    assert len(names) > 6
    assert [name for name in sorted(names) if f"room.violation_{name}" not in WORDS] == []


def test_every_member_of_the_safety_chain_has_words():
    room = Plant.build(demo_layout())
    room.wiring.estop_pressed = room.wiring.fire = room.wiring.gas = True
    room.wiring.cranked.add(4)
    room.wiring.open_circuits |= {(5, circuit) for circuit in ("edge_left", "edge_right", "beam_left", "beam_right")}
    members = {member.split()[0] for member in open_members(room)}
    assert {"estop_pressed", "crank", "beam_left"} <= members
    assert [member for member in sorted(members) if f"room.chain_{member}" not in WORDS] == []
