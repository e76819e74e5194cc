"""The room gets damp: an alarm that sounds, that a person acknowledges, and that survives the node exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from panel_keys import wait_for
from whole_room import WholeRoom, body

pytestmark = pytest.mark.live


@dataclass
class Damp:
    """Each list: the alarms standing at that moment, as the panel shows them."""

    after: int
    raised: list[dict[str, Any]]
    sounded: bool
    acked: list[dict[str, Any]]
    person: str
    silent: bool
    restarted: list[dict[str, Any]]
    sounds_again: bool


@pytest.fixture(scope="module")
def damp(storeroom: WholeRoom) -> Damp:
    storeroom.ready()
    after = storeroom.head()
    becomes(storeroom, rh_pct=95)
    wait_for("an alarm at both places", lambda: len(storeroom.snapshot()["alarms"]) == 2, 60)
    raised = storeroom.snapshot()["alarms"]
    sounded = bool(wait_for("the sounder sounds", lambda: buzzer(storeroom)))
    person = storeroom.sign_in()
    for alarm in raised:
        storeroom.post(f"alarms/{alarm['id']}/acknowledge")
    silent = bool(wait_for("the sounder is silent", lambda: not buzzer(storeroom)))
    acked = storeroom.snapshot()["alarms"]
    storeroom.demo.scene.programs["node"].kill()
    storeroom.start_node()
    restarted = storeroom.snapshot()["alarms"]
    return Damp(after, raised, sounded, acked, person, silent, restarted, buzzer(storeroom))


def becomes(room: WholeRoom, rh_pct: float) -> None:
    """The air is so damp at once: nobody here waits for it to drift."""
    room.see(lambda plant: setattr(plant.air, "rh_pct", rh_pct))
    room.act("humidity", rh_pct=rh_pct)


def buzzer(room: WholeRoom) -> bool:
    """Level of the sounder's pin."""
    return bool(room.demo.scene.view()["buzzer"])


def test_damp_air_raises_an_alarm_at_each_place_with_value_and_limit(storeroom: WholeRoom, damp: Damp):
    assert {alarm["place"] for alarm in damp.raised} == {"北墙", "内侧通道"}
    assert {alarm["rule"] for alarm in damp.raised} == {"rh_high"}
    assert all(alarm["value"] > alarm["limit"] == 6000 for alarm in damp.raised)
    told = storeroom.events(damp.after, "alarm.raised")
    assert len(told) == 2


def test_the_sounder_sounds_until_a_person_acknowledges(storeroom: WholeRoom, damp: Damp):
    assert damp.sounded
    assert damp.silent
    assert all(alarm["acked"] and alarm["acked_by"] == damp.person for alarm in damp.acked)
    assert {event.actor for event in storeroom.events(damp.after, "alarm.acknowledged")} == {damp.person}


def test_alarms_stand_exactly_as_before_after_the_node_was_killed(damp: Damp):
    assert damp.restarted == damp.acked
    assert not damp.sounds_again


def test_the_alarm_clears_when_the_air_is_dry_again(storeroom: WholeRoom, damp: Damp):
    becomes(storeroom, rh_pct=50)
    wait_for("the alarms are over", lambda: not storeroom.snapshot()["alarms"], 60)
    cleared = wait_for("both are told", lambda: len(storeroom.events(damp.after, "alarm.cleared")) == 2)
    assert cleared
    assert body(storeroom.events(damp.after, "alarm.cleared")[0])["active"] == 0
