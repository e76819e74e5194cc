"""Each finished day's climate by the hour goes into the trace once, also after days without power."""

import json

import pytest

from cloud_sync.contract import MAX_BATCH_BYTES, ClimateDay
from edge.domain.climate import Reading
from edge.domain.climate_day import HOUR_MS
from edge.store.trace import Trace
from edge.workflows.climate_log import ClimateLog

DAY_MS = 24 * HOUR_MS


@pytest.fixture
def midnight(scene):
    """The clock stands at noon; the midnight before, in the room's zone."""
    now_ms = scene.room.clock.utc_ms()
    offset_ms = 8 * HOUR_MS
    noon_ms = (now_ms + offset_ms) // DAY_MS * DAY_MS + DAY_MS // 2 - offset_ms
    scene.clock.advance(noon_ms - now_ms if noon_ms > now_ms else noon_ms + DAY_MS - now_ms)
    return scene.room.clock.utc_ms() - DAY_MS // 2


def measure(scene, begin_ms, values, measurand="temp_cc"):
    told = [Reading("north wall", measurand, value, begin_ms + no * 60_000) for no, value in enumerate(values)]
    assert scene.room.readings.add(told, begin_ms + HOUR_MS) == len(values)


def told(scene):
    events = Trace(scene.room.database).recent(100, action_prefix="climate.day")
    return [ClimateDay.model_validate(json.loads(event.body)) for event in reversed(events)]


def test_yesterday_is_told_by_the_hour_once_it_is_over_and_only_once(scene, midnight):
    measure(scene, midnight - DAY_MS + 2 * HOUR_MS, [1800, 1900, 2000])
    measure(scene, midnight + HOUR_MS, [2500])  # of today: not over
    log = ClimateLog(scene.room)
    log.step()
    log.step()
    ClimateLog(scene.room).step()
    (day,) = told(scene)
    assert (day.place, day.measurand, day.from_ms, day.to_ms) == ("north wall", "temp_cc", midnight - DAY_MS, midnight)
    assert day.hours == [(2, 1800, 1900, 2000, 3)]
    assert (day.low, day.high) == (1400, 2400)  # the paper profile's


def test_days_without_power_are_made_up(scene, midnight):
    ClimateLog(scene.room).step()
    for back in (1, 0):
        measure(scene, midnight + (1 - back) * DAY_MS, [1800], "rh_cpct")
    scene.clock.advance(2 * DAY_MS)
    ClimateLog(scene.room).step()
    assert [day.from_ms for day in told(scene)] == [midnight, midnight + DAY_MS]


def test_a_whole_day_of_a_place_is_small_on_the_wire(scene, midnight):
    for hour in range(24):
        measure(scene, midnight - DAY_MS + hour * HOUR_MS, [-1000 - hour] * 60)
    ClimateLog(scene.room).step()
    (event,) = Trace(scene.room.database).recent(5, action_prefix="climate.day")
    assert len(event.body) < 1000 < MAX_BATCH_BYTES
    assert len(told(scene)[0].hours) == 24
