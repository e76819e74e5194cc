"""Is it the right box?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain import labels
from edge.domain.label_check import FRAME_MAX_AGE_MS, Line, Printed, certain, judge, one_way_up, read_one

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
    assert verdict.ok == (read_one(texts, 0) == (RIGHT, "match", "code"))
    if verdict.ok:
        assert RIGHT in texts and OTHER not in texts


@pytest.mark.parametrize(
    ("texts", "printed", "why", "by"),
    [
        ([], Printed((RIGHT,)), "match", "print"),
        ([], Printed((OTHER,)), "wrong_box", "print"),
        (["6901234567892"], Printed((RIGHT,)), "match", "print"),
        ([], Printed((RIGHT, OTHER)), "several", ""),
        ([], Printed((RIGHT,), (OTHER,)), "print_unclear", ""),
        ([], Printed((), (RIGHT,)), "print_unclear", ""),
        ([], Printed(), "unreadable", ""),
        ([RIGHT], Printed(), "match", "code"),
        ([RIGHT], Printed((RIGHT,)), "match", "code"),
        ([RIGHT], Printed((OTHER,)), "print_names_another", ""),
        ([OTHER], Printed((RIGHT,)), "code_and_print_differ", ""),
        ([labels.make("I", 9)], Printed((RIGHT,)), "wrong_box", "code"),
    ],
)
def test_print_speaks_where_the_code_is_torn_and_never_against_it(texts, printed, why, by):
    verdict = judge(RIGHT, texts, 0, "look", printed)
    assert (verdict.ok, verdict.why, verdict.by) == (why == "match", why, by)


def test_a_right_code_under_another_boxs_print_asks_a_person_and_a_wrong_code_asks_nobody():
    assert judge(RIGHT, [RIGHT], 0, "look", Printed((OTHER,))).cannot_tell
    wrong = judge(RIGHT, [OTHER], 0, "look", Printed((RIGHT,)))
    assert (wrong.ok, wrong.cannot_tell, wrong.seen) == (False, False, OTHER)


def test_an_old_frame_is_no_evidence_whatever_is_printed_in_it():
    assert judge(RIGHT, [], FRAME_MAX_AGE_MS + 1, "look", Printed((RIGHT,))).why == "stale_frame"


def test_only_lines_that_both_networks_read_alike_and_surely_are_evidence():
    lines = [Line("0012", 0.95, True), Line("0013", 0.95, False), Line("0014", 0.6, True)]
    assert certain(lines) == ["0012"]


@pytest.mark.parametrize("worn", ["Bi-A-12-L-02-2-02", "J0o1", "全宗号 z109", "WS·2o24-Y-0012"])
def test_a_number_with_a_small_letter_where_a_digit_may_have_worn_off_is_no_evidence(worn):
    assert certain([Line(worn, 0.99, True)]) == []


@pytest.mark.parametrize("worn", ["全宗号243", "全宗號0012"])
def test_a_fonds_number_that_may_have_lost_its_letter_is_no_evidence(worn):
    assert certain([Line(worn, 0.99, True)]) == []


@pytest.mark.parametrize("worn", ["XQ69-114-231-034", "全宗号 J2B3", "ZO09-WS·2011-Y-0012"])
def test_a_fonds_number_with_a_letter_where_a_digit_may_have_worn_is_no_evidence(worn):
    assert certain([Line(worn, 0.99, True)]) == []


@pytest.mark.parametrize(
    "read",
    [
        "全宗号：0154",
        "全宗号 1080",
        "0068-RS·12·1996-063-079",
        "6091-001-002-003",
        "6091-WS·2011-Y-0012",
        "全宗号：R0.73",
        "P.296",
        "S28Q",
        "A127-ZP·141957-056-136",
    ],
)
def test_a_number_that_lost_its_letter_or_its_dot_or_got_one_is_no_evidence(read):
    assert certain([Line(read, 0.99, True)]) == []


@pytest.mark.parametrize(
    "read",
    ["0154", "盒号：0154", "Z109-WS·2011-D30-BGS-0001", "A127-ZP·14·1957-056-136", "全宗号：Z109", "J019-001-002-003"],
)
def test_a_number_as_it_is_printed_is_evidence(read):
    assert certain([Line(read, 0.99, True)]) == [read]


@pytest.mark.parametrize("flecked", ["G127-288-190-271", "全宗号 R009", "E243"])
def test_a_fonds_number_whose_letter_a_fleck_makes_of_another_is_no_evidence(flecked):
    assert certain([Line(flecked, 0.99, True)]) == []


@pytest.mark.parametrize(
    "printed", ["GB1270-2001", "C127-288-190-271", "X069-114-231-034", "KH0001-0012", "Z109-WS·2011-D30-BGS-0001"]
)
def test_a_letter_that_belongs_to_its_number_leaves_it_evidence(printed):
    assert certain([Line(printed, 0.99, True)]) == [printed]


@pytest.mark.parametrize("printed", ["全宗号J243", "全宗号 243", "全宗号：243", "盒号0012"])
def test_a_number_that_stands_whole_or_apart_from_its_word_is_evidence(printed):
    assert certain([Line(printed, 0.99, True)]) == [printed]


@pytest.mark.parametrize("printed", ["Box 12", "盒号 0012", "Box12", "B1-A-12-L-02-2-02", "No. 7", "e-mail 2024"])
def test_words_in_small_letters_beside_a_number_do_not_make_it_doubtful(printed):
    assert certain([Line(printed, 0.99, True)]) == [printed]


def test_numbers_that_are_digits_upside_down_need_a_letter_beside_them():
    assert one_way_up("Z109", "0601") and one_way_up("1", "0012")
    assert not one_way_up("9", "0601")
