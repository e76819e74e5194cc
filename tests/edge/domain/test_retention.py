from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.retention import RetentionClass, due


def of(years: int | None, counts_from: str) -> RetentionClass:
    return RetentionClass("D", years, counts_from, "appraise", "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("years", "counts_from", "year", "filed_on", "event_on", "day"),
    [
        (30, "year_end", 2011, "", "", date(2042, 1, 1)),  # from the first day after the year
        (3, "filing", 2011, "20120315", "", date(2015, 3, 15)),
        (10, "event", 2011, "20120315", "20240630", date(2034, 6, 30)),
        (10, "event", 2011, "20120315", "", None),  # the event has not happened
        (None, "year_end", 2011, "", "", None),  # for ever
        (10, "year_end", None, "20120315", "", None),
        (1, "event", None, "", "20240229", date(2025, 3, 1)),
        (10, "event", None, "", "20241200", date(2035, 1, 1)),  # an unknown day is the last one
        (10, "event", None, "", "20240500", date(2034, 6, 1)),
        (10, "event", None, "", "20240000", date(2035, 1, 1)),
    ],
)
def test_each_class_counts_from_its_own_beginning(years, counts_from, year, filed_on, event_on, day):
    assert due(of(years, counts_from), year=year, filed_on=filed_on, event_on=event_on) == day


@given(st.dates(date(1950, 1, 1), date(2050, 12, 31)), st.integers(1, 100))
def test_nothing_is_due_before_its_years_are_over(begun, years):
    day = due(of(years, "event"), year=None, filed_on="", event_on=f"{begun:%Y%m%d}")
    assert day is not None and (day.year, day.month, day.day) >= (begun.year + years, begun.month, begun.day)
