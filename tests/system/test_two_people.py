"""Two people ask at once: one block, one job at a time. The queue offers the next one and never starts it."""

from __future__ import annotations

import pytest
from panel_keys import CLEARED, STOREKEEPER, wait_for
from whole_room import WholeRoom

pytestmark = pytest.mark.live


def test_the_second_of_two_requests_waits_is_offered_and_is_never_started(storeroom: WholeRoom):
    storeroom.ready()
    first = storeroom.start_moving().loan_id
    storeroom.sign_in(CLEARED)
    behind = storeroom.pick(storeroom.open_aisle())
    second = storeroom.post("requests", box_id=behind.box_id)["id"]
    refusal = storeroom.refused(f"requests/{second}/choose")
    assert refusal["code"] == "block_moving"
    queue = [(one["loan"], one["state"]) for one in storeroom.snapshot()["queue"]]
    assert queue == [(first, "pulling"), (second, "approved")]
    storeroom.post("stop")
    storeroom.ms_until_still()
    wait_for("the move has ended", lambda: storeroom.phase() == "ended")
    storeroom.sign_in(STOREKEEPER)
    wait_for("the first is offered again", lambda: storeroom.snapshot()["queue"][0]["state"] == "approved")
    storeroom.post(f"requests/{first}/cancel", reason="not_needed")
    assert [one["loan"] for one in storeroom.snapshot()["queue"]] == [second]
    assert not storeroom.lamp()
    assert storeroom.stays_still(2)
    assert storeroom.snapshot()["queue"][0]["state"] == "approved"
    storeroom.walk()
    storeroom.act("start_press")
    assert storeroom.stays_still(2), "Start alone starts nothing that was not chosen"
