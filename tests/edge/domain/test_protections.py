"""Limits of the paper profile, and what can be changed in them."""

import pytest

from edge.domain import climate, protections
from edge.domain.alarms import beyond
from edge.errors import InputRefused


def test_paper_is_kept_between_14_and_24_degrees_and_45_and_60_percent():
    bounds = {rule: protections.PAPER[rule].bound for rule in ("temp_low", "temp_high", "rh_low", "rh_high")}
    assert bounds == {"temp_low": 1400, "temp_high": 2400, "rh_low": 4500, "rh_high": 6000}
    for rule, good, bad in (("rh_high", 6000, 6001), ("rh_low", 4500, 4499), ("leak", 0, 1)):
        limit = protections.PAPER[rule]
        assert not beyond(limit, good, False) and beyond(limit, bad, False)


def test_a_change_keeps_everything_else_and_refuses_what_makes_no_sense():
    changed = protections.changed("rh_high", on_delay_s=5)
    assert (changed.on_delay_s, changed.bound, changed.deadband) == (5, 6000, 150)
    with pytest.raises(InputRefused, match="limit_negative"):
        protections.changed("rh_high", deadband=-1)
    with pytest.raises(InputRefused, match="limit_unknown"):
        protections.changed("dust", bound=1)


def test_a_value_no_sensor_can_say_is_none_and_age_decides_before_value():
    assert climate.possible("rh_cpct", 10_001) is None and climate.possible("rh_cpct", 10_000) == 10_000
    assert climate.quality(5000, 100) == "good"
    assert climate.quality(None, 100) == "bad"
    assert climate.quality(5000, climate.STALE_AFTER_MS + 1) == climate.quality(5000, None) == "stale"
