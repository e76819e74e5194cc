"""Readings each second, alarms that survive a restart, a sounder that follows them."""

import dataclasses

import pytest

from edge.domain import protections
from edge.domain.block import SensorReport
from edge.errors import RuleRefused
from edge.workflows import watch_protections
from edge.workflows.watch_protections import Watch


def quick(scene, rule: str, **fields: int) -> None:
    limit = protections.changed(rule, **fields)
    scene.room.database.write(lambda change: scene.room.alarms.set_limit(change, limit, scene.archivist.id))


def seconds(scene, watch: Watch, count: int, **values) -> None:
    for _ in range(count):
        scene.clock.advance(1000)
        scene.block.sensors = [dataclasses.replace(scene.block.sensors[0], **values)]
        watch.step()


def test_damp_air_raises_one_alarm_after_its_delay_it_sounds_and_a_person_silences_it(scene):
    quick(scene, "rh_high", on_delay_s=5, off_delay_s=5)
    watch = Watch(scene.room)
    seconds(scene, watch, 5, rh_cpct=6400)
    assert scene.room.alarms.standing() == []
    seconds(scene, watch, 1, rh_cpct=6400)
    (alarm,) = scene.room.alarms.standing()
    assert (alarm.rule, alarm.place, alarm.value, alarm.limit) == ("rh_high", "north wall", 6400, 6000)
    assert scene.desk.sounding
    acknowledged = watch_protections.acknowledge(scene.room, scene.archivist, alarm.id)
    assert (acknowledged.acked, acknowledged.active, acknowledged.acked_by) == (True, True, scene.archivist.id)
    assert not scene.desk.sounding
    with pytest.raises(RuleRefused, match="alarm_acknowledged_already"):
        watch_protections.acknowledge(scene.room, scene.archivist, alarm.id)
    seconds(scene, watch, 7, rh_cpct=5900)
    assert scene.room.alarms.standing(), "inside the deadband it stays"
    seconds(scene, watch, 7, rh_cpct=5800)
    assert scene.room.alarms.standing() == []
    assert scene.events("alarm.") == ["alarm.raised", "alarm.acknowledged", "alarm.cleared"]


def test_the_centre_acknowledges_an_alarm_but_never_an_emergency(scene):
    quick(scene, "rh_high", on_delay_s=1)
    watch = Watch(scene.room)
    seconds(scene, watch, 4, rh_cpct=6400, leak=True)
    alarms = {alarm.rule: alarm for alarm in scene.room.alarms.standing()}
    known = watch_protections.acknowledge_at_centre(scene.room, "li", alarms["rh_high"].id)
    assert (known.acked, known.acked_by) == (True, "centre:li")
    with pytest.raises(RuleRefused, match="emergency_in_the_room"):
        watch_protections.acknowledge_at_centre(scene.room, "li", alarms["leak"].id)
    assert scene.desk.sounding


@pytest.mark.parametrize("contact", ["gas_ok", "fire_ok"])
def test_rule_11_the_sounder_sounds_while_a_board_sees_gas_or_fire_and_nobody_silences_it(scene, contact):
    watch = Watch(scene.room)
    scene.block.open_inputs = {3: (contact,)}
    watch.step()
    assert scene.desk.sounding
    scene.block.open_inputs = {}
    watch.step()
    assert not scene.desk.sounding


def test_an_alarm_and_its_running_delay_survive_a_restart_of_the_node_exactly(scene):
    quick(scene, "rh_high", on_delay_s=10)
    quick(scene, "temp_high", on_delay_s=2)
    watch = Watch(scene.room)
    seconds(scene, watch, 6, rh_cpct=6400, temp_cc=2500)
    (before,) = scene.room.alarms.standing()
    watch = Watch(scene.room)
    assert scene.room.alarms.standing() == [before]
    seconds(scene, watch, 5, rh_cpct=6400, temp_cc=2500)
    assert {alarm.rule for alarm in scene.room.alarms.standing()} == {"rh_high", "temp_high"}
    assert len(scene.events("alarm.raised")) == 2
    assert scene.desk.sounding


def test_a_delay_starts_again_after_a_reboot_whose_clock_is_another(scene):
    quick(scene, "rh_high", on_delay_s=10)
    watch = Watch(scene.room)
    seconds(scene, watch, 8, rh_cpct=6400)
    scene.clock.reboot()
    watch = Watch(scene.room)
    seconds(scene, watch, 8, rh_cpct=6400)
    assert scene.room.alarms.standing() == []
    seconds(scene, watch, 4, rh_cpct=6400)
    assert len(scene.room.alarms.standing()) == 1


def test_a_leak_stays_until_somebody_acknowledged_it_found_it_dry_and_reset_it(scene):
    watch = Watch(scene.room)
    seconds(scene, watch, 4, leak=True)
    (alarm,) = scene.room.alarms.standing()
    with pytest.raises(RuleRefused, match="alarm_still_active"):
        watch_protections.reset(scene.room, scene.archivist, alarm.id)
    seconds(scene, watch, 5, leak=False)
    (dry,) = scene.room.alarms.standing()
    assert (dry.active, dry.acked, dry.latched) == (False, False, True) and scene.desk.sounding
    with pytest.raises(RuleRefused, match="alarm_not_acknowledged"):
        watch_protections.reset(scene.room, scene.archivist, alarm.id)
    watch_protections.acknowledge(scene.room, scene.archivist, alarm.id)
    assert not scene.desk.sounding and scene.room.alarms.standing(), "acknowledging is not resetting"
    watch_protections.reset(scene.room, scene.archivist, alarm.id)
    assert scene.room.alarms.standing() == []


def test_sensors_not_polled_during_a_move_are_not_lost_but_after_a_minute_they_are(scene):
    watch = Watch(scene.room)
    seconds(scene, watch, 1)
    for silent_s in range(1, 59):
        seconds(scene, watch, 1, age_ms=silent_s * 1000)
    assert scene.room.alarms.standing() == []
    seconds(scene, watch, 5, age_ms=70_000, online=False)
    (alarm,) = scene.room.alarms.standing()
    assert alarm.rule == "comms_lost"
    (tile,) = [tile for tile in watch_protections.tiles(scene.room) if tile.measurand == "rh_cpct"]
    assert (tile.quality, tile.low, tile.high) == ("stale", 4500, 6000)
    watch_protections.acknowledge(scene.room, scene.archivist, alarm.id)
    seconds(scene, watch, 5, age_ms=300, online=True)
    assert scene.room.alarms.standing() == []


def test_a_silent_motion_process_makes_every_place_silent(scene):
    watch = Watch(scene.room)
    scene.block.alive = False
    seconds(scene, watch, 62)
    assert [alarm.rule for alarm in scene.room.alarms.standing()] == ["comms_lost"]


def test_a_stale_value_neither_raises_nor_returns_an_alarm(scene):
    quick(scene, "rh_high", on_delay_s=2, off_delay_s=2)
    quick(scene, "comms_lost", bound=100_000)
    watch = Watch(scene.room)
    seconds(scene, watch, 4, rh_cpct=6400)
    assert len(scene.room.alarms.standing()) == 1
    seconds(scene, watch, 10, rh_cpct=None)
    seconds(scene, watch, 10, rh_cpct=5000, age_ms=90_000)
    assert [alarm.active for alarm in scene.room.alarms.standing()] == [True]


def test_each_poll_is_kept_once_and_the_chart_shows_it(scene):
    watch = Watch(scene.room)
    start_ms = scene.clock.utc_ms()
    seconds(scene, watch, 60, rh_cpct=5500)
    for _ in range(5):
        watch.step()
    points = scene.room.readings.chart("north wall", "rh_cpct", start_ms - 60_000, start_ms + 120_000)
    assert sum(point.count for point in points) == 60
    assert {(point.least, point.mean, point.greatest) for point in points} == {(5500, 5500, 5500)}


def test_an_impossible_value_is_no_reading(scene):
    watch = Watch(scene.room)
    scene.block.sensors = [SensorReport(21, True, 100, 2000, 20_000, 0, False, 0)]
    scene.clock.advance(1000)
    watch.step()
    assert {reading.measurand for reading in scene.room.readings.latest()} == {"temp_cc", "lux", "leak"}
    (tile,) = [tile for tile in watch_protections.tiles(scene.room) if tile.measurand == "rh_cpct"]
    assert (tile.value, tile.quality) == (None, "bad")


def test_a_limit_is_changed_by_who_may_and_the_change_is_an_event(scene):
    limit = protections.changed("rh_high", bound=5800)
    with pytest.raises(RuleRefused, match="not_allowed"):
        watch_protections.set_limit(scene.room, scene.archivist, limit)
    admin = dataclasses.replace(scene.archivist, roles=("system_admin",))
    watch_protections.set_limit(scene.room, admin, limit)
    assert scene.room.alarms.limits()["rh_high"].bound == 5800
    assert scene.events("limit.") == ["limit.changed"]
