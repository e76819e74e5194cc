"""The register of moves taken out for an auditor: who, why, from where to where, what was seen, how it ended."""

import json

from edge.words import say
from edge.workflows import pose, take_out
from edge.workflows.move_register import moves
from edge.workflows.print_moves import _way, cells
from edge.workflows.take_out import Order


def test_an_auditor_takes_out_each_move_with_self_test_minima_current_and_duration(scene, tmp_path):
    pose.choose(scene.room, scene.archivist, "patrol", 1)
    scene.open_chosen()
    taken = tmp_path / "moves.jsonl"
    take_out.take_out(scene.room.database, Order("moves", "jsonl"), taken, lambda _taken: None)
    (line,) = taken.read_text("utf-8").splitlines()
    move = json.loads(line)["storeroom.moves/1"]
    assert (move["kind"], move["aisle"], move["ended"]) == ("patrol", 1, "reached")
    assert move["person"] == scene.archivist.id and json.loads(move["plan"])[0]["from_mm"] is not None
    assert json.loads(move["self_test"]) and all(not silent for silent in json.loads(move["self_test"]).values())
    assert json.loads(move["stood_at"]).keys() == json.loads(move["self_test"]).keys()
    assert move["peak_ma"] == 420 and move["least_supply_mv"] == 24000 and json.loads(move["least_gaps"])
    assert move["duration_ms"] >= 0 and move["fault"] is None


def test_on_paper_stands_who_why_from_where_to_where_self_test_minima_current_duration_and_end(scene):
    pose.choose(scene.room, scene.archivist, "patrol", 1)
    scene.open_chosen()
    (line,) = moves(scene.room, 10, None, None)
    told = cells(line, {scene.archivist.id: "李文清"}, str, "en")
    assert told[1:3] == ("李文清", "Patrol · Aisle 1")
    assert "2: 450 → 1350" in told[3].split("; ")
    found = _way({"column": 3, "from_mm": None, "to_mm": 1150, "at_mm": 1150})
    assert found == "3: ? → 1150", "where finding found it"
    assert told[4] == say("en", "panel.moves.test_good", count=3) and told[5].endswith("24.0 V")
    assert told[6] == "420 mA" and told[7].endswith(" s") and told[8]
