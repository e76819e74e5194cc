"""Rule 16 of shelving-safety.md: a list on paper made each night, and slips entered later with the real time."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from edge.devices.hand_cranked import HandCranked
from edge.errors import InputRefused, RuleRefused
from edge.workflows import paper_slip
from edge.workflows.location_list import KEPT, LocationLists, draw

DAY_MS = 86_400_000


def written(scene, hours_ago):
    at = datetime.fromtimestamp((scene.clock.utc_ms() - hours_ago * 3_600_000) / 1000, ZoneInfo(scene.room.zone))
    return at.strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def borrower(scene):
    people, write = scene.room.people, scene.room.database.write
    admin = write(lambda change: people.add_first_administrator(change, "赵敏", "730418"))
    return write(lambda change: people.add(change, "王芳", roles=("reader",), by=(admin.id,)))


def lists(scene, tmp_path, printer=""):
    return LocationLists(scene.room, tmp_path / "locations", printer, "zh-Hans")


def test_rule_16_the_location_list_is_made_each_night_once_and_the_last_seven_are_kept(scene, tmp_path):
    made = lists(scene, tmp_path)
    for _ in range(KEPT + 2):
        made.step()
        made.step()
        scene.clock.advance(DAY_MS)
    kept = sorted((tmp_path / "locations").iterdir())
    assert len(kept) == KEPT
    assert all(path.read_bytes().startswith(b"%PDF") and path.stat().st_mode & 0o077 == 0 for path in kept)
    assert scene.events("print.made") == ["print.made"] * (KEPT + 2)


def test_rule_16_it_names_every_box_twice_and_no_title(scene):
    printed, listed = draw(scene.room.database, "一号库房", "zh-Hans", scene.clock.utc_ms())
    assert (listed, printed.pages) == (6, 2)


def test_rule_16_it_waits_while_the_block_moves_and_is_missed_after_two_nights(scene, tmp_path):
    made = lists(scene, tmp_path)
    scene.block.move = scene.block.move or HandCranked(scene.room.layout, None, None).state().move
    scene.block.find_positions(1)
    made.step()
    assert not (tmp_path / "locations").exists()
    scene.clock.advance(51 * 3_600_000)
    assert made.late()
    scene.block.end("stopped")
    made.step()
    assert not made.late()


def test_rule_16_a_slip_is_entered_later_and_the_loan_runs_from_the_real_time(scene, borrower):
    loan = paper_slip.lent(scene.room, scene.archivist, "1", borrower.id, written(scene, 48))
    assert (loan.state, loan.reason, loan.person_id) == ("handed_over", "paper_slip", borrower.id)
    day = datetime.fromtimestamp((scene.clock.utc_ms() - 2 * DAY_MS) / 1000, ZoneInfo(scene.room.zone)).date()
    assert (datetime.fromisoformat(loan.due).date() - day).days == 5
    assert scene.box(0).slot is None
    told = scene.room_events("slip.entered")[0]
    assert json.loads(told.body)["real_ms"] // 60_000 == (scene.clock.utc_ms() - 2 * DAY_MS) // 60_000
    assert told.actor == scene.archivist.id
    box = paper_slip.back(scene.room, scene.archivist, scene.box(0).label, written(scene, 1))
    assert box.slot == "B1-A-01-R-01-1-01"
    assert scene.room.loans.get(loan.id).state == "reshelved"


@pytest.mark.parametrize("hours_ago", [-1, 61 * 24])
def test_rule_16_a_time_that_cannot_be_is_refused(scene, borrower, hours_ago):
    with pytest.raises(InputRefused, match="slip_time"):
        paper_slip.lent(scene.room, scene.archivist, "1", borrower.id, written(scene, hours_ago))


def test_rule_16_a_slip_is_no_way_around_the_rules_of_lending(scene, borrower):
    paper_slip.lent(scene.room, scene.archivist, "1", borrower.id, written(scene, 2))
    with pytest.raises(RuleRefused):
        paper_slip.lent(scene.room, scene.archivist, "1", borrower.id, written(scene, 1))
    with pytest.raises(InputRefused, match="box_not_whole"):
        paper_slip.lent(scene.room, scene.archivist, "2", borrower.id, written(scene, 1))  # holds a secret item
    with pytest.raises(RuleRefused, match="box_not_out"):
        paper_slip.back(scene.room, scene.archivist, "3", written(scene, 1))
    with pytest.raises(RuleRefused, match="not_allowed"):
        paper_slip.lent(scene.room, scene.reader, "3", borrower.id, written(scene, 1))
