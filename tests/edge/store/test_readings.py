"""Readings: batched, charted, and never counted twice."""

import pytest

from edge.domain.climate import Minute, Reading
from edge.errors import StoreError
from edge.store.readings import MINUTE_MS, RAW_MS, Readings

DAY_MS = 24 * 60 * MINUTE_MS
NOON_MS = 1_795_305_600_000


@pytest.fixture
def readings(tmp_path, key):
    opened = Readings(tmp_path / "readings.db", key)
    yield opened
    opened.close()


def at(ms: int, value: int) -> Reading:
    return Reading("north", "rh_cpct", value, NOON_MS + ms)


def test_a_minute_keeps_its_least_mean_and_greatest(readings):
    readings.add([at(0, 5000), at(1000, 5400), at(2000, 5300)], NOON_MS + 2000)
    assert readings.chart("north", "rh_cpct", NOON_MS, NOON_MS + DAY_MS) == [Minute(NOON_MS, 5000, 5233, 5400, 3)]


def test_a_replayed_old_value_changes_neither_the_newest_nor_the_minute(readings):
    readings.add([at(0, 5000), at(1000, 5400)], NOON_MS + 1000)
    assert readings.add([at(0, 9999)], NOON_MS + 2000) == 0
    assert readings.add([at(-RAW_MS - 5000, 9999)], NOON_MS + 2000) == 0
    assert readings.add([at(500, 5200)], NOON_MS + 2000) == 1, "late, but never heard before"
    (latest,) = readings.latest()
    assert (latest.value, latest.utc_ms) == (5400, NOON_MS + 1000)
    assert readings.chart("north", "rh_cpct", NOON_MS, NOON_MS + 1) == [Minute(NOON_MS, 5000, 5200, 5400, 3)]


def test_a_day_is_at_most_1440_points_and_a_month_too_with_its_true_extremes(readings):
    for minute in range(0, 3 * 1440, 1):
        at_ms = minute * MINUTE_MS
        readings.add([at(at_ms, 5000 + (minute == 1234) * 2000)], NOON_MS + at_ms)
    day = readings.chart("north", "rh_cpct", NOON_MS + 17, NOON_MS + 17 + DAY_MS)
    assert len(day) == 1440
    days = readings.chart("north", "rh_cpct", NOON_MS, NOON_MS + 3 * DAY_MS)
    assert len(days) == 1440 and max(point.greatest for point in days) == 7000
    assert sum(point.count for point in days) == 3 * 1440


def test_raw_values_live_for_a_day_and_minutes_stay(readings):
    readings.add([at(0, 5000)], NOON_MS)
    readings.add([at(2 * DAY_MS, 5100)], NOON_MS + 2 * DAY_MS)
    assert [reading.value for reading in readings.latest()] == [5100]
    assert len(readings.chart("north", "rh_cpct", NOON_MS, NOON_MS + DAY_MS)) == 1


def test_another_key_is_refused_and_the_file_shows_no_value(tmp_path, key):
    path = tmp_path / "readings.db"
    opened = Readings(path, key)
    opened.add([Reading("secret corner", "lux", 7, NOON_MS)], NOON_MS)
    opened.close()
    assert b"secret corner" not in path.read_bytes()
    with pytest.raises(StoreError, match="wrong_key"):
        Readings(path, bytes(32))
