"""Whatever stops a move: a person, an e-stop, STOP on the screen. Nothing resumes by itself."""

from __future__ import annotations

import httpx
import pytest
from panel_keys import wait_for
from whole_room import WholeRoom

pytestmark = pytest.mark.live


@pytest.fixture(autouse=True)
def normal(storeroom: WholeRoom) -> None:
    storeroom.ready()


def test_a_person_who_steps_into_the_opening_aisle_stops_the_move_and_the_panel_says_why(storeroom: WholeRoom):
    move = storeroom.moving_until(lambda move: storeroom.gap_mm(move.record.aisle) > 230)  # wide enough to slip in
    storeroom.act("enter", aisle=move.record.aisle)
    storeroom.ms_until_still()
    end = storeroom.end_of(move)
    assert (end["ended"], end["fault"]) == ("fault", "beam")
    aisle = wait_for("the panel shows it", lambda: storeroom.aisle(move.record.aisle))
    assert (aisle["state"], aisle["why"]) == ("occupied", "beam")
    assert storeroom.stays_still(2)
    refusal = storeroom.refused(f"requests/{move.loan_id}/choose")
    assert refusal["code"] == "aisles_occupied"
    assert move.record.aisle in refusal["params"]["walk"]


def test_an_emergency_stop_stops_the_move_and_releasing_it_starts_nothing(storeroom: WholeRoom):
    move = storeroom.start_moving()
    storeroom.act("estop_press")
    storeroom.ms_until_still()
    assert storeroom.end_of(move)["ended"] == "fault"
    assert any("estop" in faults for faults in storeroom.faults().values()), storeroom.faults()
    storeroom.act("estop_release")
    assert storeroom.stays_still(1)
    storeroom.act("start_press")
    assert storeroom.stays_still(2.5)
    assert storeroom.faults()
    storeroom.act("reset_press")
    wait_for("Reset clears the fault", lambda: not storeroom.faults())
    assert storeroom.stays_still(0.5)
    storeroom.walk()
    storeroom.post(f"requests/{move.loan_id}/choose")
    storeroom.armed()


def test_stop_pressed_by_a_browser_without_session_stops_the_block(storeroom: WholeRoom):
    move = storeroom.start_moving()
    answer = httpx.post(f"{storeroom.base}/api/v1/stop", timeout=30)
    assert answer.status_code == 204
    storeroom.ms_until_still(5)
    assert storeroom.end_of(move)["ended"] == "stopped"
    assert not storeroom.faults()
    assert [event.action for event in storeroom.events(move.after, "stop.")] == ["stop.pressed"]
    assert storeroom.stays_still(2)
