"""The alarm state as separate facts: a property over every sequence of values, people and kills."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain import alarms
from edge.domain.alarms import NORMAL, Condition
from edge.domain.protections import Limit
from edge.errors import RuleRefused

DAMP = Limit("rh_high", "rh_cpct", "high", 6000, 150, 3, 2, "alarm")
LEAK = Limit("leak", "leak", "high", 0, 0, 0, 0, "emergency", latching=True)


def run(limit: Limit, values: list[int | None], start: Condition = NORMAL) -> tuple[Condition, list[str]]:
    """One look a second."""
    condition, said = start, []
    for second, value in enumerate(values):
        condition, what = alarms.step(limit, condition, value, second * 1000)
        if what:
            said.append(f"{second}:{what}")
    return condition, said


def test_a_value_beyond_the_bound_raises_only_after_the_delay():
    assert run(DAMP, [6100, 6100, 6100])[1] == []
    assert run(DAMP, [6100] * 4)[1] == ["3:raised"]
    assert run(DAMP, [6100, 6100, 5900, 6100, 6100, 6100])[1] == [], "the delay starts again"


def test_it_returns_only_inside_the_deadband_and_after_its_own_delay():
    assert run(DAMP, [6100] * 4 + [5900] * 9)[1] == ["3:raised"]
    assert run(DAMP, [6100] * 4 + [5850] * 3)[1] == ["3:raised", "6:returned"]


def test_no_value_stops_the_delay_and_forgets_nothing():
    assert run(DAMP, [6100, 6100, None, 6100, 6100, 6100])[1] == []
    active, _ = run(DAMP, [6100] * 4)
    assert run(DAMP, [None] * 50, active)[0] == active


def test_coming_and_going_before_anybody_acknowledged_stays_on_the_list():
    condition, _ = run(DAMP, [6100] * 4 + [5000] * 3)
    assert (condition.active, condition.acked, condition.over, condition.sounds) == (False, False, False, False)
    assert alarms.acknowledge(condition)[0].over


def test_a_latching_alarm_sounds_on_when_its_cause_is_gone_unacknowledged():
    condition, said = run(LEAK, [1, 0])
    assert said == ["0:raised", "1:returned"]
    assert (condition.active, condition.latched, condition.sounds) == (False, True, True)
    acked, _ = alarms.acknowledge(condition)
    assert (acked.sounds, acked.over) == (False, False)
    assert alarms.reset(acked)[0].over


def test_a_latched_alarm_that_comes_again_is_raised_again():
    condition, _ = run(LEAK, [1, 0])
    acked, _ = alarms.acknowledge(condition)
    assert run(LEAK, [1], acked)[1] == ["0:raised"]


ACTS = st.lists(st.one_of(st.none(), st.integers(5700, 6200), st.sampled_from(["acknowledge", "reset"])), max_size=60)


@settings(max_examples=150, deadline=None)
@given(ACTS, st.sampled_from([DAMP, Limit("leak", "leak", "high", 6000, 0, 1, 0, "emergency", latching=True)]))
def test_whatever_happens_an_unacknowledged_alarm_sounds_and_none_vanishes_without_a_person(acts, limit):
    condition = NORMAL
    for second, act in enumerate(acts):
        before = condition
        try:
            if act == "acknowledge":
                condition, what = alarms.acknowledge(condition)
            elif act == "reset":
                condition, what = alarms.reset(condition)
            else:
                condition, what = alarms.step(limit, condition, act, second * 1000)
        except RuleRefused:
            assert condition == before
            continue
        assert not (condition.active and condition.latched)
        assert condition.sounds == ((condition.active or condition.latched) and not condition.acked)
        if not before.acked and condition.acked:
            assert act == "acknowledge"
        if before.latched and not condition.latched:
            assert act == "reset" or what == "raised"
        assert (what == "cleared") == (condition.over and not before.over)
