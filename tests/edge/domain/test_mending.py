"""Doubtful lines helped by what is known: look-alike signs only, one fit only, and digits stay what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain import mending
from edge.domain.mending import Mended, mend

NUMBERS = ("Z109-WS·2011-Y-BGS-0001", "Z109-WS·2011-Y-BGS-0010", "J019-KU·01·2017-001-001")
WORDS = ("临江市住房和城乡建设局", "屋面渗漏修缮", "市档案馆")


def known(numbers=NUMBERS, words=WORDS, corrections=()):
    return mending.known(numbers, words, mending.alike(mending.learned(corrections)), 2026)


@pytest.mark.parametrize(
    ("read", "written", "why"),
    [
        ("档号 Z1O9-WS·2O11-Y-BGS-OOO1", "档号 Z109-WS·2011-Y-BGS-0001", "number"),
        ("Zl09-W5-201l-Y-8GS-00l0", "Z109-WS·2011-Y-BGS-0010", "number"),
        ("临江巿住房和城乡建设局文件", "临江市住房和城乡建设局文件", "word"),
        ("关于屋面渗漓修缮的请示", "关于屋面渗漏修缮的请示", "word"),
        ("Z109-WS-2011-Y-BGS-0001", "Z109-WS-2011-Y-BGS-0001", ""),  # a known number in another writing
        ("Z109-WS·2011-Y-BGS-0002", "Z109-WS·2011-Y-BGS-0002", ""),  # nobody knows it: left as read
        ("电话 0571-8890123", "电话 0571-8890123", ""),
        ("水泵房", "水泵房", ""),
        ("二一一年五月三日", "二〇一一年五月三日", "year"),
        ("二一一年屋面渗漓修缮", "二〇一一年屋面渗漏修缮", "word"),
    ],
)
def test_what_looks_alike_becomes_what_is_known(read, written, why):
    assert mend(read, known()) == Mended(written, why)


def test_two_known_things_that_fit_are_no_reason_to_choose_one():
    both = known(words=("市档案馆", "巿档案馆"))
    assert mend("市档案馆", both) == Mended("市档案馆", "")
    assert mend("市栏案馆", both) == Mended("市栏案馆", "")


def test_what_people_exchanged_twice_is_learned_and_digits_teach_nothing_of_digits():
    said = [("河遭整治", "河道整治"), ("改遭工程", "改道工程"), ("第17号", "第71号"), ("第17号", "第71号")]
    assert mend("临江河遭整治", known(words=("河道整治",), corrections=said)).text == "临江河道整治"
    assert mend("临江河遭整治", known(words=("河道整治",), corrections=said[:1])).text == "临江河遭整治"
    assert mend("A001-71-001", known(numbers=("A001-17-001",), corrections=said)).text == "A001-71-001"


@given(
    st.lists(
        st.tuples(
            st.text("0123456789OlSB遭道", min_size=1, max_size=6), st.text("0123456789OlSB遭道", min_size=1, max_size=6)
        ),
        max_size=12,
    )
)
def test_whatever_people_corrected_no_two_digits_ever_stand_for_one_another(corrections):
    table = mending.alike(mending.learned([*corrections, *corrections]))
    stands = [table.get(digit, digit) for digit in "0123456789"]
    assert len(set(stands)) == 10


@given(st.text(st.sampled_from("0123456789OolISB-·.ZWGYb临江市巿"), max_size=30))
def test_no_digit_that_was_read_is_ever_changed_into_another(text):
    mended = mend(text, known()).text
    assert len(mended) == len(text)
    assert all(one == other for one, other in zip(text, mended, strict=True) if one.isdigit() and other.isdigit())
