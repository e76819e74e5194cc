"""When patrols are due and late, what a round passes, and what a reading may say at a point."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain import patrol
from edge.domain.patrol import Evidence, Point, default_points, evidence_of, on_round
from edge.domain.patrol_due import (
    COVERS,
    KINDS,
    Holiday,
    Plan,
    answers_for,
    most_urgent,
    occasions,
    standing,
)
from edge.errors import InputRefused

ZONE = ZoneInfo("Asia/Shanghai")
POINTS = default_points((1, 2, 3), ("north wall", "south wall"))
HOUR = 3_600_000
DAY = 24 * HOUR


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


START = ms("2026-11-02T00:00")  # a Monday
moments = st.integers(START, START + 500 * DAY)
plans = st.builds(
    Plan,
    days=st.sets(st.integers(0, 6), min_size=1).map(tuple),
    by_minute=st.integers(1, 1439),
    weekly_day=st.integers(0, 6),
    monthly_day=st.integers(1, 28),
    after_alarm_minutes=st.integers(10, 2880),
)
kinds = st.sampled_from(KINDS)
raised = st.lists(moments, max_size=3)


def at(kind, text, walked=None, plan=None, since=START, alarms=()):
    return standing(kind, plan or Plan(), ZONE, ms(text), walked and ms(walked), since, alarms)


def test_a_daily_round_is_due_in_the_morning_late_after_five_and_done_once_walked():
    assert at("daily", "2026-11-03T08:00", "2026-11-02T09:00").state == "due"
    late = at("daily", "2026-11-03T17:01", "2026-11-02T09:00")
    assert (late.state, late.missed, late.due_ms) == ("late", 1, ms("2026-11-03T17:00"))
    done = at("daily", "2026-11-03T18:00", "2026-11-03T17:30")
    assert (done.state, done.due_ms) == ("done", ms("2026-11-04T17:00"))


def test_what_nobody_walked_on_friday_is_late_all_weekend_and_counted_on_monday():
    walked = "2026-11-05T09:00"
    assert at("daily", "2026-11-07T12:00", walked).missed == 1
    assert at("daily", "2026-11-09T12:00", walked).missed == 1
    assert at("daily", "2026-11-09T17:01", walked).missed == 2


def test_in_a_holiday_nobody_owes_a_daily_round_but_one_before_and_one_after():
    spring = Plan(holidays=(Holiday("2027-02-05", "2027-02-11"),))
    assert at("daily", "2027-02-08T20:00", "2027-02-04T10:00", spring).state == "done"
    before = at("before_holiday", "2027-02-03T08:00", None, spring)
    assert (before.state, before.due_ms) == ("due", ms("2027-02-04T17:00"))
    assert at("before_holiday", "2027-02-05T08:00", None, spring).state == "late"
    assert at("before_holiday", "2027-02-05T08:00", "2027-02-04T16:00", spring).state == "done"
    assert at("after_holiday", "2027-02-12T08:00", None, spring).due_ms == ms("2027-02-12T17:00")


def test_weekly_monthly_and_after_an_emergency():
    assert at("weekly", "2026-11-06T17:01").state == "late"
    november = at("monthly", "2026-11-26T08:00")  # it opened before the site began: asked for, no reproach
    assert (november.state, november.due_ms) == ("due", ms("2026-11-25T17:00"))
    assert at("monthly", "2026-12-26T08:00").state == "late"
    assert at("after_alarm", "2026-11-06T08:00") == standing(
        "after_alarm", Plan(), ZONE, ms("2026-11-06T08:00"), None, START, ()
    )
    alarm = [ms("2026-11-06T07:30")]
    assert at("after_alarm", "2026-11-06T08:00", alarms=alarm).due_ms == ms("2026-11-06T09:30")
    assert at("after_alarm", "2026-11-06T10:00", alarms=alarm).state == "late"
    assert at("after_alarm", "2026-11-06T10:00", "2026-11-06T07:45", alarms=alarm).state == "done"


def test_a_site_is_asked_on_its_first_day_and_reproached_from_its_second():
    since = ms("2026-11-03T16:00")
    assert at("daily", "2026-11-03T16:01", since=since).state == "due"
    assert at("daily", "2026-11-03T23:00", since=since).state == "due"
    assert at("daily", "2026-11-04T17:01", since=since).state == "late"


@given(kinds, plans, moments, st.none() | moments, moments, raised)
def test_a_late_round_stays_late_until_one_is_walked(kind, plan, now_ms, walked_ms, later_ms, alarms):
    if standing(kind, plan, ZONE, now_ms, walked_ms, START, alarms).state != "late" or later_ms < now_ms:
        return
    if later_ms - now_ms < 300 * DAY:
        assert standing(kind, plan, ZONE, later_ms, walked_ms, START, alarms).state == "late"


@given(kinds, plans, moments, st.none() | moments, raised)
def test_walking_it_now_answers_for_everything_that_was_owed(kind, plan, now_ms, walked_ms, alarms):
    after = standing(kind, plan, ZONE, now_ms, now_ms, START, alarms)
    assert (after.state, after.missed) == ("done", 0)
    before = standing(kind, plan, ZONE, now_ms, walked_ms, START, alarms)
    assert (before.state == "late") == (before.missed > 0)
    assert before.state == "done" or before.due_ms is not None


@given(kinds.filter(lambda kind: kind != "after_alarm"), plans, st.integers(0, 900))
def test_an_occasion_opens_before_it_is_due_and_they_come_in_their_order(kind, plan, day):
    first = date(2026, 1, 1) + timedelta(day)
    found = list(occasions(kind, plan, ZONE, first, first + timedelta(120)))
    assert all(one.opens_ms < one.due_ms for one in found)
    assert [one.opens_ms for one in found] == sorted({one.opens_ms for one in found})


@given(kinds)
def test_a_wider_round_passes_every_point_of_those_it_stands_in_for(kind):
    passed = set(map(id, on_round(POINTS, kind)))
    for covered in COVERS.get(kind, ()):
        assert set(map(id, on_round(POINTS, covered))) <= passed
        assert kind in answers_for(covered)
    assert passed


def test_what_is_late_is_walked_first_and_of_two_the_wider():
    daily, weekly = at("daily", "2026-11-06T17:01"), at("weekly", "2026-11-06T17:01")
    assert most_urgent([daily, weekly]).kind == "weekly"
    monthly = at("monthly", "2026-12-02T08:00")
    assert monthly.state == "due"
    assert most_urgent([monthly, daily]).kind == "daily"
    assert most_urgent([at("after_alarm", "2026-11-06T08:00")]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": ()},
        {"by_minute": 0},
        {"weekly_day": 7},
        {"monthly_day": 29},
        {"after_alarm_minutes": 5},
        {"kinds": ("hourly",)},
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong):
    with pytest.raises(InputRefused, match="patrol_plan_wrong"):
        Plan(**wrong)


@pytest.mark.parametrize(
    ("first", "last"), [("13-01", "13-02"), ("01-01", "2027-01-02"), ("2027-02-11", "2027-02-05"), ("03-01", "05-01")]
)
def test_a_holiday_that_cannot_be_is_refused(first, last):
    with pytest.raises(InputRefused, match="patrol_plan_wrong"):
        Holiday(first, last)


def test_a_holiday_over_new_year_ends_in_the_next_year():
    assert Holiday("12-31", "01-02").on(2026) == (date(2026, 12, 31), date(2027, 1, 2))


@given(st.sampled_from(("sensor", "leak", "light", "door")), st.sampled_from(("good", "stale", "bad")))
def test_a_reading_that_is_not_good_is_written_without_a_value(what, quality):
    told = [Evidence("north wall", name, 1, quality) for name in ("temp_cc", "rh_cpct", "lux", "leak")]
    found = evidence_of(Point("p", what, None, "", "", ("daily",)), told)
    assert bool(found) == (what != "door")
    assert all((one.value is None) == (quality != "good") for one in found)
    assert all(("value" in one.as_body()) == (quality == "good") for one in found)


def test_a_point_with_a_sensor_takes_its_own_readings_only():
    told = [Evidence(place, "temp_cc", 2000, "good") for place in ("north wall", "south wall")]
    assert [one.place for one in evidence_of(Point("p", "sensor", None, "south wall", "", ("daily",)), told)] == [
        "south wall"
    ]


@pytest.mark.parametrize(
    "point",
    [
        Point("", "aisle", 9, "", "", ("daily",)),
        Point("", "door", 1, "", "", ("daily",)),
        Point("", "sensor", None, "cellar", "", ("daily",)),
        Point("", "other", None, "", " ", ("daily",)),
        Point("", "door", None, "", "", ()),
        Point("", "roof", None, "", "", ("daily",)),
    ],
)
def test_a_point_that_is_not_of_this_room_is_refused(point):
    with pytest.raises(InputRefused, match="patrol_point_wrong"):
        patrol.checked([point], (1, 2, 3), ("north wall",))
    assert patrol.checked(POINTS, (1, 2, 3), ("north wall", "south wall")) == POINTS
