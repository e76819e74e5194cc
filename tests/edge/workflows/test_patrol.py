"""A patrol is begun, led from point to point, signed; what it found is open until closed; a late one is told."""

import csv
import io
from dataclasses import replace

import pytest

from edge.domain.patrol import LATE, Point
from edge.domain.patrol_due import Plan
from edge.domain.people import Person
from edge.errors import DeviceFault, InputRefused, RuleRefused
from edge.store import patrol_findings, patrol_site, patrols
from edge.workflows import patrol, patrol_list, patrol_register, patrol_watch, pose, watch_protections
from edge.workflows.patrol_watch import PatrolWatch

CHIEF = Person("p-chief", "何平", "", ("system_admin",), True)
HOUR = 3_600_000


@pytest.fixture
def watch(scene):
    watch = PatrolWatch(scene.room)
    watch.step()
    return watch


@pytest.fixture
def short(scene, watch):
    """Three points: the door, the sensor, aisle 1."""
    points = [
        Point("", "door", None, "", "", ("daily",)),
        Point("", "sensor", None, "north wall", "", ("daily",)),
        Point("", "aisle", 1, "", "", ("daily",)),
    ]
    patrol_list.set_points(scene.room, CHIEF, points)
    return scene


def begin(scene, kind="daily"):
    patrol_id = patrol.begin(scene.room, scene.archivist, kind)
    return patrol_id, [one.point.id for one in patrols.answers(scene.room.database, patrol_id)]


def walk(scene, patrol_id, points):
    """Every point is in order; the aisles are recorded as not seen."""
    for one in patrols.answers(scene.room.database, patrol_id):
        if one.point.aisle is None:
            patrol.in_order(scene.room, scene.archivist, patrol_id, one.point.id)
        else:
            patrol.found(scene.room, scene.archivist, patrol_id, one.point.id, "not_seen", "架子不能动")


def alarms(scene):
    return {(one.rule, one.place): one for one in scene.room.alarms.standing()}


def test_a_round_is_walked_signed_and_every_step_is_in_the_trace(short):
    patrol_id, (door, sensor, aisle) = begin(short)
    patrol.in_order(short.room, short.archivist, patrol_id, door)
    patrol.in_order(short.room, short.archivist, patrol_id, sensor)
    patrol.found(short.room, short.archivist, patrol_id, aisle, "not_seen", "通道打不开")
    patrol.sign(short.room, short.archivist, patrol_id)
    assert short.events("patrol.") == [
        *("patrol.list_begun", "patrol.points_changed", "patrol.begun", "patrol.answered", "patrol.answered"),
        *("patrol.answered", "patrol.found", "patrol.noted", "patrol.signed"),
    ]
    signed = patrols.get(short.room.database, patrol_id)
    assert (signed.state, signed.ended_by, signed.answered, signed.found) == ("signed", "p-archivist", 3, 1)


def test_a_good_reading_is_taken_along_and_a_stale_one_is_no_value(short):
    patrol_id, (_, sensor, _) = begin(short)
    patrol.in_order(short.room, short.archivist, patrol_id, sensor)
    taken = patrols.answers(short.room.database, patrol_id)[1].readings
    assert [(one["measurand"], one["value"]) for one in taken] == [("temp_cc", 2000), ("rh_cpct", 5200)]
    short.block.sensors = [replace(short.block.sensors[0], age_ms=120_000)]
    patrol.in_order(short.room, short.archivist, patrol_id, sensor)
    taken = patrols.answers(short.room.database, patrol_id)[1].readings
    assert [(one["quality"], "value" in one) for one in taken] == [("stale", False), ("stale", False)]


def test_an_aisle_is_in_order_only_while_it_stands_open_and_is_opened_as_for_every_patrol(short):
    patrol_id, (_, _, aisle) = begin(short)
    with pytest.raises(RuleRefused, match="point_aisle_shut"):
        patrol.in_order(short.room, short.archivist, patrol_id, aisle)
    assert short.block.move is None  # a question about a point moves nothing
    pose.choose(short.room, short.archivist, "patrol", 1)
    with pytest.raises(RuleRefused, match="point_aisle_shut"):
        patrol.in_order(short.room, short.archivist, patrol_id, aisle)  # Start is not pressed yet
    short.open_chosen()
    assert [move.kind for move in short.room.moves.recent("B1-A", 1, None, None)] == ["patrol"]
    patrol.in_order(short.room, short.archivist, patrol_id, aisle)
    assert patrols.answers(short.room.database, patrol_id)[2].verdict == "in_order"


def test_an_interrupted_round_goes_on_where_it_was_and_no_second_one_begins(short):
    patrol_id, (door, _, _) = begin(short)
    patrol.in_order(short.room, short.archivist, patrol_id, door)
    short.clock.reboot()
    now = patrol_watch.now(short.room)
    assert (now.round_id, now.round_kind, now.answered, now.points) == (patrol_id, "daily", 1, 3)
    with pytest.raises(RuleRefused, match="patrol_open"):
        patrol.begin(short.room, short.archivist, "weekly")


def test_nobody_signs_before_every_point_has_its_answer_or_without_having_walked(short):
    patrol_id, points = begin(short)
    with pytest.raises(RuleRefused, match="patrol_incomplete"):
        patrol.sign(short.room, short.archivist, patrol_id)
    walk(short, patrol_id, points)
    with pytest.raises(RuleRefused, match="patrol_not_walked"):
        patrol.sign(short.room, CHIEF, patrol_id)
    patrol.sign(short.room, short.archivist, patrol_id)
    with pytest.raises(RuleRefused, match="patrol_not_open"):
        patrol.in_order(short.room, short.archivist, patrol_id, points[0])


def test_what_was_found_does_not_become_in_order_and_is_closed_with_words_never_deleted(short):
    room = short.room
    patrol_id, (door, _, _) = begin(short)
    finding = patrol.found(room, short.archivist, patrol_id, door, "damaged", "门锁松动")
    with pytest.raises(RuleRefused, match="point_has_finding"):
        patrol.in_order(room, short.archivist, patrol_id, door)
    room.database.write(lambda change: room.people.add_first_administrator(change, "周敏", "250914"))
    owner = next(one for one in room.people.all() if one.name == "周敏")
    patrol.assign(room, short.archivist, finding, owner.id, "2026-12-01")
    assert patrol_register.standing(room)[0].owner == "周敏"
    with pytest.raises(InputRefused, match="patrol_words"):
        patrol.close(room, short.archivist, finding, " ")
    with pytest.raises(RuleRefused, match="not_allowed"):
        patrol.close(room, short.reader, finding, "修好了")
    patrol.close(room, short.archivist, finding, "换了新锁")
    assert patrol_findings.standing(room.database) == []
    assert [(one.words, one.done) for one in patrol_findings.closed(room.database, 9)] == [("门锁松动", "换了新锁")]
    with pytest.raises(RuleRefused, match="finding_closed"):
        patrol.close(room, short.archivist, finding, "再关一次")
    with pytest.raises(Exception, match="never deleted"):
        room.database.write(lambda change: change.db.execute("DELETE FROM patrol_finding"))


def test_a_picture_goes_with_a_finding_and_an_old_frame_does_not(short):
    patrol_id, (door, _, _) = begin(short)
    look = patrol.photograph(short.room, short.archivist, "counter")
    patrol.found(short.room, short.archivist, patrol_id, door, "damaged", "", look)
    assert patrol_findings.standing(short.room.database)[0].look == look
    assert patrol_findings.with_look(short.room.database, look)
    short.counter.age_ms = 120_000
    with pytest.raises(DeviceFault, match="camera_silent"):
        patrol.photograph(short.room, short.archivist, "counter")
    with pytest.raises(InputRefused, match="look_unknown"):
        patrol.found(short.room, short.archivist, patrol_id, door, "damaged", "", "no-such-look")


def test_a_late_patrol_is_an_alarm_that_does_not_sound_and_walking_it_takes_it_back(scene, watch):
    scene.clock.advance(48 * HOUR)
    watch.step()
    late = alarms(scene)[LATE.rule, "daily"]
    assert (late.active, late.acked) == (True, False)
    watch_protections.sound(scene.room)
    assert not scene.desk.sounding
    scene.room.database.write(lambda change: scene.room.alarms.acknowledge(change, late.id, "p-archivist"))
    watch.step()
    assert alarms(scene)[LATE.rule, "daily"].active  # who knows of it has not walked it
    patrol_id, points = begin(scene)
    walk(scene, patrol_id, points)
    watch.step()
    assert alarms(scene)[LATE.rule, "daily"].active  # nor is a round that nobody signed one
    patrol.sign(scene.room, scene.archivist, patrol_id)
    watch.step()
    assert (LATE.rule, "daily") not in alarms(scene)


def test_a_round_that_was_given_up_stays_in_the_register_and_answers_for_nothing(scene, watch):
    scene.clock.advance(48 * HOUR)
    patrol_id, _ = begin(scene)
    patrol.give_up(scene.room, scene.archivist, patrol_id, "停电")
    watch.step()
    assert (LATE.rule, "daily") in alarms(scene)
    line = patrol_register.lines(scene.room, 9)[0]
    assert (line.state, line.reason) == ("given_up", "停电")


def test_a_finding_past_its_day_is_an_alarm_until_it_is_closed(short, watch):
    room = short.room
    patrol_id, (door, _, _) = begin(short)
    finding = patrol.found(room, short.archivist, patrol_id, door, "damaged", "门锁松动")
    room.database.write(lambda change: room.people.add_first_administrator(change, "周敏", "250914"))
    patrol.assign(room, short.archivist, finding, room.people.all()[0].id, "2026-11-23")
    watch.step()
    assert ("finding_late", "findings") not in alarms(short)
    short.clock.advance(96 * HOUR)
    watch.step()
    assert ("finding_late", "findings") in alarms(short)
    patrol.close(room, short.archivist, finding, "修好了")
    watch.step()
    alarm = alarms(short)["finding_late", "findings"]
    assert not alarm.active  # it stays until somebody has seen that it was


def test_after_an_emergency_a_round_is_owed(scene, watch):
    scene.clock.advance(1000)
    limits = scene.room.alarms.limits()
    scene.room.database.write(
        lambda change: scene.room.alarms.observe(
            change, limits["door_forced"], "door", 1, scene.clock.monotonic_ms(), scene.clock.boot_id()
        )
    )
    owed = {one.kind: one for one in patrol_watch.all_standing(scene.room)}["after_alarm"]
    assert owed.state == "due"
    assert owed.due_ms == scene.clock.utc_ms() + 2 * HOUR


def test_the_list_and_its_dates_are_changed_by_an_administrator_only_and_old_rounds_keep_their_points(short):
    patrol_id, points = begin(short)
    with pytest.raises(RuleRefused, match="not_allowed"):
        patrol_list.set_points(short.room, short.archivist, [])
    with pytest.raises(RuleRefused, match="not_allowed"):
        patrol_list.set_plan(short.room, short.archivist, Plan())
    patrol_list.set_points(short.room, CHIEF, patrol_site.points(short.room.database)[:1])
    assert [one.point.id for one in patrols.answers(short.room.database, patrol_id)] == points
    assert len(patrol_site.points(short.room.database)) == 1
    plan = Plan(kinds=("daily",), by_minute=9 * 60)
    patrol_list.set_plan(short.room, CHIEF, plan)
    assert patrol_site.plan(short.room.database) == plan
    assert short.events("patrol.p") == ["patrol.points_changed", "patrol.points_changed", "patrol.plan_changed"]


def test_a_kind_that_was_not_kept_counts_from_the_day_it_is(scene, watch):
    patrol_list.set_plan(scene.room, CHIEF, Plan(kinds=()))
    scene.clock.advance(30 * 24 * HOUR)
    watch.step()
    assert alarms(scene) == {}
    patrol_list.set_plan(scene.room, CHIEF, Plan())
    watch.step()
    assert alarms(scene) == {}


def test_whoever_may_not_patrol_begins_none(scene, watch):
    with pytest.raises(RuleRefused, match="not_allowed"):
        patrol.begin(scene.room, scene.reader, "daily")
    with pytest.raises(InputRefused, match="patrol_kind_unknown"):
        patrol.begin(scene.room, scene.archivist, "hourly")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_register_goes_to_paper_and_to_a_sheet(short, language):
    patrol_id, points = begin(short)
    patrol.found(short.room, short.archivist, patrol_id, points[0], "damaged", "门锁松动")
    pdf = patrol_register.on_paper(short.room, short.archivist, language)
    assert pdf.startswith(b"%PDF")
    rows = list(
        csv.reader(
            io.StringIO(patrol_register.as_sheet(short.room, short.archivist, "patrols", language).decode("utf-8-sig"))
        )
    )
    assert len(rows) == 2
    found = patrol_register.as_sheet(short.room, short.archivist, "patrol_findings", language).decode("utf-8-sig")
    assert "门锁松动" in found
    assert short.events("print.")[-1:] == ["print.made"]
    with pytest.raises(InputRefused, match="patrol_sheet_unknown"):
        patrol_register.as_sheet(short.room, short.archivist, "people", language)
