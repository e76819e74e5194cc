"""Lines of registers and labels."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.line_breaks import wrap


def width(text: str) -> float:
    return sum(1.0 if ord(letter) < 0x2E80 else 2.0 for letter in text)


def test_hanzi_break_anywhere_and_numbers_stay_whole():
    assert wrap("关于房屋修缮的请示 Z109-WS·2011-Y-0001", 20, width) == ["关于房屋修缮的请示", "Z109-WS·2011-Y-0001"]


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one():
    assert wrap("印发《通知》的函", 6, width) == ["印发", "《通", "知》的", "函"]
    assert wrap("请示，报告", 4, width) == ["请", "示，", "报告"]


def test_a_number_longer_than_the_line_is_cut():
    assert wrap("A" * 25, 10, width) == ["A" * 10, "A" * 10, "A" * 5]
    assert wrap("Z109-WS·2011-Y-BGS-0001", 12, width) == ["Z109-", "WS·2011-Y-", "BGS-0001"]


def test_nothing_is_one_empty_line():
    assert wrap("", 10, width) == wrap(" \n ", 10, width) == [""]


@settings(max_examples=60)
@given(st.text(alphabet="会计凭证《》，。（）A1-· \n", max_size=60), st.integers(4, 30))
def test_every_character_is_printed_once_and_no_line_is_too_wide(text: str, room: int):
    lines = wrap(text, room, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room for line in lines)
