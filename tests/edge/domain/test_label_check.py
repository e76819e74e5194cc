"""Is it the right box?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain import labels
from edge.domain.label_check import FRAME_MAX_AGE_MS, judge, read_one

RIGHT, OTHER = labels.make("B", 1), labels.make("B", 2)


def test_the_right_label_fits_in_any_writing_and_beside_foreign_codes():
    assert judge(RIGHT, [RIGHT.lower(), "6901234567892"], 100, "look").ok
    assert judge(RIGHT, [RIGHT, RIGHT], 100, "look").ok, "one label read twice is one label"


@pytest.mark.parametrize(
    ("texts", "age_ms", "why"),
    [
        ([OTHER], 0, "wrong_box"),
        ([RIGHT, OTHER], 0, "several"),
        ([], 0, "unreadable"),
        (["SR1:B000"], 0, "foreign_code"),
        ([labels.make("S", 1)], 0, "foreign_code"),
        ([RIGHT], FRAME_MAX_AGE_MS + 1, "stale_frame"),
    ],
)
def test_anything_else_is_refused_and_says_why(texts, age_ms, why):
    verdict = judge(RIGHT, texts, age_ms, "look")
    assert (verdict.ok, verdict.why) == (False, why)


@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from([RIGHT, OTHER, labels.make("I", 9)])), max_size=5))
def test_no_mixture_of_codes_is_right_unless_the_right_label_is_the_only_one(texts):
    verdict = judge(RIGHT, texts, 0, "look")
    assert verdict.ok == (read_one(texts, 0) == (RIGHT, "match"))
    if verdict.ok:
        assert RIGHT in texts and OTHER not in texts
