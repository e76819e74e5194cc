"""What printed lines name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain import archive_numbers, labels
from edge.domain.printed import box_numbers, fonds_numbers, named


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("档号：Z109-WS·2011-Y-BGS-0001", "Z109-WS·2011-Y-BGS-0001"),
        ("Z109 — WS • 2011·Y·BGS－0001 共3页", "Z109-WS·2011·Y·BGS-0001"),
        ("J019-KU·01·2017-001-001", "J019-KU·01·2017-001-001"),
        ("C038-001-002-003", "C038-001-002-003"),
        ("KH0001 案", "KH0001"),
    ],
)
def test_archive_numbers_of_every_generation_are_picked_out(line, written):
    (number,) = named([line]).archive_numbers
    assert number.key == archive_numbers.parse(written).key


def test_a_lost_dot_is_mended_only_where_the_grammar_leaves_no_other_reading_and_says_so():
    (mended,) = named(["Z109-WS-2011-Y-BGS-0001"]).archive_numbers
    assert mended.key == archive_numbers.parse("Z109-WS·2011-Y-BGS-0001").key and "number_dot_added" in mended.mended
    (other,) = named(["Z109-WS-2011-0012"]).archive_numbers
    assert (other.year, other.file_no) == (None, 2011), "a file may have this number: it stays as printed"


@pytest.mark.parametrize("line", ["电话 010-62345678", "2011-03-04", "第3条 14-24 度", "ISBN 978-7-301", "—0.5"])
def test_telephones_dates_and_ranges_are_no_archive_numbers(line):
    assert named([line]).archive_numbers == ()


def test_slots_labels_and_boxes():
    box = labels.make("B", 77)
    found = named(["位 B1-A-03-R-02-4-07", f"{box} 0012", "盒号：0012", "第 7 盒", "B1-A-03-R-00-4-07"])
    assert found.slots == ("B1-A-03-R-02-4-07",)
    assert found.labels == (box,)
    assert found.boxes == ("0012", "7")
    broken = box[:-1] + ("0" if box[-1] != "0" else "1")
    assert named([broken]).labels == (), "its check character does not fit"


def test_a_box_number_stands_alone_or_beside_its_word_and_a_bare_year_is_none():
    assert box_numbers(["0012", "盒号 0013", "2011", "盒号 2011", "共3页", "A001 市局"]) == ["0012", "0013", "2011"]
    assert fonds_numbers(["A001市局", "Z109 0012"]) == ["A001", "Z109", "0012"]


def test_the_word_for_box_may_stand_in_the_line_before_and_a_year_may_have_lost_its_blank():
    assert box_numbers(["全宗号", "J019", "盒号：", "1980", "1981"]) == ["J019", "1980"]
    assert fonds_numbers(["全宗号J0191988年", "1988年 Z109"]) == ["J019", "Z109"]


@given(st.lists(st.text(max_size=40), max_size=4))
def test_no_text_makes_the_grammars_fail(lines):
    found = named(lines)
    assert all(number.rule != "foreign" for number in found.archive_numbers)
    box_numbers(lines)
    fonds_numbers(lines)
