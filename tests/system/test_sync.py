"""Broker, centre and node go away while boxes move; afterwards the centre holds everything, once and in order."""

from __future__ import annotations

import json
import sqlite3
import time

import pytest
from panel_keys import wait_for
from whole_room import Record, WholeRoom

pytestmark = pytest.mark.live

BOXES = 25  # each moves twice: out of its slot and back


@pytest.fixture(scope="module")
def loan(storeroom: WholeRoom) -> str:
    """One request whose aisle stands open, for the counter camera to compare with."""
    storeroom.ready()
    record = storeroom.pick(storeroom.open_aisle())
    loan_id = str(storeroom.post("requests", box_id=record.box_id)["id"])
    storeroom.stand_open(loan_id)
    return loan_id


def move_boxes(room: WholeRoom, loan: str, count: int) -> None:
    """Boxes that nobody asked for appear at the counter (out of their slots), and are put away again."""
    asked = room.get(f"requests/{loan}")["box"]["id"]
    boxes: dict[str, Record] = {one.box_id: one for one in room.records if one.box_id != asked}
    for record in list(boxes.values())[:count]:
        room.act("hold_to_camera", label=record.box_label)
        assert room.post(f"requests/{loan}/check")["why"] == "wrong_box"
        room.post(f"reshelving/{record.box_id}/put-away", slot=record.slot)
    room.act("hold_to_camera", box="nothing")


def at_the_centre(room: WholeRoom) -> list[tuple[str, int, str]]:
    """(epoch, seq, hash) of every event, in the order in which it arrived."""
    with sqlite3.connect(f"file:{room.places.central_dir / 'data' / 'central.db'}?mode=ro", uri=True) as db:
        return db.execute("SELECT epoch, seq, hash FROM event ORDER BY id").fetchall()


def in_the_room(room: WholeRoom) -> list[tuple[str, int, str]]:
    return [
        (event.epoch, event.seq, event.hash)
        for epoch in room.trace.epochs()
        for event in room.trace.events_after(epoch.epoch, 0, 1_000_000)
    ]


def settled(room: WholeRoom) -> None:
    """Wait until the centre has confirmed everything up to now."""
    head = room.head()
    wait_for("the centre has confirmed everything", lambda: room.trace.acked()[1] >= head, 90)


def verified(room: WholeRoom) -> bool:
    done = room.central("verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)["bad"] == []


def test_fifty_box_moves_without_broker_and_centre_arrive_once_in_order_and_confirmed_by_the_centre(
    storeroom: WholeRoom, loan: str
):
    settled(storeroom)
    storeroom.act("broker_stop")
    storeroom.act("centre_stop")
    before = storeroom.head()
    move_boxes(storeroom, loan, BOXES)
    moved = [event for event in storeroom.events(before, "box.") if event.action in ("box.taken", "box.placed")]
    assert len(moved) == 2 * BOXES
    wait_for("the panel says so", lambda: "sync_away" in storeroom.snapshot()["faults"])

    storeroom.act("broker_start")
    wait_for("the node is at the broker", lambda: "sync_away" not in storeroom.snapshot()["faults"], 60)
    time.sleep(2)
    assert storeroom.trace.acked()[1] <= before, "a broker that took it is not a centre that holds it"

    storeroom.act("centre_start")
    settled(storeroom)
    assert at_the_centre(storeroom) == in_the_room(storeroom)[: len(at_the_centre(storeroom))]
    assert verified(storeroom)


def test_nothing_is_lost_when_broker_and_node_die_together(storeroom: WholeRoom, loan: str):
    settled(storeroom)
    storeroom.act("broker_stop")
    move_boxes(storeroom, loan, 3)
    storeroom.act("node_kill")
    storeroom.act("broker_start")
    storeroom.start_node()
    settled(storeroom)
    assert at_the_centre(storeroom) == in_the_room(storeroom)[: len(at_the_centre(storeroom))]
    assert verified(storeroom)
