"""The commissioning ladder (shelving-safety.md rule 13) on a small block: climbed, stopped, resumed, signed."""

import hashlib
import json
import os
from dataclasses import replace

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.config import load
from edge.devices import firmware_image
from edge.domain.block import Column, Layout
from edge.domain.commissioning import Signer
from edge.domain.monthly_proof import answered_by, items, touched
from edge.errors import RuleRefused
from edge.store import block_file
from edge.words import LANGUAGES, say
from edge.words import load as load_words
from hardware_tests.bench import WORDS, asked
from hardware_tests.cli import cli
from hardware_tests.commission import circuits, travel
from hardware_tests.commission.hands import Block, StepFailed
from hardware_tests.commission.ladder import Ladder, Progress
from hardware_tests.commission.signed import made_of
from hardware_tests.virtual.layouts import demo_motion
from hardware_tests.virtual.lockstep_bench import LockstepBench
from hardware_tests.virtual.wiring import Wiring
from tests.edge.fresh_node import PIN, add_person, begun

LAYOUT = Layout(
    "B1-A",
    450 + 2 * 700 + 900,
    (Column(1, 450, True, None), Column(2, 700, False, 2), Column(3, 700, False, 3)),
    900, 50, 1, 1, 1,
)  # fmt: skip
ZHOU, CHEN = Signer("p-1", "周建国"), Signer("p-2", "陈晓梅")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))

# Item of the monthly proof → the hand that does it, and that undoes it.
TOUCHES = {
    "start": (("hold_button", {"which": "start"}), ("let_go", {})),
    "reset": (("hold_button", {"which": "reset"}), ("let_go", {})),
    "estop": (("estop_press", {}), ("estop_release", {})),
    "key": (("key", {}), ("key", {"turned": False})),
    "padlock": (("padlock", {}), ("padlock", {"on": False})),
    "jog_left": (("jog_hold", {"way": "left"}), ("jog_release", {})),
    "jog_right": (("jog_hold", {"way": "right"}), ("jog_release", {})),
    "beam": (("hand_in_beam", {}), ("let_go", {})),
    "deep": (("hold_button", {"which": "deep"}), ("let_go", {})),
    "mouth": (("hold_button", {"which": "mouth"}), ("let_go", {})),
    "choose": (("hold_button", {"which": "choose"}), ("let_go", {})),
    "edge_left": (("edge_press", {"side": "left"}), ("let_go", {})),
    "edge_right": (("edge_press", {"side": "right"}), ("let_go", {})),
    "release": (("crank", {}), ("crank", {"inserted": False})),
}


class Guided(LockstepBench):
    """Says everything that a technician would be asked, in every language."""

    def person(self, what, **args):
        self._say(what, args)
        super().person(what, **args)

    def begin(self, what, **args):
        self._say(what, args)
        super().begin(what, **args)

    def seen(self, what, **args):
        assert all(say(language, f"seen.{what}", WORDS, **args) for language in LANGUAGES)
        return super().seen(what, **args)

    def measured(self, what, **args):
        assert all(say(language, f"measured.{what}", WORDS, **args) for language in LANGUAGES)
        return super().measured(what, **args)

    def _say(self, what, args):
        assert all(asked(language, what, args) for language in LANGUAGES)


def ladder(path, bench=None):
    bench = bench or LockstepBench(LAYOUT, demo_motion(), open_aisle=2)
    progress = Progress.load(path, LAYOUT.area)
    return Ladder(bench, progress, technician=ZHOU, witness=CHEN, utc_ms=lambda: 1_700_000_000_000)


@pytest.fixture(scope="module")
def climbed(tmp_path_factory):
    """(progress file, bench) of a block that was proved to the end."""
    path = tmp_path_factory.mktemp("ladder") / "commissioning.json"
    bench = Guided(LAYOUT, demo_motion(), open_aisle=2)
    ladder(path, bench).climb(lambda _step: None)
    return path, bench


@pytest.fixture
def path(climbed, tmp_path):
    """A copy of the climbed ladder's progress."""
    copy = tmp_path / "commissioning.json"
    copy.write_bytes(climbed[0].read_bytes())
    return copy


def test_rule_13_the_ladder_proves_every_circuit_carriage_and_aisle_and_nobody_was_in_danger(climbed):
    path, bench = climbed
    proved = Progress.load(path, LAYOUT.area).steps
    of_aisles = {f"{kind} {no}" for kind in ("aisle", "choose") for no in LAYOUT.aisles}
    assert {"work", "column 2", "column 3"} | of_aisles <= set(proved)
    assert ladder(path).todo() == []
    assert bench.room.plant.violations == []
    for no in (2, 3):
        found = proved[f"travel {no}"].found
        assert 0 <= found["stop_mm"] <= 100 and 40 <= found["speed_mm_s"] <= 60 and abs(found["error_mm"]) <= 15
    assert len(proved["bodies"].found) == 12
    assert proved["limits"].found["worst_stop_mm"] <= 50


def test_rule_13_the_file_says_what_was_proved_and_any_change_to_it_is_noticed(path, tmp_path):
    file = made_of(Progress.load(path, LAYOUT.area), {2: 2, 3: 3}, ZHOU, CHEN)
    target = tmp_path / "block.json"
    block_file.write(target, file, KEY)
    read = block_file.read(target, KEY.public_key(), LAYOUT.area)
    assert read == file
    assert (read.technician, read.witness, [board.column for board in read.boards]) == (ZHOU, CHEN, [2, 3])
    release = firmware_image.manifest_of(firmware_image.sources())
    number = int.from_bytes(hashlib.sha256(release).digest()[:4], "big")
    assert {board.image for board in (*read.boards, *read.sensors)} == {number}
    assert [board.address for board in read.sensors] == [21, 22]
    assert read.limits["estops"] == 1
    raw = json.loads(target.read_text("utf-8"))
    raw["block"]["boards"][0]["board_id"] += 1
    target.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(RuleRefused, match="block_file_invalid"):
        block_file.read(target, KEY.public_key(), LAYOUT.area)


def test_rule_13_a_carriage_says_whether_it_has_a_skew_switch_and_one_that_answers_elsewhere_is_not_proved(climbed):
    assert Progress.load(climbed[0], LAYOUT.area).steps["column 2"].found == {"skew_switches": 1}

    class Short(LockstepBench):
        def measured(self, what, **where):
            return 0.0 if what == "skew_switches" else super().measured(what, **where)

        def begin(self, what, **args):
            assert what != "skew_switch"
            super().begin(what, **args)

    assert circuits.column(Block(Short(LAYOUT, demo_motion(), open_aisle=2)), 2) == {"skew_switches": 0}

    class Crossed(LockstepBench):
        def begin(self, what, **args):
            super().begin(what, **args | ({"column": 3} if what == "skew_switch" else {}))

    with pytest.raises(StepFailed, match="other_circuits"):
        circuits.column(Block(Crossed(LAYOUT, demo_motion(), open_aisle=2)), 2)


@pytest.mark.parametrize("what", ["board", "firmware", "config", "image"])
def test_rule_13_a_changed_board_owes_its_own_steps_again_and_no_others(path, what):
    progress = Progress.load(path, LAYOUT.area)
    for step in progress.steps.values():
        if "3" in step.boards:
            parts = step.boards["3"].split()
            parts[("board", "firmware", "config", "image").index(what)] = "77"
            step.boards["3"] = " ".join(parts)
    progress.save()
    owed = {step.name for step in ladder(path).todo()}
    assert {"boards", "work", "column 3", "aisle 2", "aisle 3", "choose 2", "travel 3", "forces 3", "limits"} <= owed
    assert not {"column 2", "aisle 1", "choose 1", "travel 2", "forces 2"} & owed


def test_rule_13_a_changed_sensor_board_owes_the_leak_and_its_own_check_again_and_no_carriage(path):
    progress = Progress.load(path, LAYOUT.area)
    for name in ("boards", "room"):
        progress.steps[name].boards["sensors 21"] = "deadbeef 2 00000000"
    progress.save()
    assert {step.name for step in ladder(path).todo()} == {"boards", "room"}


def test_rule_13_a_changed_beam_or_edge_shows_in_no_register_and_is_owed_again_by_hand(path):
    first = ladder(path)
    first.forget("column 2")
    again = ladder(path)
    assert [step.name for step in again.todo()] == ["column 2", "limits"]
    again.climb(lambda _step: None)
    assert again.todo() == []


def test_rule_13_a_silent_edge_stops_the_ladder_at_its_column_and_mended_it_goes_on_there(tmp_path):
    path = tmp_path / "commissioning.json"
    bench = LockstepBench(LAYOUT, demo_motion(), open_aisle=2)
    bench.room.act("silent_circuit", column=3, circuit="edge_right")
    with pytest.raises(StepFailed) as stopped:
        ladder(path, bench).climb(lambda _step: None)
    assert stopped.value.code == "other_circuits"
    bench.room.act("silent_circuit", column=3, circuit="edge_right", on=False)
    assert ladder(path, bench).todo()[0].name == "column 3"


def test_rule_13_two_crossed_wires_are_found_though_every_circuit_of_the_list_answers(tmp_path, monkeypatch):
    straight = Wiring.inputs_of

    def crossed(wiring, column, contacts):
        inputs = straight(wiring, column, contacts)
        if column == 3:
            inputs["edge_left_ok"], inputs["edge_right_ok"] = inputs["edge_right_ok"], inputs["edge_left_ok"]
        return inputs

    monkeypatch.setattr(Wiring, "inputs_of", crossed)
    with pytest.raises(StepFailed) as stopped:
        ladder(tmp_path / "commissioning.json").climb(lambda _step: None)
    assert stopped.value.code == "other_circuits"
    assert "edge_left" in stopped.value.params["expected"] and "edge_right" in stopped.value.params["seen"]


def test_rule_13_the_firmware_answers_every_item_of_the_monthly_proof_by_itself_and_nothing_else(climbed):
    bench = climbed[1]
    block, wanted = Block(bench), items(LAYOUT, estops=1)
    for item in wanted:
        block.walk_all()
        block.at_rest()
        act, undo = TOUCHES[item.kind]
        where = {"column": item.no} if item.kind.startswith(("edge", "jog", "release")) else {"aisle": item.no}
        args = {**(where if item.no else {}), **act[1]}
        bench.begin(act[0], **args)
        opened = frozenset()
        for _ in range(8):
            bench.master.run(50)
            now = frozenset((column, name) for column, names in block.open_now().items() for name in names)
            opened = touched(opened, now)[0] or opened
        bench.person(undo[0], **({**where, **undo[1]} if undo[0] == "crank" else undo[1]))
        assert answered_by(wanted, opened) is item, (item.name, opened)
        if block.faults():
            block.reset()


@pytest.mark.parametrize(
    ("wire", "cut", "code"),
    [
        ("key_normal", True, "other_circuits"),  # never reaches column 3
        ("jog_elsewhere", False, "other_circuits"),  # the selector names column 3 whatever it stands at
        ("unlocked", True, "other_circuits"),
    ],
)
def test_rule_14_a_key_padlock_or_selector_that_one_board_does_not_see_is_not_commissioned(
    tmp_path, monkeypatch, wire, cut, code
):
    sound = Wiring.inputs_of
    monkeypatch.setattr(
        Wiring, "inputs_of", lambda wiring, no, contacts: sound(wiring, no, contacts) | ({wire: cut} if no == 3 else {})
    )
    with pytest.raises(StepFailed) as stopped:
        circuits.work(Block(LockstepBench(LAYOUT, demo_motion(), open_aisle=2)))
    assert stopped.value.code == code and "3" in stopped.value.params["expected"]


def test_rule_10_a_carriage_that_takes_more_than_200_n_to_free_is_not_commissioned():
    class Heavy(LockstepBench):
        def measured(self, what, **where):
            return 240.0 if what == "release_n" else super().measured(what, **where)

    with pytest.raises(StepFailed, match="release_too_hard"):
        travel.forces(Block(Heavy(LAYOUT, demo_motion(), open_aisle=2)), 2)


def test_rule_9_a_stop_longer_than_the_edge_yields_is_not_commissioned(path, climbed):
    proved = {name: step.found for name, step in Progress.load(path, LAYOUT.area).steps.items()}
    proved["travel 3"] = {**proved["travel 3"], "stop_mm": 51}  # the edge yields 60 mm, 10 of them are reserve
    with pytest.raises(StepFailed) as stopped:
        travel.limits(Block(climbed[1]), proved)
    assert (stopped.value.code, stopped.value.params["budget_mm"]) == ("stops_too_late", 50)


def test_every_step_and_every_reason_why_one_does_not_stand_has_words(climbed):
    words = load_words(WORDS)
    kinds = {step.kind for step in ladder(climbed[0]).steps()}
    assert {f"step.{kind}" for kind in kinds} <= set(words)
    source = "".join(path.read_text("utf-8") for path in (WORDS.parent / "commission").glob("*.py"))
    codes = {part.split('"')[1] for part in source.split("StepFailed(")[1:] if part.lstrip().startswith('"')}
    assert len(codes) > 15
    assert {f"failed.{code}" for code in codes} <= set(words)


@pytest.fixture
def station(tmp_path):
    """(station file, node.toml, id of the administrator) of a node whose bus ends at a line on which nobody speaks."""
    node, administrator = begun(tmp_path)
    near, far = os.openpty()
    node.write_text(node.read_text("utf-8").replace("/dev/ttyAMA0", os.ttyname(far)), "utf-8")
    path = tmp_path / "station.toml"
    path.write_text(f'[station]\nname = "room"\nnode_toml = "{node}"\n', "utf-8")
    yield path, node, administrator
    os.close(near)
    os.close(far)


def commissioned_by(station, technician, witness, pins, *more):
    args = ["commission", "--bench", str(station[0]), "--language", "en", *more]
    return CliRunner().invoke(cli, [*args, "--technician", technician, "--witness", witness], input=pins)


def test_rule_13_a_ladder_on_a_real_block_is_signed_by_two_enrolled_people_with_their_pins(station):
    _path, node, administrator = station
    for person, role in (("p-zhou", "technician"), ("p-wang", "reader")):
        add_person(node, administrator, person, person, [role])
    both = f"{PIN}\n{PIN}\n"
    assert "another person" in commissioned_by(station, "p-zhou", "p-zhou", both).output
    assert "PIN" in commissioned_by(station, "p-zhou", administrator, f"{PIN}\n999111\n").output
    assert commissioned_by(station, "p-zhou", "p-wang", both).exit_code == 3  # a reader witnesses nothing
    assert commissioned_by(station, administrator, "p-zhou", both).exit_code == 3
    on_the_bus = commissioned_by(station, "p-zhou", administrator, both)
    assert "does not answer" in on_the_bus.output  # signed in; now the boards are asked


def test_rule_13_a_step_taken_back_withdraws_the_signed_file_even_if_the_ladder_stops_there(station, path):
    _path, node, administrator = station
    add_person(node, administrator, "p-zhou", "Zhou", ["technician"])
    data = load(node).node.data_dir
    notes = Progress.load(path, LAYOUT.area)
    notes.path = data / block_file.PROGRESS
    notes.save()
    (data / block_file.NAME).write_text("{}", "utf-8")
    assert commissioned_by(station, "p-zhou", administrator, f"{PIN}\n{PIN}\n", "--forget", "column 2").exit_code == 1
    assert not (data / block_file.NAME).exists()


def test_another_blocks_progress_is_refused(path):
    with pytest.raises(StepFailed, match="other_block"):
        Progress.load(path, replace(LAYOUT, area="B2-C").area)


def test_a_step_that_an_earlier_program_kept_in_another_shape_is_owed_again(tmp_path):
    path = tmp_path / "commissioning.json"
    old = {"utc_ms": 1, "technician": "周建国", "witness": "陈晓梅", "boards": {}, "found": {}}
    path.write_text(json.dumps({"area": LAYOUT.area, "serial": 7, "steps": {"room": old}}), "utf-8")
    progress = Progress.load(path, LAYOUT.area)
    assert (progress.steps, progress.serial) == ({}, 7)
