"""The mains fail while somebody stands in an aisle. Nothing turns before every aisle is walked and Start is held."""

from __future__ import annotations

import pytest
from whole_room import WholeRoom, wait_for

pytestmark = pytest.mark.live


def test_after_a_power_cut_nothing_moves_until_every_aisle_is_walked_and_start_is_held(storeroom: WholeRoom):
    room = storeroom
    room.ready()
    inside = room.open_aisle()
    room.do("enter", aisle=inside, person="B")
    room.act("cut_power")
    room.demo.scene.programs["node"].kill()
    room.act("restore_power")
    room.start_node()
    wait_for("all boards answer", lambda: all(column["online"] for column in room.block()["columns"]))

    assert all(column["position_mm"] is None for column in room.block()["columns"] if not column["fixed"])
    everywhere = list(room.demo.bench.plant.layout.aisles)
    wait_for("every aisle must be walked", lambda: room.snapshot()["walk"] == everywhere)
    assert room.refused("find-positions")["params"]["walk"] == everywhere
    room.act("start_hold")
    assert room.stays_still(2)
    room.act("start_release")

    for aisle in everywhere:
        if aisle != inside:
            room.act("walk", aisle=aisle)
    room.do("leave", person="A")
    wait_for("only the aisle with the person is left", lambda: room.snapshot()["walk"] == [inside])
    assert room.refused("find-positions")["params"]["walk"] == [inside]

    room.do("leave", aisle=inside, person="B")
    room.walk()
    room.post("find-positions")
    wait_for("Start is lit", room.lamp)
    assert room.stays_still(1.5), "lit is not started"
    wait_for("it was not pressed in time", lambda: room.phase() == "ended" and room.no_open_move())
    room.find_positions()
    assert all(column["position_mm"] is not None for column in room.block()["columns"])
