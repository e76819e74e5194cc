"""The life of a loan."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.loans import FOLLOWS, OPEN, Loan, due_date, is_overdue, require_step
from edge.errors import RuleRefused


def loan(state: str, due: str = "") -> Loan:
    return Loan("l", "item", "i", None, "b", "B1-A-01-R-01-1-01", "p", state, due, "internal", 0, 0, "")


def test_the_straight_way_is_allowed_and_no_step_of_it_can_be_left_out():
    way = ["approved", "pulling", "verified", "handed_over", "returned", "confirmed", "reshelved"]
    for before, after in itertools.pairwise(way):
        require_step(loan(before), after)
    for before, after in zip(way, way[2:], strict=False):
        with pytest.raises(RuleRefused, match="loan_state"):
            require_step(loan(before), after)


@given(st.lists(st.sampled_from(sorted(FOLLOWS)), max_size=30))
def test_nothing_is_handed_over_unverified_and_an_ended_loan_stays_ended(wanted):
    state, seen = "approved", ["approved"]
    for following in wanted:
        try:
            require_step(loan(state), following)
        except RuleRefused:
            continue
        state = following
        seen.append(state)
    if "handed_over" in seen:
        assert seen[seen.index("handed_over") - 1] == "verified"
        assert "cancelled" not in seen, "what was handed over must come back"
    for ended in set(FOLLOWS) - set(OPEN):
        if ended in seen:
            assert seen[-1] == ended


def test_the_due_date_counts_days_of_the_site_not_of_greenwich():
    late_evening_utc_ms = 1_795_305_600_000 + 17 * 3_600_000  # 2026-11-22 17:00 UTC is the 23rd in Shanghai
    assert due_date(late_evening_utc_ms, "Asia/Shanghai", "item") == "2026-12-08"
    assert due_date(late_evening_utc_ms, "Europe/London", "item") == "2026-12-07"


def test_a_loan_is_overdue_the_day_after_its_last_day():
    assert not is_overdue(loan("handed_over", "2026-12-08"), "2026-12-08")
    assert is_overdue(loan("handed_over", "2026-12-08"), "2026-12-09")
    assert not is_overdue(loan("returned", "2026-12-08"), "2026-12-09")
