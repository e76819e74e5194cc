"""The main job, from the card to the shelf and back: one request is carried through once, each test looks at a part."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from panel_keys import STOREKEEPER, wait_for
from whole_room import Record, WholeRoom, body

from edge.domain.slot_codes import parse, slot_light
from hardware_tests.virtual.layouts import demo_layout

pytestmark = pytest.mark.live


@dataclass
class Job:
    """What was seen while the request was carried through."""

    record: Record
    other: Record
    loan_id: str = ""
    after: int = 0  # the newest event before the job
    plan: dict[str, Any] = field(default_factory=dict)
    reported_mm: set[int] = field(default_factory=set)
    lit: dict[int, int] = field(default_factory=dict)
    too_early: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    spoiled: dict[str, Any] = field(default_factory=dict)
    right: dict[str, Any] = field(default_factory=dict)
    lent: dict[str, Any] = field(default_factory=dict)
    out_card: list[dict[str, Any]] = field(default_factory=list)
    unwalked: dict[str, Any] = field(default_factory=dict)
    wrong_slot: dict[str, Any] = field(default_factory=dict)
    wrong_scan: dict[str, Any] = field(default_factory=dict)
    right_scan: dict[str, Any] = field(default_factory=dict)
    after_shelving: dict[str, Any] = field(default_factory=dict)
    returned: dict[str, Any] = field(default_factory=dict)
    back: list[dict[str, Any]] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)  # of the loan, at the end of each part


@pytest.fixture(scope="module")
def job(storeroom: WholeRoom) -> Job:
    storeroom.hold_card(STOREKEEPER)
    record = storeroom.pick(storeroom.closed_aisle())  # on a carriage: the fixed end has no board and no LED
    beside = [one for one in storeroom.records if one.aisle == record.aisle and one.box_id != record.box_id]
    done = Job(record, beside[0], after=storeroom.head())
    pull(storeroom, done)
    check(storeroom, done)
    put_away_with_out_card(storeroom, done)
    bring_back(storeroom, done)
    return done


def pull(room: WholeRoom, job: Job) -> None:
    """Search, ask, choose, Start, until the aisle stands open."""
    hits = room.get("search", q=job.record.ref_code)["hits"]
    assert job.record.item_id in [hit["item"]["id"] for hit in hits if hit["item"]]
    job.loan_id = room.post("requests", item_id=job.record.item_id)["id"]
    job.plan = room.get(f"requests/{job.loan_id}/preview")
    for _try in range(3):  # a machine that was too slow for a permit stops the move, and the person chooses again
        room.post(f"requests/{job.loan_id}/choose")
        room.armed()
        job.too_early = room.refused(f"requests/{job.loan_id}/hand-over")
        room.start()
        wait_for("the move ends", lambda: moved(room, job), 60)
        if room.block()["move"]["ended"] == "reached":
            break
        wait_for("the record is closed", room.no_open_move)
        room.clear()
    else:
        raise AssertionError([body(event) for event in room.events(job.after, "move.ended")])
    job.lit = wait_for("a slot is lit", lambda: lit(room))


def moved(room: WholeRoom, job: Job) -> bool:
    """Whether the move has ended; until then the reported positions are noted."""
    block = room.block()
    job.reported_mm |= {column["position_mm"] for column in block["columns"] if column["state"] == "moving"}
    return bool(block["move"]["phase"] == "ended")


def lit(room: WholeRoom) -> dict[int, int]:
    """Column → the number of its lit slot LED, as its board drives it."""
    return room.see(lambda plant: {no: out.slot_light for no, out in plant.wiring.outputs.items() if out.slot_light})


def check(room: WholeRoom, job: Job) -> None:
    """The wrong box, a label nobody can read, the right one; then it is handed over."""
    room.do("take_box", slot=job.other.slot)
    room.do("hold_to_camera", box="in_hand")
    job.wrong = room.post(f"requests/{job.loan_id}/check")
    room.do("put_box", slot=job.other.slot)
    room.post(f"reshelving/{job.other.box_id}/put-away", slot=job.other.slot)
    room.do("take_box", slot=job.record.slot)
    room.do("hold_spoiled")
    job.spoiled = room.post(f"requests/{job.loan_id}/check")
    job.states["spoiled"] = room.get(f"requests/{job.loan_id}")["state"]
    room.do("hold_to_camera", box="in_hand")
    job.right = room.post(f"requests/{job.loan_id}/check")
    job.lent = room.post(f"requests/{job.loan_id}/hand-over")


def put_away_with_out_card(room: WholeRoom, job: Job) -> None:
    """The item left, so its box goes back: walk-through reset, the aisle still stands open, the slot is scanned."""
    job.out_card = to_shelve(room, job)
    job.unwalked = room.refused(f"reshelving/{job.record.box_id}/choose")
    room.walk()
    room.post(f"reshelving/{job.record.box_id}/choose")
    room.do("put_box", slot=job.record.slot)
    job.wrong_scan = scan(room, job.other.slot)
    job.wrong_slot = room.refused(f"reshelving/{job.record.box_id}/put-away", slot=job.other.slot)
    job.right_scan = scan(room, job.record.slot)
    job.after_shelving = room.get(f"boxes/{job.record.box_id}", item=job.record.item_id)


def to_shelve(room: WholeRoom, job: Job) -> list[dict[str, Any]]:
    """What is said of this box; other boxes may wait too."""
    return [task for task in room.get("reshelving") if task["box_id"] == job.record.box_id]


def scan(room: WholeRoom, slot: str) -> dict[str, Any]:
    room.do("scan_slot", slot=slot)
    return wait_for("the scan arrives", lambda: next((s for s in [room.post("reshelving/scan")] if s["read"]), {}))


def bring_back(room: WholeRoom, job: Job) -> None:
    """The item comes back to the counter, then into its box on the shelf."""
    room.do("hold_paper", label=job.record.item_label)
    job.returned = room.post("returns/check")
    job.states["returned"] = room.get(f"requests/{job.loan_id}")["state"]
    job.back = to_shelve(room, job)
    room.do("leave")
    room.walk()
    room.post(f"reshelving/{job.record.box_id}/choose")
    scan(room, job.record.slot)
    job.states["reshelved"] = room.get(f"requests/{job.loan_id}")["state"]


def test_the_move_ends_with_the_aisle_open_as_previewed_and_the_slot_lit(storeroom: WholeRoom, job: Job):
    assert job.plan["aisle"] == job.record.aisle
    assert {part["column"] for part in job.plan["moves"]}
    assert storeroom.open_aisle() == job.record.aisle
    assert storeroom.gap_mm(job.record.aisle) > storeroom.see(lambda plant: plant.layout.aisle_mm) - 20
    slot = parse(job.record.slot)
    assert job.lit == {slot.column: slot_light(demo_layout(), slot)}


def test_the_panel_shows_the_carriages_at_the_positions_their_boards_report(job: Job):
    assert len(job.reported_mm) > 5, "positions in mid-move"


def test_a_wrong_box_is_refused_with_expected_and_seen(job: Job):
    assert (job.wrong["ok"], job.wrong["why"]) == (False, "wrong_box")
    assert (job.wrong["expected"], job.wrong["seen"]) == (job.record.box_label, job.other.box_label)
    assert (job.wrong["expected_no"], job.wrong["seen_no"]) == (job.record.box_no, job.other.box_no)


def test_an_unreadable_label_is_refused_and_the_loan_stays_where_it_was(job: Job):
    assert (job.spoiled["ok"], job.spoiled["why"], job.spoiled["seen"]) == (False, "unreadable", "")
    assert job.states["spoiled"] == "pulling"


def test_nothing_is_handed_over_before_the_camera_has_read_its_label(job: Job):
    assert job.too_early["code"] == "loan_state"


def test_the_right_box_is_verified_and_its_loan_runs_until_a_due_date(storeroom: WholeRoom, job: Job):
    assert (job.right["ok"], job.right["seen"]) == (True, job.record.box_label)
    assert job.lent["state"] == "handed_over"
    assert len(job.lent["due"]) == len("2026-01-01")


def test_the_box_of_a_lent_item_goes_back_with_an_out_card(job: Job):
    tasks = [(task["box_id"], task["why"], task["slot"]) for task in job.out_card]
    assert tasks == [(job.record.box_id, "out_card", job.record.slot)]
    assert job.after_shelving["box"]["slot"] == job.record.slot
    assert job.after_shelving["loan"]["state"] == "handed_over"


def test_an_aisle_that_was_left_must_be_walked_before_anything_is_chosen(job: Job):
    assert job.unwalked["code"] == "aisles_occupied"
    assert job.unwalked["params"]["walk"] == [job.record.aisle]


def test_a_wrong_slot_is_refused_with_expected_and_seen_scanned_or_typed(job: Job):
    assert (job.wrong_scan["ok"], job.wrong_scan["expected"]) == (False, job.record.slot)
    assert job.wrong_scan["seen"] == job.other.slot
    assert job.wrong_slot["code"] == "wrong_slot"
    assert job.wrong_slot["params"]["expected"] == job.record.slot
    assert job.wrong_slot["params"]["seen"] == job.other.slot
    assert job.right_scan["ok"] is True


def test_what_comes_back_is_confirmed_at_the_camera_and_then_shelved_again(job: Job):
    assert job.returned["verdict"]["ok"] is True
    assert job.states["returned"] == "confirmed"
    assert [(task["box_id"], task["why"]) for task in job.back] == [(job.record.box_id, "item_back")]
    assert job.states["reshelved"] == "reshelved"


def test_the_trace_of_the_retrieval_tells_it_in_order(storeroom: WholeRoom, job: Job):
    told = [
        event
        for event in storeroom.events(job.after)
        if event.subject == job.loan_id or (event.action.startswith("move.") and body(event).get("loan") == job.loan_id)
    ]
    assert told[0].action == "loan.approved"
    chosen = max(number for number, event in enumerate(told) if event.action == "loan.pulling")
    told = told[chosen:]  # what came before ended without its aisle open, and was offered again
    assert [event.action for event in told] == [
        *("loan.pulling", "move.armed"),
        *("request.refused", "move.started", "move.ended"),
        *("label.checked", "label.checked", "label.checked", "loan.verified", "loan.handed_over"),
        *("label.checked", "loan.returned", "loan.confirmed", "loan.reshelved"),
    ]
    checks = [body(event)["why"] for event in told if event.action == "label.checked"]
    assert checks == ["wrong_box", "unreadable", "match", "match"]
    assert body(next(event for event in told if event.action == "move.ended"))["ended"] == "reached"
    assert all(len(event.actor) > 8 for event in told), "everything has somebody who did it"


def test_reading_a_label_gives_way_to_moving_carriages(storeroom: WholeRoom, job: Job):
    nice = {
        name: os.getpriority(os.PRIO_PROCESS, storeroom.process(name) or 0) for name in ("edge.vision", "edge.motion")
    }
    assert nice["edge.vision"] > nice["edge.motion"]
