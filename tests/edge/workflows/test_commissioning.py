"""Rule 13 of shelving-safety.md at the node: nothing is chosen on a block that is not the one that was proved."""

import json
from dataclasses import replace

import pytest
from commissioned import KEY, file

from edge.errors import RuleRefused
from edge.store import block_file
from edge.workflows import motion, pose
from edge.workflows.commissioning import BlockFileWatch, sign_in


@pytest.fixture
def path(tmp_path):
    return tmp_path / block_file.NAME


def refused(scene, do=None):
    """Codes and recovery of a patrol and of finding positions, the same for both."""
    said = []
    for ask in (
        lambda: pose.choose(scene.room, scene.archivist, "patrol", 1),
        lambda: motion.find_positions(scene.room, scene.archivist),
    ):
        with pytest.raises(RuleRefused) as refusal:
            ask()
        said.append((refusal.value.code, refusal.value.recovery))
    assert said[0] == said[1]
    assert scene.block.move is None
    return said[0]


def test_rule_13_a_commissioned_block_can_be_chosen(scene):
    assert pose.choose(scene.room, scene.archivist, "patrol", 1).moves
    assert scene.block.move.phase == "armed"


def test_rule_13_without_its_file_nothing_is_armed(scene, path):
    path.unlink()
    assert refused(scene) == ("block_file_missing", "commission_block")


def test_rule_13_an_altered_file_is_no_file(scene, path):
    raw = json.loads(path.read_text("utf-8"))
    raw["block"]["limits"]["speed_mm_s"] = 80
    path.write_text(json.dumps(raw), "utf-8")
    assert refused(scene) == ("block_file_invalid", "commission_block")


@pytest.mark.parametrize("text", ["", "{}", '{"block":{},"signature":"zz"}', '{"block":{"format":9},"signature":""}'])
def test_rule_13_a_damaged_file_is_no_file(scene, path, text):
    path.write_text(text, "utf-8")
    assert refused(scene) == ("block_file_invalid", "commission_block")


def test_rule_13_another_blocks_file_is_no_file(scene, path):
    block_file.write(path, replace(file(scene.room.layout), area="B2-C"), KEY)
    assert refused(scene) == ("block_file_invalid", "commission_block")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"board_id": 77}, "not_commissioned_board"),
        ({"firmware_version": 2}, "not_commissioned_firmware"),
        ({"image": 0xBEEF}, "not_commissioned_firmware"),
        ({"config_crc": 99}, "not_commissioned_config"),
        ({"address": 77}, "not_commissioned_address"),
    ],
)
def test_rule_13_a_changed_board_firmware_or_configuration_is_not_commissioned(scene, path, changed, code):
    block_file.write(path, file(scene.room.layout, **changed), KEY)
    assert refused(scene) == (code, "prove_again")


@pytest.mark.parametrize("changed", [{"board_id": 5}, {"firmware_version": 3}, {"image": 7}])
def test_rule_13_a_changed_sensor_board_is_not_commissioned(scene, changed):
    scene.block.sensors = [replace(scene.block.sensors[0], **changed)]
    assert refused(scene) == ("not_commissioned_sensor", "prove_again")


def test_rule_13_a_sensor_board_that_was_added_or_taken_away_is_not_commissioned(scene, path):
    whole = file(scene.room.layout)
    for sensors in ((), (*whole.sensors, replace(whole.sensors[0], address=22))):
        block_file.write(path, replace(whole, sensors=sensors), KEY)
        assert refused(scene) == ("not_commissioned_sensor", "prove_again")


def test_rule_13_another_register_map_is_not_commissioned(scene, path):
    block_file.write(path, replace(file(scene.room.layout), map_major=9), KEY)
    assert refused(scene) == ("not_commissioned_map", "prove_again")


def test_rule_13_a_board_that_has_not_said_what_it_runs_is_not_commissioned(scene, monkeypatch):
    said = scene.block.state()
    untold = replace(said, carriages=tuple(replace(one, image=None) for one in said.carriages))
    monkeypatch.setattr(scene.block, "state", lambda: untold)
    assert refused(scene) == ("not_commissioned_firmware", "prove_again")


def test_rule_13_technician_and_witness_are_two_enrolled_people_who_prove_it(scene):
    people, write = scene.room.people, scene.room.database.write
    admin = write(lambda change: people.add_first_administrator(change, "赵敏", "730418"))
    for person, role in (("zhou", "technician"), ("chen", "archivist"), ("wang", "reader")):
        write(lambda change, p=person, r=role: people.add(change, p, roles=(r,), by=(admin.id,), person_id=p))
        write(lambda change, p=person: people.set_pin(change, p, "816049", actor=admin.id))

    def signed(technician, witness, pin="816049"):
        return sign_in(scene.room.database, people, "B1-A", (technician, "816049"), (witness, pin))

    for technician, witness, code in (
        ("zhou", "zhou", "signers_same"),
        ("chen", "zhou", "not_allowed"),
        ("zhou", "wang", "not_allowed"),
    ):
        with pytest.raises(RuleRefused, match=code):
            signed(technician, witness)
    with pytest.raises(RuleRefused, match="pin_wrong"):
        signed("zhou", "chen", "000111")
    assert [one.id for one in signed("zhou", "chen")] == ["zhou", "chen"]
    assert scene.events("block.") == ["block.sign_in"]


def test_rule_13_a_column_that_was_never_proved_is_not_commissioned(scene, path):
    whole = file(scene.room.layout)
    block_file.write(path, replace(whole, boards=whole.boards[:-1]), KEY)
    assert refused(scene) == ("not_commissioned_column", "prove_again")


def test_rule_13_a_new_file_is_taken_up_once_and_an_older_one_put_back_is_refused(scene, path):
    watch = BlockFileWatch(scene.room)
    watch.step()
    watch.step()
    assert scene.events("block.") == ["block.commissioned"]
    block_file.write(path, file(scene.room.layout, serial=2), KEY)
    watch.step()
    assert scene.events("block.") == ["block.commissioned"] * 2
    block_file.write(path, file(scene.room.layout, serial=1), KEY)
    watch.step()
    assert watch.refused == "block_file_older"
    assert refused(scene) == ("block_file_older", "commission_block")


def test_rule_13_what_is_no_longer_commissioned_is_told_before_anybody_chooses(scene, path):
    watch = BlockFileWatch(scene.room)
    watch.step()
    assert watch.refused == ""
    block_file.write(path, file(scene.room.layout, serial=2, board_id=77), KEY)
    watch.step()
    assert watch.refused == "not_commissioned_board"


def test_an_aisle_that_stands_open_needs_no_move_and_so_no_file(scene, path):
    path.unlink()
    assert pose.choose(scene.room, scene.archivist, "patrol", 4).moves == ()
