"""Rule 13 of shelving-safety.md at the node: nothing is chosen on a block that is not the one that was proved."""

import json
from dataclasses import replace

import pytest
from commissioned import KEY, file

from edge.errors import RuleRefused
from edge.store import block_file
from edge.workflows import motion, pose
from edge.workflows.commissioning import BlockFileWatch


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
        ({"config_crc": 99}, "not_commissioned_config"),
    ],
)
def test_rule_13_a_changed_board_firmware_or_configuration_is_not_commissioned(scene, path, changed, code):
    block_file.write(path, file(scene.room.layout, **changed), KEY)
    assert refused(scene) == (code, "prove_again")


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
