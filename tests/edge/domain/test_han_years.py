"""Years in signs: what a reader dropped is put back where one year comes of it, asked about where not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain import han_years

THIS_YEAR = 2026
SIGNS = "〇一二三四五六七八九"


def written(year: int) -> str:
    return "".join(SIGNS[int(digit)] for digit in str(year))


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("二一一年五月三日", "二〇一一年五月三日"),
        ("成文日期：二二三年十二月", "成文日期：二〇二三年十二月"),
        ("临江市二〇九年财务决算", "临江市二〇〇九年财务决算"),
        ("二OO九年八月", "二〇〇九年八月"),
        ("二〇O四年", "二〇〇四年"),
        ("二○一○年至二一二年", "二〇一〇年至二〇一二年"),
    ],
)
def test_a_year_that_lost_its_ring_gets_it_back_where_only_one_year_comes_of_it(read, meant):
    assert han_years.whole(read, THIS_YEAR) == meant
    assert not han_years.lacking(meant, THIS_YEAR)


@pytest.mark.parametrize("read", ["二〇一年三月", "一九八年", "一九七年", "二一年财务决算", "二O年"])
def test_where_no_year_or_two_fit_a_person_is_asked_and_nothing_is_put_right(read):
    assert han_years.lacking(read, THIS_YEAR)
    assert han_years.whole(read, THIS_YEAR) == read


@pytest.mark.parametrize(
    "read",
    [
        "二〇一一年",
        "民国一〇三年",
        "一一五年度",
        "第二一一年",
        "一千二百五十年",
        "二百五十年",
        "2011年",
        "三年",
        "九八年",
        "民国二一年",
        "民國二九年",
        "二零一一年",
        "二零三年",
        "二一一号",
        "一二三四年",
    ],
)
def test_what_may_be_a_year_or_is_none_stays_as_it_was_read(read):
    assert not han_years.lacking(read, THIS_YEAR)
    assert han_years.whole(read, THIS_YEAR) == read


@given(st.integers(1900, THIS_YEAR))
def test_a_whole_year_is_never_changed(year):
    line = f"经{written(year)}年会议通过"
    assert han_years.whole(line, THIS_YEAR) == line


@given(st.integers(1900, THIS_YEAR).filter(lambda year: "0" in str(year)), st.data())
def test_a_year_without_one_of_its_rings_becomes_itself_or_waits_for_a_person(year, data):
    signs = written(year)
    lost = data.draw(st.sampled_from([at for at, sign in enumerate(signs) if sign == "〇"]))
    read = f"{signs[:lost]}{signs[lost + 1 :]}年"
    assert han_years.lacking(read, THIS_YEAR)
    assert han_years.whole(read, THIS_YEAR) in (f"{signs}年", read)
