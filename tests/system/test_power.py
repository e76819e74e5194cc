"""Without power: one board in mid-move, then the whole block and the node while somebody stands in an aisle."""

from __future__ import annotations

import pytest
from panel_keys import wait_for
from whole_room import WholeRoom

pytestmark = pytest.mark.live


def test_a_board_cut_off_in_mid_move_stops_the_others_and_is_named(storeroom: WholeRoom):
    storeroom.ready()
    for _try in range(3):  # silence costs the line 140 ms: where this machine stands still for 60, permits lapse first
        move = storeroom.start_moving()
        mover = storeroom.block()["move"]["columns"][0]
        storeroom.act("cut_board", address=mover, on=True)
        storeroom.ms_until_still()
        end = storeroom.end_of(move)
        if end["ended"] != "permit_lost":
            break
        storeroom.act("cut_board", address=mover, on=False)
        storeroom.post(f"requests/{move.loan_id}/cancel", reason="not_needed")
        storeroom.clear()
    assert (end["ended"], end["fault"]) == ("fault", "board_silent")
    wait_for("the panel names it and no other", lambda: offline(storeroom) == [mover])
    record = storeroom.pick(storeroom.closed_aisle())
    loan = storeroom.post("requests", box_id=record.box_id)
    refusal = storeroom.refused(f"requests/{loan['id']}/choose")
    assert str(mover) in str(refusal["params"]), refusal
    storeroom.act("cut_board", address=mover, on=False)
    wait_for("the board answers again", storeroom.all_online)
    assert storeroom.stays_still(2)


def offline(room: WholeRoom) -> list[int]:
    return [column["no"] for column in room.block()["columns"] if not column["online"]]


def test_after_a_power_cut_nothing_moves_until_every_aisle_is_walked_and_start_is_held(storeroom: WholeRoom):
    room = storeroom  # as the last test left it: nobody needs positions that the cut will take
    room.sign_in()
    inside = room.open_aisle()
    room.do("enter", aisle=inside, person="B")
    room.act("cut_power")
    room.demo.scene.programs["node"].kill()
    room.act("restore_power")
    room.start_node()
    wait_for("all boards answer", room.all_online)

    assert all(column["position_mm"] is None for column in room.block()["columns"] if not column["fixed"])
    everywhere = list(room.demo.bench.plant.layout.aisles)
    wait_for("every aisle must be walked", lambda: room.snapshot()["walk"] == everywhere)
    wait_for("every board has confirmed", lambda: room.refused("find-positions")["code"] != "block_forgets")
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
    room.clear()
    room.find_positions(hesitate_s=1.5)
    assert all(column["position_mm"] is not None for column in room.block()["columns"])
